// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#include "escape.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in outside(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((unsigned short)given_number(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int connects(int protocol) {
    struct sockaddr_in address = outside("tcp");
    int descriptor = socket(AF_INET, SOCK_STREAM, protocol);
    return descriptor >= 0
        && connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
}

static int tcp(void) { return connects(0); }
static int multipath(void) { return connects(262); }

static int tcp6(void) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6};
    address.sin6_port = htons((unsigned short)given_number("tcp"));
    // An IPv4 address in IPv6 form, so that it works where IPv6 is off.
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &address.sin6_addr);
    int descriptor = socket(AF_INET6, SOCK_STREAM, 0);
    return descriptor >= 0
        && connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0;
}

static int fast_open(void) {
    struct sockaddr_in address = outside("tcp");
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    return descriptor >= 0
        && sendto(descriptor, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&address, sizeof address)
            == 1;
}

static int udp(void) {
    struct sockaddr_in address = outside("tcp");
    char byte = 'x';
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    if (descriptor < 0) return 0;
    // The packet may find nobody; that it can be sent to a network of others is what counts.
    address.sin_addr.s_addr = htonl(0xC0000201);
    return sendto(descriptor, &byte, 1, 0, (struct sockaddr *)&address, sizeof address) == 1;
}

static int any_datagram(void) { return opens_socket(AF_INET, SOCK_DGRAM, 0); }
static int raw(void) { return opens_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP); }
static int packets(void) { return opens_socket(AF_PACKET, SOCK_RAW, 0); }
static int netlink(void) { return opens_socket(AF_NETLINK, SOCK_RAW, 0); }
static int machines(void) { return opens_socket(40, SOCK_STREAM, 0); }
static int ciphers(void) { return opens_socket(38, SOCK_SEQPACKET, 0); }

static int waits(void) {
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    return descriptor >= 0 && listen(descriptor, 1) == 0;
}

const struct attempt network_attempts[] = {
    {"connect-tcp", tcp}, {"connect-tcp6", tcp6}, {"connect-multipath", multipath},
    {"connect-fast-open", fast_open}, {"send-udp", udp}, {"open-udp", any_datagram},
    {"open-raw", raw}, {"open-packets", packets}, {"open-netlink", netlink},
    {"open-machine-socket", machines}, {"open-cipher-socket", ciphers}, {"listen", waits}, {0, 0},
};
