/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * devices.md 13: option number and "#"; a value ends with "#", then 1 saves, 2 reviews, 3 enters it
 * again and "*" goes back. What is saved applies on hang-up. The words are ours [DEF].
 */
#include "sim/phone/ivr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/xml/layout.h"

enum { QUIET_MS = 60000, LEAVE_MS = 500, STARS = 4, DIGITS = 40, SAID = 160, WIDTH = 40 };

enum option_kind { SAY, SET_ADDRESS, SET_SWITCH, CONFIRM };

enum ending { NOTHING, REBOOT, USER_RESET, FACTORY_RESET }; /* on hang-up */

struct option {
    const char *number, *name;
    enum option_kind kind;
    const char *param;                                           /* of SET_… */
    const char *on, *off;                                        /* values of a SET_SWITCH */
    void (*say)(const struct phone *ph, char *buf, size_t size); /* of SAY */
    enum ending ending;                                          /* of CONFIRM */
};

struct phone_ivr {
    struct phone *ph;
    struct timer quiet;
    enum { IN_MENU, IN_PASSWORD, IN_VALUE, IN_REVIEW } state;
    const struct option *option; /* of the value */
    enum ending ending;
    bool allowed; /* the password was right */
    uint64_t star_ms;
    char digits[DIGITS], said[SAID];
};

/* ---- what is known */

static void dhcp(const struct phone *ph, char *buf, size_t size)
{
    const bool on = strcmp(param_get(ph->params, P_Connection_Type, 0), "DHCP") == 0;
    snprintf(buf, size, "%s", on ? "enabled" : "disabled");
}

static void ip(const struct phone *ph, char *buf, size_t size)
{
    inet_ntop(AF_INET, &ph->addr, buf, (socklen_t)size);
}

static void netmask(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", param_get(ph->params, P_NetMask, 0));
}

static void gateway(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", param_get(ph->params, P_Gateway, 0));
}

static void dns(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", param_get(ph->params, P_Primary_DNS, 0));
}

static void mac(const struct phone *ph, char *buf, size_t size)
{
    const uint8_t *m = ph->id.mac;
    snprintf(buf, size, "%02X%02X%02X%02X%02X%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
}

static void version(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", ph->firmware);
}

static void web_port(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", param_get(ph->params, P_Web_Server_Port, 0));
}

static void multicast(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", param_get(ph->params, P_Multicast_Address, 0));
}

/* 877778 resets what the user may change (provisioning.md 5.3), as its name says [DEF]. */
static const struct option options[] = {
    {.number = "100", .name = "DHCP", .say = dhcp},
    {.number = "101",
     .name = "DHCP",
     .kind = SET_SWITCH,
     .param = "Connection_Type",
     .on = "DHCP",
     .off = "Static IP"},
    {.number = "110", .name = "IP address", .say = ip},
    {.number = "111", .name = "IP address", .kind = SET_ADDRESS, .param = "Static_IP"},
    {.number = "120", .name = "Network mask", .say = netmask},
    {.number = "121", .name = "Network mask", .kind = SET_ADDRESS, .param = "NetMask"},
    {.number = "130", .name = "Gateway address", .say = gateway},
    {.number = "131", .name = "Gateway address", .kind = SET_ADDRESS, .param = "Gateway"},
    {.number = "140", .name = "MAC address", .say = mac},
    {.number = "150", .name = "Firmware version", .say = version},
    {.number = "160", .name = "Primary DNS", .say = dns},
    {.number = "161", .name = "Primary DNS", .kind = SET_ADDRESS, .param = "Primary_DNS"},
    {.number = "170", .name = "Web server port", .say = web_port},
    {.number = "180", .name = "Multicast address", .say = multicast},
    {.number = "7932",
     .name = "Web server access",
     .kind = SET_SWITCH,
     .param = "Enable_Web_Server",
     .on = "Yes",
     .off = "No"},
    {.number = "732668", .name = "Reboot", .kind = CONFIRM, .ending = REBOOT},
    {.number = "73738", .name = "Factory reset", .kind = CONFIRM, .ending = FACTORY_RESET},
    {.number = "877778", .name = "User reset", .kind = CONFIRM, .ending = USER_RESET},
};

static const struct option *find_option(const char *number)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (strcmp(options[i].number, number) == 0)
            return &options[i];
    }
    return NULL;
}

/* ---- speaking */

static void say(struct phone_ivr *v, const char *text)
{
    snprintf(v->said, sizeof(v->said), "%s", text);
    phone_emit_text(v->ph, PHONE_EV_SPOKEN, v->said, NULL);
}

static void to_menu(struct phone_ivr *v, const char *first)
{
    char text[SAID];

    v->state = IN_MENU;
    v->option = NULL;
    v->digits[0] = '\0';
    snprintf(text, sizeof(text), "%.100sConfiguration menu. Enter option, then pound", first);
    say(v, text);
}

/* ---- leaving */

void phone_ivr_close(struct phone *ph)
{
    if (!ph->ivr)
        return;
    timer_cancel(&ph->ivr->quiet);
    ph->ivr = mem_deref(ph->ivr);
}

/* What was stored comes into force, which may restart the phone. */
static void hang_up(struct phone *ph)
{
    const enum ending ending = ph->ivr->ending;

    phone_ivr_close(ph);
    if (ending == FACTORY_RESET)
        phone_factory_reset(ph);
    else if (ending == USER_RESET)
        phone_user_reset(ph);
    else if (ending == REBOOT)
        phone_reboot(ph, false, "User Triggered");
    else
        phone_submit(ph);
    phone_screen_changed(ph);
}

static void quiet_handler(void *arg)
{
    struct phone_ivr *v = arg;
    hang_up(v->ph);
}

static void wait_on(struct phone_ivr *v)
{
    struct loop *lp = v->ph->env->lp;
    timer_start(lp, &v->quiet, clock_scaled(lp, QUIET_MS), quiet_handler, v);
}

/* ---- values */

static const char *admin_password(const struct phone *ph)
{
    const char *password = param_get(ph->params, P_Admin_Password, 0);
    return *password ? password : param_get(ph->params, P_Admin_Passwd, 0);
}

/* Each letter is its digit key, any other symbol is 0 (devices.md 9). */
static bool is_password(const char *password, const char *digits)
{
    static const char keys[] = "22233344455566677778889999"; /* of a to z */
    size_t n = 0;

    for (; password[n]; n++) {
        const unsigned char c = (unsigned char)password[n];
        const char key = isdigit(c) ? (char)c : isalpha(c) ? keys[tolower(c) - 'a'] : '0';
        if (digits[n] != key)
            return false;
    }
    return !digits[n];
}

static void ask_value(struct phone_ivr *v)
{
    char text[SAID];

    v->state = IN_VALUE;
    v->digits[0] = '\0';
    snprintf(text, sizeof(text), "%s. %s", v->option->name,
             v->option->kind == SET_ADDRESS  ? "Enter value, then pound"
             : v->option->kind == SET_SWITCH ? "Enter 1 to enable or 0 to disable, then pound"
                                             : "Enter 1 to confirm, then pound");
    say(v, text);
}

static void review(struct phone_ivr *v)
{
    char text[SAID];

    v->state = IN_REVIEW;
    snprintf(text, sizeof(text),
             "%s %s. Press 1 to save, 2 to review, 3 to enter it again, star to cancel",
             v->option->name, v->digits);
    say(v, text);
}

static bool is_valid(const struct phone_ivr *v)
{
    struct in_addr addr;

    if (v->option->kind == SET_ADDRESS)
        return inet_pton(AF_INET, v->digits, &addr) == 1;
    return strcmp(v->digits, "1") == 0 ||
           (v->option->kind == SET_SWITCH && strcmp(v->digits, "0") == 0);
}

static void value_entered(struct phone_ivr *v)
{
    if (!is_valid(v)) {
        say(v, "Invalid value");
        v->digits[0] = '\0';
    } else if (v->option->kind == CONFIRM) {
        v->ending = v->option->ending;
        to_menu(v, "Hang up to go on. ");
    } else {
        review(v);
    }
}

static void save(struct phone_ivr *v)
{
    const struct option *o = v->option;
    const char *value = o->kind == SET_ADDRESS ? v->digits : v->digits[0] == '1' ? o->on : o->off;

    to_menu(v, phone_store(v->ph, o->param, value) ? "Option failed. " : "Option saved. ");
}

/* ---- keys */

static void option_entered(struct phone_ivr *v)
{
    char value[80] = "", text[SAID];

    v->option = find_option(v->digits);
    if (!v->option) {
        to_menu(v, "Invalid option. ");
    } else if (v->option->kind == SAY) {
        v->option->say(v->ph, value, sizeof(value));
        snprintf(text, sizeof(text), "%s %s. ", v->option->name, *value ? value : "not set");
        to_menu(v, text);
    } else if (!v->allowed && *admin_password(v->ph)) {
        v->state = IN_PASSWORD;
        v->digits[0] = '\0';
        say(v, "Enter password, then pound");
    } else {
        ask_value(v);
    }
}

static void entered(struct phone_ivr *v)
{
    if (v->state == IN_MENU) {
        option_entered(v);
    } else if (v->state == IN_VALUE) {
        value_entered(v);
    } else if (is_password(admin_password(v->ph), v->digits)) {
        v->allowed = true;
        ask_value(v);
    } else {
        to_menu(v, "Invalid password. ");
    }
}

static void reviewed(struct phone_ivr *v, char digit)
{
    if (digit == '1')
        save(v);
    else if (digit == '2')
        review(v);
    else if (digit == '3')
        ask_value(v);
    else if (digit == '*')
        to_menu(v, "Cancelled. ");
}

/* "*" is the dot of an address (u); two of them within half a second leave the entry. */
static void press(struct phone_ivr *v, char digit)
{
    const uint64_t now = clock_ms(v->ph->env->lp);
    const size_t n = strlen(v->digits);
    struct loop *lp = v->ph->env->lp;

    if (v->state == IN_REVIEW) {
        reviewed(v, digit);
    } else if (digit == '#') {
        entered(v);
    } else if (digit == '*' && v->state != IN_MENU && v->star_ms &&
               now - v->star_ms < clock_scaled(lp, LEAVE_MS)) {
        to_menu(v, "Cancelled. ");
    } else if (n + 1 < sizeof(v->digits)) {
        v->digits[n] = digit == '*' ? '.' : digit;
        v->digits[n + 1] = '\0';
    }
    v->star_ms = digit == '*' ? now : 0;
}

int phone_ivr_key(struct phone *ph, const char *key, char digit)
{
    if (digit) {
        press(ph->ivr, digit);
        wait_on(ph->ivr);
        return 1;
    }
    if (strcmp(key, "hook") != 0 && strcmp(key, "speaker") != 0 && strcmp(key, "headset") != 0 &&
        strcmp(key, "setup") != 0 && strcmp(key, "cancel") != 0 && strncmp(key, "line", 4) != 0)
        return 0;
    hang_up(ph);
    return 1;
}

/* ---- entering */

bool phone_ivr_open(const struct phone *ph)
{
    return ph->ivr != NULL;
}

int phone_ivr_enter(struct phone *ph)
{
    if (ph->model->lcd.width_px || ph->ivr)
        return 0;
    ph->ivr = mem_zalloc(sizeof(*ph->ivr), NULL);
    if (!ph->ivr)
        return 0;
    ph->ivr->ph = ph;
    to_menu(ph->ivr, "");
    wait_on(ph->ivr);
    return 1;
}

bool phone_ivr_stars(struct phone *ph, char digit)
{
    struct phone_input *in = &ph->calls->input;

    if (ph->model->lcd.width_px || in->mode != INPUT_NUMBER)
        return false;
    in->n_stars = digit == '*' && in->n_stars < STARS ? in->n_stars + 1 : STARS + 1;
    if (in->n_stars != STARS)
        return false;
    phone_input_close(ph);
    return phone_ivr_enter(ph);
}

void phone_ivr_screen(const struct phone *ph, struct screen *s)
{
    const unsigned n = xml_wrap(ph->ivr->said, WIDTH, 0, s->rows, SCREEN_ROWS);
    s->n_rows = (uint8_t)(n < SCREEN_ROWS ? n : SCREEN_ROWS);
}
