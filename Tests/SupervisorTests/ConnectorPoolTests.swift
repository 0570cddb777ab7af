// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP
import Processes
import Synchronization
import Testing

@testable import Supervisor

@Suite("The connectors of a desk")
struct ConnectorPoolTests {
    /// A server that gives back the name of the tool that was called.
    private struct Echo: Transport {
        func call(_ request: OutgoingRequest) async throws(MCPError) -> JSON {
            switch request.method {
            case "server/discover":
                return [
                    "supportedVersions": ["2026-07-28"], "capabilities": ["tools": .object([])],
                ]
            case "tools/list":
                return ["tools": [["name": "look", "inputSchema": ["type": "object"]]]]
            default:
                return ["content": [["type": "text", "text": request.params["name"] ?? .null]]]
            }
        }

        func tell(_ message: Message) async throws(MCPError) {}
        func settle(on revision: Revision) {}
        func close() async {}
    }

    private final class Pins: PinStore {
        private let kept = Mutex<[String: ToolPins]>([:])

        func load(_ connector: String) throws -> ToolPins? { kept.withLock { $0[connector] } }

        func save(_ pins: ToolPins, of connector: String) throws {
            kept.withLock { $0[connector] = pins }
        }
    }

    private func pool(
        making made: @escaping (String) -> Void = { _ in }
    ) throws -> ConnectorPool {
        let text = """
            version: 1
            name: Desk
            replay: {from: 2000-03-01, through: 2001-03-01}
            market: {feed: {kind: csv, path: a.csv}, symbols: [AAPL]}
            account: {capital: 1000}
            connectors:
              {news: {command: [a]}, broken: {command: [b]}, bank: {command: [c]},
               idle: {command: [d]}}
            alerts: {pager: {on: [halt], connector: bank, tool: look, arguments: {}}}
            agents:
              ingestor: {role: ingestor, every: bar}
              researcher: {role: researcher, on: [bars], connectors: [news, broken]}
            """
        let pins = Pins()
        return ConnectorPool(try DeskConfiguration(parsing: text)) { entry in
            made(entry.name)
            return Connector(entry.name, pins: pins, clock: SystemClock()) {
                (beginning, inbox) async throws(MCPError) in
                if entry.name == "broken" { throw MCPError(.cannotStart, "start it", "no such") }
                return try await ClientSession.open(
                    over: Echo(),
                    inbox: inbox,
                    beginning: beginning
                )
            }
        }
    }

    @Test(
        "a connector that no agent and no alert uses is not made; the desk itself calls all others"
    )
    func desk() async throws {
        var made: [String] = []
        let pool = try pool { made.append($0) }

        let told = try await pool.call(forDesk: "bank", "look", [:], limits: CallLimits())
        let error = await #expect(throws: MCPError.self) {
            try await pool.call(forDesk: "idle", "look", [:], limits: CallLimits())
        }
        await pool.close()

        #expect(made == ["bank", "broken", "news"])
        #expect(told.text == "look")
        #expect(error?.code == .notAllowed)
    }

    @Test("an agent is offered what its connectors have, and told which of them fail")
    func offers() async throws {
        let researcher = try #require(AgentName("researcher"))
        let pool = try pool()

        let offers = await pool.offers(for: researcher)
        let others = await pool.offers(for: try #require(AgentName("ingestor")))

        #expect(offers.tools.map(\.qualifiedName) == ["news__look"])
        #expect(offers.failures.map(\.connector) == ["broken"])
        #expect(offers.failures.map(\.error.code) == [.cannotStart])
        #expect(others.tools.isEmpty && others.failures.isEmpty)
        await pool.close()
    }

    @Test("an agent calls what it may, and hears the same of all else, there or not")
    func calls() async throws {
        let researcher = try #require(AgentName("researcher"))
        let pool = try pool()

        let result = try await pool.call(researcher, "news", "look", .object([]))
        var refusals: [MCPError] = []
        for name in ["bank", "nothing"] {
            let error = await #expect(throws: MCPError.self) {
                try await pool.call(researcher, name, "look", .object([]))
            }
            refusals += error.map { [$0] } ?? []
        }
        await pool.close()

        #expect(result.text == "look")
        #expect(refusals.map(\.code) == [.notAllowed, .notAllowed])
        #expect(refusals.map(\.mayHaveArrived) == [false, false])
    }
}
