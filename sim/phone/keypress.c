/* SPDX-License-Identifier: BSD-3-Clause */
/* A key of the phone is pressed: what hears of it, and in which order. */
#include "sim/phone/phone.h"

#include <errno.h>
#include <string.h>
#include <re.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

enum { LONG_PRESS_MS = 1000 };

static const struct device_key *find_key(const struct device_model *m, const char *name)
{
    for (const struct device_key *k = m->keys; k->name; k++) {
        if (strcmp(k->name, name) == 0)
            return k;
    }
    return NULL;
}

int phone_power_holding(struct phone *ph, const char *key)
{
    if (!find_key(ph->model, key))
        return ENOENT;
    if (ph->state != PHONE_OFF)
        return EALREADY;
    phone_power_on(ph, key);
    return 0;
}

/* Any key ends a screen saver and does nothing else, but for these [DEF]. */
static bool goes_off_hook(const char *key)
{
    return strcmp(key, "hook") == 0 || strcmp(key, "speaker") == 0 || strcmp(key, "headset") == 0 ||
           strncmp(key, "line", 4) == 0;
}

/* A WIP310 has no key for messages: 1, held (devices.md 1.2 (u); how long [DEF]). */
static bool means_messages(const struct phone *ph, const char *key, uint32_t hold_ms)
{
    return ph->model->family == FAMILY_WIP310 && hold_ms >= LONG_PRESS_MS &&
           strcmp(key, "1") == 0 && !ph->dial[0] && strcmp(app_current(ph)->name, "idle") == 0;
}

static int press(struct phone *ph, const char *key, char digit)
{
    unsigned unit, n;
    const enum phone_audio_key audio = phone_audio_press(ph, key);

    if (audio != AUDIO_KEY_GOES_ON)
        return audio == AUDIO_KEY_CHANGED;
    if (phone_key_find(ph, key, &unit, &n)) {
        if (phone_key_pressed(ph, unit, n) || unit || phone_shared_pressed(ph, n))
            return 1;
        ph->pressed_key = (uint8_t)n;
    }
    return app_key(ph, key, digit);
}

int phone_press(struct phone *ph, const char *key, uint32_t hold_ms)
{
    const struct device_key *k = find_key(ph->model, key);
    unsigned unit, n;

    if (!k && !phone_key_find(ph, key, &unit, &n))
        return ENOENT;
    if (ph->state == PHONE_OFF)
        return EHOSTDOWN;
    const bool ends_saver = phone_saver_on(ph);
    phone_display_wake(ph);
    phone_idle_page_touched(ph);
    phone_emit_text(ph, PHONE_EV_KEY, key, NULL);
    if (ends_saver)
        phone_screen_changed(ph);
    if (ends_saver && !goes_off_hook(key))
        return 0;
    const bool inside = ph->pressing; /* of a key that presses others */
    ph->pressing = true;
    const char digit = k ? k->digit : 0;
    if (ph->reset                          ? phone_reset_key(ph, digit)
        : ph->state != PHONE_UP            ? 0
        : means_messages(ph, key, hold_ms) ? app_call_messages(ph)
                                           : press(ph, key, digit))
        phone_screen_changed(ph);
    ph->pressing = inside;
    phone_audio_rest(ph);
    ph->pressed_key = 0;
    return 0;
}

int phone_type(struct phone *ph, const char *text)
{
    int err =
        strcmp(app_current(ph)->name, "xml") == 0 ? phone_page_type(ph, text) : app_type(ph, text);

    if (err != ENOENT)
        return err;
    for (const char *p = text; *p; p++) {
        if (!strchr("0123456789*#", *p))
            return EINVAL;
    }
    err = 0;
    for (const char *p = text; *p && !err; p++) {
        const char name[2] = {*p, '\0'};
        err = phone_press(ph, name, 0);
    }
    return err;
}
