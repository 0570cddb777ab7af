// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Expressions

extension BarColumns {
    func oscillator(
        _ name: String,
        _ arguments: BarArguments
    ) throws(ExpressionError) -> [Double]? {
        switch name {
        case "stoch_k": try stochastic(arguments, isSlow: true) { $0.line }
        case "stoch_d": try stochastic(arguments, isSlow: true) { $0.signal }
        case "stochf_k": try stochastic(arguments, isSlow: false) { $0.line }
        case "stochf_d": try stochastic(arguments, isSlow: false) { $0.signal }
        case "plus_di": try movement(arguments) { $0.plus }
        case "minus_di": try movement(arguments) { $0.minus }
        case "dx": try movement(arguments) { $0.imbalance }
        case "adx": try movement(arguments) { $0.average }
        case "cci":
            Indicators.column(
                CommodityChannel(window: try arguments.window(0, least: 2)),
                over: series
            ) { $0 }
        case "williams_r":
            Indicators.column(WilliamsRange(window: try arguments.window(0)), over: series) { $0 }
        case "mfi":
            Indicators.column(MoneyFlow(window: try arguments.window(0)), over: series) { $0 }
        case "ibs":
            series.close.indices.map { index in
                let range = series.high[index] - series.low[index]
                return range > 0 ? (series.close[index] - series.low[index]) / range : .nan
            }
        default: nil
        }
    }

    private func stochastic(
        _ arguments: BarArguments,
        isSlow: Bool,
        _ part: (Stochastic.Output) -> Double
    ) throws(ExpressionError) -> [Double] {
        Indicators.column(
            Stochastic(
                window: try arguments.window(0),
                smoothing: isSlow ? try arguments.window(1) : 1,
                signal: try arguments.window(isSlow ? 2 : 1)
            ),
            over: series,
            part: part
        )
    }

    private func movement(
        _ arguments: BarArguments,
        _ part: (DirectionalMovement.Output) -> Double
    ) throws(ExpressionError) -> [Double] {
        Indicators.column(
            DirectionalMovement(window: try arguments.window(0, least: 2)),
            over: series,
            part: part
        )
    }

    func volume(_ name: String, _ arguments: BarArguments) throws(ExpressionError) -> [Double]? {
        switch name {
        case "obv": Indicators.column(OnBalanceVolume(), over: series) { $0 }
        case "vwap": priceOfDay
        case "rolling_vwap":
            Indicators.column(
                RollingVolumeWeightedPrice(window: try arguments.window(0)),
                over: series
            ) { $0 }
        default: nil
        }
    }
}
