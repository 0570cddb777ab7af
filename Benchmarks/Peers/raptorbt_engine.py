# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""raptorbt."""

import numpy
import raptorbt

from work import CAPITAL, FAST, FEE, SLOW, columns, pairs


def signals(closes, fast, slow):
    above, below = raptorbt.sma(closes, fast), raptorbt.sma(closes, slow)
    with numpy.errstate(invalid="ignore"):
        return above > below, above < below


def config_of():
    return raptorbt.BacktestConfig(
        initial_capital=CAPITAL,
        fees=FEE,
        slippage=0.0,
        fill_timing="next_bar_open",
        periods_per_year=252.0,
    )


def backtest(frame):
    times = frame.index.to_numpy().astype("datetime64[ns]").astype(numpy.int64)
    opens, highs, lows, closes, volumes = columns(frame)
    # It knows shares of cash only: about one and a half units, rounded down to whole ones.
    shares = 1.5 * closes / CAPITAL
    lot = raptorbt.InstrumentConfig(lot_size=1.0)

    def run():
        entries, exits = signals(closes, FAST, SLOW)
        result = raptorbt.run_single_backtest(
            times, opens, highs, lows, closes, volumes, entries, exits,
            config=config_of(), position_sizes=shares, instrument_config=lot,
        )  # fmt: skip
        return {
            "trades": result.metrics.total_trades,
            "final_equity": float(result.equity_curve()[-1]),
            "sharpe": result.metrics.sharpe_ratio,
            "max_drawdown": result.metrics.max_drawdown_pct / 100,
        }

    return run


def sweep(frame, count):
    times = frame.index.to_numpy().astype("datetime64[ns]").astype(numpy.int64)
    opens, highs, lows, closes, volumes = columns(frame)
    shares = 1.5 * closes / CAPITAL
    lot = raptorbt.InstrumentConfig(lot_size=1.0)

    def run():
        trades, total = 0, 0.0
        for start in range(0, count, 100):
            items = [
                raptorbt.BatchSingleItem(
                    f"{fast}-{slow}", *signals(closes, fast, slow),
                    config=config_of(), position_sizes=shares, instrument_config=lot,
                )
                for fast, slow in pairs(count)[start : start + 100]
            ]  # fmt: skip
            for _, result in raptorbt.batch_single_backtest(
                times, opens, highs, lows, closes, volumes, items
            ):
                trades += result.metrics.total_trades
                total += float(result.equity_curve()[-1])
        return {"trades": trades, "equity_sum": total}

    return run
