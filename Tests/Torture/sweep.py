# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Kill points and injected errors: one run of a scene for each."""

import ctypes
import errno
import multiprocessing
import os
import re
import shutil
import subprocess
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import desk as desks
import journal

# A number of calls can differ by a few between two runs, because threads and waits do.
BEYOND = 20

# How often a long part says how far it is.
PROGRESS_SECONDS = 60

# How many failures are printed, and kept, of those that read the same.
ALIKE = 3

SUBREAPER = 36

# A recovery is only put to the test by a journal with turns of more than one instant.
RECOVERY_INSTANTS = 2
RECOVERY_TRIALS = 300

OPENING = "EIO ENOSPC EDQUOT EMFILE ENFILE EACCES EROFS ENOMEM EINTR"
NAMING = "EIO ENOSPC EDQUOT EACCES EROFS ENOMEM"
REMOVING = "EIO EACCES EROFS ENOMEM"
READING = "EIO EINTR ENOMEM"
WRITING = "EIO ENOSPC EDQUOT EINTR EFBIG"
LOOKING = "EIO EACCES ENOMEM"
FLUSHING = "EIO ENOSPC EDQUOT"
# What each call that touches storage can return, or needs processes and descriptors for.
ERRORS = {
    "open": OPENING, "openat": OPENING, "creat": OPENING,
    "read": READING, "pread64": READING, "readv": READING,
    "write": WRITING, "pwrite64": WRITING, "writev": WRITING,
    "fsync": FLUSHING, "fdatasync": FLUSHING,
    "rename": NAMING, "renameat": NAMING, "renameat2": NAMING,
    "link": NAMING, "linkat": NAMING, "symlink": NAMING, "symlinkat": NAMING,
    "mkdir": NAMING, "mkdirat": NAMING,
    "unlink": REMOVING, "unlinkat": REMOVING, "rmdir": REMOVING,
    "ftruncate": "EIO EINTR EFBIG", "fallocate": "EIO ENOSPC EINTR EOPNOTSUPP",
    "close": "EIO EINTR ENOSPC EDQUOT",
    "mmap": "ENOMEM EACCES EAGAIN",
    "stat": LOOKING, "lstat": LOOKING, "fstat": "EIO ENOMEM", "newfstatat": LOOKING,
    "statx": LOOKING, "access": LOOKING, "faccessat": LOOKING, "readlink": LOOKING,
    "readlinkat": LOOKING, "getdents64": "EIO ENOMEM", "statfs": "EIO ENOMEM",
    "fstatfs": "EIO ENOMEM", "flock": "ENOLCK EINTR", "chmod": "EIO EROFS",
    "fchmod": "EIO EROFS", "truncate": "EIO EROFS", "chdir": "EIO ENOMEM",
    "clone": "EAGAIN ENOMEM", "clone3": "EAGAIN ENOMEM", "pipe2": "EMFILE ENFILE",
    "socketpair": "EMFILE ENFILE", "dup": "EMFILE", "pidfd_open": "EMFILE ENFILE ENOMEM",
}
HALVED = {"read", "pread64", "write", "pwrite64"}
# These have no path, so every one counts; the others only on files of the desk.
WITHOUT_PATH = {"clone", "clone3", "pipe2", "socketpair", "dup", "pidfd_open"}


@dataclass
class Work:
    """What all parts of a run share."""

    options: object
    scratch: Path
    stopper: str
    names: dict
    kept: Path

    def bench(self, folder, scene):
        folder.mkdir(parents=True, exist_ok=True)
        return desks.Bench(self.options.loopdesk, self.stopper, folder, scene)


@dataclass(frozen=True)
class Call:
    """A system call of an undisturbed run."""

    process: int
    number: int
    name: str
    path: str
    acts: bool = True


@dataclass
class Stage:
    """A scene with the desk that it starts from and what an undisturbed run gives."""

    scene: desks.Scene
    folder: Path
    want: dict
    roles: dict
    calls: list


# --- Scenes --------------------------------------------------------------------------------------


def read_calls(lines, names):
    """The roles of the processes and the calls of a report."""
    roles, calls = {}, []
    for words in lines:
        if words[0] == "process":
            # As a process of a desk says itself what it is.
            roles[int(words[1])] = words[2].removeprefix("the ")
        elif words[0] == "call":
            name = names.get(words[3], words[3])
            acts = words[-1] != "looks"
            calls.append(Call(int(words[1]), int(words[2]), name, words[4], acts))
    return roles, calls


def stages(work):
    """Makes the desks of the scenes that are asked for and runs each undisturbed."""
    wanted = work.options.scene or [*desks.SCENES, "recover"]
    if work.options.point:
        wanted = {point.split("/")[0] for point in work.options.point}
    found = []
    for scene in desks.SCENES.values():
        if scene.name not in wanted and not (scene.name == "cycle" and "recover" in wanted):
            continue
        bench = work.bench(work.scratch / "stages" / scene.name, scene)
        desks.make_desk(work.options.loopdesk, bench.desk)
        if scene.before:
            done = bench.replay(scene.before)
            if done.status != 0:
                raise desks.Trouble(f"no history for {scene.name}: {done.errors}")
        if scene.halts:
            desks.run([work.options.loopdesk, "halt", "--flatten", "--reason", "enough",
                       "--desk", bench.desk])
        os.rename(bench.desk, bench.base)
        stage = observe(work, bench)
        if scene.halts and not desks.closed_by_halt(bench.desk):
            raise desks.Trouble(f"{scene.name} closes nothing")
        if scene.before and not scene.halts:
            said = desks.topics(bench.desk, stage.want["heads"], scene.before)
            if not desks.NEEDED <= said:
                raise desks.Trouble(f"{scene.name} lacks {sorted(desks.NEEDED - said)}")
        if scene.name in wanted:
            found.append(stage)
        if scene.name == "cycle" and "recover" in wanted:
            found.append(interrupted(work, stage))
    return found


def observe(work, bench):
    """Runs a scene undisturbed, twice: once to be compared with, once to list its calls."""
    bench.restore()
    done = bench.replay()
    want = done.figures
    faults = desks.judge(bench, done, want or {})
    if faults:
        raise desks.Trouble(f"the undisturbed {bench.scene.name} is not sound: {faults}")
    bench.restore()
    counted, lines = bench.bent_replay("count")
    faults = desks.judge(bench, counted, want)
    if faults:
        raise desks.Trouble(f"{bench.scene.name} changes when it is watched: {faults}")
    roles, calls = read_calls(lines, work.names)
    return Stage(bench.scene, bench.folder, want, roles, calls)


def interrupted(work, stage):
    """The scene of a recovery: a desk that was killed when its journal held several instants.

    Nobody watches it meanwhile, because that would be slow enough for every instant to be
    published by itself. A kill between two references would then do no harm even without a journal.
    """
    scene = desks.Scene("recover", stage.scene.before, "2005-12-08")
    source = work.bench(stage.folder, stage.scene)
    bench = work.bench(work.scratch / "stages" / "recover", scene)
    for _ in range(RECOVERY_TRIALS):
        desks.copy_tree(source.base, bench.desk)
        desks.point_worktrees(bench.desk, source.desk, bench.desk)
        kill_when_full(work, bench)
        held = journal.times((bench.desk / journal.PATH).read_bytes())
        if len(held) >= RECOVERY_INSTANTS and not refs_differ(source.base, bench.desk):
            break
    else:
        raise desks.Trouble("no kill left a journal of several instants")
    desks.copy_tree(bench.desk, bench.base)
    return observe(work, bench)


def kill_when_full(work, bench):
    process = subprocess.Popen(
        [work.options.loopdesk, "replay", "--durable", "--desk", str(bench.desk),
         "--unsafe-without-sandbox", "--through", bench.scene.through],
        env=desks.ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    path = bench.desk / journal.PATH
    while process.poll() is None:
        if len(journal.times(path.read_bytes())) >= RECOVERY_INSTANTS:
            process.kill()
        time.sleep(0.0005)
    time.sleep(0.1)


def refs_differ(one, other):
    def heads(desk):
        return desks.run(["git", "-C", desk, "for-each-ref", "refs/heads"])

    return heads(one) != heads(other)


# --- Workers -------------------------------------------------------------------------------------

_work = None
_stages = {}
_seen = None
_benches = {}


def _begin(work, stages_by_name, seen, counter):
    """Makes this process a worker: one processor, and everybody's orphans."""
    global _work, _stages, _seen
    _work, _stages, _seen = work, stages_by_name, seen
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with counter.get_lock():
        number = counter.value
        counter.value += 1
    available = sorted(os.sched_getaffinity(0))
    # Watcher and watched take turns, which is several times cheaper on one processor.
    os.sched_setaffinity(0, {available[number % len(available)]})


def current_work():
    """What the parts of the run share, within a worker."""
    return _work


def _bench(name):
    if name not in _benches:
        stage = _stages[name]
        bench = _work.bench(_work.scratch / f"worker-{os.getpid()}", stage.scene)
        desks.copy_tree(stage.folder / f"base-{name}", bench.base)
        desks.point_worktrees(bench.base, stage.folder / "desk", bench.desk)
        bench.remember_base()
        _benches[name] = bench
    return _benches[name]


@dataclass
class Finding:
    """What came of one point."""

    point: str
    was_hit: bool
    what: str = ""
    faults: tuple = ()
    status: int = 0


def _hit(lines):
    for words in lines:
        if words[0] == "hit":
            return f"{_work.names.get(words[3], words[3])} {words[4]}".strip()
    return None


def keep(bench, finding, outcomes):
    if not finding.faults:
        return finding
    folder = _work.kept / finding.point.replace("/", "-").replace(":", "-")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(bench.desk, folder / "desk", symlinks=True, dirs_exist_ok=True)
    text = [f"{finding.point} {finding.what}", *finding.faults]
    for outcome in outcomes:
        text.append(f"status {outcome.status}\n{outcome.output}\n{outcome.errors}")
    (folder / "story.txt").write_text("\n".join(text) + "\n")
    return finding


def judge(bench, outcome, want):
    """As `desks.judge`, but a desk that came to rest exactly as another one is looked at once."""
    if _work.options.each or outcome.status != 0:
        return desks.judge(bench, outcome, want)
    state = ("rest", bench.scene.name, bench.state())
    if state not in _seen:
        _seen[state] = tuple(desks.unsound(bench.desk))
    return desks.differences(want, outcome.figures) + list(_seen[state])


def recover(bench, want, outcomes):
    """Runs a desk on from what is left of it; from the same files, byte for byte, only once."""
    state = (bench.scene.name, bench.state())
    if _work.options.each or state not in _seen:
        outcomes.append(bench.replay())
        faults = judge(bench, outcomes[-1], want)
        faults += [f"outlives the replay: {left}" for left in desks.wait_for_children()]
        _seen[state] = tuple(faults)
    return list(_seen[state])


def kill_at(task):
    """Kills one process before one call and sees whether the desk comes to the same end."""
    name, process, number = task
    stage, bench = _stages[name], _bench(name)
    finding = Finding(f"{name}/{process}:{number}", True)
    bench.restore()
    outcome, lines = bench.bent_replay("kill", process, number)
    outcomes = [outcome]
    finding.what = _hit(lines)
    finding.was_hit = finding.what is not None
    if finding.was_hit and process == 0:
        if outcome.status != 137:
            finding.faults = (f"killed, but the status is {outcome.status}",)
            return keep(bench, finding, outcomes)
        faults = [f"outlives its supervisor: {left}" for left in desks.wait_for_children()]
        faults += recover(bench, stage.want, outcomes)
    else:
        faults = judge(bench, outcome, stage.want)
        faults += [f"outlives the replay: {left}" for left in desks.wait_for_children()]
    finding.faults = tuple(faults)
    return keep(bench, finding, outcomes)


CRASH = re.compile(r"(?:ended|killed) by signal (?:4|5|6|7|8|11)\b|Fatal error|SIG(?:ILL|TRAP|ABRT|"
                   r"BUS|FPE|SEGV)")


def fail_at(task):
    """Lets one call fail, then runs again without: no lie, no crash, the same end."""
    name, process, number, call, error = task
    stage, bench = _stages[name], _bench(name)
    finding = Finding(f"{name}/{process}:{number}:{call}:{error}", True)
    code = next(code for code, known in _work.names.items() if known == call)
    bench.restore()
    if error == "half":
        outcome, lines = bench.bent_replay("short", process, number, code)
    else:
        outcome, lines = bench.bent_replay(
            "error", process, number, code, getattr(errno, error)
        )
    outcomes = [outcome]
    finding.status = outcome.status
    finding.what = f"{_hit(lines)} {error}"
    finding.was_hit = _hit(lines) is not None
    faults = []
    if outcome.status == 0:
        faults += [f"false success: {fault}" for fault in
                   desks.differences(stage.want, outcome.figures)]
    elif outcome.status < 0 or outcome.status >= 128:
        faults.append(f"crash or hang, status {outcome.status}: {outcome.errors[-1500:]}")
    elif not outcome.errors.strip():
        faults.append(f"status {outcome.status} without a word")
    logs = bench.desk / ".loopdesk/logs"
    for log in sorted(logs.glob("*.log")) if logs.is_dir() else []:
        crash = CRASH.search(log.read_text(errors="replace"))
        if crash:
            faults.append(f"a crash in {log.name}: {crash.group(0)}")
    faults += [f"outlives the replay: {left}" for left in desks.wait_for_children()]
    faults += recover(bench, stage.want, outcomes)
    finding.faults = tuple(faults)
    return keep(bench, finding, outcomes)


class Pool:
    """Workers for the points of some scenes."""

    def __init__(self, work, found):
        context = multiprocessing.get_context("fork")
        self.manager = context.Manager()
        by_name = {stage.scene.name: stage for stage in found}
        self.pool = context.Pool(
            work.options.jobs, _begin,
            (work, by_name, self.manager.dict(), context.Value("i", 0)),
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pool.terminate()
        self.pool.join()
        self.manager.shutdown()

    def results(self, action, tasks):
        """What comes of the tasks, in no order; tells every minute how far it is."""
        begun = told = time.monotonic()
        for count, finding in enumerate(self.pool.imap_unordered(action, tasks), 1):
            yield finding
            now = time.monotonic()
            if now - told >= PROGRESS_SECONDS:
                told = now
                print(f"  … {count} of {len(tasks)} after {now - begun:.0f} s", flush=True)


# --- Kills ---------------------------------------------------------------------------------------


def portion(work, tasks):
    """The tasks of this part; a part takes every Nth one, so that all parts take as long."""
    chosen = tasks[work.options.part - 1 :: work.options.parts]
    return chosen[: work.options.most] if work.options.most else chosen


_told = Counter()


def tell(finding):
    """Prints a failure; of many that read the same, the first three."""
    text = "; ".join(finding.faults)
    alike = re.sub(r"[0-9a-f]{12,}|\d+", "N", text)[:300]
    alike = re.sub("|".join(desks.ROLES), "A", alike)
    _told[alike] += 1
    if _told[alike] <= ALIKE:
        print(f"  FAILED {finding.point} {finding.what}: {text[:600].strip()}", flush=True)
    elif _told[alike] == ALIKE + 1:
        print(f"  FAILED {finding.point} and others in the same way", flush=True)


def chosen_roles(work, stage):
    wanted = work.options.role
    found = [item for item in sorted(stage.roles.items()) if not wanted or item[1] in wanted]
    if not found:
        known = ", ".join(sorted(set(stage.roles.values())))
        raise desks.Trouble(f"{stage.scene.name} has no process {wanted}; it has {known}")
    return found


def kill(work):
    """Every call of every process of every scene."""
    found = stages(work)
    points = failures = 0
    with Pool(work, found) as pool:
        if work.options.point:
            tasks = []
            for point in work.options.point:
                scene, process, number = re.fullmatch(r"(\w+)/(\d+):(\d+)", point).groups()
                tasks.append((scene, int(process), int(number)))
            for finding in pool.results(kill_at, tasks):
                points += 1
                failures += bool(finding.faults)
                print(f"  {finding.point} {finding.what}: {'; '.join(finding.faults) or 'sound'}")
            return points, failures
        for stage in found:
            for process, role in chosen_roles(work, stage):
                some, bad = kill_process(work, pool, stage, process, role)
                points += some
                failures += bad
                if work.options.stop and failures:
                    return points, failures
    return points, failures


def kill_process(work, pool, stage, process, role):
    name = stage.scene.name
    last = sum(call.process == process for call in stage.calls)
    points = failures = equal = 0
    if work.options.call:
        # A quick look, not a sweep; how many there are differs by a few.
        numbers = [call.number for call in stage.calls
                   if call.process == process and call.name in work.options.call]
    else:
        numbers = kill_numbers(work, stage, process, role)
        if work.options.parts == 1 and not work.options.most:
            equal = last - len(numbers)
    tasks = portion(work, [(name, process, number) for number in numbers])
    while tasks:
        hits = 0
        for finding in pool.results(kill_at, tasks):
            hits += finding.was_hit
            points += finding.was_hit
            if finding.faults:
                failures += 1
                tell(finding)
                if work.options.stop:
                    return points, failures
        # As long as there were calls to meet, there may be more of them in some run.
        if not hits or work.options.most or work.options.call:
            break
        tasks = portion(work, [(name, process, last + step) for step in range(1, BEYOND + 1)])
        last += BEYOND
    story = f"{points} kills"
    if equal:
        story += f" for {points + equal} points, since {equal} leave what the one before leaves"
    print(f"  {name} {role}: {story}, {failures} failures", flush=True)
    return points + equal, failures


def kill_numbers(work, stage, process, role):
    """The calls before which a process is killed: all, unless the sweep is to be sparing.

    A kill leaves what the kill one call earlier leaves if that call only looked at files: nothing
    outside the process has changed in between. Because calls shift a little from run to run, the
    two calls behind each one that acts are both met. The gateway maps memory of files, so all its
    calls count.
    """
    calls = sorted((call for call in stage.calls if call.process == process),
                   key=lambda call: call.number)
    if not work.options.sparing or role == "gateway":
        return [call.number for call in calls]
    return [call.number for index, call in enumerate(calls)
            if index == 0 or any(before.acts for before in calls[max(0, index - 2):index])]


# --- Errors --------------------------------------------------------------------------------------


def shape(path, root):
    """A path without what differs between two uses of the same line of code."""
    path = path.removeprefix(root)
    path = re.sub(r"[0-9a-f]{38,40}|\b[0-9a-f]{12,}\b", "H", path)
    path = re.sub("|".join(desks.ROLES), "A", path)
    return re.sub(r"\d+", "N", path)


def error_tasks(work, stage):
    """One task for each error that each call site can meet; `each` is for every occurrence."""
    root = str(stage.folder / "desk")
    processes = {process for process, _ in chosen_roles(work, stage)}
    sites = defaultdict(list)
    for call in stage.calls:
        is_own = call.path.startswith(root) or call.name in WITHOUT_PATH
        is_wanted = not work.options.call or call.name in work.options.call
        if call.process in processes and call.name in ERRORS and is_own and is_wanted:
            key = (stage.roles[call.process], call.name, shape(call.path, root))
            sites[key].append(call)
    tasks = []
    for (_, name, _), calls in sorted(sites.items()):
        kinds = ERRORS[name].split() + (["half"] if name in HALVED else [])
        for index, kind in enumerate(kinds):
            # Spread over the occurrences, so that early and late ones have their turn.
            some = calls if work.options.each else [calls[index * len(calls) // len(kinds)]]
            tasks += [(stage.scene.name, call.process, call.number, name, kind) for call in some]
    return tasks


def errors(work):
    """Every error that every call site can meet."""
    found = stages(work)
    points = failures = 0
    with Pool(work, found) as pool:
        for stage in found:
            tasks = portion(work, error_tasks(work, stage))
            if work.options.point:
                pattern = r"(\w+)/(\d+):(\d+):(\w+):(\w+)"
                matches = [re.fullmatch(pattern, point).groups() for point in work.options.point]
                tasks = [(scene, int(process), int(number), call, kind)
                         for scene, process, number, call, kind in matches
                         if scene == stage.scene.name]
            statuses = Counter()
            some = bad = 0
            for finding in pool.results(fail_at, tasks):
                some += finding.was_hit
                statuses[finding.status] += 1
                if finding.faults:
                    bad += 1
                    tell(finding)
                    if work.options.stop:
                        return points + some, failures + bad
            spread = ", ".join(f"{count} with status {status}"
                               for status, count in sorted(statuses.items()))
            print(f"  {stage.scene.name}: {some} errors, {bad} failures; {spread}", flush=True)
            points += some
            failures += bad
    return points, failures
