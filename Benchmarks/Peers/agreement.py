# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Compares `loopdesk backtest` with reference.py, trade by trade and bar by bar, to the cent.

Usage: agreement.py LOOPDESK BARS.csv; BARS.csv holds the bars that ship with the project. Prints a
line for each run and ends with status 1 when any differs.
"""

import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy

from reference import average, backtest

CENT = 0.005
# Prices are rounded to the eighth decimal, and a stop from one that was.
PRICE = 2e-8
CROSS = """\
parameters: {fast: 20, slow: 50}
enter: sma(close, fast) > sma(close, slow)
exit: sma(close, fast) < sma(close, slow)
size: 1
costs: {fee: 0.0005}
"""
BRACKET = """\
parameters: {window: 20}
enter: close > sma(close, window)
exit: "false"
size: 0.5
stop: 0.02
target: 0.03
hold: 15
costs: {fee: 0.001, slippage: 0.0002}
"""


def cross(bars):
    fast, slow = average(bars[3], 20), average(bars[3], 50)
    return backtest(bars, fast > slow, fast < slow, size=1.0, fee=0.0005)


def bracket(bars):
    above = bars[3] > average(bars[3], 20)
    never = numpy.zeros(len(above), bool)
    return backtest(bars, above, never, size=0.5, fee=0.001, slippage=0.0002, stop=0.02,
                    target=0.03, hold=15)  # fmt: skip


def shipped(path):
    """The bars of each symbol, adjusted as the program does it."""
    found = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            close = float(row["close"])
            factor = float(row["adj_close"]) / close
            prices = [float(row[name]) for name in ("open", "high", "low", "close")]
            times, rows = found.setdefault(row["symbol"], ([], []))
            times.append(row["timestamp"])
            rows.append([round(price * factor, 6) for price in prices])
    return {name: (times, numpy.array(rows).T) for name, (times, rows) in found.items()}


def made_up(seed, count=3000):
    """Days that jump, fall and stand still.

    Prices have all their digits: rounded ones now and then equal their own average, and then the
    order of summation decides.
    """
    random = numpy.random.default_rng(seed)
    steps = random.standard_t(3, count) * 0.01 * (random.random(count) < 0.95)
    closes = 100 * numpy.exp(numpy.cumsum(steps))
    opens = numpy.roll(closes, 1) * numpy.exp(random.normal(0, 0.004, count))
    opens[0] = closes[0]
    highs = numpy.maximum(opens, closes) * (1 + random.random(count) * 0.02)
    lows = numpy.minimum(opens, closes) * (1 - random.random(count) * 0.02)
    days = numpy.datetime64("2001-01-01") + numpy.arange(count)
    return [str(day) for day in days], numpy.array([opens, highs, lows, closes])


def write(path, times, bars):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "open", "high", "low", "close", "volume"])
        for time, prices in zip(times, bars.T):
            writer.writerow([time, *map(repr, prices.tolist()), 1000])


def ours(program, folder, text):
    """The trades and the equity that the program writes."""
    (folder / "strategy.yaml").write_text(text)
    files = [folder / "trades.csv", folder / "equity.csv"]
    subprocess.run(
        [program, "backtest", folder / "strategy.yaml", "--data", folder / "bars.csv", "--json",
         "--trades", files[0], "--equity", files[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return [list(csv.DictReader(open(file, newline=""))) for file in files]


def difference(times, mine, theirs):
    """The first thing that is not the same, or nothing."""
    trades, equity = mine
    if len(trades) != len(theirs[0]) or len(equity) != len(theirs[1]):
        return f"{len(theirs[0])} trades, ours {len(trades)}"
    for line, (one, other) in enumerate(zip(trades, theirs[0])):
        since, until, held, entry, price, gain, reason = other
        same = (
            one["entry_time"][:10] == times[since]
            and one["exit_time"][:10] == times[until]
            and float(one["quantity"]) == held
            and abs(float(one["entry_price"]) - entry) < PRICE
            and abs(float(one["exit_price"]) - price) < PRICE
            and abs(float(one["pnl"]) - gain) < CENT
            and one["reason"] == reason
        )
        if not same:
            return f"trade {line + 1}: {other}, ours {one}"
    worst = max(abs(float(one["equity"]) - other) for one, other in zip(equity, theirs[1]))
    return f"equity differs by {worst}" if worst >= CENT else ""


def main():
    program, path = sys.argv[1:]
    cases = [(f"shipped {name}", *bars) for name, bars in shipped(path).items()]
    cases += [(f"made up {seed}", *made_up(seed)) for seed in range(20)]
    failures = trades = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case, times, bars in cases:
            write(folder / "bars.csv", times, bars)
            for kind, text, reference in [("cross", CROSS, cross), ("bracket", BRACKET, bracket)]:
                theirs = reference(bars)
                found = difference(times, ours(program, folder, text), theirs)
                trades += len(theirs[0])
                if found:
                    failures += 1
                    print(f"{case}, {kind}: {found}")
    print(f"{2 * len(cases)} runs with {trades} trades against the reference: {failures} differ")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
