/* SPDX-License-Identifier: BSD-3-Clause */
/* One file of a pass: ask for it, take what it says, tell what came of it (provisioning.md 4, 9).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/prov/cnf.h"
#include "sim/prov/domains.h"
#include "sim/prov/machine.h"
#include "sim/prov/profile.h"

void prov_keep(char **at, const char *text)
{
    free(*at);
    *at = text && *text ? strdup(text) : NULL;
}

/* Where the next boot files are. */
static void note_boot_setting(struct prov *p, struct prov_boot *b, const struct profile_item *item)
{
    if (strcmp(item->name, "tftp_cfg_dir") == 0)
        snprintf(b->cfg_dir, sizeof(b->cfg_dir), "%s", item->value);
    else if (strcmp(item->name, "dial_template") == 0)
        snprintf(b->dial_template, sizeof(b->dial_template), "%s", item->value);
    else if (strcmp(item->name, "sync") == 0)
        snprintf(p->sync, sizeof(p->sync), "%s", item->value);
}

/* Without ua the access stays what it is, or becomes the factory's [X 4]. */
static void take_access(struct prov *p, const struct profile_item *item, enum param_id id,
                        uint16_t index)
{
    struct param_set *ps = p->cfg.params;

    if (!item->ua[0] && !param_bool(ps, P_Sim_Profile_Access_Factory, 0))
        return;
    (void)param_set_user_access(ps, id, index,
                                !item->ua[0]                  ? page_user_access(id)
                                : strcmp(item->ua, "na") == 0 ? PAGE_HIDDEN
                                : strcmp(item->ua, "ro") == 0 ? PAGE_READ_ONLY
                                                              : PAGE_WRITABLE);
}

struct taking {
    struct prov *p;
    struct prov_boot *boot; /* NULL = no boot file */
    unsigned *n_changed;
};

/* Names of other models and values that do not fit are passed over (5.1). */
static void item_handler(const struct profile_item *item, void *arg)
{
    const struct taking *t = arg;
    struct prov *p = t->p;
    enum param_id id;
    uint16_t index;
    bool changed = false;
    const bool known =
        param_find(p->cfg.model, item->name, &id, &index) && !param_lacks(p->cfg.params, id);

    if (known)
        take_access(p, item, id, index);
    if (item->keep)
        return;
    if (t->boot)
        note_boot_setting(p, t->boot, item);
    if (known &&
        param_set_value(p->cfg.params, id, index, item->value, PARAM_FROM_PROFILE, &changed) == 0 &&
        changed)
        ++*t->n_changed;
}

void prov_corrupt(struct outcome *o, int err, const struct parse_err *pe)
{
    o->class = PROV_CLASS_B;
    o->err_text = "corrupt file";
    if (pe->line)
        snprintf(o->error, sizeof(o->error), "corrupt file: line %d: %s", pe->line, pe->text);
    else
        snprintf(o->error, sizeof(o->error), "corrupt file: %s",
                 pe->text[0] ? pe->text : strerror(err));
}

/* What the switches say of a profile without key, alias and encoding. */
static struct profile_options plain_options(const struct prov *p)
{
    const struct param_set *ps = p->cfg.params;

    return (struct profile_options){
        .digest = profile_digest_named(param_get(ps, P_Sim_Profile_Digest, 0)),
        .key_strict = param_bool(ps, P_Sim_Profile_Key_Strict, 0),
        .empty_clears = param_bool(ps, P_Sim_Profile_Empty_Clears, 0),
        .mend = param_bool(ps, P_Sim_Profile_Mend, 0),
        .preserve = p->cfg.model->family == FAMILY_MPP68XX,
    };
}

int prov_push(struct prov *p, const void *data, size_t len, unsigned *n_changed,
              struct parse_err *pe)
{
    const struct profile_options po = plain_options(p);
    struct taking t = {.p = p, .n_changed = n_changed};

    *n_changed = 0;
    return profile_parse(data, len, &po, item_handler, &t, pe);
}

int prov_apply(struct prov *p, const struct fetch_reply *r, struct outcome *o)
{
    const struct param_set *ps = p->cfg.params;
    struct taking t = {.p = p, .boot = p->pass->boot, .n_changed = &p->pass->n_changed};
    const struct rule_request *req = &p->pass->req;
    const enum param_id alias = (enum param_id)(P_GPP_A + (req->alias ? req->alias - 'a' : 0));
    const bool mpp = p->cfg.model->family == FAMILY_MPP68XX;
    struct profile_facts facts;
    struct profile_options po = plain_options(p);
    struct parse_err pe = {.text = ""};

    po.key = req->key && *req->key ? req->key : NULL;
    const bool boot_file = p->pass->boot || (p->cfg.model->family == FAMILY_CP79XX && !po.key &&
                                             cnf_is(r->body, r->len));
    int err;

    po.encoding = mpp ? r->encoding : NULL;
    po.ikm = mpp ? param_get(ps, P_IKM_HTTP_Encrypt_Content, 0) : NULL;
    po.alias = req->alias ? param_get(ps, alias, 0) : NULL;
    po.facts = &facts;
    memset(&facts, 0, sizeof(facts));
    if (boot_file)
        err = cnf_parse(r->body, r->len, p->cfg.model, item_handler, &t, &pe);
    else
        err = profile_parse(r->body, r->len, &po, item_handler, &t, &pe);

    if (err)
        prov_corrupt(o, err, &pe);
    else if (facts.plain_with_key && !p->note) /* 7.1 R: */
        prov_keep(&p->note, "the rule has a key, and the profile is not encrypted");
    return err;
}

const char *prov_err_text(const char *url, int err, const struct fetch_reply *r)
{
    if (r->class == FETCH_NOT_FOUND)
        return "file not found";
    if (strncmp(r->error, "dns", 3) == 0)
        return "dns failed";
    if (err == ETIMEDOUT)
        return "timeout";
    return strncasecmp(url, "tftp", 4) == 0    ? "tftp_get failed"
           : strncasecmp(url, "https", 5) == 0 ? "https_get failed"
                                               : "http_get failed";
}

void prov_fetch_failed(struct outcome *o, const struct prov *p, int err,
                       const struct fetch_reply *r)
{
    o->class = r->class == FETCH_NOT_FOUND ? PROV_CLASS_B : PROV_CLASS_C;
    o->err_text = prov_err_text(p->pass->fetching, err, r);
    snprintf(o->error, sizeof(o->error), "%s", r->error);
}

/* The GPP named by its letter, with its macros expanded (3.4). */
int prov_post_body(char **body, struct reading *r, const struct rule_request *req)
{
    const enum param_id id = (enum param_id)(P_GPP_A + (req->post ? req->post - 'a' : 0));

    *body = NULL;
    return req->post ? macro_expand(body, param_get(r->p->cfg.params, id, 0), macro_value, r) : 0;
}

const char *prov_refusal(const struct prov *p, bool upgrade, const char *url)
{
    struct rule_url_parts parts;

    if (upgrade && strncasecmp(url, "https", 5) == 0 &&
        !param_bool(p->cfg.params, P_Sim_Upgrade_HTTPS, 0)) /* [X 12] */
        return "no firmware over HTTPS";
    if (rule_url_split(&parts, url))
        return "it is no URL of a file";
    return domain_allowed(p->cfg.params, parts.server)
               ? NULL
               : "its server is not in Restricted_Access_Domains";
}

/* What the phone believes and speaks (8): SPA check the CN and its address, MPP phones names [DEF].
 */
static struct fetch_tls tls_of(struct prov *p)
{
    const struct param_set *ps = p->cfg.params;
    const char *check = param_get(ps, P_Sim_TLS_Check, 0);
    const bool mpp = p->cfg.model->family == FAMILY_MPP68XX;
    const bool resume = param_bool(ps, P_Sim_TLS_Resume, 0);

    if (!resume)
        p->memory = mem_deref(p->memory);
    else if (!p->memory)
        (void)fetch_memory_alloc(&p->memory); /* without: whole handshakes */
    return (struct fetch_tls){
        .check = strcasecmp(check, "off") == 0      ? FETCH_CHECK_OFF
                 : strcasecmp(check, "names") == 0  ? FETCH_CHECK_NAMES
                 : strcasecmp(check, "cn") == 0     ? FETCH_CHECK_CN
                 : strcasecmp(check, "strict") == 0 ? FETCH_CHECK_STRICT
                 : mpp                              ? FETCH_CHECK_NAMES
                                                    : FETCH_CHECK_STRICT,
        .cert = p->cfg.cert,
        .trust = prov_trust(p),
        .memory = p->memory,
        .version = param_get(ps, P_Sim_TLS_Version, 0),
        .phone_suites = strcasecmp(param_get(ps, P_Sim_TLS_Suites, 0), "phone") == 0,
        .no_sni = !param_bool(ps, P_Sim_TLS_SNI, 0),
    };
}

void prov_agent(struct prov *p, char agent[PROV_AGENT_BYTES])
{
    const struct prov_config *c = &p->cfg;
    const char *own =
        c->model->family == FAMILY_MPP68XX ? param_get(c->params, P_HTTP_User_Agent_Name, 0) : "";
    char *text = NULL;
    struct reading r;

    prov_reading_init(&r, p);
    if (!*own || macro_expand(&text, own, macro_agent_value, &r))
        device_http_ua_print(agent, PROV_AGENT_BYTES, c->model, c->id);
    else
        snprintf(agent, PROV_AGENT_BYTES, "%s", text);
    for (char *at = agent; *at; at++) { /* one header line */
        if ((unsigned char)*at < ' ')
            *at = ' ';
    }
    free(text);
}

struct fetch_req prov_request(struct prov *p, const char *url, char agent[PROV_AGENT_BYTES])
{
    const struct prov_config *c = &p->cfg;

    prov_agent(p, agent);
    return (struct fetch_req){.url = url,
                              .user_agent = agent,
                              .ca_file = c->ca_file,
                              .tls = tls_of(p),
                              .local = c->local,
                              .timeout_ms = param_ms(c->params, P_Sim_Fetch_Timeout, 0),
                              .max_redirects = param_u32(c->params, P_Sim_Fetch_Redirects, 0),
                              .tftp_retry_ms = param_ms(c->params, P_Sim_TFTP_Retry, 0),
                              .tftp_tries = param_u32(c->params, P_Sim_TFTP_Tries, 0),
                              .owner = p->arg};
}

void prov_log_in(struct prov *p, struct fetch_req *fr, const char *uid, const char *pwd)
{
    fr->uid = uid;
    fr->pwd = pwd;
    fr->cnonce = uid ? rng_u32(p->cfg.rng) : 0;
}

static void started_handler(struct in_addr server, void *arg)
{
    struct prov *p = arg;

    prov_log(p, PROV_MSG_RESYNC_REQUEST, p->pass->fetching, server, NULL);
}

int prov_fetch(struct prov *p, fetch_h *h)
{
    char agent[PROV_AGENT_BYTES];
    const struct rule_request *req = &p->pass->req;
    char *post = NULL;
    const char *uid = req->uid, *pwd = req->pwd;
    struct reading r;

    prov_account_give(p, &uid, &pwd);
    prov_reading_init(&r, p);
    int err = prov_post_body(&post, &r, req);
    if (err)
        return err;

    struct fetch_req fr = prov_request(p, req->url, agent);
    prov_log_in(p, &fr, uid, pwd);
    fr.post_body = post;
    fr.started = started_handler;
    fr.bare_path = p->pass->boot != NULL;
    err = fetch_start(&p->fetch, p->cfg.fetcher, &fr, h, p);
    free(post);
    return err;
}
