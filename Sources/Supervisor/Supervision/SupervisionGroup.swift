// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Agents that are started again together, in the order in which they are started.
typealias SupervisionGroup = SupervisionConfiguration.Group

extension SupervisionGroup {
    /// The members that are stopped and started again when one of them fails, in starting order.
    func members(hitBy agent: AgentName) -> [AgentName] {
        switch strategy {
        case .oneForOne: [agent]
        case .oneForAll: agents
        case .restForOne: Array(agents.drop { $0 != agent })
        }
    }
}
