# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Puts known bugs into a copy of the sources, builds it, and expects each to be found."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import desk as desks

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass(frozen=True)
class Plant:
    """One bug: a line that is replaced, and the torture that has to find it."""

    name: str
    file: str
    old: str
    new: str
    words: tuple


PLANTS = (
    Plant(
        "what a killed desk kept is forgotten at its start",
        "Sources/Supervisor/Replay/Replay+Order.swift",
        "        let recovery = try BranchGuard(desk: desk).recover(at: time, inReplay: true)\n",
        "        try desk.repository.dropPublication()\n        let recovery = BranchRecovery()\n",
        ("power", "--scene", "cycle"),
    ),
    Plant(
        "the journal is cleared before the references move",
        "Sources/Git/Publisher.swift",
        "        var outcome = try move(by: signature)\n",
        "        try repository.dropPublication()\n        var outcome = try move(by: signature)\n",
        ("kill", "--scene", "recover", "--role", "supervisor", "--call", "rename"),
    ),
    Plant(
        "what was kept is delivered before it is flushed",
        "Sources/Git/Publisher.swift",
        "journal.append(record, isDurable: isDurable)",
        "journal.append(record, isDurable: false)",
        ("power", "--scene", "cycle"),
    ),
    Plant(
        "a memory that cannot be read is taken for none",
        "Sources/Agents/Loop/AgentFolder.swift",
        "        let bytes = try worktree.readIfPresent(",
        "        let bytes = try? worktree.readIfPresent(",
        ("errors", "--scene", "cycle", "--role", "risk", "--call", "openat"),
    ),
    Plant(
        "what a killed desk had locked stays locked",
        "Sources/Supervisor/Replay/Replay+Order.swift",
        "        try desk.repository.sweepStaleFiles()\n",
        "",
        ("kill", "--scene", "cycle", "--role", "supervisor", "--call", "rename"),
    ),
)


def copy_sources(target):
    names = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True,
    ).stdout
    subprocess.run(
        ["tar", "-C", ROOT, "--null", "-T", "-", "-cf", target / "sources.tar"],
        input=names, check=True,
    )
    sources = target / "sources"
    sources.mkdir()
    subprocess.run(["tar", "-C", sources, "-xf", target / "sources.tar"], check=True)
    return sources


def build(options, sources, log):
    """Builds both programs for debugging, which is sooner done; their calls are the same."""
    for product in ("loopdesk", "loopdesk-agent"):
        with open(log, "ab") as file:
            done = subprocess.run(
                [*options.swift.split(), "build", "--product", product], cwd=sources,
                stdin=subprocess.DEVNULL, stdout=file, stderr=file, check=False,
            )
        if done.returncode != 0:
            raise desks.Trouble(f"the copy does not build; see {log}")
    return sources / ".build/debug/loopdesk"


def torture(options, program, words):
    done = subprocess.run(
        [sys.executable, HERE / "torture.py", *words, "--loopdesk", program, "--stop",
         "--jobs", str(options.jobs)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
    return done.returncode, done.stdout + done.stderr


def prove(options):
    """Whether every planted bug is found, and the sources without any are sound there."""
    with tempfile.TemporaryDirectory(prefix="loopdesk-proof-") as folder:
        return prove_in(options, Path(folder))


def prove_in(options, folder):
    sources = options.tree.resolve() if options.tree else copy_sources(folder)
    log = Path(tempfile.gettempdir(), f"loopdesk-proof-{os.getpid()}.log")
    missed = 0
    plants = PLANTS[: options.most] if options.most else PLANTS
    for plant in plants:
        began = time.monotonic()
        file = sources / plant.file
        whole = file.read_text()
        if whole.count(plant.old) != 1:
            raise desks.Trouble(f"{plant.file} does not hold once: {plant.old.strip()}")
        file.write_text(whole.replace(plant.old, plant.new))
        try:
            status, told = torture(options, build(options, sources, log), plant.words)
        finally:
            file.write_text(whole)
        failures = [line.strip() for line in told.splitlines() if "FAILED" in line]
        is_found = status == 1 and bool(failures)
        missed += not is_found
        print(f"  {'found' if is_found else 'MISSED'}: {plant.name}"
              f" ({time.monotonic() - began:.0f} s)", flush=True)
        print(f"    {failures[0][:300] if failures else told[-1000:]}", flush=True)
    print(f"proof: {len(plants)} planted bugs, {missed} missed")
    return missed == 0
