/* SPDX-License-Identifier: BSD-3-Clause */
/* Configuration reports: what Report_Rule says is sent once, and not again (provisioning.md 3.5).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/base/fnv.h"
#include "sim/base/rng.h"
#include "sim/prov/container.h"
#include "sim/prov/dump.h"
#include "sim/prov/machine.h"

struct noted { /* a value that was not the default */
    uint16_t id, index;
    uint32_t hash;
};

struct baseline { /* of --delta */
    size_t n, size;
    struct noted values[];
};

static void note_handler(enum param_id id, uint16_t index, const char *value, void *arg)
{
    struct baseline **bp = arg;
    struct baseline *b = *bp;

    if (!b || b->n == b->size) {
        const size_t size = b ? b->size * 2 : 32;
        b = realloc(b, sizeof(*b) + size * sizeof(b->values[0]));
        if (!b)
            return;
        if (!*bp)
            b->n = 0;
        b->size = size;
        *bp = b;
    }
    b->values[b->n++] = (struct noted){(uint16_t)id, index, fnv_text(FNV_START, value)};
}

void prov_report_mark(struct prov *p)
{
    free(p->baseline);
    p->baseline = NULL;
    if (strstr(param_get(p->cfg.params, P_Report_Rule, 0), "--delta"))
        param_set_apply(p->cfg.params, note_handler, &p->baseline);
}

/* Is it another value than at the last resync or start? */
static bool has_changed(enum param_id id, uint16_t index, const char *value, void *arg)
{
    const struct prov *p = arg;

    for (size_t i = 0; p->baseline && i < p->baseline->n; i++) {
        const struct noted *v = &p->baseline->values[i];
        if (v->id == id && v->index == index)
            return v->hash != fnv_text(FNV_START, value);
    }
    return strcmp(value, param_factory(p->cfg.params, id, index)) != 0;
}

static int print(char **text, size_t *len, struct prov *p, bool delta)
{
    FILE *f = open_memstream(text, len);

    if (!f)
        return ENOMEM;
    fputs("<flat-profile>\n", f);
    dump_params(f, p->cfg.params, p->cfg.model, delta ? has_changed : NULL, p);
    fputs("</flat-profile>\n", f);
    const int failed = ferror(f);
    if (fclose(f) || failed) {
        free(*text);
        return ENOMEM;
    }
    return 0;
}

/* In the container of profiles, for `openssl enc -d -aes-256-cbc -k key` (7.1) */
static int wrap(char **text, size_t *len, struct prov *p, const char *key)
{
    const struct container_key ck = {
        .text = key,
        .len = strlen(key),
        .digest = profile_digest_named(param_get(p->cfg.params, P_Sim_Profile_Digest, 0))};
    const uint64_t salt = rng_u64(p->cfg.rng);
    uint8_t *out = NULL;

    const int err =
        container_encrypt(&out, len, (const uint8_t *)*text, *len, &ck, (const uint8_t *)&salt);
    if (err)
        return err;
    free(*text);
    *text = (char *)out;
    return 0;
}

/* A 6800 with keying material and a rule without a key (3.5, RFC 8188). */
static const char *keying_material(const struct prov *p, const struct rule_request *req)
{
    const bool may = p->cfg.model->family == FAMILY_MPP68XX && !(req->key && *req->key);

    return may ? param_get(p->cfg.params, P_IKM_HTTP_Encrypt_Content, 0) : "";
}

static int seal(char **text, size_t *len, struct prov *p, const char *ikm)
{
    const struct container_key ck = {.text = ikm, .len = strlen(ikm)};
    const uint64_t salt[2] = {rng_u64(p->cfg.rng), rng_u64(p->cfg.rng)};
    uint8_t *out = NULL;

    const int err = container_aes128gcm_seal(&out, len, (const uint8_t *)*text, *len, &ck,
                                             (const uint8_t *)salt);
    if (err)
        return err;
    free(*text);
    *text = (char *)out;
    return 0;
}

static void sent_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct prov *p = arg;
    const struct prov_fetch_event ev = {.url = r->url,
                                        .status = r->status,
                                        .class = !err                          ? PROV_CLASS_A
                                                 : r->class == FETCH_NOT_FOUND ? PROV_CLASS_B
                                                                               : PROV_CLASS_C,
                                        .error = r->error,
                                        .us = r->us};

    p->report = mem_deref(p->report);
    p->h.fetched(&ev, p->arg);
}

/* PUT or POST: as the rule says, else the parameter (3.5; F for 525G2) */
bool prov_report_puts(const struct prov *p, const struct rule_request *req)
{
    if (req->put || req->post_method)
        return req->put;
    return strcasecmp(param_get(p->cfg.params, P_HTTP_Report_Method, 0), "PUT") == 0;
}

static int send_it(struct prov *p, const struct rule_request *req, const char *body, size_t len)
{
    static const char *const sealed[] = {"Content-Encoding: aes128gcm", NULL};
    const bool secret = req->key && *req->key;
    char agent[PROV_AGENT_BYTES];

    struct fetch_req fr = prov_request(p, req->url, agent);
    prov_log_in(p, &fr, req->uid, req->pwd);
    fr.post_body = body;
    fr.post_len = len;
    fr.post_type = secret ? "application/octet-stream" : "text/xml";
    fr.put = prov_report_puts(p, req);
    fr.headers = *keying_material(p, req) ? sealed : NULL;
    return fetch_start(&p->report, p->cfg.fetcher, &fr, sent_handler, p);
}

int prov_report(struct prov *p, struct parse_err *pe)
{
    struct rule_request req = {.url = NULL};
    char *text = NULL;
    size_t len = 0;

    if (p->report)
        return EALREADY;
    int err = prov_rule_read(p, PROV_REPORT_RULE, &req, pe);
    if (!err && !req.url)
        err = ENOENT;
    if (!err)
        err = print(&text, &len, p, req.delta);
    if (!err && req.key && *req.key)
        err = wrap(&text, &len, p, req.key);
    else if (!err && *keying_material(p, &req))
        err = seal(&text, &len, p, keying_material(p, &req));
    if (!err)
        err = send_it(p, &req, text, len);
    free(text);
    rule_request_reset(&req);
    return err;
}
