/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/secrecy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <openssl/x509_vfy.h>
#include <re_types.h>
#include <re_mem.h>
#include <uv.h>

#include "sim/net/cert.h"

enum { SESSIONS_MAX = 4, SOCKET_TYPE = BIO_TYPE_SOURCE_SINK | 100 };

/* Those of the firmware's list that OpenSSL still has (8) */
#define PHONE_SUITES "DHE-RSA-AES256-SHA:AES256-SHA:DHE-RSA-AES128-SHA:AES128-SHA:@SECLEVEL=0"

struct session {
    char *key; /* NULL = free */
    SSL_SESSION *session;
};

struct fetch_memory {
    struct session rows[SESSIONS_MAX];
    unsigned next;
};

struct context { /* one for all phones with these settings */
    struct context *next;
    char *ca_file, *version;
    enum fetch_check check;
    bool phone_suites;
    SSL_CTX *ctx;
};

struct secrecy_settings {
    struct context *contexts;
    BIO_METHOD *socket;
};

static void memory_destructor(void *arg)
{
    struct fetch_memory *m = arg;

    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        free(m->rows[i].key);
        SSL_SESSION_free(m->rows[i].session);
    }
}

int fetch_memory_alloc(struct fetch_memory **mp)
{
    struct fetch_memory *m = mem_zalloc(sizeof(*m), memory_destructor);

    if (!m)
        return ENOMEM;
    *mp = m;
    return 0;
}

static struct session *find_session(struct fetch_memory *m, const char *key)
{
    for (unsigned i = 0; i < SESSIONS_MAX; i++) {
        if (m->rows[i].key && strcmp(m->rows[i].key, key) == 0)
            return &m->rows[i];
    }
    return NULL;
}

/* The server has given a session to come back with. */
static int session_handler(SSL *ssl, SSL_SESSION *session)
{
    struct secrecy *s = SSL_get_app_data(ssl);
    struct fetch_memory *m = s ? s->tls.memory : NULL;

    if (!m)
        return 0;
    struct session *row = find_session(m, s->key);
    if (!row) {
        row = &m->rows[m->next++ % SESSIONS_MAX];
        free(row->key);
        row->key = strdup(s->key);
    }
    SSL_SESSION_free(row->session);
    row->session = row->key ? session : NULL;
    return row->session != NULL;
}

/* CN, which is the server's name, or that with "/" and more behind it; no wildcards (G2, K3). */
static bool cn_fits(struct secrecy *s, X509 *cert)
{
    char cn[256] = "";

    const int len =
        X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, cn, sizeof(cn));
    const size_t name = strcspn(cn, "/");
    if (len > 0 && name == strlen(s->host) && strncasecmp(cn, s->host, name) == 0)
        return true;
    snprintf(s->error, sizeof(s->error), "server certificate: it is for \"%.60s\", not \"%.60s\"",
             cn, s->host);
    return false;
}

static struct secrecy *secrecy_of(X509_STORE_CTX *ctx)
{
    return SSL_get_app_data(X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

static int verify_handler(X509_STORE_CTX *ctx, void *arg)
{
    struct secrecy *s = secrecy_of(ctx);

    (void)arg;
    if (X509_verify_cert(ctx) != 1) {
        snprintf(s->error, sizeof(s->error), "server certificate: %s",
                 X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
        return 0;
    }
    if (s->tls.check == FETCH_CHECK_CN && !cn_fits(s, X509_STORE_CTX_get0_cert(ctx))) {
        X509_STORE_CTX_set_error(ctx, X509_V_ERR_HOSTNAME_MISMATCH);
        return 0;
    }
    return 1;
}

/* The server has asked for a certificate: the phone's own is made now. */
static int certificate_handler(SSL *ssl, void *arg)
{
    struct secrecy *s = SSL_get_app_data(ssl);
    X509 *cert;

    (void)arg;
    if (!s->tls.cert)
        return 1;
    const int err = cert_client_x509(s->tls.cert, &cert);
    if (err || SSL_use_certificate(ssl, cert) != 1 ||
        SSL_use_PrivateKey(ssl, cert_client_key(s->tls.cert)) != 1) {
        snprintf(s->error, sizeof(s->error), "the phone's certificate: %s",
                 err ? strerror(err) : "it and its key do not fit");
        return 0;
    }
    if (cert_client_issuer(s->tls.cert))
        (void)SSL_add1_chain_cert(ssl, cert_client_issuer(s->tls.cert));
    return 1;
}

static int version_number(const char *version)
{
    static const struct {
        const char *text;
        int number;
    } versions[] = {{"1.0", TLS1_VERSION},
                    {"1.1", TLS1_1_VERSION},
                    {"1.2", TLS1_2_VERSION},
                    {"1.3", TLS1_3_VERSION}};

    for (unsigned i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        if (strcmp(version, versions[i].text) == 0)
            return versions[i].number;
    }
    return 0;
}

/* Versions below 1.2 and their digests are off by default in OpenSSL 3. */
static bool set_versions(SSL_CTX *ctx, const struct fetch_tls *tls)
{
    const int most = tls->version ? version_number(tls->version) : 0;

    if (tls->phone_suites && SSL_CTX_set_cipher_list(ctx, PHONE_SUITES) != 1)
        return false;
    if (most && SSL_CTX_set_max_proto_version(ctx, most) != 1)
        return false;
    if (most && most < TLS1_2_VERSION) {
        SSL_CTX_set_security_level(ctx, 0);
        return SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) == 1;
    }
    return true;
}

static void context_free(struct context *c)
{
    free(c->ca_file);
    free(c->version);
    SSL_CTX_free(c->ctx);
    free(c);
}

static int trust(struct secrecy *s, SSL_CTX *ctx, const char *ca_file)
{
    if (!ca_file)
        return SSL_CTX_set_default_verify_paths(ctx) == 1 ? 0 : EPROTO;
    if (SSL_CTX_load_verify_file(ctx, ca_file) == 1)
        return 0;
    snprintf(s->error, sizeof(s->error), "no CA's certificate in %.120s", ca_file);
    return EPROTO;
}

static int fill_context(struct secrecy *s, struct context *c)
{
    c->ctx = SSL_CTX_new(TLS_client_method());
    if (!c->ctx || !set_versions(c->ctx, &s->tls))
        return ENOMEM;
    SSL_CTX_set_options(c->ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_cache_mode(c->ctx,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    SSL_CTX_sess_set_new_cb(c->ctx, session_handler);
    SSL_CTX_set_cert_cb(c->ctx, certificate_handler, NULL);
    if (c->check == FETCH_CHECK_OFF)
        return 0;
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(c->ctx, verify_handler, NULL);
    return trust(s, c->ctx, c->ca_file);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int find_context(SSL_CTX **ctx, struct secrecy *s, struct secrecy_settings *ss,
                        const char *ca_file)
{
    const struct fetch_tls *t = &s->tls;

    for (struct context *c = ss->contexts; c; c = c->next) {
        if (c->check == t->check && c->phone_suites == t->phone_suites &&
            same_text(c->ca_file, ca_file) && same_text(c->version, t->version)) {
            *ctx = c->ctx;
            return 0;
        }
    }
    struct context *c = calloc(1, sizeof(*c));
    if (!c)
        return ENOMEM;
    c->ca_file = ca_file ? strdup(ca_file) : NULL;
    c->version = t->version ? strdup(t->version) : NULL;
    c->check = t->check;
    c->phone_suites = t->phone_suites;
    int err = (ca_file && !c->ca_file) || (t->version && !c->version) ? ENOMEM : fill_context(s, c);
    ERR_clear_error();
    if (err) {
        context_free(c);
        return err;
    }
    c->next = ss->contexts;
    ss->contexts = c;
    *ctx = c->ctx;
    return 0;
}

/* ---- a socket whose peer may go away without a signal to us */

static int socket_write(BIO *bio, const char *data, int len)
{
    const struct secrecy *s = BIO_get_data(bio);
    const ssize_t n = send(s->fd, data, (size_t)len, MSG_NOSIGNAL);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return (int)n;
}

static int socket_read(BIO *bio, char *data, int len)
{
    const struct secrecy *s = BIO_get_data(bio);
    const ssize_t n = recv(s->fd, data, (size_t)len, 0);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    if (!n)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)n;
}

static long socket_ctrl(BIO *bio, int cmd, long n, void *arg)
{
    (void)n;
    (void)arg;
    if (cmd == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return cmd == BIO_CTRL_FLUSH || cmd == BIO_CTRL_DUP;
}

static int socket_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static void settings_destructor(void *arg)
{
    struct secrecy_settings *ss = arg;

    while (ss->contexts) {
        struct context *c = ss->contexts;
        ss->contexts = c->next;
        context_free(c);
    }
    BIO_meth_free(ss->socket);
}

int secrecy_settings_alloc(struct secrecy_settings **ssp)
{
    struct secrecy_settings *ss = mem_zalloc(sizeof(*ss), settings_destructor);
    if (!ss)
        return ENOMEM;
    ss->socket = BIO_meth_new(SOCKET_TYPE, "socket without signals");
    if (!ss->socket || !BIO_meth_set_write(ss->socket, socket_write) ||
        !BIO_meth_set_read(ss->socket, socket_read) ||
        !BIO_meth_set_ctrl(ss->socket, socket_ctrl) ||
        !BIO_meth_set_create(ss->socket, socket_create)) {
        mem_deref(ss);
        return ENOMEM;
    }
    *ssp = ss;
    return 0;
}

/* ---- one connection */

static bool is_address(const char *host)
{
    struct in_addr addr;
    return inet_pton(AF_INET, host, &addr) == 1;
}

static int name_server(struct secrecy *s)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(s->ssl);
    const bool address = is_address(s->host);

    if (!address && !s->tls.no_sni && SSL_set_tlsext_host_name(s->ssl, s->host) != 1)
        return ENOMEM;
    if (s->tls.check != FETCH_CHECK_NAMES) /* the CN is checked by verify_handler() */
        return 0;
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int ok = address ? X509_VERIFY_PARAM_set1_ip_asc(param, s->host)
                           : X509_VERIFY_PARAM_set1_host(param, s->host, 0);
    return ok == 1 ? 0 : ENOMEM;
}

static void resume(struct secrecy *s)
{
    const struct session *row = s->tls.memory ? find_session(s->tls.memory, s->key) : NULL;

    if (row && row->session)
        (void)SSL_set_session(s->ssl, row->session);
}

int secrecy_start(struct secrecy *s, struct secrecy_settings *ss, const struct fetch_tls *tls,
                  const char *ca_file, const char *host, uint16_t port, int fd)
{
    SSL_CTX *ctx = NULL;
    BIO *bio;

    s->tls = *tls;
    s->fd = fd;
    if (s->tls.version && !*s->tls.version)
        s->tls.version = NULL;
    if (s->tls.version && !version_number(s->tls.version))
        return EINVAL;
    snprintf(s->host, sizeof(s->host), "%s", host);
    snprintf(s->key, sizeof(s->key), "%s:%u", s->host, port);
    const int err = find_context(&ctx, s, ss, ca_file);
    if (err)
        return err;
    s->ssl = SSL_new(ctx);
    bio = s->ssl ? BIO_new(ss->socket) : NULL;
    if (!bio)
        return ENOMEM;
    BIO_set_data(bio, s);
    SSL_set_bio(s->ssl, bio, bio);
    SSL_set_app_data(s->ssl, s);
    SSL_set_connect_state(s->ssl);
    resume(s);
    return name_server(s);
}

/* The reason in OpenSSL's words, "TLS alert: …" where it is the server's. */
static void explain(struct secrecy *s, const char *otherwise)
{
    const unsigned long code = ERR_peek_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    const char *alert = reason ? strstr(reason, "alert ") : NULL;

    s->broken = true;
    if (s->error[0])
        ; /* it was we who broke it off */
    else if (alert)
        snprintf(s->error, sizeof(s->error), "TLS alert: %s", alert + 6);
    else if (reason)
        snprintf(s->error, sizeof(s->error), "TLS: %s", reason);
    else
        snprintf(s->error, sizeof(s->error), "%s", otherwise);
    ERR_clear_error();
}

/* EAGAIN with events, or EPROTO. */
static int failed(struct secrecy *s, int result, const char *otherwise)
{
    const int why = SSL_get_error(s->ssl, result);

    s->events = why == SSL_ERROR_WANT_WRITE ? UV_WRITABLE : UV_READABLE;
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return EAGAIN;
    explain(s, otherwise);
    return EPROTO;
}

int secrecy_shake(struct secrecy *s)
{
    ERR_clear_error();
    const int result = SSL_do_handshake(s->ssl);
    return result == 1 ? 0 : failed(s, result, "connection closed in the TLS handshake");
}

ssize_t secrecy_send(struct secrecy *s, const void *data, size_t len)
{
    ERR_clear_error();
    const int n = SSL_write(s->ssl, data, (int)len);
    if (n > 0)
        return n;
    errno = failed(s, n, "connection reset");
    return -1;
}

ssize_t secrecy_recv(struct secrecy *s, void *data, size_t len)
{
    ERR_clear_error();
    const int n = SSL_read(s->ssl, data, (int)len);
    if (n > 0)
        return n;
    if (SSL_get_error(s->ssl, n) == SSL_ERROR_ZERO_RETURN)
        return 0;
    errno = failed(s, n, "connection reset");
    return -1;
}

bool secrecy_resumed(const struct secrecy *s)
{
    return s->ssl && SSL_session_reused(s->ssl) == 1;
}

void secrecy_stop(struct secrecy *s)
{
    if (!s->ssl)
        return;
    if (!s->broken && SSL_is_init_finished(s->ssl))
        (void)SSL_shutdown(s->ssl); /* a session without a good-bye is not resumed */
    ERR_clear_error();
    SSL_free(s->ssl);
    s->ssl = NULL;
}
