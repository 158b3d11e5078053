/* SPDX-License-Identifier: BSD-3-Clause */
/* What the display says before the phone is up (devices.md 2.1; phrases [DICT]). */
#include <stdio.h>

#include "sim/lcd/screen.h"
#include "sim/phone/priv.h"

void app_boot_screen(const struct phone *ph, struct screen *s)
{
    if (ph->state == PHONE_OFF || !ph->model->lcd.width_px)
        return;
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s",
             ph->state == PHONE_PROVISIONING ? "Resync In Progress" : "System Booting Up");
}
