/* SPDX-License-Identifier: BSD-3-Clause */
/* Text that came from a peer, made fit for JSON and XML. */
#ifndef SIM_BASE_UTF8_H
#define SIM_BASE_UTF8_H

#include <stddef.h>

/** Bytes of the well-formed UTF-8 character at text (1 to 4), of which `left` bytes are there; 0 =
 *  there is none. */
size_t utf8_length(const char *text, size_t left);

/** The same of a terminated text. */
size_t utf8_len(const char *text);

/** Characters in the first len bytes; a byte that is not part of one counts as one. */
unsigned utf8_count(const char *text, size_t len);

/** Copy text, '?' for each byte that is not part of a character; what is cut is cut between
 *  characters. Returns buf. */
char *utf8_clean(char *buf, size_t size, const char *text);

/** Put '?' for each control character, line ends included: what strangers send must not steer the
 *  user's terminal. Returns text. */
char *utf8_tame(char *text);

#endif
