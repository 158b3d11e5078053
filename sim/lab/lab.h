/* SPDX-License-Identifier: BSD-3-Clause */
/* The embedded lab: registrar, provisioning server (HTTP, TFTP) and XML services on one loop. */
#ifndef SIM_LAB_LAB_H
#define SIM_LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct lab;

struct lab_config {           /* strings copied; NULL and 0 = default */
    const char *listen;       /* 127.0.0.1 */
    uint16_t sip, http, tftp; /* 0 = any free one */
    bool tls;                 /* profiles by HTTPS, too */
    uint16_t https;           /* 0 = any free one */
    bool client_cert;         /* which asks phones for a certificate of the lab's CA */
    const char *realm;        /* "spafarm.lab" */
    const char *profiles_dir; /* serve these files instead of generated ones */
    const char *services_dir;
    uint32_t expires_s;   /* most the registrar grants; 0 = what is asked, at most 3600 */
    const char *password; /* template of the accounts' password: "pw-{user}" */
};

/** mem_deref() ends it. Errors: EADDRINUSE, EADDRNOTAVAIL, EACCES (err says which listener); EINVAL
 *  realm with quotes; ENOMEM. */
int lab_open(struct lab **labp, struct loop *lp, const struct lab_config *cfg, char *err,
             size_t err_size);

const char *lab_registrar(const struct lab *l);    /* "127.0.0.1:40001": UDP, TCP and TLS */
const char *lab_http_url(const struct lab *l);     /* "http://127.0.0.1:40002" */
const char *lab_https_url(const struct lab *l);    /* "https://127.0.0.1:40004", NULL = none */
const char *lab_tftp(const struct lab *l);         /* "127.0.0.1:40003" */
const char *lab_profile_rule(const struct lab *l); /* rule of the second file */

/** Make this SSL_CTX believe the lab's CA; arg is the lab. The CA is made when it is first needed.
 */
int lab_trust(void *ssl_ctx, void *arg);

/** The CA of HTTPS and SIP over TLS, certificate and key, for --ca and --client-ca. */
int lab_ca_write(struct lab *l, const char *path);

struct lab_stats {
    uint64_t n_registers;  /* REGISTERs answered 200, removals included */
    uint64_t n_challenged; /* 401 without stale */
    uint64_t n_stale;      /* 401 with stale=true */
    uint64_t n_refused;    /* REGISTERs refused for good: 403 wrong password, 400, 423 … */
    uint64_t n_bindings;   /* now */
    uint64_t n_http, n_tftp, n_services; /* requests, failed ones included */
};
void lab_stats_get(const struct lab *l, struct lab_stats *st);

#endif
