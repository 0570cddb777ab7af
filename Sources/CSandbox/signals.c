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
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
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

int desk_signal_descriptor(int number) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int desk_take_signal(int descriptor) {
    struct signalfd_siginfo info;
    return read(descriptor, &info, sizeof info) == (ssize_t)sizeof info;
}

int desk_lock_memory(void) {
    struct rlimit limit;
    int is_known = getrlimit(RLIMIT_MEMLOCK, &limit) == 0;
    int is_unlimited = geteuid() == 0 || (is_known && limit.rlim_cur == RLIM_INFINITY);
    // Under a limit, memory to come must not be locked: it could not be had any more.
    if (is_unlimited && mlockall(MCL_CURRENT | MCL_FUTURE) == 0) return 1;
    return mlockall(MCL_CURRENT) == 0;
}
