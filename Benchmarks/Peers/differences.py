# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Shows step by step why other programs give other results, for docs/engines.md.

Usage: differences.py LOOPDESK BARS.csv [SYMBOL]; BARS.csv holds the bars that ship with the
project. Run it with the Python of .build/peers/venv, which peers.py makes. Each program first runs
the rule as its own manual writes it; then one thing after another is made as in ours. Prints tables
in Markdown; a tick is for as many trades as ours and a final equity equal to the cent.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import backtesting
import backtrader
import numpy
import pandas
import vectorbt

from agreement import ours as loopdesk
from agreement import shipped, write

CAPITAL, FEE = 100_000.0, 0.001
RULE = """\
enter: sma(close, 20) > sma(close, 50)
exit: sma(close, 20) < sma(close, 50)
size: 1
costs: {fee: 0.001}
"""


def sharpe(equity, periods=252):
    changes = equity[1:] / equity[:-1] - 1
    return changes.mean() / changes.std(ddof=1) * periods**0.5


def averages(close):
    return close.rolling(20).mean(), close.rolling(50).mean()


# backtesting.py


def run_backtesting(frame, units=None, **options):
    class Cross(backtesting.Strategy):
        def init(self):
            def average(values, window):
                return pandas.Series(values).rolling(window).mean()

            self.fast = self.I(average, self.data.Close, 20)
            self.slow = self.I(average, self.data.Close, 50)

        def next(self):
            if self.fast[-1] > self.slow[-1] and not self.position:
                if units is None:
                    self.buy()
                else:
                    self.buy(size=int(self.equity / self.data.Close[-1]))
            elif self.fast[-1] < self.slow[-1] and self.position:
                self.position.close()

    data = frame.rename(columns=str.capitalize)
    stats = backtesting.Backtest(data, Cross, cash=CAPITAL, commission=FEE, **options).run()
    equity = stats["_equity_curve"]["Equity"].to_numpy()
    trades = stats["_trades"]
    return (len(trades), equity[-1], stats["Sharpe Ratio"], equity), trades


def steps_backtesting(frame):
    yield "as its manual writes it: `buy()`, `position.close()`", run_backtesting(frame)[0]
    options = {"finalize_trades": True}
    yield "the last position closed (`finalize_trades`)", run_backtesting(frame, **options)[0]
    yield (
        "our units: equity / close at the decision, rounded down",
        run_backtesting(frame, True, **options)[0],
    )
    result, trades = run_backtesting(frame, True, margin=0.5, **options)
    yield "orders beyond the cash let through (`margin=0.5`)", result
    count, last, ratio, equity = result
    if trades["ExitTime"].iloc[-1] == frame.index[-1]:
        # It closes at the open of the last bar, although the position was held through it.
        change = frame["close"].iloc[-1] - trades["ExitPrice"].iloc[-1]
        last += trades["Size"].iloc[-1] * change * (1 - FEE)
        equity = numpy.append(equity[:-1], last)
        yield "the last position closed at the close, not the open", (count, last, ratio, equity)


# vectorbt


def run_vectorbt(frame, entries, exits, **options):
    options = {"fees": FEE, "init_cash": CAPITAL, "freq": "1D"} | options
    portfolio = vectorbt.Portfolio.from_signals(frame["close"], entries, exits, **options)
    equity = portfolio.value().to_numpy()
    return int(portfolio.trades.closed.count()), equity[-1], portfolio.sharpe_ratio(), equity


def steps_vectorbt(frame, trades):
    fast, slow = averages(frame["close"])
    enter, leave = fast > slow, fast < slow
    later = [side.shift(1, fill_value=False) for side in (enter, leave)]
    yield "as its manual writes it: signals and closes", run_vectorbt(frame, enter, leave)
    yield (
        "filled at the next open (signals shifted, `price=open`)",
        run_vectorbt(frame, *later, price=frame["open"]),
    )
    yield (
        "whole units (`size_granularity=1`)",
        run_vectorbt(frame, *later, price=frame["open"], size_granularity=1),
    )
    # A bar with both signals would be left alone.
    into, out = later[0].copy(), later[1].copy()
    into.iloc[-1], out.iloc[-1] = False, True
    price = frame["open"].copy()
    price.iloc[-1] = frame["close"].iloc[-1]
    yield (
        "the last position closed at the last close",
        run_vectorbt(frame, into, out, price=price, size_granularity=1),
    )
    units = pandas.Series(numpy.nan, frame.index)
    for trade in trades:
        units[pandas.Timestamp(trade["entry_time"][:10])] = float(trade["quantity"])
    entered = units.notna()
    count, _, _, equity = run_vectorbt(
        frame, entered, out & ~entered, price=price, size=units.fillna(0), init_cash=2 * CAPITAL
    )
    equity = equity - CAPITAL
    yield "our units, and cash for all of them", (count, equity[-1], sharpe(equity, 365), equity)


# backtrader


def run_backtrader(frame, sizing, checks=True):
    class Cross(backtrader.Strategy):
        def __init__(self):
            self.fast = backtrader.indicators.SMA(self.data.close, period=20)
            self.slow = backtrader.indicators.SMA(self.data.close, period=50)
            self.closed, self.refused, self.equity = 0, 0, []

        def notify_trade(self, trade):
            self.closed += trade.isclosed

        def notify_order(self, order):
            self.refused += order.status == order.Margin

        def prenext(self):
            self.equity.append(self.broker.getvalue())

        def next(self):
            self.equity.append(self.broker.getvalue())
            if self.fast[0] > self.slow[0] and not self.position:
                if sizing == "ours":
                    self.buy(size=int(self.broker.getvalue() / self.data.close[0]))
                else:
                    self.buy()
            elif self.fast[0] < self.slow[0] and self.position:
                self.close()

    cerebro = backtrader.Cerebro(stdstats=False)
    cerebro.adddata(backtrader.feeds.PandasData(dataname=frame))
    cerebro.addstrategy(Cross)
    if sizing == "all":
        cerebro.addsizer(backtrader.sizers.AllInSizerInt)
    cerebro.addanalyzer(backtrader.analyzers.SharpeRatio, _name="sharpe")
    cerebro.broker.setcash(CAPITAL)
    cerebro.broker.setcommission(commission=FEE)
    cerebro.broker.set_checksubmit(checks)
    if not checks:
        # A fill that the cash does not cover is refused again unless there is credit.
        cerebro.broker.setcommission(commission=FEE, leverage=2.0)
    strategy = cerebro.run()[0]
    ratio = strategy.analyzers.sharpe.get_analysis()["sharperatio"]
    equity = numpy.array(strategy.equity)
    return (strategy.closed, equity[-1], ratio, equity), strategy


def steps_backtrader(frame):
    yield "as its manual writes it: `buy()`, one unit", run_backtrader(frame, "one")[0]
    result, strategy = run_backtrader(frame, "all")
    yield f"all cash (`AllInSizerInt`); {strategy.refused} orders refused", result
    result, strategy = run_backtrader(frame, "ours")
    yield f"our units; {strategy.refused} orders refused", result
    result, strategy = run_backtrader(frame, "ours", checks=False)
    yield "orders beyond the cash let through (`leverage=2`)", result
    count, last, ratio, equity = result
    if strategy.position:
        last -= strategy.position.size * frame["close"].iloc[-1] * FEE
        equity = numpy.append(equity[:-1], last)
        yield "the fee of closing the last position taken off", (count + 1, last, ratio, equity)


def show(title, steps, own):
    print(f"\n| {title} | trades | final equity | its Sharpe ratio | ours of its equity |")
    print("|---|---|---|---|---|")
    count, last, ratio = own
    for name, (trades, final, theirs, equity) in steps:
        theirs = "none" if theirs is None else f"{theirs:.4f}"
        mark = " ✓" if trades == count and abs(final - last) < 0.005 else ""
        print(f"| {name} | {trades} | {final:,.2f}{mark} | {theirs} | {sharpe(equity):.4f} |")
    print(f"| Loopdesk | {count} | {last:,.2f} | {ratio:.4f} | |")


def main():
    warnings.simplefilter("ignore")
    program, path = sys.argv[1:3]
    symbol = sys.argv[3] if len(sys.argv) > 3 else "IBM"
    times, bars = shipped(path)[symbol]
    names = ["open", "high", "low", "close"]
    frame = pandas.DataFrame(dict(zip(names, bars)), pandas.DatetimeIndex(times, name="timestamp"))
    frame["volume"] = 1000.0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(folder / "bars.csv", times, bars)
        trades, _ = loopdesk(program, folder, RULE)
        command = [program, "backtest", folder / "strategy.yaml", "--data", folder / "bars.csv"]
        done = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True)
    summary = json.loads(done.stdout)
    own = summary["trades"], summary["final_equity"], summary["sharpe"]
    print(f"{symbol}, {len(times)} bars from {times[0]} through {times[-1]}")
    show("backtesting.py " + backtesting.__version__, steps_backtesting(frame), own)
    show("vectorbt " + vectorbt.__version__, steps_vectorbt(frame, trades), own)
    show("backtrader " + backtrader.__version__, steps_backtrader(frame), own)


if __name__ == "__main__":
    main()
