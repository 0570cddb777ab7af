# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Runs one task of one program in a process of its own and prints one line of JSON.

Usage: engine.py PROGRAM TASK FILE ROUNDS. The first run is timed by itself, since it may compile;
ROUNDS further ones are warm.

The backtest is the same everywhere: long with one unit while the average over 20 closes is above
that over 50, decided at a close and filled at the next open, 0.05 % of the value as a fee for each
side, 100,000 to begin with. What a program calls a result differs, so each is asked for the equity
of every bar, the number of trades, the Sharpe ratio and the worst drawdown.
"""

import importlib
import json
import resource
import sys
import time

from work import load


def prepare(program, task, path):
    """What is to be timed; loading the bars for it is not."""
    if task in ("csv", "parquet"):
        import readers

        return readers.reader(program, path)
    frame = load(path)
    if task == "indicators":
        import readers

        return readers.talib_indicators(frame)
    kind, _, count = task.partition("-")
    counts = [int(count)] if kind == "sweep" else []
    if program in ("backtesting.py", "backtrader"):
        import event_engines

        name = program.removesuffix(".py") + "_backtest"
        return getattr(event_engines, name)(frame)
    if program.startswith("vectorbt"):
        import vectorbt_engine

        return getattr(vectorbt_engine, kind)(frame, *counts, program.partition("-")[2])
    # What a process does not use it does not import, as its time is taken as a whole.
    engine = importlib.import_module(f"{program}_engine")
    return getattr(engine, kind)(frame, *counts)


def main():
    program, task, path, rounds = sys.argv[1:]
    run = prepare(program, task, path)
    times = []
    results = {}
    for _ in range(1 + int(rounds)):
        begun = time.perf_counter()
        results = run()
        times.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"first": times[0], "warm": times[1:], "peak_mb": peak, **results}))


if __name__ == "__main__":
    main()
