// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A way out that cannot be opened.
public struct EgressError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// The socket that was handed over does not work as a listener.
        case cannotListen
        /// A route's secret was not given, or cannot stand in a header.
        case noSecret
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and what to do, as one clause without any secret.
    public let reason: String

    /// The failure as one clause.
    public var description: String { "cannot open the way out: \(reason)" }
}
