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

/* Named as the options are; what each means is in farm_option_table(). Strings are malloc()ed;
 * NULL, and 0 unless something else is said, = not given. */
struct farm_options {
    char *model, *firmware;
    char *accounts; /* file */
    char *mac, *addr;
    char *profile_rule, *registrar, *dns;
    char *user, *password; /* templates (template.h) */
    char *transport, *boot, *media, *sockets, *shard;
    char *ca, *client_ca, *client_keys; /* the first two are files */
    char **dhcp_options;                /* "66=host", ended by NULL */
    char **sets;                        /* "NAME=TEMPLATE", ended by NULL */
    uint32_t count;
    uint32_t port_base;
    bool no_provision, unregister;
    bool web;
    uint16_t web_port; /* with web; 0 = each phone's own */
    bool has_seed;     /* seed was given, which may be 0 */
    uint64_t seed;
    double time_scale;
};

struct farm_option {  /* one row, for parsing and generated help */
    const char *name; /* "profile-rule" */
    const char *arg;  /* "RULE"; NULL = flag */
    const char *help;
    bool repeatable;
};
const struct farm_option *farm_option_table(size_t *n);

/** Nothing is given. */
void farm_options_init(struct farm_options *o);

/** Free what was set; as after farm_options_init(). */
void farm_options_reset(struct farm_options *o);

/** Into dst, which holds nothing of its own before. ENOMEM: dst is as after farm_options_init(). */
int farm_options_copy(struct farm_options *dst, const struct farm_options *src);

/**
 * Set one option by name (hyphens or underscores). value NULL for flags.
 * Errors: ENOENT no such option; EINVAL bad value (err says what was expected); ENOMEM.
 */
int farm_option_set(struct farm_options *o, const char *name, const char *value, char *err,
                    size_t err_size);

#endif
