// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Quant
import Testing

@testable import Agents

@Suite("Hypothesis catalog")
struct HypothesisCatalogTests {
    static let symbols = ["MSFT", "AAPL"]
    static let all = HypothesisCatalog(
        families: RoleSettings.families,
        symbols: symbols,
        size: 0.02
    )

    @Test("every strategy of the catalog parses, and no two are the same")
    func parses() throws {
        let strategies = try Self.all.strategies.map { try Strategy($0) }

        #expect(strategies.count == 3 * (4 + 4 + 3 + 2 + 3 + 1) + 2 + 1 + 1)
        #expect(Set(strategies.map(\.hash)).count == strategies.count)
        #expect(Set(strategies.map(\.name)).count == strategies.count)
        #expect(strategies.allSatisfy { $0.size == 0.02 && $0.hold != nil })
    }

    @Test("the order is rank, then universe, then family")
    func order() throws {
        let catalog = HypothesisCatalog(
            families: ["trend", "turn-of-month"],
            symbols: Self.symbols,
            size: 0.02
        )

        #expect(
            catalog.strategies.compactMap { $0["name"]?.stringValue } == [
                "trend-12-26-all", "turn-of-month-all", "trend-12-26-aapl", "turn-of-month-aapl",
                "trend-12-26-msft", "turn-of-month-msft", "trend-20-50-all", "trend-20-50-aapl",
                "trend-20-50-msft", "trend-50-200-all", "trend-50-200-aapl", "trend-50-200-msft",
            ]
        )
    }

    @Test("the first hypothesis is the regression over all instruments")
    func first() {
        let first = Self.all.strategies.first

        #expect(first?["family"]?.stringValue == "regression")
        #expect(first?["universe"] == ["AAPL", "MSFT"])
    }

    @Test("one instrument has no universe beside itself, and none gives no strategies")
    func smallUniverses() {
        let one = HypothesisCatalog(families: ["trend"], symbols: ["AAPL"], size: 0.02)
        let none = HypothesisCatalog(families: ["trend"], symbols: [], size: 0.02)
        let unknown = HypothesisCatalog(families: ["astrology"], symbols: ["AAPL"], size: 0.02)

        #expect(one.strategies.count == 3)
        #expect(none.strategies.isEmpty)
        #expect(unknown.strategies.isEmpty)
    }

    @Test("every family's numbers name a published source", arguments: RoleSettings.families)
    func sources(family: String) throws {
        let path = "Sources/Agents/Researcher/StrategyForm+Families.swift"
        let text = String(decoding: try Sample.root.read(path), as: UTF8.self)
        let words = family.split(separator: "-")
        let name = words.dropFirst().reduce(String(words[0])) {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)

        let place = try #require(
            lines.firstIndex { $0.contains("private static let \(name) =") }
        )
        let comment = lines[..<place].reversed().prefix { $0.contains("///") }.joined()

        #expect(comment.contains(/\((19|20)\d\d\)/))
    }

    @Test("the turn of the month is entered before its last weekday and left after the third")
    func turnOfMonth() throws {
        let strategy = try Sample.catalogued("turn-of-month")
        let series = try Sample.series(through: "2024-03-08", closes: Sample.calm(20))

        let decisions = try #require(
            try PreparedStrategy(strategy, history: [series]).decisions(of: series.symbol)
        )
        let entries = zip(series.times, decisions.enter).filter(\.1).map { "\($0.0.date)" }
        let exits = zip(series.times, decisions.exit).filter(\.1).map { "\($0.0.date)" }

        #expect(entries == ["2024-02-28"])
        #expect(exits.last == "2024-03-05")
    }
}
