/* SPDX-License-Identifier: BSD-3-Clause */
/* Parts of the rule reader. Private to sim/prov. */
#ifndef SIM_PROV_PRIV_H
#define SIM_PROV_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/prov/rule.h"

struct rule_cursor {
    const char *text; /* whole rule, expanded: columns count from here */
    const char *p;
    const char *end; /* of what may be read */
    struct parse_err *pe;
};

/** Fill the cursor's parse_err with its column and return err. */
int rule_bad(const struct rule_cursor *c, int err, const char *what);
void rule_skip_blank(struct rule_cursor *c);
void rule_tell(const struct rule_env *env, const struct rule_step *step);

/** Comparisons joined by "and", from c->p to c->end. EBADMSG cannot be read (then also false). */
int rule_condition(bool *holds, struct rule_cursor *c, unsigned alternative,
                   const struct rule_env *env);

/** Between "(" and ")!", between "[" and "]": the cursor's span is read whole. EBADMSG, ENOMEM. */
int rule_assignments(struct rule_cursor c, unsigned alternative, const struct rule_env *env);
int rule_options(struct rule_request *req, struct rule_cursor c, const struct rule_env *env);

/** The absolute URL of the text; *url is malloc()ed. */
int rule_url(char **url, const struct rule_cursor *c, const char *text, const struct rule_env *env);

#endif
