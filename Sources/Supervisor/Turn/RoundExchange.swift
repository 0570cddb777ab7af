// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// One attempt at the turns of a round: requests go out one after another, then all answers are
/// awaited at once.
struct RoundExchange {
    private let surroundings: Surroundings
    private let wakes: WakeSet?
    private var turns: [RunningTurn] = []

    /// Prepares an attempt.
    /// - Parameters:
    ///   - surroundings: Time, and what agents may ask for.
    ///   - wakes: What is listened to beside the agents; nil for what asks to stop alone.
    init(surroundings: Surroundings, wakes: WakeSet?) {
        self.surroundings = surroundings
        self.wakes = wakes
    }

    /// Adds a turn that has begun.
    mutating func add(_ turn: RunningTurn) {
        turns.append(turn)
    }

    /// Waits until every turn has a result.
    mutating func finish() throws -> [Result<TurnOutcome, TurnFailure>] {
        while true {
            let waiting = turns.indices.filter { turns[$0].result == nil }
            guard let deadline = waiting.map({ turns[$0].deadline }).min() else { break }
            let events = try ChildGroup.wait(
                for: waiting.compactMap { turns[$0].process.child },
                until: deadline,
                clock: surroundings.clock,
                wake: wakes?.descriptor ?? surroundings.wake
            )
            for event in events { try take(event, waiting) }
            if let obstacle = turns.compactMap(\.obstacle).first { throw obstacle }
        }
        for turn in turns { surroundings.logger.note(turn.swept, of: turn.plan.name) }
        return turns.compactMap(\.result)
    }

    private mutating func take(_ event: ChildEvent, _ waiting: [Int]) throws {
        switch event {
        case .line(let index, _), .closedOutput(let index), .exited(let index, _),
            .failed(let index, _):
            turns[waiting[index]].take(event)
        case .interrupted: try takeWake()
        case .timedOut:
            let now = surroundings.clock.now()
            for index in waiting where turns[index].deadline <= now { turns[index].take(event) }
        }
    }

    /// Hands over what calls have come to, and finds out whether somebody asks to stop.
    private mutating func takeWake() throws {
        for finished in surroundings.services?.takeFinished() ?? [] {
            guard let index = turns.firstIndex(where: { $0.ticket == finished.ticket }) else {
                continue
            }
            turns[index].take(finished.record)
        }
        let isInterrupted = try Pause.wait(
            until: surroundings.clock.now(),
            clock: surroundings.clock,
            wake: surroundings.wake
        )
        if isInterrupted { throw SupervisorError(.interrupted, "stopped by a signal") }
    }
}
