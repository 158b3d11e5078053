/* SPDX-License-Identifier: BSD-3-Clause */
/* The settings of a 79x0 boot file, and what they are called elsewhere. Private to sim/prov. */
#ifndef SIM_PROV_CNF_SETTINGS_H
#define SIM_PROV_CNF_SETTINGS_H

#include <stddef.h>

#include "sim/prov/profile.h"

struct cnf_settings { /* start from zero */
    struct cnf_setting *rows;
    size_t n, size;
};

/** Add or replace; texts are copied; line 0 keeps that of what is replaced. E2BIG, ENOMEM. */
int cnf_settings_set(struct cnf_settings *s, const char *key, const char *value, int line);
const char *cnf_settings_get(const struct cnf_settings *s, const char *key); /* NULL = none */

/** Those of a SEP<MAC>.cnf.xml. EBADMSG, E2BIG, ENOMEM. */
int cnf_device(struct cnf_settings *s, const char *text, size_t len, struct parse_err *pe);

/** Tell each under its parameter's name. */
void cnf_settings_deliver(const struct cnf_settings *s, const struct device_model *m,
                          profile_item_h *h, void *arg);
void cnf_settings_reset(struct cnf_settings *s);

#endif
