#!/usr/bin/env python3
# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Kills, starves and cuts the power of a small desk at every point, and compares what is left.

    torture.py [all | kill | errors | power | proof | random | owner | soak] [options]

README.md beside this file says what each part proves.
"""

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import desk as desks
import owner
import power
import proof
import soak
import sweep

HERE = Path(__file__).resolve().parent
PARTS = {"kill": sweep.kill, "errors": sweep.errors, "power": power.cut}


def parse(words):
    parser = argparse.ArgumentParser(prog="torture.py", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", default="all",
                        choices=["all", *PARTS, "proof", "random", "owner", "soak"])
    parser.add_argument("--loopdesk", default=".build/release/loopdesk", metavar="PROGRAM")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at a time")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="only the Kth of N parts")
    parser.add_argument("--scene", action="append", choices=[*desks.SCENES, "recover", "merge"],
                        help="only this scene; may be given again")
    parser.add_argument("--role", action="append", help="only this process; may be given again")
    parser.add_argument("--call", action="append", metavar="NAME",
                        help="only calls of this name; may be given again")
    parser.add_argument("--point", action="append", metavar="POINT",
                        help="only this point, as a failure names it; may be given again")
    parser.add_argument("--most", type=int, metavar="N", help="stop after N points")
    parser.add_argument("--stop", action="store_true", help="stop at the first failure")
    parser.add_argument("--swift", default="swift", help="proof: the compiler driver")
    parser.add_argument("--tree", type=Path, metavar="FOLDER",
                        help="proof: a copy of the sources that is built already; it is changed")
    parser.add_argument("--each", action="store_true",
                        help="errors: every error at every call; kill: judge every end by itself")
    parser.add_argument("--sparing", action="store_true",
                        help="kill: not behind a call that only looks, as nothing has changed")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="owner and soak")
    parser.add_argument("--minutes", type=float, default=10, help="soak: how long")
    parser.add_argument("--disk", type=Path, help="soak: a folder on a small disk to fill")
    parser.add_argument("--keep", metavar="FOLDER", help="where failures are kept")
    options = parser.parse_args(words)
    try:
        part, parts = (int(word) for word in options.part.split("/"))
    except ValueError:
        parser.error(f"--part: expected K/N, found '{options.part}'")
    if not 1 <= part <= parts:
        parser.error(f"--part: {part} is not between 1 and {parts}")
    options.part, options.parts = part, parts
    return options


def build_stopper(folder):
    compiler = next((name for name in ("cc", "gcc", "clang") if shutil.which(name)), None)
    if compiler is None:
        raise desks.Trouble("there is no C compiler; install gcc or clang")
    program = folder / "stopper"
    sources = [HERE / name for name in ("stopper.c", "calls.c")]
    subprocess.run([compiler, "-O2", "-o", program, *sources], check=True)
    text = subprocess.run([compiler, "-E", "-dM", "-include", "asm/unistd.h", "-xc", "/dev/null"],
                          check=True, capture_output=True, text=True).stdout
    names = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[1].startswith("__NR_") and words[2].isdigit():
            names[words[2]] = words[1].removeprefix("__NR_")
    return program, names


def scratch_folder():
    """Memory if there is some: what is measured here is order, not the speed of a disk."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        return Path(tempfile.mkdtemp(prefix="loopdesk-torture-", dir=memory))
    return Path(tempfile.mkdtemp(prefix="loopdesk-torture-"))


def torture(options, scratch):
    stopper, names = build_stopper(scratch)
    kept = Path(options.keep or tempfile.gettempdir(), f"loopdesk-torture-failures-{os.getpid()}")
    work = sweep.Work(options, scratch, str(stopper), names, kept)
    failures = points = 0
    for name, part in PARTS.items():
        if options.what not in ("all", name):
            continue
        began = time.monotonic()
        some_points, some_failures = part(work)
        points += some_points
        failures += some_failures
        print(f"{name}: {some_points} points, {some_failures} failures,"
              f" {time.monotonic() - began:.0f} s", flush=True)
    print(f"torture: {points} points, {failures} failures")
    if failures:
        print(f"torture: the failures are kept in {kept}")
    return failures == 0 and points > 0


def torture_live(options, scratch):
    """Random actions or faults beside a desk that `loopdesk up` runs."""
    # Who escapes from the desk ends up here, where it can be seen.
    ctypes.CDLL(None).prctl(sweep.SUBREAPER, 1, 0, 0, 0)
    part = owner if options.what == "owner" else soak
    points, failures = part.run(options, scratch)
    print(f"{options.what}: {points} points, {failures} failures")
    return failures == 0


def main():
    options = parse(sys.argv[1:])
    if options.what == "random":
        os.execv(HERE / "torture.sh", ["torture.sh", options.loopdesk])
    options.loopdesk = str(Path(options.loopdesk).resolve())
    if not os.access(options.loopdesk, os.X_OK):
        sys.exit(f"torture: there is no program {options.loopdesk}; run make build")
    if shutil.which("git") is None:
        sys.exit("torture: git is not installed; run make setup")
    scratch = scratch_folder()
    try:
        if options.what == "proof":
            sys.exit(0 if proof.prove(options) else 1)
        if options.what in ("owner", "soak"):
            sys.exit(0 if torture_live(options, scratch) else 1)
        sys.exit(0 if torture(options, scratch) else 1)
    except desks.Trouble as trouble:
        sys.exit(f"torture: {trouble}")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
