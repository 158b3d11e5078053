/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The custom CA (provisioning.md 8): before each file of a pass, the certificates that the phone's
 * rule for them names are fetched, unless it has them [DEF]. A failure shows in the status and ends
 * no pass: servers that need them will not be believed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/net/trust.h"
#include "sim/prov/machine.h"

enum { FILE_MAX_BYTES = 64 << 10 };

struct custom_ca {
    char *rule; /* that trust came from, or was to come from */
    struct trust *trust;
    uint64_t at_ms; /* wall clock of the last try; 0 = none */
    bool ok;        /* it was good */
    unsigned pass;  /* of that try */
};

/* Its name differs by family (5.2). */
static const char *rule_of(const struct prov *p)
{
    const enum device_family family = p->cfg.model->family;

    return param_get(p->cfg.params,
                     family == FAMILY_MPP68XX  ? P_Custom_CA_Rule
                     : family == FAMILY_SPA525 ? P_Custom_CA_URL
                                               : P_Custom_CA_RULE,
                     0);
}

void prov_ca_close(struct prov *p)
{
    if (!p->ca)
        return;
    mem_deref(p->ca->trust);
    free(p->ca->rule);
    free(p->ca);
    p->ca = NULL;
}

struct trust *prov_trust(const struct prov *p)
{
    return p->ca ? p->ca->trust : NULL;
}

void prov_ca_status(const struct prov *p, struct prov_ca_status *st)
{
    *st = (struct prov_ca_status){.name = NULL};
    if (!p->ca)
        return;
    st->at_s = (int64_t)(p->ca->at_ms / 1000);
    st->ok = p->ca->ok;
    st->name = p->ca->trust ? trust_name(p->ca->trust) : NULL;
}

void prov_ca_tried(struct prov *p, int err, const struct fetch_reply *r)
{
    struct custom_ca *ca = p->ca;
    struct trust *trust = NULL;
    const char *error = r ? r->error : NULL;

    if (!ca)
        return;
    if (!err) {
        err = trust_alloc(&trust, r->body, r->len);
        error = err ? "no certificate that can be read" : NULL;
    }
    const struct prov_fetch_event ev = {.url = r ? r->url : ca->rule,
                                        .status = r ? r->status : 0,
                                        .class = !err                              ? PROV_CLASS_A
                                                 : err == EBADMSG || err == ENOENT ? PROV_CLASS_B
                                                                                   : PROV_CLASS_C,
                                        .error = error ? error
                                                 : err ? strerror(err)
                                                       : NULL,
                                        .us = r ? r->us : 0,
                                        .bytes = r ? r->len : 0};
    ca->at_ms = clock_wall_ms(p->cfg.lp);
    ca->ok = !err;
    if (trust) {
        mem_deref(ca->trust);
        ca->trust = trust;
    }
    p->h.fetched(&ev, p->arg);
}

static int ask(struct prov *p, const char *rule, const struct dhcp_hint *hint, fetch_h *h)
{
    struct rule_request req = {.url = NULL};
    struct parse_err pe = {.text = ""};
    char agent[PROV_AGENT_BYTES];
    struct reading r;

    prov_reading_init(&r, p);
    int err = prov_read(&req, &r, rule, RULE_PROFILE, hint, &pe);
    if (!err && !req.url)
        err = ENOENT;
    if (!err && prov_refusal(p, false, req.url))
        err = EACCES;
    if (!err) {
        struct fetch_req fr = prov_request(p, req.url, agent);
        prov_log_in(p, &fr, req.uid, req.pwd);
        fr.max_bytes = FILE_MAX_BYTES;
        err = fetch_start(&p->fetch, p->cfg.fetcher, &fr, h, p);
    }
    rule_request_reset(&req);
    return err;
}

/* Is there nothing to be done: it has them, or it tried in this pass already? */
static bool is_settled(const struct prov *p, const char *rule)
{
    return strcmp(p->ca->rule ? p->ca->rule : "", rule) == 0 &&
           (p->ca->ok || p->ca->pass == p->n_passes);
}

bool prov_ca_next(struct prov *p, const struct dhcp_hint *hint, fetch_h *h)
{
    const char *rule = rule_of(p);

    if (!*rule) { /* it is taken back [DEF] */
        prov_ca_close(p);
        return false;
    }
    if (!p->ca)
        p->ca = calloc(1, sizeof(*p->ca));
    if (!p->ca || is_settled(p, rule))
        return false;
    prov_keep(&p->ca->rule, rule);
    p->ca->pass = p->n_passes;
    p->ca->ok = false;
    const int err = ask(p, p->ca->rule ? p->ca->rule : "", hint, h);
    if (err)
        prov_ca_tried(p, err, NULL);
    return !err;
}
