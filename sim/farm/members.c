/* SPDX-License-Identifier: BSD-3-Clause */
/* farm_add(): how many phones, from where they take their places, one after the other. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/farm/accounts.h"
#include "sim/farm/member.h"
#include "sim/farm/priv.h"
#include "sim/farm/shard.h"
#include "sim/net/cert.h"

static int check_columns(const struct maker *m)
{
    static const char *const each[] = {"model",    "firmware",     "mac",       "addr",     "user",
                                       "password", "profile-rule", "registrar", "transport"};
    size_t n_options;
    const struct farm_option *options = farm_option_table(&n_options);

    for (size_t i = 0; m->accounts && i < n_options; i++) {
        bool per_phone = false;
        for (size_t k = 0; k < sizeof(each) / sizeof(each[0]); k++)
            per_phone |= strcmp(options[i].name, each[k]) == 0;
        if (per_phone || !accounts_cell(m->accounts, 0, options[i].name))
            continue;
        snprintf(m->err, m->err_size, "%s:1: --%s is for the whole farm, not for a row",
                 m->o->accounts, options[i].name);
        return EINVAL;
    }
    return 0;
}

static bool port_is_standard(const struct farm_options *o)
{
    for (char **s = o->sets; s && *s; s++) {
        if (strncmp(*s, "SIP_Port_1_=", 12) == 0)
            return false;
    }
    return true;
}

/* The phone names the parameter: if --set did so before, that is where the fault is. */
static void refuse_phone(const struct maker *m, const struct member *w, const char *why)
{
    char text[400], name[100];

    snprintf(text, sizeof(text), "phone %u: %s", w->n, why);
    for (char **s = m->o->sets; s && *s; s++) {
        snprintf(name, sizeof(name), "%.*s", (int)strcspn(*s, "="), *s);
        if (!strstr(why, name))
            continue;
        snprintf(text, sizeof(text), "--set %.100s: %s", *s, why);
        break;
    }
    member_refuse(m, w, NULL, text);
}

/* The first phone's address and port and the last one's address are tried (farm.h). */
static int probe(const struct maker *m, const struct member *w)
{
    const struct farm_block *b = m->block;
    const bool first = w->n == b->first, last = w->n == b->first + b->n - 1;

    return first || last ? member_probe(m, w, first && port_is_standard(m->o)) : 0;
}

static int make_phone(struct maker *m, struct farm_slot *slot, unsigned n)
{
    char why[200] = "";
    struct member w = {.n = n, .index = n - m->base};

    slot->block = m->block;
    int err = member_identify(m, &w);
    if (!err)
        err = probe(m, &w);
    if (err)
        return err;
    err = member_make_sets(m, &w);
    if (!err) {
        const struct phone_config cfg = {
            .n = n,
            .model = w.model,
            .firmware = w.firmware,
            .mac = {w.mac[0], w.mac[1], w.mac[2], w.mac[3], w.mac[4], w.mac[5]},
            .addr = w.place.addr,
            .port_base = w.place.port_base,
            .dhcp_value =
                m->block->dhcp_value ? m->block->dhcp_value : (w.lab ? m->f->lab_dhcp : NULL),
            .provision = w.provision,
            .sets = (const char *const *)w.sets,
        };
        err = phone_alloc(&slot->ph, &m->block->env, &cfg, farm_phone_handler, slot, why,
                          sizeof(why));
        if (err)
            refuse_phone(m, &w, why[0] ? why : strerror(err));
    }
    member_sets_free(&w);
    return err;
}

/* The one that phones take as they leave the factory (provisioning.md 1.2). */
static const char *dhcp_value(const struct farm_options *o)
{
    static const char *const order[] = {"66=", "160=", "159=", "150=", "60=", "43=", "125="};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (char **d = o->dhcp_options; d && *d; d++) {
            if (strncmp(*d, order[i], strlen(order[i])) == 0)
                return *d + strlen(order[i]);
        }
    }
    return NULL;
}

/* What the phones are offered; each chooses. NULL = nothing. ENOMEM: NULL, and *err. */
static char *dhcp_offers(const struct farm_options *o, int *err)
{
    char *all = NULL;

    for (char **d = o->dhcp_options; d && *d && !*err; d++) {
        char *more = NULL;
        if (asprintf(&more, "%s%s%s", all ? all : "", all ? "\n" : "", *d) < 0)
            *err = ENOMEM;
        free(all);
        all = *err ? NULL : more;
    }
    return all;
}

static void block_destructor(void *arg)
{
    struct farm_block *b = arg;

    for (unsigned i = 0; i < b->n; i++)
        mem_deref(b->slots[i].ph);
    free(b->dhcp_value);
    free(b->ca);
    mem_deref(b->client_ca);
    mem_deref(b->client_key);
}

/* provisioning.md 8: what the phones show to servers that ask for a certificate. */
static int make_client_ca(struct maker *m, struct farm_block *b)
{
    const struct farm_options *o = m->o;
    char why[200];

    if (!o->client_ca)
        return 0;
    int err = cert_ca_read(&b->client_ca, o->client_ca, why, sizeof(why));
    if (err)
        snprintf(m->err, m->err_size, "--client-ca: %s", why);
    else if (!o->client_keys || strcmp(o->client_keys, "own") != 0)
        err = cert_key_make(&b->client_key);
    return err == ENOMEM || !err ? err : EINVAL;
}

static int make_block(struct maker *m, unsigned first, unsigned n)
{
    struct farm *f = m->f;
    int err = 0;
    struct farm_block *b =
        mem_zalloc(sizeof(*b) + (size_t)n * sizeof(struct farm_slot), block_destructor);

    if (!b)
        return ENOMEM;
    m->block = b;
    b->f = f;
    b->first = first;
    b->n = n;
    b->dhcp_value = dhcp_offers(m->o, &err);
    b->ca = m->o->ca ? strdup(m->o->ca) : NULL;
    if (err || (m->o->ca && !b->ca))
        return ENOMEM;
    err = make_client_ca(m, b);
    if (err)
        return err;
    b->env = (struct phone_env){
        .lp = f->lp,
        .fetcher = f->fetcher,
        .stack = f->stack,
        .pool = f->pool,
        .log = f->log,
        .ca_file = b->ca,
        .client_ca = b->client_ca,
        .client_key = b->client_key,
        .trace = ladder_add,
        .trace_arg = f,
        .media_on = m->o->media && strcmp(m->o->media, "on") == 0,
        .boot_real = m->o->boot && strcmp(m->o->boot, "real") == 0,
        .pictures = f->pictures,
        .keep_pages = &f->keep_pages,
        .seed = f->seed,
    };
    for (unsigned i = 0; i < n && !err; i++)
        err = make_phone(m, &b->slots[i], first + i);
    return err;
}

/* Host of "host:port", "scheme://host/…": where the farm will talk to. */
static void server_host(char *host, size_t size, const char *text)
{
    const char *scheme = strstr(text, "://");
    const char *p = scheme ? scheme + 3 : text;
    const size_t len = strcspn(p, ":/ ");

    snprintf(host, size, "%.*s", (int)(len < size ? len : 0), p);
    if (strchr(host, '$'))
        host[0] = '\0';
}

static int default_range(struct maker *m)
{
    const struct farm_options *o = m->o;
    const char *dhcp = dhcp_value(o);
    char host[256] = "";
    struct in_addr own;

    if (m->f->lab_registrar && !o->registrar && !o->profile_rule)
        return plan_range_parse(&m->range, "127.1.0.0/16", m->err, m->err_size);
    if (o->registrar)
        server_host(host, sizeof(host), o->registrar);
    else if (o->profile_rule && strstr(o->profile_rule, "://"))
        server_host(host, sizeof(host), o->profile_rule);
    else if (dhcp)
        server_host(host, sizeof(host), dhcp);
    if (plan_addr_towards(&own, host)) {
        snprintf(m->err, m->err_size, "this machine has no address towards %s; give --addr",
                 host[0] ? host : "the network");
        return EADDRNOTAVAIL;
    }
    m->range = (struct plan_range){ntohl(own.s_addr), ntohl(own.s_addr), true};
    return 0;
}

/* Equal --addr and --mac texts of one farm go on counting where the last phones stopped. */
static int key_use(struct farm *f, const char *kind, const char *text, unsigned count,
                   unsigned *used)
{
    const size_t len = strlen(kind) + strlen(text);
    struct farm_key *k = f->keys;
    char *name;

    if (asprintf(&name, "%s%s", kind, text) < 0)
        return ENOMEM;
    while (k && strcmp(k->text, name) != 0)
        k = k->next;
    if (!k) {
        k = calloc(1, sizeof(*k) + len + 1);
        if (k) {
            memcpy(k->text, name, len + 1);
            k->next = f->keys;
            f->keys = k;
        }
    }
    free(name);
    if (!k)
        return ENOMEM;
    *used = k->n;
    k->n += count;
    return 0;
}

static int choose_count(struct maker *m)
{
    const size_t n_rows = m->accounts ? m->accounts->n_rows : 0;

    m->count = m->o->count ? m->o->count : (m->accounts ? (unsigned)n_rows : 1);
    if (!m->accounts || m->count <= n_rows)
        return 0;
    snprintf(m->err, m->err_size, "%s has %zu rows and --count asks for %u phones", m->o->accounts,
             n_rows, m->count);
    return EINVAL;
}

/* What TLS servers must descend from; read anew by each connection, thus looked at now. */
static int check_ca(const struct maker *m)
{
    char why[300] = "";
    const int err = m->o->ca ? cert_file_check(m->o->ca, why, sizeof(why)) : 0;

    if (err)
        snprintf(m->err, m->err_size, "--ca: %s", why);
    return err == ENOMEM || !err ? err : EINVAL;
}

static int prepare(struct maker *m)
{
    const struct farm_options *o = m->o;
    int err = check_ca(m);

    if (!err && o->accounts)
        err = accounts_read(&m->accounts, o->accounts, m->err, m->err_size);
    if (!err)
        err = check_columns(m);
    if (!err)
        err = member_check_twins(m);
    if (!err)
        err = choose_count(m);
    if (!err && o->addr)
        err = plan_range_parse(&m->range, o->addr, m->err, m->err_size);
    else if (!err)
        err = default_range(m);
    if (!err && o->port_base && !m->range.single) {
        snprintf(m->err, m->err_size, "--port-base is for a farm on one address");
        err = EINVAL;
    }
    if (!err && o->mac) {
        m->has_mac = true;
        err = plan_mac_parse(&m->mac_base, o->mac);
    }
    if (!err)
        err = key_use(m->f, "addr ", o->addr ? o->addr : "", m->count, &m->addr_used);
    if (!err)
        err = key_use(m->f, "mac ", o->mac ? o->mac : "", m->count, &m->mac_used);
    return err;
}

int members_add(struct farm *f, const struct farm_options *o, unsigned *first, unsigned *count,
                char *err, size_t err_size)
{
    struct maker m = {.f = f, .o = o, .base = f->n_whole, .err = err, .err_size = err_size};
    unsigned index = 1, total = 1, from, n = 0;

    int e = prepare(&m);
    if (!e && o->shard && shard_parse(o->shard, &index, &total)) {
        snprintf(err, err_size, "--shard \"%s\" is no part I/N", o->shard);
        e = EINVAL;
    }
    if (!e) {
        shard_range(index, total, m.count, &from, &n);
        e = make_block(&m, m.base + from, n);
    }
    mem_deref(m.accounts);
    if (e) {
        mem_deref(m.block);
        return e;
    }
    struct farm_block **end = &f->blocks;
    while (*end)
        end = &(*end)->next;
    *end = m.block;
    f->n_whole += m.count;
    f->n_phones += n;
    f->totals.phones += n;
    if (first)
        *first = m.base + from;
    if (count)
        *count = n;
    return 0;
}
