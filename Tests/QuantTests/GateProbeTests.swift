// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Quant

@Suite("Probes of the gate")
struct GateProbeTests {
    private func verdict(
        _ run: @escaping @Sendable ([String], [UInt8]) throws -> [UInt8]
    ) throws -> GateVerdict {
        try GateSamples.judge(
            .program(try GateSamples.program(), run: run),
            try GateSamples.market(strength: 0)
        )
    }

    private func known() throws -> [BarSeries] {
        let history = try GateSamples.market(strength: 0)
        let seal = try GateSamples.seal(history)
        return history.map { $0[0..<$0.firstIndex(after: seal)] }
    }

    // MARK: - Look-ahead

    @Test("one decision that knows the next close is found, since bars are cut where it is made")
    func oneDecision() throws {
        let closes = try known()[0].close
        let bar = try #require((500..<600).first { closes[$0 + 1] > closes[$0] })

        let verdict = try verdict(
            GateSamples.wanting { closes, index, _ in
                index == bar && index + 1 < closes.count && closes[index + 1] > closes[index]
            }
        )

        #expect(try verdict.test(.lookAhead).outcome == .failed)
    }

    @Test("what a program remembers where bars are cut off, it cannot know of shuffled ones")
    func shuffled() throws {
        var memory: [String: Bool] = [:]
        for series in try known() {
            for index in series.times.indices where index + 5 < series.count {
                memory["\(series.times[index].date) \(series.close[index])"] =
                    series.close[index + 5] > series.close[index]
            }
        }
        let remembered = memory

        let verdict = try verdict(
            GateSamples.wanting { closes, index, time in
                guard index + 5 < closes.count else {
                    return remembered["\(time) \(closes[index])"] ?? false
                }
                return closes[index + 5] > closes[index]
            }
        )

        let test = try verdict.test(.lookAhead)
        #expect(test.outcome == .failed && test.reason.contains("shuffled"), "\(test.reason)")
    }

    // MARK: - Warm-up

    @Test("a program that counts from the first bar decides otherwise where the history is shorter")
    func countsFromTheStart() throws {
        let verdict = try verdict(GateSamples.wanting { _, index, _ in index % 2 == 0 })

        let test = try verdict.test(.warmUp)
        #expect(test.outcome == .failed && (test.value ?? 0) > 0.9)
        #expect(try verdict.test(.lookAhead).outcome == .held)
    }

    @Test("what is decided while indicators settle is not compared")
    func settling() throws {
        let verdict = try verdict(
            GateSamples.wanting { _, index, time in index >= 200 && time.hasSuffix("1") }
        )

        let test = try verdict.test(.warmUp)
        #expect(test.outcome == .held && test.value == 0)
    }

    // MARK: - The panel

    @Test("a program without parameters has a full panel, and no neighbour decides as it does")
    func panelOfProgram() throws {
        let series = try known()
        let run = GateSamples.wanting { closes, index, _ in
            index > 0 && closes[index] < closes[index - 1]
        }
        let subject = GateSubject.program(try GateSamples.program(), run: run)
        let table = try subject.table(on: series, dialect: .talib)

        let panel = try ProbePanel(subject, table, terms: GateTerms())

        try expectFull(panel, table)
    }

    @Test("a parameter that changes no decision gives no neighbour")
    func panelOfStrategy() throws {
        let series = try known()
        let subject = GateSubject.strategy(
            try GateSamples.strategy(
                enter: "close > sma(close, n) && idle > 0.0",
                exit: "close < sma(close, n)",
                parameters: ["n": 20, "idle": .double(5.5)]
            )
        )
        let table = try subject.table(on: series, dialect: .talib)

        let panel = try ProbePanel(subject, table, terms: GateTerms())

        try expectFull(panel, table)
        #expect(panel.description == "4 with other numbers, 4 with other timing")
    }

    private func expectFull(_ panel: ProbePanel, _ table: DecisionTable) throws {
        let last = try #require(table.times.last)
        #expect(panel.neighbours.count == 9 && panel.rotations.count == 16)
        #expect(panel.neighbours[0].differences(from: table, through: last).bars == 0)
        for other in panel.neighbours.dropFirst() + panel.rotations {
            #expect(other.differences(from: table, through: last).bars > 0)
        }
    }

    @Test("no position that walk-forward chooses by reaches into the bars that it trades")
    func embargo() throws {
        // The second table earns in the last bars before the first that are traded, and only there.
        let late = 484..<503
        let symbol = try Samples.symbol("AA")
        var series = BarSeries(symbol: symbol)
        var date = try #require(CalendarDate("2016-01-01"))
        var price = 100.0
        for bar in 0..<560 {
            let open = price
            price *= late.contains(bar) ? 1.03 : bar % 2 == 0 ? 1.011 : 0.992
            series.append(
                Bar(
                    symbol: symbol,
                    time: Instant(date),
                    open: open,
                    high: max(open, price),
                    low: min(open, price),
                    close: price,
                    volume: 1
                )
            )
            date = date.adding(days: 1)
        }
        let program = try GateSamples.program(#""AA""#)
        let times = series.times.array
        func table(_ wants: (Int) -> Bool) -> DecisionTable {
            let wanted = (0..<series.count).map { wants($0) ? 0.4 : 0 }
            return DecisionTable(
                .positions(PositionTable(wanted: [wanted]), [series], program),
                times: times
            )
        }
        let tables = [
            table { !late.contains($0 + 1) && $0 % 19 != 0 }, table { late.contains($0 + 1) },
        ]
        let results = tables.map { $0.run(costs: .none, terms: GateTerms()) }

        let walk = RefitWalk(tables, results, costs: .none, terms: GateTerms())

        #expect((18...20).contains(walk.embargo))
        #expect(walk.choices.all == 1 && walk.choices.others == 0)
        #expect(walk.returns.count == series.count - 504)
    }

    @Test("nothing is chosen by less than half a year of bars", arguments: [(378, 56), (379, 0)])
    func leastTrained(_ held: Int, _ traded: Int) throws {
        let symbol = try Samples.symbol("AA")
        let first = try #require(CalendarDate("2016-01-01"))
        let bars = (0..<560).map { place in
            let price = 100 + Double(place % 2)
            return Bar(
                symbol: symbol,
                time: Instant(first.adding(days: place)),
                open: price,
                high: price,
                low: price,
                close: price,
                volume: 1
            )
        }
        let series = BarSeries(symbol: symbol, bars: bars)
        // A position for so many bars, with its first fill and its last.
        let wanted = (0..<560).map { (1..<held).contains($0) ? 0.4 : 0 }
        let table = DecisionTable(
            .positions(
                PositionTable(wanted: [wanted]),
                [series],
                try GateSamples.program(#""AA""#)
            ),
            times: series.times.array
        )
        let result = table.run(costs: .none, terms: GateTerms())

        let walk = RefitWalk([table], [result], costs: .none, terms: GateTerms())

        #expect(walk.embargo == held)
        #expect(walk.returns.count == traded)
    }

    // MARK: - What cannot be judged

    @Test("terms that no backtest can have refuse the strategy", arguments: [-5, 0, Double.nan])
    func terms(_ capital: Double) throws {
        var terms = GateSamples.quick
        terms.capital = capital

        let verdict = try GateSamples.judge(
            .strategy(try GateSamples.strategy()),
            try GateSamples.market(),
            terms: terms
        )

        #expect(verdict.firstFailure?.name == .evaluation)
        #expect(verdict.tests.count { $0.outcome == .notRun } == verdict.tests.count - 1)
    }

    @Test("facts that nobody can mean are none", arguments: [-1, Double.nan, Double.infinity])
    func facts(_ variance: Double) {
        let facts = TrialFacts(trials: 0, families: -3, variance: variance, meanCorrelation: .nan)

        #expect(facts.trials == 1 && facts.families == 1 && facts.effectiveTrials == 1)
        #expect(facts.variance == nil && facts.meanCorrelation == nil)
    }

    @Test("a correlation that there cannot be is taken for the nearest", arguments: [1, -1])
    func impossible(_ sign: Double) {
        let facts = TrialFacts(trials: 9, families: 2, variance: 1, meanCorrelation: sign * 1e300)

        #expect(facts.effectiveTrials == (sign > 0 ? 2 : 9))
    }

    @Test("two strategies that share less than a year of weeks are not compared")
    func fewWeeks() throws {
        func weeks(_ count: Int) throws -> WeeklyReturns {
            let steps = (0..<count).map { JSON.int(Int64($0 % 7)) }
            return try WeeklyReturns(["first": 2000, "steps": .array(steps)])
        }

        #expect(try weeks(51).correlation(with: weeks(400)) == nil)
        #expect(Samples.near(try weeks(52).correlation(with: weeks(400)), 1, 1e-12))
    }
}
