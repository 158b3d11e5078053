/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The glass, whatever is on it: contrast, backlight, screen saver (devices.md 4, 6.2, 7, 8 item
 * 17). Nothing runs for them: what they are is worked out when somebody looks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"

enum {
    CONTRAST_MAX = 15, /* devices.md 4 [D] */
    CONTRAST_MAX_525 = 30,
    BACK_LIGHT_S = 10, /* 6.2 */
    MOVE_MS = 10000,   /* of what wanders over one-bit glass [DEF]; the 525G's default */
};

void phone_display_wake(struct phone *ph)
{
    ph->active_ms = clock_ms(ph->env->lp);
}

void phone_display_changed(struct phone *ph, bool idle)
{
    if (!idle || ph->busy)
        phone_display_wake(ph);
    ph->busy = !idle;
}

/* Phone milliseconds since somebody last used it, or it had something to say. */
uint64_t phone_quiet_ms(const struct phone *ph)
{
    return clock_unscaled(ph->env->lp, clock_ms(ph->env->lp) - ph->active_ms);
}

unsigned phone_contrast_max(const struct phone *ph)
{
    return ph->model->family == FAMILY_SPA525 ? CONTRAST_MAX_525 : CONTRAST_MAX;
}

/* While it is being set the glass shows what it would become. */
static int contrast(const struct phone *ph)
{
    const int most = (int)phone_contrast_max(ph), middle = (most + 1) / 2;
    int now;

    if (!(param_def_get(P_LCD_Contrast)->families & 1U << ph->model->family))
        return 0;
    now = (int)app_bar_value(ph, P_LCD_Contrast);
    now = now > most ? most : now;
    return (now - middle) * 100 / (now > middle ? most - middle : middle);
}

/* "Off", "10 s" … "Always On"; an SPA525G: seconds, and a switch, without which its light stays on
 * [DEF]. */
static bool is_unlit(const struct phone *ph)
{
    const char *timer = param_get(ph->params, P_Back_Light_Timer, 0);

    if (ph->model->family == FAMILY_SPA525)
        return param_bool(ph->params, P_Back_Light_Enable, 0) &&
               phone_quiet_ms(ph) >= param_ms(ph->params, P_Back_Light_Timer__sec_, 0);
    if (strcmp(timer, "Always On") == 0)
        return false;
    const unsigned long s = strcmp(timer, "Off") == 0 ? 0 : strtoul(timer, NULL, 10);
    return phone_quiet_ms(ph) >= (s || timer[0] == 'O' ? s : BACK_LIGHT_S) * 1000;
}

/* devices.md 5.3 [FPBX] */
static uint8_t softkey_font(const struct phone *ph)
{
    const char *font = param_get(ph->params, P_Softkey_Labels_Font, 0);

    return strcmp(font, "Normal") == 0   ? SCREEN_FONT_NORMAL
           : strcmp(font, "Narrow") == 0 ? SCREEN_FONT_NARROW
                                         : SCREEN_FONT_AUTO;
}

void phone_display(const struct phone *ph, struct screen *s)
{
    if (ph->state == PHONE_OFF || !ph->model->lcd.width_px)
        return;
    s->contrast = (int8_t)contrast(ph);
    s->softkey_font = ph->model->lcd.depth_bits == 1 ? softkey_font(ph) : SCREEN_FONT_AUTO;
    const bool rests = strcmp(s->app, "idle") == 0 || strcmp(s->app, "saver") == 0;
    s->unlit = ph->model->lcd.backlight && rests && is_unlit(ph);
}

/* ---- screen savers */

static bool is_525(const struct phone *ph)
{
    return ph->model->family == FAMILY_SPA525;
}

/* It fills the glass, as Screen_Saver_Type says. */
static bool is_wide(const struct phone *ph)
{
    return is_525(ph) || ph->model->family == FAMILY_MPP68XX;
}

static bool has_saver(const struct phone *ph)
{
    const enum device_family of = ph->model->family;

    return ph->model->lcd.width_px && (of == FAMILY_SPA3XX || of == FAMILY_SPA5XX || is_wide(ph));
}

static uint32_t wait_ms(const struct phone *ph)
{
    return param_ms(ph->params, is_525(ph) ? P_Screen_Saver_Trigger_Time : P_Screen_Saver_Wait, 0);
}

bool phone_saver_on(const struct phone *ph)
{
    return ph->state == PHONE_UP && has_saver(ph) &&
           param_bool(ph->params, P_Screen_Saver_Enable, 0) && phone_quiet_ms(ph) >= wait_ms(ph) &&
           strcmp(app_current(ph)->name, "idle") == 0;
}

/* "01/21 10:32a" */
static void put_time(const struct phone *ph, struct screen *s, bool clock_first)
{
    char *date = s->rows[clock_first ? 1 : 0], *clock = s->rows[clock_first ? 0 : 1];
    char both[SCREEN_COLS];

    app_print_time(ph, (time_t)(clock_wall_ms(ph->env->lp) / 1000), both, sizeof(both));
    const size_t n = strcspn(both, " ");
    snprintf(date, SCREEN_COLS, "%.*s", (int)n, both);
    snprintf(clock, SCREEN_COLS, "%s", both + n + 1);
    s->n_rows = 2;
}

static void station_and_time(const struct phone *ph, struct screen *s)
{
    char time[24];

    app_print_time(ph, (time_t)(clock_wall_ms(ph->env->lp) / 1000), time, sizeof(time));
    app_print_station(ph, s->rows[0], sizeof(s->rows[0]));
    s->n_rows = s->rows[0][0] ? 1 : 0;
    snprintf(s->rows[s->n_rows++], SCREEN_COLS, "%s", time);
}

static bool has_background(const struct phone *ph, struct screen *s)
{
    phone_background_show(ph, s, false);
    return s->background || s->logo[0][0];
}

/* Without a picture there is the time, so that nobody takes the phone for dead [DEF]. */
static void mono_saver(const struct phone *ph, struct screen *s)
{
    const char *icon = param_get(ph->params, P_Screen_Saver_Icon, 0);

    s->saver = SCREEN_SAVER_WORDS;
    if (strcmp(icon, "Lock") == 0) {
        snprintf(s->saver_icon, sizeof(s->saver_icon), "lock");
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "Press any key");
    } else if (strcmp(icon, "Phone") == 0) {
        snprintf(s->saver_icon, sizeof(s->saver_icon), "line");
    } else if (strcmp(icon, "DateTime") == 0) {
        put_time(ph, s, false);
    } else if (strcmp(icon, "StationTime") != 0 && has_background(ph, s)) {
        s->saver = SCREEN_SAVER_PICTURE;
    } else {
        station_and_time(ph, s);
    }
}

static void wide_saver(const struct phone *ph, struct screen *s)
{
    const char *type = param_get(ph->params, P_Screen_Saver_Type, 0);
    const bool odd = s->saver_step % 2;

    if (strcmp(type, "Clock") == 0) {
        s->saver = SCREEN_SAVER_CLOCK;
        put_time(ph, s, true);
    } else if (strcmp(type, "Logo") == 0 || strstr(type, "Picture") || strstr(type, "Frame")) {
        s->saver = SCREEN_SAVER_PICTURE;
        (void)has_background(ph, s);
    } else if (strstr(type, "Rotation")) {
        s->saver = odd ? SCREEN_SAVER_GRAY : SCREEN_SAVER_BLACK;
    } else {
        s->saver = strncmp(type, "Gray", 4) == 0 ? SCREEN_SAVER_GRAY : SCREEN_SAVER_BLACK;
    }
}

void phone_saver_screen(const struct phone *ph, struct screen *s)
{
    const uint32_t set_ms =
        is_525(ph) ? param_ms(ph->params, P_Screen_Saver_Refresh_Time, 0) : MOVE_MS;
    const uint32_t step_ms = set_ms ? set_ms : MOVE_MS;

    screen_clear(s, "saver");
    s->saver_step = (uint8_t)((phone_quiet_ms(ph) - wait_ms(ph)) / step_ms % 10);
    if (is_wide(ph))
        wide_saver(ph, s);
    else
        mono_saver(ph, s);
}
