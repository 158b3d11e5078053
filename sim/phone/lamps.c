/* SPDX-License-Identifier: BSD-3-Clause */
/* Lamps: what each line key and the message bar show (devices.md 3.2, 3.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"

unsigned phone_key_line(const struct phone *ph, unsigned line_key)
{
    const char *ext = param_get(ph->params, P_Extension, (uint16_t)line_key);
    const unsigned long n = strtoul(ext, NULL, 10); /* "Disabled" reads as 0 */

    return n >= 1 && n <= ph->model->n_lines ? (unsigned)n : 0;
}

/* The key's most pressing call; both columns of 3.2 agree on these. */
static bool call_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
    const struct phone_input *in = ph->calls ? &ph->calls->input : NULL;
    const struct phone_call *found = NULL;

    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        if (pc->key != key || !phone_call_live(pc))
            continue;
        if (!found || pc->state == PHONE_CALL_RINGING ||
            (found->state == PHONE_CALL_HOLDING && pc->state != PHONE_CALL_HOLDING))
            found = pc;
    }
    if (!found && !(in && in->open && phone_key_line(ph, key) == in->line))
        return false;
    *color = "red";
    *pattern = !found                               ? "steady"
               : found->state == PHONE_CALL_RINGING ? "fast"
               : found->state == PHONE_CALL_HOLDING ? "slow"
                                                    : "steady";
    return true;
}

static void line_lamp(const struct phone *ph, unsigned key, const char **color,
                      const char **pattern)
{
    const unsigned line = phone_key_line(ph, key);
    struct ua_reg_status st = {.state = UA_REG_OFF};

    *color = "off";
    *pattern = "steady";
    if (ph->state == PHONE_UP &&
        (phone_watch_lamp(ph, key, color, pattern) || call_lamp(ph, key, color, pattern)))
        return;
    if (ph->state != PHONE_UP || !line || !ph->lines[line - 1].ua)
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

bool phone_lamp(const struct phone *ph, const char *lamp, const char **color, const char **pattern)
{
    const char *const *l = ph->model->lamps;

    while (*l && strcmp(*l, lamp) != 0)
        l++;
    if (!*l)
        return false;
    *color = "off";
    *pattern = "steady";
    if (strncmp(lamp, "line", 4) == 0)
        line_lamp(ph, (unsigned)strtoul(lamp + 4, NULL, 10), color, pattern);
    else if (strcmp(lamp, "message") == 0 && ph->state == PHONE_UP)
        message_lamp(ph, color, pattern);
    return true;
}

void phone_message_lamp_changed(struct phone *ph)
{
    const char *color, *pattern;
    char text[24];

    if (!phone_lamp(ph, "message", &color, &pattern))
        return;
    snprintf(text, sizeof(text), "%s %s", color, pattern);
    phone_emit_text(ph, PHONE_EV_LAMP, "message", text);
}

void phone_lamps_changed(struct phone *ph, unsigned line)
{
    for (unsigned key = 1; key <= ph->model->n_line_keys; key++) {
        const char *color, *pattern;
        char name[16], text[24];

        if (phone_key_line(ph, key) != line)
            continue;
        snprintf(name, sizeof(name), "line%u", key);
        if (!phone_lamp(ph, name, &color, &pattern))
            continue;
        snprintf(text, sizeof(text), "%s %s", color, pattern);
        phone_emit_text(ph, PHONE_EV_LAMP, name, text);
    }
}
