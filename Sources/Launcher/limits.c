// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "launcher.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_kept(const struct options *options, int descriptor) {
    if (options->port != 0 && descriptor == options->passage) return 1;
    for (int i = 0; i < options->kept_count; i++) {
        if (options->kept[i] == descriptor) return 1;
    }
    return 0;
}

static void close_from(unsigned first, unsigned last) {
    if (first > last) return;
    if (syscall(SYS_close_range, first, last, 0) != 0) {
        fail(STATUS_DESCRIPTORS, "close", "other descriptors");
    }
}

void close_descriptors(const struct options *options) {
    unsigned first = 3;
    for (int descriptor = 3; descriptor <= 255; descriptor++) {
        if (!is_kept(options, descriptor)) continue;
        close_from(first, (unsigned)descriptor - 1);
        first = (unsigned)descriptor + 1;
    }
    close_from(first, ~0u);
}

static void set_limit(const char *name, int resource, unsigned long long value) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) fail(STATUS_LIMITS, "read the limit of", name);
    // What the system allows already may be less, and is never raised.
    if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
    limit.rlim_cur = value;
    limit.rlim_max = value;
    if (setrlimit(resource, &limit) != 0) fail(STATUS_LIMITS, "limit", name);
}

void set_limits(const struct options *options) {
    set_limit("core dumps", RLIMIT_CORE, 0);
    for (int i = 0; i < LIMIT_KINDS; i++) {
        const struct limit *limit = &options->limits[i];
        if (limit->is_set) set_limit(limit->name, limit->resource, limit->value);
    }
}

void give_up_privileges(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        fail(STATUS_PRIVILEGES, "give up", "new privileges");
    }
    // With the line above, not even root gets them back by executing a program.
    if (syscall(SYS_capset, &header, none) != 0) {
        fail(STATUS_PRIVILEGES, "drop", "capabilities");
    }
}
