// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

/// The names that rules may read, by subject, so that a misspelt metric is caught when a skill
/// loads and not when money is at stake.
public enum RuleVocabulary {
    /// The names that a rule for a subject may read, sorted; members follow a dot.
    public static func paths(for subject: Rule.Subject) -> [String] {
        switch subject {
        case .report:
            [
                "backtests", "buy_and_hold.sharpe", "family", "in_sample.sharpe",
                "in_sample.trades", "max_drawdown", "newey_west_t", "sessions", "sharpe", "side",
                "total_return", "trades", "win_rate", "years_out_of_sample",
            ]
        case .intent:
            [
                "action", "calendar.earnings_in", "calendar.is_fomc", "context.gap",
                "context.range", "context.trend", "context.volatility", "context.volume", "family",
                "is_approved", "is_reproduced", "position_fraction", "sector", "sector_exposure",
                "side", "symbol",
            ]
        case .account:
            ["cash", "drawdown", "equity", "gross_exposure", "lots", "peak"]
        }
    }

    /// The names that a predicate reads, sorted: dotted chains, and single names without members.
    static func names(in predicate: Expression) -> [String] {
        let chains = predicate.fieldPaths
        let single = predicate.identifiers.filter { name in
            !chains.contains { $0.hasPrefix("\(name).") }
        }
        return (chains + single).sorted()
    }

    /// The names that a predicate reads and that no subject of that kind has.
    static func unknownPaths(of predicate: Expression, for subject: Rule.Subject) -> [String] {
        let known = paths(for: subject)
        return names(in: predicate).filter { path in
            // A root alone, such as `context`, is known as well.
            !known.contains(path) && !known.contains { $0.hasPrefix("\(path).") }
        }
    }
}
