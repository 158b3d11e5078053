/* SPDX-License-Identifier: BSD-3-Clause */
/* A text being written into a buffer of the caller's, and the lines of a SIP header. Pure. */
#ifndef SIM_SIP_WRITER_H
#define SIM_SIP_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pl;

/* Past the end nothing is written and `full` is set. */
struct writer {
    char *buf;
    size_t size, len;
    bool full;
    bool compact; /* header names in their short form where they have one (Use_Compact_Header) */
};

/* Each writes its whole text, or nothing and sets `full`. A NUL is never written. */

void put(struct writer *w, const char *text);
void put_bytes(struct writer *w, const char *data, size_t len);
void put_pl(struct writer *w, const struct pl *pl);
void put_u32(struct writer *w, uint32_t n);
void put_hex(struct writer *w, uint64_t n); /* lower case, leading zeros dropped (9.2 [T]) */
void put_hex_fixed(struct writer *w, uint64_t n, unsigned digits);
void put_addr(struct writer *w, uint32_t addr_net_order, uint16_t port /* 0 = none */);

/** "name: " of a header; its long name is given. */
void put_name(struct writer *w, const char *name);

/** A header with its end. */
void put_field(struct writer *w, const char *name, const char *value);
void put_number(struct writer *w, const char *name, uint32_t n);

/** Headers with their ends, long names; NULL = none. */
void put_lines(struct writer *w, const char *lines);

#endif
