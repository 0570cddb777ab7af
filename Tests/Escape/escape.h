// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_ESCAPE_H
#define LOOPDESK_ESCAPE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

/// One thing that a hostile program tries, or that an honest one needs.
struct attempt {
    const char *name;
    /// 1 when it succeeded.
    int (*try)(void);
};

/// What the test has prepared outside, as `name=value` arguments; ends when one is missing.
const char *given(const char *name);
int given_number(const char *name);

/// A path below the desk, in a buffer that the next eight calls leave alone.
const char *in_desk(const char *path);
/// A path below the agent's own worktree.
const char *in_own(const char *path);

int can_open(const char *path, int flags);
int can_create(const char *path);
int opens_socket(int family, int kind, int protocol);

extern const struct attempt file_attempts[];
extern const struct attempt process_attempts[];
extern const struct attempt channel_attempts[];
extern const struct attempt network_attempts[];
extern const struct attempt kernel_attempts[];
extern const struct attempt resource_attempts[];
extern const struct attempt normal_actions[];

/// Prepares what is outside, says so, and waits until its input ends.
int be_the_outside(const char *folder);

#endif
