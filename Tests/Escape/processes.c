// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pid_t victim(void) { return (pid_t)given_number("pid"); }

static int signal_it(void) { return kill(victim(), 0) == 0; }
static int stop_it(void) { return kill(victim(), SIGCONT) == 0; }
static int signal_group(void) { return kill(-victim(), 0) == 0; }
static int trace_it(void) { return ptrace(PTRACE_SEIZE, victim(), 0, 0) == 0; }

static int signal_by_descriptor(void) {
    int descriptor = (int)syscall(434, victim(), 0);
    return descriptor >= 0 && syscall(424, descriptor, 0, NULL, 0) == 0;
}

static int read_memory(void) {
    char byte;
    struct iovec here = {&byte, 1};
    // Address 0 is never mapped: it is the right to ask that shows.
    struct iovec there = {0, 1};
    return process_vm_readv(victim(), &here, 1, &there, 1, 0) >= 0 || errno == EFAULT;
}

static int opens_proc(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", victim(), name);
    return can_open(path, O_RDONLY);
}

static int read_environment(void) { return opens_proc("environ"); }
static int read_command_line(void) { return opens_proc("cmdline"); }
static int take_descriptor(void) {
    int process = (int)syscall(434, victim(), 0);
    return process >= 0 && syscall(438, process, 0, 0) >= 0;
}

static int change_limit(void) {
    struct rlimit limit;
    return prlimit(victim(), RLIMIT_CPU, NULL, &limit) == 0;
}

static int change_priority(void) { return setpriority(PRIO_PROCESS, (id_t)victim(), 1) == 0; }
static int change_user_priority(void) { return setpriority(PRIO_USER, 0, 1) == 0; }
static int change_disk_priority(void) { return syscall(SYS_ioprio_set, 1, victim(), 3 << 13) == 0; }

static int change_affinity(void) {
    cpu_set_t set;
    memset(&set, 0xFF, sizeof set);
    return sched_setaffinity(victim(), sizeof set, &set) == 0;
}

static int compare(void) { return syscall(SYS_kcmp, victim(), victim(), 0, 0, 0) >= 0; }

static int read_secret(void) { return getenv("SECRET_OF_THE_SUPERVISOR") != NULL; }

const struct attempt process_attempts[] = {
    {"signal-process", signal_it}, {"continue-process", stop_it}, {"signal-group", signal_group},
    {"signal-by-descriptor", signal_by_descriptor}, {"trace-process", trace_it},
    {"read-process-memory", read_memory}, {"read-process-environment", read_environment},
    {"read-command-line", read_command_line}, {"take-descriptor", take_descriptor},
    {"touch-process-limit", change_limit}, {"change-priority", change_priority},
    {"change-priority-of-user", change_user_priority},
    {"change-disk-priority", change_disk_priority}, {"change-affinity", change_affinity},
    {"compare-processes", compare}, {"inherit-a-secret", read_secret}, {0, 0},
};
