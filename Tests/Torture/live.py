# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""A live desk under a test: it is started, rung, watched, and stopped."""

import collections
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import desk as desks

STOP_SECONDS = 30
READY_SECONDS = 120
# How often agents of the test desk run by themselves.
PERIOD = "200ms"
# Files that stay, and are locked by flock.
STAYING = ("loopdesk-worktrees.lock", "maintenance.lock")


def make_live_desk(loopdesk, folder, **supervision):
    """A desk with a few recorded bars behind it, whose agents then run several times a second."""
    desks.make_desk(loopdesk, folder)
    settings = Path(folder, "orchestrator.yml")
    text = settings.read_text()
    text, count = re.subn(r"through: \S+", "through: 2000-03-10", text)
    text, timers = re.subn(r"every: 1m\b", f"every: {PERIOD}", text)
    if count != 1 or timers != 1:
        raise desks.Trouble("orchestrator.yml does not look as expected")
    for role in ("researcher", "backtester", "verifier", "executor"):
        text = text.replace(f"    role: {role}\n", f"    role: {role}\n    every: {PERIOD}\n")
    for name, value in supervision.items():
        text = text.replace("supervision:\n", f"supervision:\n  {name}: {value}\n")
    settings.write_text(text)
    git = ["git", "-C", folder, "-c", "user.name=torture", "-c", "user.email=t@invalid"]
    desks.run([*git, "commit", "-qam", "Live"])


class LiveDesk:
    """A desk that `loopdesk up` runs in the foreground, as a child of this process."""

    def __init__(self, loopdesk, folder):
        self.loopdesk = str(loopdesk)
        self.folder = Path(folder)
        self.process = None
        self.log = self.folder.parent / "up.log"

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.loopdesk, "up", "--desk", str(self.folder), "--unsafe-without-sandbox"],
                env=desks.ENVIRONMENT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder.parent,
            )
        end = time.monotonic() + READY_SECONDS
        # Before that, the recorded past is replayed, which is stricter about its owner.
        while not any(event["pid"] == self.process.pid for event in self.events("desk.up")):
            if self.process.poll() is not None:
                raise desks.Trouble(f"up ended with {self.process.returncode}: {self.tail()}")
            if time.monotonic() > end:
                raise desks.Trouble(f"not up within {READY_SECONDS} s: {self.tail()}")
            time.sleep(0.05)

    def tail(self):
        return self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """Asks the desk to stop; what it says with its status."""
        if self.process is None:
            return None
        if self.is_running:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def ring(self, agent):
        """Triggers an agent, as a person does."""
        return subprocess.run(
            [self.loopdesk, "trigger", agent, "--desk", str(self.folder)],
            env=desks.ENVIRONMENT, capture_output=True, text=True, check=False,
        )

    def git(self, *words, folder=None, check=False):
        done = subprocess.run(
            ["git", "-C", str(folder or self.folder), "-c", "user.name=owner",
             "-c", "user.email=owner@invalid", *words],
            env=desks.ENVIRONMENT, capture_output=True, text=True, check=False,
        )
        if check and done.returncode != 0:
            raise desks.Trouble(f"git {' '.join(words)}: {done.stderr}")
        return done

    def heads(self):
        """The branches of the agents."""
        text = self.git(
            "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/agents"
        ).stdout
        return dict(line.split() for line in text.splitlines())

    def turns(self):
        return sorted(self.heads().items())

    def reachable(self, *references):
        """Every commit that some reference keeps, or one of those given."""
        return set(self.git("rev-list", *(references or ["--all"])).stdout.split())

    def events(self, *names):
        """What the desk has told of itself, the oldest first."""
        found = []
        for path in (self.folder / ".loopdesk/events").glob("events*"):
            for line in path.read_text(errors="replace").splitlines():
                # A cheap look first: there are many.
                if names and not any(f'"{name}"' in line for name in names):
                    continue
                try:
                    found.append(json.loads(line))
                except ValueError:
                    # Torn by a kill.
                    continue
        return sorted(found, key=lambda event: event["seq"])

    def told(self):
        """The turns that the desk has told of: they must never be lost."""
        return self.events("turn.committed", "turn.parked")

    def supervisor_log(self):
        logs = self.folder / ".loopdesk/logs"
        return "".join(path.read_text(errors="replace") for path in logs.glob("supervisor.log*"))

    def children(self):
        """The ids of the processes below the supervisor."""
        found, waiting = [], [self.process.pid]
        while waiting:
            task = Path(f"/proc/{waiting.pop()}/task")
            try:
                for thread in task.iterdir():
                    ids = [int(word) for word in (thread / "children").read_text().split()]
                    found += ids
                    waiting += ids
            except OSError:
                # It has ended since it was listed.
                continue
        return found

    def descriptors(self):
        """What the supervisor has open, without numbers, and how many of each."""
        found = collections.Counter()
        folder = f"/proc/{self.process.pid}/fd"
        for name in os.listdir(folder):
            try:
                found[re.sub(r"\d+|pack-[0-9a-f]+", "*", os.readlink(f"{folder}/{name}"))] += 1
            except OSError:
                # Closed since it was listed.
                continue
        return found

    def memory_kib(self):
        """Resident memory that is the supervisor's own, without pages of files that are mapped."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", text).group(1))

    def locks(self):
        return sorted(
            str(path) for path in self.folder.glob(".git/**/*.lock")
            if path.name not in STAYING
        )
