// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk
import Logging

extension Logger {
    /// Reports what was made harmless in an agent's worktree.
    func note(_ findings: [SweepFinding], of agent: AgentName) {
        for finding in findings {
            warning(
                "swept a worktree",
                metadata: ["agent": "\(agent)", "found": "\(finding)"]
            )
        }
    }
}
