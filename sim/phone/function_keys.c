/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys with a function, on the phone and on attendant consoles: what they are called, what a press
 * does (sip-behaviour.md 10; devices.md 4). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"

/* ---- which keys there are */

/* Two consoles, except beside a SPA301 (provisioning.md 16.9). */
unsigned phone_unit_keys(const struct phone *ph, unsigned unit)
{
    const enum device_family family = ph->model->family;
    const bool fits = (family == FAMILY_SPA3XX && ph->model->lcd.width_px) ||
                      family == FAMILY_SPA5XX || family == FAMILY_SPA525;

    if (!fits || !unit || unit > PHONE_UNITS)
        return 0;
    return param_bool(ph->params, unit == 1 ? P_Unit_1_Enable : P_Unit_2_Enable, 0)
               ? PHONE_UNIT_KEYS
               : 0;
}

void phone_key_name(char *buf, size_t size, unsigned unit, unsigned key)
{
    if (unit)
        snprintf(buf, size, "unit%u_key%u", unit, key);
    else
        snprintf(buf, size, "line%u", key);
}

bool phone_key_find(const struct phone *ph, const char *name, unsigned *unit, unsigned *key)
{
    char exact[24];

    *unit = 0;
    if (sscanf(name, "unit%1u_key%2u", unit, key) != 2 && sscanf(name, "line%2u", key) != 1)
        return false;
    phone_key_name(exact, sizeof(exact), *unit, *key);
    return strcmp(exact, name) == 0 && *key &&
           *key <= (*unit ? phone_unit_keys(ph, *unit) : ph->model->n_line_keys);
}

/* A line key has a function where it has no extension (provisioning.md 16.9, W). */
static const char *script_of(const struct phone *ph, unsigned unit, unsigned key)
{
    const uint16_t at = (uint16_t)((unit - 1) * PARAM_UNIT_KEYS + key);
    const char *script;

    if (!unit)
        return phone_key_line(ph, key) ? ""
                                       : param_get(ph->params, P_Extended_Function, (uint16_t)key);
    script =
        unit <= PHONE_UNITS && key <= PHONE_UNIT_KEYS ? param_get(ph->params, P_Unit_Key, at) : "";
    return *script && key <= phone_unit_keys(ph, unit) ? script : "";
}

bool phone_key_function(const struct phone *ph, unsigned unit, unsigned key, struct keyfunc *k)
{
    const char *text = script_of(ph, unit, key);
    const struct phone_watch *w;

    if (*text)
        return keyfunc_parse(k, text);
    w = phone_watch_of(ph, unit, key);
    if (!w || !w->assigned)
        return false;
    *k = (struct keyfunc){.blf = true, .sd = true, .cp = true};
    snprintf(k->usr, sizeof(k->usr), "%s", w->who);
    return true;
}

/* ---- who is meant */

char *phone_key_number(const struct phone *ph, const struct keyfunc *k)
{
    const unsigned line = k->vid && k->vid <= ph->model->n_lines ? k->vid : 1;
    const char *proxy = phone_proxy(ph, line);
    char *text = phone_expand(ph, k->ext[0] ? k->ext : k->usr[0] ? k->usr : k->sub, line);

    if (!text)
        return NULL;
    if (strncasecmp(text, "sip:", 4) == 0)
        memmove(text, text + 4, strlen(text + 4) + 1);
    text[strcspn(text, "; \t")] = '\0';
    char *at = strchr(text, '@');
    if (at && strcasecmp(at + 1, proxy) == 0)
        *at = '\0';
    if (!*text) {
        free(text);
        return NULL;
    }
    return text;
}

/* nme=, else what the list calls it, else the number; or as BLF_Label_Display_Mode says. */
char *phone_key_label(const struct phone *ph, unsigned unit, unsigned key, const struct keyfunc *k)
{
    const char *mode = param_get(ph->params, P_BLF_Label_Display_Mode, 0);
    const struct phone_watch *w = phone_watch_of(ph, unit, key);
    const char *name = k->nme[0] ? k->nme : w && w->name ? w->name : "";
    char *number = phone_key_number(ph, k), *label = NULL;

    if (number && strchr(number, '@'))
        *strchr(number, '@') = '\0';
    if (number && *name && k->blf && strcasecmp(mode, "Both") == 0) {
        if (asprintf(&label, "%s %s", name, number) < 0)
            label = NULL;
    } else if (*name && !(number && k->blf && strcasecmp(mode, "Ext") == 0)) {
        label = strdup(name);
    } else {
        label = strdup(number ? number : "");
    }
    free(number);
    return label;
}

/* ---- what a press does */

/* The address of a key is dialled as it stands, past the dial plan [DEF]. */
static void call(struct phone *ph, unsigned line, const char *number)
{
    const struct phone_call_order o = {.line = line, .number = number};
    struct phone_calls *calls = phone_calls_get(ph);

    if (!calls || phone_input_take(ph, number))
        return;
    phone_input_close(ph);
    ph->dial[0] = '\0';
    if (phone_call_place(ph, &o, NULL) == 0)
        snprintf(calls->last_number, sizeof(calls->last_number), "%.63s", number);
}

/* The console's code, or the phone's where it has no console; code and number go out [DEF]. */
static void call_code(struct phone *ph, unsigned line, enum param_id console, enum param_id own,
                      const char *number)
{
    const char *code = param_get(ph->params, console, 0);
    char text[160];

    snprintf(text, sizeof(text), "%.31s%.127s", *code ? code : param_get(ph->params, own, 0),
             number);
    call(ph, line, text);
}

/* A call is parked here, or the one that is parked is fetched [UC]. */
static void park(struct phone *ph, unsigned line, const struct phone_watch *w, const char *number)
{
    const char *code = param_get(ph->params, P_Attendant_Console_Call_Park_Code, 0);
    struct phone_call *pc = phone_calls_in(ph, PHONE_CALL_CONNECTED);
    char text[160];

    if (!pc) {
        if (!w || phone_watch_state(w) != WATCH_IDLE)
            call_code(ph, line, P_Attendant_Console_Call_unPark_Code, P_Call_UnPark_Code, number);
        return;
    }
    snprintf(text, sizeof(text), "%.31s%.127s",
             *code ? code : param_get(ph->params, P_Call_Park_Code, 0), number);
    (void)phone_transfer_to(pc, text);
}

static void open_page(struct phone *ph, const struct keyfunc *k)
{
    char *url = phone_expand(ph, k->url, k->vid ? k->vid : 1);

    if (url && *url)
        (void)phone_open_url(ph, url, strlen(url));
    free(url);
}

void phone_function_run(struct phone *ph, const struct keyfunc *k, const struct phone_watch *w)
{
    char *number = phone_key_number(ph, k);
    const bool ringing = w && phone_watch_state(w) == WATCH_RINGING;

    if (k->dnd)
        (void)app_toggle_dnd(ph);
    else if (k->xml)
        open_page(ph, k);
    else if (number && k->prk)
        park(ph, k->vid, w, number);
    else if (number && k->cp && (ringing || (!k->sd && !k->blf)))
        call_code(ph, k->vid, P_Attendant_Console_Call_Pickup_Code, P_Call_Pickup_Code, number);
    else if (number && k->sd)
        call(ph, k->vid, number);
    free(number);
}

bool phone_key_pressed(struct phone *ph, unsigned unit, unsigned key)
{
    struct keyfunc k;

    if (!phone_key_function(ph, unit, key, &k))
        return false;
    phone_function_run(ph, &k, phone_watch_of(ph, unit, key));
    return true;
}
