/* SPDX-License-Identifier: BSD-3-Clause */
/* What the screens share: soft keys and what they do wherever they appear (devices.md 5). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/features.h"
#include "sim/phone/history.h"
#include "sim/phone/keyfunc.h"
#include "sim/phone/priv.h"
#include "sim/phone/softkeys.h"

/* ---- which keys there are now (5.1: the others are skipped) */

static bool is_psk(const struct phone *ph, unsigned n, struct keyfunc *k)
{
    static const enum param_id ids[] = {P_PSK_1,  P_PSK_2,  P_PSK_3,  P_PSK_4,  P_PSK_5,  P_PSK_6,
                                        P_PSK_7,  P_PSK_8,  P_PSK_9,  P_PSK_10, P_PSK_11, P_PSK_12,
                                        P_PSK_13, P_PSK_14, P_PSK_15, P_PSK_16};

    return n && n <= sizeof(ids) / sizeof(ids[0]) &&
           keyfunc_parse(k, param_get(ph->params, ids[n - 1], 0));
}

/* A service the family has no parameter for is on. */
static bool in_service(const struct phone *ph, const char *keyword)
{
    static const struct {
        const char *keyword;
        enum param_id service;
    } services[] = {
        {"bxfer", P_Blind_Transfer_Serv},
        {"cfwd", P_Cfwd_All_Serv},
        {"conf", P_Conference_Serv},
        {"confLx", P_Conference_Serv},
        {"dnd", P_DND_Serv},
        {"gpickup", P_Group_Call_Pick_Up_Serv},
        {"park", P_Call_Park_Serv},
        {"pickup", P_Call_Pick_Up_Serv},
        {"unpark", P_Call_Park_Serv},
        {"xfer", P_Attn_Transfer_Serv},
        {"xferLx", P_Attn_Transfer_Serv},
    };

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (strcmp(services[i].keyword, keyword) == 0)
            return !*param_get(ph->params, services[i].service, 0) ||
                   param_bool(ph->params, services[i].service, 0);
    }
    return true;
}

static bool input_open(const struct phone *ph)
{
    return ph->calls && ph->calls->input.open;
}

static bool offered_handler(const struct softkey *key, const void *arg)
{
    const struct phone *ph = arg;
    const struct phone_call *pc = phone_calls_focus(ph);
    const unsigned psk = softkey_psk(key->keyword);
    struct keyfunc k;

    if (psk)
        return is_psk(ph, psk, &k);
    if (strcmp(key->keyword, "bxfer") == 0 && input_open(ph))
        return ph->calls->input.mode == INPUT_ATTENDED_TRANSFER && in_service(ph, key->keyword);
    if (strcmp(key->keyword, "left") == 0 || strcmp(key->keyword, "right") == 0 ||
        strcmp(key->keyword, "alpha") == 0)
        return input_open(ph) || (ph->dial[0] && key->keyword[0] != 'a'); /* on hook digits [DEF] */
    if (strcmp(key->keyword, "toggle") == 0)
        return pc && phone_calls_other(pc);
    if (strcmp(key->keyword, "confLx") == 0 || strcmp(key->keyword, "xferLx") == 0)
        return pc && !pc->consultation && phone_calls_waiting(pc) && in_service(ph, key->keyword);
    return in_service(ph, key->keyword);
}

/* Softkey_Navigation_Style; a 79x0 has no other way (devices.md 5.1, 8.3). */
bool app_turns_by_key(const struct phone *ph)
{
    return ph->model->family == FAMILY_CP79XX ||
           strcasecmp(param_get(ph->params, P_Softkey_Navigation_Style, 0), "More") == 0;
}

static unsigned page_of(const struct phone *ph, const char *list, struct softkey_page *page)
{
    const struct softkey_rules rules = {
        .offered = offered_handler, .arg = ph, .more = app_turns_by_key(ph)};

    return softkeys_page(page, list, ph->model->n_softkeys, ph->softkey_page, &rules);
}

const char *app_key_list(const struct phone *ph, enum param_id list)
{
    /* off, the layout is the built-in one, which is that of the default lists (5.1, inf) */
    return param_bool(ph->params, P_Programmable_Softkey_Enable, 0)
               ? param_get(ph->params, list, 0)
               : param_default(ph->model, list, 0);
}

const char *app_softkey(const struct phone *ph, const char *list, unsigned i)
{
    struct softkey_page page;

    if (i >= SOFTKEYS_PER_PAGE || !page_of(ph, list, &page) || !page.keys[i])
        return NULL;
    return page.keys[i]->keyword;
}

/* ---- what they are called */

/* devices.md 17; 8.3 (u) */
static const char *tele_label(const char *keyword)
{
    static const char *const labels[][2] = {{"cfwd", "CFwdAll"}, {"conf", "Confrn"},
                                            {"delchar", "<<"},   {"more", "more"},
                                            {"xfer", "Trnsfer"}, {"bxfer", "BlndXfr"}};

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i][0], keyword) == 0)
            return labels[i][1];
    }
    return NULL;
}

static const char *family_label(const struct phone *ph, const struct softkey *k)
{
    const bool wide = ph->model->lcd.depth_bits > 1; /* devices.md 5.3: where the cell is wider */
    const char *own = ph->model->family == FAMILY_CP79XX ? tele_label(k->keyword) : NULL;

    if (ph->model->family == FAMILY_MPP68XX && strcmp(k->keyword, "ignore") == 0)
        own = "Decline"; /* 5.3 [MPPSK] */
    return own ? own : wide ? k->wide : k->mono;
}

static void put_label(const struct phone *ph, const struct softkey *k, char *out, size_t size)
{
    const bool wide = ph->model->lcd.depth_bits > 1;
    struct keyfunc f;

    if (is_psk(ph, softkey_psk(k->keyword), &f) && f.nme[0])
        utf8_clean(out, size, f.nme);
    else if (strcmp(k->keyword, "dnd") == 0 && param_bool(ph->params, P_DND_Setting, 0))
        snprintf(out, size, "%s", wide ? "Clr DND" : "-dnd");
    else if (strcmp(k->keyword, "cfwd") == 0 && *param_get(ph->params, P_Cfwd_All_Dest, 0))
        snprintf(out, size, "%s", wide ? "Clr Fwd" : "-cfwd");
    else if (strcmp(k->keyword, "alpha") == 0)
        snprintf(out, size, "%s", phone_input_turn_word(ph));
    else
        snprintf(out, size, "%s", family_label(ph, k));
    if (wide && strcmp(k->keyword, "alpha") == 0)
        out[0] = (char)toupper((unsigned char)out[0]);
}

void app_softkeys(const struct phone *ph, const char *list, struct screen *s)
{
    struct softkey_page page;

    const unsigned n_pages = page_of(ph, list, &page);
    if (!n_pages)
        return;
    s->more_softkeys = n_pages > 1 && !app_turns_by_key(ph);
    s->n_softkeys = ph->model->n_softkeys;
    for (unsigned i = 0; i < s->n_softkeys; i++) {
        if (page.keys[i])
            put_label(ph, page.keys[i], s->softkeys[i], sizeof(s->softkeys[i]));
    }
}

int app_turn_page(struct phone *ph, const char *list, int step)
{
    struct softkey_page page;
    const unsigned n = page_of(ph, list, &page);

    if (n < 2)
        return 0;
    ph->softkey_page = (uint8_t)((ph->softkey_page + n + (unsigned)(step + (int)n)) % n);
    return 1;
}

/* ---- what they do wherever they appear */

static int run_psk(struct phone *ph, unsigned n)
{
    struct keyfunc k;

    if (!is_psk(ph, n, &k))
        return 0;
    phone_function_run(ph, &k, NULL);
    return 1;
}

/* In a call, or while a number is entered, it lies above that. */
static int open_above(struct phone *ph, const struct app *app, const void *what, unsigned number)
{
    app_close_all(ph);
    return app_open(ph, app, what, number) ? app_above(ph) : 0;
}

static int open_list(struct phone *ph, const char *keyword)
{
    if (strcmp(keyword, "dir") == 0)
        return open_above(ph, &app_directory, NULL, 0);
    if (strcmp(keyword, "miss") == 0)
        return open_above(ph, &app_history, NULL, HISTORY_MISSED);
    if (strcmp(keyword, "recents") == 0)
        return open_above(ph, &app_menu, app_history_menu(), 0);
    if (strcmp(keyword, "redial") == 0) /* 5.3: the redial list */
        return open_above(ph, &app_history, NULL, HISTORY_PLACED);
    if (strcmp(keyword, "starcode") == 0)
        return open_above(ph, &app_star_codes, NULL, 0);
    if (strcmp(keyword, "option") == 0)
        return open_above(ph, &app_menu, app_options_menu(), 0);
    return 0;
}

/* "cfwd": off where it is on, else the number is asked for. */
static int toggle_forward(struct phone *ph)
{
    ph->softkey_page = 0;
    if (*param_get(ph->params, P_Cfwd_All_Dest, 0))
        return phone_forward_all(ph, "") == 0;
    return phone_input_open(ph, INPUT_CFWD_ALL, 0) == 0;
}

int app_run_softkey(struct phone *ph, const char *keyword)
{
    static const struct {
        const char *keyword;
        enum input_mode mode;
    } inputs[] = {
        {"pickup", INPUT_PICKUP}, {"gpickup", INPUT_GROUP_PICKUP}, {"unpark", INPUT_UNPARK}};

    if (strcmp(keyword, "more") == 0) {
        ph->softkey_page++;
        return 1;
    }
    ph->softkey_page = 0;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        if (strcmp(keyword, inputs[i].keyword) == 0)
            return phone_input_open(ph, inputs[i].mode, 0) == 0;
    }
    if (strcmp(keyword, "dnd") == 0)
        return app_toggle_dnd(ph);
    if (strcmp(keyword, "cfwd") == 0)
        return toggle_forward(ph);
    if (strcmp(keyword, "lcr") == 0)
        return app_call_return(ph);
    if (softkey_psk(keyword))
        return run_psk(ph, softkey_psk(keyword));
    return open_list(ph, keyword);
}

int app_toggle_dnd(struct phone *ph)
{
    const bool on = param_bool(ph->params, P_DND_Setting, 0);

    if (param_set_value(ph->params, P_DND_Setting, 0, on ? "No" : "Yes", PARAM_FROM_USER, NULL))
        return 0;
    phone_features_changed(ph);
    return 1;
}

int app_call_return(struct phone *ph)
{
    return ph->calls && ph->calls->last_missed[0] && phone_dial(ph, ph->calls->last_missed) == 0;
}

/* The key of the phones without a display: the number dialled last (devices.md 1.2). */
int app_redial(struct phone *ph)
{
    const struct history_entry *last = phone_history_get(ph, HISTORY_PLACED, 0);
    char number[64];

    if (!last)
        return 0;
    snprintf(number, sizeof(number), "%.63s", last->number);
    phone_input_close(ph);
    return phone_dial(ph, number) == 0;
}

/* "Invalid Number", as where it is entered off hook (devices.md 6.4). */
static void dial_in_vain(struct phone *ph, unsigned line, const char *number)
{
    if (phone_input_open(ph, INPUT_NUMBER, line))
        return;
    struct phone_input *in = &ph->calls->input;
    timer_cancel(&in->timer);
    snprintf(in->in.digits, sizeof(in->in.digits), "%s", number);
    in->in.result = DIALPLAN_REJECT;
}

int app_off_hook(struct phone *ph, unsigned line)
{
    if (ph->dial[0] && !phone_calls_focus(ph)) {
        const struct phone_calls *calls = phone_calls_get(ph);
        const char *speed = phone_speed_dial(ph, ph->dial);
        char number[64];

        snprintf(number, sizeof(number), "%.63s", *speed ? speed : ph->dial);
        ph->dial[0] = '\0';
        if (calls && phone_call_number(ph, line, number, NULL) == ENOENT)
            dial_in_vain(ph, line, number);
        return calls != NULL;
    }
    return phone_input_open(ph, INPUT_NUMBER, line) == 0;
}
