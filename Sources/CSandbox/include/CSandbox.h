// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CSANDBOX_H
#define LOOPDESK_CSANDBOX_H

/// The largest number of descriptors that one child can be handed beside 0, 1 and 2.
enum { DESK_MAX_INHERITED = 16 };

/// The step of a start that failed; `DESK_STEP_NONE` when the program runs.
enum desk_step {
    DESK_STEP_NONE = 0,
    DESK_STEP_THREAD,
    DESK_STEP_REPORT_PIPE,
    DESK_STEP_FORK,
    DESK_STEP_SESSION,
    DESK_STEP_PARENT_DEATH,
    DESK_STEP_PARENT_GONE,
    DESK_STEP_CONTROL_GROUP,
    DESK_STEP_DESCRIPTORS,
    DESK_STEP_FOLDER,
    DESK_STEP_EXEC,
    DESK_STEP_PROCESS_DESCRIPTOR,
};

/// Everything a child is made from. Nothing else of the caller reaches it.
struct desk_spawn_request {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *folder;
    /// The list of a control group to join, `tasks` or `cgroup.procs`; NULL for none.
    const char *group;
    int standard[3];
    const int *sources;
    const int *targets;
    int inherited_count;
};

/// What became of a start: a process, or the step that failed and its errno.
struct desk_spawn_result {
    int pid;
    int pidfd;
    int step;
    int error;
};

/// How a process ended.
struct desk_exit {
    int has_ended;
    int was_signalled;
    int value;
};

/// Starts a program from the permanent spawner thread and waits until it has been executed.
/// Returns 0, or -1 with the failing step and errno in the result.
int desk_spawn(const struct desk_spawn_request *request, struct desk_spawn_result *result);

/// Makes a pipe whose ends are closed at exec, read end first; 0 or an errno.
int desk_pipe(int ends[2]);

/// Reads how the process behind a pidfd ended, without waiting; 0 or an errno.
/// With `keep` the process stays a zombie, so that its group number cannot be used again.
int desk_exit_of(int pidfd, int keep, struct desk_exit *outcome);

/// Whether a signal has stopped the process behind a pidfd, which must be a child of ours.
int desk_is_stopped(int pidfd);

/// Begins to catch SIGINT and SIGTERM and writes a byte per signal to a descriptor.
/// The first is counted; the second ends the process at once. 0 or an errno.
int desk_catch_interrupts(int wake_descriptor);

/// The number of interrupts caught so far.
int desk_interrupt_count(void);

/// Keeps a signal from ending the process, and opens a descriptor that is readable when it comes.
/// To be called before any thread is started. -1 with errno on failure.
int desk_signal_descriptor(int number);

/// Keeps the memory of this process from being moved to a disk: all that it has and, without a
/// limit, all that it will have. 0 when the user may not.
int desk_lock_memory(void);

/// Takes one signal from such a descriptor; 0 when there is none.
int desk_take_signal(int descriptor);

/// Lets go of the program's own code in memory; what runs next is read again from the page cache.
void desk_forget_program_pages(void);

/// Makes a set of descriptors that can be waited for as one (epoll); 0 or an errno.
int desk_wake_set(int *set);

/// Adds a descriptor to a set; 0 or an errno.
int desk_wake_set_add(int set, int descriptor);

/// Lists descriptors of a set that are readable now; their number.
int desk_wake_set_ready(int set, int *descriptors, int capacity);

/// Makes the orphans among our descendants our own children; 0 or an errno.
int desk_adopt_orphans(void);

/// Opens a pidfd of a process; a negative errno on failure.
int desk_open_process(int pid);

/// Sends a signal to the process behind a pidfd; 0 or an errno.
int desk_signal_process(int pidfd, int number);

/// Reaps one child if it has ended, without waiting; 1 when it was reaped.
int desk_reap(int pid);

/// The version of Landlock that the kernel offers; a negative errno when it offers none.
int desk_landlock_version(void);

/// Whether something keeps the computer's time of day right; a negative errno when nobody knows.
int desk_is_clock_kept(void);

/// The path of a library that this process has loaded, by its place in the list; NULL at the end.
const char *desk_library(int index);

#endif
