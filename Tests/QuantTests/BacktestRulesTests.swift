// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Backtest rules")
struct BacktestRulesTests {
    private static let flat = (100.0, 100.0, 100.0, 100.0)

    /// Enters once, at the close of the first bar, whose open is 1, with ten thousand.
    private func run(
        _ rows: [(Double, Double, Double, Double)],
        side: String = "long",
        exit: String = "false",
        _ members: [JSON.Member],
        costs: Costs? = nil,
        capital: Double = 10_000
    ) throws -> BacktestResult {
        var json: [JSON.Member] = [
            JSON.Member("schema", 1), JSON.Member("name", "sample"), JSON.Member("family", "test"),
            JSON.Member("universe", ["AAA"]), JSON.Member("side", .string(side)),
            JSON.Member("enter", "open == 1.0"), JSON.Member("exit", .string(exit)),
        ]
        json += members
        if !members.contains(where: { $0.name == "units" || $0.name == "size" }) {
            json.append(JSON.Member("size", .double(1)))
        }
        return try Backtest.run(
            strategy: try Strategy(.object(json)),
            history: [try Samples.series([(1.0, 100.0, 1.0, 100.0)] + rows)],
            costs: costs,
            capital: capital
        )
    }

    @Test("an invalidation closes at the next open, after the exit and before the holding limit")
    func invalidation() throws {
        let rows = [Self.flat, (100, 100, 90, 95), (90, 90, 90, 90)]
        let invalid = JSON.Member("invalidation", "low < 95.0")
        let hold = JSON.Member("hold", 2)

        let alone = try run(rows, [invalid])
        let both = try run(rows, exit: "low < 95.0", [invalid])
        let held = try run(rows, [invalid, hold])

        #expect(alone.trades.map(\.reason) == [.invalidation])
        #expect(alone.trades.map(\.exitPrice) == [90])
        #expect(both.trades.map(\.reason) == [.exit])
        #expect(held.trades.map(\.reason) == [.invalidation])
    }

    @Test("a futures contract gains its multiplier per point and pays by value or by lot")
    func multiplier() throws {
        let rows = [(3500.0, 3500.0, 3500.0, 3500.0), (3550.0, 3550.0, 3550.0, 3550.0)]
        let members = [
            JSON.Member("units", .double(2)), JSON.Member("multiplier", .double(10)),
            JSON.Member("costs", ["fee": .double(0.0001), "fee_per_unit": .double(1.5)]),
        ]

        let byStrategy = try run(rows, members, capital: 100_000)
        let byCaller = try run(
            rows,
            members,
            costs: Costs(feeRate: 0.0001, slippageRate: 0),
            capital: 100_000
        )

        #expect(byCaller.trades.map(\.pnl) == [985.9])
        #expect(byCaller.equity.last == 100_985.9)
        #expect(byStrategy.trades.map(\.pnl) == [979.9])
        #expect(byStrategy.trades.first.map(\.fees) == 20.1)
    }

    @Test("units by share are whole lots")
    func lots() throws {
        let result = try run(
            [Self.flat],
            [JSON.Member("lot", .double(0.01)), JSON.Member("size", .double(0.33335))]
        )

        #expect(result.trades.map(\.quantity) == [33.33])
    }

    @Test("a stop may be a distance as of the decision, on either side", arguments: [true, false])
    func distance(_ isLong: Bool) throws {
        // The first bar ranges over 99, so that the distance is 9.9 at the decision.
        let members = [JSON.Member("stop", "(high - low) / 10.0"), JSON.Member("target", "19.8")]
        let fall = (100.0, 100.0, 70.0, 100.0)
        let rise = (100.0, 130.0, 100.0, 100.0)

        let lost = try run(
            [Self.flat, isLong ? fall : rise],
            side: isLong ? "long" : "short",
            members
        )
        let won = try run(
            [Self.flat, isLong ? rise : fall],
            side: isLong ? "long" : "short",
            members
        )

        #expect(lost.trades.map(\.reason) == [.stop] && won.trades.map(\.reason) == [.target])
        #expect(Samples.near(lost.trades.first?.exitPrice, isLong ? 90.1 : 109.9))
        #expect(Samples.near(won.trades.first?.exitPrice, isLong ? 119.8 : 80.2))
    }

    @Test(
        "nothing is entered where a distance is missing or not above 0",
        arguments: ["atr(1)", "close - 100.0", "close - 200.0"]
    )
    func noDistance(_ distance: String) throws {
        let result = try run([Self.flat], [JSON.Member("stop", .string(distance))])

        #expect(result.trades.isEmpty)
    }

    @Test("cash is exact over many trades")
    func exactCash() throws {
        // 0.1 has no exact double; a thousand round trips of one unit lose 0.1 each.
        var rows: [(Double, Double, Double, Double)] = []
        for _ in 0..<1000 { rows += [(100.1, 100.1, 100, 100), (100, 100, 100, 100)] }
        let strategy = try Samples.strategy(
            enter: "open == 100.0",
            exit: "open > 100.0",
            extra: [JSON.Member("lot", .double(100))]
        )
        let series = try Samples.series([Self.flat] + rows)

        let result = try Backtest.run(strategy: strategy, history: [series], capital: 31_000)

        #expect(result.trades.count == 1000)
        #expect(result.trades.allSatisfy { $0.pnl == -10 })
        #expect(result.equity.last == 21_000)
    }

    @Test("sums of money stay finite however absurd the prices are")
    func hugePrices() throws {
        let huge = (1e300, 1e308, 1.0, 1e308)

        let result = try run(
            [huge, huge, huge],
            side: "short",
            [JSON.Member("units", .double(1e12)), JSON.Member("multiplier", .double(1e9))],
            costs: Costs(feeRate: 0.5, slippageRate: 0.5)
        )

        #expect(result.trades.map(\.reason) == [.ruin])
        #expect(result.trades.allSatisfy { $0.pnl.isFinite })
        #expect(result.metrics.sharpe?.isFinite != false)
    }
}
