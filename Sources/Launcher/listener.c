// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "launcher.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// Sends one descriptor with one byte; the other end is a socket of sequenced packets.
static int send_descriptor(int socket, int descriptor) {
    char byte = 'L';
    struct iovec part = {&byte, 1};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    ssize_t count;
    do {
        count = sendmsg(socket, &message, MSG_NOSIGNAL);
    } while (count < 0 && errno == EINTR);
    return count == 1 ? 0 : -1;
}

void pass_listener(const struct options *options) {
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons((unsigned short)options->port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) fail(STATUS_LISTENER, "make", "the listener");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) {
        fail(STATUS_LISTENER, "bind", "the listener");
    }
    if (listen(listener, 64) != 0) fail(STATUS_LISTENER, "listen on", "the listener");
    if (send_descriptor(options->passage, listener) != 0) {
        fail(STATUS_LISTENER, "hand over", "the listener");
    }
    close(listener);
    close(options->passage);
}
