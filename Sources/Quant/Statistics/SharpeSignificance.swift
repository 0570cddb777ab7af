// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Probabilities that a Sharpe ratio is real, given its sample and the number of trials.
///
/// Sharpe ratios here are per period. Source: Bailey and López de Prado (2014).
public enum SharpeSignificance {
    /// The probability that the true ratio exceeds a benchmark.
    ///
    /// `kurtosis` is the raw one, 3 for normal returns. Nil below two periods or when the estimate
    /// of the variance is not positive.
    public static func probabilistic(
        sharpe: Double,
        benchmark: Double,
        periods: Int,
        skewness: Double,
        kurtosis: Double
    ) -> Double? {
        guard periods >= 2 else { return nil }
        let variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe
        guard variance > 0 else { return nil }
        let distance = (sharpe - benchmark) * Double(periods - 1).squareRoot()
        return finite(normalProbability(below: distance / variance.squareRoot()))
    }

    /// The greatest ratio to expect of so many independent trials without skill, whose ratios have
    /// the given variance; 0 for one trial.
    public static func expectedMaximum(trials: Int, variance: Double) -> Double {
        guard trials > 1, variance > 0 else { return 0 }
        let euler = 0.577_215_664_901_532_9
        let count = Double(trials)
        // From the lower tail, where the smallest shares keep their digits.
        let first = -normalQuantile(1 / count)
        let second = -normalQuantile(1 / (count * M_E))
        return variance.squareRoot() * ((1 - euler) * first + euler * second)
    }

    /// The probability that the true ratio exceeds what the best of so many trials shows by luck.
    public static func deflated(
        sharpe: Double,
        trials: Int,
        trialVariance: Double,
        periods: Int,
        skewness: Double,
        kurtosis: Double
    ) -> Double? {
        probabilistic(
            sharpe: sharpe,
            benchmark: expectedMaximum(trials: trials, variance: trialVariance),
            periods: periods,
            skewness: skewness,
            kurtosis: kurtosis
        )
    }

    /// The probability of a standard normal value below a bound.
    public static func normalProbability(below bound: Double) -> Double {
        0.5 * erfc(-bound / 2.0.squareRoot())
    }

    /// The bound below which a standard normal value lies with a probability between 0 and 1.
    ///
    /// Found by halving an interval until no double lies between its ends.
    public static func normalQuantile(_ probability: Double) -> Double {
        precondition(probability > 0 && probability < 1, "a probability between 0 and 1")
        var lower = -40.0
        var upper = 40.0
        while true {
            let middle = lower + (upper - lower) / 2
            guard middle > lower, middle < upper else { return middle }
            if normalProbability(below: middle) < probability {
                lower = middle
            } else {
                upper = middle
            }
        }
    }
}
