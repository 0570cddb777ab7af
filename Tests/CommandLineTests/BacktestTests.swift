// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk backtest", .scratchFolder)
struct BacktestTests {
    static let keys = [
        "bars", "trades", "total_return", "cagr", "volatility", "sharpe", "sortino", "calmar",
        "max_drawdown", "newey_west_t", "psr", "turnover", "exposure", "win_rate",
        "profit_factor", "final_equity",
    ]

    @Test("the object has the keys, in their order, and agrees with the files")
    func object() async throws {
        let lab = try Lab()
        let words = ["--trades", lab.path("t.csv"), "--equity", lab.path("e.csv")]

        let json = try await lab.json("backtest", [lab.strategy] + words)

        let names = (json.objectValue ?? []).map(\.name)
        #expect(Array(names.prefix(Self.keys.count)) == Self.keys)
        let trades = try lab.lines("t.csv")
        let equity = try lab.lines("e.csv")
        #expect(json["trades"] == .int(Int64(trades.count - 1)))
        #expect(json["bars"] == .int(Int64(equity.count - 1)))
        #expect(trades.count > 5)
        let last = try #require(equity.last?.split(separator: ",").dropFirst().first)
        #expect(json["final_equity"]?.doubleValue == Double(last))
    }

    @Test("the written returns have the statistics of the backtest")
    func returns() async throws {
        let lab = try Lab()

        let run = try await lab.json("backtest", [lab.strategy, "--returns", lab.path("r.csv")])
        let stats = try await TestDesk.run(["stats", lab.path("r.csv"), "--json"])

        let json = try JSON(parsing: Array(stats.stdout.utf8))
        for name in ["sharpe", "newey_west_t", "psr", "sortino", "volatility"] {
            // Sums over returns and over equity may round the last digits differently.
            let left = try #require(run[name]?.doubleValue)
            let right = try #require(json[name]?.doubleValue)
            #expect(abs(left - right) <= 1e-12 * abs(right), "\(name)")
        }
    }

    @Test("YAML and JSON, comments, order and spelling do not change the hash")
    func hash() async throws {
        let lab = try Lab()
        try lab.write(
            """
            # the same, otherwise
            exit: "sma(close,fast)<sma(close,  slow)"
            enter: sma(close, fast) > sma(close, slow)   # cross
            parameters:
              slow: 20.0
              fast: 0.5e1
            costs: {fee: 0.00050}
            """,
            to: "other.yaml"
        )
        try lab.write(
            #"{"parameters": {"fast": 5, "slow": 20}, "costs": {"fee": 5e-4}, "name": "x","#
                + #" "enter": "sma(close, fast) > sma(close, slow)","#
                + #" "exit": "sma(close, fast) < sma(close, slow)"}"#,
            to: "third.json"
        )

        let one = try await lab.json("backtest", [lab.strategy])
        let two = try await lab.json("backtest", [lab.path("other.yaml")])
        let three = try await lab.json("backtest", [lab.path("third.json")])

        #expect(one["strategy"] == two["strategy"])
        #expect(one["strategy"] == three["strategy"])
        #expect(one["name"] == "cross" && two["name"] == "other" && three["name"] == "x")
        #expect(one["final_equity"] == three["final_equity"])
    }

    @Test("costs on the command line stand for those of the strategy")
    func costs() async throws {
        let lab = try Lab()

        let own = try await lab.json("backtest", [lab.strategy])
        let same = try await lab.json("backtest", [lab.strategy, "--fee", "0.0005"])
        let free = try await lab.json("backtest", [lab.strategy, "--fee", "0"])
        let slow = try await lab.json("backtest", [lab.strategy, "--slippage", "0.01"])

        #expect(own == same)
        #expect((free["final_equity"]?.doubleValue ?? 0) > (own["final_equity"]?.doubleValue ?? 0))
        #expect((slow["final_equity"]?.doubleValue ?? 0) < (own["final_equity"]?.doubleValue ?? 0))
    }

    @Test("bars before a window warm up and are not counted")
    func window() async throws {
        let lab = try Lab()

        let json = try await lab.json(
            "backtest",
            [lab.strategy, "--from", "2010-02-01", "--through", "2010-02-28"]
        )

        #expect(json["bars"] == 28)
        #expect(json["from"] == "2010-02-01T00:00:00Z")
        #expect(json["through"] == "2010-02-28T00:00:00Z")
    }

    @Test("several symbols are one portfolio")
    func portfolio() async throws {
        let lab = try Lab()
        try lab.write(lab.bars(200, symbols: ["AAA", "BBB"]), to: "bars.csv")
        try lab.write("enter: close > sma(close, 9)\nexit: \"false\"\nsize: 0.5\nhold: 3\n")

        let json = try await lab.json("backtest", [lab.strategy])
        let one = try await lab.run("backtest", [lab.strategy, "--trades", lab.path("t.csv")])

        #expect(json["bars"] == 200)
        #expect(one.isSuccess)
        #expect(try lab.lines("t.csv").contains { $0.hasPrefix("BBB,") })
    }

    @Test("a report is written, the same twice")
    func report() async throws {
        let lab = try Lab()

        for name in ["a.html", "b.html"] {
            let result = try await lab.run("backtest", [lab.strategy, "--html", lab.path(name)])
            #expect(result.isSuccess, "\(result.stderr)")
        }

        let page = try lab.folder.read("a.html")
        #expect(page == (try lab.folder.read("b.html")))
        let text = String(decoding: page, as: UTF8.self)
        #expect(text.contains("enter: sma(close, fast) &gt; sma(close, slow)"))
    }

    @Test("people get a table")
    func table() async throws {
        let lab = try Lab()

        let result = try await lab.run("backtest", [lab.strategy])

        #expect(result.isSuccess)
        #expect(result.stdout.hasPrefix("cross: BARS, 300 bars from 2010-01-01"))
        #expect(result.stdout.contains("Sharpe ratio"))
    }

    @Test("one bar has no figures but those of nothing done, and is no fault")
    func oneBar() async throws {
        let lab = try Lab()
        try lab.write(lab.bars(1), to: "bars.csv")

        let json = try await lab.json("backtest", [lab.strategy])

        #expect(json["bars"] == 1 && json["trades"] == 0)
        #expect(json["sharpe"] == .null && json["final_equity"]?.doubleValue == 100_000)
        #expect(json["total_return"]?.doubleValue == 0 && json["max_drawdown"]?.doubleValue == 0)
        #expect(json["cagr"] == .null && json["volatility"] == .null)
    }
}
