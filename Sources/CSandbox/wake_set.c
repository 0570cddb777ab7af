// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "include/CSandbox.h"

#include <errno.h>
#include <sys/epoll.h>

int desk_wake_set(int *set)
{
    int number = epoll_create1(EPOLL_CLOEXEC);
    if (number < 0) return errno;
    *set = number;
    return 0;
}

int desk_wake_set_add(int set, int descriptor)
{
    struct epoll_event event = { .events = EPOLLIN, .data.fd = descriptor };
    return epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
}

int desk_wake_set_ready(int set, int *descriptors, int capacity)
{
    struct epoll_event events[16];
    int most = capacity < 16 ? capacity : 16;
    int count = epoll_wait(set, events, most, 0);
    for (int i = 0; i < count; i++) descriptors[i] = events[i].data.fd;
    return count < 0 ? 0 : count;
}
