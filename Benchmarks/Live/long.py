# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""A desk with very many turns behind it: what a turn costs at the beginning and at the end."""

import pathlib
import subprocess
import sys
import time

from measured import Desk, git, memory, processor

HERE = pathlib.Path(__file__).resolve().parent
RESEARCHERS = 4
SAMPLE_TURNS = 1000


def days(count):
    """So many days in a row, of months that have 28."""
    return [f"{1900 + day // 336}-{1 + day % 336 // 28:02}-{1 + day % 28:02}"
            for day in range(count)]


def make(program, folder, instants, logs):
    """A desk whose agents, in Python, say one thing each at each bar."""
    command = f"[python3, -ISs, {HERE}/echo_agent.py, {instants}, {logs}]"
    agents = [(f"r{number}", f"role: researcher, every: bar, command: {command}")
              for number in range(RESEARCHERS)]
    agents.append(("b0", f"role: backtester, on: [proposal], command: {command}"))
    desk = Desk(program, folder, agents)
    all_days = days(instants)
    (desk.folder / "bars.csv").write_text(
        "timestamp,symbol,open,high,low,close,volume\n"
        + "".join(f"{day},MSFT,1,1,1,1,1\n" for day in all_days)
    )
    settings = desk.folder / "orchestrator.yml"
    settings.write_text(settings.read_text().replace(
        "from: 2000-03-01, through: 2000-03-02", f"from: {all_days[0]}, through: {all_days[-1]}"
    ))
    desk.commit()
    return desk


def watch(process, log, marks):
    """Seconds of the processor that the supervisor had used when a log had so many lines, and the
    most megabytes that it had resident at any look."""
    used, most, size = {}, 0, 0
    while process.poll() is None:
        if log.exists() and log.stat().st_size > size:
            size = log.stat().st_size
            lines = log.read_bytes().count(b"\n")
            try:
                seconds = processor([process.pid])
                most = max(most, memory(process.pid)[0])
            except (OSError, KeyError):
                # It has ended since the look.
                break
            for mark in marks:
                if lines >= mark:
                    used.setdefault(mark, (lines, seconds))
        time.sleep(0.05)
    return used, most


def turns(program, folder, count, words):
    """What a turn of the first thousand and of the last thousand takes, and a start after all."""
    per_instant = RESEARCHERS + 1
    instants, sample = count // per_instant, SAMPLE_TURNS // per_instant
    logs = pathlib.Path(folder) / "logs"
    logs.mkdir()
    desk = make(program, f"{folder}/desk", instants, logs)
    command = [program, "replay", "--durable", *words, "--desk", desk.folder]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )
    log = logs / "r0.log"
    marks = (1, sample, instants - sample, instants - 5)
    used, most = watch(process, log, marks)
    if process.wait() != 0:
        sys.exit(f"the replay ended with {process.returncode}: {process.stderr.read()[-500:]}")
    at = [int(line.split()[0]) for line in log.read_text().splitlines()]
    if len(at) != instants:
        sys.exit(f"{instants} turns were expected of r0, {len(at)} were taken")
    git(desk.folder, "fsck", "--connectivity-only", "--no-dangling")
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    start = time.perf_counter() - begun

    def clock(begin, end):
        return (at[end] - at[begin]) / 1e3 / ((end - begin) * per_instant)

    def work(begin, end):
        (first, before), (last, after) = used[begin], used[end]
        return (after - before) * 1e6 / ((last - first) * per_instant)

    return {
        "clock": (clock(0, sample), clock(instants - sample - 1, instants - 1),
                  clock(0, instants - 1)),
        "work": (work(*marks[:2]), work(*marks[2:]), work(marks[0], marks[3])),
        "memory": most,
        "start": start,
    }
