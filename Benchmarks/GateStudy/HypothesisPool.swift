// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Quant

/// Ideas that a researcher tries, of many families and with many numbers, on single symbols and on
/// all of them.
///
/// They are the usual ones: trends, breakouts, momentum, reversals, oscillators and weekdays, each
/// long and short. None of them can see the planted edge but the one that was made for it.
struct HypothesisPool {
    /// The strategies without the one that finds the edge, in the order of their families.
    let strategies: [Strategy]
    /// The strategy that finds the edge of the turn of the month.
    let planted: Strategy

    private static let costs: JSON = ["fee": .double(StudyMarket.fee)]

    init(symbols: [Symbol]) throws {
        var strategies: [Strategy] = []
        for universe in [symbols] + symbols.map({ [$0] }) {
            for idea in Self.ideas {
                for (side, enter, exit) in [
                    ("long", idea.enter, idea.exit), ("short", idea.exit, idea.enter),
                ] {
                    strategies.append(
                        try Self.strategy(
                            "\(idea.family)-\(side)-\(idea.name)",
                            family: "\(idea.family)-\(side)",
                            symbols: universe,
                            side: side,
                            enter: enter,
                            exit: exit
                        )
                    )
                }
            }
        }
        self.strategies = strategies
        planted = try Self.strategy(
            "turn-of-month",
            family: "turn-of-month",
            symbols: symbols,
            side: "long",
            parameters: ["before": 0, "days": 8],
            enter: "weekdays_left_in_month() <= before || session_of_month() < days",
            exit: "session_of_month() >= days && weekdays_left_in_month() > before"
        )
    }

    private static func strategy(
        _ name: String,
        family: String,
        symbols: [Symbol],
        side: String,
        parameters: JSON = [:],
        enter: String,
        exit: String
    ) throws -> Strategy {
        try Strategy([
            "schema": 1, "name": .string(name), "family": .string(family),
            "universe": .array(symbols.map { .string($0.description) }), "side": .string(side),
            "parameters": parameters, "enter": .string(enter), "exit": .string(exit),
            "size": .double(symbols.count > 1 ? 1 / Double(symbols.count) : 0.4),
            "costs": costs,
        ])
    }

    private struct Idea {
        let family: String
        let name: String
        let enter: String
        let exit: String
    }

    private static let ideas: [Idea] = trends + ranges + reversals + oscillators + weekdays

    private static func each(
        _ family: String,
        _ numbers: [[String]],
        _ make: ([String]) -> (enter: String, exit: String)
    ) -> [Idea] {
        numbers.map { numbers in
            let (enter, exit) = make(numbers)
            return Idea(
                family: family,
                name: numbers.joined(separator: "-"),
                enter: enter,
                exit: exit
            )
        }
    }

    private static func pairs(_ left: [String], _ right: [String]) -> [[String]] {
        left.flatMap { left in right.map { [left, $0] } }
    }

    private static let trends =
        each("average", pairs(["5", "10", "20"], ["40", "80", "160"])) {
            (
                "sma(close, \($0[0])) > sma(close, \($0[1]))",
                "sma(close, \($0[0])) < sma(close, \($0[1]))"
            )
        }
        + each("exponential", pairs(["8", "13", "21"], ["34", "89", "144"])) {
            (
                "ema(close, \($0[0])) > ema(close, \($0[1]))",
                "ema(close, \($0[0])) < ema(close, \($0[1]))"
            )
        }
        + each("momentum", pairs(["10", "20", "60", "120", "250"], ["0.0", "0.02"])) {
            ("roc(close, \($0[0])) > \($0[1])", "roc(close, \($0[0])) < -\($0[1])")
        }

    private static let ranges =
        each("breakout", pairs(["10", "20", "40", "55", "100"], ["5", "10"])) {
            (
                "close > lag(highest(high, \($0[0])), 1)",
                "close < lag(lowest(low, \($0[1])), 1)"
            )
        }
        + each("bands", pairs(["10", "20", "50"], ["1.0", "1.5", "2.0"])) {
            (
                "close > bollinger_upper(close, \($0[0]), \($0[1]))",
                "close < bollinger_lower(close, \($0[0]), \($0[1]))"
            )
        }

    private static let reversals =
        each("strength", pairs(["0.1", "0.2", "0.3"], ["0.5", "0.7", "0.9"])) {
            ("ibs() < \($0[0])", "ibs() > \($0[1])")
        }
        + each("distance", pairs(["5", "10", "20", "50"], ["1.0", "1.5", "2.0"])) {
            ("zscore(close, \($0[0])) < -\($0[1])", "zscore(close, \($0[0])) > 0.0")
        }
        + each("streak", pairs(["1", "2", "3", "5"], ["0.01", "0.02", "0.04"])) {
            ("roc(close, \($0[0])) < -\($0[1])", "roc(close, \($0[0])) > 0.0")
        }

    private static let oscillators =
        each("rsi", pairs(["2", "5", "9", "14"], ["20.0", "30.0", "40.0"])) {
            ("rsi(close, \($0[0])) < \($0[1])", "rsi(close, \($0[0])) > 55.0")
        }
        + each(
            "macd",
            [["5", "15", "5"], ["8", "17", "9"], ["12", "26", "9"], ["20", "50", "10"]]
        ) {
            let call = "macd_hist(close, \($0[0]), \($0[1]), \($0[2]))"
            return ("\(call) > 0.0", "\(call) < 0.0")
        }

    private static let weekdays = each(
        "weekday",
        (1..<6).flatMap { first in
            (1..<6).filter { $0 != first }.map { ["\(first)", "\($0)"] }
        }
    ) {
        ("day_of_week() == \($0[0])", "day_of_week() == \($0[1])")
    }
}
