/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lab/lab.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/lab/priv.h"
#include "sim/net/cert.h"
#include "sim/net/httpd.h"
#include "sim/sip/secure.h"

enum {
    ADDR_SIZE = 64,
};

struct lab {
    struct registrar *registrar;
    struct httpd *http, *https; /* https NULL = none */
    struct cert_ca *ca;         /* NULL until something needs it */
    struct ssl_ctx_st *sip_tls;
    struct tftpd *tftp;
    struct lab_config cfg; /* its strings are the copies below */
    char *listen, *realm, *password, *profiles_dir, *services_dir;
    bool any_address; /* listening on 0.0.0.0 */
    char sip_host[ADDR_SIZE], http_host[ADDR_SIZE], tftp_host[ADDR_SIZE];
    char http_url[ADDR_SIZE + 8], https_url[ADDR_SIZE + 8], rule[ADDR_SIZE + 64];
    uint64_t n_http, n_tftp, n_services;
};

static void destructor(void *arg)
{
    struct lab *l = arg;

    mem_deref(l->http);
    mem_deref(l->https);
    mem_deref(l->ca);
    tftpd_close(l->tftp);
    mem_deref(l->registrar);
    secure_context_free(l->sip_tls);
    mem_deref(l->listen);
    mem_deref(l->realm);
    mem_deref(l->password);
    mem_deref(l->profiles_dir);
    mem_deref(l->services_dir);
}

/* The host that the client called us by is the one it can reach, where we listen on all. */
static void site_for(struct lab_site *s, const struct lab *l, const char *host,
                     char hosts[2][ADDR_SIZE])
{
    const size_t len = strcspn(host, ":");

    *s = (struct lab_site){
        .http_host = l->http_host,
        .sip_host = l->sip_host,
        .password = l->password,
        .profiles_dir = l->profiles_dir,
        .services_dir = l->services_dir,
        .expires_s = l->cfg.expires_s,
    };
    if (!l->any_address || !len || len > 40 ||
        strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != len)
        return;
    snprintf(hosts[0], ADDR_SIZE, "%.*s:%u", (int)len, host, (unsigned)httpd_port(l->http));
    snprintf(hosts[1], ADDR_SIZE, "%.*s:%u", (int)len, host,
             (unsigned)registrar_port(l->registrar));
    s->http_host = hosts[0];
    s->sip_host = hosts[1];
}

static uint16_t status_for(int err)
{
    switch (err) {
    case 0:
        return 200;
    case ENOENT:
        return 404;
    case EACCES:
        return 403;
    default:
        return 500;
    }
}

static void http_handler(const struct httpd_req *req, struct httpd_reply *reply, void *arg)
{
    struct lab *l = arg;
    struct lab_file f = {0};
    struct lab_site site;
    char hosts[2][ADDR_SIZE];
    int err;

    if (strcmp(req->method, "GET") && strcmp(req->method, "HEAD")) {
        reply->status = 405;
        return;
    }
    site_for(&site, l, req->host, hosts);
    if (!strncmp(req->path, "/services/", 10)) {
        l->n_services++;
        err = service_get(&site, req->path, req->query, &f);
    } else {
        l->n_http++;
        err = profile_get(&site, req->path, req->query, &f);
    }
    reply->status = status_for(err);
    if (!err) {
        reply->content_type = f.content_type;
        reply->body = f.body;
        reply->len = f.len;
    }
}

/* The path of a phone's TFTP URL may carry a query, as written. */
static int tftp_handler(const char *path, struct lab_file *f, void *arg)
{
    struct lab *l = arg;
    const char *query = strchr(path, '?');
    char plain[1024], hosts[2][ADDR_SIZE];
    struct lab_site site;

    l->n_tftp++;
    if ((size_t)snprintf(plain, sizeof(plain), "%.*s",
                         query ? (int)(query - path) : (int)strlen(path), path) >= sizeof(plain))
        return ENOENT;
    site_for(&site, l, "", hosts);
    return profile_get(&site, plain, query ? query + 1 : "", f);
}

static int copy_str(char **dst, const char *src, const char *otherwise)
{
    if (!src)
        src = otherwise;
    return src ? str_dup(dst, src) : 0;
}

static int take_config(struct lab *l, const struct lab_config *cfg)
{
    int err = copy_str(&l->listen, cfg->listen, "127.0.0.1");

    l->cfg = *cfg;
    if (!err)
        err = copy_str(&l->realm, cfg->realm, "spafarm.lab");
    if (!err)
        err = copy_str(&l->password, cfg->password, "pw-{user}");
    if (!err)
        err = copy_str(&l->profiles_dir, cfg->profiles_dir, NULL);
    if (!err)
        err = copy_str(&l->services_dir, cfg->services_dir, NULL);
    return err;
}

static void refused(char *err, size_t size, const char *what, const struct lab *l, uint16_t port,
                    int code)
{
    if (err && size)
        snprintf(err, size, "lab: cannot listen for %s on %s:%u: %s", what, l->listen,
                 (unsigned)port, strerror(code));
}

static int need_ca(struct lab *l)
{
    return l->ca ? 0 : cert_ca_make(&l->ca, "spafarm lab CA");
}

static int make_certificate(char **pem, struct lab *l, enum cert_kind kind)
{
    const int err = need_ca(l);

    return err ? err
               : cert_server_make(
                     pem, l->ca, strcmp(l->listen, "0.0.0.0") == 0 ? "127.0.0.1" : l->listen, kind);
}

/* For the registrar, when a client first begins a session. */
static struct ssl_ctx_st *sip_tls_handler(void *arg)
{
    struct lab *l = arg;
    char *pem = NULL;

    if (!l->sip_tls && !make_certificate(&pem, l, CERT_EC))
        (void)secure_context_server(&l->sip_tls, pem);
    free(pem);
    return l->sip_tls;
}

int lab_trust(void *ssl_ctx, void *arg)
{
    struct lab *l = arg;
    const int err = need_ca(l);

    return err ? err : cert_ca_trust(l->ca, ssl_ctx);
}

static int open_https(struct lab *l, struct loop *lp)
{
    char *pem = NULL;
    int err = make_certificate(&pem, l, CERT_RSA);

    if (!err) {
        const struct httpd_tls tls = {.pem = pem, .clients = l->cfg.client_cert ? l->ca : NULL};
        err = httpd_open_tls(&l->https, lp, l->listen, l->cfg.https, &tls, http_handler, l);
    }
    free(pem);
    return err;
}

static int open_listeners(struct lab *l, struct loop *lp, char *err, size_t err_size)
{
    const struct registrar_config rc = {.realm = l->realm,
                                        .password = l->password,
                                        .expires_s = l->cfg.expires_s,
                                        .tls = sip_tls_handler,
                                        .arg = l};
    int code = registrar_alloc(&l->registrar, lp, &rc);

    if (code) {
        if (err && err_size)
            snprintf(err, err_size, "lab: bad realm \"%s\"", l->realm);
        return code;
    }
    code = registrar_listen(l->registrar, l->listen, l->cfg.sip);
    if (code) {
        refused(err, err_size, "SIP", l, l->cfg.sip, code);
        return code;
    }
    code = httpd_open(&l->http, lp, l->listen, l->cfg.http, http_handler, l);
    if (code) {
        refused(err, err_size, "HTTP", l, l->cfg.http, code);
        return code;
    }
    code = l->cfg.tls ? open_https(l, lp) : 0;
    if (code) {
        refused(err, err_size, "HTTPS", l, l->cfg.https, code);
        return code;
    }
    code = tftpd_open(&l->tftp, lp, l->listen, l->cfg.tftp, tftp_handler, l);
    if (code)
        refused(err, err_size, "TFTP", l, l->cfg.tftp, code);
    return code;
}

static void print_addresses(struct lab *l, const struct in_addr *addr)
{
    const char *host = l->listen;

    l->any_address = addr->s_addr == htonl(INADDR_ANY);
    if (l->any_address)
        host = "127.0.0.1";
    snprintf(l->sip_host, sizeof(l->sip_host), "%.40s:%u", host,
             (unsigned)registrar_port(l->registrar));
    snprintf(l->http_host, sizeof(l->http_host), "%.40s:%u", host, (unsigned)httpd_port(l->http));
    snprintf(l->tftp_host, sizeof(l->tftp_host), "%.40s:%u", host, (unsigned)tftpd_port(l->tftp));
    snprintf(l->http_url, sizeof(l->http_url), "http://%s", l->http_host);
    if (l->https)
        snprintf(l->https_url, sizeof(l->https_url), "https://%.40s:%u", host,
                 (unsigned)httpd_port(l->https));
    snprintf(l->rule, sizeof(l->rule), "http://%s/profile/$MA.xml?user=$UID1", l->http_host);
}

int lab_open(struct lab **labp, struct loop *lp, const struct lab_config *cfg, char *err,
             size_t err_size)
{
    struct in_addr addr;
    struct lab *l;
    int code;

    if (!labp || !lp || !cfg)
        return EINVAL;
    l = mem_zalloc(sizeof(*l), destructor);
    if (!l)
        return ENOMEM;
    code = take_config(l, cfg);
    if (!code && inet_pton(AF_INET, l->listen, &addr) != 1) {
        code = EADDRNOTAVAIL;
        if (err && err_size)
            snprintf(err, err_size, "lab: \"%s\" is not an IPv4 address", l->listen);
    }
    if (!code)
        code = open_listeners(l, lp, err, err_size);
    if (code) {
        mem_deref(l);
        return code;
    }
    print_addresses(l, &addr);
    *labp = l;
    return 0;
}

const char *lab_registrar(const struct lab *l)
{
    return l->sip_host;
}

const char *lab_http_url(const struct lab *l)
{
    return l->http_url;
}

const char *lab_https_url(const struct lab *l)
{
    return l->https ? l->https_url : NULL;
}

int lab_ca_write(struct lab *l, const char *path)
{
    const int err = need_ca(l);

    return err ? err : cert_ca_write(l->ca, path);
}

const char *lab_tftp(const struct lab *l)
{
    return l->tftp_host;
}

const char *lab_profile_rule(const struct lab *l)
{
    return l->rule;
}

void lab_stats_get(const struct lab *l, struct lab_stats *st)
{
    struct registrar_stats rs;

    registrar_stats_get(l->registrar, &rs);
    *st = (struct lab_stats){
        .n_registers = rs.n_registers,
        .n_challenged = rs.n_challenged,
        .n_stale = rs.n_stale,
        .n_refused = rs.n_refused,
        .n_bindings = rs.n_bindings,
        .n_http = l->n_http,
        .n_tftp = l->n_tftp,
        .n_services = l->n_services,
    };
}
