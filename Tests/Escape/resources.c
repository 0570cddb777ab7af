// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MEBIBYTE = 1 << 20 };

/// Whether more processes than the limit, 40, live at one time.
static int many_processes(void) {
    int count = 0;
    while (count < 60) {
        pid_t pid = fork();
        if (pid == 0) {
            pause();
            _exit(0);
        }
        if (pid < 0) break;
        count++;
    }
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    return count >= 60;
}

/// Whether more than the limit of 256 MiB can be written to.
static int much_memory(void) {
    for (int i = 0; i < 40; i++) {
        char *block = mmap(NULL, 10 * MEBIBYTE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED) return 0;
        for (size_t at = 0; at < 10 * MEBIBYTE; at += 4096) block[at] = 1;
    }
    return 1;
}

/// Whether more than four times that can be mapped, shared with others or not.
static int much_space(void) {
    return mmap(NULL, 1100UL * MEBIBYTE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
        != MAP_FAILED;
}

static int fill(const char *path, int mebibytes) {
    static char block[MEBIBYTE];
    signal(SIGXFSZ, SIG_IGN);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int written = 0;
    while (descriptor >= 0 && written < mebibytes
           && write(descriptor, block, sizeof block) == (ssize_t)sizeof block) {
        written++;
    }
    if (descriptor >= 0) close(descriptor);
    return written == mebibytes;
}

static int large_file(void) { return fill(in_own("work/large"), 17); }

static int large_hole(void) {
    signal(SIGXFSZ, SIG_IGN);
    int descriptor = open(in_own("work/hole"), O_WRONLY | O_CREAT, 0600);
    return descriptor >= 0 && ftruncate(descriptor, 1L << 40) == 0;
}

/// Whether more than the 8 MiB of the temporary folder can be filled, file by file.
static int fill_temporary(void) { return fill("/tmp/a", 5) && fill("/tmp/b", 5); }
static int fill_shared(void) { return fill("/dev/shm/a", 5) && fill("/dev/shm/b", 5); }
static int fill_root(void) { return fill("/a", 1) || fill("/dev/a", 1); }

static int many_files(void) {
    int count = 0;
    while (count < 300 && open("/usr", O_RDONLY) >= 0) count++;
    return count >= 300;
}

static int raise_limit(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 || setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

static int dump_core(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0;
}

/// Whether more processor time than the limit, 1 second, can be used.
static int burn(void) {
    struct timespec used = {0};
    while (used.tv_sec < 2) clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return 1;
}

const struct attempt resource_attempts[] = {
    {"start-many-processes", many_processes}, {"use-much-memory", much_memory},
    {"map-much-space", much_space}, {"write-large-file", large_file},
    {"make-large-hole", large_hole}, {"fill-temporary-folder", fill_temporary},
    {"fill-shared-folder", fill_shared}, {"fill-root", fill_root},
    {"open-many-files", many_files}, {"raise-own-limit", raise_limit}, {"dump-core", dump_core},
    {"burn-processor", burn}, {0, 0},
};
