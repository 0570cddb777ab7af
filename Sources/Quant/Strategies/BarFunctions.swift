// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The functions that a strategy's expressions may call.
public enum BarFunctions {
    /// One row per function, in the order in which they are explained.
    public static let table: [BarFunction] = [
        BarFunction(
            name: "sma",
            signature: "sma(x, n)",
            meaning: "the simple moving average",
            warmUp: "n - 1",
            example: "sma(close, 20)",
            exampleWarmUp: 19
        ),
        BarFunction(
            name: "ema",
            signature: "ema(x, n)",
            meaning: "the exponential moving average, factor 2/(n + 1), seeded by a simple one",
            warmUp: "n - 1",
            example: "ema(close, 20)",
            exampleWarmUp: 19
        ),
        BarFunction(
            name: "rsi",
            signature: "rsi(x, n)",
            meaning: "Wilder's relative strength index, 0 to 100",
            warmUp: "n",
            example: "rsi(close, 14)",
            exampleWarmUp: 14
        ),
        BarFunction(
            name: "macd",
            signature: "macd(x, fast, slow, signal)",
            meaning: "the fast less the slow exponential average",
            warmUp: "slow + signal - 2",
            example: "macd(close, 12, 26, 9)",
            exampleWarmUp: 33
        ),
        BarFunction(
            name: "macd_signal",
            signature: "macd_signal(x, fast, slow, signal)",
            meaning: "the exponential average of macd",
            warmUp: "slow + signal - 2",
            example: "macd_signal(close, 12, 26, 9)",
            exampleWarmUp: 33
        ),
        BarFunction(
            name: "macd_hist",
            signature: "macd_hist(x, fast, slow, signal)",
            meaning: "macd less its signal, not doubled",
            warmUp: "slow + signal - 2",
            example: "macd_hist(close, 12, 26, 9)",
            exampleWarmUp: 33
        ),
        BarFunction(
            name: "atr",
            signature: "atr(n)",
            meaning: "the average true range by Wilder's average",
            warmUp: "n",
            example: "atr(14)",
            exampleWarmUp: 14
        ),
        BarFunction(
            name: "true_range",
            signature: "true_range()",
            meaning: "the greatest of high - low and the distances of both to the last close",
            warmUp: "1",
            example: "true_range()",
            exampleWarmUp: 1
        ),
        BarFunction(
            name: "lag",
            signature: "lag(x, n)",
            meaning: "the value n bars ago",
            warmUp: "n",
            example: "lag(close, 1)",
            exampleWarmUp: 1
        ),
        BarFunction(
            name: "highest",
            signature: "highest(x, n)",
            meaning: "the greatest value of the last n bars, this one included",
            warmUp: "n - 1",
            example: "highest(high, 10)",
            exampleWarmUp: 9
        ),
        BarFunction(
            name: "lowest",
            signature: "lowest(x, n)",
            meaning: "the least value of the last n bars, this one included",
            warmUp: "n - 1",
            example: "lowest(low, 10)",
            exampleWarmUp: 9
        ),
        BarFunction(
            name: "stdev",
            signature: "stdev(x, n)",
            meaning: "the population standard deviation of the last n bars",
            warmUp: "n - 1",
            example: "stdev(close, 10)",
            exampleWarmUp: 9
        ),
        BarFunction(
            name: "zscore",
            signature: "zscore(x, n)",
            meaning: "the distance from the mean of the last n bars in standard deviations",
            warmUp: "n - 1",
            example: "zscore(close, 10)",
            exampleWarmUp: 9
        ),
        BarFunction(
            name: "roc",
            signature: "roc(x, n)",
            meaning: "the change over n bars in per cent",
            warmUp: "n",
            example: "roc(close, 5)",
            exampleWarmUp: 5
        ),
        BarFunction(
            name: "regression_forecast",
            signature: "regression_forecast(n)",
            meaning: "the next close by a regression on close and volume over the last n pairs",
            warmUp: "n",
            example: "regression_forecast(30)",
            exampleWarmUp: 30
        ),
        BarFunction(
            name: "regression_r2",
            signature: "regression_r2(n)",
            meaning: "the share of variance that this regression explains, 0 to 1",
            warmUp: "n",
            example: "regression_r2(30)",
            exampleWarmUp: 30
        ),
        BarFunction(
            name: "ibs",
            signature: "ibs()",
            meaning: "(close - low) / (high - low); missing when high equals low",
            warmUp: "0",
            example: "ibs()",
            exampleWarmUp: 0
        ),
        BarFunction(
            name: "abs",
            signature: "abs(x)",
            meaning: "the value without its sign",
            warmUp: "0",
            example: "abs(close)",
            exampleWarmUp: 0
        ),
        BarFunction(
            name: "min",
            signature: "min(x, y)",
            meaning: "the lesser of two values",
            warmUp: "0",
            example: "min(open, close)",
            exampleWarmUp: 0
        ),
        BarFunction(
            name: "max",
            signature: "max(x, y)",
            meaning: "the greater of two values",
            warmUp: "0",
            example: "max(open, close)",
            exampleWarmUp: 0
        ),
        BarFunction(
            name: "session_of_month",
            signature: "session_of_month()",
            meaning: "the number of days with bars so far in the month, from 1",
            warmUp: "0",
            example: "session_of_month()",
            exampleWarmUp: 0
        ),
        BarFunction(
            name: "weekdays_left_in_month",
            signature: "weekdays_left_in_month()",
            meaning: "the Mondays to Fridays of the month after the bar's date",
            warmUp: "0",
            example: "weekdays_left_in_month()",
            exampleWarmUp: 0
        ),
        BarFunction(
            name: "day_of_week",
            signature: "day_of_week()",
            meaning: "0 for Sunday to 6 for Saturday",
            warmUp: "0",
            example: "day_of_week()",
            exampleWarmUp: 0
        ),
    ]

    static let names = table.map(\.name)
}
