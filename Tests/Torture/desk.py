# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Small desks to torture, their replays, and what must be true of one that has come to rest."""

import functools
import hashlib
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

# Nothing of the person who runs this may change what git and the desk do.
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}

# The bars of the shipped desk from its first day on, and its control with a stronger edge: five
# years without trades, since the gate wants to see as many, then months with some, and in December
# two days in which proposals, reports, verdicts, intents, orders, fills, trades and a lesson occur.
SYMBOLS = ("IBM",)
LAST_DAY = "2005-12-30"
NEEDED = {"bars", "proposal", "report", "verdict", "intent", "fill", "trade", "lesson"}
ROLES = ("ingestor", "researcher", "backtester", "verifier", "executor", "risk")

# It names the process of the gateway, which is another in each run.
LATCH = ".loopdesk/halt/latch"

REPLAY_SECONDS = 120
ORPHAN_SECONDS = 5


class Trouble(Exception):
    """The harness itself cannot go on."""


@dataclass(frozen=True)
class Scene:
    """A stretch of a replay: history up to a day, then the days under torture.

    Where it halts, a person has used the kill switch in between.
    """

    name: str
    before: str | None
    through: str
    halts: bool = False


SCENES = {
    # From the making of branches, worktrees and ledger to the end of the second instant.
    "cold": Scene("cold", None, "2000-03-02"),
    # Two instants in which every agent says something and every topic occurs.
    "cycle": Scene("cycle", "2005-12-02", "2005-12-06"),
    # A lot is held and its exit waits when everything is to be closed.
    "halted": Scene("halted", "2005-12-05", "2005-12-06", halts=True),
}


def run(words, **options):
    """Runs a program that is expected to succeed and returns what it wrote."""
    done = subprocess.run(
        [str(word) for word in words], env=ENVIRONMENT, capture_output=True, text=True, **options
    )
    if done.returncode != 0:
        raise Trouble(f"{' '.join(map(str, words))}: status {done.returncode}: {done.stderr}")
    return done.stdout


@functools.cache
def make_desk(loopdesk, folder):
    """Makes the desk: two symbols, quick research, one idea that holds and passes the gate."""
    run([loopdesk, "init", folder])
    settings = Path(folder, "orchestrator.yml")
    text = settings.read_text()
    for pattern, value in (
        (r"(?m)^  symbols: \[.*\]", f"  symbols: [{', '.join(SYMBOLS)}]"),
        (r"edge: 0\.6", "edge: 1"),
        (r"sectors: \{.*\}", "sectors: {IBM: technology}"),
        (r"cadence: \d+", "cadence: 5"),
        (r"budget: \d+", "budget: 1"),
        (r"families: \[.*\]", "families: [turn-of-month]"),
        (r" +skills: \[trading-rules\]\n", ""),
    ):
        text, count = re.subn(pattern, value, text)
        if count == 0:
            raise Trouble(f"orchestrator.yml has nothing that looks like {pattern}")
    settings.write_text(text)
    rules = Path(folder, "agents/verifier/SKILL.md")
    text = rules.read_text()
    head, _, rest = text.partition("## Rules for a report")
    _, mark, tail = rest.partition("## Rules for an intent")
    report = "## Rules for a report\n\n- Every strategy may trade. `trades >= 0`\n\n"
    rules.write_text(head + report + mark + tail)
    bars = Path(folder, "data/us-equities-daily.csv")
    lines = bars.read_text().splitlines()
    wanted = [line for line in lines[1:] if line.split(",")[0] in SYMBOLS]
    kept = [line for line in wanted if line.split(",")[1] <= LAST_DAY]
    bars.write_text("\n".join([lines[0], *kept]) + "\n")
    git = ["git", "-C", folder, "-c", "user.name=torture", "-c", "user.email=t@invalid"]
    run([*git, "commit", "-qam", "A small desk\n\nFor torture."])


def point_worktrees(folder, old, new):
    """Makes git's notes about worktrees in a copied desk lead to the copy."""
    notes = [*Path(folder, ".git/worktrees").glob("*/gitdir")]
    for note in [*notes, *Path(folder, "worktrees").glob("*/.git")]:
        note.write_text(note.read_text().replace(str(old), str(new)))


def copy_tree(source, target):
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


@dataclass
class Outcome:
    """How a replay ended."""

    status: int
    output: str
    errors: str

    @property
    def figures(self):
        try:
            figures = json.loads(self.output)
        except ValueError:
            return None
        figures.pop("wall_seconds", None)
        return figures


@dataclass
class Bench:
    """The folders and programs of one worker."""

    loopdesk: str
    stopper: str
    folder: Path
    scene: Scene
    known: dict = field(default_factory=dict)

    @property
    def desk(self):
        return self.folder / "desk"

    @property
    def base(self):
        return self.folder / f"base-{self.scene.name}"

    def replay(self, through=None, before=()):
        """Runs a replay to its end, behind the words of another program if given."""
        words = [
            *before, self.loopdesk, "replay", "--durable", "--json", "--desk", self.desk,
            # Each call of each process is counted, and bubblewrap's would be counted with them.
            "--unsafe-without-sandbox", "--through", through or self.scene.through,
        ]
        process = subprocess.Popen(
            [str(word) for word in words], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
        )
        try:
            output, errors = process.communicate(timeout=REPLAY_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            return Outcome(-1, output, f"no end within {REPLAY_SECONDS} s; {errors}")
        return Outcome(process.returncode, output, errors)

    def bent_replay(self, *words):
        """Runs a replay under the stopper; returns its outcome and the lines of the report."""
        report = self.folder / "report"
        report.unlink(missing_ok=True)
        outcome = self.replay(before=[self.stopper, *words, report, "--"])
        if outcome.status == 125:
            raise Trouble(outcome.errors)
        with open(report, encoding="utf-8", errors="replace") as lines:
            return outcome, [line.rstrip("\n").split("\t") for line in lines]

    def restore(self):
        """Makes the desk what the base is; once that is remembered, only what differs is copied."""
        if not self.known or not self.desk.exists():
            copy_tree(self.base, self.desk)
            return
        found = set()
        # What is deepest goes first.
        for path, status in reversed(walk(self.desk, with_logs=True)):
            known = self.known.get(path)
            is_same = known is not None and stat.S_IFMT(known[2]) == stat.S_IFMT(status.st_mode)
            if is_same and (stat.S_ISDIR(status.st_mode)
                            or known == (status.st_mtime_ns, status.st_size, status.st_mode)):
                found.add(path)
            elif stat.S_ISDIR(status.st_mode):
                shutil.rmtree(self.desk / path)
            else:
                (self.desk / path).unlink(missing_ok=True)
        for path, known in self.known.items():
            if path in found:
                continue
            if stat.S_ISDIR(known[2]):
                (self.desk / path).mkdir(stat.S_IMODE(known[2]))
            else:
                shutil.copy2(self.base / path, self.desk / path, follow_symlinks=False)

    def remember_base(self):
        self.known = {
            path: (status.st_mtime_ns, status.st_size, status.st_mode)
            for path, status in walk(self.base, with_logs=True)
        }

    def state(self):
        """A hash of all files of the desk; what is as in the base is not read."""
        result = hashlib.sha256()
        for path, status in walk(self.desk):
            result.update(path.encode() + b"\0")
            if self.known.get(path, ())[:2] == (status.st_mtime_ns, status.st_size):
                continue
            full = self.desk / path
            if full.is_symlink():
                result.update(os.readlink(full).encode())
            elif full.is_file():
                content = full.read_bytes()
                if path == LATCH:
                    content = without_process(content)
                result.update(hashlib.sha256(content).digest())
        return result.hexdigest()


def without_process(content):
    """The content of a latch without the number of a process where its line fits its hash."""
    def plain(match):
        fits = hashlib.sha256(match[2]).hexdigest().encode() == match[1]
        return re.sub(rb'"process":\d+', b"", match[2]) if fits else match[0]

    return re.sub(rb"([0-9a-f]{64}) (\{.*\})\n", plain, content)


def closed_by_halt(desk):
    """Whether the last trade was closed in the session that the latch says was made for it."""
    states = re.findall(rb'\{"halted":true.*\}', (desk / LATCH).read_bytes())
    session = json.loads(states[-1])["session"] if states else None
    ledger = sqlite3.connect(f"file:{desk}/.loopdesk/ledger.sqlite?mode=ro", uri=True)
    try:
        return ledger.execute("SELECT max(closed) FROM trades").fetchone()[0] == session
    finally:
        ledger.close()


def walk(root, with_logs=False):
    """All names below a folder, a folder before what is in it, with their status."""
    found = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        for entry in os.scandir(os.path.join(root, folder)):
            path = os.path.join(folder, entry.name)
            if not with_logs and path.startswith(".loopdesk/logs/"):
                continue
            found.append((path, entry.stat(follow_symlinks=False)))
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
    found.sort(key=lambda item: item[0])
    return found


def wait_for_children():
    """Waits for whoever was left to this process; returns those that do not end."""
    end = time.monotonic() + ORPHAN_SECONDS
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] != 0:
                continue
        except ChildProcessError:
            return []
        if time.monotonic() > end:
            break
        time.sleep(0.002)
    left = []
    for task in Path("/proc/self/task").iterdir():
        for word in (task / "children").read_text().split():
            command = Path(f"/proc/{word}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            left.append(f"{word} ({command.strip()})")
            os.kill(int(word), 9)
    return left


def differences(want, have):
    """What differs between the figures of two replays."""
    if have is None:
        return ["the replay printed no figures"]
    found = []
    for name in sorted(want.keys() | have.keys()):
        left, right = want.get(name), have.get(name)
        if left == right:
            continue
        if isinstance(left, dict) and isinstance(right, dict):
            for key in sorted(left.keys() | right.keys()):
                if left.get(key) != right.get(key):
                    found.append(f"{name} {key}: {left.get(key)} became {right.get(key)}")
        else:
            found.append(f"{name}: {left} became {right}")
    return found


def judge(bench, outcome, want):
    """Everything that must be true of a desk at rest; returns what is not."""
    if outcome.status != 0:
        return [f"the replay ended with status {outcome.status}: {outcome.errors[-1500:]}"]
    return differences(want, outcome.figures) + unsound(bench.desk)


def unsound(desk):
    """What is wrong with the repository and worktrees of a desk at rest."""
    found = []
    fsck = subprocess.run(
        ["git", "-C", desk, "fsck", "--strict", "--no-dangling", "--no-progress"],
        env=ENVIRONMENT, capture_output=True, text=True, check=False,
    )
    if fsck.returncode != 0 or fsck.stdout or fsck.stderr:
        found.append(f"git fsck, status {fsck.returncode}: {fsck.stdout}{fsck.stderr}")
    for lock in desk.glob(".git/**/*.lock"):
        # This one stays and is locked by flock; all others are git's, which exist or do not.
        if lock.name != "loopdesk-worktrees.lock":
            found.append(f"a lock is left behind: {lock}")
    for draft in desk.glob(".git/objects/pack/tmp_*"):
        found.append(f"a draft is left behind: {draft}")
    for tree in [desk, *desk.glob("worktrees/*/")]:
        status = subprocess.run(
            ["git", "-C", tree, "status", "--porcelain"],
            env=ENVIRONMENT, capture_output=True, text=True, check=False,
        )
        if status.returncode != 0 or status.stdout:
            found.append(f"{tree} is not clean: {status.stdout}{status.stderr}")
    return found


def topics(desk, reference_names, since):
    """The topics of the signals that agents said after a day."""
    found = set()
    for name in reference_names:
        if not name.startswith("agents/"):
            continue
        text = run([
            "git", "-C", desk, "log", "--format=%x01%(trailers:key=Desk-Time,valueonly)",
            "--name-only", f"refs/heads/{name}", "--",
        ])
        for record in text.split("\x01")[1:]:
            lines = record.split()
            if not lines or (since and lines[0][:10] <= since):
                continue
            for path in lines[1:]:
                if "/signals/" in path:
                    found.add(path.rsplit("-", 1)[1].removesuffix(".json"))
    return found
