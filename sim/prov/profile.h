/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile bytes → parameters (provisioning.md section 5). Pure. */
#ifndef SIM_PROV_PROFILE_H
#define SIM_PROV_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

struct device_model;

struct profile_item { /* borrowed during the handler */
    const char *name;
    const char *value; /* entities resolved, blanks trimmed, newline → blank */
    const char *ua;    /* "na", "ro", "rw"; "" for none or another word */
    bool keep;         /* <X/>: value stays as it is (5.4) */
    int line;
};

typedef void(profile_item_h)(const struct profile_item *item, void *arg);

/**
 * Walk the parameters of a profile in document order.
 *
 * Shape   flat-profile anywhere in the document, namespaces ignored, BOM and Latin-1 tolerated
 * Errors  EBADMSG not well formed (line, col, text); EPROTO well formed without flat-profile, or a
 *         recognised format that this phone cannot read (encrypted, binary SPC); E2BIG more than
 *         16 MiB unpacked, or 64 KiB in one value [DEF]; ENOMEM
 *         Nothing is delivered unless 0 is returned: a phone refuses a bad profile whole.
 */
int profile_parse(const uint8_t *data, size_t len, profile_item_h *h, void *arg,
                  struct parse_err *pe);

/** What one model took from a profile. */
struct profile_summary {
    unsigned n_items, n_known, n_unknown, n_kept, n_bad_values;
};

#endif
