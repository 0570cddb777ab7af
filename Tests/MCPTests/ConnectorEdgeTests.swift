// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import MCP
import Synchronization
import TestSupport
import Testing

@Suite("Connectors that fail", .timeLimit(.minutes(1)))
struct ConnectorEdgeTests {
    private typealias Servers = ConnectorTests.Servers
    private typealias StandingClock = ConnectorTests.StandingClock

    private static let write = ScriptedTransport.tool("order")
    private static let read = ScriptedTransport.tool(
        "look",
        [.init("annotations", ["readOnlyHint": true])]
    )

    private static func failing(_ code: MCPError.Code) -> ScriptedTransport.Script {
        { _ throws(MCPError) in throw MCPError(code, "", "it failed", mayHaveArrived: true) }
    }

    /// Nothing can be put there.
    private struct FullPins: PinStore {
        func load(_ connector: String) -> ToolPins? { nil }

        func save(_ pins: ToolPins, of connector: String) throws {
            throw JSONError("the disk is full")
        }
    }

    @Test("tools whose acceptance cannot be kept are not used")
    func fullDisk() async {
        let server = ScriptedTransport.serving([Self.write])
        let connector = Connector("c", pins: FullPins(), clock: StandingClock()) {
            (beginning, inbox) async throws(MCPError) in
            try await ClientSession.open(over: server, inbox: inbox, beginning: beginning)
        }

        let error = await #expect(throws: MCPError.self) {
            try await connector.call("order", .object([]))
        }

        #expect(error?.code == .quarantined)
        #expect(!server.methods.contains("tools/call"))
    }

    @Test("a read whose conversation is lost again and again is repeated once")
    func lostAgain() async {
        // It would answer in the end, so that the test fails and does not hang.
        let left = Mutex(5)
        let server = ScriptedTransport.serving([Self.read]) { _ throws(MCPError) in
            let isLost = left.withLock { left in
                left -= 1
                return left > 0
            }
            guard !isLost else { throw MCPError(.sessionLost, "", "unknown session") }
            return ["content": []]
        }
        let servers = Servers([server])

        let error = await #expect(throws: MCPError.self) {
            try await servers.connector().call("look", .object([]))
        }

        #expect(error?.code == .sessionLost)
        #expect(server.methods.count { $0 == "tools/call" } == 2)
    }

    @Test(
        "what fails for good is not repeated, even where that would do no harm",
        arguments: [MCPError.Code.refused, .timedOut, .malformed, .tooLarge, .cancelled]
    )
    func lasting(code: MCPError.Code) async {
        let server = ScriptedTransport.serving([Self.read], Self.failing(code))
        let servers = Servers([server])

        let error = await #expect(throws: MCPError.self) {
            try await servers.connector().call("look", .object([]))
        }

        #expect(error?.code == code)
        #expect(server.methods.count { $0 == "tools/call" } == 1)
        #expect(servers.count == 1)
    }

    @Test(
        "a list of tools holds as long as the server says, but within bounds",
        arguments: [(1, 29, 31), (600_000, 599, 601), (86_400_000, 3599, 3601)]
            as [(Int64, Int, Int)]
    )
    func lifetimes(milliseconds: Int64, fresh: Int, old: Int) async throws {
        let server = ScriptedTransport { request throws(MCPError) in
            guard request.method == "tools/list" else { return ScriptedTransport.discovered }
            return ["tools": [Self.write], "ttlMs": .int(milliseconds)]
        }
        let clock = StandingClock()
        let connector = Servers([server]).connector(ConnectorTests.Pins(), clock)
        func lists() -> Int { server.methods.count { $0 == "tools/list" } }

        _ = try await connector.tools()
        clock.advance(by: .seconds(fresh))
        _ = try await connector.tools()
        let before = lists()
        clock.advance(by: .seconds(old - fresh))
        _ = try await connector.tools()

        #expect(before == 1)
        #expect(lists() == 2)
    }

    @Test("a success ends a row of failures")
    func success() async throws {
        let calls = Mutex(0)
        let second = ScriptedTransport.serving([Self.write]) { _ throws(MCPError) in
            let isFirst = calls.withLock { calls in
                calls += 1
                return calls == 1
            }
            guard isFirst else {
                throw MCPError(.disconnected, "", "it died", mayHaveArrived: true)
            }
            return ["content": []]
        }
        let servers = Servers([
            .serving([Self.write], Self.failing(.disconnected)), second, .serving([Self.write]),
        ])
        let connector = servers.connector()
        func code() async -> MCPError.Code? {
            do throws(MCPError) {
                _ = try await connector.call("order", .object([]))
                return nil
            } catch {
                return error.code
            }
        }

        let codes = await [code(), code(), code(), code()]

        #expect(codes == [.disconnected, nil, .disconnected, nil])
        #expect(servers.count == 3)
    }

    @Test("a changed definition is told each time, and never as a server that has to rest")
    func quarantinedAgain() async throws {
        let pins = ConnectorTests.Pins()
        _ = try await Servers([.serving([Self.write])]).connector(pins).tools()
        let connector = Servers([.serving([Self.read])]).connector(pins)
        var codes: [MCPError.Code?] = []

        for _ in 0..<4 {
            codes.append(
                await #expect(throws: MCPError.self) { try await connector.tools() }?.code
            )
        }

        #expect(codes == Array(repeating: .quarantined, count: 4))
    }

    @Test("callers that come while a conversation is opened wait for the same one")
    func oneAttempt() async throws {
        let gate = SampleServer.Gate()
        let server = ScriptedTransport.serving([Self.write])
        let connector = Connector("c", pins: ConnectorTests.Pins(), clock: StandingClock()) {
            (beginning, inbox) async throws(MCPError) in
            await gate.wait()
            return try await ClientSession.open(over: server, inbox: inbox, beginning: beginning)
        }

        let callers = (0..<20).map { _ in Task { try await connector.tools() } }
        let isOpening = try await eventually { gate.count > 0 }
        // Each of these has its turn behind the callers that came before.
        for _ in 0..<100 { await Task.yield() }
        gate.open()
        for caller in callers { #expect(try await caller.value.count == 1) }

        #expect(isOpening)
        #expect(gate.count == 1)
    }
}
