/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Resync state machine of one phone: rules A to D in order, fetch, parse, apply, retry
 * (provisioning.md sections 1.1, 3.1, 4, 10).
 */
#ifndef SIM_PROV_PROV_H
#define SIM_PROV_PROV_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/prov/params.h"

struct loop;
struct rng;
struct fetcher;
struct fetch_reply;
struct prov;

struct prov_config { /* all borrowed for the life of the prov */
    struct loop *lp;
    struct fetcher *fetcher;
    struct param_set *params;
    const struct device_model *model;
    const struct device_identity *id;
    struct rng *rng;
    struct in_addr local;
    const char *dhcp_value; /* DHCP option in force, NULL = none */
    const char *ca_file;
    bool random_delay; /* --boot real: Resync_Random_Delay applies */
};

enum prov_cause {
    PROV_EXPLICIT = -1,
    PROV_BOOT = 0,
    PROV_PERIODIC = 1,
    PROV_RETRY = 2
}; /* $PRVST */

struct prov_fetch_event { /* one file fetched or failed; borrowed */
    const char *url;
    uint16_t status;
    const char *error; /* NULL = fine: fetched, parsed, applied */
    uint32_t us;
    size_t bytes;
};

struct prov_result { /* one pass ended */
    bool ok;
    unsigned n_files;   /* fetched and applied */
    unsigned n_changed; /* parameters whose value in force changed */
    uint32_t next_s;    /* phone seconds to the next pass, 0 = none planned */
    const char *error;  /* first failure's text */
};

struct prov_handlers {
    void (*fetched)(const struct prov_fetch_event *ev, void *arg);
    void (*done)(const struct prov_result *res, void *arg);
};

struct prov_status {
    char rule[256]; /* last rule read */
    char last_url[256];
    uint16_t last_status;
    char last_error[128];
    uint32_t next_s; /* 0 = none planned */
    unsigned n_passes, n_ok, n_failed;
};

/** arg is the owner of its requests, too (fetch.h). */
int prov_alloc(struct prov **pp, const struct prov_config *cfg, const struct prov_handlers *h,
               void *arg);

/** Start a pass now (or after the boot random delay); url NULL = the configured rules, else this
 *  one rule. A pass under way is left to end first. Errors: EALREADY; EACCES Provision_Enable is
 * No. */
int prov_start(struct prov *p, enum prov_cause cause, const char *url);

/** Forget timers and a pass under way (power off). */
void prov_stop(struct prov *p);

void prov_status_get(const struct prov *p, struct prov_status *st);

#endif
