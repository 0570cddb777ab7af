// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static int shared_memory(void) { return shmget(given_number("key"), 0, 0) >= 0; }
static int semaphore(void) { return semget(given_number("key"), 0, 0) >= 0; }
static int message_queue(void) { return msgget(given_number("key"), 0) >= 0; }
static int named_queue(void) { return mq_open(given("queue"), O_RDONLY) >= 0; }

static int shared_file(void) {
    char path[256];
    snprintf(path, sizeof path, "/dev/shm/%s", given("shared"));
    return can_open(path, O_RDONLY);
}

static int temporary_file(void) { return can_open(given("temporary"), O_RDONLY); }

static int connects(const char *name, int is_abstract) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0) return 0;
    snprintf(address.sun_path + is_abstract, sizeof address.sun_path - 1, "%s", name);
    socklen_t length = (socklen_t)(sizeof address.sun_family + is_abstract + strlen(name));
    return connect(descriptor, (struct sockaddr *)&address, length) == 0;
}

static int path_socket(void) { return connects(given("socket"), 0); }
static int abstract_socket(void) { return connects(given("abstract"), 1); }
static int service_socket(void) {
    return connects("/run/docker.sock", 0) || connects("/run/systemd/private", 0)
        || connects("/run/dbus/system_bus_socket", 0);
}

static int uncounted_memory(void) { return syscall(SYS_memfd_create, "trap", 0) >= 0; }

const struct attempt channel_attempts[] = {
    {"find-shared-memory", shared_memory}, {"find-semaphores", semaphore},
    {"find-message-queue", message_queue}, {"open-named-queue", named_queue},
    {"read-shared-file", shared_file}, {"read-temporary-file", temporary_file},
    {"connect-to-path", path_socket}, {"connect-to-abstract-name", abstract_socket},
    {"connect-to-services", service_socket}, {"make-uncounted-memory", uncounted_memory}, {0, 0},
};
