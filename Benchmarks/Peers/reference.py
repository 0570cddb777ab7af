# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The rules of a backtest of one symbol, written down once more as plainly as possible."""

import numpy


def average(values, window):
    """The mean of the last values at each bar, each window summed by itself."""
    result = numpy.full(len(values), numpy.nan)
    for end in range(window, len(values) + 1):
        result[end - 1] = values[end - window : end].mean()
    return result


def backtest(bars, enter, leave, capital=100_000.0, size=1.0, units=None, fee=0.0, slippage=0.0,
             stop=None, target=None, hold=None):  # fmt: skip
    """The trades and the equity at each close; `enter` and `leave` hold or not at each close."""
    opens, highs, lows, closes = bars
    cash, held, entry, since, pending, leaving = capital, 0.0, 0.0, 0, 0.0, None
    trades, equity = [], []

    def sell(price, row, reason):
        nonlocal cash, held, leaving
        price *= 1 - slippage
        cash += held * price * (1 - fee)
        gain = held * (price * (1 - fee) - entry * (1 + fee))
        trades.append((since, row, held, entry, price, gain, reason))
        held, leaving = 0.0, None

    for row in range(len(closes)):
        # What was decided at the last close is filled at this open.
        if leaving:
            sell(opens[row], row, leaving)
        elif pending:
            held, entry, since, pending = pending, opens[row] * (1 + slippage), row, 0.0
            cash -= held * entry * (1 + fee)
        # A bar that opens beyond a limit fills at the open; within the bar the stop comes first.
        if held:
            worst = entry * (1 - stop) if stop else -numpy.inf
            best = entry * (1 + target) if target else numpy.inf
            if opens[row] <= worst:
                sell(opens[row], row, "stop")
            elif opens[row] >= best:
                sell(opens[row], row, "target")
            elif lows[row] <= worst:
                sell(worst, row, "stop")
            elif highs[row] >= best:
                sell(best, row, "target")
        if row == len(closes) - 1 and held:
            sell(closes[row], row, "windowEnd")
        worth = cash + held * closes[row]
        equity.append(worth)
        # The decision at the close.
        if held and leave[row]:
            leaving = "exit"
        elif held and hold and row - since + 1 >= hold:
            leaving = "hold"
        elif not held and enter[row]:
            pending = units or numpy.floor(size * worth / closes[row])
    return trades, numpy.array(equity)
