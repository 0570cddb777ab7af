// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a request may cost in time and bytes.
public struct HTTPLimits: Sendable, Hashable {
    /// How long a connection may take, with waiting for a turn, the name, TLS and a proxy.
    public var connect: Duration
    /// How long from then on until the reply begins; sending the body counts in.
    public var firstByte: Duration
    /// How long nothing may come once the reply has begun, while the caller wants more.
    public var idle: Duration
    /// How long all of it may take.
    public var total: Duration
    /// The most bytes of a reply's headers, trailers included.
    public var headerBytes: Int
    /// The most bytes of a reply's body.
    public var bodyBytes: Int

    /// Bundles limits; what is not said has its default.
    public init(
        connect: Duration = .seconds(10),
        firstByte: Duration = .seconds(120),
        idle: Duration = .seconds(60),
        total: Duration = .seconds(600),
        headerBytes: Int = 64 << 10,
        bodyBytes: Int = 32 << 20
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
        self.headerBytes = headerBytes
        self.bodyBytes = bodyBytes
    }
}
