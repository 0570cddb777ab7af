// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What all requests of a client have in common.
public struct HTTPSettings: Sendable {
    /// The most transfers at a time; further requests wait their turn.
    public var transfers: Int
    /// The most requests that wait; further ones fail with `busy`.
    public var waiting: Int
    /// The most connections to one host, and in all.
    public var connectionsPerHost: Int
    /// The proxy to go through, such as `http://proxy.example.com:3128`; nil for none.
    ///
    /// Variables of the environment are never read.
    public var proxy: String?
    /// A file of certificates to trust in place of the system's; nil for the system's.
    public var certificates: String?
    /// Where the randomness of waits begins.
    public var seed: UInt64

    /// The name of the local socket that stands in for an address and a port; nil for nobody there.
    package var dial: (@Sendable (IPAddress, Int) -> [UInt8]?)?
    /// Names whose addresses are known without asking, `name:port:address`.
    package var known: [String] = []
    /// Waits between attempts in place of the client's own timer.
    package var pause: (@Sendable (Duration) async -> Void)?

    /// Bundles settings; what is not said has its default.
    public init(
        transfers: Int = 64,
        waiting: Int = 256,
        connectionsPerHost: Int = 16,
        proxy: String? = nil,
        certificates: String? = nil,
        seed: UInt64 = 0
    ) {
        self.transfers = transfers
        self.waiting = waiting
        self.connectionsPerHost = connectionsPerHost
        self.proxy = proxy
        self.certificates = certificates
        self.seed = seed
    }
}
