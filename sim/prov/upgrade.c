/* SPDX-License-Identifier: BSD-3-Clause */
/* Firmware upgrades: which load, when, and what came of it (provisioning.md 3.6). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/clock.h"
#include "sim/prov/load.h"
#include "sim/prov/machine.h"

enum {
    LOAD_MAX_BYTES = 64 << 20, /* [DEF] */
    LOAD_TIMEOUT_MS = 600000,  /* [DEF] */
};

static void free_texts(struct upgrade *u)
{
    free(u->tried);
    free(u->asked);
    free(u->server);
    free(u->condition);
    free(u->error);
}

void prov_upgrade_close(struct prov *p)
{
    if (!p->upgrade)
        return;
    timer_cancel(&p->upgrade->timer);
    mem_deref(p->upgrade->fetch);
    free_texts(p->upgrade);
    free(p->upgrade);
    p->upgrade = NULL;
}

/* Power off: what was under way is over, what was loaded stays. */
void prov_upgrade_stop(struct prov *p)
{
    struct upgrade *u = p->upgrade;

    if (!u)
        return;
    timer_cancel(&u->timer);
    u->fetch = mem_deref(u->fetch);
    prov_keep(&u->asked, NULL);
    prov_keep(&u->server, NULL);
    u->n_failed = 0;
    if (!u->ok)
        prov_keep(&u->tried, NULL);
}

static struct upgrade *get(struct prov *p)
{
    if (!p->upgrade)
        p->upgrade = calloc(1, sizeof(*p->upgrade));
    return p->upgrade;
}

static bool enabled(const struct prov *p)
{
    return param_bool(p->cfg.params, P_Upgrade_Enable, 0);
}

static void retry_later(struct prov *p);

static void failed(struct prov *p, const char *err_text, const char *error)
{
    struct upgrade *u = p->upgrade;
    const struct prov_upgraded up = {.url = u->tried, .error = error};

    u->ok = false;
    u->err_text = err_text;
    prov_keep(&u->error, error);
    u->n_failed++;
    retry_later(p);
    prov_debug(p, PROV_DEBUG_ERROR, "upgrade: %s: %s", u->tried ? u->tried : "", error);
    prov_log(p, PROV_MSG_UPGRADE_FAILURE, u->tried, u->server_addr, err_text);
    if (p->h.upgraded)
        p->h.upgraded(&up, p->arg);
}

static void loaded(struct prov *p, const char *version)
{
    struct upgrade *u = p->upgrade;
    const struct prov_upgraded up = {.ok = true, .url = u->tried, .version = version};

    u->ok = true;
    u->n_failed = 0;
    u->err_text = NULL;
    prov_keep(&u->error, NULL);
    prov_log(p, PROV_MSG_UPGRADE_SUCCESS, u->tried, u->server_addr, version);
    if (p->h.upgraded)
        p->h.upgraded(&up, p->arg);
}

static void fetched_handler(int fetch_err, const struct fetch_reply *r, void *arg)
{
    struct prov *p = arg;
    struct upgrade *u = p->upgrade;
    struct rule_url_parts parts;
    char version[LOAD_VERSION_BYTES], why[96] = "", text[128];

    u->fetch = mem_deref(u->fetch);
    u->server_addr = r->server;
    mem_ref(p);
    if (fetch_err || rule_url_split(&parts, u->tried)) {
        failed(p, prov_err_text(u->tried, fetch_err, r), r->error ? r->error : "bad URL");
        mem_deref(p);
        return;
    }
    const struct load_facts facts = {
        .head = r->body,
        .head_len = r->len,
        .total = r->total,
        .path = parts.path,
        .model = p->cfg.model,
        .running = p->cfg.id->firmware,
        .limit = param_get(p->cfg.params, P_Downgrade_Rev_Limit, 0),
        .version = param_get(p->cfg.params, P_Sim_Upgrade_Version, 0),
    };
    const int err = load_check(version, &facts, why, sizeof(why));
    if (err) {
        snprintf(text, sizeof(text), "%s: %s", err == EACCES ? "refused" : "corrupt file", why);
        failed(p, err == EACCES ? "not allowed" : "corrupt file", text);
    } else {
        loaded(p, version);
    }
    mem_deref(p);
}

static void started_handler(struct in_addr server, void *arg)
{
    struct prov *p = arg;

    p->upgrade->server_addr = server;
    prov_log(p, PROV_MSG_UPGRADE_REQUEST, p->upgrade->tried, server, NULL);
}

static void load(struct prov *p, const char *url)
{
    struct upgrade *u = p->upgrade;
    char agent[PROV_AGENT_BYTES];

    prov_keep(&u->tried, url);
    timer_cancel(&u->timer);
    u->last_ms = clock_ms(p->cfg.lp);
    u->server_addr = (struct in_addr){0};
    struct fetch_req fr = prov_request(p, url, agent);
    fr.timeout_ms = LOAD_TIMEOUT_MS;
    fr.max_bytes = LOAD_MAX_BYTES;
    fr.keep_bytes = LOAD_HEAD_BYTES;
    fr.started = started_handler;
    const char *refusal = prov_refusal(p, true, url);
    if (refusal) {
        char text[96];
        snprintf(text, sizeof(text), "refused: %s", refusal);
        failed(p, "not allowed", text);
        return;
    }
    const int err =
        u->tried ? fetch_start(&u->fetch, p->cfg.fetcher, &fr, fetched_handler, p) : ENOMEM;
    if (err)
        failed(p, "http_get failed", strerror(err));
}

/* What the rule, or whoever asked, wants now. NULL: nothing. */
static char *wanted(struct prov *p, int *err)
{
    struct rule_request req = {.url = NULL};
    struct parse_err pe = {.text = ""};
    struct upgrade *u = p->upgrade;

    *err = u->asked ? prov_rule_read_text(p, u->asked, u->server, &req, &pe)
                    : prov_rule_read(p, PROV_UPGRADE_RULE, &req, &pe);
    char *url = req.url;
    req.url = NULL;
    rule_request_reset(&req);
    if (*err) {
        char text[200];
        snprintf(text, sizeof(text), "bad rule: %s", pe.text[0] ? pe.text : strerror(*err));
        prov_keep(&u->error, text);
    }
    return url;
}

bool prov_upgrade_runs(const struct prov *p, const char *url)
{
    char version[LOAD_VERSION_BYTES];
    struct rule_url_parts parts;

    return rule_url_split(&parts, url) == 0 &&
           !*param_get(p->cfg.params, P_Sim_Upgrade_Version, 0) &&
           load_name_version(version, parts.path, p->cfg.model) &&
           strcmp(version, p->cfg.id->firmware) == 0;
}

/* Its name says that it runs already, or it was the last one that was loaded. */
static bool is_running(const struct prov *p, const char *url)
{
    const struct upgrade *u = p->upgrade;

    if (u->tried && strcmp(url, u->tried) == 0) /* a failed one waits for its timer */
        return u->ok || timer_running(&u->timer) || u->n_failed;
    return prov_upgrade_runs(p, url);
}

static bool may_begin(const struct prov *p)
{
    return enabled(p) && !p->pass && !p->upgrade->fetch && !(p->h.busy && p->h.busy(p->arg));
}

static void begin(struct prov *p, bool again)
{
    struct upgrade *u = p->upgrade;
    int err;

    if (!may_begin(p))
        return;
    char *url = wanted(p, &err);
    const bool asked = u->asked != NULL;
    prov_keep(&u->asked, NULL);
    prov_keep(&u->server, NULL);
    if (url && (asked || again || !is_running(p, url)))
        load(p, url);
    free(url);
}

static void retry_handler(void *arg)
{
    begin(arg, true);
}

/* The list of Upgrade_Error_Retry_Delay begins anew after a success. */
static void retry_later(struct prov *p)
{
    struct upgrade *u = p->upgrade;
    const char *list = param_get(p->cfg.params, P_Upgrade_Error_Retry_Delay, 0);
    const uint32_t s = prov_list_delay(list, u->n_failed - 1, p->cfg.rng);

    if (s)
        timer_start(p->cfg.lp, &u->timer, clock_scaled(p->cfg.lp, s * 1000ULL), retry_handler, p);
}

void prov_upgrade_check(struct prov *p)
{
    if (!p->upgrade && !*param_get(p->cfg.params, P_Upgrade_Rule, 0))
        return;
    if (get(p))
        begin(p, false);
}

int prov_upgrade_start(struct prov *p, const char *url, const char *server)
{
    if (!enabled(p))
        return EACCES;
    if (!get(p))
        return ENOMEM;
    if (p->upgrade->fetch)
        return EALREADY;
    prov_keep(&p->upgrade->asked, url);
    prov_keep(&p->upgrade->server, server);
    if (!p->upgrade->asked)
        return ENOMEM;
    begin(p, false); /* or when the lines are idle */
    return 0;
}

void prov_upgrade_status(const struct prov *p, struct prov_upgrade_status *st)
{
    const struct upgrade *u = p->upgrade;

    *st = (struct prov_upgrade_status){.url = "", .error = ""};
    if (!u)
        return;
    st->url = u->tried ? u->tried : "";
    st->error = u->error ? u->error : "";
    st->loading = u->fetch != NULL;
    if (timer_running(&u->timer))
        st->retry_s =
            (uint32_t)((clock_unscaled(p->cfg.lp, timer_left_ms(&u->timer)) + 999) / 1000);
}
