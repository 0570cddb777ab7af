// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Git

/// How a desk found the branches of its agents at its start, after it has settled what somebody did
/// to them while it was down.
struct BranchRecovery {
    /// What was found and done; empty when nobody interfered.
    var reports: [OwnerReport] = []
    /// Where the branches stand; agents that never had one are missing.
    var heads: [AgentName: ObjectID] = [:]
    /// The numbers that no further turn may have, because turns that were saved aside have them.
    var floors: [AgentName: Int] = [:]
    /// The turns that a replay makes again, because somebody took them off: commits by number.
    var expected: [AgentName: [Int: ObjectID]] = [:]

    /// Names of rescue refs that were made.
    var rescued: [String] { reports.compactMap(\.rescue) }
}
