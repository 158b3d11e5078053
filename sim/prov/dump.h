/* SPDX-License-Identifier: BSD-3-Clause */
/* A phone's configuration as it tells it: /admin/spacfg.xml, configuration reports
 * (provisioning.md 3.5, 15.3). Pure. */
#ifndef SIM_PROV_DUMP_H
#define SIM_PROV_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/prov/params.h"

/** Is this value to be in it? arg as given. */
typedef bool(dump_filter_h)(enum param_id id, uint16_t index, const char *value, void *arg);

/** One element on a line of its own; an empty value as `<X group="…"/>`; group may be NULL. What
 * XML cannot carry becomes a blank. */
void dump_element(FILE *f, const char *name, const char *group, const char *value);

/**
 * The values of all parameters, tab by tab. Passwords are there as empty elements; secrets (GPP_SA
 * to SD, the keying material) and what only the simulator has are not. filter may be NULL.
 */
void dump_params(FILE *f, const struct param_set *ps, const struct device_model *m,
                 dump_filter_h *filter, void *arg);

#endif
