/* SPDX-License-Identifier: BSD-3-Clause */
/* The packing of CIP pictures (xml-services.md 3.9). Pure. */
#ifndef SIM_XML_CIP_H
#define SIM_XML_CIP_H

#include <stddef.h>
#include <stdint.h>

/** Hex digits → bytes; white space between them is skipped. *bad: a character that is neither stood
 *  there (what follows it is not read). Returns the number of bytes. */
size_t cip_hex(uint8_t *out, size_t size, const char *text, int *bad);

/** Bytes of a picture of two bits a pixel. */
size_t cip_bytes(unsigned width, unsigned height);

/** Pixel i (rows joined) of such a picture, which is all 0 so far; level 0 (white) to 3 (black). */
void cip_put(uint8_t *out, size_t i, unsigned level);

/** Data of depth 1 or 2, rows joined or each ended on a byte → two bits a pixel, rows joined, into
 *  cip_bytes() bytes. Missing pixels are 0. */
void cip_unpack(uint8_t *out, unsigned width, unsigned height, unsigned depth, const uint8_t *data,
                size_t len);

#endif
