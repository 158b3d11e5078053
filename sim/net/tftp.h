/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TFTP requests as the phones make them (provisioning.md 9.3): octet mode, the path with its
 * leading slash as file name, no options, five tries five seconds apart [R].
 */
#ifndef SIM_NET_TFTP_H
#define SIM_NET_TFTP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct tftp;

enum { TFTP_RETRY_MS = 5000, TFTP_TRIES = 5, TFTP_BLOCK_BYTES = 512, TFTP_TEXT_BYTES = 128 };

struct tftp_packet { /* what a client may get: DATA, ACK or ERROR */
    bool is_error, is_ack;
    uint16_t number;     /* block, or error code */
    const uint8_t *data; /* borrowed from the packet; DATA only */
    size_t len;
    char text[TFTP_TEXT_BYTES]; /* ERROR only: its message, printable ASCII */
};

/** Errors: EBADMSG neither DATA, ACK nor ERROR, cut short, or a block of more than 512 bytes. */
int tftp_decode(const uint8_t *buf, size_t len, struct tftp_packet *packet);

/** err 0: the file. ENOENT: server error 1. EPROTO: another error, code and text given. ETIMEDOUT,
 *  E2BIG (over max_bytes), ECONNREFUSED, ENOMEM. */
typedef void(tftp_h)(int err, uint16_t code, const char *text, const uint8_t *data, size_t len,
                     void *arg);

struct tftp_request { /* borrowed; body is copied */
    struct sockaddr_in server;
    struct in_addr local; /* 0 = any */
    const char *path;
    size_t max_bytes, keep_bytes; /* of what is read; keep_bytes 0 = all of it */
    const uint8_t *body;          /* not NULL: it is written there */
    size_t body_len;
    uint32_t retry_ms; /* 0 = TFTP_RETRY_MS */
    unsigned tries;    /* 0 = TFTP_TRIES */
};

/** Start. The handler runs once, later; mem_deref() cancels. Errors: EINVAL the path is too long.
 */
int tftp_start(struct tftp **tp, struct loop *lp, const struct tftp_request *req, tftp_h *h,
               void *arg);

/** Bytes read so far, with those that were not kept. */
size_t tftp_total(const struct tftp *t);

#endif
