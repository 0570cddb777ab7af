// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A reply whose head has come; its body comes in while it is read.
public struct HTTPReply: Sendable {
    /// Status and headers.
    public let head: HTTPHead
    /// The body.
    public let body: HTTPBody
    /// How often the request was sent.
    public internal(set) var attempts = 1
    /// Why it was not sent again; `settled` unless the reply speaks of passing trouble.
    public internal(set) var reason = RetryPolicy.Reason.settled
}
