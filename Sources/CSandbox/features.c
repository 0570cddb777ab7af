// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CSandbox.h"

#include <errno.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

int desk_landlock_version(void) {
    // With this flag the call makes nothing and only tells the version.
    enum { VERSION_FLAG = 1 };
    long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, VERSION_FLAG);
    return version >= 0 ? (int)version : -errno;
}

int desk_is_clock_kept(void) {
    struct timex state = {0};
    if (adjtimex(&state) < 0) return -errno;
    return (state.status & STA_UNSYNC) == 0;
}
