// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Processes
import TestSupport
import Testing

@Suite("The server on two descriptors", .timeLimit(.minutes(1)))
struct StdioServerTests {
    /// The client's ends of two pipes; the server has the other ones, and closes them when this
    /// value is gone.
    final class Line {
        private let toServer: Descriptor
        private let fromServer: Descriptor
        private let channel: LineChannel
        let gate = SampleServer.Gate()

        init() throws {
            let clock = SystemClock()
            let inward = try DescriptorPair.makePipe()
            let outward = try DescriptorPair.makePipe()
            let (input, output) = (inward.first.release(), outward.second.release())
            toServer = inward.second
            fromServer = outward.first
            channel = LineChannel(
                input: fromServer.number,
                output: toServer.number,
                clock: clock
            )
            let server = StdioServer(
                try SampleServer.make(gate: gate),
                input: input,
                output: output,
                clock: clock
            )
            WorkThread.start {
                // Owned by this thread, so that no number is used again while it still reads.
                let ownInput = Descriptor(adopting: input)
                let ownOutput = Descriptor(adopting: output)
                // How it ends is of no interest here: the test has ended.
                try? server.run()
                _ = (ownInput.number, ownOutput.number)
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
        let hasEnded = try await eventually { line.gate.isOpen }

        #expect(isWaiting)
        #expect(hasEnded)
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

    @Test("everything that was asked before the end of the input is answered")
    func lastWords() async throws {
        for _ in 0..<20 {
            let inward = try DescriptorPair.makePipe()
            let outward = try DescriptorPair.makePipe()
            let clock = SystemClock()
            let server = StdioServer(
                try SampleServer.make(),
                input: inward.first.number,
                output: outward.second.number,
                clock: clock
            )
            let client = LineChannel(
                input: outward.first.number,
                output: inward.second.number,
                clock: clock
            )
            try client.writeLine(Array(Self.hello.utf8))
            for id in 1...8 {
                let call = #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","#
                try client.writeLine(Array((call + #""params":{"name":"fail"}}"#).utf8))
            }
            _ = consume inward.second

            try server.run()
            await server.drain()
            _ = consume outward.second
            var count = 0
            while try client.readLine(until: clock.deadline(in: .seconds(20))) != nil { count += 1 }

            #expect(count == 9)
        }
    }

    @Test("a line beyond the limit ends the conversation")
    func longLine() throws {
        let inward = try DescriptorPair.makePipe()
        let outward = try DescriptorPair.makePipe()
        let clock = SystemClock()
        let server = StdioServer(
            try SampleServer.make(),
            input: inward.first.number,
            output: outward.second.number,
            clock: clock
        )
        let number = inward.second.release()
        WorkThread.start {
            let own = Descriptor(adopting: number)
            let client = LineChannel(
                input: own.number,
                output: own.number,
                clock: clock,
                limitBytes: 2 * StdioServer.lineLimitBytes
            )
            let line = [UInt8](repeating: 0x61, count: StdioServer.lineLimitBytes + 1)
            // The test looks at what the server makes of it.
            try? client.writeLine(line)
        }

        let error = #expect(throws: ProcessError.self) { try server.run() }

        #expect(error?.code == .lineTooLong)
    }
}
