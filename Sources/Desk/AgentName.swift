// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The name of an agent, which names its folder, its worktree and its branch `agents/<name>`.
public struct AgentName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name itself.
    public let description: String

    /// What a name may look like, for messages.
    public static let form = "1 to 32 characters of a-z, 0-9 and '-', beginning with a letter"

    /// Checks a name; nil when it does not have the ``form``.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...32).contains(bytes.count), (0x61...0x7A).contains(bytes[0]) else { return nil }
        let isAllowed = bytes.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
        }
        guard isAllowed, bytes.last != 0x2D else { return nil }
        description = text
    }

    /// The agent's branch, without `refs/heads/`.
    public var branch: String { "agents/\(description)" }

    /// The full name of the agent's branch.
    public var reference: String { "refs/heads/agents/\(description)" }

    /// The agent's folder in the repository.
    public var folder: String { "agents/\(description)" }

    /// Orders names by their bytes.
    public static func < (left: AgentName, right: AgentName) -> Bool {
        left.description < right.description
    }
}
