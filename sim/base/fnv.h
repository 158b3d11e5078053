/* SPDX-License-Identifier: BSD-3-Clause */
/* FNV-1a, a quick hash of 32 bits for tables and for "has this changed?". Not against attackers. */
#ifndef SIM_BASE_FNV_H
#define SIM_BASE_FNV_H

#include <stdint.h>

#define FNV_START 2166136261U

/** Go on with hash h, which begins as FNV_START, over the bytes of text. */
uint32_t fnv_text(uint32_t h, const char *text);

/** The same over one number, a byte for instance. */
uint32_t fnv_number(uint32_t h, uint32_t n);

#endif
