/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/farm/plan.h"
#include "sim/farm/shard.h"
#include "sim/prov/rule.h"

enum kind {
    KIND_TEXT,
    KIND_LIST, /* char **, ended by NULL */
    KIND_U32,
    KIND_FLAG,
    KIND_SEED,
    KIND_SCALE,
    KIND_WEB,
};

struct row {
    enum kind kind;
    size_t offset;
    uint32_t max;
    const char *choices; /* "a|b", NULL = any text */
    int (*check)(const char *value, char *err, size_t err_size);
};

static int complain(char *err, size_t err_size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int complain(char *err, size_t err_size, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(err, err_size, fmt, ap);
    va_end(ap);
    return EINVAL;
}

static int check_model(const char *value, char *err, size_t err_size)
{
    return device_model_find(value)
               ? 0
               : complain(err, err_size, "there is no model \"%s\" (see spafarm models)", value);
}

static int check_mac(const char *value, char *err, size_t err_size)
{
    uint64_t mac;
    return plan_mac_parse(&mac, value)
               ? complain(err, err_size, "\"%s\" is no MAC address (12 hexadecimal digits)", value)
               : 0;
}

static int check_addr(const char *value, char *err, size_t err_size)
{
    struct plan_range range;
    return plan_range_parse(&range, value, err, err_size);
}

static int check_dhcp(const char *value, char *err, size_t err_size)
{
    return dhcp_option_valid(value)
               ? 0
               : complain(err, err_size,
                          "\"%s\" is not N=VALUE with N one of 66, 150, 159, 160, 60, 43, 125",
                          value);
}

static int check_registrar(const char *value, char *err, size_t err_size)
{
    const char *colon = strchr(value, ':');
    unsigned long port = 1;
    char *end = NULL;

    if (colon && !strchr(colon + 1, ':')) {
        port = strtoul(colon + 1, &end, 10);
        if (colon == value || end == colon + 1 || *end || colon[1] == '-')
            port = 0;
    }
    if (*value && port >= 1 && port <= 65535 && strcspn(value, " \t\r\n<>\"") == strlen(value))
        return 0;
    return complain(err, err_size, "\"%s\" is no HOST[:PORT]", value);
}

static int check_set(const char *value, char *err, size_t err_size)
{
    const char *eq = strchr(value, '=');
    return eq && eq != value ? 0 : complain(err, err_size, "\"%s\" is not NAME=VALUE", value);
}

static int check_shard(const char *value, char *err, size_t err_size)
{
    unsigned index, total;

    if (strcmp(value, "env") == 0)
        return 0;
    return shard_parse(value, &index, &total)
               ? complain(err, err_size, "\"%s\" is no part I/N with I from 1 to N", value)
               : 0;
}

/* name, argument, repeatable, kind, member, most, choices, check, help */
#define OPTIONS(XX)                                                                                \
    XX("model", "M", false, KIND_TEXT, model, 0, NULL, check_model,                                \
       "one of `spafarm models`, any case (SPA504G)")                                              \
    XX("count", "N", false, KIND_U32, count, 1000000, NULL, NULL,                                  \
       "phones (1; run on the lab: 100; with --accounts: its rows)")                               \
    XX("firmware", "V", false, KIND_TEXT, firmware, 0, NULL, NULL,                                 \
       "firmware version (the model's newest)")                                                    \
    XX("accounts", "F.csv", false, KIND_TEXT, accounts, 0, NULL, NULL,                             \
       "one row a phone; columns are option names and become template names")                      \
    XX("mac", "BASE", false, KIND_TEXT, mac, 0, NULL, check_mac,                                   \
       "MAC address of phone 1; the following count up")                                           \
    XX("addr", "A", false, KIND_TEXT, addr, 0, NULL, check_addr,                                   \
       "CIDR or range: an address per phone; one address: a port block per phone")                 \
    XX("port-base", "PORT", false, KIND_U32, port_base, 65535, NULL, NULL,                         \
       "first SIP port of a farm on one address (10000), 16 per phone")                            \
    XX("profile-rule", "RULE", false, KIND_TEXT, profile_rule, 0, NULL, NULL,                      \
       "Profile_Rule as an administrator writes it")                                               \
    XX("registrar", "HOST[:PORT]", false, KIND_TEXT, registrar, 0, NULL, check_registrar,          \
       "Proxy_1_; alone it means no provisioning")                                                 \
    XX("dhcp-option", "N=VALUE", true, KIND_LIST, dhcp_options, 0, NULL, check_dhcp,               \
       "what DHCP would have said (66, 150, 159, 160, 60, 43, 125)")                               \
    XX("dns", "ADDR[:PORT]", false, KIND_TEXT, dns, 0, NULL, NULL,                                 \
       "resolver for names (the system's)")                                                        \
    XX("user", "T", false, KIND_TEXT, user, 0, NULL, NULL,                                         \
       "account of line 1, a template ({1000+n})")                                                 \
    XX("password", "T", false, KIND_TEXT, password, 0, NULL, NULL,                                 \
       "its password, a template (pw-{user})")                                                     \
    XX("set", "NAME=VALUE", true, KIND_LIST, sets, 0, NULL, check_set,                             \
       "any configuration parameter, templates allowed; wins over the profile")                    \
    XX("transport", "T", false, KIND_TEXT, transport, 0, "UDP|TCP|TLS", NULL,                      \
       "UDP, TCP or TLS (UDP)")                                                                    \
    XX("no-provision", NULL, false, KIND_FLAG, no_provision, 0, NULL, NULL,                        \
       "skip the resync pass at boot")                                                             \
    XX("boot", "fast|real", false, KIND_TEXT, boot, 0, "fast|real", NULL,                          \
       "real: the boot and random delays of a real phone (fast)")                                  \
    XX("ca", "F", false, KIND_TEXT, ca, 0, NULL, NULL,                                             \
       "certificates that TLS servers must descend from (the system's)")                           \
    XX("client-ca", "F", false, KIND_TEXT, client_ca, 0, NULL, NULL,                               \
       "PEM with certificate and key of the CA that signs the phones' certificates")               \
    XX("client-keys", "farm|own", false, KIND_TEXT, client_keys, 0, "farm|own", NULL,              \
       "one key pair for the farm, or one per phone, which takes time (farm)")                     \
    XX("web", "[PORT]", false, KIND_WEB, web, 0, NULL, NULL,                                       \
       "the phones' own web servers (Web_Server_Port, 80)")                                        \
    XX("media", "on|off", false, KIND_TEXT, media, 0, "on|off", NULL,                              \
       "RTP; off answers calls with SDP and sends nothing (off)")                                  \
    XX("shard", "I/N|env", false, KIND_TEXT, shard, 0, NULL, check_shard,                          \
       "play the I-th of N equal parts of the farm (1/1)")                                         \
    XX("sockets", "own|shared", false, KIND_TEXT, sockets, 0, "own|shared", NULL,                  \
       "a UDP socket per phone and line, or one per port for all (own)")                           \
    XX("unregister", NULL, false, KIND_FLAG, unregister, 0, NULL, NULL,                            \
       "remove all bindings when the run ends")                                                    \
    XX("seed", "N", false, KIND_SEED, seed, 0, NULL, NULL,                                         \
       "every random choice follows from it (random, printed)")                                    \
    XX("time-scale", "X", false, KIND_SCALE, time_scale, 0, NULL, NULL,                            \
       "the phones' long timers run X times as fast (1)")

static const struct farm_option table[] = {
#define XX(name_, arg_, repeat_, kind_, member_, max_, choices_, check_, help_)                    \
    {.name = name_, .arg = arg_, .help = help_, .repeatable = repeat_},
    OPTIONS(XX)
#undef XX
};

static const struct row rows[] = {
#define XX(name_, arg_, repeat_, kind_, member_, max_, choices_, check_, help_)                    \
    {.kind = kind_,                                                                                \
     .offset = offsetof(struct farm_options, member_),                                             \
     .max = max_,                                                                                  \
     .choices = choices_,                                                                          \
     .check = check_},
    OPTIONS(XX)
#undef XX
};

enum { N_OPTIONS = sizeof(table) / sizeof(table[0]) };

const struct farm_option *farm_option_table(size_t *n)
{
    *n = N_OPTIONS;
    return table;
}

static void *member(struct farm_options *o, size_t offset)
{
    return (uint8_t *)o + offset;
}

void farm_options_init(struct farm_options *o)
{
    *o = (struct farm_options){.model = NULL};
}

static void list_clear(char **texts)
{
    for (char **p = texts; p && *p; p++)
        free(*p);
    free(texts);
}

void farm_options_reset(struct farm_options *o)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        void *p = member(o, rows[i].offset);
        if (rows[i].kind == KIND_TEXT)
            free(*(char **)p);
        else if (rows[i].kind == KIND_LIST)
            list_clear(*(char ***)p);
    }
    farm_options_init(o);
}

static int list_append(char ***texts, const char *value)
{
    size_t n = 0;

    while (*texts && (*texts)[n])
        n++;
    char **grown = realloc(*texts, (n + 2) * sizeof(*grown));
    if (!grown)
        return ENOMEM;
    *texts = grown;
    grown[n] = strdup(value);
    grown[n + 1] = NULL;
    return grown[n] ? 0 : ENOMEM;
}

int farm_options_copy(struct farm_options *dst, const struct farm_options *src)
{
    int err = 0;

    *dst = *src;
    for (size_t i = 0; i < N_OPTIONS; i++) { /* no text is shared, whatever fails */
        void *p = member(dst, rows[i].offset);
        if (rows[i].kind == KIND_TEXT)
            *(char **)p = NULL;
        else if (rows[i].kind == KIND_LIST)
            *(char ***)p = NULL;
    }
    for (size_t i = 0; i < N_OPTIONS && !err; i++) {
        const void *from = (const uint8_t *)src + rows[i].offset;
        void *to = member(dst, rows[i].offset);
        if (rows[i].kind == KIND_TEXT && *(char *const *)from) {
            *(char **)to = strdup(*(char *const *)from);
            err = *(char **)to ? 0 : ENOMEM;
        } else if (rows[i].kind == KIND_LIST) {
            for (char *const *t = *(char **const *)from; t && *t && !err; t++)
                err = list_append(to, *t);
        }
    }
    if (err)
        farm_options_reset(dst);
    return err;
}

static bool name_is(const char *name, const char *given)
{
    for (; *name && *given; name++, given++) {
        if (*name != (*given == '_' ? '-' : *given))
            return false;
    }
    return *name == *given;
}

/* Choices are stored as the table spells them. */
static const char *choose(const char *choices, const char *value, char *buf, size_t size)
{
    const size_t len = strlen(value);

    for (const char *c = choices; c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL) {
        const size_t n = strcspn(c, "|");
        if (n == len && n < size && strncasecmp(c, value, n) == 0) {
            memcpy(buf, c, n);
            buf[n] = '\0';
            return buf;
        }
    }
    return NULL;
}

static int set_text(char **p, size_t i, const char *value, char *err, size_t err_size)
{
    char buf[16];

    if (rows[i].choices) {
        const char *choice = choose(rows[i].choices, value, buf, sizeof(buf));
        if (!choice)
            return complain(err, err_size, "--%s is one of %s, not \"%s\"", table[i].name,
                            rows[i].choices, value);
        value = choice;
    }
    char *copy = strdup(value);
    if (!copy)
        return ENOMEM;
    free(*p);
    *p = copy;
    return 0;
}

static bool read_u64(const char *text, uint64_t max, uint64_t *n)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *n = strtoull(text, &end, 10);
    return !errno && !*end && *n <= max;
}

static int set_number(struct farm_options *o, size_t i, const char *value, char *err,
                      size_t err_size)
{
    uint64_t n;

    switch (rows[i].kind) {
    case KIND_SEED: /* JSON integers are signed */
        if (!read_u64(value, INT64_MAX, &n))
            return complain(err, err_size, "--seed is a number from 0 to %lld, not \"%s\"",
                            (long long)INT64_MAX, value);
        o->seed = n;
        o->has_seed = true;
        return 0;
    case KIND_SCALE: {
        char *end;
        const double x = strtod(value, &end);
        if (end == value || *end || !isfinite(x) || x < 0.001 || x > 1e6)
            return complain(err, err_size,
                            "--time-scale is a number from 0.001 to 1000000, not \"%s\"", value);
        o->time_scale = x;
        return 0;
    }
    default:
        if (!read_u64(value, rows[i].max, &n) || n == 0)
            return complain(err, err_size, "--%s is a number from 1 to %u, not \"%s\"",
                            table[i].name, rows[i].max, value);
        *(uint32_t *)member(o, rows[i].offset) = (uint32_t)n;
        return 0;
    }
}

static int read_flag(bool *flag, size_t i, const char *value, char *err, size_t err_size)
{
    char buf[8];

    if (!value || choose("true|yes|on|1", value, buf, sizeof(buf)))
        *flag = true;
    else if (choose("false|no|off|0", value, buf, sizeof(buf)))
        *flag = false;
    else
        return complain(err, err_size, "--%s is yes or no, not \"%s\"", table[i].name, value);
    return 0;
}

static int set_web(struct farm_options *o, size_t i, const char *value, char *err, size_t err_size)
{
    uint64_t port;

    if (value && read_u64(value, UINT64_MAX, &port) && port > 65535)
        return complain(err, err_size, "--%s: ports end at 65535, before %s", table[i].name, value);
    if (!value || !read_u64(value, 65535, &port) || port < 2)
        return read_flag(&o->web, i, value, err, err_size);
    o->web = true;
    o->web_port = (uint16_t)port;
    return 0;
}

static int set_value(struct farm_options *o, size_t i, const char *value, char *err,
                     size_t err_size)
{
    void *p = member(o, rows[i].offset);

    if (rows[i].check) {
        char why[300] = "";
        const int bad = rows[i].check(value, why, sizeof(why));
        if (bad)
            snprintf(err, err_size, "--%s: %s", table[i].name, why);
        if (bad)
            return bad;
    }
    switch (rows[i].kind) {
    case KIND_TEXT:
        return set_text(p, i, value, err, err_size);
    case KIND_LIST:
        return list_append(p, value);
    default:
        return set_number(o, i, value, err, err_size);
    }
}

int farm_option_set(struct farm_options *o, const char *name, const char *value, char *err,
                    size_t err_size)
{
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (!name_is(table[i].name, name))
            continue;
        if (rows[i].kind == KIND_FLAG)
            return read_flag(member(o, rows[i].offset), i, value, err, err_size);
        if (rows[i].kind == KIND_WEB)
            return set_web(o, i, value, err, err_size);
        if (!value)
            return complain(err, err_size, "--%s wants a value: %s", table[i].name, table[i].arg);
        const int result = set_value(o, i, value, err, err_size);
        if (result == ENOMEM)
            snprintf(err, err_size, "no memory");
        return result;
    }
    snprintf(err, err_size, "there is no option --%s", name);
    return ENOENT;
}
