// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Synchronization
import TestSupport
import Testing

@Suite("Servers behind an address that misbehave", .timeLimit(.minutes(1)))
struct WebEdgeTests {
    private typealias Web = WebTests.Web

    private static func progress(_ token: Int, _ value: Int) -> String {
        #"data: {"jsonrpc":"2.0","method":"notifications/progress","#
            + #""params":{"progressToken":\#(token),"progress":\#(value)}}"# + "\n\n"
    }

    @Test("the wait before a stream is taken up again is the usual one, and never beyond the limit")
    func waits() async throws {
        let web = Web([
            WebTests.events("id: 1\ndata:\n\n"),
            WebTests.events("id: 2\nretry: 86400000\ndata:\n\n"),
            WebTests.events("data: \(WebTests.result(1, "late"))\n\n"),
        ])
        let waits = Mutex<[Duration]>([])
        let (server, transport) = try web.connect(revision: .november2025) { wait in
            waits.withLock { $0.append(wait) }
        }

        let result = try await transport.call(ShellServer.request(1, total: .seconds(600)))

        #expect(result["text"] == "late")
        #expect(waits.withLock { $0 } == [.seconds(1), .seconds(30)])
        #expect(server.dialled.count > 0)
    }

    @Test("a stream that is taken up again has the time that is left of the call, and no more")
    func wholeTime() async throws {
        let stream = WebTests.events("id: 1\nretry: 6000\ndata:\n\n")
        let web = Web([stream, stream, stream, stream])
        let passed = Mutex(Duration.zero)
        let (server, transport) = try web.connect(
            revision: .november2025,
            pause: { wait in passed.withLock { $0 += wait } },
            lateBy: { passed.withLock { $0 } }
        )

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1, total: .seconds(10)))
        }

        #expect(error?.code == .timedOut)
        #expect(error?.mayHaveArrived == true)
        #expect(passed.withLock { $0 } <= .seconds(10))
        #expect(web.requests.count { $0.hasPrefix("GET ") } == 1)
        #expect(server.dialled.count > 0)
    }

    @Test("a server that asks much and takes no answer does not hold up the call")
    func questions() async throws {
        let pings = (1...50).map {
            #"data: {"jsonrpc":"2.0","id":"q\#($0)","method":"ping"}"# + "\n\n"
        }
        let stream = WebTests.events(pings.joined() + "data: \(WebTests.result(1, "own"))\n\n")
        let web = Web([stream] + Array(repeating: "", count: 60))
        let (server, transport) = try web.connect(revision: .june2025)

        let result = try await transport.call(ShellServer.request(1))
        let isAnswered = try await eventually { web.requests.count == 9 }

        #expect(result["text"] == "own")
        #expect(isAnswered)
        #expect(web.requests.dropFirst().allSatisfy { $0.contains(#""result":{}"#) })
        #expect(WebTransport.answerLimit == 8)
        #expect(server.dialled.count > 0)
    }

    @Test("an error and progress of another request are not taken for this one's")
    func others() async throws {
        let web = Web([
            WebTests.events(
                Self.progress(9, 7)
                    + #"data: {"jsonrpc":"2.0","id":9,"error":{"code":-1,"message":"no"}}"# + "\n\n"
                    + Self.progress(1, 2) + "data: \(WebTests.result(1, "own"))\n\n"
            )
        ])
        let (server, transport) = try web.connect(revision: .july2026)
        let steps = Mutex<[Double]>([])

        let result = try await transport.call(
            ShellServer.request(1) { step in steps.withLock { $0.append(step.value) } }
        )

        #expect(result["text"] == "own")
        #expect(steps.withLock { $0 } == [2])
        #expect(server.dialled.count == 1)
    }

    @Test("an event's id that no header may carry is not sent back")
    func oddEvent() async throws {
        let web = Web([WebTests.events("id: e\u{7F}\ndata:\n\n"), WebTests.events("")])
        let (server, transport) = try web.connect(revision: .november2025)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1))
        }

        #expect(error?.code == .disconnected)
        #expect(error?.mayHaveArrived == true)
        #expect(web.requests.count == 1)
        #expect(server.dialled.count == 1)
    }

    @Test("an event without end is given up at the limit")
    func endlessEvent() async throws {
        let web = Web([WebTests.events("data: " + String(repeating: "a", count: 3000))])
        let (server, transport) = try web.connect(revision: .july2026, limitBytes: 1000)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1))
        }

        #expect(error?.code == .tooLarge)
        #expect(server.dialled.count == 1)
    }

    @Test("a stream of small events is given up at four times the limit of one")
    func endlessStream() async throws {
        let events = (1...100).map { Self.progress(1, $0) }.joined()
        let web = Web([WebTests.events(events + "data: \(WebTests.result(1, "last"))\n\n")])
        let (server, transport) = try web.connect(revision: .july2026, limitBytes: 1000)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1))
        }

        #expect(error?.code == .tooLarge)
        #expect(server.dialled.count == 1)
    }

    @Test(
        "a session's id that no header may carry, or that has no end, is refused",
        arguments: ["a b", "é", String(repeating: "a", count: 1025)]
    )
    func oddSession(id: String) async throws {
        let web = Web([
            WebTests.reply(200, WebTests.result(1, "hi"), headers: "MCP-Session-Id: \(id)\r\n")
        ])
        let (server, transport) = try web.connect()

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1, "initialize"))
        }

        #expect(error?.code == .malformed)
        #expect(server.dialled.count == 1)
    }

    /// A transport that has a session.
    private func withSession(_ replies: [String]) async throws -> (
        Web, ScriptedServer, WebTransport
    ) {
        let hello = WebTests.reply(
            200,
            WebTests.result(1, "hi"),
            headers: "MCP-Session-Id: s-1\r\n"
        )
        let web = Web([hello] + replies)
        let (server, transport) = try web.connect()
        _ = try await transport.call(ShellServer.request(1, "initialize"))
        transport.settle(on: .june2025)
        return (web, server, transport)
    }

    @Test("a session that is lost is not named again")
    func lostSession() async throws {
        let (web, server, transport) = try await withSession([
            WebTests.reply(404, ""), WebTests.reply(200, WebTests.result(3, "new")),
        ])

        await #expect(throws: MCPError.self) { try await transport.call(ShellServer.request(2)) }
        _ = try await transport.call(ShellServer.request(3))

        let named = web.requests.map { $0.lowercased().contains("mcp-session-id: s-1\r\n") }
        #expect(named == [false, true, false])
        #expect(server.dialled.count > 0)
    }

    @Test("a session is ended once, however often it is closed")
    func closedTwice() async throws {
        let (web, server, transport) = try await withSession([
            WebTests.reply(200, ""), WebTests.reply(200, ""),
        ])

        await transport.close()
        await transport.close()

        #expect(web.requests.count { $0.hasPrefix("DELETE ") } == 1)
        #expect(server.dialled.count > 0)
    }

    @Test("a server with sessions is told of a call that is given up")
    func withdrawn() async throws {
        let web = Web(["", WebTests.reply(202, "")])
        let (server, transport) = try web.connect(revision: .june2025)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1, idle: .milliseconds(50)))
        }
        let isTold = try await eventually {
            web.requests.last?.contains("notifications/cancelled") == true
        }

        #expect(error?.code == .timedOut)
        #expect(isTold)
        #expect(server.dialled.count == 2)
    }

    @Test("a stateless server sees by the connection that a call is given up")
    func leftAlone() async throws {
        let web = Web([""] + (2...4).map { WebTests.reply(200, WebTests.result($0, "\($0)")) })
        let (server, transport) = try web.connect(revision: .july2026)

        let error = await #expect(throws: MCPError.self) {
            try await transport.call(ShellServer.request(1, idle: .milliseconds(50)))
        }
        for number in 2...4 { _ = try await transport.call(ShellServer.request(Int64(number))) }

        #expect(error?.code == .timedOut)
        #expect(!web.requests.contains { $0.contains("notifications/cancelled") })
        #expect(server.dialled.count >= 2)
    }
}
