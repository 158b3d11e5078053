/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A reader of session descriptions that takes what peers really send: bare LF, missing rtpmap and
 * c= in either place, names in any case. libre's own decoder needs a local description to hold the
 * result and keeps no refused m-lines, so this one stands alone.
 */
#include "sim/sip/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

struct defaults { /* of the session level, for the m-lines below */
    bool has_addr;
    struct in_addr addr;
    enum session_dir dir;
    uint16_t ptime_ms;
};

static bool is_text(const struct pl *pl, const char *text)
{
    return pl->l == strlen(text) && !strncasecmp(pl->p, text, pl->l);
}

/* Take the next word of pl; false when there is none. */
static bool word(struct pl *pl, struct pl *out)
{
    while (pl->l && (*pl->p == ' ' || *pl->p == '\t')) {
        pl->p++;
        pl->l--;
    }
    out->p = pl->p;
    while (pl->l && *pl->p != ' ' && *pl->p != '\t') {
        pl->p++;
        pl->l--;
    }
    out->l = (size_t)(pl->p - out->p);
    return out->l > 0;
}

/* Take what stands before c (or everything); pl keeps what stands behind it. */
static struct pl before(struct pl *pl, char c)
{
    const char *at = pl->l ? memchr(pl->p, c, pl->l) : NULL;
    const struct pl head = {pl->p, at ? (size_t)(at - pl->p) : pl->l};

    pl->l -= head.l + (at ? 1 : 0);
    pl->p += head.l + (at ? 1 : 0);
    return head;
}

static bool number(const struct pl *pl, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (!pl->l)
        return false;
    for (size_t i = 0; i < pl->l; i++) {
        if (pl->p[i] < '0' || pl->p[i] > '9')
            return false;
        n = n * 10 + (uint64_t)(pl->p[i] - '0');
        if (n > max)
            return false;
    }
    *out = n;
    return true;
}

/* "IN IP4 a.b.c.d[/ttl]"; names and IPv6 are not understood [DEF] */
static bool connection(struct pl v, struct in_addr *addr)
{
    struct pl net, type, rest, host;
    char text[16];

    if (!word(&v, &net) || !word(&v, &type) || !word(&v, &rest))
        return false;
    host = before(&rest, '/');
    if (!is_text(&net, "IN") || !is_text(&type, "IP4") || host.l >= sizeof(text))
        return false;
    memcpy(text, host.p, host.l);
    text[host.l] = 0;
    return inet_pton(AF_INET, text, addr) == 1;
}

static void read_origin(struct session_remote *r, struct pl v)
{
    struct pl user, id, version;

    if (!word(&v, &user) || !word(&v, &id) || !word(&v, &version))
        return;
    number(&id, UINT64_MAX / 10 - 1, &r->id);
    number(&version, UINT64_MAX / 10 - 1, &r->version);
}

static bool profile(struct session_media *m)
{
    static const struct {
        const char *name;
        bool secure;
    } known[] = {{"RTP/AVP", false}, {"RTP/SAVP", true}, {"RTP/AVPF", false}, {"RTP/SAVPF", true}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (is_text(&m->proto, known[i].name)) {
            m->secure = known[i].secure;
            return true;
        }
    return false;
}

static void read_formats(struct session_media *m)
{
    struct pl rest = m->formats_text, item;
    uint64_t n;

    while (m->n_formats < SESSION_FORMATS_MAX && word(&rest, &item)) {
        struct session_format *f = &m->formats[m->n_formats];

        if (!number(&item, 127, &n))
            continue;
        f->payload = (uint8_t)n;
        f->id = codec_find_static(f->payload);
        m->n_formats++;
    }
}

static int read_media(struct session_remote *r, struct pl v, const struct defaults *d)
{
    struct session_media *m = &r->media[r->n_media];
    struct pl port, number_part;
    uint64_t n;

    if (r->n_media == SESSION_MEDIA_MAX)
        return E2BIG;
    if (!word(&v, &m->kind) || !word(&v, &port) || !word(&v, &m->proto))
        return EBADMSG;
    while (v.l && *v.p == ' ') {
        v.p++;
        v.l--;
    }
    m->formats_text = v;
    number_part = before(&port, '/'); /* "49170/2": layered, the first is enough */
    if (!number(&number_part, UINT16_MAX, &n) || !v.l)
        return EBADMSG;
    m->port = (uint16_t)n;
    m->audio = is_text(&m->kind, "audio");
    m->rtp = profile(m);
    m->has_addr = d->has_addr;
    m->addr = d->addr;
    m->dir = d->dir;
    m->ptime_ms = d->ptime_ms;
    if (m->audio && m->rtp)
        read_formats(m);
    r->n_media++;
    return 0;
}

static struct session_format *format(struct session_media *m, const struct pl *payload)
{
    uint64_t n;

    if (!number(payload, 127, &n))
        return NULL;
    for (unsigned i = 0; i < m->n_formats; i++)
        if (m->formats[i].payload == n)
            return &m->formats[i];
    return NULL;
}

/* 5.2, SUG: names of static types 0-95 are ignored, dynamic types go by name */
static void read_rtpmap(struct session_media *m, struct pl v)
{
    struct pl payload, rest, name, rate;
    struct session_format *f;
    uint64_t n;

    if (!word(&v, &payload) || !word(&v, &rest))
        return;
    f = format(m, &payload);
    name = before(&rest, '/');
    rate = before(&rest, '/');
    if (!f || !name.l || !number(&rate, 192000, &n))
        return;
    f->name = name;
    f->rate = (uint32_t)n;
    if (f->payload < 96)
        return;
    f->dtmf = n == 8000 && is_text(&name, "telephone-event");
    f->id = f->dtmf ? CODEC_NONE : codec_find_name(name.p, name.l, f->rate);
}

static enum session_suite suite(const struct pl *name)
{
    if (is_text(name, "AES_CM_128_HMAC_SHA1_80"))
        return SESSION_SUITE_80;
    return is_text(name, "AES_CM_128_HMAC_SHA1_32") ? SESSION_SUITE_32 : SESSION_SUITE_NONE;
}

/* RFC 4568: "tag suite inline:key[|lifetime][|MKI:length] [session parameters]" */
static void read_crypto(struct session_media *m, struct pl v)
{
    struct session_crypto *c = &m->crypto[m->n_crypto];
    struct pl tag, name, params, more, method, key, extra;
    uint8_t bytes[48];
    size_t len = sizeof(bytes);
    uint64_t n;

    if (m->n_crypto == SESSION_CRYPTO_MAX)
        return;
    if (!word(&v, &tag) || !word(&v, &name) || !word(&v, &params) || word(&v, &more))
        return; /* session parameters change how packets look: such a line is not for us [DEF] */
    method = before(&params, ':');
    key = before(&params, '|');
    extra = params;
    if (!is_text(&method, "inline") || !number(&tag, 999999999, &n) || !suite(&name))
        return;
    if (extra.l && memchr(extra.p, ':', extra.l))
        return; /* MKI */
    if (key.l != 40 || base64_decode(key.p, key.l, bytes, &len) || len != SESSION_KEY_BYTES)
        return;
    c->tag = (uint32_t)n;
    c->suite = suite(&name);
    memcpy(c->key, bytes, SESSION_KEY_BYTES);
    m->n_crypto++;
}

static void read_rtcp(struct session_media *m, struct pl v)
{
    struct pl port;
    uint64_t n;

    if (!word(&v, &port) || !number(&port, UINT16_MAX, &n))
        return;
    m->rtcp.sin_port = htons((uint16_t)n);
    if (connection(v, &m->rtcp.sin_addr))
        m->rtcp.sin_family = AF_INET;
}

static bool read_dir(const struct pl *name, enum session_dir *dir)
{
    static const char *const names[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

    for (unsigned i = 0; i < 4; i++)
        if (is_text(name, names[i])) {
            *dir = (enum session_dir)i;
            return true;
        }
    return false;
}

static void read_ptime(struct pl v, uint16_t *ptime_ms)
{
    struct pl text;
    uint64_t n;

    /* the phone's own range: 10 to 160 in steps of 10 (5.2) */
    if (word(&v, &text) && number(&text, 160, &n) && n >= 10 && n % 10 == 0)
        *ptime_ms = (uint16_t)n;
}

static void read_attribute(struct session_media *m, struct defaults *d, struct pl v)
{
    const struct pl name = before(&v, ':');

    if (read_dir(&name, m ? &m->dir : &d->dir))
        return;
    if (is_text(&name, "ptime"))
        read_ptime(v, m ? &m->ptime_ms : &d->ptime_ms);
    else if (!m)
        return;
    else if (is_text(&name, "rtpmap"))
        read_rtpmap(m, v);
    else if (is_text(&name, "crypto"))
        read_crypto(m, v);
    else if (is_text(&name, "rtcp"))
        read_rtcp(m, v);
}

static void read_connection(struct session_media *m, struct defaults *d, struct pl v)
{
    struct in_addr addr = {0};
    const bool ok = connection(v, &addr);

    if (m) {
        m->has_addr = ok;
        m->addr = addr;
    } else {
        d->has_addr = ok;
        d->addr = addr;
    }
}

static bool next_line(const char **p, const char *end, struct pl *line)
{
    while (*p < end && (**p == '\r' || **p == '\n'))
        (*p)++;
    line->p = *p;
    while (*p < end && **p != '\r' && **p != '\n')
        (*p)++;
    line->l = (size_t)(*p - line->p);
    return line->l > 0;
}

static void finish(struct session_remote *r)
{
    for (unsigned i = 0; i < r->n_media; i++) {
        struct session_media *m = &r->media[i];

        if (m->rtcp.sin_family != AF_INET) {
            m->rtcp.sin_family = AF_INET;
            m->rtcp.sin_addr = m->addr;
        }
        if (!m->rtcp.sin_port)
            m->rtcp.sin_port = htons((uint16_t)(m->port + 1));
    }
}

int session_parse(struct session_remote *r, const char *text, size_t len)
{
    const char *p = text, *end = text + len;
    struct defaults d = {.dir = SESSION_SENDRECV};
    struct pl line;

    memset(r, 0, sizeof(*r));
    if (!len || memchr(text, 0, len) || !next_line(&p, end, &line) || line.l < 3 ||
        memcmp(line.p, "v=0", 3))
        return EBADMSG;
    while (next_line(&p, end, &line)) {
        struct session_media *m = r->n_media ? &r->media[r->n_media - 1] : NULL;
        int err = 0;

        if (line.l < 2 || line.p[1] != '=')
            continue;
        const struct pl v = {line.p + 2, line.l - 2};
        if (line.p[0] == 'o')
            read_origin(r, v);
        else if (line.p[0] == 'c')
            read_connection(m, &d, v);
        else if (line.p[0] == 'm')
            err = read_media(r, v, &d);
        else if (line.p[0] == 'a')
            read_attribute(m, &d, v);
        if (err)
            return err;
    }
    finish(r);
    return 0;
}
