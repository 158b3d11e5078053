/* SPDX-License-Identifier: BSD-3-Clause */
/* Lamps: what each line key and the message bar show (devices.md 3.2, 3.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

enum { START_MS = 1000 };

unsigned phone_key_line(const struct phone *ph, unsigned line_key)
{
    const char *ext = param_get(ph->params, P_Extension, (uint16_t)line_key);
    const unsigned long n = strtoul(ext, NULL, 10); /* "Disabled" reads as 0 */

    return n >= 1 && n <= ph->model->n_lines ? (unsigned)n : 0;
}

/* Off hook: of a shared line the key of the appearance asked for, else all keys of the line. */
static bool seized(const struct phone *ph, unsigned key)
{
    const struct phone_input *in = ph->calls ? &ph->calls->input : NULL;
    const struct phone_shared *sh = in && in->open ? phone_shared_line(ph, in->line) : NULL;

    if (sh)
        return sh->seize != SEIZE_NONE && phone_shared_key(sh, sh->index) == key;
    return in && in->open && phone_key_line(ph, key) == in->line;
}

/* The key's most pressing call; both columns of 3.2 agree on these. */
static bool call_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
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
    *color = "red";
    *pattern = !found                               ? "steady"
               : found->state == PHONE_CALL_RINGING ? "fast"
               : found->state == PHONE_CALL_HOLDING ? "slow"
                                                    : "steady";
    return true;
}

/* ---- what a lamp shows: its parameter (3.1), or the default of one of the columns of 3.2 */

struct look {
    enum param_id script;
    const char *color, *pattern;     /* column A, 7.5 and later */
    const char *color_b, *pattern_b; /* column B; NULL = says nothing, as A */
};

/* "c=r;p=s", in which ',' may stand for ';' and one letter is enough. */
static bool read_script(const char *text, const char **color, const char **pattern)
{
    static const struct {
        char letter;
        const char *word;
    } colors[] = {{'o', "off"}, {'r', "red"}, {'g', "green"}, {'a', "amber"}},
      patterns[] = {{'n', "steady"}, {'s', "slow"}, {'f', "fast"}, {'d', "double"}, {'u', "slow"}};
    const char *c = NULL, *p = "steady";

    for (; *text; text += strcspn(text, ";,"), text += *text != '\0') {
        text += strspn(text, " \t");
        const char name = *text;
        const char *value = name ? text + 1 + strspn(text + 1, " \t") : text;
        if (*value != '=')
            continue;
        value += 1 + strspn(value + 1, " \t");
        for (size_t i = 0; name == 'c' && i < sizeof(colors) / sizeof(colors[0]); i++)
            c = *value == colors[i].letter ? colors[i].word : c;
        for (size_t i = 0; name == 'p' && i < sizeof(patterns) / sizeof(patterns[0]); i++)
            p = *value == patterns[i].letter ? patterns[i].word : p;
    }
    if (!c)
        return false;
    *color = c;
    *pattern = p;
    return true;
}

static void show(const struct phone *ph, const struct look *look, const char **color,
                 const char **pattern)
{
    const bool b = look->color_b && device_version_cmp(ph->firmware, "7.5.0") < 0;

    if (read_script(param_get(ph->params, look->script, 0), color, pattern))
        return;
    *color = b ? look->color_b : look->color;
    *pattern = b ? look->pattern_b : look->pattern;
}

static void watch_lamp(const struct phone *ph, const struct phone_watch *w, const char **color,
                       const char **pattern)
{
    static const struct look looks[] = {
        [WATCH_SUBSCRIBING] = {P_Serv_Subscribing_LED, "amber", "slow", NULL, NULL},
        [WATCH_FAILED] = {P_Serv_Subscribe_Failed_LED, "amber", "steady", NULL, NULL},
        [WATCH_IDLE] = {P_BLF_Idle_LED, "green", "steady", NULL, NULL},
        [WATCH_RINGING] = {P_BLF_Ringing_LED, "red", "fast", NULL, NULL},
        [WATCH_BUSY] = {P_BLF_Busy_LED, "red", "steady", NULL, NULL},
        [WATCH_HELD] = {P_BLF_Held_LED, "red", "slow", NULL, NULL},
    };
    static const struct look lot_free = {P_Parking_Lot_Idle_LED, "green", "steady", NULL, NULL};
    static const struct look lot_taken = {P_Parking_Lot_Busy_LED, "red", "steady", NULL, NULL};
    const enum watch_state state = phone_watch_state(w);
    const struct look *look = &looks[state];

    if (w->park && state >= WATCH_IDLE)
        look = state == WATCH_IDLE ? &lot_free : &lot_taken;
    show(ph, look, color, pattern);
}

/* A key with a function; false: it has none. */
static bool function_lamp(const struct phone *ph, unsigned unit, unsigned key, const char **color,
                          const char **pattern)
{
    static const struct look application = {P_Application_LED, "green", "steady", NULL, NULL};
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
        show(ph, &application, color, pattern);
    return true;
}

/* What another phone does on this key of a shared line. */
static bool shared_lamp(const struct phone *ph, unsigned key, const char **color,
                        const char **pattern)
{
    static const struct look looks[] = {
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
    show(ph, &looks[sh->states[index]], color, pattern);
    return true;
}

static void line_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
    const unsigned line = phone_key_line(ph, key);
    struct ua_reg_status st = {.state = UA_REG_OFF};

    *color = "off";
    *pattern = "steady";
    if (ph->state != PHONE_UP || function_lamp(ph, 0, key, color, pattern) ||
        call_lamp(ph, key, color, pattern) || shared_lamp(ph, key, color, pattern))
        return;
    if (!line || !ph->lines[line - 1].ua)
        return;
    phone_line_status(ph, line, &st);
    if (st.state == UA_REG_OK || !param_bool(ph->params, P_Register, (uint16_t)line)) {
        *color = "green";
        return;
    }
    /* column A from 7.5 on: both slow amber; column B: Register_Failed_LED is c=a (3.2 !C) */
    *color = "amber";
    if (st.state != UA_REG_FAILED || device_version_cmp(ph->firmware, "7.5.0") >= 0)
        *pattern = "slow";
}

bool phone_message_waiting(const struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        if (ph->lines[i].message_waiting)
            return true;
    }
    return false;
}

/* devices.md 3.3: ringing shows here, too */
static void message_lamp(const struct phone *ph, const char **color, const char **pattern)
{
    const bool ringing = phone_calls_in(ph, PHONE_CALL_RINGING) != NULL;

    if (ringing || phone_message_waiting(ph))
        *color = "red";
    if (ringing)
        *pattern = "fast";
}

/* All of them for the first second (devices.md 2.1 (u)). */
static bool start_lamp(const struct phone *ph, const char *lamp, const char **color)
{
    const bool red = strcmp(lamp, "message") == 0 || strcmp(lamp, "mute") == 0;

    if (ph->state != PHONE_BOOTING || !ph->env->boot_real || phone_up_ms(ph) >= START_MS)
        return false;
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
    else if (strcmp(lamp, "message") == 0 && ph->state == PHONE_UP)
        message_lamp(ph, color, pattern);
    return true;
}

void phone_lamp_changed(struct phone *ph, const char *lamp)
{
    const char *color, *pattern;
    char text[24];

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
