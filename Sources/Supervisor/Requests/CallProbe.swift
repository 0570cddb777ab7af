// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
package import Desk
package import Processes

/// Takes requests through everything that serves an agent in a turn, without the agent; for
/// measurements.
package final class CallProbe {
    private let calls: TurnCalls
    private let services: AgentServices
    private let clock: any MonotonicClock

    /// Begins a turn of an agent.
    package init(
        _ services: AgentServices,
        agent: AgentConfiguration,
        turn: Int,
        clock: any MonotonicClock
    ) {
        self.services = services
        self.clock = clock
        let plan = TurnPlan(
            agent: agent,
            turn: turn,
            time: .init(secondsSinceEpoch: 0),
            round: 1,
            triggers: [],
            inbox: [],
            frontiers: [],
            data: nil,
            newSkills: []
        )
        calls = TurnCalls(plan, services)
    }

    /// The line that answers one of an agent's; nil when it asks for nothing.
    package func answer(_ line: [UInt8]) throws -> [UInt8]? {
        guard let request = try ChildRequest(line) else { return nil }
        if let answer = try calls.take(request) { return answer }
        while true {
            _ = try Pause.wait(
                until: clock.deadline(in: calls.patience),
                clock: clock,
                wake: services.descriptor
            )
            for finished in services.takeFinished() where finished.ticket == calls.ticket {
                return try calls.take(finished.record)
            }
        }
    }
}
