/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile rules and macro expansion (provisioning.md sections 2 and 3). Pure. */
#ifndef SIM_PROV_RULE_H
#define SIM_PROV_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

/** Value of a macro by name ("MA", "PSN", "A"), or NULL when unknown. Borrowed until next call. */
typedef const char *(macro_h)(const char *name, void *arg);

/** Expand $NAME, $(NAME:p:q), $$ (section 2.1). *out is malloc()ed. ENOMEM, E2BIG over 64 KiB. */
int macro_expand(char **out, const char *text, macro_h *h, void *arg);

struct rule_request { /* what to fetch; strings malloc()ed, rule_request_reset() frees */
    char *url;        /* absolute: scheme://server[:port]/path */
    char *uid, *pwd, *key;
    char post, alias; /* GPP letter or 0 */
};

struct rule_env {
    macro_h *macro;
    macro_h *option_macro; /* inside [ ], where SA to SD are known too (2.1); NULL = macro */
    void *arg;
    const char *default_server; /* "host[:port]" from DHCP, or NULL */
    const char *default_scheme; /* NULL = tftp */
};

/**
 * Read one rule: expand, take the alternative that applies, resolve its URL.
 *
 * Returns 0 with req->url NULL when the rule is empty or nothing matches (3.1: skipped, no
 * failure). Errors  EBADMSG the rule cannot be read; ENOENT it names no server and DHCP gave none;
 * ENOSYS it uses what is not built yet (conditions, assignments); ENOMEM. pe says why.
 */
int rule_eval(struct rule_request *req, const char *rule, const struct rule_env *env,
              struct parse_err *pe);
void rule_request_reset(struct rule_request *req);

/**
 * What a DHCP option value means for the factory rule (section 1.2 R:). server gets "host[:port]",
 * scheme "" or the scheme, rule "" or a rule that replaces `profile_rule`.
 */
struct dhcp_hint {
    char server[256], scheme[8], rule[512];
};
int dhcp_hint_parse(struct dhcp_hint *hint, const char *value, const char *profile_rule);

#endif
