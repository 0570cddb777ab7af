// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing
import Trading

@Suite("Figures of an account")
struct AccountMetricsTests {
    private func points(_ equities: [String]) throws -> [EquityPoint] {
        try equities.enumerated().map { day, equity in
            EquityPoint(
                time: Samples.day(day + 1),
                equity: try Samples.money(equity),
                cash: try Samples.money(equity),
                drawdown: .zero
            )
        }
    }

    @Test("nothing has happened before the first close")
    func empty() throws {
        let metrics = AccountMetrics(capital: try Samples.money("1000"))

        #expect(metrics.started == nil)
        #expect(metrics.sessions == 0)
        #expect(metrics.totalReturn == .zero)
        #expect(metrics.sharpe == nil)
        #expect(metrics.minutes(until: Samples.day(5)) == 0)
    }

    @Test("return, minutes and closes count from the beginning")
    func beginning() throws {
        var metrics = AccountMetrics(capital: try Samples.money("1000"))

        metrics.take(try points(["1000", "1100", "1045"]))

        #expect(metrics.totalReturn.description == "0.045")
        #expect(metrics.accountValue.description == "1045")
        #expect(metrics.sessions == 3)
        #expect(metrics.started == Samples.day(1))
        #expect(metrics.time == Samples.day(3))
        #expect(metrics.minutes(until: Samples.day(3)) == 2 * 24 * 60)
    }

    @Test("the Sharpe ratio is mean over deviation by n - 1, times the root of 252")
    func sharpe() throws {
        var metrics = AccountMetrics(capital: try Samples.money("1000"))
        // Returns of 0.1, -0.05 and 0.02: mean 7/300, deviation by n - 1 0.0750555...
        metrics.take(try points(["1100", "1045", "1065.9"]))

        let mean = 0.07 / 3
        let squares = [0.1, -0.05, 0.02].map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
        let expected = mean / (squares / 2).squareRoot() * 252.0.squareRoot()
        #expect(abs((metrics.sharpe ?? 0) - expected) < 1e-12)
    }

    @Test("an account that never moves, or has nothing, has no Sharpe ratio")
    func still() throws {
        var metrics = AccountMetrics(capital: try Samples.money("1000"))
        metrics.take(try points(["1000", "1000", "1000"]))
        let still = metrics.sharpe
        var ruined = AccountMetrics(capital: try Samples.money("1000"))

        ruined.take(try points(["0", "5", "5"]))

        #expect(still == nil)
        #expect(ruined.sharpe?.isFinite == true)
    }

    @Test("closes are taken in once, however they come", arguments: [1, 2, 3, 7])
    func once(step: Int) throws {
        let all = try points(["1010", "990", "1005", "1030", "1022", "1040", "1015"])
        var whole = AccountMetrics(capital: try Samples.money("1000"))
        whole.take(all)
        var parts = AccountMetrics(capital: try Samples.money("1000"))

        for end in stride(from: step, through: all.count, by: step) {
            parts.take(Array(all.prefix(end)))
        }
        parts.take(all)

        #expect(parts == whole)
    }
}
