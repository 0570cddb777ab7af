#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Measures a desk from outside: signals from agent to agent, signals in rounds, processes replaced,
agents started, an idle desk. Beside it, in the same run: the git command, plain libgit2 and SQLite,
flushed and not, and the supervisors of Debian.

    live.py [LOOPDESK] [--hops N] [--rounds N] [--kills N] [--agents N] [--files N] [--idle SECONDS]
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CIRCLE = [("backtester", "proposal"), ("researcher", "verdict"), ("verifier", "report")]


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def show(name, values, unit="ms"):
    print(
        f"  {name:<44} p50 {statistics.median(values):8.2f}  p99 {percentile(values, 0.99):8.2f}  "
        f"least {min(values):8.2f}  {unit}, n = {len(values)}",
        flush=True,
    )


def without_sandbox(program):
    """The words for agents that write logs beside their desk."""
    told = subprocess.run([program, "replay", "--help-hidden"], check=True, capture_output=True,
                          text=True).stdout
    return [word for word in ["--unsafe-without-sandbox"] if word in told]


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


class Desk:
    """A desk made for one measurement, in a folder that is removed afterwards."""

    def __init__(self, program, folder, agents, supervision=""):
        self.program, self.folder = program, pathlib.Path(folder)
        self.folder.mkdir()
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "config", "user.name", "owner")
        git(folder, "config", "user.email", "owner@example.invalid")
        lines = []
        for name, text in agents:
            skill = self.folder / "agents" / name / "SKILL.md"
            skill.parent.mkdir(parents=True)
            skill.write_text(f"---\nname: {name}\ndescription: Measured.\n---\n# {name}\n")
            lines.append(f"  {name}: {{{text}}}")
        (self.folder / ".gitignore").write_text(
            "/.loopdesk/\n/inbox/\n/outbox/\n/work/\n/worktrees/\n"
        )
        (self.folder / "orchestrator.yml").write_text(
            "version: 1\nname: measured\nreplay: {from: 2000-03-01, through: 2000-03-02}\n"
            "market:\n  feed: {kind: csv, path: bars.csv}\n  symbols: [MSFT]\n"
            "account: {capital: 1000000}\n"
            f"supervision: {{turn_timeout: 20s, {supervision}}}\n"
            "agents:\n" + "\n".join(lines) + "\n"
        )
        (self.folder / "bars.csv").write_text(
            "timestamp,symbol,open,high,low,close,volume\n2100-01-01,MSFT,1,1,1,1,1\n"
        )
        self.process = None

    def commit(self):
        git(self.folder, "add", "--all")
        git(self.folder, "commit", "--quiet", "-m", "the desk")

    def up(self, *words):
        """Starts the desk and returns the seconds until it says that it is up."""
        start = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "up", *words, "--desk", self.folder], stderr=subprocess.PIPE, text=True
        )
        for line in self.process.stderr:
            if "is up" in line:
                return time.monotonic() - start
        sys.exit(f"the desk did not come up: {self.process.wait()}")

    def down(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def trigger(self, agent):
        subprocess.run(
            [self.program, "trigger", agent, "--desk", self.folder],
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def children(self):
        """The process numbers of the desk's children by the agent's name."""
        found = {}
        for child in children(self.process.pid):
            environment = pathlib.Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
            for word in environment:
                if word.startswith(b"LOOPDESK_AGENT="):
                    found[word.split(b"=")[1].decode()] = child
        return found


def children(process):
    found = []
    for task in os.listdir(f"/proc/{process}/task"):
        text = pathlib.Path(f"/proc/{process}/task/{task}/children").read_text()
        found += [int(word) for word in text.split()]
    return found


def hops(program, folder, count, *words):
    """Milliseconds from the reply of one agent to the request that the next one receives."""
    logs = pathlib.Path(folder) / "logs"
    logs.mkdir()
    command = f"[python3, -ISs, {HERE}/echo_agent.py, {count // 3}, {logs}]"
    agents = [
        (role, f"role: {role}, on: [{topic}], command: {command}") for role, topic in CIRCLE
    ]
    desk = Desk(program, f"{folder}/desk", agents)
    desk.commit()
    desk.up(*words, *without_sandbox(program))
    desk.trigger("researcher")
    order = ["researcher", "backtester", "verifier"]

    def events():
        rows = []
        for place, name in enumerate(order):
            for turn, line in enumerate((logs / f"{name}.log").read_text().splitlines()):
                received, sent = line.split()
                rows.append((3 * turn + place, int(received), int(sent)))
        return sorted(rows)

    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        time.sleep(0.2)
        if all((logs / f"{name}.log").exists() for name in order) and len(events()) >= count:
            break
    rows = events()
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
    """Milliseconds from the kill of an idle agent until its successor has been told to start."""
    agents = [("risk", "role: researcher, on: [bars]")]
    limits = f"restarts: {count + 10}, window: 1h, stable_after: 10ms, backoff: 1ms"
    desk = Desk(program, f"{folder}/desk", agents, limits)
    desk.commit()
    desk.up()
    times = []
    for _ in range(count):
        time.sleep(0.05)
        old = desk.children()["risk"]
        start = time.monotonic()
        os.kill(old, signal.SIGKILL)
        while True:
            new = next((c for c in children(desk.process.pid) if c != old and is_ready(c)), None)
            if new:
                break
            if time.monotonic() - start > 20:
                sys.exit("an agent was not replaced")
        times.append((time.monotonic() - start) * 1000)
    desk.down()
    return times


def is_ready(process):
    """Whether a process is an agent that waits for a request: asleep, after having read its start."""
    try:
        if b"LOOPDESK_AGENT=risk\0" not in pathlib.Path(f"/proc/{process}/environ").read_bytes():
            return False
        fields = pathlib.Path(f"/proc/{process}/io").read_text().split()
        return int(fields[fields.index("wchar:") + 1]) > 0
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


def fleet(program, folder, count, files):
    """Seconds until so many agents on a repository of so many files have been started."""
    agents = [(f"a{number:02}", "role: researcher, on: [bars]") for number in range(count)]
    desk = Desk(program, f"{folder}/desk", agents)
    for number in range(files):
        path = desk.folder / "files" / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%04096d" % number)
    desk.commit()
    seconds = desk.up()
    return desk, seconds


def memory(process):
    """Resident and private kilobytes of a process."""
    sizes = {}
    for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, size = line.split()[:2]
        sizes[name.rstrip(":")] = int(size)
    return sizes["Rss"], sizes["Private_Clean"] + sizes["Private_Dirty"]


def processor(process):
    """Seconds of a core that a process and its children have used."""
    ticks = 0
    for number in [process, *children(process)]:
        fields = pathlib.Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def database(folder, count, rows=1, synchronous="full"):
    """Milliseconds for a transaction of some rows in SQLite."""
    connection = sqlite3.connect(f"{folder}/peer.sqlite", isolation_level=None)
    connection.execute("pragma journal_mode=wal")
    connection.execute(f"pragma synchronous={synchronous}")
    connection.execute("create table signals (id integer primary key, body blob)")
    times = []
    for _ in range(count):
        start = time.monotonic()
        connection.execute("begin")
        for _ in range(rows):
            connection.execute("insert into signals (body) values (?)", (b"x" * 1024,))
        connection.execute("commit")
        times.append((time.monotonic() - start) * 1000)
    return times


def git_command(folder, count, is_flushed):
    """Milliseconds for `git add` and `git commit` of one file of a kilobyte."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    for key, value in [("user.name", "peer"), ("user.email", "peer@example.invalid"),
                       ("gc.auto", "0"), ("core.fsync", "all" if is_flushed else "none")]:
        git(folder, "config", key, value)
    times = []
    for number in range(count):
        path = pathlib.Path(folder) / f"{number // 100:04}" / f"{number:06}.json"
        path.parent.mkdir(exist_ok=True)
        start = time.monotonic()
        path.write_bytes(os.urandom(512).hex().encode())
        git(folder, "add", path)
        git(folder, "commit", "--quiet", "-m", "signal")
        times.append((time.monotonic() - start) * 1000)
    return times


def build_plain(folder):
    """The program that uses libgit2 as its manual shows; None when it cannot be built."""
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libgit2"], check=False,
                           capture_output=True, text=True).stdout.split()
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None or not flags:
        return None
    program = f"{folder}/plain"
    subprocess.run([compiler, "-O2", "-o", program, HERE / "plain.c", *flags], check=True)
    return program


def libgit2(program, folder, count, files, is_flushed):
    """Milliseconds for each commit of some files of a kilobyte by plain libgit2."""
    told = subprocess.run(
        [program, f"{folder}/plain", str(count), str(files), "1" if is_flushed else "0"],
        check=True, capture_output=True, text=True,
    ).stdout
    return [float(line) for line in told.split()]


def supervised(folder, name, count):
    """Milliseconds until a supervisor of Debian has replaced a killed `sleep`."""
    script = pathlib.Path(folder) / "run"
    mark = pathlib.Path(folder) / "pid"
    script.write_text(f"#!/bin/sh\necho $$ > {mark}.part\nmv {mark}.part {mark}\nexec sleep 1000\n")
    script.chmod(0o755)
    if name == "runit":
        service = pathlib.Path(folder) / "service" / "one"
        service.mkdir(parents=True)
        shutil.copy(script, service / "run")
        peer = subprocess.Popen(["runsvdir", service.parent], stderr=subprocess.DEVNULL)
    elif name == "s6":
        service = pathlib.Path(folder) / "scan" / "one"
        service.mkdir(parents=True)
        shutil.copy(script, service / "run")
        peer = subprocess.Popen(["s6-svscan", service.parent], stderr=subprocess.DEVNULL)
    else:
        configuration = pathlib.Path(folder) / "supervisord.conf"
        configuration.write_text(
            f"[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\n"
            f"pidfile={folder}/s.pid\n[program:one]\ncommand={script}\nstartsecs=0\n"
            f"autorestart=true\n"
        )
        peer = subprocess.Popen(
            ["supervisord", "-c", configuration], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    times = []
    try:
        deadline = time.monotonic() + 10
        while not mark.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        for _ in range(count):
            time.sleep(1.2)
            old = int(mark.read_text())
            mark.unlink()
            start = time.monotonic()
            os.kill(old, signal.SIGKILL)
            while not mark.exists():
                if time.monotonic() - start > 20:
                    return times
            times.append((time.monotonic() - start) * 1000)
    finally:
        peer.terminate()
        peer.wait(10)
        subprocess.run(["pkill", "-f", "sleep 1000"], check=False)
    return times


def signals(program, part, options):
    """Prints what a signal costs, one by one and many at a time, beside peers."""
    plain = build_plain(part("plain-program"))
    if plain is None:
        print("  plain libgit2: there is no compiler or no libgit2; left out")
    print("signals one by one; the desk's from the reply of one agent to the request at the next")
    for name, words, is_flushed in [("durable", [], True), ("volatile", ["--volatile"], False)]:
        waits, rate = hops(program, part(f"hops-{name}"), options.hops, *words)
        show(f"desk, {name}", waits)
        print(f"  {'whole hops a second, agents in Python included':<44} {rate:8.0f}")
        show(f"git command, {name}", git_command(part(f"git-{name}"), 60, is_flushed))
        if plain:
            show(f"plain libgit2, {name}", libgit2(plain, part(f"plain-{name}"), 300, 1, is_flushed))
        synchronous = "full" if is_flushed else "off"
        show(f"SQLite, WAL, synchronous {synchronous}, one row",
             database(part(f"sqlite-{name}"), 500, 1, synchronous))
    print("signals in flushed rounds, a second: the more the better")
    rate = rounds(program, part("rounds"), options.rounds)
    print(f"  {'desk, 4 agents in Python, 100 each in a round':<44} {rate:8.0f}")
    if plain:
        times = libgit2(plain, part("plain-rounds"), 20, 100, True)
        print(f"  {'plain libgit2, 100 in a commit':<44} {100_000 / statistics.mean(times):8.0f}")
    times = database(part("sqlite-rounds"), 50, 400)
    print(f"  {'SQLite, synchronous full, 400 in a transaction':<44} "
          f"{400_000 / statistics.mean(times):8.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", default=".build/release/loopdesk")
    parser.add_argument("--hops", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--idle", type=float, default=20)
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    print(f"load of the machine: {os.getloadavg()[0]:.2f}")
    place = os.path.abspath(".build") if os.path.isdir(".build") else None
    with tempfile.TemporaryDirectory(dir=place) as folder:
        part = lambda name: (pathlib.Path(folder, name).mkdir(), f"{folder}/{name}")[1]
        signals(program, part, options)
        print("a killed process is replaced and ready")
        show("desk", replacements(program, part("kills"), options.kills))
        for name, tool in [("runit", "runsvdir"), ("s6", "s6-svscan"), ("supervisord", "supervisord")]:
            if shutil.which(tool):
                times = supervised(part(name), name, 10)
                if times:
                    show(name, times)
            else:
                print(f"  {name}: not installed")
        print(f"{options.agents} agents on {options.files} files")
        desk, seconds = fleet(program, part("fleet"), options.agents, options.files)
        print(f"  {'until the desk is up':<44} {seconds:8.2f} s")
        time.sleep(3)
        sizes = [memory(child) for child in desk.children().values()]
        print(f"  {'an idle agent, resident (private)':<44} "
              f"{statistics.median(s[0] for s in sizes) / 1024:8.1f} "
              f"({statistics.median(s[1] for s in sizes) / 1024:.1f}) MB")
        before = processor(desk.process.pid)
        time.sleep(options.idle)
        used = processor(desk.process.pid) - before
        print(f"  {'the idle desk, of a core':<44} {100 * used / options.idle:8.3f} %")
        print(f"  {'the supervisor, resident':<44} {memory(desk.process.pid)[0] / 1024:8.1f} MB")
        desk.down()


if __name__ == "__main__":
    main()
