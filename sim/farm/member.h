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

struct maker { /* one farm_add() at work */
    struct farm *f;
    const struct farm_options *o;
    struct farm_block *block;
    struct accounts *accounts; /* NULL = none */
    struct plan_range range;
    bool has_mac;
    uint64_t mac_base;
    unsigned addr_used, mac_used; /* places taken by earlier phones of the same text */
    unsigned base;                /* phones of the whole farm before these */
    unsigned count;               /* before sharding */
    char *err;
    size_t err_size;
};

struct member {        /* one phone: options and its row put together */
    unsigned n, index; /* number in the farm; place in this farm_add(), from 1 */
    const struct device_model *model;
    const char *firmware;
    const char *profile_rule, *registrar, *transport;
    uint8_t mac[6];
    struct plan_place place;
    bool provision, lab;
    char **sets;
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
