/* SPDX-License-Identifier: BSD-3-Clause */
/* What a rule would have a phone do, told step by step and without doing it: for users who debug
 * their rules. */
#ifndef SIM_PROV_EXPLAIN_H
#define SIM_PROV_EXPLAIN_H

#include <stdbool.h>

#include "sim/base/err.h"
#include "sim/prov/prov.h"
#include "sim/prov/rule.h"

struct prov_observer { /* sees a rule being read; what it gets is borrowed */
    void (*macro)(const char *name, const char *value, void *arg);
    void (*step)(const struct rule_step *step, void *arg);
    void *arg;
};

struct prov_query {        /* borrowed */
    const char *text;      /* rule or trigger */
    enum rule_kind kind;   /* of a rule */
    enum prov_cause cause; /* $PRVST */
    const struct prov_observer *observer;
};

struct prov_asked {      /* what the phone would ask for; borrowed */
    const char *method;  /* "GET", "POST" or "PUT", by TFTP, too; NULL = it asks for nothing */
    const char *refused; /* why it would not be sent after all; NULL = it would */
    const char *uid;     /* user of the log-in for challenges; NULL = there is none */
    char *body;          /* of a POST that is no report, malloc()ed; NULL = none */
    char agent[160];     /* User-Agent */
    char dhcp_rule[512]; /* the rule that DHCP puts in place of the factory's; "" = none */
};

/**
 * Read a rule as the phone would now, and say what it would send (provisioning.md 3). The code is
 * that of a pass, an upgrade or a report, but nothing is asked for. Assignments take effect.
 * Errors and req as rule_eval().
 */
int prov_explain(struct prov *p, const struct prov_query *q, struct rule_request *req,
                 struct prov_asked *asked, struct parse_err *pe);

/** The same of a trigger: does it hold? As rule_test(). */
int prov_explain_trigger(struct prov *p, const struct prov_query *q, bool *holds,
                         struct parse_err *pe);

#endif
