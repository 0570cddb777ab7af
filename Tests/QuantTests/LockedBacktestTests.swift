// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// Four prices and the limits, down and up.
private typealias Row = (Double, Double, Double, Double, down: Double?, up: Double?)

@Suite("Backtests in locked markets")
struct LockedBacktestTests {
    private func series(_ rows: [Row]) throws -> BarSeries {
        let plain = try Samples.series(rows.map { ($0.0, $0.1, $0.2, $0.3) })
        return BarSeries(
            symbol: plain.symbol,
            bars: zip(plain.bars, rows).map { bar, row in
                Bar(bar, day: DayPrices(limitUp: row.up, limitDown: row.down))
            }
        )
    }

    private static func strategy(
        enter: String,
        exit: String,
        side: String,
        extra: [JSON.Member]
    ) throws -> Strategy {
        try Strategy(
            .object(
                [
                    JSON.Member("schema", 1), JSON.Member("name", "locks"),
                    JSON.Member("family", "test"), JSON.Member("universe", ["AAA"]),
                    JSON.Member("side", .string(side)), JSON.Member("enter", .string(enter)),
                    JSON.Member("exit", .string(exit)), JSON.Member("units", 1),
                ] + extra
            )
        )
    }

    private func run(
        _ rows: [Row],
        enter: String = "close == 10",
        exit: String = "close == 20",
        side: String = "long",
        slippage: Double = 0,
        extra: [JSON.Member] = []
    ) throws -> [String] {
        let strategy = try Self.strategy(enter: enter, exit: exit, side: side, extra: extra)
        let result = try Backtest.run(
            strategy: strategy,
            history: [series(rows)],
            costs: Costs(feeRate: 0, slippageRate: slippage),
            capital: 1000
        )
        return result.trades.map {
            "\($0.entryTime.date.parts.2) at \($0.entryPrice), \($0.exitTime.date.parts.2) at "
                + "\($0.exitPrice) \($0.reason.rawValue) \($0.bars)"
        }
    }

    @Test("an entry waits while nobody sells, however often the strategy would enter again")
    func entry() throws {
        let locked: Row = (10, 10, 10, 10, down: 8, up: 10)

        let trades = try run([
            (10, 10, 10, 10, down: 9, up: 11), locked, locked, (11, 12, 10, 11, down: 9, up: 12),
            (12, 12, 12, 12, down: 9, up: 13),
        ])

        #expect(trades == ["4 at 11.0, 5 at 12.0 windowEnd 2"])
    }

    @Test("a bar that opens at its limit and trades off it fills at its open")
    func touched() throws {
        let trades = try run([
            (10, 10, 10, 10, down: 9, up: 11), (11, 11, 10.5, 11, down: 9, up: 11),
            (12, 12, 12, 12, down: 9, up: 13),
        ])

        #expect(trades == ["2 at 11.0, 3 at 12.0 windowEnd 2"])
    }

    @Test("an exit waits while nobody buys, and a stop goes on at the next open whatever it is")
    func exit() throws {
        let opened: [Row] = [
            (10, 10, 10, 10, down: 9, up: 11), (10, 11, 10, 11, down: 9, up: 11),
        ]
        let asked: Row = (20, 20, 20, 20, down: 18, up: 22)
        let locked: Row = (8, 8, 8, 8, down: 8, up: 12)
        let free: Row = (12, 12, 11, 12, down: 8, up: 12)

        let exits = try run(opened + [asked, locked, locked, free, free])
        let stops = try run(
            opened + [locked, locked, free, free],
            extra: [JSON.Member("stop", .double(0.1))]
        )
        let shorts = try run(
            [
                opened[0], (10, 10.5, 10, 10, down: 9, up: 11), (13, 13, 13, 13, down: 9, up: 13),
                (9, 9, 8, 9, down: 8, up: 12),
            ],
            side: "short",
            extra: [JSON.Member("stop", .double(0.1))]
        )

        #expect(exits == ["2 at 10.0, 6 at 12.0 exit 5"])
        #expect(stops == ["2 at 10.0, 5 at 12.0 stop 4"])
        #expect(shorts == ["2 at 10.0, 4 at 9.0 stop 3"])
    }

    @Test("a target in a market that is locked is looked at again at the next bar")
    func target() throws {
        let trades = try run(
            [
                (10, 10, 10, 10, down: 9, up: 11), (10, 11, 10, 11, down: 9, up: 11),
                (15, 15, 15, 15, down: 15, up: 16), (11, 11, 11, 11, down: 9, up: 12),
                (14, 14, 14, 14, down: 9, up: 15), (14, 14, 14, 14, down: 9, up: 15),
            ],
            extra: [JSON.Member("target", .double(0.3))]
        )

        #expect(trades == ["2 at 10.0, 5 at 14.0 target 4"])
    }

    @Test("slippage does not lead beyond the limits")
    func capped() throws {
        let trades = try run(
            [
                (10, 10, 10, 10, down: 9, up: 11), (10, 10.1, 9, 10, down: 9, up: 10.25),
                (20, 20, 20, 20, down: 19, up: 21), (20, 21, 20, 20, down: 19.5, up: 21),
            ],
            slippage: 0.05
        )

        #expect(trades == ["2 at 10.25, 4 at 19.5 exit 3"])
    }

    @Test("a sweep has the results of backtests")
    func sweep() throws {
        let strategy = try Self.strategy(
            enter: "close >= level",
            exit: "false",
            side: "long",
            extra: [JSON.Member("parameters", ["level": 10])]
        )
        let locked: Row = (11, 11, 11, 11, down: 9, up: 11)
        let history = [
            try series([
                (10, 10, 10, 10, down: 9, up: 11), locked, (12, 12, 11, 12, down: 9, up: 13),
                (14, 14, 14, 14, down: 9, up: 14), (15, 15, 15, 15, down: 9, up: 16),
            ])
        ]
        var equity: [Double?] = []
        try SweepRunner(strategy, history: history, grid: Grid(parsing: "level=10|11"))
            .run { equity.append($0.finalEquity) }

        // Bought at 12, behind the lock, or, for the second, after the bar that is locked as well.
        #expect(equity == [100_003, 100_003])
    }

    @Test("what a program wants waits in a locked market, and slips no further than its limit")
    func positions() throws {
        let strategy = try PositionStrategyTests.strategy(#", "measure": "units""#)
        let history = [
            try series([
                (10, 10, 10, 10, down: 9, up: 11), (11, 11, 11, 11, down: 9, up: 11),
                (12, 12, 11, 12, down: 9, up: 12.1), (9, 9, 9, 9, down: 9, up: 12),
                (8, 9, 8, 8, down: 7.9, up: 9), (8, 8, 8, 8, down: 7, up: 9),
            ])
        ]

        let result = try strategy.run(
            history: history,
            costs: Costs(feeRate: 0, slippageRate: 0.05),
            capital: 1000,
            program: PositionStrategyTests.wanting([(0, 2), (1, 2), (2, 0), (3, 0), (4, 0), (5, 0)])
        )

        #expect(result.trades.map(\.entryPrice) == [12.1])
        #expect(result.trades.map(\.exitPrice) == [7.9])
    }
}
