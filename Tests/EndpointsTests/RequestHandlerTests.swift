// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Endpoints

@Suite("One connection of the endpoint", .scratchFolder)
struct RequestHandlerTests {
    private struct FixedClock: WallClock {
        func now() -> Instant { TestEndpoint.now }
    }

    /// Holds what is written, as a caller does that does not read.
    private final class Stuck: ChannelOutboundHandler {
        typealias OutboundIn = HTTPServerResponsePart

        func write(
            context: ChannelHandlerContext,
            data: NIOAny,
            promise: EventLoopPromise<Void>?
        ) {
            held.append(promise)
        }

        var held: [EventLoopPromise<Void>?] = []
    }

    /// Lets a message wait until a test opens it.
    private final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var waiters: [CheckedContinuation<Void, Never>] = []
        }

        private let state = Mutex(State())

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiters.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiters = state.withLock { state in
                state.isOpen = true
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }
    }

    private static func backend(
        _ limits: EndpointLimits = EndpointLimits(),
        answer: @escaping @Sendable () async -> Void = {}
    ) throws -> Backend {
        Backend(
            EndpointConfiguration(
                address: try EndpointAddress("127.0.0.1:0"),
                hooks: [:],
                limits: limits,
                messages: MessageRoute(
                    path: "/mcp",
                    refusal: { _ in nil },
                    answer: { _, _ in
                        await answer()
                        return MessageRoute.Answer(status: 200, body: [])
                    }
                )
            ),
            spool: try TriggerSpool(DeskFolder(try ScratchFolder.path)),
            metrics: DeskMetrics(),
            wall: FixedClock(),
            workers: NIOThreadPool.singleton
        )
    }

    /// A connection that is open.
    private static func connect(
        _ backend: Backend,
        behind first: (any ChannelHandler)? = nil
    ) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        if let first { try channel.pipeline.syncOperations.addHandler(first) }
        try channel.pipeline.syncOperations.addHandler(RequestHandler(backend))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    private static func head(_ method: HTTPMethod, _ target: String) -> HTTPServerRequestPart {
        .head(
            HTTPRequestHead(
                version: .http1_1,
                method: method,
                uri: target,
                headers: ["host": "localhost"]
            )
        )
    }

    private static func status(_ channel: EmbeddedChannel) throws -> UInt? {
        guard case .head(let head)? = try channel.readOutbound(as: HTTPServerResponsePart.self)
        else { return nil }
        return head.status.code
    }

    @Test("a request that comes while the endpoint stops is not answered with a page")
    func stopping() throws {
        let backend = try Self.backend()
        let channel = try Self.connect(backend)

        #expect(backend.beginToStop())
        try channel.writeInbound(Self.head(.GET, "/metrics"))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))

        #expect(try Self.status(channel) == 503)
    }

    @Test("what is read to its end while the endpoint stops is not taken in")
    func lateBody() throws {
        let calls = Mutex(0)
        let backend = try Self.backend { calls.withLock { $0 += 1 } }
        let head = RequestHead(method: "POST", target: "/mcp", headers: [])
        let loop = MultiThreadedEventLoopGroup.singleton.any()

        #expect(backend.beginToStop())
        let reply = try backend.receive([], head, for: .messages, on: loop).wait()

        #expect(reply.status == 503)
        #expect(calls.withLock { $0 } == 0)
    }

    @Test("requests that wait for their answers have a limit, and there is room again")
    func waiting() throws {
        let gate = Gate()
        let backend = try Self.backend(EndpointLimits(waiting: 1)) { await gate.wait() }
        let head = RequestHead(method: "POST", target: "/mcp", headers: [])
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        func ask() -> EventLoopFuture<Reply> {
            backend.receive([], head, for: .messages, on: loop)
        }

        let first = ask()
        let late = ask()
        gate.open()
        let second = try late.wait()

        #expect(second.status == 429)
        #expect(second.headers.map(\.name) == ["Retry-After"])
        #expect(try first.wait().status == 200)
    }

    @Test("bodies share a budget, and what is given back is there once")
    func budget() throws {
        let backend = try Self.backend(EndpointLimits(bodyBytes: 1000))
        let channel = try Self.connect(backend)
        func take(_ count: Int) throws {
            try channel.writeInbound(
                HTTPServerRequestPart.body(ByteBuffer(repeating: 0x20, count: count))
            )
        }

        try channel.writeInbound(Self.head(.POST, "/mcp"))
        try take(900)
        let isFull = !backend.reserve(32 << 20)
        try take(101)
        let status = try Self.status(channel)
        _ = try channel.finish(acceptAlreadyClosed: true)

        #expect(isFull)
        #expect(status == 413)
        #expect(backend.reserve(32 << 20))
        #expect(!backend.reserve(1))
        backend.unreserve(1)
        #expect(backend.reserve(1))
    }

    @Test("a caller that reads no answers is not answered again")
    func unread() throws {
        let channel = try Self.connect(try Self.backend())

        channel.isWritable = false
        try channel.writeInbound(Self.head(.GET, "/metrics"))

        #expect(!channel.isActive)
    }

    @Test("an answer that is not read in time ends the connection")
    func slowReader() throws {
        let limits = EndpointLimits(headTime: .seconds(100), bodyTime: .seconds(2))
        let stuck = Stuck()
        let channel = try Self.connect(try Self.backend(limits), behind: stuck)
        try channel.writeInbound(Self.head(.GET, "/metrics"))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))

        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        let isOpen = channel.isActive
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))

        #expect(isOpen)
        #expect(!channel.isActive)
        #expect(stuck.held.count == 3)
        for promise in stuck.held { promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    @Test("the time for the next head begins with each answer")
    func headTime() throws {
        let limits = EndpointLimits(headTime: .seconds(4), bodyTime: .seconds(100))
        let channel = try Self.connect(try Self.backend(limits))
        let loop = channel.embeddedEventLoop

        for _ in 0..<3 {
            loop.advanceTime(by: .seconds(3))
            try channel.writeInbound(Self.head(.GET, "/metrics"))
            try channel.writeInbound(HTTPServerRequestPart.end(nil))
        }
        loop.advanceTime(by: .seconds(3))
        let isOpen = channel.isActive
        loop.advanceTime(by: .seconds(2))

        #expect(isOpen)
        #expect(!channel.isActive)
    }

    @Test("a deadline that comes before the one that was set is kept")
    func shorterTime() throws {
        let limits = EndpointLimits(headTime: .seconds(100), bodyTime: .seconds(4))
        let channel = try Self.connect(try Self.backend(limits))
        let loop = channel.embeddedEventLoop

        try channel.writeInbound(Self.head(.POST, "/mcp"))
        loop.advanceTime(by: .seconds(3))
        let early = try Self.status(channel)
        loop.advanceTime(by: .seconds(2))

        #expect(early == nil)
        #expect(try Self.status(channel) == 408)
    }
}
