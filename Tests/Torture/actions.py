# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""What an owner does with git in the repository of a desk, one thing at a time, chosen by a seed."""

import random
import re
import shutil
import time
from pathlib import Path

import desk as desks

CONFIGURATION = "orchestrator.yml"


class Owner:
    """Does random things, and remembers every commit and every text that must not be lost."""

    def __init__(self, desk, seed):
        self.desk = desk
        self.random = random.Random(seed)
        self.number = 0
        # Commits that the owner has made, and what each was.
        self.commits = {}
        self.texts = {}
        # The last tip of main that the owner has not taken back.
        self.tip = self.head("refs/heads/main")

    # What the actions are made of.

    def agent(self):
        return self.random.choice(desks.ROLES)

    def worktree(self, agent):
        return self.desk.folder / "worktrees" / agent

    def a_worktree(self):
        """An agent's worktree that git can be asked about; None when it is gone at the moment."""
        folder = self.worktree(self.agent())
        return folder if (folder / ".git").exists() else None

    def head(self, name="HEAD", folder=None):
        return self.desk.git("rev-parse", "--verify", "--quiet", name, folder=folder).stdout.strip()

    def made(self, what, commit):
        if commit:
            self.commits[commit] = what

    def commit_all(self, what, *words, folder=None):
        """Commits; False when git would not."""
        before = self.head(folder=folder)
        done = self.desk.git("commit", "-q", "-m", f"{what} {self.number}", *words, folder=folder)
        if done.returncode != 0:
            return False
        # The desk may have put the worktree back right after: then its commit stands there.
        commit = self.head(folder=folder)
        text = self.desk.git("log", "-1", "--format=%an %s", commit, folder=folder).stdout.strip()
        if commit != before and text == f"owner {what} {self.number}":
            self.made(what, commit)
        return True

    def new_commit(self, what, tree, *parents):
        """Makes a commit out of a tree without touching any worktree."""
        words = [word for parent in parents for word in ("-p", parent)]
        self.number += 1
        return self.desk.git(
            "commit-tree", tree, *words, "-m", f"{what} {self.number}"
        ).stdout.strip()

    def note(self, folder):
        self.number += 1
        text = f"note {self.number} of the owner\n"
        path = Path(folder, f"note-{self.number}.md")
        try:
            path.write_text(text)
        except OSError:
            # The desk is just making the folder again.
            return None, text
        return path.name, text

    def set_branch(self, name, commit, expected, what):
        """Moves a branch only from where it was seen, as somebody careful does."""
        if commit and self.desk.git("update-ref", name, commit, expected).returncode == 0:
            self.made(what, commit)

    # Commits and merges on main, in the desk's own folder.

    def commit_on_main(self):
        name, _ = self.note(self.desk.folder)
        self.desk.git("add", name)
        if self.commit_all("commit on main"):
            self.tip = self.head()

    def amend_main(self):
        self.number += 1
        if self.commit_all("amended commit", "--amend"):
            self.tip = self.head()

    def merge_agent(self):
        name = f"refs/heads/agents/{self.agent()}"
        self.number += 1
        message = f"merge of an agent {self.number}"
        before = self.head()
        done = self.desk.git("merge", "-q", "--no-ff", "-m", message, name)
        if done.returncode != 0:
            self.desk.git("merge", "--abort")
        elif self.head() != before:
            self.made("merge of an agent", self.head())
            self.tip = self.head()

    def reset_main(self):
        self.desk.git("reset", "-q", "--hard", f"HEAD~{self.random.randint(1, 2)}")

    def return_main(self):
        """Takes back what was given up on main, so that agents follow it again."""
        self.desk.git("reset", "-q", "--hard", self.tip)

    def rebase_main(self):
        done = self.desk.git("rebase", "-q", "--no-ff", "HEAD~2")
        if done.returncode != 0:
            self.desk.git("rebase", "--abort")
            return
        for commit in self.desk.git("rev-list", "-2", "HEAD").stdout.split():
            self.made("rebased commit", commit)
        self.tip = self.head()

    def delete_main(self):
        head = self.head()
        self.desk.git("update-ref", "-d", "refs/heads/main")
        time.sleep(self.random.uniform(0, 1.5))
        self.desk.git("update-ref", "refs/heads/main", head)

    def stash_main(self):
        (self.desk.folder / "README.md").open("a").write("a thought\n")
        self.desk.git("stash", "push", "-q")
        if self.random.random() < 0.5:
            self.desk.git("stash", "pop", "-q")
            self.desk.git("checkout", "-q", "--", "README.md")

    def branch(self):
        self.number += 1
        self.desk.git("branch", f"idea-{self.number}", self.head())

    def tag(self):
        self.number += 1
        self.desk.git("tag", f"mark-{self.number}", f"refs/heads/agents/{self.agent()}")

    def delete_tag(self):
        names = self.desk.git("tag").stdout.split()
        if names:
            self.desk.git("tag", "-d", self.random.choice(names))

    # The configuration and skills.

    def half_saved(self):
        path = self.desk.folder / CONFIGURATION
        whole = path.read_bytes()
        path.write_bytes(whole[: self.random.randint(0, len(whole))])
        time.sleep(self.random.uniform(0, 0.3))
        path.write_bytes(whole)

    def broken_configuration(self):
        """Commits half a configuration and mends it a little later."""
        path = self.desk.folder / CONFIGURATION
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        self.number += 1
        self.commit_all("broken configuration", "-a")
        time.sleep(self.random.uniform(0, 1.5))
        path.write_bytes(whole)
        self.number += 1
        if self.commit_all("mended configuration", "-a"):
            self.tip = self.head()

    def new_configuration(self):
        path = self.desk.folder / CONFIGURATION
        self.number += 1
        text, count = re.subn(r"backoff: \d+ms", f"backoff: {50 + self.number % 50}ms",
                              path.read_text())
        if count == 1:
            path.write_text(text)
            if self.commit_all("new configuration", "-a"):
                self.tip = self.head()

    def new_skill(self):
        """Changes a skill on a branch of its own and merges that."""
        agent = self.agent()
        path = f"agents/{agent}/SKILL.md"
        self.number += 1
        name = f"skill-{self.number}"
        if self.desk.git("checkout", "-q", "-b", name).returncode != 0:
            return
        file = self.desk.folder / path
        file.write_text(file.read_text() + f"\nThought {self.number} of the owner.\n")
        self.commit_all("skill", path)
        self.desk.git("checkout", "-q", "main")
        self.number += 1
        if self.desk.git("merge", "-q", "--no-ff", "-m", f"skill {self.number}",
                         name).returncode == 0:
            self.made("merge of a skill", self.head())
            self.tip = self.head()
        else:
            self.desk.git("merge", "--abort")

    # The branches of agents.

    def foreign_commit(self):
        name = f"refs/heads/agents/{self.agent()}"
        head = self.head(name)
        if head:
            commit = self.new_commit("foreign commit", f"{head}^{{tree}}", head)
            self.set_branch(name, commit, head, "foreign commit")

    def foreign_merge(self):
        name = f"refs/heads/agents/{self.agent()}"
        head, main = self.head(name), self.head("refs/heads/main")
        if head and main:
            commit = self.new_commit("foreign merge", f"{head}^{{tree}}", head, main)
            self.set_branch(name, commit, head, "foreign merge")

    def amend_agent(self):
        name = f"refs/heads/agents/{self.agent()}"
        head, parent = self.head(name), self.head(f"{name}~1")
        if head and parent:
            commit = self.new_commit("amended turn", f"{head}^{{tree}}", parent)
            self.set_branch(name, commit, head, "amended turn")

    def rebase_agent(self):
        """Puts the last two turns on top of an older one, as an interactive rebase does."""
        name = f"refs/heads/agents/{self.agent()}"
        head = self.head(name)
        line = [self.head(f"{name}~{count}") for count in (1, 0)]
        base = self.head(f"{name}~4")
        if not head or not base:
            return
        for commit in line:
            base = self.new_commit("rebased turn", f"{commit}^{{tree}}", base)
        self.set_branch(name, base, head, "rebased turn")

    def reset_agent(self):
        name = f"refs/heads/agents/{self.agent()}"
        older = self.head(f"{name}~{self.random.randint(1, 3)}")
        if older:
            self.desk.git("update-ref", name, older)

    def force_agent(self):
        """Puts an agent's branch somewhere else altogether."""
        name = f"refs/heads/agents/{self.agent()}"
        place = self.head(self.random.choice(["refs/heads/main", f"{name}~6"]))
        if place:
            self.desk.git("update-ref", name, place)

    def delete_branch(self):
        self.desk.git("update-ref", "-d", f"refs/heads/agents/{self.agent()}")

    # The worktrees of agents.

    def delete_worktree(self):
        folder = self.worktree(self.agent())
        self.drop_texts(folder)
        shutil.rmtree(folder, ignore_errors=True)

    def remove_worktree(self):
        folder = self.worktree(self.agent())
        self.drop_texts(folder)
        self.desk.git("worktree", "remove", "--force", str(folder))

    def drop_texts(self, folder):
        """What lies in a folder that its owner deletes is given up by him."""
        for path in folder.glob("note-*.md"):
            self.texts.pop(path.read_text(errors="replace"), None)

    def move_worktree(self):
        self.number += 1
        folder = self.worktree(self.agent())
        self.desk.git("worktree", "move", str(folder),
                      str(self.desk.folder.parent / f"moved-{self.number}"))

    def lock_worktree(self):
        folder = str(self.worktree(self.agent()))
        self.desk.git("worktree", "lock", "--reason", "mine", folder)
        time.sleep(self.random.uniform(0, 0.2))
        self.desk.git("worktree", "unlock", folder)

    def prune_worktrees(self):
        self.desk.git("worktree", "prune", "--expire=now")

    def switch_worktree(self):
        folder = self.a_worktree()
        if folder:
            self.number += 1
            words = self.random.choice([["-b", f"aside-{self.number}"], ["--detach"]])
            self.desk.git("checkout", "-q", "-f", *words, folder=folder)

    def detached_commit(self):
        folder = self.a_worktree()
        if folder:
            self.desk.git("checkout", "-q", "-f", "--detach", folder=folder)
            self.number += 1
            self.commit_all("detached commit", "--allow-empty", folder=folder)

    def new_file(self):
        folder = self.a_worktree()
        if folder:
            name, text = self.note(folder)
            if name:
                self.texts[text] = f"{name} in {folder.name}"

    def stage(self):
        folder = self.a_worktree()
        if folder:
            self.desk.git("add", "--sparse", "-A", folder=folder)

    def commit_in_worktree(self):
        folder = self.a_worktree()
        if folder:
            name, _ = self.note(folder)
            if name:
                self.desk.git("add", "--sparse", name, folder=folder)
                self.commit_all("commit inside", folder=folder)

    def stash_in_worktree(self):
        folder = self.a_worktree()
        if folder:
            self.edit_memory()
            self.desk.git("stash", "push", "-q", folder=folder)

    def edit_memory(self):
        agent = self.agent()
        path = self.worktree(agent) / "agents" / agent / "STATE.md"
        try:
            path.write_text(path.read_text(errors="replace") + "\nseen by the owner\n")
        except OSError:
            # The worktree is just being made again, or the agent has no memory yet.
            return

    def merge_under_way(self):
        folder = self.a_worktree()
        if folder:
            self.desk.git("merge", "-q", "--no-commit", "--no-ff", "main", folder=folder)

    def rebase_under_way(self):
        """A rebase that stops in the middle, as one does that waits for its owner."""
        folder = self.a_worktree()
        if folder:
            self.desk.git("rebase", "-q", "--exec", "false", "HEAD~1", folder=folder)

    def index_lock(self):
        name = self.random.choice(["", *(f"worktrees/{agent}/" for agent in desks.ROLES)])
        path = self.desk.folder / f".git/{name}index.lock"
        try:
            path.touch(exist_ok=False)
        except OSError:
            # Somebody else holds it, or the worktree is gone.
            return
        time.sleep(self.random.uniform(0, 0.5))
        path.unlink(missing_ok=True)

    # Tidying.

    def gc(self):
        self.desk.git("gc", "--quiet")

    def gc_now(self):
        self.desk.git("gc", "--quiet", "--prune=now")

    def gc_by_force(self):
        self.desk.git("gc", "--quiet", "--prune=now", "--force")

    def prune(self):
        self.desk.git("prune", "--expire=now")

    def repack(self):
        self.desk.git("repack", "-adq")

    def pack_refs(self):
        self.desk.git("pack-refs", "--all")

    def ring(self):
        self.desk.ring(self.agent())

    ACTIONS = (
        commit_on_main, commit_on_main, commit_on_main, amend_main, merge_agent, reset_main,
        return_main, return_main, rebase_main, delete_main, stash_main, branch, tag, delete_tag,
        half_saved, broken_configuration, new_configuration, new_skill,
        foreign_commit, foreign_commit, foreign_merge, amend_agent, rebase_agent, reset_agent,
        force_agent, delete_branch,
        delete_worktree, remove_worktree, move_worktree, lock_worktree, prune_worktrees,
        switch_worktree, detached_commit, new_file, new_file, stage, commit_in_worktree,
        stash_in_worktree, edit_memory, merge_under_way, rebase_under_way, index_lock,
        gc, gc_now, gc_by_force, prune, prune, repack, pack_refs, ring, ring, ring,
    )

    def act(self):
        action = self.random.choice(self.ACTIONS)
        action(self)
        return action.__name__
