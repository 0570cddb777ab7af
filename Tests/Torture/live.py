# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""A live desk under a test: it is started, rung, watched, and stopped."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import desk as desks

STOP_SECONDS = 30
READY_SECONDS = 30
# How often agents of the test desk run by themselves.
PERIOD = "500ms"


def make_live_desk(loopdesk, folder):
    """A desk with a few recorded bars behind it, whose agents then run twice a second."""
    desks.make_desk(loopdesk, folder)
    settings = Path(folder, "orchestrator.yml")
    text = settings.read_text()
    text, count = re.subn(r"through: \S+", "through: 2000-03-10", text)
    text, timers = re.subn(r"every: 1m\b", f"every: {PERIOD}", text)
    if count != 1 or timers != 1:
        raise desks.Trouble("orchestrator.yml does not look as expected")
    text = text.replace(
        "    role: backtester\n", f"    role: backtester\n    every: {PERIOD}\n"
    )
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
                [self.loopdesk, "up", "--desk", str(self.folder)], env=desks.ENVIRONMENT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder.parent,
            )
        end = time.monotonic() + READY_SECONDS
        before = self.turns()
        while self.turns() == before:
            if self.process.poll() is not None:
                raise desks.Trouble(f"up ended with {self.process.returncode}: {self.tail()}")
            if time.monotonic() > end:
                raise desks.Trouble(f"no turn within {READY_SECONDS} s: {self.tail()}")
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

    def reachable(self):
        """Every commit that some reference keeps."""
        return set(self.git("rev-list", "--all", "--reflog").stdout.split()), set(
            self.git("rev-list", "--all").stdout.split()
        )

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
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory_kib(self):
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))

    def locks(self):
        return sorted(
            str(path) for path in self.folder.glob(".git/**/*.lock")
            if path.name != "loopdesk-worktrees.lock"
        )
