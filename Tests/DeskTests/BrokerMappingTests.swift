// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import TestSupport
import Testing

@Suite("Broker mapping")
struct BrokerMappingTests {
    private func alpaca() throws -> String { try #require(BrokerMapping.builtIn["alpaca"]) }

    @Test("the mapping that ships with the program can be read")
    func builtIn() throws {
        let mapping = try BrokerMapping(parsing: try alpaca(), file: "alpaca")

        #expect(mapping.market.tool == "place_stock_order")
        #expect(mapping.statuses["canceled"] == .cancelled)
        #expect(mapping.sellWords == ["sell", "sell_short"])
        #expect(mapping.fills.full == 100)
        #expect(mapping.priceStep == Decimal8("0.01"))
        #expect(mapping.account.playPrefix == "PA")
        #expect(mapping.hasUniqueIDs)
    }

    @Test(
        "what is wrong with a mapping is said with its line",
        arguments: [
            ("version: 1", "version: 2", "version: found"),
            ("longest_id: 128", "longest_id: 8", "longest_id: found"),
            ("unique_ids: true", "unique_ids: 7", "unique_ids: found"),
            (
                "  duplicate: {texts: [client_order_id must be unique]}\n", "",
                "unique_ids: true needs errors.duplicate"
            ),
            ("price_step: 0.01", "price_step: 0", "price_step: found"),
            ("whole_quantities: true", "whole: true", "whole: unknown key"),
            ("client_order_id: \"{id}\"}", "x: \"{symbol}\"}", "{id}"),
            ("stop_price: \"{stop}\"", "stop_price: \"9\"", "place.stop: nothing says {stop}"),
            ("qty: \"{quantity}\"", "qty: \"{amount}\"", "found '{amount}'"),
            ("{type: market, time", "{symbol: X, time", "stands in place.arguments as well"),
            (
                "arguments: {order_id: \"{venue_id}\"}}\nquery", "arguments: {a: b}}\nquery",
                "{venue_id}"
            ),
            ("  full: 100\n", "", "fills.full: missing"),
            ("list: data.result\n  full: 500", "list: data..result\n  full: 500", "open.list"),
            (
                "{buy: [buy], sell: [sell, sell_short]", "{buy: [buy], sell: [buy]",
                "means buy already"
            ),
            ("  filled: [filled]\n", "", "statuses.filled: missing"),
            (
                "  unknown: {texts: [\"HTTP error 404\"]}", "  unknown: {texts: [x]}",
                "errors.unknown"
            ),
            ("at: data.error.http_status, values", "values", "expected texts, or at with values"),
            ("number: data.account_number", "name: x", "account.name: unknown key"),
            ("price: price}", "cost: price}", "fill.cost: unknown key"),
        ]
    )
    func faults(part: String, other: String, expected: String) throws {
        let text = try alpaca()
        let spoiled = text.replacing(part, with: other, maxReplacements: 1)
        try #require(spoiled != text, "'\(part)' is not in the mapping")

        let error = #expect(throws: DeskError.self) {
            try BrokerMapping(parsing: spoiled, file: "broker.yml")
        }

        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "none")")
        #expect(error?.description.contains("broker.yml") == true)
    }

    @Test("a desk names the broker's connector and its mapping, and may not give it to an agent")
    func configuration() throws {
        let good = try DeskConfiguration(parsing: Self.desk())

        #expect(good.broker?.connector == "alpaca")
        #expect(good.broker?.isLive == false)
        #expect(good.broker?.externalLimit == .zero)
        for (text, expected) in [
            (Self.desk(broker: "{connector: none, mapping: alpaca}"), "broker.connector"),
            (Self.desk(broker: "{connector: alpaca, mapping: ../x.yml}"), "broker.mapping"),
            (Self.desk(broker: "{connector: alpaca, mapping: ibkr}"), "broker.mapping"),
            (Self.desk(broker: "{connector: alpaca, mapping: alpaca, live: 1}"), "broker.live"),
            (
                Self.desk(broker: "{connector: alpaca, mapping: alpaca, external_limit: -1}"),
                "broker.external_limit"
            ),
            (Self.desk(agent: "connectors: [alpaca]"), "is the broker's"),
        ] {
            let error = #expect(throws: DeskError.self) { try DeskConfiguration(parsing: text) }
            #expect(error?.description.contains(expected) == true)
        }
    }

    @Test("a mapping that cannot tell play money from real needs the owner's word", .scratchFolder)
    func playMoney() throws {
        let folder = Folder(try ScratchFolder.path)
        let text = try alpaca().replacing("  play_prefix: PA\n", with: "")
        try folder.replace("own.yml", with: Array(text.utf8))
        let own = "{connector: alpaca, mapping: own.yml"

        let careful = try DeskConfiguration(parsing: Self.desk(broker: "\(own)}"))
        let bold = try DeskConfiguration(parsing: Self.desk(broker: "\(own), live: true}"))

        #expect(throws: DeskError.self) { try careful.broker?.loadMapping(in: folder) }
        #expect(try bold.broker?.loadMapping(in: folder) != nil)
    }

    private static func desk(
        broker: String = "{connector: alpaca, mapping: alpaca}",
        agent: String = "on: [bars]"
    ) -> String {
        """
        version: 1
        name: broker
        replay: {from: 2000-01-01, through: 2000-12-31}
        market:
          feed: {kind: csv, path: bars.csv}
          symbols: [AAPL]
          session_close: "21:00"
        account: {capital: 100000}
        connectors:
          alpaca: {command: [alpaca-mcp-server]}
        broker: \(broker)
        agents:
          researcher: {role: researcher, \(agent)}
        """
    }
}
