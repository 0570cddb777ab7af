// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
package import HTTP
import NIOCore
import NIOHTTP1
import NIOPosix

/// Opens ways out of the empty networks of agents, all on one of the threads of the process.
public final class EgressService: Sendable {
    /// Never ended: a connection that comes while a thread ends would be left without an answer.
    private let loop = MultiThreadedEventLoopGroup.singleton.next()
    private let workers: NIOThreadPool
    private let limits: EgressLimits
    private let resolver: any HostResolver
    private let wall: any WallClock
    private let now: @Sendable () -> Duration
    private let tell: @Sendable (EgressEvent) -> Void
    private let closedReason: String?
    /// Changes how requests leave; for tests.
    package let settings: HTTPSettings

    /// Starts the threads.
    /// - Parameters:
    ///   - limits: What each way out puts up with.
    ///   - resolver: Looks up names.
    ///   - wall: The time of day.
    ///   - now: A steady clock, as the span since one arbitrary moment.
    ///   - closedReason: Why everything is refused; nil when it is not.
    ///   - tell: Called on any thread, once for each request or tunnel when it has ended.
    public convenience init(
        limits: EgressLimits = EgressLimits(),
        resolver: any HostResolver = SystemResolver(),
        wall: any WallClock,
        now: @escaping @Sendable () -> Duration,
        closedReason: String? = nil,
        tell: @escaping @Sendable (EgressEvent) -> Void
    ) {
        self.init(
            limits: limits,
            resolver: resolver,
            wall: wall,
            now: now,
            settings: HTTPSettings(transfers: limits.connections, waiting: limits.connections),
            closedReason: closedReason,
            tell: tell
        )
    }

    package init(
        limits: EgressLimits,
        resolver: any HostResolver,
        wall: any WallClock,
        now: @escaping @Sendable () -> Duration,
        settings: HTTPSettings,
        closedReason: String? = nil,
        tell: @escaping @Sendable (EgressEvent) -> Void
    ) {
        workers = NIOThreadPool(numberOfThreads: 2)
        workers.start()
        self.limits = limits
        self.resolver = resolver
        self.wall = wall
        self.now = now
        self.settings = settings
        self.closedReason = closedReason
        self.tell = tell
    }

    /// Begins to serve one agent on a listening socket, which the door owns from now on.
    /// - Parameters:
    ///   - listener: The number of a listening TCP socket, whichever network it belongs to.
    ///   - agent: Whom to name in events.
    ///   - configuration: What the agent may reach.
    ///   - secrets: The secret of each route, by the route's name.
    ///   - local: What is answered here; nil for nothing.
    /// - Returns: The way out, open until it is stopped or nobody holds it.
    /// - Throws: An ``EgressError``.
    public func open(
        _ listener: Int32,
        for agent: AgentName,
        _ configuration: EgressConfiguration,
        secrets: [String: String],
        local: LocalRoute? = nil
    ) throws -> EgressDoor {
        if closedReason == nil { try Self.check(secrets, configuration) }
        let gate = EgressGate(
            agent: agent,
            configuration: configuration,
            secrets: secrets,
            limits: limits,
            closedReason: closedReason,
            surroundings: .init(resolver: resolver, workers: workers, now: now, tell: tell),
            client: try HTTPClient(settings, wall: wall, now: now),
            local: local
        )
        let connections = OpenChannels()
        do {
            let channel = try ServerBootstrap(group: loop)
                .serverChannelOption(ChannelOptions.backlog, value: 64)
                .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
                .childChannelOption(ChannelOptions.maxMessagesPerRead, value: 4)
                .childChannelInitializer { channel in
                    connections.add(channel)
                    return channel.eventLoop.makeCompletedFuture {
                        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(ByteToMessageHandler(decoder), name: "decoder")
                        try pipeline.addHandler(ExitHandler(gate), name: "exit")
                    }
                }
                .withBoundSocket(listener)
                .wait()
            gate.isListening(at: channel.localAddress?.port ?? 0)
            return EgressDoor(gate, channel, connections)
        } catch {
            throw EgressError(code: .cannotListen, reason: "\(error)")
        }
    }

    /// Ends the threads that look up names; every way out must have been stopped before.
    public func shutDown() {
        // Threads that cannot be ended do no harm: nothing reaches them any more.
        try? workers.syncShutdownGracefully()
    }

    /// Each route needs its secret, and one that can stand in a header.
    private static func check(
        _ secrets: [String: String],
        _ configuration: EgressConfiguration
    ) throws(EgressError) {
        for route in configuration.routes {
            let secret = secrets[route.name] ?? ""
            guard secret.utf8.count >= 8, secret.utf8.count <= 4096,
                secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw EgressError(
                    code: .noSecret,
                    reason: "\(route.secret), the secret of the route \(route.name), is missing or"
                        + " no line of 8 to 4096 printable characters; set it before loopdesk up"
                )
            }
        }
    }
}
