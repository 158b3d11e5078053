/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/plan.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool read_addr(const char *text, size_t len, uint32_t *addr)
{
    char buf[INET_ADDRSTRLEN];
    struct in_addr in;

    if (len >= sizeof(buf))
        return false;
    memcpy(buf, text, len);
    buf[len] = '\0';
    if (inet_pton(AF_INET, buf, &in) != 1)
        return false;
    *addr = ntohl(in.s_addr);
    return true;
}

static int parse_cidr(struct plan_range *r, const char *text, const char *slash, char *err,
                      size_t err_size)
{
    char *end;
    const unsigned long bits = strtoul(slash + 1, &end, 10);
    uint32_t net;

    if (!read_addr(text, (size_t)(slash - text), &net) || !isdigit((unsigned char)slash[1]) ||
        *end || bits < 1 || bits > 32) {
        snprintf(err, err_size, "\"%s\" is no IPv4 network ADDRESS/BITS", text);
        return EINVAL;
    }
    const uint32_t hosts = bits == 32 ? 0 : UINT32_MAX >> bits;
    if (net & hosts) {
        const struct in_addr in = {htonl(net & ~hosts)};
        char buf[INET_ADDRSTRLEN];
        snprintf(err, err_size, "\"%s\" has bits behind its network part; the network is %s/%lu",
                 text, inet_ntop(AF_INET, &in, buf, sizeof(buf)), bits);
        return EINVAL;
    }
    r->single = bits == 32;
    r->first = bits >= 31 ? net : net + 1;
    r->last = bits >= 31 ? net + hosts : net + hosts - 1;
    return 0;
}

int plan_range_parse(struct plan_range *r, const char *text, char *err, size_t err_size)
{
    const char *slash = strchr(text, '/'), *dash = strchr(text, '-');

    if (slash)
        return parse_cidr(r, text, slash, err, err_size);
    if (strchr(text, ':')) {
        snprintf(err, err_size, "\"%s\": phones have IPv4 addresses; IPv6 comes later", text);
        return EINVAL;
    }
    const size_t len = dash ? (size_t)(dash - text) : strlen(text);
    r->single = !dash;
    if (!read_addr(text, len, &r->first) ||
        (dash && !read_addr(dash + 1, strlen(dash + 1), &r->last))) {
        snprintf(err, err_size,
                 "\"%s\" is no IPv4 address, network (10.0.0.0/16) or range (10.0.0.1-10.0.0.9)",
                 text);
        return EINVAL;
    }
    if (!dash)
        r->last = r->first;
    if (r->last < r->first) {
        snprintf(err, err_size, "the range \"%s\" ends before it begins", text);
        return EINVAL;
    }
    return 0;
}

static int place_on_one(struct plan_place *p, const struct plan_range *r, uint32_t port_base,
                        unsigned index, char *err, size_t err_size)
{
    const uint64_t port =
        (port_base ? port_base : PLAN_PORT_BASE) + (uint64_t)PLAN_PORT_STEP * (index - 1);

    p->addr.s_addr = htonl(r->first);
    if (port + PLAN_PORT_STEP - 1 > UINT16_MAX) {
        char buf[INET_ADDRSTRLEN];
        snprintf(err, err_size,
                 "phone %u on the one address %s would need ports over 65535; give --addr a "
                 "network or a range",
                 index, inet_ntop(AF_INET, &p->addr, buf, sizeof(buf)));
        return EINVAL;
    }
    p->port_base = (uint16_t)port;
    return 0;
}

int plan_place_get(struct plan_place *p, const struct plan_range *r, uint32_t port_base,
                   unsigned index, char *err, size_t err_size)
{
    if (r->single)
        return place_on_one(p, r, port_base, index, err, err_size);
    if (index - 1 > r->last - r->first) {
        snprintf(err, err_size, "--addr has %llu addresses and phone %u of them needs one",
                 (unsigned long long)r->last - r->first + 1, index);
        return EINVAL;
    }
    p->addr.s_addr = htonl(r->first + (index - 1));
    p->port_base = 0;
    return 0;
}

int plan_mac_parse(uint64_t *mac, const char *text)
{
    unsigned digits = 0;
    uint64_t value = 0;

    for (const char *p = text; *p; p++) {
        if (strchr(":-.", *p) && digits > 0 && digits < 12 && digits % 2 == 0)
            continue;
        if (!isxdigit((unsigned char)*p) || digits == 12)
            return EINVAL;
        const int c = tolower((unsigned char)*p);
        value = value << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
        digits++;
    }
    if (digits != 12)
        return EINVAL;
    *mac = value;
    return 0;
}

int plan_mac_get(uint8_t mac[6], uint64_t base, unsigned offset)
{
    const uint64_t value = base + offset;

    if (value >> 24 != base >> 24)
        return EINVAL;
    for (unsigned i = 0; i < 6; i++)
        mac[i] = (uint8_t)(value >> (40 - 8 * i));
    return 0;
}

static bool look_up(struct sockaddr_in *peer, const char *host)
{
    const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *found;

    if (inet_pton(AF_INET, host, &peer->sin_addr) == 1)
        return true;
    if (!*host || getaddrinfo(host, NULL, &hints, &found))
        return false;
    memcpy(peer, found->ai_addr, sizeof(*peer));
    freeaddrinfo(found);
    return true;
}

int plan_addr_towards(struct in_addr *addr, const char *host)
{
    struct sockaddr_in peer = {.sin_family = AF_INET}, own;
    socklen_t len = sizeof(own);

    if (!look_up(&peer, host))
        peer.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1: any address of the default route */
    peer.sin_port = htons(5060);
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return EADDRNOTAVAIL;
    const bool ok = connect(fd, (struct sockaddr *)&peer, sizeof(peer)) == 0 &&
                    getsockname(fd, (struct sockaddr *)&own, &len) == 0;
    close(fd);
    if (!ok)
        return EADDRNOTAVAIL;
    *addr = own.sin_addr;
    return 0;
}
