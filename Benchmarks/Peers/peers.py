# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Measures what other programs take for the work of quant-benchmark, on the same bars.

Usage: peers.py [--full] [--build FOLDER]. FOLDER is the one of `swift build`, .build by default;
quant-benchmark must have run before, since it writes the bars and our own figures. What cannot be
installed is named and left out. Each program runs in a process of its own.
"""

import argparse
import json
import os
import pathlib
import statistics
import sys

from programs import HERE, Peers, last_line, run

# Program, bars by default, bars with --full, warm rounds by default, whole processes.
BACKTESTS = [
    ("numba", 1_000_000, 1_000_000, 9, 3),
    ("raptorbt", 1_000_000, 1_000_000, 7, 3),
    ("vectorbt-rust", 1_000_000, 1_000_000, 5, 3),
    ("vectorbt-numba", 1_000_000, 1_000_000, 5, 1),
    ("backtesting.py", 100_000, 1_000_000, 2, 1),
    ("backtrader", 100_000, 1_000_000, 1, 1),
]
# Program, combinations by default, with --full, warm rounds.
SWEEPS = [
    ("numba", 1000, 1000, 3),
    ("raptorbt", 100, 1000, 2),
    ("vectorbt-rust", 100, 1000, 2),
]


def differences(ours, theirs):
    """What two programs do not agree on; nothing when they do."""
    if ours is None:
        return "ours did not run"
    found = []
    for name, tolerance in [
        ("trades", 0), ("final_equity", 1e-6), ("equity_sum", 1e-6),
        ("sharpe", 1e-6), ("max_drawdown", 1e-6),
    ]:  # fmt: skip
        if name in ours and name in theirs:
            mine, other = ours[name], theirs[name]
            if abs(mine - other) > tolerance * max(abs(mine), abs(other)):
                found.append(f"{name} {other:.9g}, ours {mine:.9g}")
    return "; ".join(found)


def table(title, head, rows):
    print(f"\n{title}\n")
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [
            cell.ljust(width) if column in (0, len(head) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))
        ]
        print("  ".join(cells).rstrip())


def times(value):
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def agreement(peers):
    """Whether ours does what the plain reference does."""
    bars = HERE.parent.parent / "data" / "us-equities-daily.csv"
    if peers.python.exists() and peers.loopdesk.exists():
        script = str(HERE / "agreement.py")
        done = run([str(peers.python), script, str(peers.loopdesk), str(bars)])
        print("\n" + (done.stdout.strip() or last_line(done)))


def whole(peers, programs, own):
    """Whole processes; `own` are ours, whose seconds are returned."""
    rows, own_seconds = [], None
    if own:
        own_seconds = statistics.median(one["whole"] for one in own)
        rows.append(["Loopdesk", "1,000,000", f"{own_seconds:.3f}", "1.0",
                     f"{own[0]['whole_mb']}"])  # fmt: skip
    for name, bars, processes in programs:
        path = peers.data / f"bars-{bars}.csv"
        runs = [peers.measure(name, "backtest", path, 0) for _ in range(processes)]
        runs = [one for one in runs if one]
        if not runs:
            continue
        seconds = statistics.median(one["whole"] for one in runs)
        ratio = times(seconds / own_seconds) if own and bars == 1_000_000 else ""
        rows.append([name, f"{bars:,}", f"{seconds:.3f}", ratio, f"{runs[0]['whole_mb']}"])
    head = ["whole process", "bars", "s", "times ours", "peak MB"]
    table("A process from its start to its end: load the CSV, run, print", head, rows)
    return [one["whole"] for one in own]


def backtests(peers, own, is_full):
    """One backtest, warm and as a whole process."""
    reference = {bars: peers.ours(bars) for bars in (100_000, 1_000_000)}
    own_runs = [peers.ours(1_000_000) for _ in range(5)] if reference[1_000_000] else []
    rows, least = [], None
    for figure in own.values():
        if figure["figure"].startswith("backtest of 1000000 bars"):
            least = least or figure["minimum"]
            name = "Loopdesk" + figure["figure"].removeprefix("backtest of 1000000 bars")
            rows.append([name, "1,000,000", f"{figure['first'] / 1000:.3f}",
                         f"{figure['median']:.1f}", f"{figure['minimum']:.1f}",
                         times(figure["minimum"] / least), ""])  # fmt: skip
    programs = []
    for name, usual, full, rounds, processes in [("C", 1_000_000, 1_000_000, 15, 5), *BACKTESTS]:
        bars = full if is_full else usual
        got = peers.measure(name, "backtest", peers.data / f"bars-{bars}.csv", rounds)
        if got is None:
            continue
        programs.append((name, bars, processes))
        each = [1e9 * seconds / bars for seconds in got["warm"]]
        rows.append([name, f"{bars:,}", f"{got['first']:.3f}",
                     f"{statistics.median(each):,.1f}", f"{min(each):,.1f}",
                     times(min(each) / least) if least else "",
                     differences(reference[bars], got) or "agrees"])  # fmt: skip
    head = ["one backtest, warm", "bars", "first s", "median ns", "least ns", "times ours",
            "trades, equity, Sharpe, drawdown"]  # fmt: skip
    table("One backtest, from prices in memory to figures, nanoseconds a bar", head, rows)
    return whole(peers, programs, own_runs)


def sweeps(peers, own, is_full):
    ours = own.get("sweep of 1000 over 100000 bars, one thread")
    rows = []
    path = peers.data / "bars-100000.csv"
    for figure in own.values():
        if figure["figure"].startswith("sweep"):
            name = "Loopdesk, " + figure["figure"].split(", ")[1]
            ratio = times(figure["minimum"] / ours["minimum"])
            rows.append([name, "1,000", f"{figure['median']:.2f}", f"{figure['minimum']:.2f}",
                         ratio, ""])  # fmt: skip
    partial = peers.measure("numba", "sweep-100", path, 0)
    for name, usual, full, rounds in [("C", 1000, 1000, 5), *SWEEPS]:
        count = full if is_full else usual
        task = "sweep" if name == "C" else f"sweep-{count}"
        got = peers.measure(name, task, path, rounds)
        if got is None:
            continue
        if name == "C":
            got["equity_sum"] = got["sum"]
            del got["final_equity"], got["sharpe"], got["max_drawdown"]
        each = [1e9 * seconds / count / 100_000 for seconds in got["warm"]]
        ratio = times(min(each) / ours["minimum"]) if ours else ""
        against = ours if count == 1000 else partial
        difference = differences(against, got) if against else "nothing to compare with"
        rows.append([name, f"{count:,}", f"{statistics.median(each):.2f}", f"{min(each):.2f}",
                     ratio, difference or "agrees"])  # fmt: skip
    head = ["sweep", "combinations", "median ns", "least ns", "times ours",
            "trades, sum of equity (100: with numba)"]  # fmt: skip
    table("A sweep over 100,000 bars, nanoseconds a bar and combination", head, rows)


def others(peers, own):
    """Indicators and files."""
    csv = peers.data / "bars-1000000.csv"
    parquet = peers.data / "bars-10000000.parquet"
    parts = [
        ("All seven indicators over 1,000,000 bars, nanoseconds a bar", "indicators", csv, 1e6,
         "indicators", ["C", "TA-Lib"], 9),
        ("CSV of 1,000,000 rows, nanoseconds a row", "csv", csv, 1e6, "csv",
         ["C", "pyarrow", "polars", "pandas"], 7),
        ("Our Parquet of 10,000,000 rows, nanoseconds a row", "parquet", parquet, 1e7, "parquet",
         ["pyarrow", "polars", "pandas"], 3),
    ]  # fmt: skip
    for title, task, path, count, prefix, programs, rounds in parts:
        rows, best = [], None
        for figure in own.values():
            name = figure["figure"]
            if not name.startswith(prefix):
                continue
            scale = 1 if figure["unit"] != "ms" else 1e6 / figure["count"]
            least = figure["minimum"] * scale
            best = best or least
            detail = name.rpartition(", ")[2]
            rows.append([f"Loopdesk, {detail}", f"{figure['median'] * scale:.3g}",
                         f"{least:.3g}", times(least / best)])  # fmt: skip
        for name in programs if path.exists() else []:
            got = peers.measure(name, task, path, rounds)
            if got:
                each = [1e9 * seconds / count for seconds in got["warm"]]
                ratio = times(min(each) / best) if best else ""
                rows.append([name, f"{statistics.median(each):.3g}", f"{min(each):.3g}", ratio])
        table(title, [task, "median ns", "least ns", "times ours"], rows)


def targets(own, own_seconds):
    """Our figures by their medians."""
    rows = []
    figures = [figure for figure in own.values() if figure["target"] is not None]
    if own_seconds:
        median, least = statistics.median(own_seconds), min(own_seconds)
        figures.append({"figure": "whole process over 1000000 bars", "unit": "s", "target": 0.10,
                        "median": median, "minimum": least})  # fmt: skip
    for figure in figures:
        name = figure["figure"]
        share = figure["median"] / figure["target"]
        rows.append([name, figure["unit"],
                     f"{figure['median']:.3f}", f"{figure['minimum']:.3f}",
                     f"{figure['target']:g}",
                     "met" if share <= 1 else f"{share:.2f} times its target"])  # fmt: skip
    head = ["figure", "unit", "median", "least", "target", ""]
    table("Targets, by medians", head, rows)


def figures_of(path):
    """The figures of a file of quant-benchmark by their names."""
    lines = path.read_text().splitlines() if path.exists() else []
    return {figure["figure"]: figure for figure in map(json.loads, lines)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="the slow ones on all bars too")
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path(".build"))
    options = parser.parse_args()
    peers = Peers(options.build.resolve())
    own = figures_of(peers.data / "quant.jsonl")
    if not own:
        sys.exit(f"peers.py: nothing in {peers.data / 'quant.jsonl'}; run quant-benchmark first")
    peers.install()
    peers.compile_floor()
    print("load " + " ".join(f"{one:.1f}" for one in os.getloadavg()), f"on {os.cpu_count()} cores")
    agreement(peers)
    own_seconds = backtests(peers, own, options.full)
    sweeps(peers, own, options.full)
    others(peers, own)
    targets(own, own_seconds)
    print("\nload " + " ".join(f"{one:.1f}" for one in os.getloadavg()), "at the end")
    for name, reason in peers.absent.items():
        print(f"left out: {name}: {reason}")


if __name__ == "__main__":
    main()
