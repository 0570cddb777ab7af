// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "launcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// Each argument is one row, `name=value`; see docs/sandbox.md. What holds is counted, what does
// not is written as a line, and the last line is the count, so that silence is no success.

static int rows;

static void row(int holds, const char *name, const char *value) {
    rows++;
    if (!holds) printf("broken %s=%s\n", name, value);
}

static int can_open(const char *path) {
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor >= 0) close(descriptor);
    return descriptor >= 0;
}

/// Whether a file opens or a folder shows anything.
static int shows(const char *path) {
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0) return 0;
    if (fstat(descriptor, &status) != 0 || !S_ISDIR(status.st_mode)) {
        close(descriptor);
        return 1;
    }
    DIR *folder = fdopendir(descriptor);
    int count = 0;
    while (folder != NULL && readdir(folder) != NULL) count++;
    if (folder != NULL) closedir(folder);
    return count > 2;
}

/// Whether an existing file opens for writing, or a folder takes a file.
static int can_write(const char *path) {
    struct stat status;
    char name[4096];
    if (stat(path, &status) == 0 && !S_ISDIR(status.st_mode)) {
        int descriptor = open(path, O_WRONLY | O_CLOEXEC);
        if (descriptor >= 0) close(descriptor);
        return descriptor >= 0;
    }
    snprintf(name, sizeof name, "%s/probe.part", path);
    int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return 0;
    close(descriptor);
    unlink(name);
    return 1;
}

/// Whether a process, `number:name`, shows in /proc. A sandbox numbers its own processes, so a
/// number alone says nothing; the program's name must fit as well.
static int can_see(const char *value) {
    char path[64], name[32] = "";
    const char *colon = strchr(value, ':');
    if (colon == NULL) return 1;
    snprintf(path, sizeof path, "/proc/%d/comm", atoi(value));
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    int is_same = fgets(name, sizeof name, file) != NULL
        && strncmp(name, colon + 1, strlen(colon + 1)) == 0;
    fclose(file);
    return is_same;
}

static int can_signal(const char *value) {
    return kill(atoi(value), 0) == 0;
}

static int opens_socket(int family, int kind) {
    int descriptor = socket(family, kind, 0);
    if (descriptor >= 0) close(descriptor);
    return descriptor >= 0;
}

/// Whether another network interface than the loopback is there.
static int has_network(void) {
    char line[512];
    FILE *file = fopen("/proc/self/net/dev", "r");
    int found = 0;
    if (file == NULL) return 0;
    for (int i = 0; fgets(line, sizeof line, file) != NULL; i++) {
        if (i >= 2 && strstr(line, " lo:") == NULL) found = 1;
    }
    fclose(file);
    return found;
}

/// Whether the environment has exactly the names between commas.
static int has_environment(const char *names) {
    extern char **environ;
    size_t wanted = *names != 0;
    for (const char *c = names; *c != 0; c++) wanted += *c == ',';
    size_t count = 0;
    for (char **entry = environ; *entry != NULL; entry++, count++) {
        size_t length = strcspn(*entry, "=");
        const char *at = names;
        while (strncmp(at, *entry, length) != 0 || (at[length] != 0 && at[length] != ',')) {
            at = strchr(at, ',');
            if (at == NULL) return 0;
            at++;
        }
    }
    return count == wanted;
}

static int has_other_descriptors(void) {
    for (int descriptor = 3; descriptor < 256; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) return 1;
    }
    return 0;
}

static int has_limit(int resource, const char *value) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_max <= strtoull(value, NULL, 10);
}

/// Whether no more than so many processes can be started, whatever counts them.
static int is_counted(const char *value) {
    int limit = atoi(value), count = 0;
    int ends[2];
    if (limit <= 0 || pipe(ends) != 0) return 0;
    for (; count < limit; count++) {
        pid_t child = fork();
        if (child < 0) break;
        if (child > 0) continue;
        // Each lives until the last descriptor of the other end is closed.
        char byte;
        close(ends[1]);
        _exit((int)read(ends[0], &byte, 1));
    }
    close(ends[0]);
    close(ends[1]);
    for (int i = 0; i < count; i++) wait(NULL);
    return count < limit;
}

static int try_row(const char *name, const char *value) {
    if (strcmp(name, "hidden") == 0) return !shows(value);
    if (strcmp(name, "visible") == 0) return can_open(value);
    if (strcmp(name, "fixed") == 0) return !can_write(value);
    if (strcmp(name, "writable") == 0) return can_write(value);
    if (strcmp(name, "unseen") == 0) return !can_see(value);
    if (strcmp(name, "unsignalled") == 0) return !can_signal(value);
    if (strcmp(name, "environment") == 0) return has_environment(value);
    if (strcmp(name, "files") == 0) return has_limit(RLIMIT_NOFILE, value);
    if (strcmp(name, "file") == 0) return has_limit(RLIMIT_FSIZE, value);
    if (strcmp(name, "memory") == 0) return has_limit(RLIMIT_DATA, value);
    if (strcmp(name, "processes") == 0) return has_limit(RLIMIT_NPROC, value);
    if (strcmp(name, "counted") == 0) return is_counted(value);
    if (strcmp(name, "tcp") == 0) {
        return opens_socket(AF_INET, SOCK_STREAM) == (strcmp(value, "yes") == 0);
    }
    if (strcmp(name, "none") != 0) return 0;
    if (strcmp(value, "namespaces") == 0) return unshare(CLONE_NEWUSER) != 0;
    if (strcmp(value, "privileges") == 0) return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    if (strcmp(value, "free-calls") == 0) return prctl(PR_GET_SECCOMP) == 2;
    if (strcmp(value, "unix-sockets") == 0) return !opens_socket(AF_UNIX, SOCK_STREAM);
    if (strcmp(value, "datagrams") == 0) return !opens_socket(AF_INET, SOCK_DGRAM);
    if (strcmp(value, "interfaces") == 0) return !has_network();
    if (strcmp(value, "descriptors") == 0) return !has_other_descriptors();
    return 0;
}

int probe(char **arguments) {
    for (; *arguments != NULL; arguments++) {
        char name[32];
        size_t length = strcspn(*arguments, "=");
        if (length >= sizeof name || (*arguments)[length] == 0) {
            errno = 0;
            fail(STATUS_USAGE, "probe", *arguments);
        }
        memcpy(name, *arguments, length);
        name[length] = 0;
        row(try_row(name, *arguments + length + 1), name, *arguments + length + 1);
    }
    printf("rows %d\n", rows);
    return 0;
}
