// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant
import Testing

/// A market with a strong edge at the turn of the month, the strategy that finds it, and others
/// that do not.
enum GateSamples {
    static let symbols = ["AA", "BB"]
    static let sealed = 504

    /// The market of a seed; the edge is such that the strategy's Sharpe ratio is about 4.
    static func market(
        seed: UInt64 = 7,
        sessions: Int = 1600,
        strength: Double = 0.35
    ) throws -> [BarSeries] {
        SimulatedFeed(
            seed: seed,
            symbols: try symbols.map { try Samples.symbol($0) },
            from: try #require(CalendarDate("2016-01-01")),
            sessions: sessions,
            edge: PlantedEdge(strength: strength, form: .turnOfMonth)
        ).series
    }

    static func strategy(
        name: String = "turn",
        enter: String = "weekdays_left_in_month() <= before || session_of_month() < days",
        exit: String = "session_of_month() >= days && weekdays_left_in_month() > before",
        parameters: JSON = ["before": 0, "days": 8],
        size: Double = 0.4,
        extra: [JSON.Member] = []
    ) throws -> Strategy {
        try Strategy(
            .object(
                [
                    JSON.Member("schema", 1), JSON.Member("name", .string(name)),
                    JSON.Member("family", "calendar"),
                    JSON.Member("universe", .array(symbols.map { .string($0) })),
                    JSON.Member("side", "long"), JSON.Member("parameters", parameters),
                    JSON.Member("enter", .string(enter)), JSON.Member("exit", .string(exit)),
                    JSON.Member("costs", ["fee": .double(0.0005)]),
                    JSON.Member("size", .double(size)),
                ] + extra
            )
        )
    }

    static func seal(_ history: [BarSeries]) throws -> Instant {
        try #require(Gate.seal(of: history, returns: sealed))
    }

    /// Terms that cost little time where what is tested does not depend on it.
    static var quick: GateTerms {
        var terms = GateTerms()
        terms.thresholds.cuts = 6
        terms.thresholds.shuffles = 3
        terms.thresholds.programCuts = 6
        return terms
    }

    static func judge(
        _ subject: GateSubject,
        _ history: [BarSeries],
        terms: GateTerms = quick,
        facts: TrialFacts = TrialFacts(),
        looked: [TrialIdentity] = []
    ) throws -> GateVerdict {
        Gate(terms).judge(
            subject,
            history: history,
            seal: try seal(history),
            facts: facts,
            looked: looked
        )
    }

    /// The verdict on the strategy with the edge, which several tests look at.
    static let accepted = Result { try judge(.strategy(try strategy()), try market()) }

    static func program(_ universe: String = #""AA","BB""#) throws -> PositionStrategy {
        try PositionStrategy(
            try JSON(
                parsing: #"{"schema": 1, "name": "program", "family": "f", "universe": "#
                    + "[\(universe)]" + #", "command": ["p"], "costs": {"fee": 0.0005}}"#
            )
        )
    }

    /// A program that wants 0.4 of a symbol at a bar when the closes of the symbol up to there, or
    /// beyond, say so; the rule is given all closes of the symbol, the index and the time.
    static func wanting(
        _ rule: @escaping @Sendable (_ closes: [Double], _ index: Int, _ time: String) -> Bool
    ) -> @Sendable ([String], [UInt8]) throws -> [UInt8] {
        { _, input in
            var closes: [Substring: [Double]] = [:]
            var places: [(time: Substring, symbol: Substring, index: Int)] = []
            let text = String(decoding: input, as: UTF8.self)
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: ",")
                places.append((fields[1], fields[0], closes[fields[0]]?.count ?? 0))
                closes[fields[0], default: []].append(Double(fields[5]) ?? .nan)
            }
            let rows = places.map { place in
                let wants = rule(
                    closes[place.symbol] ?? [],
                    place.index,
                    String(place.time)
                )
                return "\(place.time),\(place.symbol),\(wants ? 0.4 : 0)"
            }
            return Array(("timestamp,symbol,position\n" + rows.joined(separator: "\n")).utf8)
        }
    }
}

extension GateVerdict {
    /// The test of a name.
    func test(_ name: GateTest.Name) throws -> GateTest {
        try #require(tests.first { $0.name == name })
    }
}
