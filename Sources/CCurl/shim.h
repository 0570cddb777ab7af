// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

#ifndef LOOPDESK_CCURL_SHIM_H
#define LOOPDESK_CCURL_SHIM_H

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

// Swift cannot call functions with a variable argument list, so each kind of option has a name.

static inline CURLcode loopdesk_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode loopdesk_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode loopdesk_set_list(
    CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

// The bytes are copied by the library.
static inline CURLcode loopdesk_set_body(CURL *easy, const void *bytes, curl_off_t count) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
    return code ? code : curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

// Only HTTP with and without TLS; the option for it has changed its name.
static inline CURLcode loopdesk_set_protocols(CURL *easy, int plain) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, plain ? "http,https" : "https");
#else
    long allowed = plain ? CURLPROTO_HTTP | CURLPROTO_HTTPS : CURLPROTO_HTTPS;
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, allowed);
#endif
}

// A thread that looks up a name is left to end by itself instead of being waited for.
static inline CURLcode loopdesk_set_quick_end(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

typedef size_t (*loopdesk_take)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode loopdesk_set_takers(
    CURL *easy, loopdesk_take header, loopdesk_take body, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, context);
    if (!code) code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    return code ? code : curl_easy_setopt(easy, CURLOPT_WRITEDATA, context);
}

static inline CURLcode loopdesk_set_ready(
    CURL *easy, curl_prereq_callback ready, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, ready);
    return code ? code : curl_easy_setopt(easy, CURLOPT_PREREQDATA, context);
}

static inline CURLcode loopdesk_set_opener(
    CURL *easy, curl_opensocket_callback open, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open);
    return code ? code : curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, context);
}

static inline long loopdesk_info_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) ? 0 : value;
}

static inline CURLMcode loopdesk_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLcode loopdesk_result(const CURLMsg *message) {
    return message->data.result;
}

// Writes the numeric form of an address; nothing for a family that is neither IPv4 nor IPv6.
static inline void loopdesk_address_text(
    const struct curl_sockaddr *address, char *text, socklen_t size) {
    const char *place = (const char *)address + offsetof(struct curl_sockaddr, addr);
    text[0] = 0;
    if (address->family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, place, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text, size);
    } else if (address->family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, place, sizeof six);
        inet_ntop(AF_INET6, &six.sin6_addr, text, size);
    }
}

static inline int loopdesk_address_port(const struct curl_sockaddr *address) {
    const char *place = (const char *)address + offsetof(struct curl_sockaddr, addr);
    struct sockaddr_in either;
    memcpy(&either, place, sizeof either);
    // Both families have the port at the same place.
    return ntohs(either.sin_port);
}

// Leads a connection to a local socket instead; the library leaves room for any kind of address.
static inline void loopdesk_lead_to(
    struct curl_sockaddr *address, const void *name, unsigned count) {
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    if (count > sizeof local.sun_path) count = sizeof local.sun_path;
    memcpy(local.sun_path, name, count);
    address->family = AF_UNIX;
    address->socktype = SOCK_STREAM;
    address->protocol = 0;
    address->addrlen = (unsigned)(offsetof(struct sockaddr_un, sun_path) + count);
    memcpy((char *)address + offsetof(struct curl_sockaddr, addr), &local, address->addrlen);
}

#endif
