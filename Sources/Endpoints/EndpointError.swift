// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An endpoint that cannot be opened, with what to do about it.
public struct EndpointError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller can act on.
    public enum Code: Sendable, Hashable {
        /// The text is no address of the form `host:port`.
        case invalidAddress
        /// The address belongs to another program, or the user may not listen there.
        case cannotListen
    }

    /// The kind of failure.
    public let code: Code
    /// The address.
    public let address: String
    /// What is wrong and what to do, as one clause.
    public let reason: String

    /// What failed, where and why.
    public var description: String { "cannot listen on \(address): \(reason)" }
}
