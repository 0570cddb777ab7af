// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "launcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const struct limit known_limits[LIMIT_KINDS] = {
    {"processes", RLIMIT_NPROC, 0, 0}, {"files", RLIMIT_NOFILE, 0, 0},
    {"file", RLIMIT_FSIZE, 0, 0},      {"memory", RLIMIT_DATA, 0, 0},
    {"space", RLIMIT_AS, 0, 0},        {"cpu", RLIMIT_CPU, 0, 0},
};

static _Noreturn void misuse(const char *argument) {
    errno = 0;
    fail(STATUS_USAGE, "use the argument", argument);
}

/// A whole number of digits alone, followed by the given end.
static unsigned long long number(const char *text, char end, const char *argument) {
    char *rest;
    errno = 0;
    if (*text < '0' || *text > '9') misuse(argument);
    unsigned long long value = strtoull(text, &rest, 10);
    if (errno != 0 || *rest != end) misuse(argument);
    return value;
}

static int small_number(const char *text, char end, int most, const char *argument) {
    unsigned long long value = number(text, end, argument);
    if (value > (unsigned long long)most) misuse(argument);
    return (int)value;
}

static void add_path(const char **paths, int *count, const char *path, const char *argument) {
    if (path[0] != '/' || *count == MOST_PATHS) misuse(argument);
    paths[(*count)++] = path;
}

static void read_limit(struct options *options, const char *argument, const char *value) {
    for (int i = 0; i < LIMIT_KINDS; i++) {
        struct limit *limit = &options->limits[i];
        size_t length = strlen(limit->name);
        if (strncmp(argument, limit->name, length) != 0 || argument[length] != '=') continue;
        if (limit->is_set) misuse(argument);
        limit->value = number(value, 0, argument);
        limit->is_set = 1;
        return;
    }
    misuse(argument);
}

static void read_option(struct options *options, const char *argument) {
    const char *sign = strchr(argument, '=');
    if (sign == NULL) misuse(argument);
    const char *value = sign + 1;
    if (strncmp(argument, "keep=", 5) == 0) {
        if (options->kept_count == MOST_DESCRIPTORS) misuse(argument);
        options->kept[options->kept_count++] = small_number(value, 0, 255, argument);
    } else if (strncmp(argument, "read=", 5) == 0) {
        add_path(options->readable, &options->readable_count, value, argument);
    } else if (strncmp(argument, "write=", 6) == 0) {
        add_path(options->writable, &options->writable_count, value, argument);
    } else if (strncmp(argument, "listen=", 7) == 0) {
        const char *colon = strchr(value, ':');
        if (colon == NULL || options->port != 0) misuse(argument);
        options->port = small_number(value, ':', 65535, argument);
        options->passage = small_number(colon + 1, 0, 255, argument);
        if (options->port == 0 || options->passage < 3) misuse(argument);
    } else {
        read_limit(options, argument, value);
    }
}

void read_options(struct options *options, char **arguments) {
    memset(options, 0, sizeof *options);
    memcpy(options->limits, known_limits, sizeof known_limits);
    for (; *arguments != NULL && strcmp(*arguments, "--") != 0; arguments++) {
        read_option(options, *arguments);
    }
    if (*arguments == NULL) misuse("(there is no --)");
    options->program = arguments + 1;
    if (*options->program == NULL) misuse("-- (no program follows)");
    if (**options->program != '/') misuse(*options->program);
}
