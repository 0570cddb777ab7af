// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Cheats at the gate")
struct GateCheatTests {
    // MARK: - Peeking

    @Test("a program that knows tomorrow's close is refused by what it decides without it")
    func peeking() throws {
        let history = try GateSamples.market(strength: 0)
        let run = GateSamples.wanting { closes, index, _ in
            index + 1 < closes.count && closes[index + 1] > closes[index]
        }

        let verdict = try GateSamples.judge(
            .program(try GateSamples.program(), run: run),
            history
        )

        let test = try verdict.test(.lookAhead)
        #expect(test.outcome == .failed && (test.value ?? 0) > 0)
        #expect(test.reason.contains("is another when the bars after"))
        // By its figures alone it would be the best strategy that ever was.
        #expect(try verdict.test(.sharpe).outcome == .held)
        #expect(try verdict.test(.deflated).outcome == .held)
        #expect(!verdict.passed && !verdict.looked)
    }

    @Test("a program that normalises by the whole history is refused by the same test")
    func normalising() throws {
        let history = try GateSamples.market(strength: 0)
        let run = GateSamples.wanting { closes, index, _ in
            closes[index] < closes.reduce(0, +) / Double(closes.count)
        }

        let verdict = try GateSamples.judge(
            .program(try GateSamples.program(), run: run),
            history
        )

        #expect(try verdict.test(.lookAhead).outcome == .failed)
        // Other tests fail as well, and earlier ones, but this is why.
        #expect(verdict.firstFailure?.name != .lookAhead)
        #expect(verdict.reason.hasPrefix("look_ahead: the decision on"), "\(verdict.reason)")
    }

    @Test("a program that looks back only is not refused for it")
    func honest() throws {
        let history = try GateSamples.market(strength: 0)
        let run = GateSamples.wanting { closes, index, _ in
            index > 0 && closes[index] < closes[index - 1]
        }

        let verdict = try GateSamples.judge(
            .program(try GateSamples.program(), run: run),
            history
        )

        #expect(try verdict.test(.lookAhead).outcome == .held)
        #expect(try verdict.test(.lookAhead).value == 0)
    }

    @Test("a program that behaves before the seal and peeks behind it is refused there")
    func peekingBehindTheSeal() throws {
        let history = try GateSamples.market()
        let seal = try GateSamples.seal(history)
        let known = history[0].firstIndex(after: seal)
        let honest = Self.turnOfMonth(history)
        // With the sealed bars in hand it also knows how the last weeks before them go on.
        let peeked = Set(history[0].times[(known - 40)...].map(\.date.description))
        let run = GateSamples.wanting { closes, index, time in
            guard closes.count > known, peeked.contains(time) else { return honest.contains(time) }
            return index + 1 < closes.count && closes[index + 1] > closes[index]
        }

        let verdict = try GateSamples.judge(
            .program(try GateSamples.program(), run: run),
            history
        )

        #expect(verdict.looked, "\(verdict.reason)")
        #expect(try verdict.test(.sealedPast).outcome == .failed)
        #expect(try (verdict.test(.sealedPast).value ?? 0) > 0)
        #expect(try verdict.test(.sealedSharpe).outcome == .held)
        #expect(!verdict.passed)
    }

    @Test("an expression cannot name a later bar", arguments: ["lag(close, -1)", "roc(close, -1)"])
    func negativeLag(_ expression: String) throws {
        #expect(throws: QuantError.self) {
            try GateSamples.strategy(enter: "close < \(expression)")
        }
    }

    @Test("a feature over longer bars never sees the one that is under way")
    func unfinishedBar() throws {
        let strategy = try GateSamples.strategy(
            enter: "close < week_close",
            exit: "close > week_close",
            parameters: [:],
            extra: [
                JSON.Member("frames", ["week": "1w"]),
                JSON.Member("features", ["week_close": ["frame": "week", "value": "close"]]),
            ]
        )

        let verdict = try GateSamples.judge(
            .strategy(strategy),
            try GateSamples.market(strength: 0)
        )

        #expect(try verdict.test(.lookAhead).outcome == .held)
    }

    // MARK: - The bar's own close

    @Test("what a program wants at a close it gets at the next open, so the bar itself is lost")
    func sameClose() throws {
        let history = try GateSamples.market(strength: 0)
        // Were it filled at the close before, this would earn every rise and lose nothing.
        let run = GateSamples.wanting { closes, index, _ in
            index > 0 && closes[index] > closes[index - 1]
        }

        let verdict = try GateSamples.judge(
            .program(try GateSamples.program(), run: run),
            history
        )

        #expect(try verdict.test(.lookAhead).outcome == .held)
        let sharpe = try verdict.test(.sharpe)
        #expect(sharpe.outcome == .failed && (sharpe.value ?? 9) < 1)
        #expect(!verdict.passed)
    }

    @Test("a strategy that lives on one open is refused when it is carried out a bar later")
    func oneBar() throws {
        // The reversal is over after one session.
        let history = SimulatedFeed(
            seed: 3,
            symbols: try GateSamples.symbols.map { try Samples.symbol($0) },
            from: try #require(CalendarDate("2016-01-01")),
            sessions: 1600,
            edge: PlantedEdge(strength: 0.5)
        ).series
        let strategy = try GateSamples.strategy(
            enter: "ibs() < 0.3",
            exit: "ibs() > 0.3",
            parameters: [:]
        )

        let verdict = try GateSamples.judge(.strategy(strategy), history)

        #expect(try verdict.test(.sharpe).outcome == .held)
        #expect(try verdict.test(.deflated).outcome == .held)
        let later = try verdict.test(.oneBarLater)
        #expect(later.outcome == .failed && (later.value ?? 1) <= 0)
        #expect(!verdict.looked)
    }

    // MARK: - Figures that say nothing

    @Test("a strategy that never trades has no figures, and each says why")
    func zeroVariance() throws {
        let strategy = try GateSamples.strategy(enter: "close < 0.0", exit: "true", parameters: [:])

        let verdict = try GateSamples.judge(.strategy(strategy), try GateSamples.market())

        let variation = try verdict.test(.variation)
        #expect(variation.outcome == .failed && variation.value == 0)
        let sharpe = try verdict.test(.sharpe)
        #expect(sharpe.outcome == .failed && sharpe.value == nil)
        #expect(sharpe.reason == "it is not defined, since returns do not vary")
        #expect(try verdict.test(.deflated).outcome == .failed)
        #expect(try verdict.test(.trades).outcome == .failed)
    }

    @Test("returns that hardly vary have a ratio that is not believed")
    func almostConstant() throws {
        let symbol = try Samples.symbol("AA")
        var series = BarSeries(symbol: symbol)
        var date = try #require(CalendarDate("2016-01-01"))
        var price = 100.0
        for bar in 0..<1600 {
            let next = price * (1.001 + (bar % 2 == 0 ? 1e-5 : -1e-5))
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(date),
                    open: price,
                    high: next,
                    low: price,
                    close: next,
                    volume: 1
                )
            )
            price = next
            date = date.adding(days: 1)
        }
        let strategy = try Samples.strategy(
            enter: "close > 0.0",
            exit: "false",
            universe: ["AA"],
            extra: [JSON.Member("hold", 5), JSON.Member("lot", .double(0.001))]
        )

        let verdict = try GateSamples.judge(.strategy(strategy), [series])

        let variation = try verdict.test(.variation)
        #expect(variation.outcome == .failed)
        #expect(variation.reason.contains("is more than can be believed"))
    }

    @Test("one lucky trade is no sample")
    func oneTrade() throws {
        let strategy = try GateSamples.strategy(
            enter: "close > 0.0",
            exit: "false",
            parameters: [:]
        )

        let verdict = try GateSamples.judge(.strategy(strategy), try GateSamples.market())

        let trades = try verdict.test(.trades)
        #expect(trades.outcome == .failed && trades.value == 0)
        let walk = try verdict.test(.walkForward)
        #expect(walk.outcome == .failed && walk.reason.contains("none are left to choose by"))
    }

    @Test("a price that is no number is named, and nothing else is run")
    func notANumber() throws {
        var history = try GateSamples.market()
        let bad = history[0][100]
        var series = history[0][0..<100]
        series.append(
            Bar(
                symbol: bad.symbol,
                time: bad.time,
                open: bad.open,
                high: bad.high,
                low: bad.low,
                close: .nan,
                volume: bad.volume
            )
        )
        for bar in history[0][101..<history[0].count].bars { series.append(bar) }
        history[0] = series

        let verdict = try GateSamples.judge(.strategy(try GateSamples.strategy()), history)

        let evaluation = try verdict.test(.evaluation)
        #expect(evaluation.outcome == .failed)
        #expect(evaluation.reason.contains("bar 101 of AA") && evaluation.reason.contains("nan"))
        #expect(verdict.tests.count { $0.outcome == .notRun } == verdict.tests.count - 1)
        #expect(verdict.trial == nil && !verdict.passed)
    }

    @Test("a program that writes no number is refused with its line")
    func programWithoutNumbers() throws {
        let verdict = try GateSamples.judge(
            .program(
                try GateSamples.program(#""AA""#),
                run: { _, _ in Array("timestamp,position\n2016-01-01,nan\n".utf8) }
            ),
            try GateSamples.market()
        )

        let evaluation = try verdict.test(.evaluation)
        #expect(evaluation.outcome == .failed)
        #expect(evaluation.reason.contains("line 2: the position 'nan' is no number"))
    }

    @Test("a strategy that uses its equity up is refused for it")
    func ruin() throws {
        let strategy = try GateSamples.strategy(
            enter: "true",
            exit: "false",
            parameters: [:],
            extra: [JSON.Member("hold", 2)]
        )
        var terms = GateSamples.quick
        terms.costs = Costs(feeRate: 0.9, slippageRate: 0.9)

        let verdict = try GateSamples.judge(
            .strategy(strategy),
            try GateSamples.market(),
            terms: terms
        )

        let finite = try verdict.test(.finite)
        #expect(finite.outcome == .failed && (finite.value ?? 0) > 0)
    }

    // MARK: - Costs

    @Test("a strategy that costs twice as much would eat up is refused")
    func costs() throws {
        var terms = GateSamples.quick
        terms.costs = Costs(feeRate: 0.009, slippageRate: 0)

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            terms: terms
        )

        let plain = try verdict.test(.sharpe).value ?? 0
        let doubled = try verdict.test(.costsDoubled)
        #expect(doubled.outcome == .failed)
        #expect((doubled.value ?? 9) < plain - 1)
    }

    @Test("what a fill moves the market by is doubled with the other costs")
    func impact() throws {
        func judge(fee: Double, impact: Double) throws -> GateVerdict {
            var terms = GateSamples.quick
            let execution = Execution(impact: impact)
            terms.costs = Costs(feeRate: fee, slippageRate: 0, execution: execution)
            return try GateSamples.judge(
                .strategy(try GateSamples.strategy()),
                try GateSamples.market(),
                terms: terms
            )
        }

        let doubled = try judge(fee: 0.002, impact: 0.001).test(.costsDoubled).value
        let twice = try judge(fee: 0.004, impact: 0.002).test(.sharpe).value
        let once = try judge(fee: 0.004, impact: 0.001).test(.sharpe).value

        #expect(doubled != nil && doubled == twice && doubled != once)
    }

    @Test("trading for nothing is charged when costs are doubled")
    func free() throws {
        var terms = GateSamples.quick
        terms.costs = Costs.none

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            terms: terms
        )

        let plain = try #require(try verdict.test(.sharpe).value)
        let doubled = try #require(try verdict.test(.costsDoubled).value)
        #expect(doubled < plain)
    }

    /// The days at whose close the strategy with the edge wants a position.
    private static func turnOfMonth(_ history: [BarSeries]) -> Set<String> {
        let times = history[0].times
        var session = 0
        var wanted: Set<String> = []
        for index in times.indices {
            func isNewMonth(_ index: Int) -> Bool {
                times[index].date.parts.month != times[index - 1].date.parts.month
            }
            session = index > 0 && !isNewMonth(index) ? session + 1 : 1
            let isLast = index + 1 < times.count && isNewMonth(index + 1)
            if session < 8 || isLast { wanted.insert(times[index].date.description) }
        }
        return wanted
    }
}
