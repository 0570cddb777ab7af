// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Expressions

extension BarColumns {
    func numbers(_ name: String, _ arguments: BarArguments) throws(ExpressionError) -> [Double]? {
        if let result = try ofSeries(name, arguments) { return result }
        if let result = try ofBars(name, arguments) { return result }
        return calendar(name)
    }

    private func ofSeries(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        switch name {
        case "sma": Indicators.sma(try arguments.series(0), window: try arguments.window(1))
        case "ema": Indicators.ema(try arguments.series(0), window: try arguments.window(1))
        case "rsi":
            Indicators.rsi(
                try arguments.series(0),
                window: try arguments.window(1),
                dialect: dialect
            )
        case "macd": try macd(arguments).line
        case "macd_signal": try macd(arguments).signal
        case "macd_hist": try macd(arguments).histogram
        case "lag": Indicators.lag(try arguments.series(0), by: try arguments.window(1, least: 0))
        case "highest": Indicators.highest(try arguments.series(0), window: try arguments.window(1))
        case "lowest": Indicators.lowest(try arguments.series(0), window: try arguments.window(1))
        case "stdev":
            Indicators.standardDeviation(
                try arguments.series(0),
                window: try arguments.window(1, least: 2)
            )
        case "zscore":
            Indicators.zScore(
                try arguments.series(0),
                window: try arguments.window(1, least: 2)
            )
        case "roc":
            Indicators.rateOfChange(try arguments.series(0), over: try arguments.window(1))
        case "abs": try arguments.series(0).map(abs)
        case "min": zip(try arguments.series(0), try arguments.series(1)).map(lesser)
        case "max": zip(try arguments.series(0), try arguments.series(1)).map { -lesser(-$0, -$1) }
        default: nil
        }
    }

    private func ofBars(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        switch name {
        case "atr":
            Indicators.atr(
                high: series.high.array,
                low: series.low.array,
                close: series.close.array,
                window: try arguments.window(0),
                dialect: dialect
            )
        case "true_range":
            Indicators.trueRange(
                high: series.high.array,
                low: series.low.array,
                close: series.close.array,
                dialect: dialect
            )
        case "regression_forecast": try regression(arguments).forecast
        case "regression_r2": try regression(arguments).determination
        case "ibs":
            series.close.indices.map { index in
                let range = series.high[index] - series.low[index]
                return range > 0 ? (series.close[index] - series.low[index]) / range : .nan
            }
        default: nil
        }
    }

    private func calendar(_ name: String) -> [Double]? {
        switch name {
        case "session_of_month": sessionsOfMonth
        case "weekdays_left_in_month": series.times.map { Double($0.date.weekdaysLeftInMonth) }
        case "day_of_week": series.times.map { Double($0.date.weekday) }
        default: nil
        }
    }

    private func macd(_ arguments: BarArguments) throws(ExpressionError) -> Indicators.MACD {
        let fast = try arguments.window(1)
        let slow = try arguments.window(2)
        guard fast < slow else {
            throw arguments.error("the fast window \(fast) must be less than the slow one \(slow)")
        }
        return Indicators.macd(
            try arguments.series(0),
            fast: fast,
            slow: slow,
            signal: try arguments.window(3),
            dialect: dialect
        )
    }

    private func regression(
        _ arguments: BarArguments
    ) throws(ExpressionError) -> Indicators.Regression {
        Indicators.regression(
            close: series.close.array,
            volume: series.volume.array,
            window: try arguments.window(0, least: 4)
        )
    }

    private var sessionsOfMonth: [Double] {
        var result: [Double] = []
        result.reserveCapacity(count)
        var last: CalendarDate?
        var sessions = 0.0
        for time in series.times {
            let date = time.date
            if date != last {
                sessions = date.isSameMonth(as: last) ? sessions + 1 : 1
                last = date
            }
            result.append(sessions)
        }
        return result
    }
}

/// The lesser number; missing when either is.
private func lesser(_ left: Double, _ right: Double) -> Double {
    left.isNaN || right.isNaN ? .nan : (right < left ? right : left)
}

extension CalendarDate {
    fileprivate func isSameMonth(as other: CalendarDate?) -> Bool {
        guard let other else { return false }
        return parts.year == other.parts.year && parts.month == other.parts.month
    }

    /// The Mondays to Fridays after this date in its month.
    var weekdaysLeftInMonth: Int {
        var weekdays = 0
        var day = adding(days: 1)
        while day.isSameMonth(as: self) {
            if (1...5).contains(day.weekday) { weekdays += 1 }
            day = day.adding(days: 1)
        }
        return weekdays
    }
}
