// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What one connection may cost the gateway.
public struct ServerLimits: Sendable, Hashable {
    /// The longest line in bytes, its line feed not counted; a client that sends more is dropped.
    public var lineBytes = 1 << 20
    /// The most bytes that wait for a slow reader; a client that lets more pile up is dropped.
    public var outputBytes = 4 << 20
    /// The most clients at a time; further ones are refused.
    public var clients = 64

    /// The defaults: 1 MiB a line, 4 MiB waiting, 64 clients.
    public init() {}
}
