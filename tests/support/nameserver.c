/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support/nameserver.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "tests/support/peer.h"

enum {
    RECORDS_MAX = 64,
    QUESTIONS_MAX = 256, /* remembered */
    NAME_MAX_BYTES = 256,
    RDATA_MAX = 1024,
    HEADER = 12,
    TYPE_A = 1,
    TYPE_SRV = 33,
    TYPE_NAPTR = 35,
};

struct record {
    char name[NAME_MAX_BYTES], target[NAME_MAX_BYTES];
    unsigned type;
    uint32_t ttl_s;
    uint8_t rdata[RDATA_MAX];
    size_t len;
};

struct nameserver {
    struct udp_peer *udp;
    char text[32];
    struct tcp_sock *listener;
    struct tcp_conn *conn; /* one at a time */
    bool additional, silent, truncate;
    struct record records[RECORDS_MAX];
    unsigned n_records, n_asked;
    char asked[QUESTIONS_MAX][NAME_MAX_BYTES];
    struct sockaddr_in asker;
    uint8_t question[512];
    size_t len;
    unsigned type; /* of the last question */
};

static size_t put_16(uint8_t *p, unsigned n)
{
    p[0] = (uint8_t)(n >> 8);
    p[1] = (uint8_t)n;
    return 2;
}

static size_t put_text(uint8_t *p, const char *text)
{
    p[0] = (uint8_t)strlen(text);
    memcpy(p + 1, text, p[0]);
    return p[0] + 1u;
}

static size_t put_name(uint8_t *p, const char *name)
{
    size_t at = 0;

    while (*name) {
        const size_t label = strcspn(name, ".");
        p[at++] = (uint8_t)label;
        memcpy(p + at, name, label);
        at += label;
        name += label + (name[label] == '.');
    }
    p[at++] = 0;
    return at;
}

static struct record *add(struct nameserver *s, const char *name, unsigned type, uint32_t ttl_s)
{
    if (s->n_records == RECORDS_MAX)
        abort();
    struct record *r = &s->records[s->n_records++];
    memset(r, 0, sizeof(*r));
    snprintf(r->name, sizeof(r->name), "%s", name);
    r->type = type;
    r->ttl_s = ttl_s;
    return r;
}

void nameserver_a(struct nameserver *s, const char *name, uint32_t ttl_s, const char *addr)
{
    struct record *r = add(s, name, TYPE_A, ttl_s);

    if (inet_pton(AF_INET, addr, r->rdata) != 1)
        abort();
    r->len = 4;
}

void nameserver_srv(struct nameserver *s, const char *name, uint32_t ttl_s, unsigned priority,
                    unsigned weight, unsigned port, const char *target)
{
    struct record *r = add(s, name, TYPE_SRV, ttl_s);

    r->len = put_16(r->rdata, priority);
    r->len += put_16(r->rdata + r->len, weight);
    r->len += put_16(r->rdata + r->len, port);
    r->len += put_name(r->rdata + r->len, target);
    snprintf(r->target, sizeof(r->target), "%s", target);
}

void nameserver_naptr(struct nameserver *s, const char *name, unsigned order, unsigned preference,
                      const char *flags, const char *service, const char *regexp,
                      const char *replacement)
{
    struct record *r = add(s, name, TYPE_NAPTR, 60);

    r->len = put_16(r->rdata, order);
    r->len += put_16(r->rdata + r->len, preference);
    r->len += put_text(r->rdata + r->len, flags);
    r->len += put_text(r->rdata + r->len, service);
    r->len += put_text(r->rdata + r->len, regexp);
    r->len += put_name(r->rdata + r->len, replacement);
}

void nameserver_clear(struct nameserver *s)
{
    s->n_records = 0;
}

void nameserver_additional(struct nameserver *s, bool on)
{
    s->additional = on;
}

void nameserver_silent(struct nameserver *s, bool on)
{
    s->silent = on;
}

unsigned nameserver_asked(const struct nameserver *s, const char *name)
{
    unsigned n = 0;

    if (!name)
        return s->n_asked;
    for (unsigned i = 0; i < s->n_asked && i < QUESTIONS_MAX; i++)
        n += strcasecmp(s->asked[i], name) == 0;
    return n;
}

static size_t put_record(uint8_t *p, const struct record *r)
{
    size_t at = put_name(p, r->name);

    at += put_16(p + at, r->type);
    at += put_16(p + at, 1);
    at += put_16(p + at, r->ttl_s >> 16);
    at += put_16(p + at, r->ttl_s & 0xffff);
    at += put_16(p + at, (unsigned)r->len);
    memcpy(p + at, r->rdata, r->len);
    return at + r->len;
}

static size_t put_records(const struct nameserver *s, uint8_t *p, size_t room, const char *name,
                          unsigned type, unsigned *n)
{
    size_t at = 0;

    for (unsigned i = 0; i < s->n_records; i++) {
        const struct record *r = &s->records[i];
        if (r->type != type || strcasecmp(r->name, name) != 0)
            continue;
        if (at + r->len + NAME_MAX_BYTES + 10 > room)
            abort();
        at += put_record(p + at, r);
        ++*n;
    }
    return at;
}

size_t nameserver_print(const struct nameserver *s, uint8_t answer[NAMESERVER_BYTES])
{
    const char *name = s->asked[(s->n_asked - 1) % QUESTIONS_MAX];
    unsigned n = 0, n_more = 0;
    size_t at = s->len;

    memcpy(answer, s->question, s->len);
    at += put_records(s, answer + at, NAMESERVER_BYTES - at, name, s->type, &n);
    for (unsigned i = 0; s->additional && s->type == TYPE_SRV && i < s->n_records; i++)
        if (s->records[i].type == TYPE_SRV && strcasecmp(s->records[i].name, name) == 0)
            at += put_records(s, answer + at, NAMESERVER_BYTES - at, s->records[i].target, TYPE_A,
                              &n_more);
    answer[2] |= 0x80;
    answer[3] = n ? 0x80 : 0x83;
    put_16(answer + 6, n);
    put_16(answer + 10, n_more);
    return at;
}

static size_t print_cut(const struct nameserver *s, uint8_t answer[NAMESERVER_BYTES])
{
    const char *name = s->asked[(s->n_asked - 1) % QUESTIONS_MAX];

    nameserver_print(s, answer);
    answer[2] |= 0x02;
    memset(answer + 6, 0, 6);
    for (unsigned i = 0; i < s->n_records; i++) {
        if (s->records[i].type == s->type && strcasecmp(s->records[i].name, name) == 0) {
            put_16(answer + 6, 1);
            return s->len + put_record(answer + s->len, &s->records[i]);
        }
    }
    return s->len;
}

void nameserver_send(struct nameserver *s, const uint8_t *answer, size_t len)
{
    udp_peer_send(s->udp, &s->asker, answer, len);
}

static size_t read_name(const uint8_t *p, size_t len, char *name)
{
    size_t at = 0, n = 0;

    while (at < len && p[at] && at + p[at] < len && n + p[at] + 2 < NAME_MAX_BYTES) {
        memcpy(name + n, p + at + 1, p[at]);
        n += p[at];
        at += p[at] + 1u;
        name[n++] = '.';
    }
    name[n ? n - 1 : 0] = '\0';
    return at + 1;
}

static void take_question(struct nameserver *s, const uint8_t *data, size_t len)
{
    if (len < HEADER + 5 || len > sizeof(s->question))
        abort();
    s->len = len;
    memcpy(s->question, data, len);
    char *name = s->asked[s->n_asked++ % QUESTIONS_MAX];
    const size_t at = HEADER + read_name(data + HEADER, len - HEADER, name);
    s->type = (unsigned)(data[at] << 8 | data[at + 1]);
}

static void question_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                             const struct sockaddr_in *from, void *arg)
{
    struct nameserver *s = arg;
    uint8_t answer[NAMESERVER_BYTES];

    (void)p;
    s->asker = *from;
    take_question(s, data, len);
    if (s->silent)
        return;
    nameserver_send(s, answer, s->truncate ? print_cut(s, answer) : nameserver_print(s, answer));
}

/* The test's questions come in one piece each. */
static void stream_handler(struct mbuf *mb, void *arg)
{
    struct nameserver *s = arg;
    uint8_t answer[NAMESERVER_BYTES];
    struct mbuf *out = mbuf_alloc(sizeof(answer) + 2);

    take_question(s, mbuf_buf(mb) + 2, mbuf_get_left(mb) - 2);
    const size_t n = nameserver_print(s, answer);
    mbuf_write_u16(out, htons((uint16_t)n));
    mbuf_write_mem(out, answer, n);
    out->pos = 0;
    tcp_send(s->conn, out);
    mem_deref(out);
}

static void connection_handler(const struct sa *peer, void *arg)
{
    struct nameserver *s = arg;

    (void)peer;
    s->conn = mem_deref(s->conn);
    tcp_accept(&s->conn, s->listener, NULL, stream_handler, NULL, s);
}

struct nameserver *nameserver_open(struct loop *lp)
{
    struct nameserver *s = calloc(1, sizeof(*s));

    if (!s)
        abort();
    s->udp = udp_peer_open(lp, question_handler, s);
    snprintf(s->text, sizeof(s->text), "127.0.0.1:%u", udp_peer_port(s->udp));
    return s;
}

void nameserver_truncate(struct nameserver *s, bool tcp)
{
    struct sa sa;

    s->truncate = true;
    if (tcp && (sa_set_str(&sa, "127.0.0.1", udp_peer_port(s->udp)) ||
                tcp_listen(&s->listener, &sa, connection_handler, s)))
        abort(); /* someone has the port of this number */
}

const char *nameserver_text(const struct nameserver *s)
{
    return s->text;
}

void nameserver_close(struct nameserver *s)
{
    mem_deref(s->conn);
    mem_deref(s->listener);
    udp_peer_close(s->udp);
    free(s);
}
