# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Minutes of one fault a second on a live desk, and what has leaked at the end."""

import ctypes
import os
import random
import shutil
import signal
import sqlite3
import time

import desk as desks
import live
import owner

# The desk and all that it leaves have to fit, and what is left is quick to fill.
DISK_BYTES = 192 << 20
WARM_SECONDS = 15
CALM_SECONDS = 15
# The longest that no agent may come to a turn, whatever has just been broken.
PAUSE_SECONDS = 20
# The supervisor is killed in this part of the time only: what grows is seen in a long life.
KILLED_PART = 1 / 3
# What is measured of the last life begins after this part of it: the young fill their caches.
YOUNG_PART = 1 / 3
DRIFT_KIB_PER_HOUR = 1024
# A slope of a shorter piece says nothing about an hour.
MEASURED_SECONDS = 240
# So many looks, one a second, are taken together.
LOW_SAMPLES = 20
NEW_NAMESPACE, PRIVATE = 0x00020000, 1 << 18 | 1 << 14


class Soak:
    """Faults, one a second, chosen by a seed."""

    def __init__(self, desk, seed, is_small):
        self.desk = desk
        self.random = random.Random(seed)
        self.is_small = is_small
        self.may_kill = True
        self.restarts = 0
        self.left = []

    def child(self):
        children = self.desk.children()
        return self.random.choice(children) if children else None

    def kill_child(self):
        self.send(self.child(), signal.SIGKILL)

    def stop_child(self):
        # Nobody lets it go on: the desk has to notice.
        self.send(self.child(), signal.SIGSTOP)

    def kill_supervisor(self):
        if not self.may_kill:
            return self.ring()
        self.desk.process.kill()
        self.desk.process.wait()
        self.left += desks.wait_for_children()
        self.restarts += 1
        return self.desk.start()

    def delete_worktree(self):
        agent = self.random.choice(desks.ROLES)
        shutil.rmtree(self.desk.folder / "worktrees" / agent, ignore_errors=True)

    def fill_disk(self):
        """Takes all that is left of a small disk, down to the last byte, for a moment."""
        if not self.is_small:
            return
        path = self.desk.folder.parent / "filling"
        end = time.monotonic() + self.random.uniform(0.1, 1)
        with open(path, "wb") as file:
            while time.monotonic() < end:
                free = shutil.disk_usage(self.desk.folder).free
                try:
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size,
                                       max(1, free))
                except OSError:
                    # Somebody else was faster; the disk is full either way.
                    pass
                time.sleep(0.02)
        path.unlink()

    def gc(self):
        self.desk.git("gc", "--quiet")

    def ring(self):
        self.desk.ring(self.random.choice(desks.ROLES))

    @staticmethod
    def send(process, number):
        if process is None:
            return
        try:
            os.kill(process, number)
        except ProcessLookupError:
            # It has ended by itself in the meantime.
            return

    FAULTS = (
        kill_child, kill_child, kill_child, stop_child, stop_child, kill_supervisor,
        delete_worktree, fill_disk, gc, ring, ring, ring,
    )

    def act(self):
        fault = self.random.choice(self.FAULTS)
        fault(self)
        return fault.__name__


class Gauges:
    """What is measured each second of the newest life of the supervisor."""

    def __init__(self, desk):
        self.desk = desk
        self.process = None
        self.memory = []
        self.turns = None
        self.turned_at = time.monotonic()
        self.longest_pause = 0.0

    def look(self):
        if self.desk.process is not self.process:
            self.process, self.memory = self.desk.process, []
        now = time.monotonic()
        self.memory.append((now, self.desk.memory_kib()))
        turns = self.desk.turns()
        if turns != self.turns:
            self.turns, self.turned_at = turns, now
        self.longest_pause = max(self.longest_pause, now - self.turned_at)

    def drift(self):
        """Seconds measured, KiB an hour, and the KiB at the begin and at the end."""
        old = self.memory[int(len(self.memory) * YOUNG_PART):]
        if len(old) < 2:
            return 0, 0.0, 0, 0
        return int(old[-1][0] - old[0][0]), slope(lows(old)), old[0][1], old[-1][1]


def lows(samples):
    """The least of each few samples: memory of a merge comes and goes, what leaks stays."""
    parts = [samples[place:place + LOW_SAMPLES] for place in range(0, len(samples), LOW_SAMPLES)]
    return [min(part, key=lambda sample: sample[1]) for part in parts]


def slope(samples):
    """KiB an hour, as the slope of the best line through (seconds, KiB)."""
    count = len(samples)
    middle_time = sum(when for when, _ in samples) / count
    middle = sum(value for _, value in samples) / count
    spread = sum((when - middle_time) ** 2 for when, _ in samples)
    rise = sum((when - middle_time) * (value - middle) for when, value in samples)
    return 0.0 if spread == 0 else rise / spread * 3600


def small_disk(folder):
    """Puts a small disk in memory on a folder, which only this process and its children see."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(NEW_NAMESPACE) != 0:
        return False
    library.mount(b"none", b"/", None, PRIVATE, None)
    options = f"size={DISK_BYTES}".encode()
    return library.mount(b"none", str(folder).encode(), b"tmpfs", 0, options) == 0


def counts(desk):
    """Processes and descriptors of a desk that is left alone; the fewest of some looks."""
    children, files = [], []
    for _ in range(20):
        children.append(len(desk.children()))
        files.append(desk.descriptors())
        time.sleep(0.1)
    return min(children), min(files, key=lambda found: found.total())


def ledger(desk):
    """What sqlite finds wrong with the ledger."""
    path = desk.folder / ".loopdesk/ledger.sqlite"
    with sqlite3.connect(path) as database:
        found = [row[0] for row in database.execute("PRAGMA integrity_check")]
    return [f"the ledger: {line}" for line in found if line != "ok"]


def soak(desk, faults, gauges, minutes):
    """One fault a second; the names of those made, and why it ended early."""
    names, began = [], time.monotonic()
    end = began + minutes * 60
    while time.monotonic() < end:
        next_one = time.monotonic() + 1
        faults.may_kill = time.monotonic() < began + minutes * 60 * KILLED_PART
        names.append(faults.act())
        if not desk.is_running:
            return names, [f"the desk ended with {desk.process.returncode} after {names[-3:]}:"
                           f" {desk.tail()}"]
        gauges.look()
        time.sleep(max(0, next_one - time.monotonic()))
    return names, []


def run(options, scratch):
    """Points and failures of a soak; the desk lies on a small disk if there can be one."""
    is_small = options.disk is not None
    folder = (options.disk or scratch) / "soak"
    folder.mkdir()
    if not is_small and os.geteuid() == 0:
        is_small = small_disk(folder)
    live.make_live_desk(options.loopdesk, folder / "desk", restarts=1000, window="60s",
                        stable_after="2s", heartbeat="1s")
    desk = live.LiveDesk(options.loopdesk, folder / "desk")
    print(f"  soak: seed {options.seed}, {options.minutes:g} minutes"
          + ("" if is_small else ", no full disk: pass --disk or run it as root"), flush=True)
    desk.start()
    time.sleep(WARM_SECONDS)
    children, descriptors = counts(desk)
    faults, gauges = Soak(desk, options.seed, is_small), Gauges(desk)
    names, failures = soak(desk, faults, gauges, options.minutes)
    failures += [f"outlives a killed supervisor: {left}" for left in faults.left]
    if desk.is_running:
        failures += calm(desk, children, descriptors)
        status = desk.stop()
        if status != 0:
            failures.append(f"down with status {status}: {desk.tail()}")
    if gauges.longest_pause > PAUSE_SECONDS:
        failures.append(f"no turn for {gauges.longest_pause:.0f} s")
    told = desk.told()
    kept = desk.reachable("--glob=refs/heads/agents", "--glob=refs/rescue")
    failures += [f"lost: turn {event['turn']} of {event['agent']}: {event['commit']}"
                 for event in told if event["commit"] not in kept]
    failures += owner.rest(desk) + ledger(desk)
    seconds, drift, first, last = gauges.drift()
    print(f"  soak: {len(names)} faults, {faults.restarts} restarts of the supervisor,"
          f" {len(told)} turns, longest pause {gauges.longest_pause:.1f} s,"
          f" {children} processes, {descriptors.total()} descriptors")
    print(f"  soak: memory {first} KiB, {last} KiB after {seconds} s,"
          f" slope {drift:.0f} KiB an hour")
    if seconds >= MEASURED_SECONDS and drift > DRIFT_KIB_PER_HOUR:
        failures.append(f"memory grows by {drift:.0f} KiB an hour")
    for failure in failures[:20]:
        print(f"  FAILED soak, seed {options.seed}: {failure[:600]}", flush=True)
    if failures:
        desks.copy_tree(folder, f"{scratch}-failed")
        print(f"  soak: what was left is in {scratch}-failed")
    return len(names), len(failures)


def calm(desk, children, descriptors):
    """What is more than there was before the faults, once the desk has been left alone."""
    time.sleep(CALM_SECONDS)
    _, still = owner.wait_for_turns(desk)
    found = [f"{agent} took no turn within {owner.SETTLE_SECONDS} s" for agent in still]
    processes, files = counts(desk)
    if processes > children:
        found.append(f"{processes} processes, there were {children}")
    # How many packs there are is bounded by the desk itself; git has made some of its own.
    for counted in (files, descriptors):
        for name in [name for name in counted if name.endswith(".pack")]:
            del counted[name]
    if files.total() > descriptors.total():
        found.append(f"{files.total()} descriptors, there were {descriptors.total()}; more are"
                     f" {dict(files - descriptors)}, fewer {dict(descriptors - files)}")
    return found
