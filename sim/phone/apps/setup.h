/* SPDX-License-Identifier: BSD-3-Clause */
/* Menus as const tables, for setup.c and setup_wide.c. */
#ifndef SIM_PHONE_APPS_SETUP_H
#define SIM_PHONE_APPS_SETUP_H

#include "sim/phone/apps/apps.h"

#define SETUP_MENU(text, list)                                                                     \
    {                                                                                              \
        .title = text, .items = list, .n = sizeof(list) / sizeof(list[0])                          \
    }

#define SETUP_TIME_FORMATS "12hr|24hr"
#define SETUP_DATE_FORMATS "month/day|day/month"
#define SETUP_BACK_LIGHTS  "Off|10 s|20 s|30 s|Always On" /* devices.md 6.2 [FPBX] */

#define SETUP_SAVER_ICONS "StationTime|Lock|Phone|DateTime|Background Picture"
#define SETUP_SAVER_TYPES                                                                          \
    "Black Background|Gray Background|Black/Gray Rotation|Picture Rotation|Digital Frame|Clock"

extern const struct menu setup_preferences, setup_forwards, setup_voice_mail, setup_network,
    setup_network_status, setup_console;
extern const struct menu setup_525, setup_mpp, setup_wip, setup_cp79;
extern const struct app_question setup_reboot, setup_restart, setup_factory_reset;

bool setup_has_languages(const struct phone *ph); /* a dictionary has been configured */
int setup_open_history(struct phone *ph);

#endif
