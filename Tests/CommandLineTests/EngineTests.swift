// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import TestSupport

@Suite("loopdesk backtest --engine", .scratchFolder)
struct EngineTests {
    @Test("the paper exchange gives the same bytes", arguments: ["exchange", "live"])
    func same(engine: String) async throws {
        let lab = try Lab()
        let costs = ["--fee", "0.0007", "--slippage", "0.0003"]

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
