# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""A thousand random things that an owner does with git beside a running desk."""

import hashlib
import random
import shutil
import time
from pathlib import Path

import desk as desks
import live

ACTIONS = 1000
SETTLE_SECONDS = 20


class Owner:
    """Does random things, and remembers every commit and every text that must not be lost."""

    def __init__(self, desk, seed):
        self.desk = desk
        self.random = random.Random(seed)
        self.number = 0
        self.commits = {}
        self.texts = {}
        self.desk_commits = {}

    def agent(self):
        return self.random.choice(desks.ROLES)

    def worktree(self, agent):
        return self.desk.folder / "worktrees" / agent

    def head(self, name="HEAD", folder=None):
        return self.desk.git("rev-parse", "--verify", "--quiet", name, folder=folder).stdout.strip()

    def made(self, what, folder=None):
        commit = self.head(folder=folder)
        if commit:
            self.commits[commit] = what

    def note(self, folder):
        self.number += 1
        text = f"note {self.number} of the owner\n"
        path = Path(folder, f"note-{self.number}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path.name, text

    # Each action below is one thing that a person does; its name is printed with a failure.

    def commit(self):
        name, _ = self.note(self.desk.folder)
        self.desk.git("add", name)
        if self.desk.git("commit", "-qm", f"Note {self.number}").returncode == 0:
            self.made("commit on main")

    def amend(self):
        # What an owner amends away is given up by the owner.
        self.commits.pop(self.head(), None)
        if self.desk.git("commit", "-q", "--amend", "-m", f"Amended {self.number}").returncode == 0:
            self.made("amended commit")

    def branch(self):
        self.number += 1
        self.desk.git("branch", f"idea-{self.number}", self.head())

    def merge_agent(self):
        name = f"refs/heads/agents/{self.agent()}"
        done = self.desk.git("merge", "-q", "--no-edit", "-m", f"Take in {name}", name)
        if done.returncode == 0:
            self.made("merge of an agent's branch")
        else:
            self.desk.git("merge", "--abort")

    def reset_agent(self):
        agent = self.agent()
        name = f"refs/heads/agents/{agent}"
        older = self.head(f"{name}~{self.random.randint(1, 3)}")
        if older:
            self.desk.git("update-ref", name, older)

    def foreign_commit(self):
        agent = self.agent()
        name = f"refs/heads/agents/{agent}"
        head = self.head(name)
        if not head:
            return
        self.number += 1
        made = self.desk.git(
            "commit-tree", f"{head}^{{tree}}", "-p", head, "-m", f"Foreign {self.number}"
        ).stdout.strip()
        if made and self.desk.git("update-ref", name, made, head).returncode == 0:
            self.commits[made] = f"commit put on agents/{agent}"

    def delete_branch(self):
        self.desk.git("update-ref", "-d", f"refs/heads/agents/{self.agent()}")

    def delete_worktree(self):
        shutil.rmtree(self.worktree(self.agent()), ignore_errors=True)

    def remove_worktree(self):
        self.desk.git("worktree", "remove", "--force", str(self.worktree(self.agent())))

    def prune_worktrees(self):
        self.desk.git("worktree", "prune")

    def new_file(self):
        folder = self.worktree(self.agent())
        if folder.is_dir():
            name, text = self.note(folder)
            self.texts[text] = f"{name} in {folder.name}"

    def stage(self):
        folder = self.worktree(self.agent())
        if (folder / ".git").exists():
            self.desk.git("add", "-A", folder=folder)

    def commit_in_worktree(self):
        folder = self.worktree(self.agent())
        if not (folder / ".git").exists():
            return
        name, _ = self.note(folder)
        self.desk.git("add", "--sparse", name, folder=folder)
        if self.desk.git("commit", "-qm", f"Inside {self.number}", folder=folder).returncode == 0:
            self.made(f"commit inside {folder.name}", folder)

    def edit_memory(self):
        agent = self.agent()
        path = self.worktree(agent) / "agents" / agent / "STATE.md"
        if path.exists():
            path.write_text(path.read_text(errors="replace") + "\nseen by the owner\n")

    def half_saved(self):
        path = self.desk.folder / "orchestrator.yml"
        whole = path.read_bytes()
        path.write_bytes(whole[: self.random.randint(0, len(whole))])
        time.sleep(0.05)
        path.write_bytes(whole)

    def gc(self):
        self.desk.git("gc", "--quiet")

    def gc_now(self):
        self.desk.git("gc", "--quiet", "--prune=now")

    def prune(self):
        self.desk.git("prune", "--expire=now")

    def repack(self):
        self.desk.git("repack", "-adq")

    def pack_refs(self):
        self.desk.git("pack-refs", "--all")

    def index_lock(self):
        path = self.desk.folder / ".git/index.lock"
        if not path.exists():
            path.touch()
            time.sleep(0.1)
            path.unlink(missing_ok=True)

    def ring(self):
        self.desk.ring(self.agent())

    ACTIONS = (
        commit, commit, commit, amend, branch, merge_agent, reset_agent, foreign_commit,
        delete_branch, delete_worktree, remove_worktree, prune_worktrees, new_file, new_file,
        stage, commit_in_worktree, edit_memory, half_saved, gc, gc_now, prune, repack, pack_refs,
        index_lock, ring, ring, ring,
    )

    def act(self):
        action = self.random.choice(self.ACTIONS)
        action(self)
        for name, commit in self.desk.heads().items():
            self.desk_commits.setdefault(commit, name)
        return action.__name__

    def losses(self):
        """Commits and texts that no reference and no folder holds any more."""
        _, kept = self.desk.reachable()
        found = [f"the owner's {what}: {commit}" for commit, what in self.commits.items()
                 if commit not in kept]
        found += [f"the desk's commit on {name}: {commit}"
                  for commit, name in self.desk_commits.items() if commit not in kept]
        for text, where in self.texts.items():
            blob = self.desk.git("rev-list", "--all", "--objects").stdout if not found else ""
            is_there = any(path.read_text(errors="replace") == text
                           for path in self.desk.folder.glob("worktrees/*/note-*.md"))
            if not is_there and blob and self.hash(text) not in blob:
                found.append(f"the owner's text {where}")
        return found

    def hash(self, text):
        data = text.encode()
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def run(options, scratch):
    """Points and failures of a run of the owner."""
    folder = scratch / "owner"
    folder.mkdir()
    live.make_live_desk(options.loopdesk, folder / "desk")
    desk = live.LiveDesk(options.loopdesk, folder / "desk")
    seed = options.seed
    owner = Owner(desk, seed)
    print(f"  owner: seed {seed}", flush=True)
    failures = []
    desk.start()
    names = []
    for _ in range(options.most or ACTIONS):
        names.append(owner.act())
        if not desk.is_running:
            failures.append(f"the desk ended with {desk.process.returncode} after"
                            f" {len(names)} actions, the last of them {names[-3:]}: {desk.tail()}")
            break
        time.sleep(owner.random.uniform(0, 0.05))
    end = time.monotonic() + SETTLE_SECONDS
    before = desk.turns()
    while desk.is_running and desk.turns() == before and time.monotonic() < end:
        time.sleep(0.1)
    if desk.is_running and desk.turns() == before:
        failures.append(f"no turn within {SETTLE_SECONDS} s after the last action")
    status = desk.stop()
    if status != 0:
        failures.append(f"down with status {status}: {desk.tail()}")
    failures += [f"lost: {loss}" for loss in owner.losses()]
    fsck = desk.git("fsck", "--strict", "--no-dangling", "--no-progress")
    if fsck.returncode != 0:
        failures.append(f"git fsck: {fsck.stdout}{fsck.stderr}")
    failures += [f"a lock is left behind: {lock}" for lock in desk.locks()]
    for failure in failures[:20]:
        print(f"  FAILED owner, seed {seed}: {failure[:600]}", flush=True)
    return len(names), len(failures)
