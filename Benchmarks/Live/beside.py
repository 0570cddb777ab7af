# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0
"""The same work by others: SQLite, the git command, plain libgit2, and supervisors of Debian."""

import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time

from measured import git

HERE = pathlib.Path(__file__).resolve().parent
# The program that shows that a supervisor is there, and Debian's package.
SUPERVISORS = {
    "runit": ("runsvdir", "runit"), "s6": ("s6-svscan", "s6"),
    "supervisord": ("supervisord", "supervisor"),
}


def missing():
    """Debian's packages of what is not installed here."""
    found = [package for program, package in SUPERVISORS.values() if not shutil.which(program)]
    if shutil.which("cc") is None and shutil.which("clang") is None:
        found.append("gcc")
    if shutil.which("pkg-config") is None:
        found.append("pkg-config")
    elif subprocess.run(["pkg-config", "--exists", "libgit2"], check=False).returncode != 0:
        found.append("libgit2-dev")
    return found


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
        peer = subprocess.Popen(["runsvdir", service.parent], stderr=subprocess.DEVNULL,
                                start_new_session=True)
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
        # Only then does the one of runit end what it has started, and does not wait for it.
        peer.send_signal(signal.SIGHUP if name == "runit" else signal.SIGTERM)
        peer.wait(10)
        wait_for_group(peer.pid)
        end(mark)
    return times


def wait_for_group(number):
    """Waits until no process of a group is left, for at most ten seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(number, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)


def end(mark):
    """Ends the last child, which some supervisors leave behind."""
    try:
        os.kill(int(mark.read_text()), signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        # It was never started, or has been ended.
        return
