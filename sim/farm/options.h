/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The phone options of interface.md section 3, as one table for the command line, Lua tables and
 * the columns of --accounts. Pure.
 */
#ifndef SIM_FARM_OPTIONS_H
#define SIM_FARM_OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct farm_options { /* strings malloc()ed; NULL = not given */
    char *model, *firmware, *accounts, *mac, *addr, *profile_rule, *registrar, *dns, *user,
        *password;
    char *transport, *boot, *ca, *client_ca, *client_keys, *media, *shard, *sockets;
    char **dhcp_options; /* "66=host", ended by NULL */
    char **sets;         /* "NAME=TEMPLATE", ended by NULL */
    uint32_t count;      /* 0 = not given */
    uint32_t port_base;  /* 0 = not given (10000) */
    bool no_provision, unregister, has_seed, web;
    uint16_t web_port;
    uint64_t seed;
    double time_scale; /* 0 = not given */
};

struct farm_option {  /* one row, for parsing and generated help */
    const char *name; /* "profile-rule" */
    const char *arg;  /* "RULE"; NULL = flag */
    const char *help;
    bool repeatable;
};
const struct farm_option *farm_option_table(size_t *n);

void farm_options_init(struct farm_options *o);
void farm_options_reset(struct farm_options *o);
int farm_options_copy(struct farm_options *dst, const struct farm_options *src);

/**
 * Set one option by name (hyphens or underscores). value NULL for flags.
 * Errors: ENOENT no such option; EINVAL bad value (err says what was expected); ENOMEM.
 */
int farm_option_set(struct farm_options *o, const char *name, const char *value, char *err,
                    size_t err_size);

#endif
