// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// One wanted move of a reference, which happens only if it still has the expected value.
public struct RefUpdate: Hashable, Sendable {
    /// The full name, such as `refs/heads/agents/risk`.
    public let reference: String
    /// The commit that it shall stand for.
    public let target: ObjectID
    /// The commit that it must stand for now; nil when it must not exist.
    public let expected: ObjectID?
    /// The line for the reflog; nil writes none.
    public let message: String?

    /// Describes a move.
    public init(
        reference: String,
        to target: ObjectID,
        expecting expected: ObjectID?,
        message: String? = nil
    ) {
        self.reference = reference
        self.target = target
        self.expected = expected
        self.message = message
    }
}
