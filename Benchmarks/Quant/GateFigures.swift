// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// A verdict on a strategy that passes: ten years of daily bars of five symbols, fifty trials.
struct GateFigures {
    private static let sessions = 2520
    private static let target = 1000.0

    static func measure(_ bench: Bench) throws {
        guard let start = CalendarDate("2014-01-01") else { return }
        let names = ["AA", "BB", "CC", "DD", "EE"]
        let feed = SimulatedFeed(
            seed: 5,
            symbols: names.compactMap { Symbol($0) },
            from: start,
            sessions: sessions,
            edge: PlantedEdge(strength: 0.25, form: .turnOfMonth)
        )
        guard let seal = Gate.seal(of: feed.series) else { return }
        let strategy = try Self.strategy("session_of_month() < days", names)
        let others = try (2..<51).map { try Self.strategy("rsi(close, \($0)) < 30.0", names) }
        let trials = try TrialRecord.records(of: others, history: feed.series, seal: seal)
        // Every test is run, those of the sealed window included, or the time would say nothing.
        try bench.measure("verdict on ten years of five symbols", count: 1, target: target) {
            let verdict = Gate().judge(
                .strategy(strategy),
                history: feed.series,
                seal: seal,
                trials: trials
            )
            guard verdict.passed else {
                throw QuantError(.noData, operation: "measure", reason: verdict.reason)
            }
            return [("tests", Double(verdict.tests.count))]
        }
    }

    private static func strategy(_ enter: String, _ symbols: [String]) throws -> Strategy {
        try Strategy([
            "schema": 1, "name": "bench", "family": "bench",
            "universe": .array(symbols.map { .string($0) }), "side": "long",
            "parameters": ["days": 8],
            "enter": .string("weekdays_left_in_month() == 0 || \(enter)"),
            "exit": .string("weekdays_left_in_month() > 0 && !(\(enter))"),
            "size": .double(0.2), "costs": ["fee": .double(0.0002)],
        ])
    }
}
