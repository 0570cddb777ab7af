// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Strategies that are programs")
struct PositionStrategyTests {
    static func strategy(_ extra: String = "", universe: String = #""AAA""#) throws
        -> PositionStrategy
    {
        try PositionStrategy(
            try JSON(
                parsing: #"{"schema": 1, "name": "p", "family": "f", "universe": [\#(universe)],"#
                    + #" "command": ["prog", "--n={n}"], "parameters": {"n": 3}\#(extra)}"#
            )
        )
    }

    /// A program that wants those positions at bars counted from 0.
    static func wanting(_ rows: [(Int, Double)]) -> PositionStrategy.Program {
        { _, input in
            let lines = String(decoding: input, as: UTF8.self).split(separator: "\n").dropFirst()
            let times = lines.map { $0.split(separator: ",")[1] }
            var text = "timestamp,position\n"
            for (index, position) in rows where index < times.count {
                text += "\(times[index]),\(position)\n"
            }
            return Array(text.utf8)
        }
    }

    static let rows: [(Double, Double, Double, Double)] = [
        (10, 11, 9, 10), (10, 11, 9, 10), (11, 12, 10, 12), (12, 13, 11, 12), (14, 15, 13, 14),
        (15, 16, 14, 15), (16, 17, 15, 16), (16, 17, 15, 15),
    ]

    @Test("positions are filled at the next open, and a reversal is two trades, by hand")
    func byHand() throws {
        let series = try Samples.series(Self.rows)
        let strategy = try Self.strategy(#", "measure": "units", "costs": {"fee": 0.01}"#)

        let result = try strategy.run(
            history: [series],
            capital: 1000,
            program: Self.wanting([(1, 10), (3, -5), (5, 0)])
        )

        // Bought 10 at 11, sold 15 at 14, bought 5 at 16.
        let fees = [1.1, 2.1, 0.8]
        #expect(result.trades.count == 2)
        #expect(result.trades[0].side == .long && result.trades[1].side == .short)
        #expect(result.trades[0].quantity == 10 && result.trades[1].quantity == 5)
        #expect(Samples.near(result.trades[0].pnl, 30 - 1.1 - 1.4))
        #expect(Samples.near(result.trades[1].pnl, -10 - 0.7 - 0.8))
        #expect(Samples.near(result.equity.last, 1000 + 30 - 10 - fees.reduce(0, +)))
        #expect(Samples.near(result.equity[2], 1000 + 10 * (12 - 11) - 1.1))
        #expect(result.times.count == 8)
    }

    @Test("a share of equity is a number of units, and prices alone change nothing")
    func shares() throws {
        let series = try Samples.series(Self.rows)

        let result = try Self.strategy().run(
            history: [series],
            capital: 1000,
            program: Self.wanting([(0, 0.5), (1, 0.5)])
        )

        #expect(result.trades.count == 1)
        #expect(result.trades[0].quantity == 50)
        #expect(result.trades[0].reason == .windowEnd)
        #expect(result.trades[0].exitPrice == 15)
    }

    @Test("a number of whole lots is taken whole, and a part of one is left out")
    func lots() throws {
        let series = try Samples.series(Self.rows)

        let result = try Self.strategy(#", "measure": "units", "lot": 0.1"#).run(
            history: [series],
            capital: 1000,
            program: Self.wanting([(0, 0.3), (2, 0), (3, -0.3), (5, 0.29)])
        )

        #expect(Samples.near(result.trades.first?.quantity, 0.3))
        #expect(Samples.near(result.trades.last?.quantity, 0.2))
        #expect(result.trades.map(\.side) == [.long, .short, .long])
    }

    @Test("what is wanted before a window is entered at each symbol's first bar in it")
    func windowed() throws {
        let one = try Samples.series(Self.rows)
        var two = BarSeries(symbol: try Samples.symbol("BBB"))
        for (index, bar) in try Samples.series(Self.rows, symbol: "BBB").bars.enumerated()
        where index != 3 { two.append(bar) }
        let strategy = try Self.strategy(#", "measure": "units""#, universe: #""AAA", "BBB""#)

        let result = try strategy.run(
            history: [one, two],
            window: (one.times[3], one.times[7]),
            capital: 1000
        ) { _, input in
            let rows = String(decoding: input, as: UTF8.self).split(separator: "\n").dropFirst()
            let firsts = rows.prefix(2).map { $0.split(separator: ",") }
            let lines = firsts.map { "\($0[1]),\($0[0]),2\n" }.joined()
            return Array("timestamp,symbol,position\n\(lines)".utf8)
        }

        #expect(result.trades.map(\.symbol.description) == ["AAA", "BBB"])
        #expect(result.trades.map(\.entryTime) == [one.times[4], one.times[5]])
    }

    @Test("adding and taking away in parts is one trade at mean prices")
    func parts() throws {
        let series = try Samples.series(Self.rows)

        let result = try Self.strategy(#", "measure": "units""#).run(
            history: [series],
            capital: 1000,
            program: Self.wanting([(0, 1), (1, 3), (2, 2), (4, 0)])
        )

        #expect(result.trades.count == 1)
        #expect(result.trades[0].quantity == 3)
        #expect(Samples.near(result.trades[0].entryPrice, (10 + 2 * 11) / 3.0))
        #expect(Samples.near(result.trades[0].exitPrice, (12 + 2 * 15) / 3.0))
        #expect(Samples.near(result.trades[0].pnl, 42 - 32))
    }

    @Test("the program's words have the parameters, and its input the bars in order")
    func input() throws {
        let one = try Samples.series(Self.rows, symbol: "AAA")
        let two = try Samples.series(Self.rows, symbol: "BBB")
        var seen: [String] = []
        var lines: [Substring] = []

        _ = try Self.strategy(universe: #""BBB", "AAA""#).run(history: [two, one]) { words, input in
            if lines.isEmpty {
                seen = words
                lines = String(decoding: input, as: UTF8.self).split(separator: "\n")
            }
            return Array("timestamp,symbol,position\n".utf8)
        }

        #expect(seen == ["prog", "--n=3"])
        #expect(lines[0] == "symbol,timestamp,open,high,low,close,volume")
        #expect(lines[1].hasPrefix("AAA,2024-01-01,") && lines[2].hasPrefix("BBB,2024-01-01,"))
        #expect(lines.count == 17)
    }

    @Test("the hash covers the files that the command names")
    func hash() throws {
        var strategy = try Self.strategy()
        let bare = strategy.hash

        strategy.files = ["s.py": ContentHash(of: "one")]
        let first = strategy.hash
        strategy.files = ["s.py": ContentHash(of: "two")]

        #expect(Set([bare, first, strategy.hash]).count == 3)
        #expect(try Self.strategy().hash == bare)
    }

    @Test("a program that knows later bars is refused by the bar and both positions")
    func lookAhead() throws {
        let series = try ReportTests.walk(100)

        let error = #expect(throws: QuantError.self) {
            try Self.strategy().run(history: [series]) { _, input in
                let rows = String(decoding: input, as: UTF8.self).split(separator: "\n")
                let last = rows[rows.count - 1].split(separator: ",")[5]
                let time = rows[1].split(separator: ",")[1]
                return Array(
                    "timestamp,position\n\(time),\(Double(last) ?? 0 > 100 ? 1 : 0.5)\n".utf8
                )
            }
        }

        #expect(error?.code == .badStrategy)
        #expect(error?.reason.contains("looks ahead: at 2010-01-01") == true)
    }

    @Test("a program that uses the past alone passes, whatever it computes")
    func honest() throws {
        let series = try ReportTests.walk(100)

        let result = try Self.strategy().run(history: [series]) { _, input in
            let rows = String(decoding: input, as: UTF8.self).split(separator: "\n").dropFirst()
            var text = "timestamp,position\n"
            var last = 0.0
            for row in rows {
                let fields = row.split(separator: ",")
                let close = Double(fields[5]) ?? 0
                text += "\(fields[1]),\(close > last ? 1 : -1)\n"
                last = close
            }
            return Array(text.utf8)
        }

        #expect(result.trades.count > 20)
    }

    @Test(
        "output that cannot be used is refused with its line",
        arguments: [
            ("", "wrote nothing"), ("time,position\n", "line 1"),
            ("timestamp,position\n2024-01-01\n", "line 2: expected 2 fields"),
            ("timestamp,position\nsoon,1\n", "line 2: 'soon' is no time"),
            ("timestamp,position\n2023-01-01,1\n", "line 2: AAA has no bar at"),
            ("timestamp,position\n2024-01-01,x\n", "line 2: the position 'x'"),
            ("timestamp,position\n2024-01-01,nan\n", "line 2"),
            ("timestamp,position\n2024-01-01,1.5\n", "not from -1 to 1"),
            ("timestamp,position\n2024-01-01,1\n2024-01-01,0\n", "line 3: AAA has a position"),
            ("timestamp,symbol,position\n2024-01-01,ZZZ,1\n", "'ZZZ' is not in the universe"),
        ]
    )
    func badOutput(_ text: String, _ words: String) throws {
        let series = try Samples.series(Self.rows)

        let error = #expect(throws: QuantError.self) {
            try Self.strategy().run(history: [series]) { _, _ in Array(text.utf8) }
        }

        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test(
        "members that cannot be are refused",
        arguments: [
            (#", "measure": "lots""#, "strategy.measure"), (#", "lot": 0"#, "strategy.lot"),
            (#", "enter": "x""#, "unknown member 'enter'"),
            (#", "costs": {"fee": 2}"#, "strategy.costs.fee"),
        ]
    )
    func badMembers(_ extra: String, _ words: String) throws {
        let error = #expect(throws: QuantError.self) { try Self.strategy(extra) }

        #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
    }

    @Test("losing more than there is ends the run with ruin")
    func ruin() throws {
        let rows = [(10.0, 10.0, 10.0, 10.0), (10, 10, 10, 10), (40, 40, 40, 40), (50, 50, 50, 50)]

        let result = try Self.strategy(#", "measure": "units""#).run(
            history: [try Samples.series(rows)],
            capital: 100,
            program: Self.wanting([(0, -9)])
        )

        #expect(result.trades.map(\.reason) == [.ruin])
        #expect(result.equity.count == 4 && (result.equity.last ?? 1) < 0)
    }
}
