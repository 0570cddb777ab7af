# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""A thousand random things that an owner does with git beside a running desk."""

import collections
import hashlib
import re
import time

import actions
import desk as desks
import live

ACTIONS = 1000
SETTLE_SECONDS = 15
# A new desk takes its time to notice what was done to it last.
NOTICE_SECONDS = 3


class Watch:
    """Knows what must be kept: the owner's commits and the turns that the desk has told of."""

    def __init__(self, desk, owner):
        self.desk = desk
        self.owner = owner
        # The owner's commits that an action of his own has taken off every reference.
        self.given_up = {}
        self.failures = []

    def missing(self):
        """The owner's commits that no reference keeps at the moment."""
        kept = self.desk.reachable()
        return {commit for commit in self.owner.commits if commit not in kept}

    def before(self, doing):
        """To be called before an action: what is gone since the last one, the desk has lost.

        What it is just saving is looked for again.
        """
        gone = self.missing() - self.given_up.keys()
        end = time.monotonic() + NOTICE_SECONDS
        while gone and time.monotonic() < end:
            time.sleep(0.2)
            gone &= self.missing()
        for commit in sorted(gone):
            self.failures.append(f"before {doing} the owner's {self.owner.commits[commit]}"
                                 f" {commit} was lost")
            self.given_up[commit] = "reported"

    def after(self, done):
        """To be called after an action: what is gone now, the owner himself has given up."""
        for commit in self.missing() - self.given_up.keys():
            self.given_up[commit] = done

    def losses(self, told):
        """What is lost at the end; a commit that was given up is not, unless a turn needed it."""
        kept = self.desk.reachable()
        found = [f"the owner's {what}: {commit}" for commit, what in self.owner.commits.items()
                 if commit not in kept and commit not in self.given_up]
        rescued = self.desk.reachable("--glob=refs/heads/agents", "--glob=refs/rescue")
        found += [f"the desk's turn {event['turn']} of {event['agent']}: {event['commit']}"
                  for event in told if event["commit"] not in rescued]
        return found

    def lost_texts(self):
        """Files of the owner that are neither in a worktree nor in a commit."""
        lines = self.desk.git("rev-list", "--all", "--reflog", "--objects").stdout
        known = {line.split(" ", 1)[0] for line in lines.splitlines()}
        there = {path.read_text(errors="replace")
                 for path in self.desk.folder.parent.glob("**/note-*.md")}
        return [where for text, where in self.owner.texts.items()
                if text not in there and blob(text) not in known]


def blob(text):
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def wait_for_turns(desk):
    """Every agent takes a turn again; returns the seconds until the last did, and who did not."""
    began = time.monotonic()
    before = collections.Counter(event["agent"] for event in desk.told())
    # A bar is what the ingestor has a turn for, and none may be left.
    waiting = set(desks.ROLES) - {"ingestor"}
    for agent in sorted(waiting):
        desk.ring(agent)
    while waiting and desk.is_running and time.monotonic() - began < SETTLE_SECONDS:
        time.sleep(0.1)
        now = collections.Counter(event["agent"] for event in desk.told())
        waiting = {agent for agent in waiting if now[agent] <= before[agent]}
    return time.monotonic() - began, sorted(waiting)


def rest(desk):
    """What must be true of the desk's folder once it is down."""
    found = [f"outlives the desk: {left}" for left in desks.wait_for_children()]
    found += [f"a lock is left behind: {lock}" for lock in desk.locks()]
    names = {path.name for path in (desk.folder / "worktrees").glob("*/")}
    found += [f"a worktree is left behind: {name}" for name in sorted(names - set(desks.ROLES))]
    found += [f"a worktree is missing: {name}" for name in sorted(set(desks.ROLES) - names)]
    fsck = desk.git("fsck", "--strict", "--no-dangling", "--no-progress")
    # An agent's branch that was deleted by its owner a moment ago is made again.
    said = [line for line in (fsck.stdout + fsck.stderr).splitlines() if "notice:" not in line]
    if fsck.returncode != 0 or said:
        found.append(f"git fsck, status {fsck.returncode}: {said}")
    return found


def act(desk, owner, watch, count):
    """Does so many things; the names of those done, and when the desk ended, why."""
    names = []
    for _ in range(count):
        state = owner.random.getstate()
        doing = owner.random.choice(owner.ACTIONS).__name__
        owner.random.setstate(state)
        watch.before(doing)
        names.append(owner.act())
        watch.after(names[-1])
        if not desk.is_running:
            watch.failures.append(f"the desk ended with {desk.process.returncode} after"
                                  f" {len(names)} actions, the last {names[-5:]}: {desk.tail()}")
            break
        time.sleep(owner.random.uniform(0, 0.05))
    return names


def run(options, scratch):
    """Points and failures of a run of the owner."""
    folder = scratch / "owner"
    folder.mkdir()
    live.make_live_desk(options.loopdesk, folder / "desk")
    desk = live.LiveDesk(options.loopdesk, folder / "desk")
    print(f"  owner: seed {options.seed}", flush=True)
    desk.start()
    owner = actions.Owner(desk, options.seed)
    watch = Watch(desk, owner)
    children, began = len(desk.children()), time.monotonic()
    names = act(desk, owner, watch, options.most or ACTIONS)
    seconds = time.monotonic() - began
    failures = watch.failures
    settled = 0.0
    if desk.is_running:
        owner.return_main()
        time.sleep(NOTICE_SECONDS)
        settled, still = wait_for_turns(desk)
        failures += [f"{agent} took no turn within {SETTLE_SECONDS} s" for agent in still]
        if len(desk.children()) > children:
            failures.append(f"{len(desk.children())} processes, there were {children}")
        status = desk.stop()
        if status != 0:
            failures.append(f"down with status {status}: {desk.tail()}")
    told = desk.told()
    failures += [f"lost: {loss}" for loss in watch.losses(told)]
    failures += rest(desk)
    report(desk, owner, watch, told, names)
    print(f"  owner: {len(names)} actions in {seconds:.0f} s, {len(owner.commits)} commits of the"
          f" owner ({len(watch.given_up)} given up by himself), {len(told)} turns of the desk,"
          f" every agent at work again {settled:.1f} s after the last action")
    for failure in failures[:20]:
        print(f"  FAILED owner, seed {options.seed}: {failure[:600]}", flush=True)
    if failures:
        desks.copy_tree(folder, f"{folder.parent}-failed")
        print(f"  owner: what was left is in {folder.parent}-failed")
    return len(names), len(failures)


def report(desk, owner, watch, told, names):
    """Says what the desk found, so that a run in which it found nothing is not taken for one."""
    found = collections.Counter(event["what"] for event in desk.events("foreign.change"))
    print("  owner: found " + ", ".join(f"{name} {count}" for name, count in sorted(found.items())))
    never = {action.__name__ for action in owner.ACTIONS} - set(names)
    if never:
        print(f"  owner: not done: {', '.join(sorted(never))}")
    texts = watch.lost_texts()
    print(f"  owner: {len(owner.texts)} files put into worktrees, {len(texts)} of them neither"
          f" there nor in a commit {texts[:5] if texts else ''}")
    refused = re.findall(r'could not [^"]*|"error":"[^"]{,90}', desk.supervisor_log())
    for what, count in collections.Counter(refused).most_common(12):
        print(f"  owner: the desk tried again, {count}: {what}")
