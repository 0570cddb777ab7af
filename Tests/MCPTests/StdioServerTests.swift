// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Processes
import TestSupport
import Testing

@Suite("The server on two descriptors", .timeLimit(.minutes(1)))
struct StdioServerTests {
    /// A server over pipes, and the client's ends of them.
    final class Line: @unchecked Sendable {
        // Used by one test at a time.
        private let toServer: DescriptorPair
        private let fromServer: DescriptorPair
        private let channel: LineChannel
        let gate = SampleServer.Gate()

        init() throws {
            let clock = SystemClock()
            let inward = try DescriptorPair.makePipe()
            fromServer = try DescriptorPair.makePipe()
            let server = StdioServer(
                try SampleServer.make(gate: gate),
                input: inward.first.number,
                output: fromServer.second.number,
                clock: clock
            )
            channel = LineChannel(
                input: fromServer.first.number,
                output: inward.second.number,
                clock: clock
            )
            toServer = consume inward
            WorkThread.start {
                // The end of a test closes the pipe, which ends the server.
                _ = try? server.run()
            }
        }

        func say(_ text: String) throws { try channel.writeLine(Array(text.utf8)) }

        func hear() throws -> JSON {
            let deadline = SystemClock().deadline(in: .seconds(20))
            return try JSON(parsing: try #require(try channel.readLine(until: deadline)))
        }

        func ask(_ text: String) throws -> JSON {
            try say(text)
            return try hear()
        }
    }

    private static let hello =
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18"}}"#

    @Test("a handshake opens the conversation; before it only a ping is answered")
    func handshake() throws {
        let line = try Line()

        let early = try line.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)
        let ping = try line.ask(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)
        let hello = try line.ask(Self.hello)
        try line.say(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        let late = try line.ask(#"{"jsonrpc":"2.0","id":"x","method":"tools/list"}"#)

        #expect(early["error"]?["code"] == -32600)
        #expect(ping["result"] == .object([]))
        #expect(hello["result"]?["protocolVersion"] == "2025-06-18")
        #expect(late["id"] == "x")
        #expect(late["result"]?["tools"]?.arrayValue?.count == 3)
    }

    @Test("stateless requests need nothing before them")
    func stateless() throws {
        let line = try Line()

        let answer = try line.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":"#
                + SampleServer.meta.compactText + "}}"
        )

        #expect(answer["result"]?["resultType"] == "complete")
    }

    @Test("what is no request is answered with the code of JSON-RPC, and the next one works")
    func garbage() throws {
        let line = try Line()
        _ = try line.ask(Self.hello)

        let broken = try line.ask("{")
        let deep = try line.ask(String(repeating: "[", count: 100_000))
        let list = try line.ask("[]")
        try line.say("  ")
        try line.say(#"{"jsonrpc":"2.0","id":9,"result":{}}"#)
        let ping = try line.ask(#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#)

        #expect(broken["error"]?["code"] == -32700)
        #expect(broken["id"] == .null)
        #expect(deep["error"]?["code"] == -32700)
        #expect(list["error"]?["code"] == -32600)
        #expect(ping["id"] == 3)
    }

    @Test("a slow call keeps no other one waiting, and a cancelled one is not answered")
    func cancellation() async throws {
        let line = try Line()
        _ = try line.ask(Self.hello)
        try line.say(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait"}}"#
        )
        let isWaiting = try await eventually { line.gate.count == 1 }

        let twice = try line.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait"}}"#
        )
        let ping = try line.ask(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)
        try line.say(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
        )
        let next = try line.ask(#"{"jsonrpc":"2.0","id":3,"method":"ping"}"#)

        #expect(isWaiting)
        #expect(twice["error"]?["code"] == -32600)
        #expect(ping["id"] == 2)
        #expect(next["id"] == 3)
    }

    @Test("more requests at a time than the limit are told to come later")
    func limit() async throws {
        let line = try Line()
        _ = try line.ask(Self.hello)
        for id in 1...64 {
            try line.say(
                #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"wait"}}"#
            )
        }

        let refused = try line.ask(#"{"jsonrpc":"2.0","id":65,"method":"ping"}"#)
        line.gate.open()
        var answered = 0
        for _ in 1...64 where try line.hear()["result"] != nil { answered += 1 }

        #expect(refused["error"]?["code"] == -32000)
        #expect(answered == 64)
    }
}
