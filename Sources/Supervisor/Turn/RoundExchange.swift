// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// One attempt at the turns of a round: requests go out one after another, then all answers are
/// awaited at once.
struct RoundExchange {
    private let deadline: MonotonicInstant
    private let surroundings: Surroundings
    private var slots: [Slot] = []

    private struct Slot {
        let process: AgentProcess
        let folder: TurnFolder
        var result: Result<TurnOutcome, TurnFailure>?
    }

    init(deadline: MonotonicInstant, surroundings: Surroundings) {
        self.deadline = deadline
        self.surroundings = surroundings
    }

    /// Delivers the inbox and sends the request; a failure becomes the turn's result.
    /// - Throws: Only what ends the whole desk: an interrupt, a dead gateway, a full disk.
    mutating func add(
        _ plan: TurnPlan,
        _ process: AgentProcess,
        folder: TurnFolder,
        start: () throws -> Void
    ) throws {
        var slot = Slot(process: process, folder: folder)
        try folder.deliver(plan)
        do {
            try start()
        } catch let error as ProcessError {
            // A process that closed its input is about to end, and its end says more. Whether it is
            // noticed here or there is chance, and the reason must not depend on that.
            if error.code != .inputClosed || process.child == nil {
                slot.result = .failure(Self.failure(error, of: process))
            }
        }
        slots.append(slot)
    }

    /// Waits until every turn has a result.
    mutating func finish() throws -> [Result<TurnOutcome, TurnFailure>] {
        while true {
            let waiting = slots.indices.filter { slots[$0].result == nil }
            guard !waiting.isEmpty else { break }
            let children = waiting.compactMap { slots[$0].process.child }
            let events = try ChildGroup.wait(
                for: children,
                until: deadline,
                clock: surroundings.clock,
                wake: surroundings.wake
            )
            for event in events { try take(event, waiting) }
        }
        return slots.compactMap(\.result)
    }

    private mutating func take(_ event: ChildEvent, _ waiting: [Int]) throws {
        switch event {
        case .line(let index, let line): take(line, waiting[index])
        case .closedOutput:
            // The end of the process follows and says more; if it lives on, the deadline speaks.
            break
        case .exited(let index, let status):
            let killed = status == .signalled(number: 9)
            fail(waiting[index], TurnFailure("the process ended: \(status)", isForeign: killed))
        case .failed(let index, let error):
            fail(waiting[index], Self.failure(error, of: slots[waiting[index]].process))
        case .interrupted: throw SupervisorError(.interrupted, "stopped by a signal")
        case .timedOut:
            for index in waiting {
                fail(index, TurnFailure("no answer within the time allowed"))
            }
        }
    }

    private mutating func take(_ line: [UInt8], _ index: Int) {
        guard slots[index].result == nil else { return }
        do {
            guard let story = try slots[index].process.read(answer: line) else { return }
            slots[index].result = .success(
                .finished(try slots[index].folder.harvest(), story)
            )
        } catch {
            fail(index, TurnFailure("\(error)"))
        }
    }

    private mutating func fail(_ index: Int, _ failure: TurnFailure) {
        guard slots[index].result == nil else { return }
        slots[index].result = .failure(failure)
    }

    private static func failure(_ error: ProcessError, of process: AgentProcess) -> TurnFailure {
        let killed = process.child?.exitStatus == .signalled(number: 9)
        // A process number differs each time, so it must not get into a commit.
        let number = process.child.map { " (\($0.processID))" } ?? ""
        return TurnFailure("\(error)".replacing(number, with: ""), isForeign: killed)
    }
}
