/* SPDX-License-Identifier: BSD-3-Clause */
/* What provisioning means to a phone: a pass at boot, new parameters, upgrades, reports. */
#include "sim/phone/phone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "sim/loop/clock.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/prov/prov.h"

void phone_resync_forget(struct phone *ph)
{
    free(ph->resync_url);
    free(ph->resync_server);
    ph->resync_url = ph->resync_server = NULL;
}

/* Resync_After_Upgrade_Attempt, or as phone_resync_when_up() or _next() was asked */
void phone_resync_if_wanted(struct phone *ph)
{
    char *url = ph->resync_url, *server = ph->resync_server;

    if ((!ph->resync_wanted && !url) || ph->state != PHONE_UP)
        return;
    ph->resync_wanted = false;
    ph->resync_url = ph->resync_server = NULL;
    (void)phone_resync_from(ph, url, server); /* EACCES: it is switched off */
    free(url);
    free(server);
}

static int want_resync(struct phone *ph, const char *url, const char *server)
{
    char *url_copy = strdup(url), *server_copy = server ? strdup(server) : NULL;

    if (!url_copy || (server && !server_copy)) {
        free(url_copy);
        free(server_copy);
        return ENOMEM;
    }
    phone_resync_forget(ph);
    ph->resync_url = url_copy;
    ph->resync_server = server_copy;
    return 0;
}

int phone_resync_when_up(struct phone *ph, const char *url)
{
    const int err = want_resync(ph, url, NULL);

    if (!err)
        phone_resync_if_wanted(ph); /* up already, where a boot takes no time */
    return err;
}

int phone_resync_next(struct phone *ph, const char *url, const char *server)
{
    const int err = phone_resync_from(ph, url, server);

    return err == EALREADY && url ? want_resync(ph, url, server) : err;
}

/* A 6800 asks its user for the account that its server wants (provisioning.md 10, M1). */
void phone_ask_account(struct phone *ph)
{
    if (ph->prov && ph->state == PHONE_UP && !phone_calls_live(ph) && prov_account_wanted(ph->prov))
        app_open_account(ph);
}

static void fetched_handler(const struct prov_fetch_event *ev, void *arg)
{
    struct phone *ph = arg;
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = ev});
}

static void prov_done_handler(const struct prov_result *res, void *arg)
{
    struct phone *ph = arg;

    if (ph->state == PHONE_OFF)
        return;
    if (res->skipped) {
        if (ph->state == PHONE_PROVISIONING)
            phone_up_in_time(ph);
        return;
    }
    ph->provisioned = res->ok;
    if (!res->ok)
        phone_set_error(ph, res->error);
    else if (ph->state == PHONE_PROVISIONING)
        phone_set_error(ph, NULL);
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_PROVISIONED, .on = res->ok, .prov = res});
    /* A phone that got no profile goes on with what it has (provisioning.md 1.1 step 6). */
    if (phone_take_changes(ph, res->n_changed))
        return;
    if (ph->state == PHONE_PROVISIONING)
        phone_up_in_time(ph);
    else {
        phone_resync_if_wanted(ph);
        phone_upgrade_check(ph);
    }
    phone_ask_account(ph);
}

static uint32_t unregistered_handler(unsigned line, void *arg)
{
    return phone_unregistered_s(arg, line);
}

static struct in_addr external_handler(void *arg)
{
    return phone_external(arg);
}

/* The load is written into the phone, which is deaf meanwhile; then it starts as that version. */
static void written_handler(void *arg)
{
    phone_boot(arg);
}

static void upgraded_handler(const struct prov_upgraded *up_news, void *arg)
{
    struct phone *ph = arg;
    const uint64_t write_ms = param_ms(ph->params, P_Sim_Upgrade_Seconds, 0);

    ph->resync_wanted = param_bool(ph->params, P_Resync_After_Upgrade_Attempt, 0);
    if (!up_news->ok) {
        phone_emit_text(ph, PHONE_EV_ERROR, up_news->error, NULL);
        phone_resync_if_wanted(ph);
        return;
    }
    snprintf(ph->firmware, sizeof(ph->firmware), "%s", up_news->version);
    phone_note_reboot(ph, "Upgrade");
    phone_emit_text(ph, PHONE_EV_REBOOT, "Upgrade", NULL);
    phone_shut_down(ph);
    ph->warm = true; /* no resync on reset: it is asked for afterwards (3.6) */
    ph->was_warm = true;
    ph->state = PHONE_UPGRADING;
    phone_screen_changed(ph);
    timer_start(ph->env->lp, &ph->boot_timer, clock_scaled(ph->env->lp, write_ms), written_handler,
                ph);
}

static bool busy_handler(void *arg)
{
    return phone_calls_live(arg) > 0;
}

int phone_prov_prepare(struct phone *ph)
{
    static const struct prov_handlers handlers = {
        .fetched = fetched_handler,
        .done = prov_done_handler,
        .unregistered_s = unregistered_handler,
        .external = external_handler,
        .upgraded = upgraded_handler,
        .busy = busy_handler,
    };

    if (ph->prov)
        return 0;
    const struct prov_config cfg = {
        .lp = ph->env->lp,
        .fetcher = ph->env->fetcher,
        .params = ph->params,
        .model = ph->model,
        .id = &ph->id,
        .rng = &ph->rng,
        .local = ph->addr,
        .dhcp_value = ph->dhcp_value,
        .ca_file = ph->env->ca_file,
        .log = ph->env->log,
        .cert = ph->cert,
        .random_delay = ph->env->boot_real,
    };
    return prov_alloc(&ph->prov, &cfg, &handlers, ph);
}

struct trust *phone_trust(const struct phone *ph)
{
    return ph->prov ? prov_trust(ph->prov) : NULL;
}

int phone_tftp_url(struct phone *ph, const char *file, char *url, size_t size)
{
    const int err = phone_prov_prepare(ph);
    return err ? err : prov_tftp_url(ph->prov, file, url, size) ? 0 : ENOENT;
}

/* By Upgrade_Rule, or one that was asked for while a resync was under way. */
void phone_upgrade_check(struct phone *ph)
{
    if (ph->state == PHONE_UP && (ph->prov || *param_get(ph->params, P_Upgrade_Rule, 0)) &&
        phone_prov_prepare(ph) == 0)
        prov_upgrade_check(ph->prov);
}

int phone_set_account(struct phone *ph, const char *uid, const char *pwd)
{
    const int err = phone_prov_prepare(ph);

    return err ? err : prov_account_set(ph->prov, uid, pwd);
}

int phone_resync_from(struct phone *ph, const char *url, const char *server)
{
    if (ph->state == PHONE_OFF || ph->state == PHONE_UPGRADING)
        return EHOSTDOWN;
    int err = phone_prov_prepare(ph);
    return err ? err : prov_start_from(ph->prov, url, server);
}

int phone_resync(struct phone *ph, const char *url)
{
    return phone_resync_from(ph, url, NULL);
}

int phone_push_profile(struct phone *ph, const void *data, size_t len, struct parse_err *pe)
{
    unsigned n = 0;
    int err = phone_prov_prepare(ph);

    if (!err)
        err = prov_push(ph->prov, data, len, &n, pe);
    if (!err)
        (void)phone_take_changes(ph, n);
    return err;
}

void phone_report(struct phone *ph)
{
    struct parse_err pe = {.text = ""};
    char text[200];

    if (ph->state != PHONE_UP || phone_prov_prepare(ph))
        return;
    const int err = prov_report(ph->prov, &pe);
    if (!err || err == ENOENT || err == EALREADY)
        return;
    snprintf(text, sizeof(text), "report: %s", pe.text[0] ? pe.text : strerror(err));
    phone_emit_text(ph, PHONE_EV_ERROR, text, NULL);
}

int phone_upgrade(struct phone *ph, const char *url, const char *server)
{
    if (ph->state != PHONE_UP && ph->state != PHONE_PROVISIONING)
        return EHOSTDOWN;
    int err = phone_prov_prepare(ph);
    return err ? err : prov_upgrade_start(ph->prov, url, server);
}
