/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Certificates of our own: a CA, the phones' client certificates that it signs, and a server's
 * (provisioning.md 8). Objects are counted: mem_deref().
 */
#ifndef SIM_NET_CERT_H
#define SIM_NET_CERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cert_ca;
struct cert_key;
struct cert_client;
struct evp_pkey_st;
struct x509_st;

/** A new CA of this name, and its key. Errors: ENOMEM, EIO. */
int cert_ca_make(struct cert_ca **cap, const char *name);

/** From one PEM file that holds certificate and key. err gets a sentence. Errors: those of opening
 *  it; EBADMSG no certificate or key in it, or they do not belong together; EINVAL the certificate
 *  is no CA's; ENOMEM. */
int cert_ca_read(struct cert_ca **cap, const char *path, char *err, size_t err_size);

/** Does this PEM file hold a CA certificate? err gets a sentence. Errors: those of opening it;
 *  EBADMSG there is none; ENOMEM. */
int cert_file_check(const char *path, char *err, size_t err_size);

/** Certificate and key into a file that only its owner may read. Errors: errno of the file. */
int cert_ca_write(const struct cert_ca *ca, const char *path);

/** Make this SSL_CTX accept peer certificates that this CA has signed. Errors: EIO. */
int cert_ca_trust(const struct cert_ca *ca, void *ssl_ctx);

/** A key pair: RSA of 2048 bits, as the phones have RSA only. Slow. Errors: EIO. */
int cert_key_make(struct cert_key **kp);

struct cert_subject { /* of a phone: OU, L and S as servers read them; CN is ours [DEF] */
    const char *product, *serial;
    uint8_t mac[6];
    bool cn_product; /* CN is the product and not the MAC (8 R:) */
};

/** A phone's certificate; it is made and signed when a server first asks for it. subject is copied.
 *  Errors: ENOMEM. */
int cert_client_alloc(struct cert_client **cp, struct cert_ca *ca, struct cert_key *key,
                      const struct cert_subject *subject);

/** Its DER, borrowed; made now if need be. Errors: EIO, ENOMEM. */
int cert_client_der(struct cert_client *c, const uint8_t **der, size_t *len);

/** The same as OpenSSL's object, borrowed until another phone's is asked for: a few hundred are
 * kept, as reading them from DER takes long. Errors: EIO, ENOMEM. */
int cert_client_x509(struct cert_client *c, struct x509_st **cert);
struct evp_pkey_st *cert_client_key(const struct cert_client *c);

/** The CA's certificate if it is an intermediate one, which servers need to find the root; NULL
 * when the CA is the root. Borrowed. */
struct x509_st *cert_client_issuer(const struct cert_client *c);

enum cert_kind {
    CERT_RSA, /* what phones can read */
    CERT_EC,  /* quick to make and to use */
};

/** Certificate (for host: a name or an IPv4 address) and key of a server as PEM; *pem is
 * malloc()ed. Errors: EIO, ENOMEM. */
int cert_server_make(char **pem, const struct cert_ca *ca, const char *host, enum cert_kind kind);

/** For OpenSSL's PEM readers: nobody is asked for a password on the terminal. */
int cert_no_password(char *buf, int size, int rwflag, void *arg);

#endif
