// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Recomputes what every trial would have earned, once for each year of the seal.
///
/// A record depends on the strategy and on the bars through the seal at the turn of the year alone,
/// so all trials are compared over the same time, and remembering them only saves work.
final class TrialRecorder {
    private let terms: GateTerms
    private var records: [ContentHash: TrialRecord?] = [:]
    private var seal: Instant?

    init(_ terms: GateTerms) {
        self.terms = terms
    }

    /// The records of trials that can be run, in the order of the trials.
    /// - Parameters:
    ///   - trials: The trials.
    ///   - history: All bars up to now.
    ///   - date: The last day that makers could see.
    /// - Returns: One for each trial that has bars before the seal.
    func records(
        of trials: [TrialNews.Hypothesis],
        _ history: [BarSeries],
        seal date: CalendarDate
    ) -> [(id: ContentHash, record: TrialRecord)] {
        let seal = Self.yearEnd(before: date, history)
        if seal != self.seal {
            records = [:]
            self.seal = seal
        }
        return trials.compactMap { trial in
            if records[trial.id] == nil {
                records[trial.id] = .some(record(of: trial, history, seal))
            }
            return records[trial.id].flatMap { $0 }.map { (trial.id, $0) }
        }
    }

    /// What cannot be run has no returns; it still counts.
    private func record(
        of trial: TrialNews.Hypothesis,
        _ history: [BarSeries],
        _ seal: Instant
    ) -> TrialRecord? {
        guard let strategy = try? Strategy(trial.strategy) else { return nil }
        let series = strategy.history(from: history)
        return try? TrialRecord(.strategy(strategy), history: series, seal: seal, terms: terms)
    }

    /// The beginning of the seal's year, or its own day while no year of bars has gone by.
    private static func yearEnd(before date: CalendarDate, _ history: [BarSeries]) -> Instant {
        let start =
            CalendarDate(year: date.parts.year, month: 1, day: 1).map { Instant($0) }
            ?? Instant(date)
        let first = history.compactMap(\.times.first).min() ?? start
        return first.date.adding(years: 1) <= start.date ? start : Instant(date)
    }
}
