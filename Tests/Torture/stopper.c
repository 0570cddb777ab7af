// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// Runs a program under ptrace and does one thing to one of its processes at one system call.
//
//   stopper kill  PROCESS CALL REPORT -- PROGRAM…         kill it before the call takes place
//   stopper error PROCESS CALL ERROR REPORT -- PROGRAM…   let the call fail with that errno
//   stopper short PROCESS CALL REPORT -- PROGRAM…         let it move half of its bytes
//   stopper count REPORT -- PROGRAM…                      list all calls of all processes
//   stopper files REPORT -- PROGRAM…                      list all changes of files, with the data
//
// Processes are numbered in the order in which they are made: 0 is the program, 1 its first child.
// Calls are numbered from 1 within a process, its threads and what it did before exec included.
// The exit status is the program's, 128 more than the signal if one ended it.
//
// ptrace and not strace, because a kill point is one call of one process, whatever its name, and
// because only that process has to pay for being watched: others run free.

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum mode { KILL, FAIL, SHORT, COUNT, FILES };

struct process {
    pid_t id;
    long calls;
};

struct thread {
    pid_t id;
    int process;
    int is_inside;
    int is_bent;
    long number;
    uint64_t arguments[6];
};

#define MOST_PROCESSES 4096
#define MOST_THREADS 4096

static enum mode mode;
static int target;
static long target_call;
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

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "stopper: cannot %s: %s\n", what, strerror(errno));
    exit(125);
}

static void tell(const char *form, ...) {
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

// --- Reading the watched process ---------------------------------------------------------------

static size_t load(pid_t id, uint64_t address, void *bytes, size_t count) {
    struct iovec here = {bytes, count};
    struct iovec there = {(void *)(uintptr_t)address, count};
    ssize_t got = process_vm_readv(id, &here, 1, &there, 1, 0);
    return got < 0 ? 0 : (size_t)got;
}

static void load_text(pid_t id, uint64_t address, char *text, size_t limit) {
    size_t used = 0;
    // A page at a time, because the next page may not be there.
    while (used + 1 < limit) {
        size_t step = 4096 - (address + used) % 4096;
        if (step > limit - 1 - used) step = limit - 1 - used;
        size_t got = load(id, address + used, text + used, step);
        if (got == 0) break;
        if (memchr(text + used, 0, got) != NULL) return;
        used += got;
    }
    text[used] = 0;
}

static void link_of(pid_t id, const char *what, char *path, size_t limit) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/%s", id, what);
    ssize_t length = readlink(name, path, limit - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void path_of(pid_t id, int descriptor, char *path, size_t limit) {
    char name[32];
    snprintf(name, sizeof name, "fd/%d", descriptor);
    link_of(id, descriptor == AT_FDCWD ? "cwd" : name, path, limit);
}

/// The absolute path that a call names.
static void path_at(pid_t id, int folder, uint64_t address, char *path, size_t limit) {
    char name[4096];
    load_text(id, address, name, sizeof name);
    if (name[0] == '/') {
        snprintf(path, limit, "%s", name);
        return;
    }
    path_of(id, folder, path, limit);
    size_t used = strlen(path);
    if (name[0] != 0) snprintf(path + used, limit - used, "/%s", name);
}

static unsigned long inode_of(pid_t id, int descriptor, mode_t *kind) {
    char name[64];
    struct stat status;
    snprintf(name, sizeof name, "/proc/%d/fd/%d", id, descriptor);
    if (stat(name, &status) != 0) return 0;
    if (kind != NULL) *kind = status.st_mode;
    return status.st_ino;
}

static long long position_of(pid_t id, int descriptor) {
    char name[64];
    long long position = -1;
    snprintf(name, sizeof name, "/proc/%d/fdinfo/%d", id, descriptor);
    FILE *file = fopen(name, "r");
    if (file == NULL) return -1;
    if (fscanf(file, "pos: %lld", &position) != 1) position = -1;
    fclose(file);
    return position;
}

/// Tells who a process is, once it runs a program.
static void introduce(int number, pid_t id) {
    char bytes[65536];
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/environ", id);
    int file = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t count = file < 0 ? 0 : read(file, bytes, sizeof bytes - 1);
    if (file >= 0) close(file);
    bytes[count < 0 ? 0 : count] = 0;
    for (char *entry = bytes; entry < bytes + count; entry += strlen(entry) + 1) {
        if (strncmp(entry, "LOOPDESK_AGENT=", 15) == 0) {
            tell("process\t%d\t%s\n", number, entry + 15);
            return;
        }
    }
    snprintf(name, sizeof name, "/proc/%d/cmdline", id);
    file = open(name, O_RDONLY | O_CLOEXEC);
    count = file < 0 ? 0 : read(file, bytes, sizeof bytes - 1);
    if (file >= 0) close(file);
    bytes[count < 0 ? 0 : count] = 0;
    size_t first = strlen(bytes) + 1;
    const char *verb = count > 0 && first < (size_t)count ? bytes + first : "";
    tell("process\t%d\t%s\n", number, number == 0 ? "supervisor" : verb);
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

// --- Lists -------------------------------------------------------------------------------------

/// The descriptor or path that a call is about, for the list; nothing if it has none.
static void subject(const struct thread *thread, char *path, size_t limit) {
    const uint64_t *arguments = thread->arguments;
    path[0] = 0;
    switch (thread->number) {
    case __NR_openat: case __NR_newfstatat: case __NR_mkdirat: case __NR_unlinkat:
    case __NR_readlinkat: case __NR_renameat: case __NR_renameat2: case __NR_linkat:
    case __NR_faccessat: case __NR_fchmodat: case __NR_statx:
        path_at(thread->id, (int)arguments[0], arguments[1], path, limit);
        break;
    case __NR_symlinkat:
        path_at(thread->id, (int)arguments[1], arguments[2], path, limit);
        break;
#ifdef __NR_open
    case __NR_open: case __NR_stat: case __NR_lstat: case __NR_mkdir: case __NR_unlink:
    case __NR_readlink: case __NR_rename: case __NR_link: case __NR_rmdir: case __NR_access:
    case __NR_chmod:
#endif
    case __NR_truncate: case __NR_statfs: case __NR_chdir:
        path_at(thread->id, AT_FDCWD, arguments[0], path, limit);
        break;
    case __NR_read: case __NR_write: case __NR_pread64: case __NR_pwrite64: case __NR_readv:
    case __NR_writev: case __NR_fsync: case __NR_fdatasync: case __NR_ftruncate:
    case __NR_fallocate: case __NR_close: case __NR_fstat: case __NR_getdents64:
    case __NR_lseek: case __NR_flock: case __NR_fcntl: case __NR_fstatfs: case __NR_fchmod:
        path_of(thread->id, (int)arguments[0], path, limit);
        break;
    case __NR_mmap:
        if (!(arguments[3] & MAP_ANONYMOUS)) path_of(thread->id, (int)arguments[4], path, limit);
        break;
    default: break;
    }
}

static void tell_bytes(pid_t id, uint64_t address, size_t count) {
    unsigned char bytes[65536];
    while (count > 0) {
        size_t step = count < sizeof bytes ? count : sizeof bytes;
        size_t got = load(id, address, bytes, step);
        if (got == 0) give_up("read what a process writes");
        for (size_t i = 0; i < got; i++) tell("%02x", bytes[i]);
        address += got;
        count -= got;
    }
}

static void tell_write(const struct thread *thread, long long position, long long count) {
    mode_t kind = 0;
    int descriptor = (int)thread->arguments[0];
    unsigned long inode = inode_of(thread->id, descriptor, &kind);
    if (!S_ISREG(kind) || count <= 0) return;
    tell("write\t%d\t%lu\t%lld\t", thread->process, inode, position);
    tell_bytes(thread->id, thread->arguments[1], (size_t)count);
    tell("\n");
}

static void tell_vector(const struct thread *thread, long long position, long long count) {
    struct iovec parts[64];
    mode_t kind = 0;
    unsigned long inode = inode_of(thread->id, (int)thread->arguments[0], &kind);
    size_t number = thread->arguments[2] < 64 ? thread->arguments[2] : 64;
    if (!S_ISREG(kind) || count <= 0) return;
    load(thread->id, thread->arguments[1], parts, number * sizeof *parts);
    tell("write\t%d\t%lu\t%lld\t", thread->process, inode, position);
    for (size_t i = 0; i < number && count > 0; i++) {
        size_t step = parts[i].iov_len < (size_t)count ? parts[i].iov_len : (size_t)count;
        tell_bytes(thread->id, (uint64_t)(uintptr_t)parts[i].iov_base, step);
        count -= (long long)step;
    }
    tell("\n");
}

static void tell_open(const struct thread *thread, int descriptor, int flags) {
    mode_t kind = 0;
    char path[4096];
    unsigned long inode = inode_of(thread->id, descriptor, &kind);
    if (!S_ISREG(kind)) return;
    path_of(thread->id, descriptor, path, sizeof path);
    if (flags & O_CREAT) {
        tell("open\t%d\t%lu\t%o\t%s\n", thread->process, inode, kind & 07777, path);
    }
    if (flags & O_TRUNC) tell("truncate\t%d\t%lu\t0\n", thread->process, inode);
}

static void tell_two(const struct thread *thread, const char *name, int folder, int path,
                     int other_folder, int other) {
    char from[4096], to[4096];
    const uint64_t *arguments = thread->arguments;
    int first = folder < 0 ? AT_FDCWD : (int)arguments[folder];
    int second = other_folder < 0 ? AT_FDCWD : (int)arguments[other_folder];
    path_at(thread->id, first, arguments[path], from, sizeof from);
    path_at(thread->id, second, arguments[other], to, sizeof to);
    tell("%s\t%d\t%s\t%s\n", name, thread->process, from, to);
}

static void tell_one(const struct thread *thread, const char *name, int folder, int path) {
    char where[4096];
    int first = folder < 0 ? AT_FDCWD : (int)thread->arguments[folder];
    path_at(thread->id, first, thread->arguments[path], where, sizeof where);
    tell("%s\t%d\t%s\n", name, thread->process, where);
}

/// Lists a change of a file that has just taken place.
static void tell_change(const struct thread *thread, long long result) {
    const uint64_t *arguments = thread->arguments;
    int descriptor = (int)arguments[0];
    mode_t kind = 0;
    if (result < 0) return;
    switch (thread->number) {
#ifdef __NR_open
    case __NR_open: tell_open(thread, (int)result, (int)arguments[1]); break;
    case __NR_rename: tell_two(thread, "rename", -1, 0, -1, 1); break;
    case __NR_link: tell_two(thread, "link", -1, 0, -1, 1); break;
    case __NR_unlink: tell_one(thread, "unlink", -1, 0); break;
    case __NR_rmdir: tell_one(thread, "rmdir", -1, 0); break;
    case __NR_mkdir: tell_one(thread, "mkdir", -1, 0); break;
    case __NR_creat: case __NR_symlink: case __NR_mknod:
#endif
    case __NR_truncate: case __NR_copy_file_range: case __NR_sendfile: case __NR_pwritev:
    case __NR_pwritev2: case __NR_io_uring_setup: case __NR_mknodat:
        tell("unknown\t%d\t%ld\n", thread->process, thread->number);
        break;
    case __NR_symlinkat: tell_one(thread, "symlink", 1, 2); break;
    case __NR_openat: tell_open(thread, (int)result, (int)arguments[2]); break;
    case __NR_renameat: case __NR_renameat2: tell_two(thread, "rename", 0, 1, 2, 3); break;
    case __NR_linkat: tell_two(thread, "link", 0, 1, 2, 3); break;
    case __NR_unlinkat:
        tell_one(thread, arguments[2] & AT_REMOVEDIR ? "rmdir" : "unlink", 0, 1);
        break;
    case __NR_mkdirat: tell_one(thread, "mkdir", 0, 1); break;
    case __NR_write:
        tell_write(thread, position_of(thread->id, descriptor) - result, result);
        break;
    case __NR_pwrite64: tell_write(thread, (long long)arguments[3], result); break;
    case __NR_writev:
        tell_vector(thread, position_of(thread->id, descriptor) - result, result);
        break;
    case __NR_ftruncate:
        tell("truncate\t%d\t%lu\t%llu\n", thread->process, inode_of(thread->id, descriptor, NULL),
             (unsigned long long)arguments[1]);
        break;
    case __NR_fallocate:
        tell("allocate\t%d\t%lu\t%llu\t%llu\n", thread->process,
             inode_of(thread->id, descriptor, NULL), (unsigned long long)arguments[1],
             (unsigned long long)arguments[2] + arguments[3]);
        break;
    case __NR_fsync: case __NR_fdatasync: {
        char path[4096];
        path_of(thread->id, descriptor, path, sizeof path);
        unsigned long inode = inode_of(thread->id, descriptor, &kind);
        tell("%s\t%d\t%lu\t%s\n", S_ISDIR(kind) ? "syncfolder" : "sync", thread->process, inode,
             path);
        break;
    }
    case __NR_mmap:
        if ((arguments[3] & MAP_TYPE) != MAP_PRIVATE && !(arguments[3] & MAP_ANONYMOUS)
            && (arguments[2] & PROT_WRITE)) {
            char path[4096];
            path_of(thread->id, (int)arguments[4], path, sizeof path);
            tell("mapped\t%d\t%s\n", thread->process, path);
        }
        break;
    default: break;
    }
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
        tell("call\t%d\t%ld\t%ld\t%s\n", thread->process, call, thread->number, path);
        return;
    }
    if (is_done || call != target_call) return;
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
    static const int lengths[] = {3, 4, 3, 1, 1};
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
    if (mode == FAIL) target_error = (int)number(words[4]);
    report = fopen(words[lengths[kind] + 1], "we");
    if (report == NULL) give_up("write the report");
    pid_t first = start(words + lengths[kind] + 3);
    int ending = watch(first);
    fclose(report);
    return ending;
}
