# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""A model of what a disk may hold after a power cut, fed with the recorded changes of files."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

EXCHANGE = ("inbox", "outbox", "work")


class File:
    """One file: what programs see, and what the disk is sure to hold."""

    count = 0

    def __init__(self, data=b"", mode=0o644, is_synced=False):
        File.count += 1
        self.uid = File.count
        self.mode = mode
        self.data = bytes(data)
        self.synced = self.data if is_synced else b""
        # Writes since the last flush, oldest first: an offset and bytes, or a length alone.
        self.pending = []
        self.version = 0

    def write(self, offset, data):
        self._change((offset, data))

    def truncate(self, length):
        self._change((length, None))

    def _change(self, change):
        self.data = self.apply(self.data, change)
        self.pending.append(change)
        self.version += 1

    def flush(self):
        self.synced = self.data
        self.pending = []
        self.version += 1

    @staticmethod
    def apply(data, change):
        place, new = change
        if new is None:
            return data[:place] + b"\0" * (place - len(data))
        if len(data) < place:
            data += b"\0" * (place - len(data))
        return data[:place] + new + data[place + len(new):]

    def content(self, way):
        """What is found after a cut.

        `kept`: all that was written. `lost`: what was flushed. `torn`: half of the writes since,
        the last of them up to its middle. `zeros`: the length of all, but only the flushed bytes.
        """
        if way == "kept" or not self.pending:
            return self.data
        if way == "lost":
            return self.synced
        if way == "zeros":
            length = len(self.data)
            return self.synced[:length] + b"\0" * (length - len(self.synced))
        data = self.synced
        half = self.pending[: (len(self.pending) + 1) // 2]
        for change in half[:-1]:
            data = self.apply(data, change)
        place, new = half[-1]
        return self.apply(data, (place, new if new is None else new[: (len(new) + 1) // 2]))


class Folder:
    """One folder: its names as programs see them, and as the disk is sure to hold them."""

    def __init__(self):
        self.entries = {}
        self.synced = {}

    def flush(self):
        self.synced = dict(self.entries)


class Link:
    """A symbolic link, which nothing here changes."""

    def __init__(self, target):
        self.target = target


class Disk:
    """A tree of folders that starts flushed and takes recorded changes one by one."""

    def __init__(self, base, root, inodes):
        """Loads a folder that programs knew as `root`, where files had the given numbers."""
        self.root = str(root)
        self.top = self._load(Path(base), "", inodes)
        self.numbers = {}
        self._number(self.top, "", inodes)

    def _load(self, path, name, inodes):
        folder = Folder()
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
            if entry.is_symlink():
                folder.entries[entry.name] = Link(os.readlink(entry.path))
            elif entry.is_dir():
                inner = self._load(entry.path, f"{name}/{entry.name}", inodes)
                folder.entries[entry.name] = inner
            else:
                data = Path(entry.path).read_bytes()
                mode = entry.stat().st_mode & 0o7777
                folder.entries[entry.name] = File(data, mode, is_synced=True)
        folder.flush()
        return folder

    def _number(self, folder, name, inodes):
        for key, node in folder.entries.items():
            path = f"{name}/{key}"
            if isinstance(node, Folder):
                self._number(node, path, inodes)
            elif path in inodes:
                self.numbers[inodes[path]] = node

    def _place(self, path):
        """The folder and the name of a path; nothing for a path outside."""
        path = os.path.normpath(path)
        if not path.startswith(self.root + "/"):
            return None, None
        words = path[len(self.root) + 1:].split("/")
        folder = self.top
        for word in words[:-1]:
            folder = folder.entries.get(word)
            if not isinstance(folder, Folder):
                raise ValueError(f"the recording names {path}, which has no folder")
        return folder, words[-1]

    def take(self, words):
        """Takes one recorded change; whether it concerns this tree."""
        kind = words[0]
        if kind in ("write", "truncate", "sync", "allocate"):
            return self._take_content(kind, words)
        if kind == "open":
            folder, name = self._place(words[4])
            if folder is None:
                return False
            number = int(words[2])
            if isinstance(folder.entries.get(name), File):
                self.numbers[number] = folder.entries[name]
                return False
            folder.entries[name] = self.numbers[number] = File(mode=int(words[3], 8))
            return True
        if kind == "syncfolder":
            folder, name = self._place(words[3] + "/x")
            if folder is None:
                return False
            folder.flush()
            return True
        if kind in ("mkdir", "unlink", "rmdir"):
            folder, name = self._place(words[2])
            if folder is None:
                return False
            if kind == "mkdir":
                folder.entries[name] = Folder()
            else:
                del folder.entries[name]
            return True
        if kind in ("rename", "link", "exchange"):
            folder, name = self._place(words[2])
            other, other_name = self._place(words[3])
            if folder is None or other is None:
                return False
            if kind == "exchange":
                pair = other.entries[other_name], folder.entries[name]
                folder.entries[name], other.entries[other_name] = pair
                return True
            other.entries[other_name] = folder.entries[name]
            if kind == "rename":
                del folder.entries[name]
            return True
        if kind in ("process", "mapped"):
            return False
        raise ValueError(f"the recording holds {words[:3]}, which the model does not know")

    def _take_content(self, kind, words):
        file = self.numbers.get(int(words[2]))
        if file is None:
            return False
        if kind == "write":
            file.write(int(words[3]), bytes.fromhex(words[4]))
        elif kind == "truncate":
            file.truncate(int(words[3]))
        elif kind == "allocate":
            file.truncate(max(len(file.data), int(words[4])))
        else:
            file.flush()
        return True

    def file(self, path):
        folder, name = self._place(f"{self.root}/{path}")
        return folder.entries.get(name) if folder else None

    def tree(self, is_late):
        """All names after a cut; with `is_late`, only those that their folder was flushed with."""
        found = {}

        def add(folder, path):
            for name, node in (folder.synced if is_late else folder.entries).items():
                full = f"{path}{name}"
                found[full] = node
                if isinstance(node, Folder):
                    add(node, full + "/")

        add(self.top, "")
        return found

    def digest(self, is_late, way, known):
        """A hash of an image; exchange folders are left out, because every start empties them."""
        result = hashlib.sha1()
        for path, node in sorted(self.tree(is_late).items()):
            words = path.split("/")
            if words[0] == "worktrees" and len(words) > 3 and words[2] in EXCHANGE:
                continue
            result.update(path.encode() + b"\0")
            if isinstance(node, File):
                key = (node.uid, node.version, way if node.pending else "")
                if key not in known:
                    known[key] = hashlib.sha1(node.content(way)).digest()
                result.update(known[key])
        return result.hexdigest()

    def write_image(self, base, target, is_late, way):
        """Writes an image; most of it is as in the base, which is copied."""
        # The folder itself stays, as it may be a mount.
        for entry in os.scandir(target):
            is_folder = entry.is_dir(follow_symlinks=False)
            shutil.rmtree(entry.path) if is_folder else os.unlink(entry.path)
        subprocess.run(["cp", "-a", f"{base}/.", str(target)], check=True)
        wanted = self.tree(is_late)
        for folder, names, files in os.walk(target, topdown=False):
            for name in names + files:
                full = os.path.join(folder, name)
                path = os.path.relpath(full, target)
                node = wanted.get(path)
                is_folder = os.path.isdir(full) and not os.path.islink(full)
                if node is None or is_folder != isinstance(node, Folder):
                    shutil.rmtree(full) if is_folder else os.unlink(full)
        for path, node in sorted(wanted.items()):
            full = os.path.join(target, path)
            if isinstance(node, Folder):
                os.makedirs(full, exist_ok=True)
            elif isinstance(node, File):
                data = node.content(way)
                if not os.path.exists(full) or Path(full).read_bytes() != data:
                    if os.path.exists(full):
                        os.unlink(full)
                    Path(full).write_bytes(data)
                    os.chmod(full, node.mode)
