/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The glass, whatever is on it: contrast and backlight (devices.md 4, 6.2, 8 item 17). Nothing runs
 * for them: what they are is worked out when somebody looks.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"

enum {
    CONTRAST_MAX = 15, /* devices.md 4 [D] */
    CONTRAST_MAX_525 = 30,
    BACK_LIGHT_S = 10, /* 6.2 */
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

void phone_display(const struct phone *ph, struct screen *s)
{
    if (ph->state == PHONE_OFF || !ph->model->lcd.width_px)
        return;
    s->contrast = (int8_t)contrast(ph);
    s->unlit = ph->model->lcd.backlight && strcmp(s->app, "idle") == 0 && is_unlit(ph);
}
