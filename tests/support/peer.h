/* SPDX-License-Identifier: BSD-3-Clause */
/* In-process peers on 127.0.0.1 for unit tests: a raw TCP server and a UDP socket, on the loop. */
#ifndef TESTS_SUPPORT_PEER_H
#define TESTS_SUPPORT_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct tcp_peer;
struct udp_peer;

struct tcp_answer {
    char head[4096];  /* sent first */
    size_t pad_bytes; /* then so many 'x' */
    bool silent;      /* send nothing */
    bool stay;        /* keep the connection open afterwards */
};

/** A whole request (to the blank line) came: fill in the answer. n counts requests from 1. */
typedef void(tcp_peer_h)(const char *request, unsigned n, struct tcp_answer *a, void *arg);

struct tcp_peer *tcp_peer_open(struct loop *lp, tcp_peer_h *h, void *arg);
uint16_t tcp_peer_port(const struct tcp_peer *p);
unsigned tcp_peer_requests(const struct tcp_peer *p);
void tcp_peer_close(struct tcp_peer *p);

typedef void(udp_peer_h)(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg);

struct udp_peer *udp_peer_open(struct loop *lp, udp_peer_h *h, void *arg);
uint16_t udp_peer_port(const struct udp_peer *p);
void udp_peer_send(struct udp_peer *p, const struct sockaddr_in *to, const void *data, size_t len);
void udp_peer_close(struct udp_peer *p);

/** Turn the loop until *done, at most 5 s of real time; virtual time moves a millisecond a turn. */
bool peer_wait(struct loop *lp, const bool *done);

/** Turn the loop for a moment, in which packets on their way within this host arrive. */
void peer_settle(struct loop *lp);

#endif
