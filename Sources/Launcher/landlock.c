// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/types.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Headers of older systems lack the newer rights, so all of the kernel's interface stands here.
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { GIVE_VERSION = 1, PATH_RULE = 1, PORT_RULE = 2 };
enum { BIND_TCP = 1, CONNECT_TCP = 2, ABSTRACT_SOCKETS = 1, SIGNALS = 2 };

enum right {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIRECTORY = 1 << 3,
    MAKE_CHARACTER_DEVICE = 1 << 6,
    MAKE_SOCKET = 1 << 9,
    MAKE_BLOCK_DEVICE = 1 << 11,
    REFER = 1 << 13,
    TRUNCATE = 1 << 14,
    DEVICE_CONTROL = 1 << 15,
};

enum {
    READING = EXECUTE | READ_FILE | READ_DIRECTORY,
    NEVER = MAKE_CHARACTER_DEVICE | MAKE_BLOCK_DEVICE | MAKE_SOCKET,
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CONTROL,
};

struct ruleset {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct path_rule {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

struct port_rule {
    uint64_t rights;
    uint64_t port;
};

/// Every file right that the kernel's version knows.
static uint64_t known_rights(long version) {
    int count = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
    return (UINT64_C(1) << count) - 1;
}

static void allow(int ruleset, const char *path, uint64_t rights) {
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) fail(STATUS_FILES, "open", path);
    if (!S_ISDIR(status.st_mode)) rights &= OF_FILES;
    struct path_rule rule = {rights, descriptor};
    if (syscall(ADD_RULE, ruleset, PATH_RULE, &rule, 0) != 0) fail(STATUS_FILES, "allow", path);
    close(descriptor);
}

void confine_files(const struct options *options) {
    long version = syscall(CREATE_RULESET, NULL, (size_t)0, GIVE_VERSION);
    if (version < 1) fail(STATUS_FILES, "use", "Landlock of this kernel");
    uint64_t rights = known_rights(version);
    struct ruleset wanted = {rights, 0, 0};
    // A kernel refuses a request that is longer than it knows and not zero there.
    if (version >= 4) wanted.network = BIND_TCP | CONNECT_TCP;
    if (version >= 6) wanted.scopes = ABSTRACT_SOCKETS | SIGNALS;
    int ruleset = (int)syscall(CREATE_RULESET, &wanted, sizeof wanted, 0);
    if (ruleset < 0) fail(STATUS_FILES, "make", "a Landlock ruleset");
    for (int i = 0; i < options->readable_count; i++) {
        allow(ruleset, options->readable[i], rights & READING);
    }
    for (int i = 0; i < options->writable_count; i++) {
        allow(ruleset, options->writable[i], rights & ~(uint64_t)NEVER);
    }
    if (version >= 4 && options->port != 0) {
        struct port_rule rule = {CONNECT_TCP, (uint64_t)options->port};
        if (syscall(ADD_RULE, ruleset, PORT_RULE, &rule, 0) != 0) {
            fail(STATUS_FILES, "allow", "the port of the listener");
        }
    }
    if (syscall(RESTRICT_SELF, ruleset, 0) != 0) fail(STATUS_FILES, "apply", "Landlock");
    close(ruleset);
}
