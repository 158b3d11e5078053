/* SPDX-License-Identifier: BSD-3-Clause */
/* What the display says before the phone is up (devices.md 2.1; phrases [DICT], times [DEF]). */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/lcd/screen.h"
#include "sim/phone/priv.h"

enum { LOGO_MS = 1000, START_MS = 3000 };

static const struct {
    uint16_t at_ms;
    const char *text;
} steps[] = {
    {0, ""},
    {LOGO_MS, ""}, /* a picture, or words */
    {START_MS, "System Booting Up"},
    {4000, "Initializing Network"},
    {6000, "Checking DNS"},
};

enum { N_STEPS = sizeof(steps) / sizeof(steps[0]) };

uint64_t app_boot_next_ms(uint64_t since_ms)
{
    for (unsigned i = 0; i < N_STEPS; i++) {
        if (steps[i].at_ms > since_ms)
            return steps[i].at_ms;
    }
    return UINT64_MAX;
}

/* Of a start that is no power-on: what the phone said as it went down, in the blank second [DEF].
 */
static const char *farewell(const struct phone *ph)
{
    const struct phone_reboots *r = ph->reboots;
    const char *why = r && r->n ? r->last[(r->n - 1) % REBOOTS_KEPT].why : "";

    return strcmp(why, "Factory Reset") == 0 ? "Resetting to factory default"
           : ph->warm                        ? "System restarting"
                                             : "System rebooting";
}

static const char *phrase(const struct phone *ph)
{
    const uint64_t since_ms = phone_up_ms(ph);
    const char *text = "";

    if (ph->state == PHONE_PROVISIONING)
        return "Resync In Progress";
    if (ph->state == PHONE_UPGRADING)
        return "Upgrading Firmware";
    if (!ph->env->boot_real)
        return "System Booting Up";
    for (unsigned i = 0; i < N_STEPS && steps[i].at_ms <= since_ms; i++)
        text = steps[i].text;
    return text;
}

void app_boot_screen(const struct phone *ph, struct screen *s)
{
    if (ph->state == PHONE_OFF || !ph->model->lcd.width_px)
        return;
    if (ph->reset) {
        phone_reset_screen(ph, s);
        return;
    }
    const uint64_t since_ms = phone_up_ms(ph);
    if (ph->state == PHONE_BOOTING && ph->env->boot_real && ph->was_warm && since_ms < LOGO_MS) {
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", farewell(ph));
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "Please wait");
        return;
    }
    if (ph->state == PHONE_BOOTING && ph->env->boot_real && since_ms >= LOGO_MS &&
        since_ms < START_MS)
        phone_background_show(ph, s, true);
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", phrase(ph));
}
