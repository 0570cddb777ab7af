// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

extension StrategyForm {
    /// The variants of a family, the plainest first; none for an unknown name.
    static func variants(of family: String) -> [StrategyForm] {
        switch family {
        case "regression": regression
        case "reversion": reversion
        case "trend": trend
        case "breakout": breakout
        case "pullback": pullback
        case "turn-of-month": turnOfMonth
        case "momentum": momentum
        case "year-high": yearHigh
        case "calm": calm
        default: []
        }
    }

    /// The next close, forecast by least squares from close and volume over the last 30 bars.
    ///
    /// Volume as a second regressor follows Campbell, Grossman and Wang (1993).
    private static let regression =
        [0.0, 0.0025, 0.005].map { forecast($0, side: "long") }
        + [forecast(0.0025, side: "short")]

    private static func forecast(_ threshold: Double, side: String) -> StrategyForm {
        let isLong = side == "long"
        return StrategyForm(
            "regression-30-\(side)-\(threshold)",
            side: side,
            parameters: [("n", 30), ("threshold", .double(threshold))],
            features: [("forecast", "regression_forecast(n) / close - 1.0")],
            enter: isLong ? "forecast > threshold" : "forecast < -threshold",
            exit: isLong ? "forecast < 0.0" : "forecast > 0.0",
            hold: 5
        )
    }

    /// The position of the close within the bar reverts: Pagonidis, "The IBS Effect" (2013).
    private static let reversion = [
        position(0.2, side: "long"), position(0.2, side: "short"), position(0.1, side: "long"),
        position(0.1, side: "short"),
    ]

    private static func position(_ edge: Double, side: String) -> StrategyForm {
        let isLong = side == "long"
        return StrategyForm(
            "reversion-\(side)-\(edge)",
            side: side,
            parameters: [("edge", .double(edge))],
            features: [("position", "ibs()")],
            enter: isLong ? "position < edge" : "position > 1.0 - edge",
            exit: isLong ? "position > 1.0 - edge" : "position < edge",
            hold: 5
        )
    }

    /// Two averages cross: Brock, Lakonishok and LeBaron (1992) for the idea; 12 and 26 are
    /// Appel's.
    private static let trend = [(12, 26), (20, 50), (50, 200)].map { fast, slow in
        StrategyForm(
            "trend-\(fast)-\(slow)",
            parameters: [("fast", .int(Int64(fast))), ("slow", .int(Int64(slow)))],
            features: [("spread", "ema(close, fast) - ema(close, slow)")],
            enter: "spread > 0.0",
            exit: "spread < 0.0",
            hold: 252
        )
    }

    /// The close leaves the range of the last weeks: Donchian's rule, tested as trading-range
    /// break by Brock, Lakonishok and LeBaron (1992).
    private static let breakout = [(20, 10), (55, 20)].map { enter, exit in
        StrategyForm(
            "breakout-\(enter)-\(exit)",
            parameters: [("enter_bars", .int(Int64(enter))), ("exit_bars", .int(Int64(exit)))],
            features: [
                ("ceiling", "highest(lag(high, 1), enter_bars)"),
                ("floor", "lowest(lag(low, 1), exit_bars)"),
            ],
            enter: "close > ceiling",
            exit: "close < floor",
            hold: 252
        )
    }

    /// A short fall within a long rise: Connors and Alvarez, RSI(2) (2008).
    private static let pullback = [
        dip(5, side: "long"), dip(10, side: "long"), dip(95, side: "short"),
    ]

    private static func dip(_ level: Int64, side: String) -> StrategyForm {
        let isLong = side == "long"
        return StrategyForm(
            "pullback-\(side)-\(level)",
            side: side,
            parameters: [("level", .int(level))],
            features: [("strength", "rsi(close, 2)")],
            enter: isLong
                ? "strength < level && close > sma(close, 200)"
                : "strength > level && close < sma(close, 200)",
            exit: isLong ? "close > sma(close, 5)" : "close < sma(close, 5)",
            hold: 10
        )
    }

    /// The last session of a month and the first three of the next: Ariel (1987); Lakonishok and
    /// Smidt (1988).
    private static let turnOfMonth = [
        StrategyForm(
            "turn-of-month",
            parameters: [("last", 1), ("sessions", 3)],
            enter: "weekdays_left_in_month() == last",
            exit: "session_of_month() == sessions",
            hold: 6
        )
    ]

    /// A year's rise goes on: Moskowitz, Ooi and Pedersen, "Time Series Momentum" (2012).
    private static let momentum = [252, 126].map { bars in
        StrategyForm(
            "momentum-\(bars)",
            parameters: [("bars", .int(Int64(bars)))],
            enter: "close > lag(close, bars)",
            exit: "close < lag(close, bars)",
            hold: 252,
            isBroad: true
        )
    }

    /// Prices near the high of a year rise further: George and Hwang (2004).
    private static let yearHigh = [
        StrategyForm(
            "year-high",
            parameters: [("bars", 252), ("near", .double(0.95)), ("far", .double(0.85))],
            features: [("ceiling", "highest(high, bars)")],
            enter: "close > near * ceiling",
            exit: "close < far * ceiling",
            hold: 252,
            isBroad: true
        )
    ]

    /// Shares are held while they are calmer than usual: Moreira and Muir, "Volatility-Managed
    /// Portfolios" (2017), with all or nothing in the place of a changing size.
    private static let calm = [
        StrategyForm(
            "calm",
            parameters: [("month", 21), ("year", 252)],
            features: [
                ("swing", "stdev(returns(close), month)"), ("usual", "sma(swing, year)"),
            ],
            enter: "swing < usual",
            exit: "swing > usual",
            hold: 252,
            isBroad: true
        )
    ]
}
