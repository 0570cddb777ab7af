// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Runs a program under ptrace and does one thing to one of its processes at one system call.
//
//   stopper kill  PROCESS CALL REPORT -- PROGRAM…         kill it before the call takes place
//   stopper error PROCESS CALL NUMBER ERROR REPORT -- PROGRAM…   let it fail with that errno
//   stopper short PROCESS CALL NUMBER REPORT -- PROGRAM…         let it move half of its bytes
//   stopper count REPORT -- PROGRAM…                      list all calls of all processes, and
//                                                         whether each only looks or acts
//   stopper files REPORT -- PROGRAM…                      list all changes of files, with the data
//
// Processes are numbered in the order in which they are made: 0 is the program, 1 its first child.
// Calls are numbered from 1 within a process, its threads and what it did before exec included.
// With NUMBER, the first call of that number from a little before CALL on is the one, because the
// place of a call differs by a few from run to run.
// The exit status is the program's, 128 more than the signal if one ended it.
//
// ptrace and not strace, because a kill point is one call of one process, whatever its name, and
// because only that process has to pay for being watched: others run free.

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stopper.h"

enum mode { KILL, FAIL, SHORT, COUNT, FILES };

struct process {
    pid_t id;
    long calls;
};

#define SLACK 5
#define MOST_PROCESSES 4096
#define MOST_THREADS 4096

static enum mode mode;
static int target;
static long target_call;
static long target_number = -1;
static int target_error;
static int is_done;
static FILE *report;
static struct process processes[MOST_PROCESSES];
static int process_count;
static struct thread threads[MOST_THREADS];
static int thread_count;
// Threads that stopped before their maker's event told of them.
static pid_t early[MOST_THREADS];
static int early_count;

_Noreturn void give_up(const char *what) {
    fprintf(stderr, "stopper: cannot %s: %s\n", what, strerror(errno));
    exit(125);
}

void tell(const char *form, ...) {
    va_list values;
    va_start(values, form);
    vfprintf(report, form, values);
    va_end(values);
}

static struct thread *find(pid_t id) {
    for (int i = 0; i < thread_count; i++) {
        if (threads[i].id == id) return &threads[i];
    }
    return NULL;
}

static struct thread *add_thread(pid_t id, int process) {
    if (thread_count == MOST_THREADS) {
        errno = ENOMEM;
        give_up("watch another thread");
    }
    threads[thread_count] = (struct thread){.id = id, .process = process};
    return &threads[thread_count++];
}

static int add_process(pid_t id) {
    if (process_count == MOST_PROCESSES) {
        errno = ENOMEM;
        give_up("watch another process");
    }
    processes[process_count] = (struct process){.id = id};
    return process_count++;
}

static void forget(pid_t id) {
    for (int i = 0; i < thread_count; i++) {
        if (threads[i].id == id) {
            threads[i] = threads[--thread_count];
            return;
        }
    }
}

static int watches_all(void) { return mode == COUNT || mode == FILES; }

/// Whether the calls of a process are of interest.
static int is_watched(const struct thread *thread) {
    return watches_all() || (thread->process == target && !is_done);
}

static void resume(struct thread *thread, int signal) {
    // A thread that is gone cannot be resumed; its end is reported by itself.
    ptrace(is_watched(thread) ? PTRACE_SYSCALL : PTRACE_CONT, thread->id, 0, (long)signal);
}

// --- Changing the watched process --------------------------------------------------------------

static void set_result(pid_t id, long result) {
#if defined(__x86_64__)
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, id, 0, &registers) != 0) return;
    registers.rax = (unsigned long long)result;
    ptrace(PTRACE_SETREGS, id, 0, &registers);
#elif defined(__aarch64__)
    struct user_regs_struct registers;
    struct iovec block = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, id, NT_PRSTATUS, &block) != 0) return;
    registers.regs[0] = (unsigned long long)result;
    ptrace(PTRACE_SETREGSET, id, NT_PRSTATUS, &block);
#else
#error "stopper knows x86-64 and AArch64 only"
#endif
}

/// Makes the kernel do nothing for the call at whose entry the thread stands.
static void skip_call(pid_t id) {
#if defined(__x86_64__)
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, id, 0, &registers) != 0) return;
    registers.orig_rax = (unsigned long long)-1;
    ptrace(PTRACE_SETREGS, id, 0, &registers);
#else
    int none = -1;
    struct iovec block = {&none, sizeof none};
    ptrace(PTRACE_SETREGSET, id, NT_ARM_SYSTEM_CALL, &block);
#endif
}

/// Halves the third argument, which is the number of bytes in every call this is used for.
static void halve_count(pid_t id) {
#if defined(__x86_64__)
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, id, 0, &registers) != 0) return;
    registers.rdx = (registers.rdx + 1) / 2;
    ptrace(PTRACE_SETREGS, id, 0, &registers);
#else
    struct user_regs_struct registers;
    struct iovec block = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, id, NT_PRSTATUS, &block) != 0) return;
    registers.regs[2] = (registers.regs[2] + 1) / 2;
    ptrace(PTRACE_SETREGSET, id, NT_PRSTATUS, &block);
#endif
}

// --- Stops -------------------------------------------------------------------------------------

static void enter(struct thread *thread, const struct __ptrace_syscall_info *info) {
    thread->number = (long)info->entry.nr;
    for (int i = 0; i < 6; i++) thread->arguments[i] = info->entry.args[i];
    if (mode == FILES) return;
    long call = ++processes[thread->process].calls;
    if (mode == COUNT) {
        char path[4096];
        subject(thread, path, sizeof path);
        tell("call\t%d\t%ld\t%ld\t%s\t%s\n", thread->process, call, thread->number, path,
             changes_nothing(thread, path) ? "looks" : "acts");
        return;
    }
    int is_met = target_number < 0 ? call == target_call
                                   : call >= target_call - SLACK && thread->number == target_number;
    if (is_done || !is_met) return;
    is_done = 1;
    char path[4096];
    subject(thread, path, sizeof path);
    tell("hit\t%d\t%ld\t%ld\t%s\n", thread->process, call, thread->number, path);
    fflush(report);
    if (mode == KILL) {
        kill(processes[thread->process].id, SIGKILL);
    } else if (mode == SHORT) {
        halve_count(thread->id);
    } else {
        thread->is_bent = 1;
        // A close that fails has closed all the same; every other call is left out.
        if (thread->number != __NR_close) skip_call(thread->id);
    }
}

static void at_call(struct thread *thread) {
    struct __ptrace_syscall_info info;
    long size = ptrace(PTRACE_GET_SYSCALL_INFO, thread->id, (void *)sizeof info, &info);
    if (size <= 0) return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
        thread->is_inside = 1;
        enter(thread, &info);
        return;
    }
    if (info.op != PTRACE_SYSCALL_INFO_EXIT || !thread->is_inside) return;
    thread->is_inside = 0;
    if (thread->is_bent) {
        thread->is_bent = 0;
        set_result(thread->id, -(long)target_error);
    }
    if (mode == FILES) tell_change(thread, info.exit.rval);
}

/// Takes up a new thread or lets a new process go that is of no interest.
static void welcome(struct thread *thread) {
    if (thread->process != 0 && !is_watched(thread)) {
        pid_t id = thread->id;
        forget(id);
        ptrace(PTRACE_DETACH, id, 0, 0);
        return;
    }
    resume(thread, 0);
}

static void at_birth(struct thread *maker, int event) {
    unsigned long message = 0;
    if (ptrace(PTRACE_GETEVENTMSG, maker->id, 0, &message) != 0) return;
    pid_t id = (pid_t)message;
    int process = maker->process;
    if (event != PTRACE_EVENT_CLONE) process = add_process(id);
    struct thread *thread = add_thread(id, process);
    for (int i = 0; i < early_count; i++) {
        if (early[i] != id) continue;
        early[i] = early[--early_count];
        welcome(thread);
        return;
    }
}

static void at_stop(pid_t id, int status) {
    int signal = WSTOPSIG(status);
    int event = status >> 16;
    struct thread *thread = find(id);
    if (thread == NULL) {
        early[early_count++] = id;
        return;
    }
    if (event == PTRACE_EVENT_STOP) {
        int is_group_stop =
            signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
        if (is_group_stop) {
            ptrace(PTRACE_LISTEN, id, 0, 0);
        } else {
            welcome(thread);
        }
        return;
    }
    if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE) {
        at_birth(thread, event);
        // The list of threads may have changed.
        thread = find(id);
        if (thread != NULL) resume(thread, 0);
        return;
    }
    if (event == PTRACE_EVENT_EXEC) {
        introduce(thread->process, id);
        resume(thread, 0);
        return;
    }
    if (signal == (SIGTRAP | 0x80)) {
        at_call(thread);
        resume(thread, 0);
        return;
    }
    resume(thread, event != 0 ? 0 : signal);
}

static int watch(pid_t first) {
    int ending = 0;
    for (;;) {
        int status;
        pid_t id = waitpid(-1, &status, __WALL);
        if (id < 0 && errno == EINTR) continue;
        if (id < 0) break;
        if (WIFSTOPPED(status)) {
            at_stop(id, status);
            continue;
        }
        forget(id);
        if (id == first) {
            ending = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
            // Whoever is still there is no business of ours any more, and must not die with us.
            if (!watches_all()) break;
        }
    }
    return ending;
}

static pid_t start(char **arguments) {
    pid_t id = fork();
    if (id < 0) give_up("start a process");
    if (id == 0) {
        raise(SIGSTOP);
        execvp(arguments[0], arguments);
        give_up("run the program");
    }
    int status;
    if (waitpid(id, &status, WUNTRACED) != id) give_up("wait for the program");
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK
        | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SEIZE, id, 0, options) != 0) give_up("watch the program");
    add_thread(id, add_process(id));
    kill(id, SIGCONT);
    return id;
}

static long number(const char *text) {
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == 0 || *end != 0 || value < 0) {
        fprintf(stderr, "stopper: expected a number, found '%s'\n", text);
        exit(125);
    }
    return value;
}

int main(int count, char **words) {
    static const char *const names[] = {"kill", "error", "short", "count", "files"};
    static const int lengths[] = {3, 5, 4, 1, 1};
    int kind = -1;
    for (int i = 0; count > 1 && i < 5; i++) {
        if (strcmp(words[1], names[i]) == 0) kind = i;
    }
    if (kind < 0 || count < lengths[kind] + 4 || strcmp(words[lengths[kind] + 2], "--") != 0) {
        fprintf(stderr, "stopper: wrong arguments; they are described at the top of its source\n");
        return 125;
    }
    mode = (enum mode)kind;
    if (!watches_all()) {
        target = (int)number(words[2]);
        target_call = number(words[3]);
    }
    if (mode == FAIL || mode == SHORT) target_number = number(words[4]);
    if (mode == FAIL) target_error = (int)number(words[5]);
    report = fopen(words[lengths[kind] + 1], "we");
    if (report == NULL) give_up("write the report");
    pid_t first = start(words + lengths[kind] + 3);
    int ending = watch(first);
    fclose(report);
    return ending;
}
