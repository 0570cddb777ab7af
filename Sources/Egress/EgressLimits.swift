// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one agent's way out puts up with.
public struct EgressLimits: Sendable, Hashable {
    /// Connections at a time.
    public var connections: Int
    /// Connections that may begin in a minute.
    public var perMinute: Int
    /// How long the head of a request may take.
    public var headTime: Duration
    /// How long nothing may come of a request's body.
    public var bodyTime: Duration
    /// The most bytes of a request's body, and of all bodies that are held at a time.
    public var bodyBytes: Int
    /// How long the connection to a host may take.
    public var connectTime: Duration
    /// How long a reply may take to begin.
    public var firstByteTime: Duration
    /// How long a reply or a tunnel may carry nothing.
    public var idleTime: Duration
    /// How long a reply or a tunnel may last.
    public var totalTime: Duration
    /// The most bytes that a reply carries, or a tunnel in one direction.
    public var carriedBytes: Int

    /// Bundles limits; what is not said has its default.
    public init(
        connections: Int = 32,
        perMinute: Int = 600,
        headTime: Duration = .seconds(10),
        bodyTime: Duration = .seconds(60),
        bodyBytes: Int = 32 << 20,
        connectTime: Duration = .seconds(10),
        firstByteTime: Duration = .seconds(600),
        idleTime: Duration = .seconds(300),
        totalTime: Duration = .seconds(3600),
        carriedBytes: Int = 1 << 30
    ) {
        self.connections = connections
        self.perMinute = perMinute
        self.headTime = headTime
        self.bodyTime = bodyTime
        self.bodyBytes = bodyBytes
        self.connectTime = connectTime
        self.firstByteTime = firstByteTime
        self.idleTime = idleTime
        self.totalTime = totalTime
        self.carriedBytes = carriedBytes
    }
}
