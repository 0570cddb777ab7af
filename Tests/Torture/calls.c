// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// What the calls of a watched process are about, read from its memory and from /proc.

#define _GNU_SOURCE
#include "stopper.h"

#include <asm/unistd.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

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
void introduce(int number, pid_t id) {
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

// --- Lists -------------------------------------------------------------------------------------

/// The descriptor or path that a call is about, for the list; nothing if it has none.
void subject(const struct thread *thread, char *path, size_t limit) {
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

/// Whether a path of the file system is meant, and not a pipe, a socket or the like.
static int is_file(const char *path) { return path[0] == '/'; }

static int ends_with(const char *text, const char *end) {
    size_t length = strlen(text), rest = strlen(end);
    return length >= rest && strcmp(text + length - rest, end) == 0;
}

int changes_nothing(const struct thread *thread, const char *path) {
    const uint64_t *arguments = thread->arguments;
    const uint64_t makes = O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
    switch (thread->number) {
    case __NR_openat: return !(arguments[2] & makes);
#ifdef __NR_open
    case __NR_open: return !(arguments[1] & makes);
    case __NR_stat: case __NR_lstat: case __NR_readlink: case __NR_access: case __NR_arch_prctl:
        return 1;
#endif
    // What is read from a pipe is gone for others; a file that is locked by flock is let go.
    case __NR_read: case __NR_readv: return is_file(path);
    case __NR_close: return is_file(path) && !ends_with(path, "lock");
    case __NR_fcntl:
        return arguments[1] == F_GETFD || arguments[1] == F_SETFD || arguments[1] == F_GETFL
            || arguments[1] == F_DUPFD || arguments[1] == F_DUPFD_CLOEXEC;
    case __NR_mmap: return !(arguments[3] & MAP_SHARED) || !(arguments[2] & PROT_WRITE);
    case __NR_newfstatat: case __NR_fstat: case __NR_statx: case __NR_faccessat:
    case __NR_faccessat2: case __NR_readlinkat: case __NR_getdents64: case __NR_lseek:
    case __NR_pread64: case __NR_statfs: case __NR_fstatfs: case __NR_getpid: case __NR_getppid:
    case __NR_gettid: case __NR_getuid: case __NR_geteuid: case __NR_getgid: case __NR_getegid:
    case __NR_getcwd: case __NR_uname: case __NR_sysinfo: case __NR_getrandom:
    case __NR_mprotect: case __NR_munmap: case __NR_mremap: case __NR_madvise: case __NR_brk:
    case __NR_rt_sigaction: case __NR_rt_sigprocmask: case __NR_sigaltstack: case __NR_rseq:
    case __NR_set_robust_list: case __NR_set_tid_address: case __NR_prlimit64:
    case __NR_sched_getaffinity:
        return 1;
    // Time passes in all that wait, and others come further meanwhile.
    default: return 0;
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
void tell_change(const struct thread *thread, long long result) {
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
    case __NR_renameat: tell_two(thread, "rename", 0, 1, 2, 3); break;
    case __NR_renameat2:
        // The flag RENAME_EXCHANGE.
        tell_two(thread, arguments[4] & 2 ? "exchange" : "rename", 0, 1, 2, 3);
        break;
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
