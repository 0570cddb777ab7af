// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import HTTP
import MCP
import Processes
import Synchronization
import TestSupport
import Testing

@Suite("Servers behind an address", .timeLimit(.minutes(1)))
struct WebTests {
    /// A server that answers its connections' requests one after the other, as a test says.
    final class Web: Sendable {
        private let heard = Mutex<[String]>([])
        private let replies: Mutex<[String]>
        private let begun = Mutex(0)

        init(_ replies: [String]) { self.replies = Mutex(replies) }

        var requests: [String] { heard.withLock { $0 } }
        var connections: Int { begun.withLock { $0 } }

        /// The server and a transport to it.
        func connect(
            revision: Revision? = nil,
            limitBytes: Int = 1 << 20,
            onLoopback: Bool = false,
            pause: @escaping @Sendable (Duration) async -> Void = { _ in },
            lateBy delay: @escaping @Sendable () -> Duration = { .zero }
        ) throws -> (ScriptedServer, WebTransport) {
            let serve: @Sendable (Peer) -> Void = { peer in
                self.begun.withLock { $0 += 1 }
                while true {
                    let request = peer.hearRequest()
                    guard !request.isEmpty else { return }
                    self.heard.withLock { $0.append(request) }
                    let reply = self.replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                    guard let reply else { return }
                    peer.say(reply)
                    if reply.contains("Connection: close") { return }
                }
            }
            // What is led to a local socket has a new connection for each request.
            let server =
                onLoopback ? ScriptedServer.onLoopback(serve) : ScriptedServer(serve)
            var settings = HTTPSettings()
            if !onLoopback { settings.dial = { server.dial("\($0):\($1)") } }
            let clock = ShellServer.clock
            let client = try HTTPClient(
                settings,
                wall: FixedWall(),
                now: { .nanoseconds(clock.now().nanoseconds) + delay() }
            )
            let transport = WebTransport(
                WebTransport.Place(
                    url: "http://127.0.0.1:\(onLoopback ? server.port : 9)/mcp",
                    credentials: [HTTPHeader("authorization", "Bearer k")],
                    messageLimitBytes: limitBytes
                ),
                client: client,
                inbox: Inbox { _ in },
                pause: pause
            )
            if let revision { transport.settle(on: revision) }
            return (server, transport)
        }
    }

    struct FixedWall: WallClock {
        func now() -> Instant { Instant(secondsSinceEpoch: 1_795_186_800) }
    }

    static func reply(
        _ status: Int,
        _ body: String,
        type: String = "application/json",
        headers: String = ""
    ) -> String {
        "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\n\(headers)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    static func events(_ body: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n\(body)"
    }

    static func result(_ id: Int64, _ text: String) -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":{"text":"\#(text)"}}"#
    }

    @Test("a reply may be a body or a stream, with notices before the answer")
    func bodies() async throws {
        let web = Web([
            Self.reply(200, Self.result(1, "a"), type: "application/json; charset=utf-8"),
            Self.events(
                ": hi\r\n\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\r\n"
                    + "data: \"params\":{\"progressToken\":2,\"progress\":1}}\r\n\r\n"
                    + "data: \(Self.result(1, "wrong"))\n\ndata: \(Self.result(2, "b"))\n\n"
            ),
        ])
        let (server, transport) = try web.connect(revision: .november2025)
        let steps = Mutex<[Double]>([])

        let first = try await transport.call(ShellServer.request(1))
        let second = try await transport.call(
            ShellServer.request(2) { step in steps.withLock { $0.append(step.value) } }
        )

        #expect(first["text"] == "a")
        #expect(second["text"] == "b")
        #expect(steps.withLock { $0 } == [1])
        #expect(server.dialled.count > 0)
        let head = try #require(web.requests.first).lowercased()
        #expect(head.contains("accept: application/json, text/event-stream\r\n"))
        #expect(head.contains("mcp-protocol-version: 2025-11-25\r\n"))
        #expect(head.contains("authorization: bearer k\r\n"))
    }

    @Test("what may be repeated goes over a connection that is there, and nothing else does")
    func reuse() async throws {
        let web = Web((1...4).map { Self.reply(200, Self.result($0, "a")) })
        let (server, transport) = try web.connect(revision: .november2025, onLoopback: true)
        func call(_ number: Int64, isRepeatable: Bool) async throws -> Int {
            var request = ShellServer.request(number)
            request.isRepeatable = isRepeatable
            _ = try await transport.call(request)
            return web.connections
        }

        #expect(try await call(1, isRepeatable: true) == 1)
        #expect(try await call(2, isRepeatable: true) == 1)
        #expect(try await call(3, isRepeatable: false) == 2)
        #expect(try await call(4, isRepeatable: false) == 3)
        #expect(server.port > 0)
    }

    @Test("a session's id is sent on, and forgotten when the server does not know it")
    func session() async throws {
        let web = Web([
            Self.reply(200, Self.result(1, "hi"), headers: "MCP-Session-Id: s-1\r\n"),
            Self.reply(404, #"{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"?"}}"#),
        ])
        let (server, transport) = try web.connect()

        _ = try await transport.call(ShellServer.request(1, "initialize"))
        transport.settle(on: .june2025)
        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(2))
        }

        #expect(!web.requests[0].lowercased().contains("mcp-session-id"))
        #expect(web.requests[1].lowercased().contains("mcp-session-id: s-1\r\n"))
        #expect(error?.code == .sessionLost)
        #expect(error?.mayHaveArrived == false)
        #expect(server.dialled.count > 0)
    }

    @Test("a stream that breaks off is taken up again where it was, if the revision has that")
    func resumption() async throws {
        let web = Web([
            Self.events("id: e1\nretry: 10\ndata:\n\n"),
            Self.events("id: e2\ndata: \(Self.result(1, "late"))\n\n"),
        ])
        let (server, transport) = try web.connect(revision: .november2025)

        let result = try await transport.call(ShellServer.request(1))

        #expect(result["text"] == "late")
        #expect(web.requests[1].hasPrefix("GET /mcp "))
        #expect(web.requests[1].lowercased().contains("last-event-id: e1\r\n"))
        #expect(server.dialled.count > 0)
    }

    @Test("a stateless stream that breaks off leaves the outcome unknown")
    func brokenStream() async throws {
        let web = Web([Self.events("id: e1\ndata:\n\n"), Self.reply(200, Self.result(1, "x"))])
        let (server, transport) = try web.connect(revision: .july2026)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1))
        }

        #expect(error?.code == .disconnected)
        #expect(error?.mayHaveArrived == true)
        #expect(web.requests.count == 1)
        #expect(server.dialled.count == 1)
    }

    @Test("resuming ends at the limit")
    func endlessResumption() async throws {
        let stream = Self.events("id: e\ndata:\n\n")
        let web = Web(Array(repeating: stream, count: 20))
        let (server, transport) = try web.connect(revision: .november2025)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1))
        }

        #expect(error?.code == .disconnected)
        #expect(web.requests.count == 1 + WebTransport.resumeLimit)
        #expect(server.dialled.count > 0)
    }

    @Test("each status means what it means", arguments: Self.replies)
    func statuses(reply: String, code: MCPError.Code, isUnknown: Bool) async throws {
        let (server, transport) = try Web([reply]).connect(revision: .july2026)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1))
        }

        #expect(error?.code == code)
        #expect(error?.mayHaveArrived == isUnknown)
        #expect(server.dialled.count == 1)
    }

    static let replies: [(String, MCPError.Code, Bool)] = [
        (reply(401, ""), .unauthorized, false),
        (reply(403, "no", type: "text/plain"), .unauthorized, false),
        (reply(404, "gone", type: "text/html"), .unreachable, false),
        (
            reply(400, #"{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"v"}}"#),
            .refused, false
        ),
        (reply(500, ""), .unreachable, true), (reply(503, ""), .unreachable, false),
        (reply(202, "", type: "text/plain"), .malformed, true),
        (reply(200, "{"), .malformed, true), (reply(200, result(2, "other")), .malformed, true),
        (reply(200, "<html>", type: "text/html"), .malformed, true),
        (reply(302, "", headers: "Location: http://127.0.0.1:9/else\r\n"), .unreachable, false),
    ]

    @Test("an answer larger than the limit is refused, in a body and in a stream")
    func tooLarge() async throws {
        let long = Self.result(1, String(repeating: "a", count: 2000))
        let web = Web([Self.reply(200, long), Self.events("data: \(long)\n\n")])
        let (server, transport) = try web.connect(revision: .july2026, limitBytes: 1000)

        for _ in 0..<2 {
            let error = await #expect(throws: MCPError.self) {
                try await transport.call(ShellServer.request(1))
            }
            #expect(error?.code == .tooLarge)
        }
        #expect(server.dialled.count > 0)
    }

    @Test("a stateless request says in its headers what its body says")
    func statelessHeaders() async throws {
        let web = Web([
            Self.reply(
                200,
                #"{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","#
                    + #""supportedVersions":["2026-07-28"],"capabilities":{"tools":{}}}}"#
            ),
            Self.reply(
                200,
                #"{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"ü"},"#
                    + #"{"name":"t","inputSchema":{"type":"object"}}]}}"#
            ),
            Self.reply(200, #"{"jsonrpc":"2.0","id":3,"result":{"content":[]}}"#),
        ])
        let (server, transport) = try web.connect()

        let session = try await ClientSession.open(over: transport, inbox: Inbox { _ in })
        let tool = try #require(try await session.fetchTools().tools.first)
        _ = try await session.call(tool, .object([]))

        let last = web.requests[2].lowercased()
        #expect(last.contains("mcp-protocol-version: 2026-07-28\r\n"))
        #expect(last.contains("mcp-method: tools/call\r\n"))
        #expect(last.contains("mcp-name: t\r\n"))
        #expect(server.dialled.count > 0)
    }
}
