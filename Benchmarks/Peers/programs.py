# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The other programs: how they are installed, started and timed."""

import collections
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_SECONDS = 900
# Memory that a round frees is kept for the next one: ours keeps its columns by itself.
KEEP_MEMORY = {
    "GLIBC_TUNABLES": "glibc.malloc.mmap_threshold=4294967296"
    ":glibc.malloc.trim_threshold=17179869184"
}

Done = collections.namedtuple("Done", "returncode stdout stderr seconds megabytes")


class Peers:
    """The other programs, each in a process of its own."""

    def __init__(self, build):
        self.folder = build / "peers"
        self.data = build / "bench"
        self.loopdesk = build / "release" / "loopdesk"
        self.python = self.folder / "venv" / "bin" / "python"
        self.floor = self.folder / "floor"
        self.absent = {}
        # What numba compiles is kept, so that later processes are not charged for it.
        os.environ["NUMBA_CACHE_DIR"] = str(self.folder / "numba")
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

    def install(self):
        """Makes the environment once for each list of requirements."""
        self.folder.mkdir(parents=True, exist_ok=True)
        wanted = (HERE / "requirements.txt").read_text()
        mark = self.folder / "installed"
        digest = hashlib.sha256(wanted.encode()).hexdigest()
        if mark.exists() and mark.read_text() == digest and self.python.exists():
            return
        print("installing the other programs ...", flush=True)
        made = run([sys.executable, "-m", "venv", str(self.folder / "venv")])
        if made.returncode != 0:
            self.absent["all in Python"] = last_line(made)
            return
        pip = [str(self.python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        if run([*pip, "-r", str(HERE / "requirements.txt")]).returncode == 0:
            mark.write_text(digest)
            return
        # One of them may be the fault; the others are wanted all the same.
        for line in wanted.splitlines():
            if line and not line.startswith("#"):
                one = run([*pip, "--retries", "1", line])
                if one.returncode != 0:
                    self.absent[line] = last_line(one)

    def compile_floor(self):
        compiler = shutil.which("clang") or shutil.which("cc")
        if compiler is None:
            self.absent["C"] = "there is no C compiler"
            return
        # Nothing that only newer processors have, as in our own build.
        flags = ["-O3", "-ffp-contract=off", "-o", str(self.floor), str(HERE / "floor.c"), "-lm"]
        made = run([compiler, *flags])
        if made.returncode != 0:
            self.absent["C"] = last_line(made)

    def measure(self, program, task, path, rounds):
        """What a program says about itself, its time and its memory; None without it."""
        if program == "C":
            command = [str(self.floor), task, str(path), str(rounds)]
        else:
            engine = [str(self.python), "-W", "ignore", str(HERE / "engine.py")]
            command = [*engine, program, task, str(path), str(rounds)]
        if not pathlib.Path(command[0]).exists():
            return None
        done = run(command, KEEP_MEMORY if rounds else {})
        if done.returncode != 0:
            self.absent[f"{program}, {task}"] = last_line(done)
            return None
        answer = json.loads(done.stdout.strip().splitlines()[-1])
        return {**answer, "whole": done.seconds, "whole_mb": done.megabytes}

    def ours(self, bars):
        """Our program as a whole."""
        strategy, data = str(HERE / "sma-cross.yaml"), str(self.data / f"bars-{bars}.csv")
        done = run([str(self.loopdesk), "backtest", strategy, "--data", data, "--json"])
        if done.returncode != 0:
            self.absent["loopdesk backtest"] = last_line(done)
            return None
        return {**json.loads(done.stdout), "whole": done.seconds, "whole_mb": done.megabytes}


def run(command, extra=None):
    """Runs a command to its end, and says how long it took and how much memory it had."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        try:
            child = subprocess.Popen(
                command, stdout=out, stderr=errors, env={**os.environ, **(extra or {})}
            )
        except OSError as error:
            return Done(1, "", str(error), 0, 0)
        timer = threading.Timer(LIMIT_SECONDS, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        return Done(child.returncode, out.read(), errors.read(), seconds, usage.ru_maxrss // 1024)


def last_line(done):
    lines = (done.stderr or done.stdout or "").strip().splitlines()
    return lines[-1][:160] if lines else f"status {done.returncode}"
