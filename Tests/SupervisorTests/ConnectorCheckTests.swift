// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import MCP
import TestSupport
import Testing

@testable import Supervisor

@Suite("An examination of what a desk calls", .scratchFolder)
struct ConnectorCheckTests {
    private static let alpaca = [
        "cancel_order_by_id", "get_account_activities_by_type", "get_account_info",
        "get_all_positions", "get_order_by_client_id", "get_order_by_id", "get_orders",
        "place_stock_order",
    ]

    private static let feed = """
        feed:
            kind: csv
            path: bars.csv
            fetch:
              connector: data
              tool: get_bars
              arguments: {symbols: "{symbol}"}
        """

    private static let alert =
        "alerts: {chat: {on: [halt], connector: data, tool: post,"
        + " arguments: {text: \"{text}\"}}}"

    /// The findings and details of a desk with this broker, this list of the connector's tools, and
    /// these names accepted of connectors.
    private func look(
        _ more: String,
        feed: String? = nil,
        accepted: [String: [String]] = [:]
    ) async throws -> (findings: [Finding], detail: String?) {
        let bench = try await Bench.make("a", Bench.Setting(more: more))
        if let feed {
            let text = String(decoding: try bench.desk.read("orchestrator.yml"), as: UTF8.self)
            let new = text.replacing("feed: {kind: sim, seed: 1, edge: 0}", with: feed)
            try bench.write("desk", "orchestrator.yml", new)
        }
        let desk = try bench.open()
        for (connector, tools) in accepted {
            let hash = JSON.string(ContentHash(of: connector).description)
            let pins = JSON.object(tools.map { .init($0, hash) })
            try PinFolder(desk.folder.connectors).save(ToolPins(["tools": pins]), of: connector)
        }
        let scene = try ExaminedDesk(desk, ExaminationBench.goodFacts)
        let result = try ConnectorCheck(scene: scene).look()
        return (result.findings, result.detail)
    }

    private static func broker(_ tools: String = "", mapping: String = "alpaca") -> String {
        "connectors: {broker: {command: [b]\(tools)}, data: {command: [d]}}\n"
            + "broker: {connector: broker, mapping: \(mapping)}"
    }

    @Test("a desk that calls no tools has nothing to find and nothing to tell")
    func nothing() async throws {
        let seen = try await look("")

        #expect(seen.findings.isEmpty && seen.detail == nil)
    }

    @Test("what was accepted with all tools is good, for the broker, the feed and alerts")
    func good() async throws {
        let seen = try await look(
            "\(Self.broker())\n\(Self.alert)",
            feed: Self.feed,
            accepted: ["broker": Self.alpaca, "data": ["get_bars", "post"]]
        )

        #expect(seen.findings == [])
        #expect(
            seen.detail
                == "broker, market.feed.fetch, alerts.chat have the tools that they call"
        )
    }

    @Test("a connector of which nothing was accepted is a note, once for each that needs it")
    func unknown() async throws {
        let seen = try await look("\(Self.broker())\n\(Self.alert)", feed: Self.feed)

        #expect(
            seen.findings.map(\.code) == [.connectorUnknown, .connectorUnknown, .connectorUnknown]
        )
        #expect(seen.findings.map(\.place) == ["broker", "market.feed.fetch", "alerts.chat"])
        #expect(seen.findings.allSatisfy { $0.code.severity == .note } && seen.detail == nil)
    }

    @Test("a tool that nobody has accepted is a warning that names it and what needs it")
    func missing() async throws {
        let seen = try await look(
            "\(Self.broker())\n\(Self.alert)",
            feed: Self.feed,
            accepted: [
                "broker": Self.alpaca.filter { $0 != "get_orders" }, "data": ["post", "bars"],
            ]
        )

        #expect(seen.findings.map(\.code) == [.toolMissing, .toolMissing])
        #expect(seen.findings.map(\.place) == ["broker", "market.feed.fetch"])
        #expect(seen.findings.first?.message.hasSuffix("by the name of get_orders") == true)
        #expect(seen.findings.last?.message.hasSuffix("by the name of get_bars") == true)
        #expect(seen.findings.allSatisfy { $0.code.severity == .warning })
    }

    @Test("a tool that the connector's own list leaves out is an error, accepted or not")
    func barred() async throws {
        let tools = Self.alpaca.filter { $0 != "get_account_info" }.joined(separator: ", ")

        let seen = try await look(
            Self.broker(", tools: [\(tools)]"),
            accepted: ["broker": Self.alpaca]
        )

        #expect(seen.findings.map(\.code) == [.toolBarred])
        #expect(seen.findings.first?.message.hasSuffix("it calls: get_account_info") == true)
        #expect(seen.findings.first?.code.severity == .error)
    }

    @Test("a mapping that is not there is an error, and the rest is looked at all the same")
    func mapping() async throws {
        let more = Self.broker(mapping: "tools/none.yml")

        let seen = try await look("\(more)\n\(Self.alert)", accepted: ["data": ["post"]])

        #expect(seen.findings.map(\.code) == [.mappingUnusable])
        #expect(seen.findings.first?.message.contains("tools/none.yml") == true)
    }

    @Test("what was accepted and cannot be read keeps the examination from looking")
    func unreadable() async throws {
        let bench = try await Bench.make("a", Bench.Setting(more: Self.broker()))
        try bench.write("desk/.loopdesk/connectors", "broker.json", "no pins")

        let report = ExaminationBench(bench: bench).report()

        let found = report.findings.first { $0.code == .checkFailed }
        #expect(found?.place == "connectors")
    }
}
