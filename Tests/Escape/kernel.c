// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/// Runs a body in a process of its own, since the kernel may end it; 1 when it says so.
static int in_child(int (*body)(void)) {
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) _exit(body() ? 42 : 0);
    if (pid < 0 || waitpid(pid, &status, 0) != pid) return 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

static int user_namespace(void) { return unshare(CLONE_NEWUSER) == 0; }
static int mount_namespace(void) { return unshare(CLONE_NEWNS) == 0; }

static int cloned_namespace(void) {
    long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
    if (pid == 0) _exit(0);
    return pid > 0;
}

static int cloned_namespace_by_structure(void) {
    unsigned long long arguments[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
    long pid = syscall(435, arguments, sizeof arguments);
    if (pid == 0) _exit(0);
    return pid > 0;
}

static int enter_network(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", given_number("pid"));
    int descriptor = open(path, O_RDONLY);
    return descriptor >= 0 && setns(descriptor, 0) == 0;
}

static int mount_folder(void) {
    return mount("none", in_own("work"), "tmpfs", 0, NULL) == 0;
}

static int open_tree_of_mounts(void) { return syscall(428, AT_FDCWD, "/", 1) >= 0; }
static int programs_in_kernel(void) {
    char attributes[128] = {0};
    attributes[0] = 2;
    attributes[4] = attributes[8] = 4;
    attributes[12] = 1;
    return syscall(SYS_bpf, 0, attributes, sizeof attributes) >= 0;
}

static int page_faults(void) { return syscall(SYS_userfaultfd, 1) >= 0; }

static int ring(void) {
    char parameters[120] = {0};
    return syscall(425, 2, parameters) >= 0;
}

static int performance(void) {
    char attributes[128] = {1, 0, 0, 0, sizeof attributes};
    return syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0) >= 0;
}

static int keys(void) {
    return syscall(SYS_add_key, "user", "trap", "x", 1, -3) >= 0
        || syscall(SYS_keyctl, 0, -3, 1) >= 0;
}

static int file_handles(void) {
    union { unsigned words[34]; struct file_handle handle; } buffer = {.words = {128}};
    int mount;
    return name_to_handle_at(AT_FDCWD, "/", &buffer.handle, &mount, 0) == 0;
}

static int watch_all_files(void) { return syscall(SYS_fanotify_init, 0x200, 0) >= 0; }
static int kernel_log(void) { return klogctl(10, NULL, 0) >= 0; }
static int change_name(void) { return sethostname("trap", 4) == 0; }
static int change_persona(void) { return personality(ADDR_NO_RANDOMIZE) != -1; }
static int load_module(void) { return syscall(SYS_finit_module, -1, "", 0) == 0; }
static int regain_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1; }

static int set_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return clock_settime(CLOCK_REALTIME, &now) == 0;
}

static int has_capability(void) {
    struct { unsigned version; int pid; } header = {0x20080522, 0};
    unsigned sets[6] = {0};
    return syscall(SYS_capget, &header, sets) != 0 || (sets[0] | sets[1] | sets[3] | sets[4]) != 0;
}

static int old_calls(void) {
#ifdef __x86_64__
    long result;
    // getpid by the 32-bit way in, which a filter of 64-bit numbers does not see.
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
    return result > 0;
#else
    return 0;
#endif
}

static int other_numbers(void) { return syscall(0x40000000 + SYS_getpid) > 0; }
static int new_calls(void) { return syscall(480) >= 0; }
static int by_old_calls(void) { return in_child(old_calls); }
static int by_other_numbers(void) { return in_child(other_numbers); }

static int type_on_terminal(void) {
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    char letter = 'x';
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return 0;
    setsid();
    int terminal = open(ptsname(master), O_RDWR);
    ioctl(terminal, TIOCSCTTY, 0);
    return terminal >= 0 && ioctl(terminal, TIOCSTI, &letter) == 0;
}

const struct attempt kernel_attempts[] = {
    {"make-user-namespace", user_namespace}, {"make-mount-namespace", mount_namespace},
    {"clone-into-namespace", cloned_namespace},
    {"clone3-into-namespace", cloned_namespace_by_structure},
    {"enter-other-network", enter_network}, {"mount-folder", mount_folder},
    {"copy-mounts", open_tree_of_mounts}, {"load-kernel-program", programs_in_kernel},
    {"catch-page-faults", page_faults}, {"make-ring", ring},
    {"watch-performance", performance}, {"use-keyring", keys}, {"make-file-handle", file_handles},
    {"watch-all-files", watch_all_files}, {"read-kernel-log", kernel_log},
    {"change-host-name", change_name}, {"change-personality", change_persona},
    {"load-module", load_module}, {"regain-privileges", regain_privileges},
    {"set-clock", set_clock}, {"keep-capability", has_capability},
    {"call-the-32-bit-way", by_old_calls}, {"call-by-x32-number", by_other_numbers},
    {"call-what-is-unknown", new_calls}, {"type-on-terminal", type_on_terminal}, {0, 0},
};
