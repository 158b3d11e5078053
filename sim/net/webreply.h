/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An HTTP answer as it comes in: status, header lines, body by length, in chunks or to the end of
 * the connection (provisioning.md 9.2: 1.0 and 1.1, chunked). Pure. For http.c.
 */
#ifndef SIM_NET_WEBREPLY_H
#define SIM_NET_WEBREPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum webreply_state { WEBREPLY_MORE, WEBREPLY_WHOLE, WEBREPLY_BAD };

struct webreply {
    size_t most, keep; /* bytes of a body that are taken, and kept of them; set these two */
    enum webreply_phase {
        WEBREPLY_HEAD,
        WEBREPLY_LENGTH,     /* body of a known length */
        WEBREPLY_TO_THE_END, /* of the connection */
        WEBREPLY_CHUNK_SIZE,
        WEBREPLY_CHUNK,
        WEBREPLY_CHUNK_END,
        WEBREPLY_TRAILER,
        WEBREPLY_OVER
    } phase;
    uint16_t status; /* 0 = not yet */
    char *head;      /* status line and header lines; NULL = none yet */
    size_t head_len, head_size;
    uint8_t *body; /* zero-terminated behind len; NULL = none yet */
    size_t len, size, total;
    uint64_t left; /* of the body or of this chunk */
    char line[32]; /* a chunk's size */
    size_t line_len;
    int err; /* WEBREPLY_BAD: EPROTO, E2BIG or ENOMEM, and why */
    const char *error;
};

/** More bytes came. What follows a whole answer is not looked at. */
enum webreply_state webreply_read(struct webreply *a, const uint8_t *data, size_t len);

/** The connection has ended. */
enum webreply_state webreply_end(struct webreply *a);

/** The header lines, "" = none. Borrowed. */
const char *webreply_lines(const struct webreply *a);

void webreply_reset(struct webreply *a);

#endif
