/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/secrecy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/net/cert.h"
#include "sim/net/trust.h"

/* Those of the firmware's list that OpenSSL still has (8) */
#define PHONE_SUITES "DHE-RSA-AES256-SHA:AES256-SHA:DHE-RSA-AES128-SHA:AES128-SHA:@SECLEVEL=0"

struct fetch_memory {
    CURLSH *share;
};

static void memory_destructor(void *arg)
{
    struct fetch_memory *m = arg;

    curl_share_cleanup(m->share);
}

int fetch_memory_alloc(struct fetch_memory **mp)
{
    struct fetch_memory *m = mem_zalloc(sizeof(*m), memory_destructor);
    if (!m)
        return ENOMEM;
    m->share = curl_share_init();
    if (!m->share ||
        curl_share_setopt(m->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) != CURLSHE_OK) {
        mem_deref(m);
        return ENOMEM;
    }
    *mp = m;
    return 0;
}

/* CN, which is the server's name, or that with "/" and more behind it; no wildcards (G2, K3). */
static bool cn_fits(struct secrecy *s, const char *cn)
{
    const size_t name = strcspn(cn, "/");

    if (*cn && name == strlen(s->host) && strncasecmp(cn, s->host, name) == 0)
        return true;
    snprintf(s->error, sizeof(s->error), "server certificate: it is for \"%.60s\", not \"%.60s\"",
             cn, s->host);
    return false;
}

/* The address of a URL that has a name is that name's, and the CN is that name. A URL with an
 * address is right when the name in the CN has it. */
static bool address_fits(struct secrecy *s, char *cn)
{
    struct in_addr addr;

    if (inet_pton(AF_INET, s->host, &addr) != 1)
        return cn_fits(s, cn);
    cn[strcspn(cn, "/")] = '\0';
    const int is_its = *cn && s->lookup ? s->lookup(cn, s->arg) : 0;
    s->unproven = is_its < 0;
    if (is_its <= 0)
        snprintf(s->error, sizeof(s->error),
                 "server certificate: it is for \"%.60s\", whose address is not %.60s", cn,
                 s->host);
    return is_its > 0;
}

static bool names_fit(struct secrecy *s, X509 *cert)
{
    char cn[256] = "";

    (void)X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, cn, sizeof(cn));
    switch (s->tls.check) {
    case FETCH_CHECK_CN:
        return cn_fits(s, cn);
    case FETCH_CHECK_STRICT:
        return address_fits(s, cn);
    case FETCH_CHECK_NAMES: /* curl's own */
    case FETCH_CHECK_OFF:
        break;
    }
    return true;
}

static int verify_handler(X509_STORE_CTX *ctx, void *arg)
{
    struct secrecy *s = arg;

    if (X509_verify_cert(ctx) != 1 && !(s->tls.trust && trust_verify(s->tls.trust, ctx))) {
        snprintf(s->error, sizeof(s->error), "server certificate: %s",
                 X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
        return 0;
    }
    if (!names_fit(s, X509_STORE_CTX_get0_cert(ctx))) {
        X509_STORE_CTX_set_error(ctx, X509_V_ERR_HOSTNAME_MISMATCH);
        return 0;
    }
    return 1;
}

/* The server has asked for a certificate: the phone's own is made now. */
static int certificate_handler(SSL *ssl, void *arg)
{
    struct secrecy *s = arg;
    X509 *cert;

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

/* Just before the first message is written, the name is taken out of it again. */
static void no_name_handler(const SSL *ssl, int where, int ret)
{
    (void)ret;
    if (where & SSL_CB_HANDSHAKE_START)
        (void)SSL_set_tlsext_host_name((SSL *)(uintptr_t)ssl, NULL);
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
    /* 1.3 has suites of its own, none of which is in the phone's list */
    const int most = tls->version        ? version_number(tls->version)
                     : tls->phone_suites ? TLS1_2_VERSION
                                         : 0;

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

static CURLcode context_handler(CURL *easy, void *context, void *arg)
{
    struct secrecy *s = arg;
    SSL_CTX *ctx = context;

    (void)easy;
    if (!set_versions(ctx, &s->tls))
        return CURLE_SSL_CONNECT_ERROR;
    if (s->tls.check != FETCH_CHECK_OFF)
        SSL_CTX_set_cert_verify_callback(ctx, verify_handler, s);
    if (s->tls.cert)
        SSL_CTX_set_cert_cb(ctx, certificate_handler, s);
    if (s->tls.no_sni)
        SSL_CTX_set_info_callback(ctx, no_name_handler);
    return CURLE_OK;
}

static int read_host(struct secrecy *s, const char *url)
{
    size_t len;
    const char *host = fetch_url_host(url, &len);

    if (!host || len >= sizeof(s->host))
        return EINVAL;
    memcpy(s->host, host, len);
    s->host[len] = '\0';
    return 0;
}

int secrecy_start(struct secrecy *s, CURL *easy, const struct fetch_tls *tls, const char *url)
{
    s->tls = *tls;
    s->error[0] = '\0';
    if (tls->version && *tls->version && !version_number(tls->version))
        return EINVAL;
    if (s->tls.version && !*s->tls.version)
        s->tls.version = NULL;
    /* the CN is checked by verify_handler() */
    if (tls->check != FETCH_CHECK_NAMES)
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    if (tls->check == FETCH_CHECK_OFF)
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, context_handler);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, s);
    if (tls->memory)
        curl_easy_setopt(easy, CURLOPT_SHARE, tls->memory->share);
    return read_host(s, url);
}

/* What OpenSSL calls it, for users: without its version, the place in its code, or our own address.
 */
static void name_handshake(struct secrecy *s, const char *curl_error)
{
    static const struct {
        const char *part, *text;
    } known[] = {
        {"wrong version number", "the server does not speak TLS"},
        {"http request", "the server does not speak TLS"},
        {"reset by peer", "connection reset"},
        {"SSL_ERROR_SYSCALL", "connection closed"},
        {"SSL_ERROR_ZERO_RETURN", "connection closed"},
        {"unexpected eof", "connection closed"},
    };
    const char *code = strstr(curl_error, "error:"), *reason = code ? strrchr(code, ':') + 1 : "";

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strstr(curl_error, known[i].part))
            reason = known[i].text;
    }
    snprintf(s->error, sizeof(s->error), "TLS handshake: %s", *reason ? reason : "failed");
}

const char *secrecy_failure(struct secrecy *s, const char *curl_error, bool shaking_hands)
{
    const char *alert = strstr(curl_error, "alert ");

    if (!s->error[0] && alert)
        snprintf(s->error, sizeof(s->error), "TLS alert: %.*s", (int)strcspn(alert + 6, ","),
                 alert + 6);
    else if (!s->error[0] && shaking_hands)
        name_handshake(s, curl_error);
    return s->error[0] ? s->error : NULL;
}
