# Part of Loopdesk.
# SPDX-License-Identifier: Apache-2.0

"""Folders that one process, and what it starts, sees in the place of others."""

import ctypes
import os
from pathlib import Path

import desk as desks

NEW_USERS, NEW_MOUNTS = 0x10000000, 0x00020000
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000

_libc = ctypes.CDLL(None, use_errno=True)
_is_apart = False


def lay_over(place, folder):
    """Lets this process find a folder at a place where everybody else finds another.

    Paths that were written down in a recording stay true in its images then, also half of one.
    """
    _come_apart()
    _mount(os.fsencode(folder), os.fsencode(place), BIND)


def _come_apart():
    """Gives this process mounts of its own; who may not do that needs users of its own first."""
    global _is_apart
    if _is_apart:
        return
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        _unshare(NEW_MOUNTS)
    else:
        _unshare(NEW_USERS | NEW_MOUNTS)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    # What is mounted from here on is nobody else's.
    _mount(None, b"/", RECURSIVE | PRIVATE)
    _is_apart = True


def _unshare(flags):
    if _libc.unshare(flags) != 0:
        raise desks.Trouble(
            f"no mounts of its own: {os.strerror(ctypes.get_errno())}; a power cut is tried at the"
            " place of its recording, for which the system must allow user namespaces"
        )


def _mount(source, target, flags):
    if _libc.mount(source, target, None, ctypes.c_ulong(flags), None) != 0:
        reason = os.strerror(ctypes.get_errno())
        raise desks.Trouble(f"cannot mount {source} over {target}: {reason}")
