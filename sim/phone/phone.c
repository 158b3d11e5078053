/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/phone.h"

#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/phone/apps/apps.h"
#include "sim/net/cert.h"
#include "sim/phone/calls.h"
#include "sim/phone/history.h"
#include "sim/phone/ivr.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/phone/shared.h"
#include "sim/prov/prov.h"

static void destructor(void *arg)
{
    struct phone *ph = arg;

    ph->h = NULL; /* nobody is told how it falls apart */
    phone_shut_down(ph);
    phone_background_forget(ph);
    phone_history_forget(ph);
    mem_deref(ph->prov);
    mem_deref(ph->cert);
    mem_deref(ph->params);
    free(ph->reboots);
    free(ph->last_error);
    phone_resync_forget(ph);
}

void phone_emit(struct phone *ph, const struct phone_event *ev)
{
    ph->n_events++;
    if (ph->h)
        ph->h(ph, ev, ph->arg);
}

void phone_emit_text(struct phone *ph, enum phone_ev ev, const char *text, const char *text2)
{
    phone_emit(ph, &(struct phone_event){.ev = ev, .text = text, .text2 = text2});
}

void phone_set_error(struct phone *ph, const char *text)
{
    free(ph->last_error);
    ph->last_error = text ? strdup(text) : NULL;
}

/* The event names the screen; its text is made when somebody asks for it. */
void phone_screen_changed(struct phone *ph)
{
    char title[128];

    app_softkeys_settle(ph);
    app_title(ph, title, sizeof(title));
    phone_emit_text(ph, PHONE_EV_SCREEN, title, NULL);
    const bool idle = strcmp(app_current(ph)->name, "idle") == 0;
    phone_display_changed(ph, idle);
    phone_audio_rest(ph);
    phone_audio_changed(ph);
    phone_idle_page_ended(ph);
    if (idle)
        phone_page_idle(ph);
}

static void up(struct phone *ph)
{
    ph->state = PHONE_UP;
    phone_lines_refresh(ph);
    for (unsigned i = 1; i <= ph->model->n_lines; i++) {
        if (ph->lines[i - 1].ua)
            phone_lamps_changed(ph, i);
    }
    phone_background_refresh(ph, true);
    phone_screen_changed(ph);
    phone_idle_page_plan(ph);
    phone_resync_if_wanted(ph);
    phone_upgrade_check(ph);
    phone_ask_account(ph);
}

uint64_t phone_up_ms(const struct phone *ph)
{
    return clock_unscaled(ph->env->lp, clock_ms(ph->env->lp) - ph->on_since_ms);
}

/* Real milliseconds until so many of the phone's own have passed since power-on. */
static uint64_t until_ms(const struct phone *ph, uint64_t phone_ms)
{
    const uint64_t due = clock_scaled(ph->env->lp, phone_ms);
    const uint64_t passed = clock_ms(ph->env->lp) - ph->on_since_ms;

    return due > passed ? due - passed : 0;
}

static void up_handler(void *arg)
{
    up(arg);
}

/* Not before a real phone would be (devices.md 2.1: registration after 9 s [DEF]). */
void phone_up_in_time(struct phone *ph)
{
    const uint64_t at_ms = ph->env->boot_real ? param_ms(ph->params, P_Sim_Boot_Seconds, 0) : 0;

    if (until_ms(ph, at_ms))
        timer_start(ph->env->lp, &ph->boot_timer, until_ms(ph, at_ms), up_handler, ph);
    else
        up(ph);
}

static void booted(struct phone *ph)
{
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_BOOT});
    int err = ph->provision ? phone_prov_prepare(ph) : 0;
    if (err) {
        phone_set_error(ph, strerror(err));
        phone_up_in_time(ph);
        return;
    }
    if (!ph->provision || ph->warm || !param_bool(ph->params, P_Resync_On_Reset, 0)) {
        if (ph->provision)
            prov_plan(ph->prov);
        phone_up_in_time(ph);
        return;
    }
    ph->state = PHONE_PROVISIONING;
    if (ph->env->boot_real)
        phone_screen_changed(ph);
    err = prov_start(ph->prov, PROV_BOOT, NULL);
    if (err) { /* Provision_Enable = No is no failure */
        if (err != EACCES)
            phone_set_error(ph, strerror(err));
        phone_up_in_time(ph);
    }
}

static void boot_handler(void *arg);

/* The next step of the screen, or the end (devices.md 2.1 [DEF]: the resync may start after 7 s).
 */
static void boot_on(struct phone *ph)
{
    const uint64_t end_ms =
        ph->env->boot_real ? param_ms(ph->params, P_Sim_Boot_Resync_Seconds, 0) : 0;
    const uint64_t step_ms = app_boot_next_ms(phone_up_ms(ph));

    timer_start(ph->env->lp, &ph->boot_timer, until_ms(ph, step_ms < end_ms ? step_ms : end_ms),
                boot_handler, ph);
}

static void boot_handler(void *arg)
{
    struct phone *ph = arg;

    if (!ph->env->boot_real || !until_ms(ph, param_ms(ph->params, P_Sim_Boot_Resync_Seconds, 0))) {
        booted(ph);
        return;
    }
    phone_screen_changed(ph);
    boot_on(ph);
}

static void boot(struct phone *ph)
{
    ph->state = PHONE_BOOTING;
    phone_display_wake(ph);
    phone_effects_begin(ph);
    ph->provisioned = ph->warm && ph->provisioned;
    ph->softkey_page = 0;
    ph->sip = (struct phone_traffic){0};
    ph->dial[0] = '\0';
    boot_on(ph);
}

void phone_shut_down(struct phone *ph)
{
    timer_cancel(&ph->boot_timer);
    app_close_all(ph);
    phone_reset_forget(ph);
    phone_restart_forget(ph);
    phone_services_close(ph);
    phone_idle_page_forget(ph);
    phone_streams_close(ph);
    phone_ask_forget(ph);
    phone_hold_forget(ph);
    phone_ivr_close(ph);
    phone_background_stop(ph);
    if (ph->prov)
        prov_stop(ph->prov);
    phone_lines_close(ph);
    phone_calls_close(ph);
}

void phone_boot(struct phone *ph)
{
    ph->on_since_ms = clock_ms(ph->env->lp);
    boot(ph);
}

void phone_power_on(struct phone *ph, const char *held)
{
    ph->warm = false;
    ph->was_warm = false; /* power loss: new Call-ID (sip-behaviour.md 1.1) */
    ph->on_since_ms = clock_ms(ph->env->lp);
    phone_set_error(ph, NULL);
    if (!phone_reset_begin(ph, held))
        phone_boot(ph);
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_POWER, .on = true});
}

void phone_power(struct phone *ph, bool on)
{
    if (on == (ph->state != PHONE_OFF))
        return;
    if (on) {
        phone_power_on(ph, "");
        return;
    }
    phone_shut_down(ph);
    phone_resync_forget(ph);
    ph->state = PHONE_OFF;
    ph->provisioned = false;
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_POWER, .on = false});
}

/* No resync after a restart, nor after one for new parameters; the other reading of [X 6] knows
 * only the latter. */
static bool resyncs_after(const struct phone *ph, const char *why)
{
    return strcmp(why, "Provisioning") != 0 && param_bool(ph->params, P_Sim_Resync_On_Restart, 0);
}

void phone_reboot(struct phone *ph, bool warm, const char *why)
{
    if (ph->state == PHONE_OFF || phone_restart_leaves(ph, warm, why))
        return;
    phone_note_reboot(ph, why);
    phone_emit_text(ph, PHONE_EV_REBOOT, why, NULL);
    phone_shut_down(ph);
    ph->warm = warm && !resyncs_after(ph, why);
    ph->was_warm = true;
    ph->on_since_ms = clock_ms(ph->env->lp);
    boot(ph);
}

void phone_factory_reset(struct phone *ph)
{
    param_set_reset(ph->params);
    phone_background_forget(ph);
    phone_history_forget(ph); /* directory and logs as well (devices.md 8 [AG9]) */
    if (ph->prov)
        prov_forget(ph->prov);
    free(ph->reboots);
    ph->reboots = NULL;
    phone_reboot(ph, false, "Factory Reset");
}

const char *phone_get(const struct phone *ph, const char *name)
{
    enum param_id id;
    uint16_t index;

    return param_find(ph->model, name, &id, &index) ? param_get(ph->params, id, index) : NULL;
}

void phone_unregister(struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        if (ph->lines[i].ua)
            ua_line_unregister(ph->lines[i].ua);
        if (ph->lines[i].alternate)
            ua_line_unregister(ph->lines[i].alternate);
    }
}

static bool all_registered(const struct phone *ph)
{
    unsigned n = 0;

    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        struct ua_reg_status st;
        if (ph->lines[i].error)
            return false;
        if (!ph->lines[i].ua || !param_bool(ph->params, P_Register, (uint16_t)(i + 1)))
            continue;
        phone_line_status(ph, i + 1, &st);
        if (st.state != UA_REG_OK)
            return false;
        n++;
    }
    return n > 0;
}

bool phone_is(const struct phone *ph, enum phone_cond cond)
{
    switch (cond) {
    case PHONE_REGISTERED:
        return ph->state == PHONE_UP && all_registered(ph);
    case PHONE_UNREGISTERED:
        return ph->state != PHONE_UP || !all_registered(ph);
    case PHONE_PROVISIONED:
        return ph->provisioned;
    case PHONE_IDLE:
        return ph->state == PHONE_UP && !phone_calls_live(ph);
    case PHONE_RINGING:
        return phone_calls_in(ph, PHONE_CALL_RINGING) != NULL;
    case PHONE_CONNECTED:
        return phone_calls_in(ph, PHONE_CALL_CONNECTED) != NULL;
    case PHONE_HELD:
        return phone_calls_held(ph);
    }
    return false;
}

const char *phone_last_error(const struct phone *ph)
{
    return ph->last_error;
}

unsigned phone_n(const struct phone *ph)
{
    return ph->n;
}

const struct device_model *phone_model(const struct phone *ph)
{
    return ph->model;
}

const uint8_t *phone_mac(const struct phone *ph)
{
    return ph->id.mac;
}

struct in_addr phone_addr(const struct phone *ph)
{
    return ph->addr;
}

const char *phone_user(const struct phone *ph)
{
    return param_get(ph->params, P_User_ID, 1);
}

bool phone_powered(const struct phone *ph)
{
    return ph->state != PHONE_OFF;
}

void phone_screen(const struct phone *ph, struct screen *s)
{
    if (phone_saver_on(ph)) {
        phone_saver_screen(ph, s);
        phone_display(ph, s);
        return;
    }
    app_screen(ph, s);
    if (ph->state == PHONE_UP && strcmp(s->app, "xml") != 0)
        phone_page_overlay(ph, s);
    if (ph->state == PHONE_UP && ph->model->lcd.width_px)
        app_header(ph, s);
    phone_display(ph, s);
}

/* "NAME=VALUE" of the command line, which the profile cannot change. */
static int apply_set(struct phone *ph, const char *set, char *err_text, size_t err_size)
{
    const char *eq = strchr(set, '=');
    char name[96];

    if (!eq || (size_t)(eq - set) >= sizeof(name)) {
        snprintf(err_text, err_size, "\"%s\" is not NAME=VALUE", set);
        return EINVAL;
    }
    memcpy(name, set, (size_t)(eq - set));
    name[eq - set] = '\0';

    const int err = param_set_name(ph->params, name, eq + 1, PARAM_FROM_OPTION, NULL);
    if (err == ENOENT)
        snprintf(err_text, err_size, "%s has no parameter %s", ph->model->name, name);
    else if (err == EINVAL)
        snprintf(err_text, err_size, "\"%s\" is no value for %s", eq + 1, name);
    return err == ENOENT ? EINVAL : err;
}

static int set_identity(struct phone *ph, const struct phone_config *cfg, char *err_text,
                        size_t err_size)
{
    const char *fw = cfg->firmware ? cfg->firmware : device_model_newest(ph->model);

    if (!device_version_valid(ph->model, fw) || strlen(fw) >= sizeof(ph->firmware)) {
        snprintf(err_text, err_size, "\"%s\" is no firmware version of a %s (newest: %s)", fw,
                 ph->model->name, device_model_newest(ph->model));
        return EINVAL;
    }
    snprintf(ph->firmware, sizeof(ph->firmware), "%s", fw);
    memcpy(ph->id.mac, cfg->mac, sizeof(ph->id.mac));
    device_serial(ph->serial, ph->model, cfg->mac);
    ph->id.firmware = ph->firmware;
    ph->id.serial = ph->serial;
    return 0;
}

static int set_certificate(struct phone *ph)
{
    struct cert_key *key;
    const bool mpp = ph->model->family == FAMILY_MPP68XX;
    char product[32]; /* SPA504G, CP-6841-3PCC */
    const char *cn = param_get(ph->params, P_Sim_TLS_Client_CN, 0);
    struct cert_subject subject = {
        .product = product, .serial = ph->serial, .cn_product = strcasecmp(cn, "product") == 0};

    if (!ph->env->client_ca)
        return 0;
    snprintf(product, sizeof(product), "%s%s", mpp ? "CP-" : "",
             mpp ? ph->model->psn : ph->model->product);
    memcpy(subject.mac, ph->id.mac, sizeof(subject.mac));
    key = mem_ref(ph->env->client_key);
    int err = key ? 0 : cert_key_make(&key);
    if (!err)
        err = cert_client_alloc(&ph->cert, ph->env->client_ca, key, &subject);
    mem_deref(key);
    return err;
}

int phone_alloc(struct phone **php, const struct phone_env *env, const struct phone_config *cfg,
                phone_event_h *h, void *arg, char *err_text, size_t err_size)
{
    if (!php || !env || !cfg || !cfg->model)
        return EINVAL;

    struct phone *ph =
        mem_zalloc(sizeof(*ph) + cfg->model->n_lines * sizeof(struct phone_line), destructor);
    if (!ph)
        return ENOMEM;
    ph->env = env;
    ph->model = cfg->model;
    ph->h = h;
    ph->arg = arg;
    ph->n = cfg->n;
    ph->addr = cfg->addr;
    ph->port_base = cfg->port_base;
    ph->dhcp_value = cfg->dhcp_value;
    ph->provision = cfg->provision;
    rng_init(&ph->rng, env->seed, cfg->n);

    int err = set_identity(ph, cfg, err_text, err_size);
    if (!err)
        err = param_set_alloc(&ph->params, cfg->model, env->pool);
    if (!err)
        param_set_owner(ph->params, &ph->id);
    for (const char *const *set = cfg->sets; !err && set && *set; set++)
        err = apply_set(ph, *set, err_text, err_size);
    if (!err)
        err = set_certificate(ph);
    if (err)
        mem_deref(ph);
    else
        *php = ph;
    return err;
}
