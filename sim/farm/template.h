/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Templates of --user, --password and --set: {n} phone number, {1000+n} the sum (leading zeros give
 * its width), {mac} 12 lower-case digits, {ip}, {user}, {COLUMN} of --accounts; {{ and }} are
 * braces.
 */
#ifndef SIM_FARM_TEMPLATE_H
#define SIM_FARM_TEMPLATE_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct template_vars {
    unsigned n;
    const uint8_t *mac;
    struct in_addr ip;
    const char *user; /* NULL: {user} is unknown here */
    size_t n_columns; /* column names win over nothing: the five above come first */
    char *const *columns, *const *values;
};

/** Expand text; *out malloc()ed. Errors: EINVAL (err says which name or brace), ENOMEM. */
int template_print(char **out, const char *text, const struct template_vars *v, char *err,
                   size_t err_size);

#endif
