// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A turn that cannot be done, with the reason.
public struct AgentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason, as one clause.
    public let description: String

    /// Creates an error.
    public init(_ reason: String) {
        description = reason
    }
}
