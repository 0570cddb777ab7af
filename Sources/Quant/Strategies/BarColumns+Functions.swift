// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

extension BarColumns {
    /// The result of a function whose number of arguments has been checked.
    func result(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> Column? {
        if let crossing = try crossing(name, arguments) { return .booleans(crossing) }
        return try numbers(name, arguments).map { .numbers($0) }
    }

    private func numbers(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        let isFMZ = name.hasSuffix(Self.suffixOfFMZ)
        let base = isFMZ ? String(name.dropLast(Self.suffixOfFMZ.count)) : name
        let dialect = isFMZ ? IndicatorDialect.fmz : dialect
        if let result = try inDialect(base, dialect, arguments) { return result }
        if let result = try average(name, arguments) { return result }
        if let result = try window(name, arguments) { return result }
        if let result = try band(name, arguments) { return result }
        if let result = try line(name, arguments) { return result }
        if let result = try oscillator(name, arguments) { return result }
        if let result = try volume(name, arguments) { return result }
        if let result = try change(name, arguments) { return result }
        if let result = try element(name, arguments) { return result }
        return calendar(name)
    }

    /// What ends the names of the functions that follow FMZ whatever the columns follow.
    private static let suffixOfFMZ = "_fmz"

    /// The functions on which traders' tools disagree.
    private func inDialect(
        _ name: String,
        _ dialect: IndicatorDialect,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        switch name {
        case "rsi":
            Indicators.rsi(
                try arguments.series(0),
                window: try arguments.window(1),
                dialect: dialect
            )
        case "macd":
            Indicators.column(try macd(dialect, arguments), over: try arguments.series(0)) {
                $0.line
            }
        case "macd_signal":
            Indicators.column(try macd(dialect, arguments), over: try arguments.series(0)) {
                $0.signal
            }
        case "macd_hist":
            Indicators.column(try macd(dialect, arguments), over: try arguments.series(0)) {
                $0.histogram
            }
        case "atr":
            Indicators.column(
                AverageTrueRange(window: try arguments.window(0), dialect: dialect),
                over: series
            ) { $0 }
        case "natr":
            zip(
                Indicators.column(
                    AverageTrueRange(window: try arguments.window(0), dialect: dialect),
                    over: series
                ) { $0 },
                series.close
            ).map { $1 == 0 ? .nan : $0 / $1 * 100 }
        case "true_range":
            Indicators.column(TrueRange(dialect: dialect), over: series) { $0 }
        default: nil
        }
    }

    private func macd(
        _ dialect: IndicatorDialect,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> MACD {
        let fast = try arguments.window(1)
        let slow = try arguments.window(2)
        guard fast < slow else {
            throw arguments.error("the fast window \(fast) must be less than the slow one \(slow)")
        }
        let signal = try arguments.window(3)
        return MACD(fast: fast, slow: slow, signal: signal, dialect: dialect)
    }

    private func average(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        switch name {
        case "sma": Indicators.sma(try arguments.series(0), window: try arguments.window(1))
        case "ema": Indicators.ema(try arguments.series(0), window: try arguments.window(1))
        case "wma": Indicators.wma(try arguments.series(0), window: try arguments.window(1))
        default: nil
        }
    }
}
