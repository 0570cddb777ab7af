// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CGIT2_SHIM_H
#define LOOPDESK_CGIT2_SHIM_H

#include <asm/unistd.h>
#include <dirent.h>
#include <git2.h>
#include <zlib.h>

// Swift cannot call functions with a variable argument list, so each option used has a name here.

static inline int loopdesk_git_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int loopdesk_git_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int loopdesk_git_cache_limit(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int loopdesk_git_mapped_limit(size_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, bytes);
}

static inline int loopdesk_git_mapped_files(size_t files) {
    return git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, files);
}

// zlib's own initialiser is a macro that Swift does not see.

static inline int loopdesk_deflate_init(z_stream *stream, int level, int memory) {
    return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS, memory, Z_DEFAULT_STRATEGY);
}

// The name is an array at the end of a structure, which Swift imports as a tuple.

static inline const char *loopdesk_entry_name(const struct dirent *entry) {
    return entry->d_name;
}

// The C library shows renameat2 to GNU programs alone, in a header from which Swift would take
// `stat` and others for ours, as it would from that of fcntl. All give 0, or -1 with an errno.
long syscall(long number, ...);
int fcntl(int descriptor, int command, ...);

static inline int loopdesk_rename(const char *from, const char *to, unsigned flags) {
    const int here = -100; // AT_FDCWD
    return (int)syscall(__NR_renameat2, here, from, here, to, flags);
}

/// Gives a file another name, which nothing may have.
static inline int loopdesk_rename_new(const char *from, const char *to) {
    return loopdesk_rename(from, to, 1 /* RENAME_NOREPLACE */);
}

/// Lets two files change their names, in one step.
static inline int loopdesk_exchange(const char *one, const char *other) {
    return loopdesk_rename(one, other, 2 /* RENAME_EXCHANGE */);
}

/// Whether nobody else has a file open or mapped; 0 as well where the file system cannot tell.
///
/// The system grants a lease for writing in that case alone. Somebody who opens the file before the
/// lease is given back is announced by a signal, so one that does nothing by itself is chosen.
static inline int loopdesk_is_alone(int descriptor) {
    const int set_signal = 10, set_lease = 1024; // F_SETSIG, F_SETLEASE
    const int urgent = 23, writing = 1, none = 2; // SIGURG, F_WRLCK, F_UNLCK
    if (fcntl(descriptor, set_signal, urgent) != 0) return 0;
    if (fcntl(descriptor, set_lease, writing) != 0) return 0;
    return fcntl(descriptor, set_lease, none) == 0;
}

#endif
