// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

extension BarColumns {
    func window(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        switch name {
        case "highest": Indicators.highest(try arguments.series(0), window: try arguments.window(1))
        case "lowest": Indicators.lowest(try arguments.series(0), window: try arguments.window(1))
        case "mean": Indicators.mean(try arguments.series(0), window: try arguments.window(1))
        case "variance":
            Indicators.variance(
                try arguments.series(0),
                window: try arguments.window(1, least: 2)
            )
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
        case "rank": Indicators.rank(try arguments.series(0), window: try arguments.window(1))
        case "correlation":
            Indicators.correlation(
                try arguments.series(0),
                try arguments.series(1),
                window: try arguments.window(2, least: 2)
            )
        default: nil
        }
    }

    func band(_ name: String, _ arguments: BarArguments) throws(ExpressionError) -> [Double]? {
        switch name {
        case "bollinger_upper": try bollinger(arguments) { $0.upper }
        case "bollinger_middle": try bollinger(arguments) { $0.middle }
        case "bollinger_lower": try bollinger(arguments) { $0.lower }
        case "bollinger_position": try bollinger(arguments) { $0.position }
        case "bollinger_width": try bollinger(arguments) { $0.width }
        case "donchian_upper": try donchian(arguments) { $0.upper }
        case "donchian_middle": try donchian(arguments) { $0.middle }
        case "donchian_lower": try donchian(arguments) { $0.lower }
        default: nil
        }
    }

    private func bollinger(
        _ arguments: BarArguments,
        _ part: (BollingerBands.Output) -> Double
    ) throws(ExpressionError) -> [Double] {
        Indicators.bollinger(
            try arguments.series(0),
            window: try arguments.window(1, least: 2),
            deviations: try arguments.positive(2),
            part
        )
    }

    private func donchian(
        _ arguments: BarArguments,
        _ part: (DonchianChannel.Output) -> Double
    ) throws(ExpressionError) -> [Double] {
        Indicators.column(
            DonchianChannel(window: try arguments.window(0)),
            over: series,
            part: part
        )
    }

    func line(_ name: String, _ arguments: BarArguments) throws(ExpressionError) -> [Double]? {
        switch name {
        case "linreg": try line(arguments) { $0.value }
        case "linreg_slope": try line(arguments) { $0.slope }
        case "linreg_intercept": try line(arguments) { $0.intercept }
        case "linreg_forecast": try line(arguments) { $0.forecast }
        case "linreg_r2": try line(arguments) { $0.determination }
        case "regression_forecast": try regression(arguments).forecast
        case "regression_r2": try regression(arguments).determination
        default: nil
        }
    }

    private func line(
        _ arguments: BarArguments,
        _ part: (LineFit.Output) -> Double
    ) throws(ExpressionError) -> [Double] {
        Indicators.line(
            try arguments.series(0),
            window: try arguments.window(1, least: 2),
            part
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
}
