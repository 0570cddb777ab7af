// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// Counts trials as a gate needs them, in any order.
///
/// Trials with the same behaviour are one, and the first by the hash of the strategy stands for
/// them. So names, spellings and sizes change no figure, while every idea that did something else
/// counts.
public struct TrialCensus: Sendable {
    /// The distinct trials, by the hash of their strategy.
    public let distinct: [TrialRecord]

    /// Counts.
    public init(_ records: [TrialRecord]) {
        var seen: Set<String> = []
        var distinct: [TrialRecord] = []
        let sorted = records.sorted { Self.key($0) < Self.key($1) }
        for record in sorted where seen.insert(record.identity.behaviour.description).inserted {
            distinct.append(record)
        }
        self.distinct = distinct
    }

    /// What the trials come to when one of them is to be judged.
    ///
    /// All count in number. How far luck reaches is told by what the others earned beside that
    /// one: a strategy with an edge, in which others share, is no evidence against itself.
    public func facts(judging candidate: TrialRecord? = nil) -> TrialFacts {
        let ratios = distinct.compactMap { record in
            guard let candidate else { return record.sharpe }
            return record.sharpe(beside: candidate)
        }
        return TrialFacts(
            trials: distinct.count,
            families: Set(distinct.map(\.identity.family)).count,
            variance: Self.luck(ratios),
            meanCorrelation: Self.meanCorrelation(distinct.map(\.identity.weeks))
        )
    }

    private static func key(_ record: TrialRecord) -> (String, String) {
        (record.identity.strategy.description, record.identity.family)
    }

    /// How far the ratios of trials without skill spread, as a variance; nil without any.
    ///
    /// It is the lesser of two estimates that are equal without skill and costs: the variance, and
    /// twice the mean square of the ratios above zero. Costs push the ratios of busy strategies far
    /// below zero, which widens the first; an edge that many trials share lifts the second.
    public static func luck(_ ratios: [Double]) -> Double? {
        guard !ratios.isEmpty else { return nil }
        let count = Double(ratios.count)
        let above = 2 * ratios.reduce(0) { $0 + max($1, 0) * max($1, 0) } / count
        guard ratios.count > 1 else { return finite(above) }
        let mean = ratios.reduce(0, +) / count
        let spread = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        return finite(min(above, spread))
    }

    /// The mean of the correlations of all pairs, in one pass over each trial; nil below two.
    ///
    /// With unit vectors z of the deviations from the mean, it is (|Σz|² - N) / (N (N - 1)). A week
    /// that a trial does not have counts as an average one, which lowers the correlation and so
    /// never the number of trials.
    static func meanCorrelation(_ trials: [WeeklyReturns]) -> Double? {
        guard let first = trials.map(\.first).min(),
            let end = trials.map({ $0.first + $0.steps.count }).max()
        else { return nil }
        var sum = [Double](repeating: 0, count: max(0, end - first))
        var number = 0.0
        for trial in trials {
            let values = trial.steps.map(Double.init)
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            guard square > 0 else { continue }
            number += 1
            let length = square.squareRoot()
            for (place, value) in values.enumerated() {
                sum[trial.first - first + place] += (value - mean) / length
            }
        }
        guard number > 1 else { return nil }
        let total = sum.reduce(0) { $0 + $1 * $1 }
        return finite((total - number) / (number * (number - 1)))
    }
}
