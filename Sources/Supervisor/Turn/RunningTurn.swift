// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Processes

/// One attempt at a turn, from the request to what came of it.
struct RunningTurn {
    let plan: TurnPlan
    let process: AgentProcess
    private let inspector: TurnInspector
    private let folder: TurnFolder
    private let calls: TurnCalls
    private let clock: any MonotonicClock
    /// When it is given up; later while something that it has asked for is under way.
    private(set) var deadline: MonotonicInstant
    /// What is left of its own time meanwhile.
    private var remaining: Duration = .zero
    /// Why the whole desk has to stop here.
    private(set) var obstacle: SupervisorError?
    /// What came of it, once that is known.
    private(set) var result: Result<TurnOutcome, TurnFailure>?
    /// What it says that it has cost.
    private var spending: TurnSpending?
    /// What was made harmless in the worktree after it.
    private(set) var swept: [SweepFinding] = []

    /// Delivers the inbox and sends the request; a failure becomes the result.
    /// - Throws: Only what is not the turn's own trouble, such as an interrupt, a dead gateway or a
    ///   full disk.
    init(
        _ plan: TurnPlan,
        _ process: AgentProcess,
        inspector: TurnInspector,
        services: AgentServices? = nil,
        clock: any MonotonicClock,
        until deadline: MonotonicInstant,
        start: () throws -> Void
    ) throws {
        self.clock = clock
        self.deadline = deadline
        calls = TurnCalls(plan, services)
        self.plan = plan
        self.process = process
        self.inspector = inspector
        folder = inspector.folder(of: plan.agent)
        try folder.deliver(plan)
        do {
            try start()
        } catch let error as ProcessError {
            // A process that closed its input is about to end, and its end says more. Whether it is
            // noticed here or there is chance, and the reason must not depend on that.
            if error.code != .inputClosed || process.child == nil {
                fail(failure(of: error))
            }
        }
    }

    /// Takes in what the process did.
    mutating func take(_ event: ChildEvent) {
        switch event {
        case .line(_, let line): take(line)
        case .closedOutput:
            // The end of the process follows and says more; if it lives on, the deadline speaks.
            break
        case .exited(_, let status):
            let killed = status == .signalled(number: 9)
            fail(TurnFailure("the process ended: \(status)", isForeign: killed))
        case .failed(_, let error): fail(failure(of: error))
        case .timedOut: fail(TurnFailure("no answer within the time allowed"))
        case .interrupted: break
        }
    }

    /// Gives the turn up, unless it has come to something already.
    mutating func fail(_ failure: TurnFailure) {
        guard result == nil else { return }
        var failure = failure
        failure.tape = calls.tape
        failure.spending = spending
        if failure.isForeign { calls.close() } else { calls.forget() }
        result = .failure(failure.fit(for: inspector.secrets))
    }

    /// The number of the call that it waits for.
    var ticket: Int? { calls.ticket }

    /// Takes in what the call has come to that it waits for, as it does until it has ended.
    mutating func take(_ record: CallRecord) {
        deadline = clock.deadline(in: max(remaining, .seconds(1)))
        let calls = calls
        reply { try calls.take(record) }
    }

    /// Answers something that was asked for.
    private mutating func reply(_ line: () throws -> [UInt8]?) {
        do {
            guard let line = try line() else {
                remaining = .nanoseconds(max(0, deadline.nanoseconds - clock.now().nanoseconds))
                deadline = clock.deadline(in: calls.patience)
                return
            }
            try process.child?.send(line: line, until: deadline)
        } catch let error as SupervisorError {
            obstacle = error
            fail(TurnFailure(error.description, isForeign: true))
        } catch let error as ProcessError {
            // As for the start: the end of the process says more.
            if error.code != .inputClosed || process.child == nil { fail(failure(of: error)) }
        } catch {
            fail(TurnFailure("\(error)", isForeign: true))
        }
    }

    private mutating func take(_ line: [UInt8]) {
        guard result == nil else { return }
        do {
            if let request = try ChildRequest(line) {
                let calls = calls
                reply { try calls.take(request) }
                return
            }
            guard let answer = try process.read(answer: line) else { return }
            spending = answer.story.spending
            if let reason = answer.failure { return fail(TurnFailure(reason)) }
            let harvest = try folder.harvest()
            try folder.requireNoSecret(in: answer.story)
            swept = inspector.sweep(plan.agent, hasUnfinished: harvest.hasUnfinished)
            var resolved = try plan.blind?.resolve(harvest) ?? harvest
            resolved.tape = calls.tape
            calls.close()
            result = .success(.finished(resolved, answer.story))
        } catch let unserved as ChildRequest.Unserved {
            reply { TurnContract.refusal(id: unserved.id, unserved.failure) }
        } catch let refusal as TurnFolder.Refusal {
            fail(inspector.keep(refusal, of: plan))
        } catch {
            fail(TurnFailure("\(error)"))
        }
    }

    private func failure(of error: ProcessError) -> TurnFailure {
        let killed = process.child?.exitStatus == .signalled(number: 9)
        // A process number differs each time, so it must not get into a commit.
        let number = process.child.map { " (\($0.processID))" } ?? ""
        return TurnFailure("\(error)".replacing(number, with: ""), isForeign: killed)
    }
}
