/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TFTP read requests as the phones make them (provisioning.md 9.3): octet mode, the path with its
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

struct tftp_packet { /* what a reading client may get */
    bool is_error;
    uint16_t number;     /* block, or error code */
    const uint8_t *data; /* borrowed from the packet; DATA only */
    size_t len;
    char text[TFTP_TEXT_BYTES]; /* ERROR only: its message, printable ASCII */
};

/** Errors: EBADMSG neither DATA nor ERROR, cut short, or a block of more than 512 bytes. */
int tftp_decode(const uint8_t *buf, size_t len, struct tftp_packet *packet);

/** err 0: the file. ENOENT: server error 1. EPROTO: another error, code and text given. ETIMEDOUT,
 *  E2BIG (over max_bytes), ECONNREFUSED, ENOMEM. */
typedef void(tftp_h)(int err, uint16_t code, const char *text, const uint8_t *data, size_t len,
                     void *arg);

/** Start reading path from server. The handler runs once, later; mem_deref() cancels. */
int tftp_get(struct tftp **tp, struct loop *lp, const struct sockaddr_in *server,
             struct in_addr local, const char *path, size_t max_bytes, tftp_h *h, void *arg);

#endif
