/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/secure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <re.h>

struct secure {
    SSL *ssl;
    BIO *in, *out;
    bool established;
    char reason[120];
};

int secure_context(struct ssl_ctx_st **ctxp, const char *ca_file)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx)
        return ENOMEM;

    /* old as the phones are: the server decides what it still takes (sip-behaviour.md 9.5) */
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    const int ok = ca_file ? SSL_CTX_load_verify_locations(ctx, ca_file, NULL)
                           : SSL_CTX_set_default_verify_paths(ctx);
    if (!ok) {
        ERR_clear_error();
        SSL_CTX_free(ctx);
        return ENOENT;
    }
    *ctxp = ctx;
    return 0;
}

void secure_context_free(struct ssl_ctx_st *ctx)
{
    SSL_CTX_free(ctx);
}

int secure_context_server(struct ssl_ctx_st **ctxp, const char *pem)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    BIO *in = BIO_new_mem_buf(pem, -1);
    X509 *cert = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = cert ? PEM_read_bio_PrivateKey(in, NULL, NULL, NULL) : NULL;
    int err = ctx && in ? 0 : ENOMEM;

    if (!err &&
        (!key || SSL_CTX_use_certificate(ctx, cert) != 1 || SSL_CTX_use_PrivateKey(ctx, key) != 1))
        err = EBADMSG;
    if (!err) {
        SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
        SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
        *ctxp = ctx;
    } else {
        SSL_CTX_free(ctx);
    }
    ERR_clear_error();
    EVP_PKEY_free(key);
    X509_free(cert);
    BIO_free(in);
    return err;
}

static void destructor(void *arg)
{
    struct secure *s = arg;
    SSL_free(s->ssl); /* its buffers go with it */
}

static int set_expected(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
    struct in_addr addr;

    if (inet_pton(AF_INET, host, &addr) == 1)
        return X509_VERIFY_PARAM_set1_ip_asc(param, host);
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(param, host, 0) && SSL_set_tlsext_host_name(ssl, host);
}

static struct secure *new_session(struct ssl_ctx_st *ctx)
{
    struct secure *s = mem_zalloc(sizeof(*s), destructor);
    if (!s)
        return NULL;

    s->ssl = SSL_new(ctx);
    s->in = s->ssl ? BIO_new(BIO_s_mem()) : NULL;
    s->out = s->in ? BIO_new(BIO_s_mem()) : NULL;
    if (!s->out) {
        BIO_free(s->in);
        return mem_deref(s);
    }
    SSL_set_bio(s->ssl, s->in, s->out);
    return s;
}

int secure_accept(struct secure **sp, struct ssl_ctx_st *ctx)
{
    struct secure *s = new_session(ctx);
    if (!s)
        return ENOMEM;

    SSL_set_accept_state(s->ssl);
    *sp = s;
    return 0;
}

int secure_alloc(struct secure **sp, struct ssl_ctx_st *ctx, const char *host, bool check_host)
{
    struct secure *s = new_session(ctx);
    if (!s)
        return ENOMEM;

    SSL_set_connect_state(s->ssl);
    SSL_set_verify(s->ssl, SSL_VERIFY_PEER, NULL);
    if (check_host && !set_expected(s->ssl, host)) {
        mem_deref(s);
        return EINVAL;
    }
    *sp = s;
    return 0;
}

static void keep_reason(struct secure *s)
{
    const long verify = SSL_get_verify_result(s->ssl);
    const unsigned long code = ERR_get_error();

    if (verify == X509_V_ERR_HOSTNAME_MISMATCH || verify == X509_V_ERR_IP_ADDRESS_MISMATCH)
        snprintf(s->reason, sizeof(s->reason), "certificate: host name does not match");
    else if (verify != X509_V_OK)
        snprintf(s->reason, sizeof(s->reason), "certificate: %s",
                 X509_verify_cert_error_string(verify));
    else
        snprintf(s->reason, sizeof(s->reason), "TLS: %s",
                 code ? ERR_reason_error_string(code) : "handshake failed");
    ERR_clear_error();
}

static int drain(struct secure *s, struct mbuf *out)
{
    uint8_t buf[4096];
    int n, err = 0;

    while (!err && (n = BIO_read(s->out, buf, sizeof(buf))) > 0)
        err = mbuf_write_mem(out, buf, (size_t)n);
    return err;
}

static int handshake(struct secure *s)
{
    const int n = SSL_do_handshake(s->ssl);

    if (n == 1) {
        s->established = true;
        return 0;
    }
    const int why = SSL_get_error(s->ssl, n);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return 0;
    keep_reason(s);
    return EPROTO;
}

static int read_plain(struct secure *s, struct mbuf *in)
{
    uint8_t buf[4096];

    for (;;) {
        const int n = SSL_read(s->ssl, buf, sizeof(buf));
        if (n > 0) {
            const int err = mbuf_write_mem(in, buf, (size_t)n);
            if (err)
                return err;
            continue;
        }
        const int why = SSL_get_error(s->ssl, n);
        ERR_clear_error();
        if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ||
            why == SSL_ERROR_ZERO_RETURN)
            return 0;
        snprintf(s->reason, sizeof(s->reason), "TLS: the server broke the session");
        return EPROTO;
    }
}

int secure_feed(struct secure *s, const uint8_t *data, size_t len, struct mbuf *in,
                struct mbuf *out, bool *established)
{
    const bool before = s->established;
    int err = 0;

    ERR_clear_error();
    if (len && BIO_write(s->in, data, (int)len) != (int)len)
        return ENOMEM;
    if (!s->established)
        err = handshake(s);
    if (!err && s->established)
        err = read_plain(s, in);
    const int drained = drain(s, out); /* an alert is sent even when the server is refused */
    *established = s->established && !before;
    return err ? err : drained;
}

int secure_send(struct secure *s, const uint8_t *data, size_t len, struct mbuf *out)
{
    if (!s->established)
        return ENOTCONN;
    ERR_clear_error();
    if (SSL_write(s->ssl, data, (int)len) != (int)len) {
        ERR_clear_error();
        return EPROTO;
    }
    return drain(s, out);
}

const char *secure_reason(const struct secure *s)
{
    return s->reason;
}
