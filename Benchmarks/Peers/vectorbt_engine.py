# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""vectorbt, with either of its engines."""

import numpy
import pandas
import vectorbt

from work import CAPITAL, FAST, FEE, SLOW, pairs


def portfolio_of(frame, combinations, engine):
    vectorbt.settings["engine"] = engine
    opens, closes = frame["open"], frame["close"]
    fast, slow = zip(*combinations)
    # What is decided at a close is filled at the next open.
    first = vectorbt.MA.run(closes, list(fast), short_name="fast")
    second = vectorbt.MA.run(closes, list(slow), short_name="slow")
    above, below = first.ma.to_numpy(), second.ma.to_numpy()
    up, down = (above > below), (above < below)
    entries, exits = numpy.zeros_like(up), numpy.zeros_like(down)
    entries[1:], exits[1:] = up[:-1], down[:-1]
    return vectorbt.Portfolio.from_signals(
        closes,
        entries if len(combinations) > 1 else pandas.Series(entries.ravel(), closes.index),
        exits if len(combinations) > 1 else pandas.Series(exits.ravel(), closes.index),
        price=opens,
        size=1.0,
        fees=FEE,
        init_cash=CAPITAL,
        freq="1min",
    )


def backtest(frame, engine):
    def run():
        portfolio = portfolio_of(frame, [(FAST, SLOW)], engine)
        value = portfolio.value().to_numpy()
        changes = value[1:] / value[:-1] - 1
        sharpe = changes.mean() / changes.std(ddof=1) * 252**0.5
        return {
            "trades": int(portfolio.trades.count()),
            "final_equity": float(value[-1]),
            "sharpe": float(sharpe),
            "max_drawdown": -float(portfolio.max_drawdown()),
        }

    return run


def sweep(frame, count, engine):
    def run():
        trades, total = 0, 0.0
        # All columns at once would take gigabytes.
        for start in range(0, count, 50):
            portfolio = portfolio_of(frame, pairs(count)[start : start + 50], engine)
            trades += int(portfolio.trades.count().sum())
            total += float(portfolio.final_value().sum())
            portfolio.max_drawdown(), portfolio.sharpe_ratio()
        return {"trades": trades, "equity_sum": total}

    return run
