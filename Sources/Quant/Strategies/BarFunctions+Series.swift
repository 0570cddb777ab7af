// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension BarFunctions {
    static let windows = [
        BarFunction(
            "highest(x, n)",
            "the greatest value of the last n bars, this one included",
            "n - 1",
            "highest(high, 10)",
            9
        ),
        BarFunction(
            "lowest(x, n)",
            "the least value of the last n bars, this one included",
            "n - 1",
            "lowest(low, 10)",
            9
        ),
        BarFunction("mean(x, n)", "the mean of the last n bars", "n - 1", "mean(close, 10)", 9),
        BarFunction(
            "variance(x, n)",
            "the population variance of the last n bars",
            "n - 1",
            "variance(close, 10)",
            9
        ),
        BarFunction(
            "stdev(x, n)",
            "the population standard deviation of the last n bars",
            "n - 1",
            "stdev(close, 10)",
            9
        ),
        BarFunction(
            "zscore(x, n)",
            "the distance from the mean of the last n bars in standard deviations;"
                + " missing when x does not move",
            "n - 1",
            "zscore(close, 10)",
            9
        ),
        BarFunction(
            "rank(x, n)",
            "the per cent of the n bars before whose value is less",
            "n",
            "rank(close, 10)",
            10
        ),
        BarFunction(
            "correlation(x, y, n)",
            "Pearson's correlation over the last n bars; 0 when one does not move",
            "n - 1",
            "correlation(close, volume, 10)",
            9
        ),
    ]

    static let regressions = [
        BarFunction(
            "linreg(x, n)",
            "the value at this bar of the least-squares line through the last n bars",
            "n - 1",
            "linreg(close, 14)",
            13
        ),
        BarFunction(
            "linreg_slope(x, n)",
            "the rise of that line from bar to bar",
            "n - 1",
            "linreg_slope(close, 14)",
            13
        ),
        BarFunction(
            "linreg_intercept(x, n)",
            "the value of that line at its first bar",
            "n - 1",
            "linreg_intercept(close, 14)",
            13
        ),
        BarFunction(
            "linreg_forecast(x, n)",
            "the value of that line at the bar to come",
            "n - 1",
            "linreg_forecast(close, 14)",
            13
        ),
        BarFunction(
            "linreg_r2(x, n)",
            "the share of variance that the line explains, 0 to 1;"
                + " missing when x does not move",
            "n - 1",
            "linreg_r2(close, 14)",
            13
        ),
        BarFunction(
            "regression_forecast(n)",
            "the next close by a regression on close and volume over the last n pairs;"
                + " missing when one does not move",
            "n",
            "regression_forecast(30)",
            30
        ),
        BarFunction(
            "regression_r2(n)",
            "the share of variance that this regression explains, 0 to 1; missing as that is",
            "n",
            "regression_r2(30)",
            30
        ),
    ]

    static let changes = [
        BarFunction("lag(x, n)", "the value n bars ago", "n", "lag(close, 1)", 1),
        BarFunction(
            "roc(x, n)",
            "the change over n bars in per cent; missing after a zero",
            "n",
            "roc(close, 5)",
            5
        ),
        BarFunction("momentum(x, n)", "the change over n bars", "n", "momentum(close, 5)", 5),
        BarFunction(
            "returns(x)",
            "the change since the last bar as a share of its value; missing after a zero",
            "1",
            "returns(close)",
            1
        ),
        BarFunction(
            "log_returns(x)",
            "the natural logarithm of x by the last x; missing unless both are above 0",
            "1",
            "log_returns(close)",
            1
        ),
        BarFunction(
            "cross_over(a, b)",
            "whether a is above b and was not at the bar before",
            "1",
            "cross_over(close, open)",
            1
        ),
        BarFunction(
            "cross_under(a, b)",
            "whether a is below b and was not at the bar before",
            "1",
            "cross_under(close, open)",
            1
        ),
    ]

    static let elements = [
        BarFunction("abs(x)", "the value without its sign", "0", "abs(close)", 0),
        BarFunction("sign(x)", "-1, 0 or 1", "0", "sign(close - open)", 0),
        BarFunction("sqrt(x)", "the square root; missing below 0", "0", "sqrt(close)", 0),
        BarFunction(
            "log(x)",
            "the natural logarithm; missing unless x is above 0",
            "0",
            "log(close)",
            0
        ),
        BarFunction(
            "exp(x)",
            "e to the power of x; missing when that is too great",
            "0",
            "exp(close / 1000.0)",
            0
        ),
        BarFunction("min(x, y)", "the lesser of two values", "0", "min(open, close)", 0),
        BarFunction("max(x, y)", "the greater of two values", "0", "max(open, close)", 0),
    ]

    static let calendar = [
        BarFunction(
            "session_of_month()",
            "the number of days with bars so far in the month, from 1",
            "0",
            "session_of_month()",
            0
        ),
        BarFunction(
            "weekdays_left_in_month()",
            "the Mondays to Fridays of the month after the bar's date",
            "0",
            "weekdays_left_in_month()",
            0
        ),
        BarFunction(
            "day_of_week()",
            "0 for Sunday to 6 for Saturday",
            "0",
            "day_of_week()",
            0
        ),
    ]
}
