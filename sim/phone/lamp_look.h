/* SPDX-License-Identifier: BSD-3-Clause */
/* What a lamp looks like in one state: its parameter's script, or the default (devices.md 3). */
#ifndef SIM_PHONE_LAMP_LOOK_H
#define SIM_PHONE_LAMP_LOOK_H

#include "devices/params.h"

struct phone;

struct lamp_look {
    enum param_id script;
    const char *color, *pattern;     /* column A of 3.2: 7.5 and later */
    const char *color_b, *pattern_b; /* column B; NULL = says nothing, as A */
};

/**
 * Read "c=r;p=s" (3.1): ',' may stand for ';', and one letter is enough. A pattern of the user's
 * own, "p=ud;u=on/off…", is what stands there, part of text; where more stands behind it, the word
 * that is nearest [DEF]. false: no colour in it.
 */
bool lamp_script_read(const char *text, const char **color, const char **pattern);

void lamp_look_show(const struct phone *ph, const struct lamp_look *look, const char **color,
                    const char **pattern);

#endif
