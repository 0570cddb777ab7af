// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Noreturn void give_up(int report, int step) {
    struct desk_report message = {step, errno};
    // A pipe takes so few bytes in one piece, and nobody is left to hear of a failure.
    ssize_t written = write(report, &message, sizeof message);
    (void)written;
    _exit(127);
}

static int move_above(int descriptor, int floor) {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, floor);
}

/// Puts every wanted descriptor at its number and marks all others to be closed by exec.
/// The sources move out of the way first, because one's number may be another's target.
static int arrange_descriptors(const struct desk_spawn_request *request, int *report) {
    int moved[3 + DESK_MAX_INHERITED];
    int floor = 3;
    for (int i = 0; i < request->inherited_count; i++) {
        if (request->targets[i] >= floor) floor = request->targets[i] + 1;
    }
    int raised = move_above(*report, floor);
    if (raised < 0) return -1;
    *report = raised;
    for (int i = 0; i < 3 + request->inherited_count; i++) {
        int source = i < 3 ? request->standard[i] : request->sources[i - 3];
        moved[i] = move_above(source, floor);
        if (moved[i] < 0) return -1;
    }
    if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC) != 0) return -1;
    for (int i = 0; i < 3 + request->inherited_count; i++) {
        int target = i < 3 ? i : request->targets[i - 3];
        if (dup2(moved[i], target) < 0) return -1;
    }
    return 0;
}

/// Moves this process, and with it all that it will start, into a control group.
static int join(const char *group) {
    int list = open(group, O_WRONLY | O_CLOEXEC);
    if (list < 0) return -1;
    ssize_t written = write(list, "0", 1);
    int error = errno;
    close(list);
    errno = error;
    return written == 1 ? 0 : -1;
}

/// Ignored signals and blocked ones survive exec, so both are put back to their defaults.
static void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int number = 1; number <= 64; number++) sigaction(number, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void desk_become(const struct desk_spawn_request *request, int report, pid_t parent) {
    if (setsid() < 0) give_up(report, DESK_STEP_SESSION);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(report, DESK_STEP_PARENT_DEATH);
    // The parent may have died before the line above; then no signal will ever come.
    if (getppid() != parent) {
        errno = ESRCH;
        give_up(report, DESK_STEP_PARENT_GONE);
    }
    reset_signals();
    if (request->group != NULL && join(request->group) != 0) {
        give_up(report, DESK_STEP_CONTROL_GROUP);
    }
    if (arrange_descriptors(request, &report) != 0) give_up(report, DESK_STEP_DESCRIPTORS);
    if (chdir(request->folder) != 0) give_up(report, DESK_STEP_FOLDER);
    execve(request->path, request->arguments, request->environment);
    give_up(report, DESK_STEP_EXEC);
}
