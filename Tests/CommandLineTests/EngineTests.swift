// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk backtest --engine", .scratchFolder)
struct EngineTests {
    @Test(
        "the paper exchange gives the same bytes",
        arguments: ["exchange", "live"],
        [[], ["--volume-share", "0.3", "--latency", "1", "--impact", "0.01"]]
    )
    func same(engine: String, market: [String]) async throws {
        let lab = try Lab()
        let costs = ["--fee", "0.0007", "--slippage", "0.0003"] + market

        let own = try await lab.json(
            "backtest",
            [lab.strategy, "--trades", lab.path("a.csv"), "--equity", lab.path("b.csv")] + costs
        )
        let other = try await lab.json(
            "backtest",
            [lab.strategy, "--trades", lab.path("c.csv"), "--equity", lab.path("d.csv")] + costs
                + ["--engine", engine]
        )

        #expect(own == other)
        #expect(try lab.lines("a.csv") == lab.lines("c.csv"))
        #expect(try lab.lines("b.csv") == lab.lines("d.csv"))
        #expect(try lab.lines("a.csv").count > 5)
        let plain = ["--fee", "0.0007", "--slippage", "0.0003", "--trades", lab.path("e.csv")]
        _ = try await lab.json("backtest", [lab.strategy] + plain)
        #expect(try (lab.lines("a.csv") == lab.lines("e.csv")) == market.isEmpty)
    }

    @Test(
        "settings of the market out of range, or for no bars, are refused with a sentence",
        arguments: [
            (["--volume-share", "0"], 64, "above 0 and at most 1"),
            (["--latency", "1001"], 64, "0 to 1000 bars"),
            (["--impact", "2"], 64, "from 0 to 1"),
            (["--slippage-ticks", "1"], 64, "there is none among the symbols"),
            (["--slippage-ticks", "-1"], 64, "from 0 to 10000"),
        ]
    )
    func outOfRange(words: [String], status: Int32, reason: String) async throws {
        let lab = try Lab()

        let result = try await TestDesk.run(
            ["backtest", lab.strategy, "--data", lab.path("bars.csv")] + words
        )

        #expect(result.status == status)
        #expect(result.stderr.contains(reason), "\(result.stderr)")
    }

    @Test("what the exchange cannot trade is refused with a sentence")
    func refused() async throws {
        let lab = try Lab()

        let fine = try await TestDesk.run([
            "backtest", lab.strategy, "--data", lab.path("bars.csv"), "--engine", "exchange",
            "--fee", "0.0000000001",
        ])
        let unknown = try await TestDesk.run([
            "backtest", lab.strategy, "--data", lab.path("bars.csv"), "--engine", "other",
        ])

        #expect(fine.status == 65)
        #expect(fine.stderr.contains("more than eight decimals"))
        #expect(unknown.status == 64)
    }
}
