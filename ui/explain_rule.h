/* SPDX-License-Identifier: BSD-3-Clause */
/* How a phone reads a rule, step by step. */
#ifndef UI_EXPLAIN_RULE_H
#define UI_EXPLAIN_RULE_H

#include <stdbool.h>

#include "sim/prov/prov.h"

struct rule_question {
    const char *rule;
    const char *as;   /* "profile", "upgrade", "report", "trigger" */
    const char *dhcp; /* what DHCP offers, a line "N=VALUE" each; NULL = nothing */
    const struct device_model *model;
    const struct device_identity *id;
    struct in_addr local;
    enum prov_cause cause;
    struct param_set *params; /* assignments change them */
    bool json;
};

/** Print it; the exit code. */
int explain_rule(const struct rule_question *q);

#endif
