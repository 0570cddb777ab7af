// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_LAUNCHER_H
#define LOOPDESK_LAUNCHER_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <stddef.h>

/// The status with which the launcher ends when a step failed, so that no program ran.
enum status {
    STATUS_USAGE = 110,
    STATUS_DESCRIPTORS,
    STATUS_LISTENER,
    STATUS_LIMITS,
    STATUS_PRIVILEGES,
    STATUS_FILES,
    STATUS_CALLS,
    STATUS_NOT_EXECUTABLE = 126,
    STATUS_NO_PROGRAM = 127,
};

enum { MOST_DESCRIPTORS = 16, MOST_PATHS = 256, LIMIT_KINDS = 6 };

/// A resource's limit as an option names it.
struct limit {
    const char *name;
    int resource;
    unsigned long long value;
    int is_set;
};

/// What the arguments ask for. Paths point into the arguments.
struct options {
    int kept[MOST_DESCRIPTORS];
    int kept_count;
    const char *readable[MOST_PATHS];
    int readable_count;
    const char *writable[MOST_PATHS];
    int writable_count;
    struct limit limits[LIMIT_KINDS];
    /// The port of the listener to make, and the socket to hand it over by; 0 for none.
    int port;
    int passage;
    char **program;
};

/// Reads the options up to `--`, or ends with STATUS_USAGE.
void read_options(struct options *options, char **arguments);

/// Says which step failed and why, and ends with its status. Nothing is ever left out silently.
_Noreturn void fail(int status, const char *step, const char *subject);

/// Closes every descriptor but 0, 1, 2 and the kept ones.
void close_descriptors(const struct options *options);

/// Sets the limits of resources; core dumps are always off.
void set_limits(const struct options *options);

/// Drops every capability and the way to new ones.
void give_up_privileges(void);

/// Makes a listener on 127.0.0.1, hands it over and keeps no copy.
void pass_listener(const struct options *options);

/// Confines files, TCP, signals and abstract sockets by Landlock, as far as the kernel has it.
void confine_files(const struct options *options);

/// Refuses system calls from here on, in this process and all that it starts.
void refuse_calls(int may_connect);

/// Tries what a sandbox must stop and what it must allow, and writes a line for each.
int probe(char **arguments);

#endif
