// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

// A hostile program, and the surroundings that it attacks:
//
//     loopdesk-escape list                 the names of all attempts and normal actions
//     loopdesk-escape outside FOLDER       what can be attacked, until the input ends
//     loopdesk-escape try NAME [a=b ...]   one attempt: prints yes or no

#include "escape.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char **facts;

const char *given(const char *name) {
    size_t length = strlen(name);
    for (char **fact = facts; *fact != NULL; fact++) {
        if (strncmp(*fact, name, length) == 0 && (*fact)[length] == '=') return *fact + length + 1;
    }
    fprintf(stderr, "nothing says %s\n", name);
    exit(64);
}

int given_number(const char *name) {
    return atoi(given(name));
}

static const char *below(const char *folder, const char *path) {
    static char buffers[8][4096];
    static int next;
    char *buffer = buffers[next++ % 8];
    snprintf(buffer, sizeof buffers[0], "%s/%s", folder, path);
    return buffer;
}

const char *in_desk(const char *path) {
    return below(given("desk"), path);
}

const char *in_own(const char *path) {
    return below(in_desk("worktrees/maker"), path);
}

int can_open(const char *path, int flags) {
    int descriptor = open(path, flags | O_NONBLOCK);
    if (descriptor >= 0) close(descriptor);
    return descriptor >= 0;
}

int can_create(const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (descriptor < 0) return 0;
    close(descriptor);
    unlink(path);
    return 1;
}

int opens_socket(int family, int kind, int protocol) {
    int descriptor = socket(family, kind, protocol);
    if (descriptor >= 0) close(descriptor);
    return descriptor >= 0;
}

static const struct attempt *const groups[] = {
    file_attempts, process_attempts, channel_attempts, network_attempts, kernel_attempts,
    resource_attempts, normal_actions,
};

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "outside") == 0) return be_the_outside(arguments[2]);
    int is_list = count == 2 && strcmp(arguments[1], "list") == 0;
    if (!is_list && (count < 3 || strcmp(arguments[1], "try") != 0)) return 64;
    facts = arguments + (is_list ? 2 : 3);
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        for (const struct attempt *attempt = groups[i]; attempt->name != NULL; attempt++) {
            if (is_list) printf("%s\n", attempt->name);
            if (is_list || strcmp(attempt->name, arguments[2]) != 0) continue;
            puts(attempt->try() ? "yes" : "no");
            fflush(stdout);
            _exit(0);
        }
    }
    return is_list ? 0 : 64;
}
