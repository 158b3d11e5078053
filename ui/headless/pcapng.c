/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SIP messages as a capture file: every one an IPv4 packet of its own, UDP or TCP, TLS in the
 * clear. The comment of a packet tells the phone. Format: draft-ietf-opsawg-pcapng, sections 4.1
 * to 4.3.
 */
#include <errno.h>
#include <netinet/in.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/farm.h"
#include "sim/sip/line.h"
#include "ui/headless/headless.h"

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINKTYPE_IPV4 = 228,
    OPT_END = 0,
    OPT_COMMENT = 1,
    OPT_APPLICATION = 4,
    IP_HEADER = 20,
    UDP_HEADER = 8,
    TCP_HEADER = 20,
    TCP_PUSH_ACK = 0x18,
    PACKET_MAX = 65535,
};

struct flow { /* one direction of a connection */
    struct sockaddr_in from, to;
    uint32_t sent; /* bytes */
};

struct pcapng {
    FILE *out;
    struct farm *farm; /* NULL = it tells nothing yet */
    void *flows;       /* tsearch tree of struct flow */
    uint8_t packet[PACKET_MAX];
    uint8_t block[20 + PACKET_MAX + 3 + 64];
};

static void put_block(FILE *out, uint32_t type, const uint8_t *body, uint32_t len)
{
    const uint32_t total = len + 12;

    fwrite(&type, 4, 1, out);
    fwrite(&total, 4, 1, out);
    fwrite(body, 1, len, out);
    fwrite(&total, 4, 1, out);
}

/* An option, padded to 32 bits, and the end of options behind it. */
static uint32_t put_option(uint8_t *at, uint16_t code, const char *text)
{
    const uint16_t len = (uint16_t)strlen(text);
    const uint32_t padded = (len + 3U) & ~3U;

    memset(at, 0, 4 + padded + 4);
    memcpy(at, &code, 2);
    memcpy(at + 2, &len, 2);
    memcpy(at + 4, text, len);
    return 4 + padded + 4; /* OPT_END is zero */
}

static void put_head(FILE *out)
{
    uint8_t section[16 + 64] = {0}, interface[8] = {0};
    const uint32_t magic = BYTE_ORDER_MAGIC, snap = PACKET_MAX;
    const uint16_t major = 1, link = LINKTYPE_IPV4;

    memcpy(section, &magic, 4);
    memcpy(section + 4, &major, 2);
    memset(section + 8, 0xff, 8); /* section length: not told */
    put_block(out, BLOCK_SECTION, section,
              16 + put_option(section + 16, OPT_APPLICATION, "spafarm " SPAFARM_VERSION));
    memcpy(interface, &link, 2);
    memcpy(interface + 4, &snap, 4);
    put_block(out, BLOCK_INTERFACE, interface, sizeof(interface));
}

static int compare(const void *a, const void *b)
{
    const struct flow *x = a, *y = b;
    const uint32_t left[] = {x->from.sin_addr.s_addr, x->to.sin_addr.s_addr, x->from.sin_port,
                             x->to.sin_port};
    const uint32_t right[] = {y->from.sin_addr.s_addr, y->to.sin_addr.s_addr, y->from.sin_port,
                              y->to.sin_port};
    return memcmp(left, right, sizeof(left));
}

/* Bytes that went this way before, so that a reader can put a stream together. */
static uint32_t *sent_so_far(struct pcapng *p, const struct sockaddr_in *from,
                             const struct sockaddr_in *to)
{
    const struct flow key = {.from = *from, .to = *to};
    struct flow **at = tsearch(&key, &p->flows, compare);

    if (!at)
        return NULL;
    if (*at == &key) {
        *at = malloc(sizeof(key));
        if (!*at) {
            *at = (struct flow *)(uintptr_t)&key;
            tdelete(&key, &p->flows, compare);
            return NULL;
        }
        **at = key;
    }
    return &(*at)->sent;
}

static void put_u16(uint8_t *at, size_t n)
{
    at[0] = (uint8_t)(n >> 8);
    at[1] = (uint8_t)n;
}

static void put_u32(uint8_t *at, uint32_t n)
{
    put_u16(at, n >> 16);
    put_u16(at + 2, n & 0xffff);
}

static void put_ip(uint8_t *at, size_t total, uint8_t protocol, const struct sockaddr_in *from,
                   const struct sockaddr_in *to)
{
    uint32_t sum = 0;

    memset(at, 0, IP_HEADER);
    at[0] = 0x45;
    put_u16(at + 2, total);
    at[8] = 64;
    at[9] = protocol;
    memcpy(at + 12, &from->sin_addr, 4);
    memcpy(at + 16, &to->sin_addr, 4);
    for (unsigned i = 0; i < IP_HEADER; i += 2)
        sum += (uint32_t)(at[i] << 8 | at[i + 1]);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    put_u16(at + 10, ~sum & 0xffff);
}

/* UDP without a checksum, as IPv4 allows. */
static size_t put_udp(uint8_t *at, size_t len, const struct sockaddr_in *from,
                      const struct sockaddr_in *to)
{
    memset(at, 0, UDP_HEADER);
    memcpy(at, &from->sin_port, 2);
    memcpy(at + 2, &to->sin_port, 2);
    put_u16(at + 4, len + UDP_HEADER);
    return UDP_HEADER;
}

static size_t put_tcp(struct pcapng *p, uint8_t *at, size_t len, const struct sockaddr_in *from,
                      const struct sockaddr_in *to)
{
    uint32_t *there = sent_so_far(p, from, to), *back = sent_so_far(p, to, from);

    memset(at, 0, TCP_HEADER);
    memcpy(at, &from->sin_port, 2);
    memcpy(at + 2, &to->sin_port, 2);
    put_u32(at + 4, there ? *there + 1 : 1);
    put_u32(at + 8, back ? *back + 1 : 1);
    at[12] = TCP_HEADER / 4 << 4;
    at[13] = TCP_PUSH_ACK;
    put_u16(at + 14, 65535);
    if (there)
        *there += (uint32_t)len;
    return TCP_HEADER;
}

static void put_packet(struct pcapng *p, unsigned phone, const uint8_t *packet, size_t len)
{
    uint8_t *block = p->block;
    const uint32_t length = (uint32_t)len, padded = (length + 3U) & ~3U;
    struct timeval now;
    char comment[32];

    gettimeofday(&now, NULL);
    const uint64_t us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_usec;
    const uint32_t high = (uint32_t)(us >> 32), low = (uint32_t)us;
    memset(block, 0, 20);
    memcpy(block + 4, &high, 4);
    memcpy(block + 8, &low, 4);
    memcpy(block + 12, &length, 4);
    memcpy(block + 16, &length, 4);
    memcpy(block + 20, packet, len);
    memset(block + 20 + len, 0, padded - length);
    snprintf(comment, sizeof(comment), "phone %u", phone);
    put_block(p->out, BLOCK_PACKET, block,
              20 + padded + put_option(block + 20 + padded, OPT_COMMENT, comment));
}

static void trace_handler(struct farm *f, struct phone *ph, const struct ua_trace *t, void *arg)
{
    struct pcapng *p = arg;
    const bool udp = t->transport == UA_UDP;
    const struct sockaddr_in *from = t->sent ? &t->local : &t->remote;
    const struct sockaddr_in *to = t->sent ? &t->remote : &t->local;
    const size_t room = PACKET_MAX - IP_HEADER - TCP_HEADER;
    const size_t len = t->len < room ? t->len : room;

    (void)f;
    const size_t head = udp ? put_udp(p->packet + IP_HEADER, len, from, to)
                            : put_tcp(p, p->packet + IP_HEADER, len, from, to);
    memcpy(p->packet + IP_HEADER + head, t->data, len);
    put_ip(p->packet, IP_HEADER + head + len, udp ? IPPROTO_UDP : IPPROTO_TCP, from, to);
    put_packet(p, phone_n(ph), p->packet, IP_HEADER + head + len);
}

static void destructor(void *arg)
{
    struct pcapng *p = arg;

    if (p->farm)
        farm_unobserve_trace(p->farm);
    if (p->out)
        fclose(p->out);
    tdestroy(p->flows, free);
}

int pcapng_open(struct pcapng **pp, struct farm *f, const char *path)
{
    struct pcapng *p = mem_zalloc(sizeof(*p), destructor);
    int err = 0;

    if (!p)
        return ENOMEM;
    p->out = fopen(path, "wb");
    if (!p->out)
        err = errno;
    if (!err)
        err = farm_observe_trace(f, trace_handler, p);
    if (err) {
        mem_deref(p);
        return err;
    }
    p->farm = f;
    put_head(p->out);
    *pp = p;
    return 0;
}

bool pcapng_written(struct pcapng *p)
{
    return fflush(p->out) == 0 && !ferror(p->out);
}
