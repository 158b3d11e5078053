/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows of --accounts that name one MAC address, or one IP address and SIP port, twice. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/farm/accounts.h"
#include "sim/farm/member.h"
#include "sim/farm/options.h"

struct key {
    uint64_t value;
    size_t row;
};

/* False: the row has none. */
typedef bool(key_h)(const struct maker *m, size_t row, uint64_t *value);

static int by_value(const void *a, const void *b)
{
    const struct key *x = a, *y = b;

    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int refuse(const struct maker *m, const char *column, const char *what, size_t first,
                  size_t second)
{
    const struct accounts_place a = accounts_place(m->accounts, first, column);
    const struct accounts_place b = accounts_place(m->accounts, second, column);

    snprintf(m->err, m->err_size, "%s:%u:%u: the %s of line %u again", m->o->accounts, b.line,
             b.col, what, a.line);
    return EINVAL;
}

static int check(const struct maker *m, const char *column, const char *what, key_h *h)
{
    const size_t n = m->accounts->n_rows;
    struct key *keys = calloc(n ? n : 1, sizeof(*keys));
    size_t n_keys = 0;
    int err = keys ? 0 : ENOMEM;

    for (size_t i = 0; i < n && keys; i++) {
        if (h(m, i, &keys[n_keys].value))
            keys[n_keys++].row = i;
    }
    if (n_keys)
        qsort(keys, n_keys, sizeof(*keys), by_value);
    for (size_t i = 1; i < n_keys && !err; i++) {
        if (keys[i].value == keys[i - 1].value)
            err = refuse(m, column, what, keys[i - 1].row, keys[i].row);
    }
    free(keys);
    return err;
}

static bool mac_of(const struct maker *m, size_t row, uint64_t *mac)
{
    const char *cell = accounts_cell(m->accounts, row, "mac");
    return cell && plan_mac_parse(mac, cell) == 0;
}

static const char *ip_column(const struct maker *m, size_t row)
{
    const char *cell = accounts_cell(m->accounts, row, "ip");
    return cell && *cell ? "ip" : "addr";
}

/* Address and the transport's port space: TCP and UDP may share a number. */
static bool place_of(const struct maker *m, size_t row, uint64_t *place)
{
    const char *cell = accounts_cell(m->accounts, row, ip_column(m, row));
    const char *transport = accounts_cell(m->accounts, row, "transport");
    struct in_addr addr;

    if (!cell || inet_pton(AF_INET, cell, &addr) != 1)
        return false;
    if (!transport || !*transport)
        transport = m->o->transport ? m->o->transport : "UDP";
    *place = (uint64_t)addr.s_addr << 1 | (strcasecmp(transport, "UDP") != 0);
    return true;
}

/* Ports of each phone's own: by a template, or by a profile that this program does not write. */
static bool ports_may_differ(const struct maker *m)
{
    for (char **s = m->o->sets; s && *s; s++) {
        if (strncmp(*s, "SIP_Port_1_=", 12) == 0 && strchr(*s, '{'))
            return true;
    }
    return m->o->profile_rule || accounts_cell(m->accounts, 0, "profile-rule");
}

int member_check_twins(const struct maker *m)
{
    if (!m->accounts || !m->accounts->n_rows)
        return 0;
    int err = check(m, "mac", "MAC address", mac_of);
    if (!err && !ports_may_differ(m))
        err = check(m, ip_column(m, 0), "IP address", place_of);
    return err;
}
