// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// The desk's HTTP endpoint: webhooks come in, metrics and health are shown.
///
/// It runs on threads of its own and touches two things of the desk: the spool, which are files,
/// and the metrics, which are behind a lock. `POST /hooks/<agent>`, `GET /metrics` and
/// `GET /healthz` are all there is.
public final class Endpoint {
    /// Where it listens, with the port that the system chose if that was asked for.
    public let address: EndpointAddress

    private let backend: Backend
    private let loops: MultiThreadedEventLoopGroup
    private let workers: NIOThreadPool
    private let listener: any Channel
    private let connections: Connections

    /// How long open requests may take to end once the endpoint stops.
    private static let farewell: Duration = .seconds(3)

    private init(
        address: EndpointAddress,
        backend: Backend,
        loops: MultiThreadedEventLoopGroup,
        workers: NIOThreadPool,
        listener: any Channel,
        connections: Connections
    ) {
        self.address = address
        self.backend = backend
        self.loops = loops
        self.workers = workers
        self.listener = listener
        self.connections = connections
    }

    /// Begins to listen.
    /// - Parameters:
    ///   - configuration: Where, for which hooks, within which limits.
    ///   - spool: Where requests for turns are put.
    ///   - metrics: What is shown, and where answers are counted.
    ///   - wall: The clock against which time stamps of webhooks are checked.
    /// - Returns: The endpoint, which listens until ``stop()``.
    /// - Throws: An ``EndpointError`` when the address cannot be used.
    public static func start(
        _ configuration: EndpointConfiguration,
        spool: TriggerSpool,
        metrics: DeskMetrics,
        wall: any WallClock
    ) throws(EndpointError) -> Endpoint {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let workers = NIOThreadPool(numberOfThreads: 2)
        workers.start()
        let backend = Backend(
            configuration,
            spool: spool,
            metrics: metrics,
            wall: wall,
            workers: workers
        )
        let connections = Connections()
        let wanted = configuration.address
        do {
            let listener = try bootstrap(loops, backend, connections)
                .bind(host: wanted.host, port: wanted.port)
                .wait()
            return Endpoint(
                address: EndpointAddress(
                    host: wanted.host,
                    port: listener.localAddress?.port ?? wanted.port
                ),
                backend: backend,
                loops: loops,
                workers: workers,
                listener: listener,
                connections: connections
            )
        } catch {
            shutDown(loops, workers)
            throw EndpointError(
                code: .cannotListen,
                address: "\(wanted)",
                reason: "\(reason(of: error)); choose another address for endpoint.listen"
            )
        }
    }

    /// What keeps it from listening, in the system's words.
    private static func reason(of error: any Error) -> String {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: "another program listens there"
        case EADDRNOTAVAIL: "this computer has no such address"
        case EACCES: "this user may not listen on that port"
        default: "\(error)"
        }
    }

    /// Stops: takes in no more, answers what has begun, and returns once all threads have ended.
    ///
    /// Blocks for three seconds at most when callers are slow. A second call does nothing.
    public func stop() {
        guard backend.beginToStop() else { return }
        // A listener that is closed already is what is wanted.
        try? listener.close().wait()
        connections.endIdle()
        connections.closeAll(on: loops.any(), after: Self.farewell)
        Self.shutDown(loops, workers)
    }

    private static func bootstrap(
        _ loops: MultiThreadedEventLoopGroup,
        _ backend: Backend,
        _ connections: Connections
    ) -> ServerBootstrap {
        ServerBootstrap(group: loops)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .childChannelOption(ChannelOptions.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                guard backend.admit() else { return channel.close() }
                channel.closeFuture.whenComplete { _ in backend.dismiss() }
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
                    try pipeline.addHandler(RequestHandler(backend))
                }
            }
    }

    private static func shutDown(_ loops: MultiThreadedEventLoopGroup, _ workers: NIOThreadPool) {
        // Threads that cannot be ended do no harm: nothing reaches them any more.
        try? workers.syncShutdownGracefully()
        // As above.
        try? loops.syncShutdownGracefully()
    }
}
