// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// What has to be done after an agent failed.
enum SupervisionDecision: Sendable, Hashable {
    /// These agents are stopped, the last one first, and started again in this order after a wait.
    case restart([AgentName], after: Duration)
    /// These agents are stopped, the last one first, and not started again.
    ///
    /// With `haltTrading` one of them guards money, and the gateway has to be told to stop.
    case quarantine([AgentName], haltTrading: Bool, reason: String)
    /// Nothing: the agent is out of service already.
    case leave
}
