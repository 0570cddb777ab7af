// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// The kernel sends a child its parent-death signal when the *thread* that forked it ends. So one
// thread, which never ends, does every fork, and callers hand it one request at a time.
struct job {
    const struct desk_spawn_request *request;
    struct desk_spawn_result *result;
    int is_done;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t state = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct job *pending;
static int is_running;

static void fail(struct desk_spawn_result *result, int step, int error) {
    result->pid = -1;
    result->pidfd = -1;
    result->step = step;
    result->error = error;
}

static void discard(pid_t pid) {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {}
}

/// Waits for the child's verdict: end of file means that exec closed the pipe, so it runs.
static int read_report(int descriptor, struct desk_report *report) {
    ssize_t count;
    do {
        count = read(descriptor, report, sizeof *report);
    } while (count < 0 && errno == EINTR);
    return count == (ssize_t)sizeof *report;
}

static void perform(const struct desk_spawn_request *request, struct desk_spawn_result *result) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        fail(result, DESK_STEP_REPORT_PIPE, errno);
        return;
    }
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) desk_become(request, ends[1], parent);
    int error = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        fail(result, DESK_STEP_FORK, error);
        return;
    }
    struct desk_report report = {DESK_STEP_NONE, 0};
    int has_failed = read_report(ends[0], &report);
    close(ends[0]);
    if (has_failed) {
        discard(pid);
        fail(result, report.step, report.error);
        return;
    }
    // The child is ours to reap and has not been reaped, so its number still means it.
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0) {
        error = errno;
        discard(pid);
        fail(result, DESK_STEP_PROCESS_DESCRIPTOR, error);
        return;
    }
    *result = (struct desk_spawn_result){pid, pidfd, DESK_STEP_NONE, 0};
}

static void *spawn_forever(void *unused) {
    (void)unused;
    pthread_mutex_lock(&state);
    for (;;) {
        while (pending == NULL) pthread_cond_wait(&changed, &state);
        struct job *job = pending;
        pending = NULL;
        pthread_mutex_unlock(&state);
        perform(job->request, job->result);
        pthread_mutex_lock(&state);
        job->is_done = 1;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

/// An ignored SIGCHLD, which a parent can leave behind, would make the kernel reap for us and
/// lose every exit status.
static void keep_exit_statuses(void) {
    struct sigaction current;
    if (sigaction(SIGCHLD, NULL, &current) != 0 || current.sa_handler != SIG_IGN) return;
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &action, NULL);
}

/// Starts the thread with every signal blocked, so that signals go to the threads of the program.
static int start_thread(void) {
    sigset_t all, before;
    pthread_t thread;
    pthread_attr_t attributes;
    keep_exit_statuses();
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, &attributes, spawn_forever, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

int desk_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
}

int desk_spawn(const struct desk_spawn_request *request, struct desk_spawn_result *result) {
    if (request->inherited_count < 0 || request->inherited_count > DESK_MAX_INHERITED) {
        fail(result, DESK_STEP_DESCRIPTORS, EINVAL);
        return -1;
    }
    pthread_mutex_lock(&turn);
    pthread_mutex_lock(&state);
    int error = is_running ? 0 : start_thread();
    if (error != 0) {
        fail(result, DESK_STEP_THREAD, error);
    } else {
        is_running = 1;
        struct job job = {request, result, 0};
        pending = &job;
        pthread_cond_broadcast(&changed);
        while (!job.is_done) pthread_cond_wait(&changed, &state);
    }
    pthread_mutex_unlock(&state);
    pthread_mutex_unlock(&turn);
    return result->step == DESK_STEP_NONE ? 0 : -1;
}
