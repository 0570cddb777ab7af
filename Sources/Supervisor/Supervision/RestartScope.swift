// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Whose restarts are counted together.
enum RestartScope: Sendable, Hashable, Comparable {
    /// Those of one agent.
    case agent(AgentName)
    /// Those of a group whose members fall together.
    case group(String)
}
