// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A failure to get something from a server.
public struct MCPError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Code: String, Sendable {
        /// The server's program cannot be started.
        case cannotStart
        /// Nobody answers there, or only to say that it cannot.
        case unreachable
        /// The server wants another credential.
        case unauthorized
        /// The connection ended before the answer came.
        case disconnected
        /// No answer in time.
        case timedOut
        /// The task was cancelled.
        case cancelled
        /// What came breaks the protocol.
        case malformed
        /// What came is larger than the limits allow.
        case tooLarge
        /// The server answered with an error.
        case refused
        /// The two sides have no revision in common.
        case noRevision
        /// The server does not offer this.
        case notOffered
        /// What is to be sent does not fit.
        case invalidArgument
        /// The server does not know the session any more.
        case sessionLost
        /// Definitions have changed since a person accepted them.
        case quarantined
        /// The caller may not use this connector or tool.
        case notAllowed
        /// It failed lately and is not tried again yet.
        case resting
        /// Too much is under way already.
        case busy
        /// It was closed.
        case closed
    }

    /// The kind of failure.
    public let code: Code
    /// What was attempted, as a verb phrase.
    public let operation: String
    /// The reason, as a clause.
    public let reason: String
    /// Whether the server may have carried out what was asked: then the outcome is unknown.
    public let mayHaveArrived: Bool
    /// What the server said, when it refused.
    public let fault: Fault?

    /// Bundles a failure.
    public init(
        _ code: Code,
        _ operation: String,
        _ reason: String,
        mayHaveArrived: Bool = false,
        fault: Fault? = nil
    ) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.mayHaveArrived = mayHaveArrived
        self.fault = fault
    }

    /// The failure as one clause; says so when the outcome is unknown.
    public var description: String {
        let rest = mayHaveArrived ? "; it may have been carried out, look before you repeat it" : ""
        return "cannot \(operation): \(reason)\(rest)"
    }

    /// The same failure of something that does no harm when it happens twice.
    func harmless() -> MCPError {
        MCPError(code, operation, reason, fault: fault)
    }
}
