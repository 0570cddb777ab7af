// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Why a model's answer was not to be had.
///
/// `description` is one lowercase clause. It may quote what a server says, bounded and on one line,
/// and never a credential.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of failure, for callers that act on it.
    public enum Code: String, Sendable, CaseIterable {
        /// Too many requests or tokens in a time.
        case rateLimited
        /// The server has too much to do.
        case overloaded
        /// The server failed.
        case serverFailed
        /// Nobody answers there.
        case unreachable
        /// No whole answer in time.
        case timedOut
        /// The connection ended before the answer did.
        case disconnected
        /// The prompt is longer than the model can read.
        case contextTooLong
        /// The server does not take the request as it is.
        case invalidRequest
        /// The key is wrong, or not for this model.
        case unauthorized
        /// The account has no money left, or has come to a limit of its own.
        case unpaid
        /// What came is no answer.
        case malformed
        /// What came is larger than the limits allow.
        case tooLarge
        /// The call would cost more than is left.
        case overBudget
        /// The agent may not use this model.
        case notAllowed
        /// The prompt or the answer holds a secret.
        case secret
        /// The task was cancelled.
        case cancelled
    }

    /// The kind of failure.
    public let code: Code
    /// The reason, as a clause.
    public let reason: String
    /// The status of the reply, if one came.
    public let status: Int?
    /// How long the server asks to wait, if it does.
    public let delay: Duration?
    /// Whether the server may charge for it all the same.
    public var mayHaveCost: Bool

    /// The most characters of a reason.
    static let reasonLimit = 300

    /// Bundles a failure; the reason is brought on one line and within its limit.
    public init(
        _ code: Code,
        _ reason: String,
        status: Int? = nil,
        delay: Duration? = nil,
        mayHaveCost: Bool = false
    ) {
        self.init(
            code,
            reason,
            limit: Self.reasonLimit,
            status: status,
            delay: delay,
            mayHaveCost: mayHaveCost
        )
    }

    /// As above, with a longer reason, in which a credential is still to be looked for.
    init(
        _ code: Code,
        _ reason: String,
        limit: Int,
        status: Int?,
        delay: Duration? = nil,
        mayHaveCost: Bool = false
    ) {
        self.code = code
        self.status = status
        self.delay = delay
        self.mayHaveCost = mayHaveCost
        var line = String.UnicodeScalarView()
        for scalar in reason.unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.append(scalar)
            }
        }
        self.reason = String(line)
    }

    /// Whether the same call may come to something later.
    public var isPassing: Bool {
        switch code {
        case .rateLimited, .overloaded, .serverFailed, .unreachable, .timedOut, .disconnected,
            .malformed:
            true
        case .contextTooLong, .invalidRequest, .unauthorized, .unpaid, .tooLarge, .overBudget,
            .notAllowed, .secret, .cancelled:
            false
        }
    }

    /// The failure as one clause.
    public var description: String { "no answer from the model: \(reason)" }
}
