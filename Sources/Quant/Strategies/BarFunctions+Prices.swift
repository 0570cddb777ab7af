// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension BarFunctions {
    static let averages = [
        BarFunction("sma(x, n)", "the simple moving average", "n - 1", "sma(close, 20)", 19),
        BarFunction(
            "ema(x, n)",
            "the exponential moving average, factor 2/(n + 1), seeded by a simple one",
            "n - 1",
            "ema(close, 20)",
            19
        ),
        BarFunction(
            "wma(x, n)",
            "the moving average with weights 1 to n, the last bar's the greatest",
            "n - 1",
            "wma(close, 20)",
            19
        ),
        BarFunction(
            "macd(x, fast, slow, signal)",
            "the fast less the slow exponential average",
            "slow + signal - 2",
            "macd(close, 12, 26, 9)",
            33
        ),
        BarFunction(
            "macd_signal(x, fast, slow, signal)",
            "the exponential average of macd",
            "slow + signal - 2",
            "macd_signal(close, 12, 26, 9)",
            33
        ),
        BarFunction(
            "macd_hist(x, fast, slow, signal)",
            "macd less its signal, not doubled",
            "slow + signal - 2",
            "macd_hist(close, 12, 26, 9)",
            33
        ),
        BarFunction(
            "macd_fmz(x, fast, slow, signal)",
            "macd in FMZ's dialect: each average is seeded by its own first bars",
            "slow - 1",
            "macd_fmz(close, 12, 26, 9)",
            25
        ),
        BarFunction(
            "macd_signal_fmz(x, fast, slow, signal)",
            "the exponential average of macd_fmz",
            "slow + signal - 2",
            "macd_signal_fmz(close, 12, 26, 9)",
            33
        ),
        BarFunction(
            "macd_hist_fmz(x, fast, slow, signal)",
            "macd_fmz less its signal, not doubled",
            "slow + signal - 2",
            "macd_hist_fmz(close, 12, 26, 9)",
            33
        ),
    ]

    static let bands = [
        BarFunction(
            "bollinger_upper(x, n, width)",
            "the simple average and width population standard deviations",
            "n - 1",
            "bollinger_upper(close, 20, 2)",
            19
        ),
        BarFunction(
            "bollinger_middle(x, n, width)",
            "the simple average",
            "n - 1",
            "bollinger_middle(close, 20, 2)",
            19
        ),
        BarFunction(
            "bollinger_lower(x, n, width)",
            "the simple average less width population standard deviations",
            "n - 1",
            "bollinger_lower(close, 20, 2)",
            19
        ),
        BarFunction(
            "bollinger_position(x, n, width)",
            "where x lies between the lower band, 0, and the upper, 1 (%b); missing when they meet",
            "n - 1",
            "bollinger_position(close, 20, 2)",
            19
        ),
        BarFunction(
            "bollinger_width(x, n, width)",
            "the distance of the bands in terms of the middle one",
            "n - 1",
            "bollinger_width(close, 20, 2)",
            19
        ),
        BarFunction(
            "donchian_upper(n)",
            "the greatest high of the last n bars, this one included",
            "n - 1",
            "donchian_upper(20)",
            19
        ),
        BarFunction(
            "donchian_middle(n)",
            "the middle between the greatest high and the least low",
            "n - 1",
            "donchian_middle(20)",
            19
        ),
        BarFunction(
            "donchian_lower(n)",
            "the least low of the last n bars, this one included",
            "n - 1",
            "donchian_lower(20)",
            19
        ),
    ]

    static let oscillators = [
        BarFunction(
            "rsi(x, n)",
            "Wilder's relative strength index, 0 to 100",
            "n",
            "rsi(close, 14)",
            14
        ),
        BarFunction(
            "rsi_fmz(x, n)",
            "rsi in FMZ's dialect: 0 when there is no loss",
            "n",
            "rsi_fmz(close, 14)",
            14
        ),
        BarFunction(
            "stoch_k(n, smooth, signal)",
            "where the close lies between the least low, 0, and the greatest high, 100, of n bars, "
                + "averaged over smooth bars (slow %K)",
            "n + smooth + signal - 3",
            "stoch_k(14, 3, 3)",
            17
        ),
        BarFunction(
            "stoch_d(n, smooth, signal)",
            "the simple average of stoch_k over signal bars (slow %D)",
            "n + smooth + signal - 3",
            "stoch_d(14, 3, 3)",
            17
        ),
        BarFunction(
            "stochf_k(n, signal)",
            "stoch_k without smoothing (fast %K)",
            "n + signal - 2",
            "stochf_k(14, 3)",
            15
        ),
        BarFunction(
            "stochf_d(n, signal)",
            "the simple average of stochf_k over signal bars (fast %D)",
            "n + signal - 2",
            "stochf_d(14, 3)",
            15
        ),
        BarFunction(
            "plus_di(n)",
            "Wilder's indicator of rises, 0 to 100",
            "n",
            "plus_di(14)",
            14
        ),
        BarFunction(
            "minus_di(n)",
            "Wilder's indicator of falls, 0 to 100",
            "n",
            "minus_di(14)",
            14
        ),
        BarFunction("dx(n)", "the imbalance of plus_di and minus_di", "n", "dx(14)", 14),
        BarFunction("adx(n)", "Wilder's average of dx", "2 * n - 1", "adx(14)", 27),
        BarFunction("cci(n)", "the commodity channel index", "n - 1", "cci(20)", 19),
        BarFunction(
            "williams_r(n)",
            "how far the close lies below the greatest high of n bars, 0 down to -100",
            "n - 1",
            "williams_r(14)",
            13
        ),
        BarFunction("mfi(n)", "the money flow index, 0 to 100", "n", "mfi(14)", 14),
        BarFunction(
            "ibs()",
            "(close - low) / (high - low); missing when high equals low",
            "0",
            "ibs()",
            0
        ),
    ]

    static let ranges = [
        BarFunction(
            "true_range()",
            "the greatest of high - low and the distances of both to the last close",
            "1",
            "true_range()",
            1
        ),
        BarFunction(
            "atr(n)",
            "the average true range by Wilder's average",
            "n",
            "atr(14)",
            14
        ),
        BarFunction("natr(n)", "atr in per cent of the close", "n", "natr(14)", 14),
        BarFunction(
            "true_range_fmz()",
            "true_range in FMZ's dialect: high - low at the first bar",
            "0",
            "true_range_fmz()",
            0
        ),
        BarFunction(
            "atr_fmz(n)",
            "atr in FMZ's dialect: the mean so far at the first n bars",
            "0",
            "atr_fmz(14)",
            0
        ),
    ]

    static let volumes = [
        BarFunction(
            "obv()",
            "on-balance volume: that of rises less that of falls, from the first bar's on",
            "0",
            "obv()",
            0
        ),
        BarFunction(
            "vwap()",
            "the mean of (high + low + close) / 3 by volume since the day began (UTC)",
            "0",
            "vwap()",
            0
        ),
        BarFunction(
            "rolling_vwap(n)",
            "the mean of (high + low + close) / 3 by volume over the last n bars",
            "n - 1",
            "rolling_vwap(20)",
            19
        ),
    ]
}
