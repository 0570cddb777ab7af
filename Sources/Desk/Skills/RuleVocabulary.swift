// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Expressions

/// The names that rules may read, by subject, so that a misspelt metric is caught when a skill
/// loads and not when money is at stake.
public enum RuleVocabulary {
    /// The names that a rule for a subject may read, sorted; members follow a dot.
    public static func paths(for subject: Rule.Subject) -> [String] {
        types(for: subject).keys.sorted()
    }

    /// The types of the names that a rule for a subject may read.
    public static func types(for subject: Rule.Subject) -> [String: ValueType] {
        switch subject {
        case .report:
            [
                "backtests": .list(.map(.string, .dyn)), "buy_and_hold.sharpe": .double,
                "family": .string, "in_sample.sharpe": .double, "in_sample.trades": .int,
                "max_drawdown": .double, "newey_west_t": .double, "sessions": .int,
                "sharpe": .double, "side": .string, "total_return": .double, "trades": .int,
                "win_rate": .double, "years_out_of_sample": .double,
                "tried.hypotheses": .int, "tried.effective": .int, "tried.families": .int,
                "tried.looks": .int,
            ]
            .merging(GateTests.names.map { ("gate.\($0)", .double) }) { $1 }
        case .intent:
            [
                "action": .string, "calendar.earnings_in": .duration, "calendar.is_fomc": .bool,
                "context.gap": .double, "context.range": .double, "context.trend": .double,
                "context.volatility": .double, "context.volume": .double, "family": .string,
                "is_approved": .bool, "is_reproduced": .bool, "position_fraction": .double,
                "sector": .string, "sector_exposure": .double, "side": .string, "symbol": .string,
            ]
        case .account:
            [
                "cash": .double, "drawdown": .double, "equity": .double,
                "event_exposure": .double, "gross_exposure": .double, "lots": .int,
                "peak": .double, "sector_exposure": .double,
            ]
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
