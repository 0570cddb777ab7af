// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Agents that are started again together, in the order in which they are started.
struct SupervisionGroup: Sendable, Hashable {
    /// The name under `supervision.groups`.
    let name: String
    /// The members, in the order in which they start; an agent is in one group at most.
    let agents: [AgentName]
    /// What the failure of one means for the others.
    let strategy: RestartStrategy

    /// The members that are stopped and started again when one of them fails, in starting order.
    func members(hitBy agent: AgentName) -> [AgentName] {
        switch strategy {
        case .oneForOne: [agent]
        case .oneForAll: agents
        case .restForOne: Array(agents.drop { $0 != agent })
        }
    }
}
