// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int desk_open_beneath(int folder, const char *name, int flags) {
    struct open_how how = {
        .flags = (unsigned)flags,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
    };
    // The kernel asks to try again when something was renamed meanwhile.
    for (int tries = 0; tries < 64; tries++) {
        long number = syscall(SYS_openat2, folder, name, &how, sizeof how);
        if (number >= 0 || (errno != EAGAIN && errno != EINTR)) { return (int)number; }
    }
    return -1;
}

long desk_read_entries(int folder, void *buffer, unsigned long size) {
    return syscall(SYS_getdents64, folder, buffer, size);
}

int desk_rename_new(int folder, const char *name, const char *new_name) {
    return renameat2(folder, name, folder, new_name, RENAME_NOREPLACE);
}

void desk_give_back_memory(void) { malloc_trim(0); }

void desk_share_heap(void) { mallopt(M_ARENA_MAX, 1); }
