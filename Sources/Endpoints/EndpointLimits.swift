// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Desk

/// What an endpoint puts up with from its callers.
public struct EndpointLimits: Sendable {
    /// The most bytes of a body.
    public let bodyBytes: Int
    /// How long a caller may take until its request's head is whole; also how long a connection
    /// may rest between two requests.
    public let headTime: Duration
    /// How long a caller may take for a whole body, and for taking its answer.
    public let bodyTime: Duration
    /// The most connections at a time; further ones are closed at once.
    public let connections: Int
    /// How many requests may wait for the disk; those beyond are told to come later.
    public let waiting: Int
    /// What a caller is told to wait when there is no room, in seconds.
    public let retryAfterSeconds: Int

    /// Creates limits; the defaults suit a desk that one person runs.
    public init(
        bodyBytes: Int = TriggerRequest.payloadLimitBytes,
        headTime: Duration = .seconds(10),
        bodyTime: Duration = .seconds(20),
        connections: Int = 256,
        waiting: Int = 256,
        retryAfterSeconds: Int = 10
    ) {
        precondition(
            (0...TriggerRequest.payloadLimitBytes).contains(bodyBytes),
            "a body must fit into the spool"
        )
        self.bodyBytes = bodyBytes
        self.headTime = headTime
        self.bodyTime = bodyTime
        self.connections = connections
        self.waiting = waiting
        self.retryAfterSeconds = retryAfterSeconds
    }
}
