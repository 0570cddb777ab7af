# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Minutes of one fault a second on a live desk, and what has leaked at the end."""

import os
import random
import shutil
import signal
import time

import desk as desks
import live

MINUTES = 10
WARM_SECONDS = 20
# A desk that runs for months; one that is young still fills its caches.
DRIFT_KIB_PER_HOUR = 1024
FILLING = 256 << 20


class Soak:
    """Faults, one a second, chosen by a seed."""

    def __init__(self, desk, seed):
        self.desk = desk
        self.random = random.Random(seed)
        self.restarts = 0

    def child(self):
        children = self.desk.children()
        return self.random.choice(children) if children else None

    def kill_child(self):
        self.send(self.child(), signal.SIGKILL)

    def stop_child(self):
        # Nobody lets it go on: a heartbeat has to notice.
        self.send(self.child(), signal.SIGSTOP)

    def kill_supervisor(self):
        self.desk.process.kill()
        self.desk.process.wait()
        desks.wait_for_children()
        self.restarts += 1
        self.desk.start()

    def delete_worktree(self):
        agent = self.random.choice(desks.ROLES)
        shutil.rmtree(self.desk.folder / "worktrees" / agent, ignore_errors=True)

    def fill_disk(self):
        """Takes what is left of a small disk for half a second."""
        free = shutil.disk_usage(self.desk.folder).free
        if free > FILLING:
            return
        path = self.desk.folder.parent / "filling"
        with open(path, "wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, max(1, free - 8192))
                time.sleep(0.5)
            except OSError:
                # Somebody else was faster; the disk is full either way.
                time.sleep(0.5)
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


def drift(samples):
    """KiB an hour, as the slope of the best line through (seconds, KiB)."""
    count = len(samples)
    if count < 2:
        return 0.0
    middle_time = sum(when for when, _ in samples) / count
    middle = sum(value for _, value in samples) / count
    spread = sum((when - middle_time) ** 2 for when, _ in samples)
    if spread == 0:
        return 0.0
    slope = sum((when - middle_time) * (value - middle) for when, value in samples) / spread
    return slope * 3600


def run(options, scratch):
    """Points and failures of a soak; the desk lies on a small disk if `--disk` names one."""
    folder = (options.disk or scratch) / "soak"
    folder.mkdir()
    live.make_live_desk(options.loopdesk, folder / "desk")
    desk = live.LiveDesk(options.loopdesk, folder / "desk")
    soak = Soak(desk, options.seed)
    print(f"  soak: seed {options.seed}, {options.minutes} minutes", flush=True)
    failures, faults, samples = [], [], []
    desk.start()
    time.sleep(WARM_SECONDS)
    children, descriptors = len(desk.children()), desk.descriptors()
    end = time.monotonic() + options.minutes * 60
    process = desk.process
    while time.monotonic() < end:
        next_one = time.monotonic() + 1
        faults.append(soak.act())
        if not desk.is_running:
            failures.append(f"the desk ended with {desk.process.returncode} after"
                            f" {faults[-3:]}: {desk.tail()}")
            break
        if desk.process is not process:
            # A new process starts small; its growth is not a drift.
            process, samples = desk.process, []
        samples.append((time.monotonic(), desk.memory_kib()))
        time.sleep(max(0, next_one - time.monotonic()))
    if desk.is_running:
        time.sleep(WARM_SECONDS)
        if len(desk.children()) > children:
            failures.append(f"{len(desk.children())} processes, there were {children}")
        if desk.descriptors() > descriptors:
            failures.append(f"{desk.descriptors()} descriptors, there were {descriptors}")
    status = desk.stop()
    if status != 0:
        failures.append(f"down with status {status}: {desk.tail()}")
    failures += [f"outlives the desk: {left}" for left in desks.wait_for_children()]
    failures += [f"a lock is left behind: {lock}" for lock in desk.locks()]
    left = {path.name for path in (desk.folder / "worktrees").glob("*/")} - set(desks.ROLES)
    failures += [f"a worktree is left behind: {name}" for name in sorted(left)]
    fsck = desk.git("fsck", "--strict", "--no-dangling", "--no-progress")
    if fsck.returncode != 0:
        failures.append(f"git fsck: {fsck.stdout}{fsck.stderr}")
    slope = drift(samples)
    print(f"  soak: {len(faults)} faults, {soak.restarts} restarts of the supervisor,"
          f" {descriptors} descriptors, memory {slope:.0f} KiB an hour over {len(samples)} s")
    # The slope of a short piece is noise.
    if len(samples) > 300 and slope > DRIFT_KIB_PER_HOUR:
        failures.append(f"memory grows by {slope:.0f} KiB an hour")
    for failure in failures:
        print(f"  FAILED soak, seed {options.seed}: {failure[:600]}", flush=True)
    return len(faults), len(failures)
