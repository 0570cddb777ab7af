// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// What supervision needs to know of an agent.
struct SupervisedAgent: Sendable, Hashable {
    /// The agent.
    let name: AgentName
    /// Whether trading has to stop when the agent is out of service.
    let guardsMoney: Bool

    init(_ name: AgentName, guardsMoney: Bool) {
        self.name = name
        self.guardsMoney = guardsMoney
    }

    init(_ agent: AgentConfiguration) {
        self.init(agent.name, guardsMoney: agent.role.usesGateway)
    }
}
