// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a request got no reply, or no whole one.
///
/// A reply with an error status is a reply. `description` is one lowercase clause and names host
/// and path, never headers, bodies or a query.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Code: String, Sendable {
        /// Method, address or a header is not well formed, or plain text was asked for without
        /// allowing it.
        case invalidRequest
        /// The host's name leads to an address that the request does not allow.
        case addressRefused
        /// The host's name is not known.
        case cannotResolve
        /// Nobody listens there.
        case cannotConnect
        /// TLS failed: no or a wrong certificate, or no TLS on the other side.
        case insecure
        /// No connection in time, waiting for a turn included.
        case connectTimedOut
        /// The connection stands and the reply did not begin in time.
        case firstByteTimedOut
        /// The reply began and nothing more came in time.
        case idleTimedOut
        /// All together took too long.
        case totalTimedOut
        /// The connection ended before the reply did.
        case disconnected
        /// What came is no HTTP.
        case malformedReply
        /// Head or body is larger than the request allows.
        case tooLarge
        /// The reply leads to another place, and following it would break a rule.
        case redirectRefused
        /// The task was cancelled.
        case cancelled
        /// Too many requests wait already.
        case busy
        /// The client was closed.
        case closed
        /// Anything else that libcurl reports.
        case other
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The reason, from libcurl or this module.
    public let reason: String
    /// Whether the other side may have received the request, or a part of it.
    public let mayHaveArrived: Bool

    init(_ code: Code, _ operation: String, _ reason: String, mayHaveArrived: Bool = false) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.mayHaveArrived = mayHaveArrived
    }

    /// The failure as one clause.
    public var description: String { "cannot \(operation): \(reason)" }
}
