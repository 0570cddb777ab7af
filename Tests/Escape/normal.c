// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int reads(const char *path) { return can_open(path, O_RDONLY); }
static int read_skill(void) { return reads(in_own("agents/maker/SKILL.md")); }
static int read_inbox(void) { return reads(in_own("inbox/0001-bars.json")); }
static int read_market(void) { return reads(in_desk(".loopdesk/market/research/history.csv")); }

static int write_outbox(void) {
    int descriptor = open(in_own("outbox/1.part"), O_WRONLY | O_CREAT, 0600);
    if (descriptor < 0 || write(descriptor, "{}", 2) != 2) return 0;
    close(descriptor);
    return rename(in_own("outbox/1.part"), in_own("outbox/1-proposal.json")) == 0;
}

static int write_memory(void) {
    int descriptor = open(in_own("agents/maker/STATE.md"), O_WRONLY | O_TRUNC);
    return descriptor >= 0 && write(descriptor, "---\n---\n", 8) == 8;
}

static int use_scratch(void) {
    return can_create(in_own("work/scratch")) && can_create("/tmp/scratch")
        && can_create("/dev/shm/scratch");
}

static int start_program(void) {
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "exec ls /usr >/dev/null", NULL);
        _exit(1);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static void *count(void *number) {
    ++*(int *)number;
    return NULL;
}

static int start_thread(void) {
    pthread_t thread;
    int number = 0;
    return pthread_create(&thread, NULL, count, &number) == 0
        && pthread_join(thread, NULL) == 0 && number == 1;
}

static int talk_to_own_child(void) {
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && write(ends[0], "x", 1) == 1;
}

static int draw_randomness(void) {
    char bytes[16];
    return getentropy(bytes, sizeof bytes) == 0 && reads("/dev/urandom");
}

static int read_clock(void) {
    struct timespec now;
    return clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec > 0;
}

static int use_memory(void) {
    char *block = malloc(64 << 20);
    if (block == NULL) return 0;
    memset(block, 1, 64 << 20);
    return block[12345] == 1;
}

static int read_own_processes(void) { return reads("/proc/self/status"); }

static int signal_own_child(void) {
    pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    int status;
    return pid > 0 && kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid;
}

const struct attempt normal_actions[] = {
    {"normal-read-skill", read_skill}, {"normal-read-inbox", read_inbox},
    {"normal-read-market", read_market}, {"normal-write-outbox", write_outbox},
    {"normal-write-memory", write_memory}, {"normal-use-scratch", use_scratch},
    {"normal-start-program", start_program}, {"normal-start-thread", start_thread},
    {"normal-talk-to-child", talk_to_own_child}, {"normal-draw-randomness", draw_randomness},
    {"normal-read-clock", read_clock}, {"normal-use-memory", use_memory},
    {"normal-read-own-processes", read_own_processes},
    {"normal-signal-child", signal_own_child}, {0, 0},
};
