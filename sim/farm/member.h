/* SPDX-License-Identifier: BSD-3-Clause */
/* One phone on its way from options and account row to phone_alloc(); for members.c. */
#ifndef SIM_FARM_MEMBER_H
#define SIM_FARM_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/farm/plan.h"

struct accounts;
struct device_model;
struct farm;
struct farm_block;
struct farm_options;

struct maker { /* makes the phones of one farm_add() */
    struct farm *f;
    const struct farm_options *o;
    struct farm_block *block;
    struct accounts *accounts; /* NULL = none */
    struct plan_range range;
    bool has_mac;
    uint64_t mac_base;
    unsigned addr_used, mac_used; /* how many addresses of the same --addr, and of the same --mac,
                                     earlier phones have taken */
    unsigned base;                /* number of the last phone before these */
    unsigned count;               /* phones to make, in all shards together */
    char *err;                    /* where a sentence goes that says what is wrong */
    size_t err_size;
};

struct member {     /* one phone to be: its row of --accounts over the options */
    unsigned n;     /* its number in the farm, from 1 */
    unsigned index; /* its place in this farm_add(), from 1: row of --accounts */
    const struct device_model *model;
    const char *firmware;
    const char *profile_rule, *registrar, *transport;
    uint8_t mac[6];
    struct plan_place place;
    bool provision; /* it fetches a profile at boot */
    bool lab;       /* its servers are the embedded ones */
    char **sets;    /* "NAME=VALUE" */
    size_t n_sets;
};

/** Fill err with text; with file, line and column where there are accounts. column names the cell
 * at fault, NULL = the row. Returns EINVAL. */
int member_refuse(const struct maker *m, const struct member *w, const char *column,
                  const char *text);

/** The row's cell, or option where the row has none. */
const char *member_pick(const struct maker *m, const struct member *w, const char *column,
                        const char *option);

/** Model, firmware, MAC, address, transport. Errors: EINVAL. */
int member_identify(struct maker *m, struct member *w);

/** Can its address (and SIP port) be taken? EADDRNOTAVAIL, EADDRINUSE, EPERM, EMFILE. */
int member_probe(const struct maker *m, const struct member *w, bool with_port);

/** What is set on it: servers, account, --set (member_sets.c). Errors: EINVAL, ENOMEM. */
int member_make_sets(struct maker *m, struct member *w);
void member_sets_free(struct member *w);

/** Two rows of --accounts that no server or socket could tell apart are refused. */
int member_check_twins(const struct maker *m);

#endif
