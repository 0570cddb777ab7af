// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What is known of all strategies that were tried before one was picked, that one included.
///
/// Who counts them stands outside of the gate: a desk by its ledger, a person by a number.
public struct TrialFacts: Sendable, Hashable {
    /// The number of distinct trials.
    public let trials: Int
    /// The number of distinct families among them.
    public let families: Int
    /// The variance of Sharpe ratios per period among trials without skill; nil when not known.
    public let variance: Double?
    /// The mean correlation of their returns, pair by pair; nil when it is not known.
    public let meanCorrelation: Double?

    /// Collects the facts; at least one trial and one family are counted.
    public init(
        trials: Int = 1,
        families: Int = 1,
        variance: Double? = nil,
        meanCorrelation: Double? = nil
    ) {
        self.trials = max(1, trials)
        self.families = max(1, families)
        self.variance = variance.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
        self.meanCorrelation = finite(meanCorrelation)
    }

    /// The number of independent trials that so many related ones are worth.
    ///
    /// With the mean correlation ρ of N trials that is ρ + (1 - ρ) N (Bailey and López de Prado,
    /// 2014), rounded up, at least the number of families and at most N. A maker who adds copies of
    /// one trial raises ρ, but never enough to bring the number below that of the others.
    public var effectiveTrials: Int {
        guard let meanCorrelation else { return trials }
        let correlation = min(max(meanCorrelation, 0), 1)
        let independent = correlation + (1 - correlation) * Double(trials)
        return min(max(Int(independent.rounded(.up)), families), trials)
    }

    /// The variance that luck among the trials is computed with.
    ///
    /// Where it is not known, annual ratios are taken to have a variance of 1. It is never less
    /// than 1 / (T - 1), the sampling variance of a strategy without skill over T returns, so that
    /// near-copies in the ledger cannot make luck look small.
    func luckVariance(returns: Int, periodsPerYear: Double) -> Double {
        max(variance ?? 1 / periodsPerYear, 1 / Double(max(returns - 1, 1)))
    }
}
