// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Gateway
import Testing
import Trading

@Suite("Figures of the account in the gateway")
struct MetricsServiceTests {
    private func figures(_ bench: Bench, as role: ClientRole = .observer) -> JSON {
        bench.ask(.readMetrics, as: role)["result"] ?? .null
    }

    @Test("figures and positions are those of the account, for everybody who asks")
    func figures() throws {
        let bench = try Bench()
        bench.settle(1)
        bench.round(1, 1)
        _ = bench.ask(.submit, Bench.entry("a", day: 1, hold: 50))
        let settled = bench.settle(2)["result"]
        bench.round(2, 3)

        let told = figures(bench)

        let account = bench.service.currentExchange.book.account
        let position = try #require(told["positions"]?.arrayValue?.first)
        #expect(told["accountValue"]?.stringValue == account.equity.description)
        #expect(told["availableCash"]?.stringValue == account.freeCash.description)
        #expect(told["started"]?.stringValue == Bench.day(1))
        #expect(told["minutesSinceStart"] == 1_440)
        #expect(told["sessions"] == 2)
        #expect(position["entry"] == "a")
        #expect(position["plan"]?["holdLimit"] == 50)
        // Bought 10 at an open of 119 and slippage of 0.03 %, closed at 115, fee of 0.07 %.
        #expect(position["currentPrice"] == "115")
        #expect(position["unrealizedProfit"] == "-41.1902499")
        #expect(settled?["account"] == told)
        #expect(figures(bench, as: .executor) == told)
    }

    @Test("figures survive a restart to the last bit, also after a session that closed everything")
    func restart() throws {
        let bench = try Bench(hasLatch: true)
        for day in 1...12 {
            bench.settle(day)
            bench.round(day, 1)
            _ = bench.ask(.submit, Bench.entry("a\(day)", day: day))
        }
        bench.service.engageHalt(.person, "enough", flatten: true)
        let before = figures(bench)

        try bench.reopen()
        bench.round(12, 2)

        #expect(before["sharpe"]?.doubleValue != nil)
        #expect(before["positions"] == [])
        #expect(figures(bench) == before)
    }

    @Test("on a live desk minutes go on between closes")
    func minutes() throws {
        var now = Instant(secondsSinceEpoch: 946_684_800 + 86_400)
        let bench = try Bench(now: { now })
        bench.settle(1)
        now = now.adding(seconds: 605)

        #expect(figures(bench)["minutesSinceStart"] == 10)
    }
}
