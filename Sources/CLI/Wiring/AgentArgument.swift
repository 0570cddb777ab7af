// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Desk

/// Names of agents as they stand on a command line.
enum AgentArgument {
    /// Reads a name, of an agent that need not be on the desk any more.
    static func name(_ text: String) throws(Failure) -> AgentName {
        guard let name = AgentName(text) else {
            throw Failure("'\(text)' is no agent's name: \(AgentName.form)", .notFound)
        }
        return name
    }
}
