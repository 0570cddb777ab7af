// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why an agent did not get what it asked its supervisor for.
public struct RequestFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind, one word such as `overBudget`.
    public let code: String
    /// The reason, as one clause.
    public let reason: String

    /// Bundles a failure.
    public init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}
