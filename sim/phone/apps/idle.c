/* SPDX-License-Identifier: BSD-3-Clause */
/* The idle screen and its keys (devices.md 6.2, 7; on-hook dialing: section 4). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/loop/clock.h"
#include "sim/phone/keyfunc.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/prov/local_time.h"

enum { BANNERS_MAX = 2 };

void app_print_time(const struct phone *ph, time_t when, char *buf, size_t size)
{
    const time_t now = local_time_s(ph->params, when);
    const bool h24 = strcmp(param_get(ph->params, P_Time_Format, 0), "24hr") == 0;
    const bool day_first = strcmp(param_get(ph->params, P_Date_Format, 0), "day/month") == 0;
    char date[8], clock[8];
    struct tm tm;

    gmtime_r(&now, &tm);
    strftime(date, sizeof(date), day_first ? "%d/%m" : "%m/%d", &tm);
    strftime(clock, sizeof(clock), h24 ? "%H:%M" : "%I:%M", &tm);
    snprintf(buf, size, "%s %s%s", date, clock, h24 ? "" : tm.tm_hour < 12 ? "a" : "p");
}

static const char *station(const struct phone *ph)
{
    const char *name = param_get(ph->params, P_Station_Display_Name, 0);
    return *name ? name : param_get(ph->params, P_Station_Name, 0);
}

/* What the key's line does, the most pressing first. */
static const char *line_icon(const struct phone *ph, unsigned key, bool registered)
{
    const struct phone_call *pc = ph->calls ? ph->calls->list : NULL;
    const unsigned line = phone_key_line(ph, key);
    const struct phone_shared *sh = phone_shared_line(ph, line);
    const char *icon = NULL;

    for (; pc; pc = pc->next) {
        if (pc->line != line || (pc->key && pc->key != key) || !phone_call_live(pc))
            continue;
        if (pc->state == PHONE_CALL_RINGING)
            return "ringing";
        if (pc->state != PHONE_CALL_HOLDING || !icon)
            icon = pc->state == PHONE_CALL_HOLDING ? "held" : "active";
    }
    if (!icon && sh && phone_shared_remote(sh, key))
        icon = "shared";
    return icon ? icon : registered ? "line" : "line-unreg";
}

static void line_label(const struct phone *ph, unsigned key, struct screen *s)
{
    const unsigned line = phone_key_line(ph, key);
    struct ua_reg_status st = {.state = UA_REG_OFF};
    struct keyfunc k;
    char *text = NULL;

    if (phone_key_function(ph, 0, key, &k)) {
        text = phone_key_label(ph, 0, key, &k);
    } else if (line) {
        text = phone_expand(ph, param_get(ph->params, P_Short_Name, (uint16_t)key), line);
        if (ph->lines[line - 1].ua)
            phone_line_status(ph, line, &st);
    }
    utf8_clean(s->labels[s->n_labels], sizeof(s->labels[0]), text ? text : "");
    if (line)
        snprintf(s->label_icons[s->n_labels], sizeof(s->label_icons[0]), "%s",
                 line_icon(ph, key, st.state == UA_REG_OK));
    s->n_labels++;
    free(text);
}

static unsigned n_missed_calls(const struct phone *ph)
{
    return ph->calls ? ph->calls->n_missed : 0;
}

static const char *registration_banner(const struct phone *ph)
{
    if (ph->model->family == FAMILY_WIP310 && !*param_get(ph->params, P_User_ID, 1))
        return "Voice not configured"; /* devices.md 8.2 */
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        struct ua_reg_status st;
        if (ph->lines[i].error)
            return "Not Registered";
        if (!ph->lines[i].ua || !param_bool(ph->params, P_Register, (uint16_t)(i + 1)))
            continue;
        phone_line_status(ph, i + 1, &st);
        if (st.state == UA_REG_TRYING)
            return "Registering";
        if (st.state != UA_REG_OK)
            return "Not Registered";
    }
    return NULL;
}

/* A call that a key may pick up: "PU:" and whose it is. */
static const char *pickup_banner(const struct phone *ph, char *buf, size_t size)
{
    struct keyfunc k;

    for (const struct phone_watch *w = ph->watches.keys; w; w = w->next) {
        if (phone_watch_state(w) != WATCH_RINGING || !phone_key_function(ph, w->unit, w->key, &k) ||
            !k.cp)
            continue;
        char *number = phone_key_number(ph, &k);
        snprintf(buf, size, "PU:%.30s", number ? number : "");
        free(number);
        return buf;
    }
    return NULL;
}

/* First two banners that apply, in the order of 6.2 [D]. */
static void banners(const struct phone *ph, struct screen *s)
{
    char pickup[40];
    const unsigned n_missed = n_missed_calls(ph);
    char missed[32];

    snprintf(missed, sizeof(missed), "%u New Missed Call%s", n_missed, n_missed == 1 ? "" : "s");
    const char *texts[] = {
        registration_banner(ph),
        param_bool(ph->params, P_DND_Setting, 0) ? "Do Not Disturb" : NULL,
        *param_get(ph->params, P_Cfwd_All_Dest, 0) ? "Calls Forwarded" : NULL,
        pickup_banner(ph, pickup, sizeof(pickup)),
        n_missed && param_bool(ph->params, P_Miss_Call_Banner, 0) ? missed : NULL,
    };
    unsigned n = 0;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && n < BANNERS_MAX; i++) {
        if (texts[i] && s->n_rows < ph->model->lcd.rows) { /* digits entered take a row */
            snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", texts[i]);
            n++;
        }
    }
}

void app_print_station(const struct phone *ph, char *buf, size_t size)
{
    utf8_clean(buf, size, station(ph));
}

void app_header(const struct phone *ph, struct screen *s)
{
    app_print_time(ph, (time_t)(clock_wall_ms(ph->env->lp) / 1000), s->date, sizeof(s->date));
    utf8_clean(s->station, sizeof(s->station), station(ph));
    if (phone_message_waiting(ph))
        s->icons |= SCREEN_ICON_MESSAGE;
    if (ph->model->lcd.depth_bits == 1) /* they say it in words, by their banners */
        return;
    if (param_bool(ph->params, P_DND_Setting, 0))
        s->icons |= SCREEN_ICON_DND;
    if (*param_get(ph->params, P_Cfwd_All_Dest, 0))
        s->icons |= SCREEN_ICON_FORWARD;
    if (n_missed_calls(ph))
        s->icons |= SCREEN_ICON_MISSED;
    s->icons |= ph->model->family == FAMILY_WIP310 ? SCREEN_ICON_WIFI : SCREEN_ICON_NETWORK;
}

/* Digits entered on hook are dialled, corrected or dropped (devices.md 4 [941]); the list for
 * missed calls replaces the other one until they have been seen (6.2, inf [FPBX]). */
static const char *key_list(const struct phone *ph)
{
    if (ph->dial[0])
        return app_key_list(ph, P_Dialing_Input_Key_List);
    const bool missed = n_missed_calls(ph) && param_bool(ph->params, P_Miss_Call_Shortcut, 0);
    return app_key_list(ph, missed ? P_Missed_Call_Key_List : P_Idle_Key_List);
}

void app_labels(const struct phone *ph, struct screen *s)
{
    const unsigned n_labels = ph->model->n_line_keys ? ph->model->n_line_keys : 1;

    for (unsigned key = 1; key <= n_labels && s->n_labels < SCREEN_LABELS; key++)
        line_label(ph, key, s);
}

/* Where the cursor stands among the digits entered on hook. */
static size_t cursor(const struct phone *ph)
{
    const size_t len = strlen(ph->dial);
    return ph->dial_right < len ? len - ph->dial_right : 0;
}

/* Its mark is there where somebody has moved it [DEF]. */
static void print_digits(const struct phone *ph, char *buf, size_t size)
{
    const size_t at = cursor(ph);

    snprintf(buf, size, "%.*s%s%s", (int)at, ph->dial, ph->dial_right ? "_" : "", ph->dial + at);
}

void app_idle_screen(const struct phone *ph, struct screen *s)
{
    if (!ph->model->lcd.width_px)
        return;

    phone_background_show(ph, s, false);
    app_labels(ph, s);
    app_print_time(ph, (time_t)(clock_wall_ms(ph->env->lp) / 1000), s->rows[s->n_rows++],
                   sizeof(s->rows[0]));
    utf8_clean(s->rows[s->n_rows++], sizeof(s->rows[0]), station(ph));
    if (ph->dial[0])
        print_digits(ph, s->rows[s->n_rows++], sizeof(s->rows[0]));
    banners(ph, s);
    app_softkeys(ph, key_list(ph), s);
}

/* Of the digits entered on hook: the one left of the cursor, or all. */
static int erase(struct phone *ph, bool all)
{
    const size_t at = cursor(ph);

    if (!ph->dial[0] || (!all && !at))
        return 0;
    if (all)
        ph->dial[0] = '\0';
    else
        memmove(ph->dial + at - 1, ph->dial + at, strlen(ph->dial + at) + 1);
    return 1;
}

static int insert(struct phone *ph, char digit)
{
    const size_t len = strlen(ph->dial);

    if (len + 1 >= sizeof(ph->dial))
        return 0;
    if (!len)
        ph->dial_right = 0;
    const size_t at = cursor(ph);
    memmove(ph->dial + at + 1, ph->dial + at, len - at + 1);
    ph->dial[at] = digit;
    return 1;
}

static int move(struct phone *ph, int step)
{
    if (step < 0 ? !cursor(ph) : !ph->dial_right)
        return 0;
    ph->dial_right = (uint8_t)(ph->dial_right - step);
    return 1;
}

static int press_softkey(struct phone *ph, unsigned i)
{
    const char *keyword = app_softkey(ph, key_list(ph), i);

    if (!keyword)
        return 0;
    if (strcmp(keyword, "dial") == 0 || strcmp(keyword, "call") == 0 ||
        strcmp(keyword, "newcall") == 0)
        return app_off_hook(ph, 0);
    if (strcmp(keyword, "delchar") == 0 || strcmp(keyword, "delchr") == 0)
        return erase(ph, false);
    if (strcmp(keyword, "clear") == 0 || strcmp(keyword, "cancel") == 0)
        return erase(ph, true);
    if (strcmp(keyword, "left") == 0 || strcmp(keyword, "right") == 0)
        return move(ph, keyword[0] == 'l' ? -1 : 1);
    return app_run_softkey(ph, keyword);
}

/* A line key, or an audio device: digits that were entered on hook go out (devices.md 4 [941]). */
static int go_off_hook(struct phone *ph, const char *key)
{
    if (strncmp(key, "line", 4) == 0) {
        const unsigned line = phone_key_line(ph, (unsigned)strtoul(key + 4, NULL, 10));
        return line ? app_off_hook(ph, line) : 0;
    }
    return app_off_hook(ph, 0);
}

/** Returns 1 when the screen changed. */
int app_idle_key(struct phone *ph, const char *key, char digit)
{
    if (digit)
        return insert(ph, digit);
    if (strncmp(key, "soft", 4) == 0)
        return press_softkey(ph, (unsigned)(key[4] - '1'));
    if (strcmp(key, "right") == 0 || strcmp(key, "left") == 0)
        return app_turn_page(ph, key_list(ph), key[0] == 'r' ? 1 : -1);
    if (strcmp(key, "messages") == 0)
        return app_call_messages(ph);
    if (strcmp(key, "setup") == 0)
        return app_open_setup(ph);
    if (strcmp(key, "call") == 0 || (strcmp(key, "select") == 0 && ph->dial[0]))
        return app_off_hook(ph, 0);
    if (strcmp(key, "end") == 0 || strcmp(key, "cancel") == 0 || strcmp(key, "back") == 0)
        return erase(ph, true);
    if (strcmp(key, "redial") == 0)
        return app_redial(ph);
    if (strcmp(key, "select") == 0 && ph->model->family == FAMILY_WIP310)
        return app_open_setup(ph); /* it has no key for it (devices.md 8.2) */
    if (strncmp(key, "line", 4) == 0 || strcmp(key, "hook") == 0 || strcmp(key, "speaker") == 0 ||
        strcmp(key, "headset") == 0)
        return go_off_hook(ph, key);
    return 0;
}
