/* SPDX-License-Identifier: BSD-3-Clause */
/* What the texts of parameters mean (provisioning.md 5.1). Pure, private to sim/prov. */
#ifndef SIM_PROV_PARAM_TEXT_H
#define SIM_PROV_PARAM_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "devices/params.h"

/** "yes", "no", "enable", "disable", "1" or "0" in any case. False: it is none of them. */
bool param_text_bool(const char *s, bool *value);

/** A whole number, decimal or 0x hexadecimal; of "1.5" the whole part. False: it is no number. */
bool param_text_number(const char *s, uint32_t *value);

/** Seconds such as "16", ".5" or "0.020", in thousandths; finer digits are cut off. False: it is no
 *  such number. */
bool param_text_ms(const char *s, uint64_t *ms);

/** May a parameter of this type have this text? The empty text fits every type: it reads as the
 *  default (5.4: `<X></X>` sets the empty string). */
bool param_text_fits(enum param_type type, const char *value);

/** The one spelling of this value, so that equal values are equal texts. Borrowed: value, or a
 *  constant. */
const char *param_text_canonical(enum param_type type, const char *value);

#endif
