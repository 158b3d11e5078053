/* SPDX-License-Identifier: BSD-3-Clause */
/* Interned texts, counted by reference and named by 32-bit handles. Private to sim/prov. */
#ifndef SIM_PROV_STRPOOL_H
#define SIM_PROV_STRPOOL_H

#include <stddef.h>
#include <stdint.h>

struct strpool;

/** Handle of text with one more reference; equal texts have equal handles, none is 0. ENOMEM. */
int strpool_intern(struct strpool *sp, const char *text, uint32_t *handle);

/** One reference less; the text goes with the last. */
void strpool_release(struct strpool *sp, uint32_t handle);

/** Text of a handle: stays where it is as long as somebody holds a reference. */
const char *strpool_text(const struct strpool *sp, uint32_t handle);

/** Texts held now. */
size_t strpool_count(const struct strpool *sp);

#endif
