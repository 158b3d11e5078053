/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/trust.h"

#include <errno.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/net/cert.h"

enum { CERTIFICATES_MAX = 16, NAME_BYTES = 65 };

struct trust { /* in DER: a farm may have thousands of them, and needs them at handshakes only */
    char name[NAME_BYTES];
    size_t len;
    uint8_t der[];
};

/* What can be read of it; 0, ENOMEM. */
static int read_all(STACK_OF(X509) * certs, const uint8_t *data, size_t len)
{
    const uint8_t *p = data;
    X509 *cert = len && data[0] == 0x30 ? d2i_X509(NULL, &p, (long)len) : NULL;
    BIO *in = cert ? NULL : BIO_new_mem_buf(data, (int)len);
    int err = cert || in ? 0 : ENOMEM;

    if (in)
        cert = PEM_read_bio_X509(in, NULL, cert_no_password, NULL);
    while (cert && !err) {
        if (sk_X509_push(certs, cert) <= 0) {
            X509_free(cert);
            err = ENOMEM;
        }
        cert = in && !err && sk_X509_num(certs) < CERTIFICATES_MAX
                   ? PEM_read_bio_X509(in, NULL, cert_no_password, NULL)
                   : NULL;
    }
    BIO_free(in);
    ERR_clear_error();
    return err;
}

static size_t der_len(STACK_OF(X509) * certs)
{
    size_t len = 0;

    for (int i = 0; i < sk_X509_num(certs); i++) {
        const int n = i2d_X509(sk_X509_value(certs, i), NULL);
        len += n > 0 ? (size_t)n : 0;
    }
    return len;
}

static struct trust *pack(STACK_OF(X509) * certs)
{
    const size_t len = der_len(certs);
    struct trust *t = mem_zalloc(sizeof(*t) + len, NULL);

    if (!t)
        return NULL;
    t->len = len;
    uint8_t *at = t->der;
    for (int i = 0; i < sk_X509_num(certs); i++)
        (void)i2d_X509(sk_X509_value(certs, i), &at);
    (void)X509_NAME_get_text_by_NID(X509_get_subject_name(sk_X509_value(certs, 0)), NID_commonName,
                                    t->name, sizeof(t->name));
    return t;
}

int trust_alloc(struct trust **tp, const uint8_t *data, size_t len)
{
    STACK_OF(X509) *certs = sk_X509_new_null();
    int err = certs ? read_all(certs, data, len) : ENOMEM;

    if (!err && !sk_X509_num(certs))
        err = EBADMSG;
    if (!err) {
        *tp = pack(certs);
        err = *tp ? 0 : ENOMEM;
    }
    sk_X509_pop_free(certs, X509_free);
    return err;
}

const char *trust_name(const struct trust *t)
{
    return t->name;
}

static X509_STORE *open_store(const struct trust *t)
{
    X509_STORE *store = X509_STORE_new();
    const uint8_t *p = t->der, *end = t->der + t->len;

    while (store && p < end) {
        X509 *cert = d2i_X509(NULL, &p, end - p);
        if (!cert)
            break;
        (void)X509_STORE_add_cert(store, cert);
        X509_free(cert);
    }
    return store;
}

/* In a store of its own: that of the connection is shared by all that curl has open. */
bool trust_verify(const struct trust *t, void *x509_store_ctx)
{
    X509_STORE_CTX *ctx = x509_store_ctx, *own = X509_STORE_CTX_new();
    X509_STORE *store = open_store(t);

    const bool proven = store && own &&
                        X509_STORE_CTX_init(own, store, X509_STORE_CTX_get0_cert(ctx),
                                            X509_STORE_CTX_get0_untrusted(ctx)) == 1 &&
                        X509_STORE_CTX_set_default(own, "ssl_server") == 1 &&
                        X509_verify_cert(own) == 1;
    if (proven)
        X509_STORE_CTX_set_error(ctx, X509_V_OK);
    X509_STORE_CTX_free(own);
    X509_STORE_free(store);
    ERR_clear_error();
    return proven;
}
