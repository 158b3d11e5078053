/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile, upgrade and report rules, and macro expansion (provisioning.md 2 and 3). Pure. */
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

enum rule_kind {
    RULE_PROFILE, /* Profile_Rule, _B, _C, _D */
    RULE_UPGRADE, /* no options, and it names its server (3.2, 3.6) */
    RULE_REPORT,  /* also --delta, and --put or --post without a letter as the method [DEF] */
};

struct rule_request { /* what to fetch; strings malloc()ed, rule_request_reset() frees */
    char *url;        /* absolute: scheme://server[:port]/path; NULL = nothing to fetch */
    char *uid, *pwd, *key;
    char post, alias;     /* GPP letter or 0 */
    bool delta, put;      /* reports */
    bool post_method;     /* reports: --post without a letter */
    unsigned alternative; /* that was taken, from 1; 0 = none applies */
};

enum rule_step_kind {
    RULE_STEP_COMPARISON, /* left op right, type, holds; text "$SWVER" when left was not written */
    RULE_STEP_CONDITION,  /* all comparisons of the alternative: holds */
    RULE_STEP_ASSIGNMENT, /* left = parameter, right = value; why: it was refused */
    RULE_STEP_OPTION,     /* left = name, right = value; a secret where `secret` is set */
    RULE_STEP_TAKEN,      /* this alternative; text = its URL as written, "" = none */
    RULE_STEP_REQUEST,    /* text = the absolute URL */
};

struct rule_step { /* borrowed during the handler */
    enum rule_step_kind kind;
    unsigned alternative; /* from 1 */
    const char *text, *left, *op, *right, *type;
    const char *why; /* NULL, or why it is false or refused */
    bool holds, secret;
};

typedef void(rule_step_h)(const struct rule_step *step, void *arg);

/** Set a parameter by element name. 0, ENOENT unknown, EINVAL the value does not fit. */
typedef int(rule_assign_h)(const char *name, const char *value, void *arg);

struct rule_env {
    macro_h *macro;
    macro_h *option_macro;      /* inside [ ], where SA to SD are known too (2.1); NULL = macro */
    rule_assign_h *assign;      /* NULL = assignments are read and dropped */
    rule_step_h *step;          /* NULL = nobody wants it explained */
    void *arg;                  /* of all four */
    const char *default_server; /* "host[:port]" from DHCP, or NULL */
    const char *default_scheme; /* of that server; NULL or "" = tftp */
    enum rule_kind kind;
};

/**
 * Read one rule: expand it, take the first alternative whose condition holds or that has none, run
 * its assignments, resolve its URL (3.1, 3.2).
 *
 * Returns 0 with req->url NULL when the rule is empty, no alternative applies, or the one that does
 * names no URL: none of these is a failure (3.1). A condition that cannot be read is false (3.3).
 * Errors  EBADMSG the rule cannot be read; ENOENT it names no server and DHCP gave none; E2BIG more
 *         than 64 KiB; ENOMEM. pe says why.
 */
int rule_eval(struct rule_request *req, const char *rule, const struct rule_env *env,
              struct parse_err *pe);
void rule_request_reset(struct rule_request *req);

/** Resync_Trigger_1 and _2: comparisons without "( )?" around them. An empty text does not hold.
 *  Errors: EBADMSG cannot be read, *holds is false then; E2BIG; ENOMEM. */
int rule_test(bool *holds, const char *trigger, const struct rule_env *env, struct parse_err *pe);

/**
 * What a DHCP option value means for the factory rule (section 1.2 R:). server gets "host[:port]",
 * scheme "" or the scheme, rule "" or a rule that replaces `profile_rule`.
 */
struct dhcp_hint { /* of a list of addresses, as in option 150, the first counts [DEF] */
    char server[256], scheme[8], rule[512];
};
int dhcp_hint_parse(struct dhcp_hint *hint, const char *value, const char *profile_rule);

/**
 * The option that DHCP_Option_To_Use ("66,160": the order of preference) takes out of what DHCP
 * offers, a line "N=VALUE" for each; what has no such form is the value of option 66. In buf; NULL
 * = none. *option (may be NULL) is its number.
 */
const char *dhcp_choose(char *buf, size_t size, const char *offers, const char *order,
                        unsigned *option);

/** Is it "N=VALUE" with an option that DHCP_Option_To_Use may name (1.2)? Their values are texts,
 * as the formats of 43, 60 and 125 were not established: one that names no host is no offer. */
bool dhcp_option_valid(const char *text);

/** $SCHEME, $SERV, $PORT and $PATH of an absolute URL (2.2): lower case scheme, default ports 69,
 *  80, 443. Errors: EINVAL no such URL. */
struct rule_url_parts {
    char scheme[8], server[256], port[8];
    const char *path; /* within url */
};
int rule_url_split(struct rule_url_parts *parts, const char *url);

#endif
