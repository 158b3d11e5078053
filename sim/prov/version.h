/* SPDX-License-Identifier: BSD-3-Clause */
/* Firmware versions as rules compare them (provisioning.md 3.3). Pure. */
#ifndef SIM_PROV_VERSION_H
#define SIM_PROV_VERSION_H

#include <stdbool.h>
#include <stddef.h>

struct device_model;

enum version_form {
    VERSION_NONE,
    VERSION_SPA, /* 7.4.9c, 1.0.31(b), 7.6.1(ES_RC01); two numbers are enough (the guides' <1.0) */
    VERSION_MPP, /* sip68xx.11-0-0MPP-4, sip68xx.11-3-2MPP0001-609 */
};

enum version_form version_form(const char *text);

/**
 * *order < 0, 0, > 0 for a before, equal to, after b. Numbers count first, then the suffix as text,
 * a missing one lowest; "7.5.2b" and "7.5.2(b)" are the same [DEF]. MPP: field by field, the build
 * number only decides between equal versions.
 * Errors: EINVAL one is no version, or they are of different forms.
 */
int version_cmp(int *order, const char *a, const char *b);

/** $SWVER: on MPP phones in the form above with build 1 [DEF], elsewhere the firmware as it is.
 *  Returns buf. */
char *version_macro(char *buf, size_t size, const struct device_model *m, const char *firmware);

#endif
