# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A plain backtest, bar by bar in floating point, to compare the engine with.

    python3 plain_backtest.py ../../data/us-equities-daily.csv > plain_backtest.jsonl
"""

import csv
import json
import sys

import numpy as np


def read(path):
    rows = {}
    for row in csv.DictReader(open(path)):
        prices = np.array([float(row[name]) for name in ("open", "high", "low", "close")])
        prices = np.rint(prices * (float(row["adj_close"]) / prices[3]) * 1e6) / 1e6
        rows.setdefault(row["symbol"], []).append(prices)
    return {symbol: np.array(bars).T for symbol, bars in rows.items()}


def walk(seed, count):
    state, price, bars = seed, 10000, []
    for _ in range(count):
        draws = []
        for _ in range(4):
            state = (1103515245 * state + 12345) % 2**31
            draws.append(state >> 16)
        start = max(1000, price + draws[0] % 21 - 10)
        price = max(1000, start + draws[1] % 101 - 50)
        high, low = max(start, price) + draws[2] % 31, min(start, price) - draws[3] % 31
        bars.append((start / 100, high / 100, low / 100, price / 100))
    return np.array(bars).T


def mean(values, window):
    # A sum that is carried along as TA-Lib does: prices in cents often tie with their mean, and
    # then the order of operations decides.
    means, total = np.full(len(values), np.nan), 0.0
    for i, value in enumerate(values):
        total += value
        if i >= window - 1:
            means[i] = total / window
            total -= values[i - window + 1]
    return means


def run(bars, enter, exit, side, size, stop, target, hold, fee, slip, cash=100_000.0):
    opens, highs, lows, closes = bars
    units, order, leave, trades, curve = 0.0, 0.0, False, [], []

    def fill(price, amount):
        price *= 1 + slip if amount > 0 else 1 - slip
        return price, -(amount * price + abs(amount * price) * fee)

    for i in range(len(closes)):
        price = None
        if leave and units:
            price = opens[i]
        elif order and not units:
            units, order, start = order, 0.0, i
            paid, moved = fill(opens[i], units)
            cash, floor, goal = cash + moved, paid * (1 - side * stop), paid * (1 + side * target)
        if units and price is None and stop:
            worst, best = (lows[i], highs[i]) if side > 0 else (highs[i], lows[i])
            if side * (opens[i] - floor) <= 0 or side * (opens[i] - goal) >= 0:
                price = opens[i]
            elif side * (worst - floor) <= 0:
                price = floor
            elif side * (best - goal) >= 0:
                price = goal
        if units and price is None and i == len(closes) - 1:
            price = closes[i]
        if price is not None:
            gained = fill(price, -units)[1]
            cash, leave = cash + gained, False
            trades.append([start, i, round(gained + moved, 2)])
            units = 0.0
        curve.append(cash + units * closes[i])
        if units:
            leave = bool(exit[i]) or (hold and i - start + 1 >= hold)
        elif enter[i]:
            order = side * np.floor(size * curve[-1] / closes[i])
    return {"trades": trades, "equity": round(curve[-1], 2), "mean": round(np.mean(curve), 2)}


series = read(sys.argv[1]) | {f"walk {seed}": walk(seed, 4000) for seed in (1, 2, 3)}
for name, bars in series.items():
    fast, slow, ten, close = mean(bars[3], 20), mean(bars[3], 50), mean(bars[3], 10), bars[3]
    never = np.zeros(len(close), bool)
    results = {
        "cross": run(bars, fast > slow, fast < slow, 1, 1, 0, 0, 0, 0.0005, 0),
        "levels": run(bars, close > ten, never, 1, 0.5, 0.03, 0.05, 15, 0.001, 0.0002),
        "short": run(bars, close < ten, close > ten, -1, 0.5, 0.03, 0.05, 15, 0.001, 0.0002),
    }
    for strategy, result in results.items():
        print(json.dumps({"data": name, "strategy": strategy} | result))
