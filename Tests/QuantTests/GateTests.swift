// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

@Suite("Gate")
struct GateTests {
    @Test("a strategy with a strong edge passes every test, and its look is spent")
    func accepted() throws {
        let verdict = try GateSamples.accepted.get()

        #expect(verdict.passed, "\(verdict.reason)")
        #expect(verdict.looked)
        #expect(verdict.tests.map(\.name) == GateTest.Name.allCases)
        #expect(verdict.firstFailure == nil)
        #expect(verdict.reason == "all \(GateTest.Name.allCases.count) tests held")
    }

    @Test("on a market without an edge the same strategy is refused, and the seal stays closed")
    func noise() throws {
        let history = try GateSamples.market(strength: 0)

        let verdict = try GateSamples.judge(.strategy(try GateSamples.strategy()), history)

        #expect(!verdict.passed && !verdict.looked)
        #expect(verdict.wholeData == nil)
        let sealed = verdict.tests.filter { $0.stage == .sealed }
        #expect(sealed.count == 6)
        #expect(sealed.allSatisfy { $0.outcome == .notRun && $0.value == nil })
        #expect(try verdict.test(.sharpe).outcome == .failed)
    }

    @Test("development tests come to the same when there is no bar behind the seal")
    func sealedWindowIsNotSeen() throws {
        let history = try GateSamples.market()
        let seal = try GateSamples.seal(history)
        let known = history.map { $0[0..<$0.firstIndex(after: seal)] }
        let subject = GateSubject.strategy(try GateSamples.strategy())

        let whole = try GateSamples.accepted.get()
        let part = Gate(GateSamples.quick).judge(subject, history: known, seal: seal)

        let isDevelopment = { (test: GateTest) in test.stage == .development }
        #expect(part.tests.filter(isDevelopment) == whole.tests.filter(isDevelopment))
        #expect(part.developmentData == whole.developmentData)
        let short = try part.test(.sealedHistory)
        #expect(short.outcome == .failed && short.value == 0)
        #expect(!part.passed && !part.looked)
    }

    @Test("a strategy whose edge ends at the seal fails by what it does behind it")
    func edgeThatEnds() throws {
        let strong = try GateSamples.market()
        let plain = try GateSamples.market(strength: 0)
        let seal = try GateSamples.seal(strong)
        let history = try zip(strong, plain).map { strong, plain in
            var series = strong[0..<strong.firstIndex(after: seal)]
            // The later bars are brought to the price at which the earlier ones ended.
            let scale = try #require(series.close.last) / plain.close[series.count - 1]
            for bar in plain[series.count..<plain.count].bars {
                series.append(
                    Bar(
                        symbol: bar.symbol,
                        time: bar.time,
                        open: bar.open * scale,
                        high: bar.high * scale,
                        low: bar.low * scale,
                        close: bar.close * scale,
                        volume: bar.volume
                    )
                )
            }
            return series
        }

        let verdict = try GateSamples.judge(.strategy(try GateSamples.strategy()), history)

        #expect(verdict.looked && !verdict.passed)
        #expect(try verdict.test(.sealedSharpe).outcome == .failed)
        #expect(verdict.firstFailure?.stage == .sealed)
    }

    @Test("the verdict's JSON names null, statistic, sample, trials, code and data")
    func json() throws {
        let verdict = try GateSamples.accepted.get()

        let json = verdict.json

        let names = try #require(json.objectValue).map(\.name)
        #expect(
            names == [
                "passed", "looked", "reason", "gate", "thresholds", "strategy", "family",
                "behaviour", "data", "conventions", "trials", "tests", "power",
            ]
        )
        let first = try #require(json["tests"]?.arrayValue?.first { $0["name"] == "dsr" })
        #expect(first["null"] == "the ratio is that of the luckiest of all trials")
        #expect(first["statistic"] == "deflated Sharpe ratio")
        #expect(first["relation"] == ">=" && first["threshold"] == .double(0.95))
        #expect(first["returns"] == 1095 && first["outcome"] == "held")
        #expect(json["trials"]?["counted"] == 1)
        #expect(json["conventions"]?["fee"] == .double(0.0005))
        #expect(json["data"]?["whole"] != .null)
        #expect(try JSON(parsing: json.compactBytes) == json)
    }

    @Test("the same judgement twice gives the same bytes")
    func deterministic() throws {
        let again = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market()
        )

        #expect(again.json.compactBytes == (try GateSamples.accepted.get()).json.compactBytes)
    }

    @Test("a figure in the verdict is the one that a backtest of that window gives")
    func recomputed() throws {
        let verdict = try GateSamples.accepted.get()
        let history = try GateSamples.market()
        let seal = try GateSamples.seal(history)
        let strategy = try GateSamples.strategy()
        let first = try #require(history[0].times.first)
        let last = try #require(history[0].times.last)

        let known = try Backtest.run(
            strategy: strategy,
            history: history,
            window: (first, seal)
        ).metrics
        let sealed = try Backtest.run(
            strategy: strategy,
            history: history,
            window: (seal, last)
        ).metrics

        #expect(try verdict.test(.sharpe).value == known.sharpe)
        #expect(try verdict.test(.drawdown).value == known.maxDrawdown)
        #expect(try verdict.test(.neweyWest).value == known.neweyWestT)
        #expect(try verdict.test(.probabilistic).value == known.psr)
        #expect(try verdict.test(.sealedSharpe).value == sealed.sharpe)
        #expect(try verdict.test(.sealedNeweyWest).value == sealed.neweyWestT)
        #expect(try verdict.test(.sealedDrawdown).value == sealed.maxDrawdown)
        #expect(sealed.periods == GateSamples.sealed)
    }

    @Test("many trials with a wide spread make the same figures luck")
    func trials() throws {
        let facts = TrialFacts(trials: 5000, families: 5000, variance: 0.02)

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            facts: facts
        )

        #expect(!verdict.passed && !verdict.looked)
        #expect(verdict.firstFailure?.name == .deflated)
        #expect(try verdict.test(.probabilistic).outcome == .held)
    }

    @Test("with every threshold out of reach every test that compares a figure fails")
    func thresholds() throws {
        var terms = GateSamples.quick
        terms.thresholds.leastReturns = 10_000
        terms.thresholds.leastTrades = 10_000
        terms.thresholds.leastDeviation = 1
        terms.thresholds.sharpe = 100
        terms.thresholds.drawdown = 0
        terms.thresholds.neweyWestT = 100
        terms.thresholds.probabilistic = 2
        terms.thresholds.deflated = 2
        terms.thresholds.costsDoubledSharpe = 100
        terms.thresholds.oneBarLaterSharpe = 100
        terms.thresholds.warmUpDrift = -1
        terms.thresholds.overfitting = -1
        terms.thresholds.walkForwardSharpe = 100

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            terms: terms
        )

        let held = verdict.tests.filter { $0.outcome == .held }.map(\.name)
        #expect(held == [.evaluation, .oneLook, .finite, .lookAhead])
        #expect(verdict.terms.thresholds.hash != GateThresholds().hash)
    }

    @Test("each threshold of the sealed window refuses on its own", arguments: 0..<5)
    func sealedThresholds(_ which: Int) throws {
        var terms = GateSamples.quick
        let name: GateTest.Name
        switch which {
        case 0: (name, terms.thresholds.leastSealedReturns) = (.sealedHistory, 505)
        case 1: (name, terms.thresholds.leastSealedTrades) = (.sealedTrades, 1000)
        case 2: (name, terms.thresholds.sealedSharpe) = (.sealedSharpe, 100)
        case 3: (name, terms.thresholds.sealedDrawdown) = (.sealedDrawdown, 0)
        default: (name, terms.thresholds.sealedNeweyWestT) = (.sealedNeweyWest, 100)
        }

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            terms: terms
        )

        #expect(verdict.tests.filter { $0.outcome == .failed }.map(\.name) == [name])
        #expect(verdict.looked == (name != .sealedHistory))
        #expect(!verdict.passed)
    }

    @Test("when told to stop early, tests behind the first failure are not run")
    func stopsEarly() throws {
        var terms = GateSamples.quick
        terms.stopsEarly = true
        terms.thresholds.sharpe = 100

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            terms: terms
        )

        #expect(try verdict.test(.trades).outcome == .held)
        #expect(try verdict.test(.sharpe).outcome == .failed)
        #expect(verdict.tests.count { $0.outcome == .notRun } == 16)
    }
}
