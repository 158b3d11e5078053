/* SPDX-License-Identifier: BSD-3-Clause */
/* Options and account rows become phones: who each one is and what is set on it. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <re.h>

#include "devices/model.h"
#include "devices/params.h"
#include "sim/farm/accounts.h"
#include "sim/farm/plan.h"
#include "sim/farm/priv.h"
#include "sim/farm/shard.h"
#include "sim/farm/template.h"

enum { OWN_SETS = 5 }; /* User_ID, Password, Proxy, Profile_Rule, SIP_Transport */

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

struct member { /* one phone: options and its row put together */
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

static int refuse(const struct maker *m, const struct member *w, const char *text)
{
    if (m->accounts)
        snprintf(m->err, m->err_size, "%s, row %u: %s", m->o->accounts, w->index, text);
    else
        snprintf(m->err, m->err_size, "%s", text);
    return EINVAL;
}

/* The row's cell, or the option where the row has none. */
static const char *pick(const struct maker *m, const struct member *w, const char *column,
                        const char *option)
{
    const char *cell = m->accounts ? accounts_cell(m->accounts, w->index - 1, column) : NULL;
    return cell && *cell ? cell : option;
}

static int check_columns(const struct maker *m)
{
    static const char *const each[] = {"model", "firmware", "mac", "addr", "user", "password",
                                       "profile-rule", "registrar", "transport"};
    size_t n_options;
    const struct farm_option *options = farm_option_table(&n_options);

    for (size_t i = 0; m->accounts && i < n_options; i++) {
        bool per_phone = false;
        for (size_t k = 0; k < sizeof(each) / sizeof(each[0]); k++)
            per_phone |= strcmp(options[i].name, each[k]) == 0;
        /* rows may be none: ask by a header of one column */
        for (size_t k = 0; !per_phone && k < m->accounts->n_columns; k++) {
            if (strcmp(m->accounts->columns[k], options[i].name) != 0)
                continue;
            snprintf(m->err, m->err_size, "%s:1: --%s is for the whole farm, not for a row",
                     m->o->accounts, options[i].name);
            return EINVAL;
        }
    }
    return 0;
}

static int choose_model(struct maker *m, struct member *w)
{
    char text[128];
    const char *name = pick(m, w, "model", m->o->model ? m->o->model : "SPA504G");

    w->model = device_model_find(name);
    if (w->model)
        return 0;
    snprintf(text, sizeof(text), "there is no model \"%.60s\" (see spafarm models)", name);
    return refuse(m, w, text);
}

/* First OUI of the model (devices.md 1.5), else Cisco's 00:0E:08, then 000001. */
static uint64_t model_mac(const struct device_model *model)
{
    static const uint8_t fallback[3] = {0x00, 0x0e, 0x08};
    const uint8_t *oui = model->n_ouis ? model->ouis[0] : fallback;

    return (uint64_t)oui[0] << 40 | (uint64_t)oui[1] << 32 | (uint64_t)oui[2] << 24 | 1;
}

static int choose_mac(struct maker *m, struct member *w)
{
    const char *cell = pick(m, w, "mac", NULL);
    uint64_t mac;
    char text[128];

    if (cell) {
        if (plan_mac_parse(&mac, cell) == 0)
            return plan_mac_get(w->mac, mac, 0);
        snprintf(text, sizeof(text), "\"%.40s\" is no MAC address", cell);
        return refuse(m, w, text);
    }
    const int err = m->has_mac ? plan_mac_get(w->mac, m->mac_base, m->mac_used + w->index - 1)
                               : plan_mac_get(w->mac, model_mac(w->model), w->n - 1);
    return err ? refuse(m, w, "the MAC addresses behind --mac run into the next vendor's") : 0;
}

static int choose_place(struct maker *m, struct member *w)
{
    const char *cell = pick(m, w, "ip", pick(m, w, "addr", NULL));

    if (!cell)
        return plan_place_get(&w->place, &m->range, m->o->port_base, m->addr_used + w->index,
                              m->err, m->err_size);
    if (inet_pton(AF_INET, cell, &w->place.addr) == 1)
        return 0;
    char text[128];
    snprintf(text, sizeof(text), "\"%.40s\" is no IPv4 address", cell);
    return refuse(m, w, text);
}

static int choose_transport(struct maker *m, struct member *w)
{
    const char *t = pick(m, w, "transport", m->o->transport);

    if (t && strcasecmp(t, "UDP") && strcasecmp(t, "TCP") && strcasecmp(t, "TLS"))
        return refuse(m, w, "the transport is UDP, TCP or TLS");
    w->transport = t;
    return 0;
}

static bool knows(const struct device_model *model, const char *name)
{
    enum param_id id;
    uint16_t index;
    return param_find(model, name, &id, &index);
}

static void choose_servers(struct maker *m, struct member *w)
{
    w->registrar = pick(m, w, "registrar", m->o->registrar);
    w->profile_rule = pick(m, w, "profile-rule", m->o->profile_rule);
    w->lab = m->f->lab_registrar && !w->registrar && !w->profile_rule;
    w->provision = !m->o->no_provision && (w->lab || w->profile_rule);
    /* Without a known factory rule the phone goes straight to the lab's second file; one that
     * reads no flat profiles (79xx) is set up by hand. */
    if (w->lab && w->provision && !*w->model->default_rule) {
        if (knows(w->model, "Profile_Rule") && *m->f->lab_rule)
            w->profile_rule = m->f->lab_rule;
        else
            w->provision = false;
    }
    if (w->lab && !w->provision)
        w->registrar = m->f->lab_registrar;
    if (w->profile_rule && !w->provision)
        w->profile_rule = NULL;
}

static int push_set(struct member *w, const char *name, size_t name_len, const char *value)
{
    char *text;

    if (asprintf(&text, "%.*s=%s", (int)name_len, name, value) < 0)
        return ENOMEM;
    w->sets[w->n_sets++] = text;
    return 0;
}

static int push_template(struct maker *m, struct member *w, const struct template_vars *v,
                         const char *name, size_t name_len, const char *tmpl)
{
    char *value, why[160];
    const int e = template_print(&value, tmpl, v, why, sizeof(why));

    if (e == EINVAL)
        return refuse(m, w, why);
    if (e)
        return e;
    const int pushed = push_set(w, name, name_len, value);
    free(value);
    return pushed;
}

/* {user} of this phone: its cell as it is, else the template. */
static int make_user(struct maker *m, struct member *w, struct template_vars *v, char **user)
{
    char why[160];
    const char *cell = pick(m, w, "user", NULL);

    if (cell) {
        *user = strdup(cell);
        return *user ? 0 : ENOMEM;
    }
    const int e = template_print(user, m->o->user ? m->o->user : "{1000+n}", v, why, sizeof(why));
    return e == EINVAL ? refuse(m, w, why) : e;
}

static int set_account(struct maker *m, struct member *w, const struct template_vars *v)
{
    const char *cell = pick(m, w, "password", NULL);
    const char *tmpl = m->o->password;
    /* A profile that names the account is not overruled by a default nobody asked for. */
    const bool defaults = !w->provision || w->lab || w->registrar;
    int err = 0;

    if (defaults || m->o->user || pick(m, w, "user", NULL))
        err = push_set(w, "User_ID_1_", 10, v->user);
    if (!err && cell)
        err = push_set(w, "Password_1_", 11, cell);
    else if (!err && (tmpl || defaults))
        err = push_template(m, w, v, "Password_1_", 11, tmpl ? tmpl : "pw-{user}");
    return err;
}

static int make_sets(struct maker *m, struct member *w)
{
    struct template_vars v = {.n = w->n, .mac = w->mac, .ip = w->place.addr};
    size_t n = 0;
    char *user = NULL;

    if (m->accounts) {
        v.n_columns = m->accounts->n_columns;
        v.columns = m->accounts->columns;
        v.values = &m->accounts->cells[(w->index - 1) * v.n_columns];
    }
    while (m->o->sets && m->o->sets[n])
        n++;
    w->sets = calloc(n + OWN_SETS + 1, sizeof(*w->sets));
    if (!w->sets)
        return ENOMEM;
    int err = make_user(m, w, &v, &user);
    v.user = user;
    if (!err)
        err = set_account(m, w, &v);
    if (!err && w->registrar)
        err = push_set(w, "Proxy_1_", 8, w->registrar);
    if (!err && w->profile_rule)
        err = push_set(w, "Profile_Rule", 12, w->profile_rule);
    if (!err && w->transport)
        err = push_set(w, "SIP_Transport_1_", 16, w->transport);
    for (size_t i = 0; i < n && !err; i++) {
        const char *eq = strchr(m->o->sets[i], '=');
        err = push_template(m, w, &v, m->o->sets[i], (size_t)(eq - m->o->sets[i]), eq + 1);
    }
    free(user);
    return err;
}

static void sets_free(struct member *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        free(w->sets[i]);
    free(w->sets);
}

/* Can its address and SIP port be taken? Asked before anything runs, so that a farm which cannot
 * work says so at once. */
static int probe(const struct maker *m, const struct member *w, bool with_port)
{
    const struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr = w->place.addr,
                                    .sin_port = with_port ? htons(w->place.port_base
                                                                      ? w->place.port_base : 5060)
                                                          : 0};
    const int one = 1;
    char addr[INET_ADDRSTRLEN];
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int err = fd < 0 ? errno : 0;

    if (!err && m->f->shared_sockets)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (!err && bind(fd, (const struct sockaddr *)&own, sizeof(own)))
        err = errno;
    if (fd >= 0)
        close(fd);
    inet_ntop(AF_INET, &w->place.addr, addr, sizeof(addr));
    if (err == EADDRNOTAVAIL)
        snprintf(m->err, m->err_size,
                 "address %s of phone %u is not local to this machine (give --addr a network that "
                 "is, or add it: ip addr add %s/32 dev lo)",
                 addr, w->n, addr);
    else if (err == EADDRINUSE)
        snprintf(m->err, m->err_size,
                 "UDP port %u of %s (phone %u) is taken, maybe by another farm; give --addr "
                 "another network",
                 ntohs(own.sin_port), addr, w->n);
    else if (err)
        snprintf(m->err, m->err_size, "no socket on %s port %u for phone %u: %s", addr,
                 ntohs(own.sin_port), w->n, strerror(err));
    return err == EACCES ? EPERM : err; /* EACCES is a file's */
}

static bool port_is_standard(const struct farm_options *o)
{
    for (char **s = o->sets; s && *s; s++) {
        if (strncmp(*s, "SIP_Port_1_=", 12) == 0)
            return false;
    }
    return true;
}

static int make_phone(struct maker *m, struct farm_slot *slot, unsigned n, bool first, bool last)
{
    char why[200] = "";
    struct member w = {.n = n, .index = n - m->base};

    slot->block = m->block;
    w.firmware = pick(m, &w, "firmware", m->o->firmware);
    int err = choose_model(m, &w);
    if (!err)
        err = choose_mac(m, &w);
    if (!err)
        err = choose_place(m, &w);
    if (!err)
        err = choose_transport(m, &w);
    if (!err && (first || last))
        err = probe(m, &w, first && port_is_standard(m->o));
    if (err)
        return err;
    choose_servers(m, &w);
    err = make_sets(m, &w);
    if (!err) {
        const struct phone_config cfg = {
            .n = n,
            .model = w.model,
            .firmware = w.firmware,
            .mac = {w.mac[0], w.mac[1], w.mac[2], w.mac[3], w.mac[4], w.mac[5]},
            .addr = w.place.addr,
            .port_base = w.place.port_base,
            .dhcp_value = m->block->dhcp_value ? m->block->dhcp_value
                                               : (w.lab ? m->f->lab_dhcp : NULL),
            .provision = w.provision,
            .sets = (const char *const *)w.sets,
        };
        err = phone_alloc(&slot->ph, &m->block->env, &cfg, farm_phone_handler, slot, why,
                          sizeof(why));
        if (err)
            snprintf(m->err, m->err_size, "phone %u: %s", n, why[0] ? why : strerror(err));
    }
    sets_free(&w);
    return err;
}

/* provisioning.md 1.2: DHCP_Option_To_Use is the order of preference. */
static const char *dhcp_value(const struct farm_options *o)
{
    static const char *const order[] = {"66=", "160=", "159=", "150="};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        for (char **d = o->dhcp_options; d && *d; d++) {
            if (strncmp(*d, order[i], strlen(order[i])) == 0)
                return *d + strlen(order[i]);
        }
    }
    return NULL;
}

static void block_destructor(void *arg)
{
    struct farm_block *b = arg;

    for (unsigned i = 0; i < b->n; i++)
        mem_deref(b->slots[i].ph);
    free(b->dhcp_value);
    free(b->ca);
}

static int make_block(struct maker *m, unsigned first, unsigned n)
{
    struct farm *f = m->f;
    const char *dhcp = dhcp_value(m->o);
    struct farm_block *b =
        mem_zalloc(sizeof(*b) + (size_t)n * sizeof(struct farm_slot), block_destructor);

    if (!b)
        return ENOMEM;
    m->block = b;
    b->f = f;
    b->first = first;
    b->n = n;
    b->dhcp_value = dhcp ? strdup(dhcp) : NULL;
    b->ca = m->o->ca ? strdup(m->o->ca) : NULL;
    if ((dhcp && !b->dhcp_value) || (m->o->ca && !b->ca))
        return ENOMEM;
    b->env = (struct phone_env){
        .lp = f->lp,
        .fetcher = f->fetcher,
        .stack = f->stack,
        .pool = f->pool,
        .ca_file = b->ca,
        .boot_real = m->o->boot && strcmp(m->o->boot, "real") == 0,
        .seed = f->seed,
    };
    int err = 0;
    for (unsigned i = 0; i < n && !err; i++)
        err = make_phone(m, &b->slots[i], first + i, i == 0, i == n - 1);
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

static int prepare(struct maker *m)
{
    const struct farm_options *o = m->o;
    int err = 0;

    if (o->accounts)
        err = accounts_read(&m->accounts, o->accounts, m->err, m->err_size);
    if (!err)
        err = check_columns(m);
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
