#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Measures a desk from outside: signals from agent to agent, signals in rounds, processes replaced,
agents started, an idle desk, a long life. Beside it, in the same run: the git command, plain libgit2 and SQLite,
flushed and not, and the supervisors of Debian.

    live.py [LOOPDESK] [--only PART] [--hops N] [--rounds N] [--kills N] [--agents N] [--files N]
            [--idle SECONDS] [--turns N]
"""

import argparse
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import beside
import long
from measured import Desk, descendants, git, memory, processor

HERE = pathlib.Path(__file__).resolve().parent
CIRCLE = [("backtester", "proposal"), ("researcher", "report")]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(name, milliseconds, most=None):
    """Prints a distribution, and the target of its median if there is one."""
    print(
        f"  {name:<46} p50 {statistics.median(milliseconds):8.2f}"
        f"  p99 {percentile(milliseconds, 0.99):8.2f}  least {min(milliseconds):8.2f}  ms,"
        f" n = {len(milliseconds)}{'' if most is None else f'; p50 at most {most:g}'}",
        flush=True,
    )


def figure(name, value, unit, target=""):
    """Prints one number, and what it should be."""
    digits = 0 if value >= 100 else 2 if value >= 1 else 3
    print(f"  {name:<46} {value:12.{digits}f}  {unit}{target and f'; {target}'}", flush=True)


def without_sandbox(program):
    """The words for agents that write logs beside their desk."""
    told = subprocess.run([program, "replay", "--help-hidden"], check=True, capture_output=True,
                          text=True).stdout
    return [word for word in ["--unsafe-without-sandbox"] if word in told]


def hops(program, folder, count, *words):
    """Milliseconds from the reply of one agent to the request that the next one receives."""
    logs = pathlib.Path(folder) / "logs"
    logs.mkdir()
    command = f"[python3, -ISs, {HERE}/echo_agent.py, {count // len(CIRCLE)}, {logs}]"
    agents = [
        (role, f"role: {role}, on: [{topic}], command: {command}") for role, topic in CIRCLE
    ]
    desk = Desk(program, f"{folder}/desk", agents)
    desk.commit()
    desk.up(*words, *without_sandbox(program))
    desk.trigger("researcher")
    order = ["researcher", "backtester"]

    def events():
        rows = []
        for place, name in enumerate(order):
            for turn, line in enumerate((logs / f"{name}.log").read_text().splitlines()):
                received, sent = line.split()
                rows.append((len(order) * turn + place, int(received), int(sent)))
        return sorted(rows)

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        time.sleep(0.2)
        if all((logs / f"{name}.log").exists() for name in order) and len(events()) >= count:
            break
    rows = events()
    if len(rows) < count:
        sys.exit(f"{len(rows)} of {count} signals went from agent to agent; see loopdesk events")
    desk.down()
    git(desk.folder, "fsck", "--strict", "--no-dangling")
    waits = [(after[1] - before[2]) / 1e6 for before, after in zip(rows, rows[1:])]
    span = (rows[-1][2] - rows[0][1]) / 1e9
    return waits, len(rows) / span


def rounds(program, folder, count, agents=4, signals=100):
    """Signals of a kilobyte a second that agents say in flushed rounds, their own time included."""
    logs = pathlib.Path(folder) / "logs"
    logs.mkdir()
    command = f"[python3, -ISs, {HERE}/burst_agent.py, {signals}, {logs}]"
    names = [f"a{number}" for number in range(agents)]
    desk = Desk(program, f"{folder}/desk",
                [(name, f"role: researcher, every: bar, command: {command}") for name in names])
    days = [f"{2000 + day // 336}-{1 + day % 336 // 28:02}-{1 + day % 28:02}" for day in range(count)]
    (desk.folder / "bars.csv").write_text(
        "timestamp,symbol,open,high,low,close,volume\n"
        + "".join(f"{day},MSFT,1,1,1,1,1\n" for day in days)
    )
    settings = desk.folder / "orchestrator.yml"
    settings.write_text(
        settings.read_text()
        .replace("from: 2000-03-01, through: 2000-03-02", f"from: {days[0]}, through: {days[-1]}")
    )
    desk.commit()
    subprocess.run([program, "replay", "--durable", *without_sandbox(program), "--desk",
                    desk.folder], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    rows = [[int(word) for word in line.split()]
            for name in names for line in (logs / f"{name}.log").read_text().splitlines()]
    span = (max(row[1] for row in rows) - min(row[0] for row in rows)) / 1e9
    files = subprocess.run(["git", "ls-tree", "-r", "--name-only", f"agents/{names[0]}"],
                           cwd=desk.folder, check=True, capture_output=True, text=True).stdout
    said = files.count("proposal")
    if said != count * signals:
        sys.exit(f"{count * signals} signals were expected of {names[0]}, {said} are there")
    git(desk.folder, "fsck", "--strict", "--no-dangling")
    return len(rows) * signals / span


def replacements(program, folder, count):
    """Milliseconds from the kill of an idle agent until its successor has answered its start."""
    agents = [("risk", "role: researcher, on: [bars]")]
    limits = f"restarts: {count + 10}, window: 1h, stable_after: 10ms, backoff: 1ms"
    desk = Desk(program, f"{folder}/desk", agents, limits)
    desk.commit()
    desk.up()
    process = desk.wait_until_ready(1)["risk"]
    times = []
    for _ in range(count):
        time.sleep(0.05)
        start = time.monotonic()
        os.kill(process, signal.SIGKILL)
        process = desk.wait_until_ready(1)["risk"]
        times.append((time.monotonic() - start) * 1000)
    desk.down()
    return times


def fleet(program, folder, count, files):
    """A desk of so many agents on so many files, and the seconds until it was up and all ready."""
    agents = [(f"a{number:02}", "role: researcher, on: [bars]") for number in range(count)]
    desk = Desk(program, f"{folder}/desk", agents)
    for number in range(files):
        path = desk.folder / "files" / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%04096d" % number)
    desk.commit()
    start = time.monotonic()
    up = desk.up()
    desk.wait_until_ready(count)
    return desk, up, time.monotonic() - start


def at_rest(desk, idle):
    """Prints what a desk costs in which nothing happens."""
    # Until it looks around less often, as there was nothing to do for a while.
    time.sleep(15)
    everybody = descendants(desk.process.pid)
    own = program_of(desk.process.pid)
    agents = [number for number in everybody if program_of(number) == "loopdesk-agent"]
    figure("an idle agent, resident", statistics.median(memory(number)[0] for number in agents),
           "MB", "at most 15")
    # Everybody's share of what several use: the agent, and the processes of its sandbox.
    shares = sum(memory(number)[1] for number in everybody if program_of(number) != own)
    figure("its share of memory, sandbox included", shares / len(agents), "MB")
    before = processor([desk.process.pid, *everybody])
    time.sleep(idle)
    used = processor([desk.process.pid, *everybody]) - before
    figure("the idle desk, all its processes", 100 * used / idle, "% of a core", "at most 0.1")
    figure("the supervisor, resident", memory(desk.process.pid)[0], "MB")


def program_of(process):
    return os.path.basename(os.readlink(f"/proc/{process}/exe"))


def signals(program, part, options):
    """Prints what a signal costs, one by one and many at a time, beside others."""
    plain = beside.build_plain(part("plain-program"))
    print("signals one by one; the desk's from the reply of one agent to the request at the next")
    for name, words, is_flushed in [("durable", [], True), ("volatile", ["--volatile"], False)]:
        waits, rate = hops(program, part(f"hops-{name}"), options.hops, *words)
        show(f"desk, {name}", waits, 2 if is_flushed else 0.6)
        figure("whole hops a second, agents in Python included", rate, "a second",
               "at least 700" if is_flushed else "")
        show(f"git command, {name}", beside.git_command(part(f"git-{name}"), 60, is_flushed))
        if plain:
            show(f"plain libgit2, {name}",
                 beside.libgit2(plain, part(f"plain-{name}"), 300, 1, is_flushed))
        synchronous = "full" if is_flushed else "off"
        show(f"SQLite, WAL, synchronous {synchronous}, one row",
             beside.database(part(f"sqlite-{name}"), 500, 1, synchronous))
    print("signals in flushed rounds: the more the better")
    figure("desk, 4 agents in Python, 100 each in a round",
           rounds(program, part("rounds"), options.rounds), "a second", "at least 5,000")
    if plain:
        times = beside.libgit2(plain, part("plain-rounds"), 20, 100, True)
        figure("plain libgit2, 100 in a commit", 100_000 / statistics.mean(times), "a second")
    times = beside.database(part("sqlite-rounds"), 50, 400)
    figure("SQLite, synchronous full, 400 in a transaction", 400_000 / statistics.mean(times),
           "a second")


def supervision(program, part, options):
    """Prints how fast a killed process is replaced, beside others."""
    print("a killed process is replaced and ready, the desk's with its sandbox")
    show("desk", replacements(program, part("kills"), options.kills), 25)
    for name, (tool, _) in beside.SUPERVISORS.items():
        if shutil.which(tool):
            times = beside.supervised(part(name), name, 10)
            if times:
                show(f"{name}, a `sleep` without a sandbox", times)


def fleets(program, part, options):
    """Prints how fast many agents are started, and what they cost at rest."""
    print(f"{options.agents} agents on {options.files} files, each in its sandbox")
    desk, up, ready = fleet(program, part("fleet"), options.agents, options.files)
    figure("until the desk is up: all are started", up, "s", "at most 1.5")
    figure("until every agent has answered", ready, "s")
    at_rest(desk, options.idle)
    desk.down()


def growth(program, part, options):
    """Prints what a turn costs with very many behind it."""
    print(f"{options.turns} turns in a row, flushed, of agents in Python; a turn of the first"
          " thousand, of the last, of all")
    found = long.turns(program, part("long"), options.turns, without_sandbox(program))
    for name, label in [("clock", "by the clock"), ("work", "the supervisor, of the processor")]:
        first, last, mean = found[name]
        print(f"  {label:<46} {first:8.0f} {last:8.0f} {mean:8.0f}  us;"
              f" {last / first:.2f} times, at most 1.2", flush=True)
    figure("the supervisor, resident at most", found["memory"], "MB", "at most 100")
    figure("a start after all of them, with nothing to do", found["start"], "s")


PARTS = {"signals": signals, "supervision": supervision, "fleet": fleets, "growth": growth}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", default=".build/release/loopdesk")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    parser.add_argument("--hops", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--idle", type=float, default=20)
    parser.add_argument("--turns", type=int, default=100_000)
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    if not os.access(program, os.X_OK):
        sys.exit(f"bench-live: there is no program {program}; run make build")
    print(f"load of the machine: {os.getloadavg()[0]:.2f}")
    missing = beside.missing()
    if missing:
        print(f"left out, since it is not installed: apt-get install {' '.join(missing)}")
    place = os.path.abspath(".build") if os.path.isdir(".build") else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        part = lambda name: (pathlib.Path(folder, name).mkdir(), f"{folder}/{name}")[1]
        for name, measure in PARTS.items():
            if options.only in (None, name):
                measure(program, part, options)


if __name__ == "__main__":
    main()
