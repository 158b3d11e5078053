/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lab/registrar.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "sim/lab/priv.h"
#include "sim/loop/clock.h"
#include "sim/sip/auth.h"
#include "sim/sip/message.h"

enum {
    DEFAULT_EXPIRES_S = 3600,
    DEFAULT_NONCE_LIFE_S = 300,
    MAX_CONTACTS = 10, /* per user and per request [DEF] */
    PORT_TRIES = 32,
};

struct registrar {
    struct loop *lp;
    struct bindings *bindings;
    struct nonces *nonces;
    struct listen_udp *udp;
    struct listen_tcp *tcp;
    struct registrar_config cfg;
    char *realm, *password;
    struct in_addr addr;
    uint16_t port;
    struct registrar_stats stats;
};

struct contact {
    struct pl uri;
    uint32_t expires_s;
};

struct request { /* one REGISTER being answered */
    struct registrar *r;
    const struct sip_msg *msg;
    const struct registrar_peer *peer;
    struct contact contacts[MAX_CONTACTS];
    unsigned n_contacts;
    bool star, bad;
    struct writer w; /* the reply so far */
};

/* ---- printing */

static void put_hex32(struct request *q, uint32_t v)
{
    for (int shift = 28; shift >= 0; shift -= 4)
        put_bytes(&q->w, &"0123456789abcdef"[(v >> shift) & 15], 1);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where "=port" belongs behind a bare rport parameter (RFC 3581), or NULL. */
static const char *bare_rport(const struct pl *via)
{
    const char *end = via->p + via->l;

    for (const char *p = via->p; p < end; p++) {
        const char *q = p + 1, *after;

        if (*p != ';')
            continue;
        while (q < end && is_space(*q))
            q++;
        if (end - q < 5 || strncasecmp(q, "rport", 5))
            continue;
        for (after = q + 5; after < end && is_space(*after);)
            after++;
        if (after == end || *after == ';')
            return q + 5;
    }
    return NULL;
}

static void put_top_via(struct request *q, const struct pl *via)
{
    const char *rport = bare_rport(via);
    char ip[INET_ADDRSTRLEN] = "";
    struct pl host = q->msg->via.sentby;

    inet_ntop(AF_INET, &q->peer->addr, ip, sizeof(ip));
    if (rport) {
        put_bytes(&q->w, via->p, (size_t)(rport - via->p));
        put_bytes(&q->w, "=", 1);
        put_u32(&q->w, q->peer->port);
        put_bytes(&q->w, rport, (size_t)(via->p + via->l - rport));
    } else {
        put_pl(&q->w, via);
    }
    if (host.l < strlen(ip) || strncmp(host.p, ip, strlen(ip)) ||
        (host.l > strlen(ip) && host.p[strlen(ip)] != ':') || rport) {
        put(&q->w, ";received=");
        put(&q->w, ip);
    }
}

static bool via_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct request *q = arg;

    put(&q->w, "Via: ");
    if (hdr == sip_msg_hdr(msg, SIP_HDR_VIA))
        put_top_via(q, &hdr->val);
    else
        put_pl(&q->w, &hdr->val);
    put(&q->w, "\r\n");
    return false;
}

static void put_header(struct request *q, enum sip_hdrid id, const char *name)
{
    const struct sip_hdr *hdr = sip_msg_hdr(q->msg, id);

    if (!hdr)
        return;
    put(&q->w, name);
    put_pl(&q->w, &hdr->val);
    put(&q->w, "\r\n");
}

/* A number that the retransmission of a request shares with it and others do not. */
static uint32_t fingerprint(const struct sip_msg *msg)
{
    const uint32_t a = hash_joaat((const uint8_t *)msg->callid.p, msg->callid.l);
    const uint32_t b = hash_joaat((const uint8_t *)msg->via.branch.p, msg->via.branch.l);

    return a ^ (b << 1 | b >> 31) ^ msg->cseq.num * 0x9e3779b9U;
}

/* Status line and the headers every reply copies; the caller adds more and then put_end(). */
static void put_start(struct request *q, const char *status)
{
    put(&q->w, "SIP/2.0 ");
    put(&q->w, status);
    put(&q->w, "\r\n");
    sip_msg_hdr_apply(q->msg, true, SIP_HDR_VIA, via_handler, q);
    put_header(q, SIP_HDR_FROM, "From: ");
    const struct sip_hdr *to = sip_msg_hdr(q->msg, SIP_HDR_TO);
    if (to) {
        put(&q->w, "To: ");
        put_pl(&q->w, &to->val);
        if (!q->msg->to.tag.l) {
            put(&q->w, ";tag=");
            put_hex32(q, fingerprint(q->msg));
        }
        put(&q->w, "\r\n");
    }
    put_header(q, SIP_HDR_CALL_ID, "Call-ID: ");
    put_header(q, SIP_HDR_CSEQ, "CSeq: ");
}

static void put_end(struct request *q)
{
    put(&q->w, "Server: spafarm lab\r\nContent-Length: 0\r\n\r\n");
}

static void answer(struct request *q, const char *status, const char *headers)
{
    put_start(q, status);
    put(&q->w, headers);
    put_end(q);
}

static void refuse(struct request *q, const char *status)
{
    q->r->stats.n_refused++;
    answer(q, status, "");
}

/* ---- digest */

static void challenge(struct request *q, bool stale)
{
    char nonce[NONCE_LEN + 1];

    nonce_print(q->r->nonces, nonce);
    put_start(q, "401 Unauthorized");
    put(&q->w, "WWW-Authenticate: Digest realm=\"");
    put(&q->w, q->r->realm);
    put(&q->w, "\",nonce=\"");
    put(&q->w, nonce);
    put(&q->w, "\",algorithm=MD5,qop=\"auth\"");
    if (stale) {
        put(&q->w, ",stale=true");
        q->r->stats.n_stale++;
    } else {
        q->r->stats.n_challenged++;
    }
    put(&q->w, "\r\n");
    put_end(q);
}

struct credentials { /* those for our realm */
    const char *realm;
    struct auth_response ar;
    bool found, malformed;
};

static bool credentials_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct credentials *c = arg;
    const int err = auth_response_parse(&c->ar, &hdr->val);

    (void)msg;
    if (err == EBADMSG)
        c->malformed = true;
    c->found = !err && !strcmp(c->ar.realm, c->realm);
    return c->found;
}

/* True when the request proves an account; otherwise it has been answered. */
static bool authenticate(struct request *q)
{
    struct credentials c = {.realm = q->r->realm};
    char method[32], password[256];
    uint32_t nc;

    sip_msg_hdr_apply(q->msg, true, SIP_HDR_AUTHORIZATION, credentials_handler, &c);
    if (!c.found) {
        if (c.malformed)
            refuse(q, "400 Bad Authorization");
        else
            challenge(q, false);
        return false;
    }
    if (pl_strcpy(&q->msg->met, method, sizeof(method)) || !*c.ar.username ||
        !lab_password(password, sizeof(password), q->r->password, c.ar.username) ||
        !auth_response_check(&c.ar, method, password)) {
        refuse(q, "403 Wrong Password");
        return false;
    }
    nc = c.ar.has_qop ? c.ar.nc : UINT32_MAX;
    if (nonce_use(q->r->nonces, c.ar.nonce, nc, fingerprint(q->msg)) != NONCE_GOOD) {
        challenge(q, true);
        return false;
    }
    return true;
}

/* ---- REGISTER */

/* A malformed value counts as absent (RFC 3261 10.2.1.1, 20.10). */
static uint32_t read_expires(const struct pl *pl, uint32_t otherwise)
{
    uint64_t v = 0;

    for (size_t i = 0; i < pl->l; i++) {
        if (pl->p[i] < '0' || pl->p[i] > '9')
            return otherwise;
        v = v * 10 + (uint64_t)(pl->p[i] - '0');
        if (v > UINT32_MAX)
            v = UINT32_MAX;
    }
    return pl->l ? (uint32_t)v : otherwise;
}

static bool contact_handler(const struct sip_hdr *hdr, const struct sip_msg *msg, void *arg)
{
    struct request *q = arg;
    struct contact *c = &q->contacts[q->n_contacts];
    struct sip_addr addr;
    struct pl val = PL_INIT;

    if (!pl_strcmp(&hdr->val, "*")) {
        q->star = true;
        return false;
    }
    if (q->n_contacts >= MAX_CONTACTS || sip_addr_decode(&addr, &hdr->val) || !addr.auri.l) {
        q->bad = true;
        return true;
    }
    msg_param_decode(&addr.params, "expires", &val);
    c->uri = addr.auri;
    c->expires_s = read_expires(&val, read_expires(&msg->expires, DEFAULT_EXPIRES_S));
    if (c->expires_s > q->r->cfg.expires_s)
        c->expires_s = q->r->cfg.expires_s;
    q->n_contacts++;
    return false;
}

static bool out_of_order(const struct request *q, const struct binding *b)
{
    return !pl_cmp(&b->callid, &q->msg->callid) && q->msg->cseq.num < b->cseq;
}

/* What stands against the request, as a status line; NULL = nothing. */
static const char *objection(const struct request *q)
{
    const struct pl *user = &q->msg->to.uri.user;
    unsigned n_after = 0;

    if (q->bad || (q->star && (q->n_contacts || read_expires(&q->msg->expires, 1))))
        return "400 Bad Contact";
    for (struct binding *b = binding_first(q->r->bindings, user); b; b = binding_next(b)) {
        n_after++;
        if (q->star && out_of_order(q, b))
            return "500 CSeq Out Of Order";
    }
    for (unsigned i = 0; i < q->n_contacts; i++) {
        const struct binding_key key = {*user, q->contacts[i].uri};
        const struct binding *b = binding_find(q->r->bindings, &key);

        if (b && out_of_order(q, b))
            return "500 CSeq Out Of Order";
        if (q->contacts[i].expires_s && q->contacts[i].expires_s < q->r->cfg.min_expires_s)
            return "423 Interval Too Brief";
        if (!b && q->contacts[i].expires_s)
            n_after++;
    }
    return n_after > MAX_CONTACTS ? "503 Too Many Contacts" : NULL;
}

static int apply_contacts(struct request *q)
{
    const struct pl *user = &q->msg->to.uri.user;
    struct binding *b;
    int err = 0;

    while (q->star && (b = binding_first(q->r->bindings, user)))
        binding_remove(b);
    for (unsigned i = 0; i < q->n_contacts && !err; i++) {
        const struct binding_key key = {*user, q->contacts[i].uri};

        if (q->contacts[i].expires_s) {
            const struct binding_request req = {q->msg->callid, q->msg->cseq.num,
                                                q->contacts[i].expires_s, q->peer->conn};
            err = binding_put(q->r->bindings, &key, &req);
        } else {
            b = binding_find(q->r->bindings, &key);
            if (b)
                binding_remove(b);
        }
    }
    return err;
}

static void put_bindings(struct request *q)
{
    struct binding *b = binding_first(q->r->bindings, &q->msg->to.uri.user);

    for (; b; b = binding_next(b)) {
        put(&q->w, "Contact: <");
        put_pl(&q->w, &b->contact);
        put(&q->w, ">;expires=");
        put_u32(&q->w, binding_left_s(b));
        put(&q->w, "\r\n");
    }
}

static void answer_register(struct request *q)
{
    const char *status;

    if (!q->msg->to.uri.user.l) {
        refuse(q, "404 No User In To");
        return;
    }
    if (!authenticate(q))
        return;
    sip_msg_hdr_apply(q->msg, true, SIP_HDR_CONTACT, contact_handler, q);
    status = objection(q);
    if (!status && apply_contacts(q))
        status = "500 Out Of Memory";
    if (status) {
        q->r->stats.n_refused++;
        put_start(q, status);
        if (!strncmp(status, "423", 3)) {
            put(&q->w, "Min-Expires: ");
            put_u32(&q->w, q->r->cfg.min_expires_s);
            put(&q->w, "\r\n");
        }
        put_end(q);
        return;
    }
    q->r->stats.n_registers++;
    put_start(q, "200 OK");
    put_bindings(q);
    put_end(q);
}

/* ---- any request */

static bool complete(const struct sip_msg *msg)
{
    return msg->callid.l && msg->cseq.met.l && msg->from.auri.l && msg->to.auri.l &&
           !pl_cmp(&msg->cseq.met, &msg->met);
}

static void answer_request(struct request *q)
{
    const struct sip_msg *msg = q->msg;
    const struct sip_hdr *require = sip_msg_hdr(msg, SIP_HDR_REQUIRE);

    if (pl_strcmp(&msg->ver, "SIP/2.0") && pl_strcmp(&msg->ver, "2.0")) {
        answer(q, "505 Version Not Supported", "");
    } else if (!complete(msg)) {
        answer(q, "400 Bad Request", "");
    } else if (require) {
        put_start(q, "420 Bad Extension");
        put(&q->w, "Unsupported: ");
        put_pl(&q->w, &require->val);
        put(&q->w, "\r\n");
        put_end(q);
    } else if (!pl_strcmp(&msg->met, "REGISTER")) {
        answer_register(q);
    } else if (!pl_strcmp(&msg->met, "OPTIONS")) {
        answer(q, "200 OK", "Allow: OPTIONS, REGISTER\r\nAccept: application/sdp\r\n");
    } else {
        answer(q, "405 Method Not Allowed", "Allow: OPTIONS, REGISTER\r\n");
    }
}

/* ---- calls: carried on */

static const char *carry_request(struct request *q, const struct raw_message *raw,
                                 struct registrar_peer *peer)
{
    struct registrar *r = q->r;
    const struct proxy_self self = {r->addr, r->port, r->tcp};

    return proxy_request(r->bindings, &self, raw, peer, &q->w);
}

/* Length, 0 = nothing of ours. */
static size_t carry_response(const struct registrar *r, const struct raw_message *raw,
                             struct registrar_peer *peer, char *buf, size_t size)
{
    const struct proxy_self self = {r->addr, r->port, r->tcp};
    struct writer w = {.buf = buf, .size = size};

    if (!proxy_response(&self, raw, peer, &w) || w.full)
        return 0;
    return w.len;
}

/* Over UDP without rport a reply goes to the port in Via. */
static void set_reply_port(const struct sip_msg *msg, struct registrar_peer *peer)
{
    const struct sip_hdr *via = sip_msg_hdr(msg, SIP_HDR_VIA);
    const struct pl *sentby = &msg->via.sentby;
    const char *colon = pl_strrchr(sentby, ':');
    struct pl port;
    uint32_t n = 5060;

    if (peer->conn || bare_rport(&via->val))
        return;
    if (colon && !memchr(colon, ']', (size_t)(sentby->p + sentby->l - colon))) {
        port.p = colon + 1;
        port.l = (size_t)(sentby->p + sentby->l - port.p);
        n = pl_u32(&port);
    }
    if (n > 0 && n <= UINT16_MAX)
        peer->port = (uint16_t)n;
}

size_t registrar_answer(struct registrar *r, struct mbuf *mb, struct registrar_peer *from,
                        char *buf, size_t size)
{
    struct request q = {.r = r, .peer = from, .w = {.buf = buf, .size = size}};
    struct sip_msg *msg = NULL;
    struct raw_message raw;
    const char *refusal = NULL;
    const bool readable = raw_parse(&raw, (const char *)mbuf_buf(mb), mbuf_get_left(mb));
    const bool carried = readable && !raw.response && proxy_carries(&raw.method);

    if (readable && raw.response)
        return carry_response(r, &raw, from, buf, size);
    if (carried && !(refusal = carry_request(&q, &raw, from)))
        return q.w.full ? 0 : q.w.len;
    if (sip_msg_decode(&msg, mb)) {
        r->stats.n_garbage++;
        return 0;
    }
    q.msg = msg;
    if (msg->req && sip_msg_hdr(msg, SIP_HDR_VIA) && pl_strcmp(&msg->met, "ACK")) {
        r->stats.n_requests++;
        if (refusal)
            answer(&q, refusal, "");
        else
            answer_request(&q);
        set_reply_port(msg, from);
    }
    mem_deref(msg);
    return q.w.full ? 0 : q.w.len;
}

/* ---- life */

static void destructor(void *arg)
{
    struct registrar *r = arg;

    listen_udp_close(r->udp);
    listen_tcp_close(r->tcp);
    mem_deref(r->bindings);
    mem_deref(r->nonces);
    mem_deref(r->realm);
    mem_deref(r->password);
}

int registrar_alloc(struct registrar **rp, struct loop *lp, const struct registrar_config *cfg)
{
    struct registrar *r;
    int err;

    if (!rp || !lp || !cfg || !cfg->realm || !cfg->password || strpbrk(cfg->realm, "\"\\\r\n"))
        return EINVAL;
    r = mem_zalloc(sizeof(*r), destructor);
    if (!r)
        return ENOMEM;
    r->lp = lp;
    r->cfg = *cfg;
    r->cfg.realm = r->cfg.password = NULL;
    if (!r->cfg.expires_s)
        r->cfg.expires_s = DEFAULT_EXPIRES_S;
    err = str_dup(&r->realm, cfg->realm);
    if (!err)
        err = str_dup(&r->password, cfg->password);
    if (!err)
        err = bindings_alloc(&r->bindings, lp);
    if (!err)
        err = nonces_alloc(&r->nonces, lp,
                           cfg->nonce_life_s ? cfg->nonce_life_s : DEFAULT_NONCE_LIFE_S);
    if (err)
        mem_deref(r);
    else
        *rp = r;
    return err;
}

int registrar_listen(struct registrar *r, const char *addr, uint16_t port)
{
    struct sockaddr_in sin = {.sin_family = AF_INET};
    int err = 0;

    if (inet_pton(AF_INET, addr, &sin.sin_addr) != 1)
        return EINVAL;
    for (int i = 0; i < PORT_TRIES; i++) {
        sin.sin_port = htons(port);
        err = listen_udp_open(&r->udp, r->lp, &sin, r);
        if (err)
            return err;
        err = listen_tcp_open(&r->tcp, r->lp, &sin, r);
        if (!err) {
            r->port = ntohs(sin.sin_port);
            r->addr = sin.sin_addr;
            return 0;
        }
        listen_udp_close(r->udp);
        r->udp = NULL;
        if (port || err != EADDRINUSE)
            return err;
    }
    return err;
}

void registrar_send(struct registrar *r, const struct registrar_peer *to, const char *text,
                    size_t len)
{
    if (to->conn)
        listen_tcp_send(r->tcp, to->conn, text, len);
    else
        listen_udp_send(r->udp, to, text, len);
}

struct ssl_ctx_st *registrar_tls(struct registrar *r)
{
    return r->cfg.tls ? r->cfg.tls(r->cfg.arg) : NULL;
}

uint16_t registrar_port(const struct registrar *r)
{
    return r->port;
}

void registrar_stats_get(const struct registrar *r, struct registrar_stats *st)
{
    *st = r->stats;
    st->n_bindings = bindings_count(r->bindings);
}
