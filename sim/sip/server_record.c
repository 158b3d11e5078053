/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/server_record.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/base/err.h"

static const char BLANKS[] = " \t\r\n";

struct reader {
    struct server_record *rec;
    struct parse_err *pe;
};

struct seen { /* parts one host has already */
    bool port, priority, weight, addrs;
};

static int refuse(const struct reader *r, int err, const char *at, const char *why)
{
    return parse_err_set(r->pe, err, 1, (int)(at - r->rec->text) + 1, "%s", why);
}

/* Cut text at the first of `sep`; *rest is what follows, NULL at the end. Blanks around go. */
static char *cut(char *text, char sep, char **rest)
{
    char *end = strchr(text, sep);

    *rest = NULL;
    if (end) {
        *end = '\0';
        *rest = end + 1;
    } else {
        end = text + strlen(text);
    }
    text += strspn(text, BLANKS);
    while (end > text && strchr(BLANKS, end[-1]))
        *--end = '\0';
    return text;
}

static bool keyword(char *part, const char *word, char **value)
{
    const size_t len = strlen(word);

    if (strncasecmp(part, word, len) != 0)
        return false;
    *value = part + len;
    return true;
}

static int read_number(const struct reader *r, const char *text, uint16_t *n)
{
    uint32_t value = 0;

    if (!*text || text[strspn(text, "0123456789")])
        return refuse(r, EBADMSG, text, "not a number");
    for (const char *p = text; *p; p++) {
        value = value * 10 + (uint32_t)(*p - '0');
        if (value > UINT16_MAX)
            return refuse(r, EBADMSG, text, "number above 65535");
    }
    *n = (uint16_t)value;
    return 0;
}

static int check_host(const struct reader *r, const char *host)
{
    if (!*host)
        return refuse(r, EBADMSG, host, "no host name");
    if (strlen(host) > SERVER_HOST_CHARS)
        return refuse(r, E2BIG, host, "host name too long");
    const size_t ok = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789-_.");
    return host[ok] ? refuse(r, EBADMSG, host + ok, "not part of a host name") : 0;
}

static int read_addrs(struct reader *r, char *list, struct server_record_target *t)
{
    struct server_record *rec = r->rec;

    t->addrs = &rec->addrs[rec->n_addrs];
    while (list) {
        char *rest, *text = cut(list, ',', &rest);
        if (rec->n_addrs == SERVER_RECORD_ADDRS)
            return refuse(r, E2BIG, text, "too many addresses");
        if (inet_pton(AF_INET, text, &rec->addrs[rec->n_addrs]) != 1)
            return refuse(r, EBADMSG, text, "not an IPv4 address");
        rec->n_addrs++;
        t->n_addrs++;
        list = rest;
    }
    return 0;
}

static int read_once(const struct reader *r, const char *text, bool *seen, uint16_t *n)
{
    if (*seen)
        return refuse(r, EBADMSG, text, "written twice");
    *seen = true;
    return read_number(r, text, n);
}

/* A bare number is the port when it comes first, else the weight. */
static int read_part(struct reader *r, char *part, struct server_record_target *t, struct seen *s)
{
    char *value;

    if (keyword(part, "p=", &value))
        return read_once(r, value, &s->priority, &t->priority);
    if (keyword(part, "w=", &value))
        return read_once(r, value, &s->weight, &t->weight);
    if (keyword(part, "A=", &value)) {
        if (s->addrs)
            return refuse(r, EBADMSG, part, "written twice");
        s->addrs = true;
        return read_addrs(r, value, t);
    }
    if (!s->port && !s->priority && !s->weight)
        return read_once(r, part, &s->port, &t->port);
    return read_once(r, part, &s->weight, &t->weight);
}

static int read_target(struct reader *r, char *text)
{
    struct server_record *rec = r->rec;
    struct seen seen = {0};

    if (rec->n == SERVER_RECORD_TARGETS)
        return refuse(r, E2BIG, text, "too many servers");
    struct server_record_target *t = &rec->targets[rec->n++];
    char *rest;
    t->weight = 1;
    t->host = cut(text, ':', &rest);
    int err = check_host(r, t->host);
    while (!err && rest)
        err = read_part(r, cut(rest, ':', &rest), t, &seen);
    return err;
}

static int read_targets(struct reader *r, char *list)
{
    int err = 0;

    r->rec->kind = SERVER_RECORD_SRV;
    while (!err && list) {
        char *rest, *text = cut(list, '|', &rest);
        err = read_target(r, text);
        list = rest;
    }
    return err;
}

static int read_own_addrs(struct reader *r, char *list)
{
    struct server_record *rec = r->rec;
    struct server_record_target *t = &rec->targets[rec->n++];

    rec->kind = SERVER_RECORD_A;
    t->host = rec->host;
    t->port = rec->port;
    t->weight = 1;
    return read_addrs(r, list, t);
}

static int read_value(struct reader *r)
{
    char *rest, *value, *text = r->rec->text;
    bool has_port = false;

    r->rec->host = cut(text, ':', &rest);
    int err = check_host(r, r->rec->host);
    while (!err && rest) {
        rest += strspn(rest, BLANKS);
        if (keyword(rest, "SRV=", &value))
            return read_targets(r, value);
        if (keyword(rest, "A=", &value))
            return read_own_addrs(r, value);
        err = read_once(r, cut(rest, ':', &rest), &has_port, &r->rec->port);
    }
    return err;
}

int server_record_parse(struct server_record **rp, const char *text, size_t len,
                        struct parse_err *pe)
{
    if (len > SERVER_VALUE_BYTES)
        return parse_err_set(pe, E2BIG, 1, 0, "longer than %d characters", SERVER_VALUE_BYTES);
    if (memchr(text, '\0', len))
        return parse_err_set(pe, EBADMSG, 1, 0, "holds a NUL character");
    struct server_record *rec = mem_zalloc(sizeof(*rec) + len + 1, NULL);
    if (!rec)
        return ENOMEM;
    memcpy(rec->text, text, len);

    const int err = read_value(&(struct reader){.rec = rec, .pe = pe});
    if (err)
        mem_deref(rec);
    else
        *rp = rec;
    return err;
}

size_t server_record_name(const char *text)
{
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
        const char *word = colon + 1 + strspn(colon + 1, BLANKS);
        if (strncasecmp(word, "SRV=", 4) == 0 || strncasecmp(word, "A=", 2) == 0)
            return (size_t)(colon - text);
    }
    return strlen(text);
}
