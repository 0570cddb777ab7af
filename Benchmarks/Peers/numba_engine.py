# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""numba: the loop that a careful person writes by hand."""

import numba
import numpy

from work import CAPITAL, FAST, FASTS, FEE, SLOW, SLOWS, columns


@numba.njit(cache=True)
def average(values, window):
    result = numpy.full(values.size, numpy.nan)
    total = 0.0
    for i in range(values.size):
        total += values[i]
        if i >= window:
            total -= values[i - window]
        if i >= window - 1:
            result[i] = total / window
    return result


@numba.njit(cache=True)
def account(opens, closes, fast, slow, equity, fee, capital):
    cash, units, last, peak, fall = capital, 0.0, capital, capital, 0.0
    mean, square, trades, wanted = 0.0, 0.0, 0, False
    for i in range(opens.size):
        if wanted and units == 0.0:
            cash -= opens[i] * (1 + fee)
            units = 1.0
        elif not wanted and units != 0.0:
            cash += opens[i] * (1 - fee)
            units = 0.0
            trades += 1
        worth = cash + units * closes[i]
        if equity.size > 0:
            equity[i] = worth
        change = worth / last - 1
        mean += change
        square += change * change
        last = worth
        peak = max(peak, worth)
        fall = max(fall, (peak - worth) / peak)
        if fast[i] > slow[i]:
            wanted = True
        elif fast[i] < slow[i]:
            wanted = False
    if units != 0.0:
        trades += 1
        last -= closes[-1] * fee
    count = opens.size - 1
    mean /= count
    deviation = ((square - count * mean * mean) / (count - 1)) ** 0.5
    return trades, last, mean / deviation * 252**0.5, fall


@numba.njit(cache=True)
def pairwise(opens, closes, fasts, slows, fee, capital):
    trades, total = 0, 0.0
    room = numpy.empty(0)
    for f in range(fasts.shape[0]):
        for s in range(slows.shape[0]):
            one = account(opens, closes, fasts[f], slows[s], room, fee, capital)
            trades += one[0]
            total += one[1]
    return trades, total


def backtest(frame):
    opens, _, _, closes, _ = columns(frame)

    def run():
        equity = numpy.empty(opens.size)
        fast, slow = average(closes, FAST), average(closes, SLOW)
        trades, last, sharpe, fall = account(opens, closes, fast, slow, equity, FEE, CAPITAL)
        return {"trades": trades, "final_equity": last, "sharpe": sharpe, "max_drawdown": fall}

    return run


def sweep(frame, count):
    opens, _, _, closes, _ = columns(frame)

    def run():
        fasts = numpy.stack([average(closes, n) for n in FASTS[: count // len(SLOWS)]])
        slows = numpy.stack([average(closes, n) for n in SLOWS])
        trades, total = pairwise(opens, closes, fasts, slows, FEE, CAPITAL)
        return {"trades": trades, "equity_sum": total}

    return run
