/* SPDX-License-Identifier: BSD-3-Clause */
/* What macros stand for on one phone (provisioning.md 2.2). */
#ifndef SIM_PROV_VALUES_H
#define SIM_PROV_VALUES_H

#include <netinet/in.h>
#include <stdint.h>

#include "sim/prov/params.h"

struct device_identity;

struct macro_values { /* all borrowed */
    const struct device_model *model;
    const struct device_identity *id;
    const struct param_set *params;
    struct in_addr local;
    int prvst;                /* $PRVST */
    uint32_t prvtmr_s;        /* $PRVTMR */
    bool upgrade_retry;       /* $UPGST: 1 first attempt, 2 retry */
    uint32_t upgtmr_s;        /* $UPGTMR */
    const char *upgerr, *err; /* $UPGERR, $ERR; NULL = "" */
    const char *upgcond;      /* the condition of the last upgrade, "1.0.2<1.1"; NULL = none */
    uint32_t regtmr_s[2];     /* $REGTMR1, $REGTMR2 */
    const char *url;          /* last one asked for: $SCHEME, $SERV …; NULL = none, they are "" */
    struct in_addr server;    /* $SERVIP; 0 = "" */
    struct in_addr external;  /* learnt, for $EXTIP without EXT_IP; 0 = "" */
    char buf[256];            /* where values are printed */
};

/** $PSN as Sim_PSN_Form says [X 7]: "full" 504G, "number" 504, "lower" 504g. In buf. */
const char *psn_print(char *buf, size_t size, const struct device_model *m,
                      const struct param_set *ps);

/** macro_h of rules, log messages and POST bodies; arg is a struct macro_values. */
const char *macro_value(const char *name, void *arg);

/** The same in HTTP_User_Agent_Name: $VERSION is known, too (9.1). */
const char *macro_agent_value(const char *name, void *arg);

/** The same inside [ ]: SA to SD are known, too (2.1). */
const char *macro_option_value(const char *name, void *arg);

#endif
