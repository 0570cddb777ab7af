// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "launcher.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef OWN_ARCHITECTURE

void refuse_calls(int may_connect) {
    (void)may_connect;
    errno = ENOSYS;
    fail(STATUS_CALLS, "filter system calls on", "this kind of processor");
}

#else

// The numbers of calls that are younger than some systems' headers; equal on all processors.
enum {
    IO_URING_SETUP = 425, IO_URING_ENTER, IO_URING_REGISTER, OPEN_TREE, MOVE_MOUNT, FSOPEN,
    FSCONFIG, FSMOUNT, FSPICK, PIDFD_OPEN_, CLONE3, PIDFD_GETFD = 438, PROCESS_MADVISE = 440,
    MOUNT_SETATTR = 442, QUOTACTL_FD = 443, MEMFD_SECRET = 447, PROCESS_MRELEASE = 448,
    SET_MEMPOLICY_HOME_NODE = 450, OPEN_TREE_ATTR = 467,
    // The first that this list has not been held against: what it does is not known here.
    FIRST_UNKNOWN = 470,
};

// Flags of clone and unshare that make namespaces; in clone the lowest byte is a signal.
enum { NEW_TIME = 0x80, NEW_OTHERS = 0x7E020000 };
enum { FAST_OPEN = 0x20000000, TCP_LEVEL = 6, TCP_FASTOPEN_CONNECT_ = 30, TCP_ULP_ = 31 };
enum { STUFF_TERMINAL = 0x5412, CONTROL_CONSOLE = 0x541C };

static const int refused[] = {
    // Other processes.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, PIDFD_GETFD,
    PROCESS_MADVISE, PROCESS_MRELEASE, SYS_move_pages, SYS_migrate_pages, SYS_perf_event_open,
    // Parts of the kernel that no agent needs and that had many faults.
    SYS_bpf, SYS_userfaultfd, IO_URING_SETUP, IO_URING_ENTER, IO_URING_REGISTER, SYS_add_key,
    SYS_request_key, SYS_keyctl, SYS_fanotify_init, SYS_name_to_handle_at,
    SYS_open_by_handle_at, SYS_lookup_dcookie, SET_MEMPOLICY_HOME_NODE,
    // Mounts and namespaces.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, OPEN_TREE, MOVE_MOUNT, FSOPEN,
    FSCONFIG, FSMOUNT, FSPICK, MOUNT_SETATTR, OPEN_TREE_ATTR,
    // The machine.
    SYS_swapon, SYS_swapoff, SYS_reboot, SYS_kexec_load, SYS_init_module, SYS_finit_module,
    SYS_delete_module, SYS_quotactl, QUOTACTL_FD, SYS_acct, SYS_settimeofday, SYS_clock_settime,
    SYS_adjtimex, SYS_clock_adjtime, SYS_sethostname, SYS_setdomainname, SYS_syslog, SYS_vhangup,
    // Memory and queues that processes share without a file in sight, or that no limit counts.
    SYS_shmget, SYS_shmat, SYS_shmctl, SYS_semget, SYS_semop, SYS_semctl, SYS_msgget, SYS_msgsnd,
    SYS_msgrcv, SYS_msgctl, SYS_mq_open, SYS_mq_unlink, SYS_memfd_create, MEMFD_SECRET,
    // Waiting for connections: the launcher has made the only listener there is.
    SYS_bind, SYS_listen, SYS_accept, SYS_accept4,
    // Attributes and special files, which other programs may trust.
    SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, SYS_removexattr, SYS_lremovexattr,
    SYS_fremovexattr, SYS_mknodat,
#ifdef SYS_mknod
    SYS_mknod,
#endif
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef __x86_64__
    SYS_iopl, SYS_ioperm, SYS_modify_ldt, SYS_uselib, SYS_ustat, SYS_sysfs, SYS__sysctl,
    SYS_nfsservctl,
#endif
};

enum { LONGEST = 512 };

struct filter {
    struct sock_filter lines[LONGEST];
    unsigned short count;
};

static void add(struct filter *filter, uint16_t code, uint32_t value, uint8_t yes, uint8_t no) {
    if (filter->count == LONGEST) {
        errno = E2BIG;
        fail(STATUS_CALLS, "build", "the filter of system calls");
    }
    filter->lines[filter->count++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct filter *filter, size_t offset) {
    add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/// The lower half of an argument; the kernel looks at no more of an int. Little-endian.
static void load_argument(struct filter *filter, int index) {
    load(filter, offsetof(struct seccomp_data, args) + (size_t)index * 8);
}

static void answer(struct filter *filter, int error) {
    add(filter, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error, 0, 0);
}

/// Begins what is done for one call alone; `end` fills in how far others jump.
static unsigned short begin(struct filter *filter, int number) {
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 0);
    return filter->count;
}

/// A call that gets here has passed its checks. The others go on behind.
static void end(struct filter *filter, unsigned short first) {
    add(filter, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    filter->lines[first - 1].jf = (uint8_t)(filter->count - first);
}

static void refuse_unless(struct filter *filter, int index, uint32_t value, int error) {
    load_argument(filter, index);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0);
    answer(filter, error);
}

static void refuse_if(struct filter *filter, int index, uint32_t value, int error) {
    load_argument(filter, index);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(filter, error);
}

static void refuse_bits(struct filter *filter, int number, int index, uint32_t bits) {
    unsigned short first = begin(filter, number);
    load_argument(filter, index);
    add(filter, BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1);
    answer(filter, EPERM);
    end(filter, first);
}

/// A call whose argument names a process: 0, the caller itself, is the only one.
static void only_self(struct filter *filter, int number) {
    unsigned short first = begin(filter, number);
    refuse_unless(filter, 0, 0, EPERM);
    end(filter, first);
}

/// A call whose first two arguments name a kind and one of it: again the caller itself.
static void only_own(struct filter *filter, int number, uint32_t kind) {
    unsigned short first = begin(filter, number);
    refuse_unless(filter, 0, kind, EPERM);
    refuse_unless(filter, 1, 0, EPERM);
    end(filter, first);
}

static void filter_sockets(struct filter *filter, int may_connect) {
    unsigned short first = begin(filter, SYS_socketpair);
    refuse_unless(filter, 0, AF_UNIX, EACCES);
    end(filter, first);
    first = begin(filter, SYS_socket);
    if (may_connect) {
        load_argument(filter, 0);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
        answer(filter, EACCES);
        load_argument(filter, 1);
        add(filter, BPF_ALU | BPF_AND | BPF_K, 0xF, 0, 0);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 1, 0);
        answer(filter, EACCES);
        load_argument(filter, 2);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, TCP_LEVEL, 1, 0);
        answer(filter, EACCES);
    } else {
        answer(filter, EACCES);
    }
    end(filter, first);
    // A connection that is opened by sending never asks for the right to connect.
    refuse_bits(filter, SYS_sendto, 3, FAST_OPEN);
    refuse_bits(filter, SYS_sendmsg, 2, FAST_OPEN);
    refuse_bits(filter, SYS_sendmmsg, 3, FAST_OPEN);
    first = begin(filter, SYS_setsockopt);
    load_argument(filter, 1);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, TCP_LEVEL, 0, 6);
    refuse_if(filter, 2, TCP_FASTOPEN_CONNECT_, EPERM);
    refuse_if(filter, 2, TCP_ULP_, EPERM);
    end(filter, first);
}

static void filter_processes(struct filter *filter) {
    refuse_bits(filter, SYS_clone, 0, NEW_OTHERS);
    refuse_bits(filter, SYS_unshare, 0, (uint32_t)NEW_OTHERS | NEW_TIME);
    unsigned short first = begin(filter, CLONE3);
    // Its flags lie in memory, where no filter sees them; programs fall back to clone.
    answer(filter, ENOSYS);
    end(filter, first);
    only_self(filter, SYS_prlimit64);
    only_self(filter, SYS_sched_setaffinity);
    only_self(filter, SYS_sched_setscheduler);
    only_self(filter, SYS_sched_setparam);
    only_self(filter, SYS_sched_setattr);
    only_own(filter, SYS_setpriority, 0);
    only_own(filter, SYS_ioprio_set, 1);
    first = begin(filter, SYS_personality);
    load_argument(filter, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, 0xFFFFFFFF, 1, 0);
    answer(filter, EPERM);
    end(filter, first);
    first = begin(filter, SYS_ioctl);
    refuse_if(filter, 1, STUFF_TERMINAL, EPERM);
    refuse_if(filter, 1, CONTROL_CONSOLE, EPERM);
    end(filter, first);
}

void refuse_calls(int may_connect) {
    struct filter filter = {.count = 0};
    load(&filter, offsetof(struct seccomp_data, arch));
    add(&filter, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    add(&filter, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
    load(&filter, offsetof(struct seccomp_data, nr));
    add(&filter, BPF_JMP | BPF_JGE | BPF_K, FIRST_UNKNOWN, 0, 1);
    answer(&filter, ENOSYS);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        add(&filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)refused[i], 0, 1);
        answer(&filter, EPERM);
    }
    filter_processes(&filter);
    filter_sockets(&filter, may_connect);
    add(&filter, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    struct sock_fprog program = {filter.count, filter.lines};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) {
        fail(STATUS_CALLS, "apply", "the filter of system calls");
    }
}

#endif
