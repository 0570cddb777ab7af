// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "CSandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

// Not in every C library's headers yet; the kernel's number for "the id is a pidfd".
enum { ID_IS_PIDFD = 3 };

static atomic_int interrupts;
static atomic_int wake = -1;

int desk_exit_of(int pidfd, int keep, struct desk_exit *outcome) {
    siginfo_t info = {0};
    int options = WEXITED | WNOHANG | (keep ? WNOWAIT : 0);
    *outcome = (struct desk_exit){0, 0, 0};
    while (waitid((idtype_t)ID_IS_PIDFD, (id_t)pidfd, &info, options) != 0) {
        if (errno != EINTR) return errno;
    }
    if (info.si_pid == 0) return 0;
    outcome->has_ended = 1;
    outcome->was_signalled = info.si_code != CLD_EXITED;
    outcome->value = info.si_status;
    return 0;
}

int desk_is_stopped(int pidfd) {
    siginfo_t info = {0};
    int options = WSTOPPED | WNOHANG | WNOWAIT;
    while (waitid((idtype_t)ID_IS_PIDFD, (id_t)pidfd, &info, options) != 0) {
        if (errno != EINTR) return 0;
    }
    return info.si_pid != 0;
}

static void note_interrupt(int number) {
    int saved = errno;
    if (atomic_fetch_add(&interrupts, 1) > 0) _exit(128 + number);
    // A full pipe is already readable, which is all that a reader needs.
    ssize_t written = write(atomic_load(&wake), "!", 1);
    (void)written;
    errno = saved;
}

int desk_catch_interrupts(int wake_descriptor) {
    struct sigaction action = {.sa_handler = note_interrupt, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    atomic_store(&wake, wake_descriptor);
    if (sigaction(SIGINT, &action, NULL) != 0) return errno;
    if (sigaction(SIGTERM, &action, NULL) != 0) return errno;
    return 0;
}

int desk_interrupt_count(void) {
    return atomic_load(&interrupts);
}
