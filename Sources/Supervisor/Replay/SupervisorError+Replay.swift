// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk

extension SupervisorError {
    static func noBar(at time: Instant) -> SupervisorError {
        SupervisorError(
            .inconsistent,
            "history ends at \(time), where the market feed has no bar",
            hint: "undo the change of the feed or of orchestrator.yml, or start over with --fresh"
        )
    }

    static func restless(at time: Instant, _ due: [AgentName]) -> SupervisorError {
        let names = due.map(\.description).joined(separator: ", ")
        return SupervisorError(
            .limit,
            "the desk does not become quiet at \(time): after \(Replay.roundLimit) rounds mail"
                + " still waits for \(names)",
            hint: "look for agents that answer each other without end"
        )
    }

    static func misfit(at time: Instant, _ finished: [FinishedTurn]) -> SupervisorError {
        let turns = finished.map { "\($0.agent) turn \($0.record.turn)" }.sorted()
        return SupervisorError(
            .inconsistent,
            "history at \(time) has turns that this configuration would not run:"
                + " \(turns.joined(separator: ", "))",
            hint: "undo the change of orchestrator.yml, or start over with --fresh"
        )
    }
}
