/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/cert.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <re_types.h>
#include <re_mem.h>

enum {
    RSA_BITS = 2048,
    SERIAL_BITS = 64,
    LIFE_DAYS = 3650,
    BACKDATE_S = 86400, /* clocks differ */
    RECENT = 256,       /* certificates kept ready for a phone's next file, of some 6 KB each */
};

struct cert_ca {
    X509 *cert;
    EVP_PKEY *key;
    struct cert_client *recent[RECENT]; /* who have theirs ready; borrowed */
    unsigned next;
};

struct cert_key {
    EVP_PKEY *pkey;
};

struct cert_client {
    struct cert_ca *ca;
    struct cert_key *key;
    X509 *ready;    /* NULL = not now */
    unsigned place; /* of it in ca->recent */
    uint8_t *der;   /* NULL = not yet */
    int len;
    uint8_t mac[6];
    bool cn_product;
    char product[32], serial[32];
};

static void ca_destructor(void *arg)
{
    struct cert_ca *ca = arg;

    X509_free(ca->cert);
    EVP_PKEY_free(ca->key);
}

static void key_destructor(void *arg)
{
    struct cert_key *k = arg;

    EVP_PKEY_free(k->pkey);
}

static void client_destructor(void *arg)
{
    struct cert_client *c = arg;

    if (c->ready)
        c->ca->recent[c->place] = NULL;
    X509_free(c->ready);
    mem_deref(c->ca);
    mem_deref(c->key);
    free(c->der);
}

/* errno for a failed OpenSSL call; its error queue is left empty. */
static int err_from_ssl(void)
{
    ERR_clear_error();
    return EIO;
}

static int add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    const int ok = ext && X509_add_ext(cert, ext, -1);
    X509_EXTENSION_free(ext);
    return ok ? 0 : err_from_ssl();
}

static int add_name(X509_NAME *name, int nid, const char *text)
{
    return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1,
                                      0)
               ? 0
               : err_from_ssl();
}

static int set_serial(X509 *cert)
{
    BIGNUM *n = BN_new();
    const int ok = n && BN_rand(n, SERIAL_BITS - 1, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
                   BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
    BN_free(n);
    return ok ? 0 : err_from_ssl();
}

/* Version 3, valid from yesterday on, no names yet. NULL = no memory. */
static X509 *blank(EVP_PKEY *key)
{
    X509 *cert = X509_new();

    if (cert && X509_set_version(cert, X509_VERSION_3) && set_serial(cert) == 0 &&
        X509_gmtime_adj(X509_getm_notBefore(cert), -BACKDATE_S) &&
        X509_gmtime_adj(X509_getm_notAfter(cert), LIFE_DAYS * 86400L) && X509_set_pubkey(cert, key))
        return cert;
    X509_free(cert);
    (void)err_from_ssl();
    return NULL;
}

/* Sign by ca; a key that brings its own digest (Ed25519) takes none. */
static int sign(X509 *cert, X509 *issuer, EVP_PKEY *key)
{
    const int type = EVP_PKEY_get_base_id(key);
    const EVP_MD *md = type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448 ? NULL : EVP_sha256();

    if (!X509_set_issuer_name(cert, X509_get_subject_name(issuer)) || !X509_sign(cert, key, md))
        return err_from_ssl();
    return 0;
}

static int ca_certificate(struct cert_ca *ca, const char *name)
{
    ca->cert = blank(ca->key);
    if (!ca->cert)
        return ENOMEM;
    int err = add_name(X509_get_subject_name(ca->cert), NID_commonName, name);
    if (!err)
        err = add_extension(ca->cert, ca->cert, NID_basic_constraints, "critical,CA:TRUE");
    if (!err)
        err = add_extension(ca->cert, ca->cert, NID_key_usage, "critical,keyCertSign,cRLSign");
    if (!err)
        err = add_extension(ca->cert, ca->cert, NID_subject_key_identifier, "hash");
    return err ? err : sign(ca->cert, ca->cert, ca->key);
}

int cert_ca_make(struct cert_ca **cap, const char *name)
{
    struct cert_ca *ca = mem_zalloc(sizeof(*ca), ca_destructor);
    if (!ca)
        return ENOMEM;
    ca->key = EVP_EC_gen("P-256"); /* signs fast: a farm has thousands of phones */
    const int err = ca->key ? ca_certificate(ca, name) : err_from_ssl();
    if (err)
        mem_deref(ca);
    else
        *cap = ca;
    return err;
}

int cert_no_password(char *buf, int size, int rwflag, void *arg)
{
    (void)buf;
    (void)size;
    (void)rwflag;
    (void)arg;
    return -1;
}

static int read_ca(struct cert_ca *ca, BIO *in, const char **why)
{
    ca->cert = PEM_read_bio_X509(in, NULL, cert_no_password, NULL);
    (void)BIO_seek(in, 0);
    ca->key = PEM_read_bio_PrivateKey(in, NULL, cert_no_password, NULL);
    *why = !ca->cert  ? "no certificate in it (PEM is needed)"
           : !ca->key ? "no private key in it that can be read without a password"
           : X509_check_private_key(ca->cert, ca->key) != 1
               ? "its certificate and its key do not belong together"
               : NULL;
    ERR_clear_error();
    if (*why)
        return EBADMSG;
    if (X509_check_ca(ca->cert))
        return 0;
    *why = "its certificate is no CA's";
    return EINVAL;
}

int cert_ca_read(struct cert_ca **cap, const char *path, char *err, size_t err_size)
{
    const char *why = NULL;
    BIO *in = BIO_new_file(path, "r");
    if (!in) {
        const int e = errno ? errno : ENOENT;
        snprintf(err, err_size, "%s: %s", path, strerror(e));
        ERR_clear_error();
        return e;
    }
    struct cert_ca *ca = mem_zalloc(sizeof(*ca), ca_destructor);
    const int e = ca ? read_ca(ca, in, &why) : ENOMEM;
    BIO_free(in);
    if (e) {
        snprintf(err, err_size, "%s: %s", path, why ? why : strerror(e));
        mem_deref(ca);
    } else {
        *cap = ca;
    }
    return e;
}

int cert_file_check(const char *path, char *err, size_t err_size)
{
    FILE *f = fopen(path, "re");
    X509_STORE *store;

    if (!f || (fgetc(f) == EOF && ferror(f))) { /* a folder opens, too */
        const int e = errno;
        if (f)
            fclose(f);
        snprintf(err, err_size, "%s: %s", path, strerror(e));
        return e;
    }
    fclose(f);
    store = X509_STORE_new();
    if (!store)
        return ENOMEM;
    const bool any = X509_STORE_load_locations(store, path, NULL) == 1;
    X509_STORE_free(store);
    ERR_clear_error();
    if (!any)
        snprintf(err, err_size, "%s: no PEM certificate in it", path);
    return any ? 0 : EBADMSG;
}

int cert_ca_write(const struct cert_ca *ca, const char *path)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno;
    /* a file that was there keeps its mode otherwise */
    FILE *f = fchmod(fd, 0600) == 0 ? fdopen(fd, "w") : NULL;
    if (!f) {
        const int err = errno;
        close(fd);
        return err;
    }
    const int ok =
        PEM_write_X509(f, ca->cert) && PEM_write_PrivateKey(f, ca->key, NULL, NULL, 0, NULL, NULL);
    if (fclose(f))
        return errno;
    return ok ? 0 : err_from_ssl();
}

int cert_ca_trust(const struct cert_ca *ca, void *ssl_ctx)
{
    SSL_CTX *ctx = ssl_ctx;

    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), ca->cert) != 1 ||
        SSL_CTX_add_client_CA(ctx, ca->cert) != 1)
        return err_from_ssl();
    return 0;
}

int cert_key_make(struct cert_key **kp)
{
    struct cert_key *k = mem_zalloc(sizeof(*k), key_destructor);
    if (!k)
        return ENOMEM;
    k->pkey = EVP_RSA_gen(RSA_BITS);
    if (!k->pkey) {
        mem_deref(k);
        return err_from_ssl();
    }
    *kp = k;
    return 0;
}

int cert_client_alloc(struct cert_client **cp, struct cert_ca *ca, struct cert_key *key,
                      const struct cert_subject *subject)
{
    struct cert_client *c = mem_zalloc(sizeof(*c), client_destructor);
    if (!c)
        return ENOMEM;
    c->ca = mem_ref(ca);
    c->key = mem_ref(key);
    memcpy(c->mac, subject->mac, sizeof(c->mac));
    c->cn_product = subject->cn_product;
    snprintf(c->product, sizeof(c->product), "%s", subject->product);
    snprintf(c->serial, sizeof(c->serial), "%s", subject->serial);
    *cp = c;
    return 0;
}

/* OU=SPA504G, L=CCQ162306EA, ST=649ef3788e6a; which attribute "S" is was not established [DEF] */
static int name_client(X509 *cert, const struct cert_client *c)
{
    X509_NAME *name = X509_get_subject_name(cert);
    char mac[13];

    snprintf(mac, sizeof(mac), "%02x%02x%02x%02x%02x%02x", c->mac[0], c->mac[1], c->mac[2],
             c->mac[3], c->mac[4], c->mac[5]);
    int err = add_name(name, NID_organizationalUnitName, c->product);
    if (!err)
        err = add_name(name, NID_localityName, c->serial);
    if (!err)
        err = add_name(name, NID_stateOrProvinceName, mac);
    if (!err)
        err = add_name(name, NID_commonName, c->cn_product ? c->product : mac);
    return err;
}

/* In the place of the one that was ready for longest. */
static void keep_ready(struct cert_client *c, X509 *cert)
{
    struct cert_client **place = &c->ca->recent[c->ca->next];

    if (*place) {
        X509_free((*place)->ready);
        (*place)->ready = NULL;
    }
    *place = c;
    c->ready = cert;
    c->place = c->ca->next;
    c->ca->next = (c->ca->next + 1) % RECENT;
}

static int make_client(struct cert_client *c)
{
    X509 *cert = blank(c->key->pkey);
    if (!cert)
        return ENOMEM;
    int err = name_client(cert, c);
    if (!err)
        err = add_extension(cert, c->ca->cert, NID_basic_constraints, "CA:FALSE");
    if (!err)
        err = add_extension(cert, c->ca->cert, NID_ext_key_usage, "clientAuth");
    if (!err)
        err = sign(cert, c->ca->cert, c->ca->key);
    if (!err) {
        unsigned char *der = NULL;
        c->len = i2d_X509(cert, &der);
        c->der = c->len > 0 ? malloc((size_t)c->len) : NULL;
        if (c->der)
            memcpy(c->der, der, (size_t)c->len);
        else
            err = ENOMEM;
        OPENSSL_free(der);
    }
    if (!err)
        keep_ready(c, cert);
    else
        X509_free(cert);
    return err;
}

int cert_client_x509(struct cert_client *c, X509 **cert)
{
    if (!c->ready && !c->der) {
        const int err = make_client(c);
        if (err)
            return err;
    } else if (!c->ready) {
        const uint8_t *der = c->der;
        X509 *again = d2i_X509(NULL, &der, c->len);
        if (!again)
            return err_from_ssl();
        keep_ready(c, again);
    }
    *cert = c->ready;
    return 0;
}

int cert_client_der(struct cert_client *c, const uint8_t **der, size_t *len)
{
    const int err = c->der ? 0 : make_client(c);

    if (err)
        return err;
    *der = c->der;
    *len = (size_t)c->len;
    return 0;
}

EVP_PKEY *cert_client_key(const struct cert_client *c)
{
    return c->key->pkey;
}

X509 *cert_client_issuer(const struct cert_client *c)
{
    X509 *cert = c->ca->cert;

    return X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) ? cert : NULL;
}

/* Certificate and key, one behind the other; malloc()ed. */
static int print_pem(char **pem, X509 *cert, EVP_PKEY *key)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *data;
    int err = ENOMEM;

    if (out && PEM_write_bio_X509(out, cert) &&
        PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL)) {
        const long len = BIO_get_mem_data(out, &data);
        *pem = strndup(data, (size_t)len);
        err = *pem ? 0 : ENOMEM;
    }
    BIO_free(out);
    return err;
}

int cert_server_make(char **pem, const struct cert_ca *ca, const char *host, enum cert_kind kind)
{
    struct in_addr addr;
    char alt[300];
    EVP_PKEY *key = kind == CERT_EC ? EVP_EC_gen("P-256") : EVP_RSA_gen(RSA_BITS);
    X509 *cert = key ? blank(key) : NULL;
    int err = cert ? 0 : err_from_ssl();

    snprintf(alt, sizeof(alt), "%s:%s", inet_pton(AF_INET, host, &addr) == 1 ? "IP" : "DNS", host);
    if (!err)
        err = add_name(X509_get_subject_name(cert), NID_commonName, host);
    if (!err)
        err = add_extension(cert, ca->cert, NID_subject_alt_name, alt);
    if (!err)
        err = add_extension(cert, ca->cert, NID_ext_key_usage, "serverAuth");
    if (!err)
        err = sign(cert, ca->cert, ca->key);
    if (!err)
        err = print_pem(pem, cert, key);
    X509_free(cert);
    EVP_PKEY_free(key);
    return err;
}
