/* SPDX-License-Identifier: BSD-3-Clause */
/* The idle screen and its keys (devices.md 6.2, 7; on-hook dialing: section 4). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/phone/keyfunc.h"
#include "sim/phone/priv.h"
#include "sim/phone/softkeys.h"

enum { BANNERS_MAX = 2 };

/* Offset of a Time_Zone text such as "GMT-08:00" in seconds east of Greenwich. */
static long zone_offset(const char *zone)
{
    int hours = 0, minutes = 0;

    if (sscanf(zone, "GMT%d:%d", &hours, &minutes) < 1)
        return 0;
    return hours * 3600L + (hours < 0 ? -minutes : minutes) * 60L;
}

static void print_clock(const struct phone *ph, char *buf, size_t size)
{
    const time_t now = time(NULL) + zone_offset(param_get(ph->params, P_Time_Zone, 0));
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

static void line_label(const struct phone *ph, unsigned key, struct screen *s)
{
    const unsigned line = phone_key_line(ph, key);
    struct ua_reg_status st = {.state = UA_REG_OFF};
    struct keyfunc k;
    char *text = NULL;

    if (!line && phone_key_function(ph, key, &k)) {
        text = strdup(k.nme);
    } else if (line) {
        text = phone_expand(ph, param_get(ph->params, P_Short_Name, (uint16_t)key), line);
        if (ph->lines[line - 1].ua)
            ua_line_status(ph->lines[line - 1].ua, &st);
    }
    utf8_clean(s->labels[s->n_labels], sizeof(s->labels[0]), text ? text : "");
    if (line)
        snprintf(s->label_icons[s->n_labels], sizeof(s->label_icons[0]), "%s",
                 st.state == UA_REG_OK ? "line" : "line-unreg");
    s->n_labels++;
    free(text);
}

static const char *registration_banner(const struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        struct ua_reg_status st;
        if (ph->lines[i].error)
            return "Not Registered";
        if (!ph->lines[i].ua || !param_bool(ph->params, P_Register, (uint16_t)(i + 1)))
            continue;
        ua_line_status(ph->lines[i].ua, &st);
        if (st.state == UA_REG_TRYING)
            return "Registering";
        if (st.state != UA_REG_OK)
            return "Not Registered";
    }
    return NULL;
}

/* First two banners that apply, in the order of 6.2 [D]. */
static void banners(const struct phone *ph, struct screen *s)
{
    const char *texts[] = {
        registration_banner(ph),
        param_bool(ph->params, P_DND_Setting, 0) ? "Do Not Disturb" : NULL,
        *param_get(ph->params, P_Cfwd_All_Dest, 0) ? "Calls Forwarded" : NULL,
    };
    unsigned n = 0;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && n < BANNERS_MAX; i++) {
        if (texts[i] && s->n_rows < ph->model->lcd.rows) { /* digits entered take a row */
            snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", texts[i]);
            n++;
        }
    }
}

static unsigned softkey_page(const struct phone *ph, struct softkey_page *page)
{
    return softkeys_page(page, param_get(ph->params, P_Idle_Key_List, 0), ph->model->n_softkeys,
                         ph->softkey_page);
}

static bool wide_labels(const struct device_model *m)
{
    return m->lcd.depth_bits > 1; /* devices.md 5.3: where the cell is wider */
}

static void softkeys(const struct phone *ph, struct screen *s)
{
    struct softkey_page page;

    const unsigned n_pages = softkey_page(ph, &page);
    if (!n_pages)
        return;
    s->more_softkeys = n_pages > 1;
    s->n_softkeys = ph->model->n_softkeys;
    for (unsigned i = 0; i < s->n_softkeys; i++) {
        const struct softkey *k = page.keys[i];
        const bool dnd =
            k && strcmp(k->keyword, "dnd") == 0 && param_bool(ph->params, P_DND_Setting, 0);
        if (dnd)
            snprintf(s->softkeys[i], sizeof(s->softkeys[i]), "%s",
                     wide_labels(ph->model) ? "Clr DND" : "-dnd");
        else if (k)
            snprintf(s->softkeys[i], sizeof(s->softkeys[i]), "%s",
                     wide_labels(ph->model) ? k->wide : k->mono);
    }
}

void app_header(const struct phone *ph, struct screen *s)
{
    print_clock(ph, s->date, sizeof(s->date));
    utf8_clean(s->station, sizeof(s->station), station(ph));
    if (phone_message_waiting(ph))
        s->icons |= SCREEN_ICON_MESSAGE;
    if (ph->model->lcd.depth_bits == 1) /* they say it in words, by their banners */
        return;
    if (param_bool(ph->params, P_DND_Setting, 0))
        s->icons |= SCREEN_ICON_DND;
    if (*param_get(ph->params, P_Cfwd_All_Dest, 0))
        s->icons |= SCREEN_ICON_FORWARD;
    s->icons |= ph->model->family == FAMILY_WIP310 ? SCREEN_ICON_WIFI : SCREEN_ICON_NETWORK;
}

void app_idle_screen(const struct phone *ph, struct screen *s)
{
    if (!ph->model->lcd.width_px)
        return;

    const unsigned n_labels = ph->model->n_line_keys ? ph->model->n_line_keys : 1;
    for (unsigned key = 1; key <= n_labels && s->n_labels < SCREEN_LABELS; key++)
        line_label(ph, key, s);
    print_clock(ph, s->rows[s->n_rows++], sizeof(s->rows[0]));
    utf8_clean(s->rows[s->n_rows++], sizeof(s->rows[0]), station(ph));
    if (ph->dial[0])
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", ph->dial);
    banners(ph, s);
    softkeys(ph, s);
}

static int turn_page(struct phone *ph, int step)
{
    struct softkey_page page;
    const unsigned n = softkey_page(ph, &page);

    if (n < 2)
        return 0;
    ph->softkey_page = (uint8_t)((ph->softkey_page + n + (unsigned)(step + (int)n)) % n);
    return 1;
}

static int press_softkey(struct phone *ph, unsigned i)
{
    struct softkey_page page;

    if (i >= SOFTKEYS_PER_PAGE || !softkey_page(ph, &page) || !page.keys[i])
        return 0;
    if (strcmp(page.keys[i]->keyword, "dnd") == 0) {
        const bool on = param_bool(ph->params, P_DND_Setting, 0);
        return param_set_value(ph->params, P_DND_Setting, 0, on ? "No" : "Yes", PARAM_FROM_USER,
                               NULL) == 0;
    }
    return 0; /* the other idle keys open screens that come with the calls and the menus */
}

/** Returns 1 when the screen changed. */
int app_idle_key(struct phone *ph, const char *key, char digit)
{
    if (digit) {
        const size_t len = strlen(ph->dial);
        if (len + 1 >= sizeof(ph->dial))
            return 0;
        ph->dial[len] = digit;
        ph->dial[len + 1] = '\0';
        return 1;
    }
    if (strncmp(key, "soft", 4) == 0)
        return press_softkey(ph, (unsigned)(key[4] - '1'));
    if (strcmp(key, "right") == 0)
        return turn_page(ph, 1);
    if (strcmp(key, "left") == 0)
        return turn_page(ph, -1);
    return 0;
}
