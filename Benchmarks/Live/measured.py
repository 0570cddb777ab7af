# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""Desks made to be measured, and what the kernel tells of their processes."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

READY_SECONDS = 30


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
        self.events_read = 0

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

    def events(self):
        """What the desk has told since the last call; a line that is not finished waits."""
        path = self.folder / ".loopdesk" / "events" / "events.jsonl"
        if not path.exists():
            return []
        with open(path, "rb") as file:
            file.seek(self.events_read)
            lines = file.read()
        whole = lines[: lines.rfind(b"\n") + 1]
        self.events_read += len(whole)
        return [json.loads(line) for line in whole.splitlines()]

    def wait_until_ready(self, count):
        """Waits until so many agents have answered their start, and gives their processes.

        An agent answers once it has read its manual, so it is ready for a turn.
        """
        found = {}
        deadline = time.monotonic() + READY_SECONDS
        while len(found) < count:
            for event in self.events():
                if event["event"] == "agent.started":
                    found[event["agent"]] = event["pid"]
            if time.monotonic() > deadline:
                sys.exit(f"{len(found)} of {count} agents were ready after {READY_SECONDS} s")
            # Short against what is measured, and long enough to leave the processor alone.
            time.sleep(0.0002)
        return found


def descendants(process):
    """The processes below one, a parent before its children."""
    found, waiting = [], [process]
    while waiting:
        try:
            for task in os.listdir(f"/proc/{waiting[0]}/task"):
                text = pathlib.Path(f"/proc/{waiting[0]}/task/{task}/children").read_text()
                found += [int(word) for word in text.split()]
                waiting += [int(word) for word in text.split()]
        except (FileNotFoundError, ProcessLookupError):
            # It has ended meanwhile.
            pass
        waiting.pop(0)
    return found


def memory(process):
    """Resident and proportional megabytes of a process."""
    sizes = {}
    for line in pathlib.Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
        name, size = line.split()[:2]
        sizes[name.rstrip(":")] = int(size) / 1024
    return sizes["Rss"], sizes["Pss"]


def processor(processes):
    """Seconds of a core that processes have used, as exact as the kernel knows it."""
    nanoseconds = 0
    for number in processes:
        for task in pathlib.Path(f"/proc/{number}/task").iterdir():
            nanoseconds += int((task / "schedstat").read_text().split()[0])
    return nanoseconds / 1e9
