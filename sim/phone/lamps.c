/* SPDX-License-Identifier: BSD-3-Clause */
/* Lamps: what each line key and the message bar show (devices.md 3.2, 3.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/lamp_look.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

enum { START_MS = 1000, LINK_FROM_MS = 3000, LINK_MS = 4000 };

unsigned phone_key_line(const struct phone *ph, unsigned line_key)
{
    const char *ext = param_get(ph->params, P_Extension, (uint16_t)line_key);
    const unsigned long n = strtoul(ext, NULL, 10); /* "Disabled" reads as 0 */

    return n >= 1 && n <= ph->model->n_lines ? (unsigned)n : 0;
}

/* Off hook: of a shared line the key of the appearance asked for, else the key of the call to come
 * (devices.md 4: a line key seizes that appearance). */
static bool seized(const struct phone *ph, unsigned key)
{
    const struct phone_input *in = ph->calls ? &ph->calls->input : NULL;
    const struct phone_shared *sh = in && in->open ? phone_shared_line(ph, in->line) : NULL;

    if (sh)
        return sh->seize != SEIZE_NONE && phone_shared_key(sh, sh->index) == key;
    return in && in->open && in->key == key;
}

/* The key's most pressing call; both columns of 3.2 agree on these. */
static bool call_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
    static const struct lamp_look looks[] = {
        [PHONE_CALL_CALLING] = {P_Local_Progressing_LED, "red", "steady", NULL, NULL},
        [PHONE_CALL_PROGRESS] = {P_Local_Progressing_LED, "red", "steady", NULL, NULL},
        [PHONE_CALL_RINGING] = {P_Local_Ringing_LED, "red", "fast", NULL, NULL},
        [PHONE_CALL_CONNECTED] = {P_Local_Active_LED, "red", "steady", NULL, NULL},
        [PHONE_CALL_HOLDING] = {P_Local_Held_LED, "red", "slow", NULL, NULL},
    };
    static const struct lamp_look off_hook = {P_Local_Seized_LED, "red", "steady", NULL, NULL};
    const struct phone_call *found = NULL;

    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        if (pc->key != key || !phone_call_live(pc))
            continue;
        if (!found || pc->state == PHONE_CALL_RINGING ||
            (found->state == PHONE_CALL_HOLDING && pc->state != PHONE_CALL_HOLDING))
            found = pc;
    }
    if (!found && !seized(ph, key))
        return false;
    lamp_look_show(ph, found ? &looks[found->state] : &off_hook, color, pattern);
    return true;
}

static void watch_lamp(const struct phone *ph, const struct phone_watch *w, const char **color,
                       const char **pattern)
{
    static const struct lamp_look looks[] = {
        [WATCH_SUBSCRIBING] = {P_Serv_Subscribing_LED, "amber", "slow", NULL, NULL},
        [WATCH_FAILED] = {P_Serv_Subscribe_Failed_LED, "amber", "steady", NULL, NULL},
        [WATCH_IDLE] = {P_BLF_Idle_LED, "green", "steady", NULL, NULL},
        [WATCH_RINGING] = {P_BLF_Ringing_LED, "red", "fast", NULL, NULL},
        [WATCH_BUSY] = {P_BLF_Busy_LED, "red", "steady", NULL, NULL},
        [WATCH_HELD] = {P_BLF_Held_LED, "red", "slow", NULL, NULL},
    };
    static const struct lamp_look lot_free = {P_Parking_Lot_Idle_LED, "green", "steady", NULL,
                                              NULL};
    static const struct lamp_look lot_taken = {P_Parking_Lot_Busy_LED, "red", "steady", NULL, NULL};
    const enum watch_state state = phone_watch_state(w);
    const struct lamp_look *look = &looks[state];

    if (w->park && state >= WATCH_IDLE)
        look = state == WATCH_IDLE ? &lot_free : &lot_taken;
    lamp_look_show(ph, look, color, pattern);
}

/* A key with a function; false: it has none. */
static bool function_lamp(const struct phone *ph, unsigned unit, unsigned key, const char **color,
                          const char **pattern)
{
    static const struct lamp_look application = {P_Application_LED, "green", "steady", NULL, NULL};
    const struct phone_watch *w = phone_watch_of(ph, unit, key);
    struct keyfunc k;

    if (w) {
        watch_lamp(ph, w, color, pattern);
        return true;
    }
    if (!phone_key_function(ph, unit, key, &k))
        return false;
    if (k.dnd && param_bool(ph->params, P_DND_Setting, 0))
        *color = "red"; /* [DEF] */
    else if (k.xml)
        lamp_look_show(ph, &application, color, pattern);
    return true;
}

/* What another phone does on this key of a shared line. */
static bool shared_lamp(const struct phone *ph, unsigned key, const char **color,
                        const char **pattern)
{
    static const struct lamp_look looks[] = {
        [SCA_SEIZED] = {P_Remote_Seized_LED, "red", "steady", "red", "double"},
        [SCA_PROGRESSING] = {P_Remote_Progressing_LED, "red", "steady", "red", "double"},
        [SCA_ALERTING] = {P_Remote_Ringing_LED, "red", "fast", "red", "double"},
        [SCA_ACTIVE] = {P_Remote_Active_LED, "red", "double", "red", "double"},
        [SCA_HELD] = {P_Remote_Held_LED, "green", "slow", "red", "slow"},
        [SCA_HELD_PRIVATE] = {P_Remote_Held_LED, "green", "slow", "red", "slow"},
        [SCA_BRIDGE_ACTIVE] = {P_Remote_Active_LED, "red", "double", "red", "double"},
        [SCA_BRIDGE_HELD] = {P_Remote_Held_LED, "green", "slow", "red", "slow"},
    };
    const struct phone_shared *sh = phone_shared_line(ph, phone_key_line(ph, key));
    const unsigned index = sh ? phone_shared_remote(sh, key) : 0;

    if (!index)
        return false;
    lamp_look_show(ph, &looks[sh->states[index]], color, pattern);
    return true;
}

/* Without a call: what its registration is like. */
static const struct lamp_look *registration_look(const struct phone *ph, unsigned line)
{
    static const struct lamp_look idle = {P_Idle_LED, "green", "steady", NULL, NULL};
    static const struct lamp_look trying = {P_Registering_LED, "amber", "slow", "red", "slow"};
    static const struct lamp_look failed = {P_Register_Failed_LED, "amber", "slow", "amber",
                                            "steady"};
    static const struct lamp_look disabled = {P_Disabled_LED, "off", "steady", NULL, NULL};
    static const struct lamp_look mpp = {P_Register_Failed_LED, "amber", "steady", NULL, NULL};
    struct ua_reg_status st = {.state = UA_REG_OFF};

    if (!line || !ph->lines[line - 1].ua)
        return &disabled;
    phone_line_status(ph, line, &st);
    if (st.state == UA_REG_OK || !param_bool(ph->params, P_Register, (uint16_t)line))
        return &idle;
    if (ph->model->family == FAMILY_MPP68XX) /* devices.md 3.3 [D] */
        return &mpp;
    return st.state == UA_REG_FAILED ? &failed : &trying;
}

/* Nothing but a call back under way on the line. */
static bool call_back_lamp(const struct phone *ph, unsigned key, const char **color,
                           const char **pattern)
{
    static const struct lamp_look look = {P_Call_Back_Active_LED, "green", "slow", "red", "slow"};
    const unsigned line = phone_call_back_line(ph);

    if (!line || phone_key_line(ph, key) != line)
        return false;
    lamp_look_show(ph, &look, color, pattern);
    return true;
}

static void line_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
    if (ph->state != PHONE_UP || function_lamp(ph, 0, key, color, pattern) ||
        call_lamp(ph, key, color, pattern) || shared_lamp(ph, key, color, pattern) ||
        call_back_lamp(ph, key, color, pattern))
        return;
    lamp_look_show(ph, registration_look(ph, phone_key_line(ph, key)), color, pattern);
}

bool phone_message_waiting(const struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        if (ph->lines[i].message_waiting)
            return true;
    }
    return false;
}

/* A SPA301 has no other lamp to tell of calls and images [AG p228]. */
static bool only_lamp(const struct phone *ph, const char **color, const char **pattern)
{
    const bool held = phone_calls_in(ph, PHONE_CALL_HOLDING) != NULL;

    if (ph->state == PHONE_UPGRADING) {
        *color = "amber";
        *pattern = "slow";
    } else if (ph->state == PHONE_UP && (phone_audio_on(ph) || held)) {
        *color = "green";
        *pattern = phone_audio_on(ph) ? "steady" : "slow";
    } else {
        return false;
    }
    return true;
}

/* devices.md 3.3: ringing shows here, too */
static void message_lamp(const struct phone *ph, const char **color, const char **pattern)
{
    const bool up = ph->state == PHONE_UP;
    const bool ringing = up && phone_calls_in(ph, PHONE_CALL_RINGING) != NULL;

    if (!ringing && strcmp(ph->model->name, "SPA301") == 0 && only_lamp(ph, color, pattern))
        return;
    if (ringing || (up && phone_message_waiting(ph)))
        *color = "red";
    if (ringing)
        *pattern = "fast";
}

/* All of them for the first second (u); then mute is amber until there is a link, which comes with
 * the step to the network [DEF] (devices.md 2.1). */
static bool start_lamp(const struct phone *ph, const char *lamp, const char **color)
{
    const bool red = strcmp(lamp, "message") == 0 || strcmp(lamp, "mute") == 0;

    if (ph->state != PHONE_BOOTING || !ph->env->boot_real)
        return false;
    const uint64_t up_ms = phone_up_ms(ph);
    if (up_ms >= START_MS) {
        const bool unlinked = strcmp(lamp, "mute") == 0 && up_ms >= LINK_FROM_MS && up_ms < LINK_MS;
        *color = unlinked ? "amber" : *color;
        return unlinked;
    }
    *color = red ? "red" : "green";
    return true;
}

bool phone_lamp(const struct phone *ph, const char *lamp, const char **color, const char **pattern)
{
    const char *const *l = ph->model->lamps;
    unsigned unit, key;

    *color = "off";
    *pattern = "steady";
    if (phone_key_find(ph, lamp, &unit, &key) && unit) {
        if (ph->state == PHONE_UP)
            (void)function_lamp(ph, unit, key, color, pattern);
        return true;
    }
    while (*l && strcmp(*l, lamp) != 0)
        l++;
    if (!*l)
        return false;
    if (phone_reset_lamp(ph, lamp, color, pattern) || start_lamp(ph, lamp, color))
        return true;
    if (ph->state == PHONE_UP && phone_audio_lamp(ph, lamp, color))
        return true;
    if (strncmp(lamp, "line", 4) == 0)
        line_lamp(ph, (unsigned)strtoul(lamp + 4, NULL, 10), color, pattern);
    else if (strcmp(lamp, "message") == 0)
        message_lamp(ph, color, pattern);
    return true;
}

void phone_lamp_changed(struct phone *ph, const char *lamp)
{
    const char *color, *pattern;
    char text[64];

    if (!phone_lamp(ph, lamp, &color, &pattern))
        return;
    snprintf(text, sizeof(text), "%s %s", color, pattern);
    phone_emit_text(ph, PHONE_EV_LAMP, lamp, text);
}

void phone_message_lamp_changed(struct phone *ph)
{
    phone_lamp_changed(ph, "message");
}

void phone_lamps_changed(struct phone *ph, unsigned line)
{
    for (unsigned key = 1; key <= ph->model->n_line_keys; key++) {
        char name[16];

        if (phone_key_line(ph, key) != line)
            continue;
        snprintf(name, sizeof(name), "line%u", key);
        phone_lamp_changed(ph, name);
    }
}
