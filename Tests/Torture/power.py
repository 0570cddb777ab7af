# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Power cuts: a recorded replay is cut after every change of a file, and the desk starts again."""

import os
import re
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import desk as desks
import disk
import journal
import shadow
import sweep

LEDGER = ".loopdesk/ledger.sqlite"
TABLES = {
    "orders": "id", "fills": "order_id", "trades": "entry_id", "equity": "time",
    "events": "sequence", "halts": "time || round || kind",
}
# What a cut may do to names and to content.
WAYS = {
    "lost": (False, "lost"),
    "torn": (False, "torn"),
    "zeros": (False, "zeros"),
    "late": (True, "lost"),
    "late-kept": (True, "kept"),
}
# Names in order with everything kept: what a kill leaves, wherever the other threads are.
KILL = {"kill": (False, "kept")}
# Long enough for several publications, with a lesson in one that is not the last.
SCENES = {
    "cold": desks.Scene("cold", None, "2000-03-08"),
    "cycle": desks.Scene("cycle", "2005-12-02", "2005-12-14"),
    # Begins where the next packs are merged, on another thread, and then written over.
    "merge": desks.Scene("merge", None, None),
}
# How many packs there are at its beginning; fifty are merged.
CROWD = 49
CROWDED_INSTANTS = 10


@dataclass
class Promise:
    """What was said to be safe at some moment."""

    heads: dict = field(default_factory=dict)
    rows: frozenset = frozenset()


@dataclass
class Recording:
    """A scene with the changes of its files, and the promises after each of them."""

    scene: desks.Scene
    folder: Path
    want: dict
    inodes: dict
    changes: list
    promises: list
    places: dict
    tasks: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    deliveries: int = 0


# --- What was promised ---------------------------------------------------------------------------


def ledger_rows(folder):
    """The keys of all rows of a ledger."""
    path = Path(folder, LEDGER)
    if not path.exists() or path.stat().st_size == 0:
        return frozenset()
    rows = set()
    # A connection that is not closed by `with`; and it may have to recover the file.
    connection = sqlite3.connect(path)
    try:
        present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        for table, key in TABLES.items():
            if table in present:
                rows |= {(table, row[0]) for row in
                         connection.execute(f"SELECT {key} FROM {table}")}
    finally:
        connection.close()
    return frozenset(rows)


def safe_rows(model):
    """The rows that a ledger is sure to have, by what was flushed of its two files."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, LEDGER).parent.mkdir()
        for suffix in ("", "-wal"):
            file = model.file(LEDGER + suffix)
            if file is not None:
                Path(folder, LEDGER + suffix).write_bytes(file.synced)
        return ledger_rows(folder)


# --- Recording -----------------------------------------------------------------------------------


def record(work, scene):
    """Records a scene and finds all images that a cut can leave."""
    bench = work.bench(work.scratch / "recordings" / scene.name, scene)
    desks.make_desk(work.options.loopdesk, bench.desk)
    if scene.name == "merge":
        scene = bench.scene = crowded(bench)
    elif scene.before and bench.replay(scene.before).status != 0:
        raise desks.Trouble(f"no history for {scene.name}")
    desks.copy_tree(bench.desk, bench.base)
    inodes = {f"/{path}": status.st_ino for path, status in desks.walk(bench.desk)}
    done, lines = bench.bent_replay("files")
    faults = desks.judge(bench, done, done.figures or {})
    if faults:
        raise desks.Trouble(f"the recorded {scene.name} is not sound: {faults}")
    desk = str(bench.desk)
    places = {}
    for name in done.figures["heads"]:
        ids = desks.run(["git", "-C", desk, "rev-list", "--first-parent", f"refs/heads/{name}"])
        places[name] = {id: place for place, id in enumerate(reversed(ids.split()))}
    recording = Recording(scene, bench.folder, done.figures, inodes, lines, [], places)
    if scene.name == "merge" and not is_written_over(lines):
        raise desks.Trouble("no pack was merged away and written over")
    plan(recording, bench)
    return recording


def crowded(bench):
    """Replays day by day until there are nearly enough packs for a merge; the scene from there."""
    lines = (bench.desk / "data/us-equities-daily.csv").read_text().splitlines()
    days = [line.split(",")[1] for line in lines[1:]]
    for place, day in enumerate(days):
        if bench.replay(day).status != 0:
            raise desks.Trouble(f"no history for merge: {day}")
        if len([*bench.desk.glob(".git/objects/pack/*.pack")]) >= CROWD:
            return desks.Scene("merge", day, days[place + CROWDED_INSTANTS])
    raise desks.Trouble(f"{len(days)} days made fewer than {CROWD} packs")


def is_written_over(changes):
    """Whether a file of a pack was put aside and became another."""
    spares = "/.git/loopdesk/packs/"
    moves = [words[2:4] for words in changes if words[0] == "rename"]
    return any(spares in target for _, target in moves) and any(
        spares in source and "/objects/pack/" in target for source, target in moves
    )


def plan(recording, bench):
    """Goes through the recording once: promises, deliveries, and the images that differ."""
    model = disk.Disk(bench.base, bench.desk, recording.inodes)
    promise, seen, known, safe = Promise(), set(), {}, set()
    for index, words in enumerate(recording.changes):
        if words[0] == "write" and int(words[2]) in model.numbers:
            signal = journal.signal_of(bytes.fromhex(words[4]))
            if signal and words[1] == "0":
                recording.deliveries += 1
                if not journal.is_among(signal, safe):
                    recording.faults.append(f"change {index} delivers what is not safe: {signal}")
        is_own = model.take(words)
        if words[0] == "sync" and words[3].endswith(journal.PATH):
            heads = dict(promise.heads)
            for body in journal.records(model.file(journal.PATH).synced):
                moved, signals = journal.read(body)
                heads.update(moved)
                safe |= signals
            promise = Promise(heads, promise.rows)
        elif words[0] == "sync" and "/" + LEDGER in words[3]:
            promise = Promise(promise.heads, promise.rows | safe_rows(model))
        recording.promises.append(promise)
        if not is_own:
            continue
        for way, (is_late, content) in ways(recording.scene).items():
            key = (model.digest(is_late, content, known), id(promise))
            if key not in seen:
                seen.add(key)
                recording.tasks.append((recording.scene.name, index, way))


def ways(scene):
    return WAYS | KILL if scene.name == "merge" else WAYS


# --- Cuts ----------------------------------------------------------------------------------------

_recordings = {}
_benches = {}


def own_bench(work, recording):
    """The place of a recording, where each worker finds a desk of its own.

    An image holds the paths that the recorded desk wrote, and some of them cut in half.
    """
    name = recording.scene.name
    if name not in _benches:
        bench = work.bench(recording.folder, recording.scene)
        own = work.scratch / f"worker-{os.getpid()}" / name
        own.mkdir(parents=True)
        shadow.lay_over(bench.desk, own)
        _benches[name] = bench
    return _benches[name]


def cut_at(task):
    """Starts a desk from what one cut leaves; first only what recovery does, then to the end."""
    name, index, way = task
    recording = _recordings[name]
    work = sweep.current_work()
    scene = recording.scene
    bench = own_bench(work, recording)
    finding = sweep.Finding(f"{name}/{index}:{way}", True)
    finding.what = " ".join(recording.changes[index][:4])[:200]
    model = disk.Disk(bench.base, bench.desk, recording.inodes)
    for words in recording.changes[: index + 1]:
        model.take(words)
    is_late, content = ways(scene)[way]
    model.write_image(bench.base, bench.desk, is_late, content)
    promise = recording.promises[index]
    outcomes, faults = [], []
    # Up to a day that has passed already: nothing runs but the recovery.
    if scene.before:
        outcomes.append(bench.replay(scene.before))
        faults += broken(recording, promise, outcomes[-1], bench)
    outcomes.append(bench.replay())
    faults += desks.judge(bench, outcomes[-1], recording.want)
    faults += [f"outlives the replay: {left}" for left in desks.wait_for_children()]
    finding.faults = tuple(faults)
    return sweep.keep(bench, finding, outcomes)


def broken(recording, promise, outcome, bench):
    """Which promises a recovered desk has not kept."""
    if outcome.status != 0:
        return [f"recovery ended with status {outcome.status}: {outcome.errors[-1500:]}"]
    found = []
    heads = (outcome.figures or {}).get("heads", {})
    for name, target in sorted(promise.heads.items()):
        places = recording.places[name]
        if heads.get(name) not in places or places[heads[name]] < places[target]:
            found.append(f"lost: {name} was promised at {target} and is at {heads.get(name)}")
    missing = promise.rows - ledger_rows(bench.desk)
    if missing:
        found.append(f"lost: {len(missing)} rows of the ledger, such as {min(missing)}")
    fsck = subprocess.run(
        ["git", "-C", bench.desk, "fsck", "--strict", "--no-dangling", "--no-progress"],
        env=desks.ENVIRONMENT, capture_output=True, text=True, check=False,
    )
    if fsck.returncode != 0:
        found.append(f"git fsck after recovery: {fsck.stdout}{fsck.stderr}")
    return found


def cut(work):
    """Every image that a cut can leave of the recorded scenes."""
    points = failures = 0
    wanted = work.options.scene or list(SCENES)
    if work.options.point:
        wanted = {point.split("/")[0] for point in work.options.point}
    found = []
    for name in wanted:
        if name in SCENES:
            found.append(record(work, SCENES[name]))
            _recordings[name] = found[-1]
    with sweep.Pool(work, []) as pool:
        for recording in found:
            tasks = sweep.portion(work, recording.tasks)
            if work.options.point:
                matches = [re.fullmatch(r"(\w+)/(\d+):([\w-]+)", point).groups()
                           for point in work.options.point]
                tasks = [(scene, int(index), way) for scene, index, way in matches
                         if scene == recording.scene.name]
            some, bad = 0, len(recording.faults)
            for fault in recording.faults[: sweep.ALIKE]:
                print(f"  FAILED {recording.scene.name}: {fault[:300]}", flush=True)
            if work.options.stop and bad:
                return points, failures + bad
            for finding in pool.results(cut_at, tasks):
                some += 1
                if finding.faults:
                    bad += 1
                    sweep.tell(finding)
                    if work.options.stop:
                        return points + some, failures + bad
            print(f"  {recording.scene.name}: {len(recording.changes)} changes,"
                  f" {recording.deliveries} deliveries, {some} images, {bad} failures", flush=True)
            points += some
            failures += bad
    return points, failures
