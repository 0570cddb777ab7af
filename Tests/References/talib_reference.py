#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Compares the indicators with TA-Lib.

    pip install TA-Lib numpy
    python3 talib_reference.py                   writes the figures that the tests compare with
    python3 talib_reference.py --check LOOPDESK  compares every bar with what LOOPDESK eval prints
    python3 talib_reference.py --check LOOPDESK 7  the same for series of full doubles by that seed

The series of the tests follow from integer recurrences, so that a test rebuilds the same doubles.
"""

import csv
import os
import subprocess
import sys
import tempfile

import numpy
import talib

FIGURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "talib-figures.txt")
KINDS = ["random", "trending", "flat", "gapped", "tiny", "short"]
TOLERANCE = 1e-12


def bars(kind):
    """Open, high, low, close and volume of a kind of series."""
    state = 20_000 + 77 * KINDS.index(kind)

    def draw(count):
        nonlocal state
        state = (1_103_515_245 * state + 12_345) % (1 << 31)
        return (state >> 16) % count

    rows = []
    price = 10_000
    scale = 1e11 if kind == "tiny" else 100.0
    for index in range(40 if kind == "short" else 640):
        last = price
        step = draw(41) - 20
        if kind == "trending":
            step += 12
        elif kind == "flat" and index // 90 % 2 == 0:
            step = 0
        elif kind == "gapped" and index % 97 == 50:
            price = price * (3 if index % 2 else 1) // (1 if index % 2 else 3)
        price = max(100, price + step)
        above, below = draw(9), draw(9)
        volume = draw(5_000) * (0 if draw(23) == 0 else 1)
        if kind == "flat" and index // 90 % 2 == 0:
            above = below = 0
        high, low = max(last, price) + above, min(last, price) - below
        if kind == "flat" and index // 90 % 2 == 0:
            last = price
            high = low = price
        rows.append([last / scale, high / scale, low / scale, price / scale, float(volume)])
    return [numpy.array(column) for column in zip(*rows)]


def walks(seed):
    """Bars whose numbers use all digits, of many sizes and lengths, by name."""
    random = numpy.random.default_rng(seed)
    starts = {"small": 1e-6, "usual": 100.0, "large": 1e8}
    for count in (1, 2, 15, 30, 60, 700):
        for name, start in starts.items():
            for drift in (-0.004, 0.0, 0.004):
                steps = random.normal(drift, 0.01, count)
                steps += (random.random(count) < 0.02) * random.choice([-1.5, 1.5], count)
                close = start * numpy.exp(numpy.cumsum(steps))
                first = numpy.concatenate([close[:1], close[:-1]])
                reach = numpy.abs(random.normal(0, 0.004, count)) * close
                high = numpy.maximum(first, close) + reach
                low = numpy.minimum(first, close) - reach * random.random(count)
                volume = random.integers(0, 9_999, count) * (random.random(count) < 0.9)
                yield f"{name} {drift} {count}", [first, high, low, close, volume.astype(float)]
        flat = numpy.full(count, 37.1)
        yield f"flat {count}", [flat, flat, flat, flat, numpy.zeros(count)]


def columns(kind):
    """Each expression with TA-Lib's column for a kind of series."""
    return compared(*bars(kind), short=kind == "short")


def compared(o, h, l, c, v, short):
    """Each expression with TA-Lib's column for it."""
    n = 5 if short else 14
    result = {}

    def put(expression, column):
        result[expression] = numpy.asarray(column)

    for window in (3, 20):
        put(f"sma(close, {window})", talib.SMA(c, window))
        put(f"ema(close, {window})", talib.EMA(c, window))
        put(f"wma(close, {window})", talib.WMA(c, window))
        put(f"rsi(close, {window})", talib.RSI(c, window))
        put(f"atr({window})", talib.ATR(h, l, c, window))
        put(f"stdev(close, {window})", talib.STDDEV(c, window))
        put(f"highest(high, {window})", talib.MAX(h, window))
        put(f"lowest(low, {window})", talib.MIN(l, window))
    put("ema(close - open, 5)", talib.EMA(c - o, 5))
    put(f"variance(close, {n})", talib.VAR(c, n))
    put(f"natr({n})", talib.NATR(h, l, c, n))
    put("true_range()", talib.TRANGE(h, l, c))
    for name, column in zip(("macd", "macd_signal", "macd_hist"), talib.MACD(c, 12, 26, 9)):
        put(f"{name}(close, 12, 26, 9)", column)
    for name, column in zip(("upper", "middle", "lower"), talib.BBANDS(c, 20, 2.5, 2.5)):
        put(f"bollinger_{name}(close, 20, 2.5)", column)
    for name, column in zip(("upper", "middle", "lower"), talib.DONCHIAN(h, l, 20)):
        put(f"donchian_{name}(20)", column)
    for name, column in zip("kd", talib.STOCH(h, l, c, n, 3, 0, 4, 0)):
        put(f"stoch_{name}({n}, 3, 4)", column)
    for name, column in zip("kd", talib.STOCHF(h, l, c, n, 3, 0)):
        put(f"stochf_{name}({n}, 3)", column)
    put(f"adx({n})", talib.ADX(h, l, c, n))
    put(f"dx({n})", talib.DX(h, l, c, n))
    put(f"plus_di({n})", talib.PLUS_DI(h, l, c, n))
    put(f"minus_di({n})", talib.MINUS_DI(h, l, c, n))
    put(f"cci({n})", talib.CCI(h, l, c, n))
    put(f"williams_r({n})", talib.WILLR(h, l, c, n))
    put(f"mfi({n})", talib.MFI(h, l, c, v, n))
    put("obv()", talib.OBV(c, v))
    put(f"rank(close, {n})", talib.PERCENTRANK(c, n))
    put(f"correlation(close, open, {n})", talib.CORREL(c, o, n))
    put(f"correlation(close, volume, {n})", talib.CORREL(c, v, n))
    put(f"linreg(close, {n})", talib.LINEARREG(c, n))
    put(f"linreg_slope(close, {n})", talib.LINEARREG_SLOPE(c, n))
    put(f"linreg_intercept(close, {n})", talib.LINEARREG_INTERCEPT(c, n))
    put(f"linreg_forecast(close, {n})", talib.TSF(c, n))
    put("roc(close, 5)", talib.ROC(c, 5))
    put("momentum(close, 5)", talib.MOM(c, 5))
    put("log(close)", talib.LN(c))
    put("sqrt(close)", talib.SQRT(c))
    return result


def sampled(column):
    """The first bars with a value and every 29th, as index and value."""
    first = int(numpy.isnan(column).sum())
    indexes = sorted({*range(first, min(first + 3, len(column))), len(column) - 1}
                     | set(range(first, len(column), 29)))
    return [(index, float(column[index])) for index in indexes]


def write():
    with open(FIGURES, "w") as file:
        file.write(f"# TA-Lib {talib.__ta_version__.decode().split()[0]}: "
                   "series, expression, index and value of sampled bars\n")
        for kind in KINDS:
            for expression, column in columns(kind).items():
                values = " ".join(f"{index} {value.hex()}" for index, value in sampled(column))
                file.write(f"{kind}\t{expression}\t{values}\n")


def difference(ours, theirs):
    """The greatest relative difference; a value against a missing one differs by infinity."""
    if (numpy.isnan(ours) != numpy.isnan(theirs)).any():
        return float("inf")
    present = ~numpy.isnan(theirs)
    if not present.any():
        return 0.0
    a, b = ours[present], theirs[present]
    scale = numpy.abs(b)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        relative = numpy.where(a == b, 0.0, numpy.abs(a - b) / scale)
    return float(relative.max())


def evaluated(binary, path, expression):
    output = subprocess.run([binary, "eval", expression, "--data", path],
                            check=True, capture_output=True, text=True).stdout
    rows = list(csv.reader(output.splitlines()))[1:]
    return numpy.array([float(row[1]) if row[1] else numpy.nan for row in rows])


def check(binary, seed):
    worst = {}
    series = [(kind, bars(kind)) for kind in KINDS] if seed is None else walks(seed)
    for kind, rows in series:
        short = kind == "short" or len(rows[0]) <= 30
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "bars.csv")
            day = numpy.datetime64("2000-01-03")
            with open(path, "w") as file:
                file.write("timestamp,open,high,low,close,volume\n")
                for index, row in enumerate(zip(*rows)):
                    numbers = ",".join(repr(float(value)) for value in row)
                    file.write(f"{day + index},{numbers}\n")
            for expression, column in compared(*rows, short=short).items():
                found = difference(evaluated(binary, path, expression), column)
                worst[expression] = max(worst.get(expression, 0.0), found)
    for expression, found in worst.items():
        print(f"{found:9.2e}  {expression}{'' if found <= TOLERANCE else '  DIFFERS'}")
    return all(found <= TOLERANCE for found in worst.values())


if __name__ == "__main__":
    if len(sys.argv) in (3, 4) and sys.argv[1] == "--check":
        seed = int(sys.argv[3]) if len(sys.argv) == 4 else None
        sys.exit(0 if check(sys.argv[2], seed) else 1)
    write()
