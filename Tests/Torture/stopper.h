// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef STOPPER_H
#define STOPPER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct thread {
    pid_t id;
    int process;
    int is_inside;
    int is_bent;
    long number;
    uint64_t arguments[6];
};

_Noreturn void give_up(const char *what);

/// Adds to the report.
void tell(const char *form, ...) __attribute__((format(printf, 1, 2)));

/// Tells who a process is, once it runs a program.
void introduce(int number, pid_t id);

/// The descriptor or path that a call is about; nothing if it has none.
void subject(const struct thread *thread, char *path, size_t limit);

/// Whether a call with that subject leaves everything outside its own process as it was.
int changes_nothing(const struct thread *thread, const char *path);

/// Lists a change of a file that has just taken place.
void tell_change(const struct thread *thread, long long result);

#endif
