/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/lamp_look.h"

#include <string.h>

#include "sim/phone/blink.h"
#include "sim/phone/priv.h"

static const char *word(char letter, const char *letters, const char *const *words)
{
    const char *at = letter ? strchr(letters, letter) : NULL;
    return at ? words[at - letters] : NULL;
}

/* "on/off/on/off" in seconds, the pattern itself where nothing stands behind it; else the word that
 * is nearest: never out, one beat or more, or as fast as its first period. */
static const char *own(const char *u)
{
    uint32_t ms[BLINK_TIMES];
    const unsigned n = blink_times(u, ms);

    if (n < 2 || !ms[1])
        return "steady";
    if (!u[strspn(u, "0123456789./")])
        return u;
    if (n >= 4 && ms[2])
        return "double";
    return ms[0] + ms[1] < 500 ? "fast" : "slow";
}

bool lamp_script_read(const char *text, const char **color, const char **pattern)
{
    static const char *const colors[] = {"off", "red", "green", "amber"};
    static const char *const patterns[] = {"steady", "slow", "fast", "double", "own"};
    const char *c = NULL, *p = "steady", *u = "", *found;

    for (; *text; text += strcspn(text, ";,"), text += *text != '\0') {
        text += strspn(text, " \t");
        const char name = *text;
        const char *value = name ? text + 1 + strspn(text + 1, " \t") : text;
        if (*value != '=')
            continue;
        value += 1 + strspn(value + 1, " \t");
        if (name == 'c' && (found = word(*value, "orga", colors)))
            c = found;
        else if (name == 'p' && (found = word(*value, "nsfdu", patterns)))
            p = found;
        else if (name == 'u')
            u = value;
    }
    if (!c)
        return false;
    *color = c;
    *pattern = strcmp(p, "own") == 0 ? own(u) : p;
    return true;
}

void lamp_look_show(const struct phone *ph, const struct lamp_look *look, const char **color,
                    const char **pattern)
{
    const bool b = look->color_b && device_version_cmp(ph->firmware, "7.5.0") < 0;

    if (lamp_script_read(param_get(ph->params, look->script, 0), color, pattern))
        return;
    *color = b ? look->color_b : look->color;
    *pattern = b ? look->pattern_b : look->pattern;
}
