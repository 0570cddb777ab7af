// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What the commit behind a rescue ref says of itself.
public struct RescueNote: Hashable, Sendable {
    /// Whose work was saved.
    public let agent: String
    /// Why it was saved, as one clause.
    public let reason: String
    /// The commit that was the head then; nil before a branch's first.
    public let head: ObjectID?

    /// Makes a note.
    public init(agent: String, reason: String, head: ObjectID?) {
        self.agent = agent
        self.reason = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.head = head
    }

    /// Reads the note of a commit; nil when it carries none.
    public init?(_ commit: Commit) {
        guard let agent = commit.values(of: "Rescued").first,
            let reason = commit.values(of: "Reason").first
        else { return nil }
        let head = commit.values(of: "Head").first.flatMap { ObjectID(hex: $0) }
        self.init(agent: agent, reason: reason, head: head)
    }

    /// The message of the commit.
    public var message: String {
        let head = head.map { "Head: \($0)\n" } ?? ""
        return "Rescue of \(agent): \(reason)\n\nRescued: \(agent)\nReason: \(reason)\n\(head)"
    }
}

extension Signature {
    /// The author of commits that save somebody's work.
    public static func rescue(seconds: Int64) -> Signature {
        Signature(name: "Loopdesk rescue", email: "rescue@loopdesk.invalid", seconds: seconds)
    }
}
