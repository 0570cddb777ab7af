// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Testing

@testable import Quant

@Suite("Trials and their identity")
struct TrialIdentityTests {
    private static func record(_ strategy: Strategy) throws -> TrialRecord {
        let history = try GateSamples.market()
        return try TrialRecord(
            .strategy(strategy),
            history: history,
            seal: try GateSamples.seal(history)
        )
    }

    private static let original = Result { try record(try GateSamples.strategy()) }

    /// The same idea under other names, spellings and sizes.
    private static func disguises() throws -> [Strategy] {
        [
            try GateSamples.strategy(name: "another"),
            try GateSamples.strategy(
                enter: "weekdays_left_in_month() <= p || session_of_month() < q",
                exit: "session_of_month() >= q && weekdays_left_in_month() > p",
                parameters: ["p": 0, "q": 8]
            ),
            try GateSamples.strategy(
                enter: "!(session_of_month() >= 8 && weekdays_left_in_month() > 0)",
                exit: "!(weekdays_left_in_month() <= 0 || session_of_month() < 8)",
                parameters: [:]
            ),
            try GateSamples.strategy(
                enter: "session_of_month() + 0.0 < days || weekdays_left_in_month() * 2.0 <= 0.0",
                parameters: ["before": 0, "days": 8, "unused": 5]
            ),
            try GateSamples.strategy(size: 0.41),
        ]
    }

    @Test(
        "names, parameters, spellings and sizes do not change what a strategy is",
        arguments: 0..<5
    )
    func disguised(_ place: Int) throws {
        let original = try Self.original.get()

        let disguised = try Self.record(try Self.disguises()[place])

        #expect(disguised.identity.behaviour == original.identity.behaviour)
        #expect(disguised.identity.isSameIdea(as: original.identity))
        #expect((disguised.identity.strategy == original.identity.strategy) == (place == 0))
    }

    @Test("a near copy has another behaviour and is the same idea by its returns")
    func nearCopy() throws {
        let original = try Self.original.get().identity
        let near = try Self.record(
            try GateSamples.strategy(
                enter: "(weekdays_left_in_month() <= before || session_of_month() < days)"
                    + " && ibs() < 0.95"
            )
        ).identity

        #expect(near.behaviour != original.behaviour)
        #expect(near.isSameIdea(as: original))
        #expect((near.weeks.correlation(with: original.weeks) ?? 0) >= 0.99)
    }

    @Test("another idea is none of these")
    func otherIdea() throws {
        let original = try Self.original.get().identity
        let other = try Self.record(
            try GateSamples.strategy(enter: "ibs() < 0.3", exit: "ibs() > 0.6", parameters: [:])
        ).identity

        #expect(!other.isSameIdea(as: original))
        #expect(abs(other.weeks.correlation(with: original.weeks) ?? 1) < 0.9)
    }

    @Test("an idea is known again when one of the two saw a longer history")
    func longerHistory() throws {
        let original = try Self.original.get().identity
        let history = try GateSamples.market()
        let later = try TrialRecord(
            .strategy(try Self.disguises()[2]),
            history: history,
            seal: try #require(Gate.seal(of: history, returns: 300))
        ).identity

        #expect(later.behaviour != original.behaviour && later.strategy != original.strategy)
        #expect(later.isSameIdea(as: original))
    }

    @Test("a resubmission in disguise gets no second look", arguments: 0..<5)
    func secondLook(_ place: Int) throws {
        let verdict = try GateSamples.judge(
            .strategy(try Self.disguises()[place]),
            try GateSamples.market(),
            looked: [try Self.original.get().identity]
        )

        #expect(!verdict.passed && !verdict.looked)
        let test = try verdict.test(.oneLook)
        #expect(test.outcome == .failed && test.value == 1)
        #expect(test.reason == "the same idea had its look as 'turn'")
        #expect(verdict.tests.filter { $0.outcome == .failed }.map(\.name) == [.oneLook])
    }

    @Test("twenty names for one idea are one trial, and a second idea is another")
    func census() throws {
        let original = try Self.original.get()
        let copies = try (0..<20).map { number in
            try Self.record(try GateSamples.strategy(name: "idea \(number)"))
        }
        let disguised = try Self.disguises().map { try Self.record($0) }
        let other = try Self.record(
            try GateSamples.strategy(enter: "ibs() < 0.3", exit: "ibs() > 0.6", parameters: [:])
        )

        let one = TrialCensus([original] + copies + disguised)
        let two = TrialCensus([other, original] + copies + disguised)

        #expect(one.facts().trials == 1 && two.facts().trials == 2)
        #expect(one.facts(judging: original).variance == nil)
        #expect(TrialCensus([original, other]).facts() == TrialCensus([other, original]).facts())
    }

    @Test("the mean correlation in one pass is that of all pairs")
    func meanCorrelation() throws {
        let enters = [
            "ibs() < 0.3", "ibs() < 0.4", "rsi(close, 5) < 40.0", "close > sma(close, 9)",
        ]
        let records = try enters.map { enter in
            try Self.record(
                try GateSamples.strategy(enter: enter, exit: "!(\(enter))", parameters: [:])
            )
        }

        let facts = TrialCensus(records).facts()

        var pairs: [Double] = []
        for left in records.indices {
            for right in records.indices where left < right {
                pairs.append(
                    try #require(
                        records[left].identity.weeks.correlation(
                            with: records[right].identity.weeks
                        )
                    )
                )
            }
        }
        #expect(Samples.near(facts.meanCorrelation, pairs.reduce(0, +) / 6, 1e-9))
    }

    @Test(
        "the spread of luck ignores losses by costs and an edge that all share",
        arguments: [
            ([0.1, -0.1], 0.01), ([0.1, -0.1, -2, -3], 0.005), ([1.0, 1.1, 0.9], 0.01),
            ([0.2], 0.08),
            ([-1.0, -3.0], 0),
        ] as [([Double], Double)]
    )
    func luck(_ ratios: [Double], _ expected: Double) throws {
        #expect(Samples.near(TrialCensus.luck(ratios), expected, 1e-9) || expected == 0)
        #expect(try #require(TrialCensus.luck(ratios)) >= 0)
        #expect(TrialCensus.luck([]) == nil)
    }

    @Test("a trial is counted, and what it earned beside the candidate tells of luck")
    func beside() throws {
        let original = try Self.original.get()
        let other = try Self.record(
            try GateSamples.strategy(enter: "ibs() < 0.3", exit: "ibs() > 0.6", parameters: [:])
        )
        let census = TrialCensus([original, other])

        let facts = census.facts(judging: original)

        #expect(facts.trials == 2)
        #expect(
            facts.variance == TrialCensus.luck([try #require(other.sharpe(beside: original))])
        )
        #expect(census.facts().variance != facts.variance)
    }

    @Test("a ledger of trials is counted with the strategy that is judged")
    func ledger() throws {
        let others = try ["ibs() < 0.3", "rsi(close, 5) < 40.0"].map { enter in
            try Self.record(
                try GateSamples.strategy(enter: enter, exit: "!(\(enter))", parameters: [:])
            )
        }
        let history = try GateSamples.market()

        let verdict = Gate(GateSamples.quick).judge(
            .strategy(try GateSamples.strategy()),
            history: history,
            seal: try GateSamples.seal(history),
            trials: others + [try Self.original.get()]
        )

        #expect(verdict.facts.trials == 3)
        #expect(verdict.passed, "\(verdict.reason)")
    }

    @Test(
        "related trials count for fewer, but never for fewer than families or more than there are",
        arguments: [
            (100, 1, 0.5, 51), (100, 60, 0.5, 60), (100, 1, 1.0, 1), (100, 1, -0.3, 100),
            (100, 200, 0.9, 100), (1, 1, 0.0, 1),
        ] as [(Int, Int, Double, Int)]
    )
    func effective(_ trials: Int, _ families: Int, _ correlation: Double, _ expected: Int) {
        let facts = TrialFacts(trials: trials, families: families, meanCorrelation: correlation)

        #expect(facts.effectiveTrials == expected)
    }

    @Test("copies of one trial never make the others count for fewer", arguments: [0, 1, 10, 1000])
    func copies(_ copies: Int) {
        // Fifty ideas that do not depend on one another, and copies of the first.
        let all = Double(50 + copies)
        let same = Double(1 + copies)
        let correlation = (same * (same - 1)) / (all * (all - 1))

        let facts = TrialFacts(trials: 50 + copies, meanCorrelation: correlation)

        #expect(facts.effectiveTrials >= 50)
    }

    @Test("near-copies in the ledger cannot make luck look small")
    func varianceFloor() throws {
        let history = try GateSamples.market()
        let subject = GateSubject.strategy(try GateSamples.strategy())

        let narrow = try GateSamples.judge(
            subject,
            history,
            facts: TrialFacts(trials: 40, families: 40, variance: 1e-12)
        )
        let unknown = try GateSamples.judge(
            subject,
            history,
            facts: TrialFacts(trials: 40, families: 40)
        )

        #expect(narrow.luckVariance == 1.0 / 1094)
        #expect(unknown.luckVariance == 1.0 / 252)
        #expect(narrow.facts.effectiveTrials == 40)
    }

    @Test("a record read back is the record that was written")
    func roundTrip() throws {
        let record = try Self.original.get()

        let back = try TrialRecord(try JSON(parsing: record.json.compactBytes))

        #expect(back == record)
        #expect(record.identity.weeks.steps.count > 200)
    }

    @Test("weeks that are no list of whole numbers are refused")
    func badWeeks() {
        #expect(throws: JSONError.self) {
            try WeeklyReturns(["first": 3, "steps": [1, "two"]])
        }
        #expect(throws: JSONError.self) { try WeeklyReturns(["first": 1_000_000, "steps": []]) }
    }

    @Test("many strategies at once give the records of each alone")
    func manyAtOnce() throws {
        let history = try GateSamples.market()
        let seal = try GateSamples.seal(history)
        let strategies = try Self.disguises()

        let records = try TrialRecord.records(of: strategies, history: history, seal: seal)

        for (strategy, record) in zip(strategies, records) {
            #expect(try Self.record(strategy) == record)
        }
        let other = try Samples.strategy(enter: "true", universe: ["AA"])
        #expect(throws: QuantError.self) {
            try TrialRecord.records(of: strategies + [other], history: history, seal: seal)
        }
    }
}
