// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Processes

/// One attempt at the turns of a round: requests go out one after another, then all answers are
/// awaited at once.
struct RoundExchange {
    private let surroundings: Surroundings
    private var turns: [RunningTurn] = []
    private var deadlines: [MonotonicInstant] = []

    init(surroundings: Surroundings) {
        self.surroundings = surroundings
    }

    /// Adds a turn that has begun.
    mutating func add(_ turn: RunningTurn, until deadline: MonotonicInstant) {
        turns.append(turn)
        deadlines.append(deadline)
    }

    /// Waits until every turn has a result.
    mutating func finish() throws -> [Result<TurnOutcome, TurnFailure>] {
        while true {
            let waiting = turns.indices.filter { turns[$0].result == nil }
            guard !waiting.isEmpty else { break }
            let events = try ChildGroup.wait(
                for: waiting.compactMap { turns[$0].process.child },
                until: waiting.map { deadlines[$0] }.min() ?? .distantFuture,
                clock: surroundings.clock,
                wake: surroundings.wake
            )
            for event in events { try take(event, waiting) }
        }
        for turn in turns { surroundings.logger.note(turn.swept, of: turn.plan.name) }
        return turns.compactMap(\.result)
    }

    private mutating func take(_ event: ChildEvent, _ waiting: [Int]) throws {
        switch event {
        case .line(let index, _), .closedOutput(let index), .exited(let index, _),
            .failed(let index, _):
            turns[waiting[index]].take(event)
        case .interrupted: throw SupervisorError(.interrupted, "stopped by a signal")
        case .timedOut:
            let now = surroundings.clock.now()
            for index in waiting where deadlines[index] <= now { turns[index].take(event) }
        }
    }
}
