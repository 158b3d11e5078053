/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which audio device is on, and the keys of it: handset, speaker, headset, mute, volume (devices.md
 * 1.2, 3.3, 4 [941]). Calls that no key began have the handset [DEF].
 */
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <string.h>

#include "sim/lcd/screen.h"
#include "sim/phone/calls.h"
#include "sim/phone/ivr.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/sip/call.h"

enum { VOLUME_MAX = 15 }; /* 16 steps */
enum { LIT_SPEAKER = 1 << 0, LIT_HEADSET = 1 << 1, LIT_MUTE = 1 << 2 };

static const char *const names[] = {
    [PHONE_AUDIO_HANDSET] = "hook",
    [PHONE_AUDIO_SPEAKER] = "speaker",
    [PHONE_AUDIO_HEADSET] = "headset",
};
enum { N_DEVICES = sizeof(names) / sizeof(names[0]) };

/* A number to forward calls to takes none. */
static bool is_off_hook(const struct phone *ph)
{
    return ph->calls && ph->calls->input.open && ph->calls->input.mode < INPUT_CFWD_ALL;
}

bool phone_audio_on(const struct phone *ph)
{
    if (ph->state != PHONE_UP)
        return false;
    return is_off_hook(ph) || phone_calls_in(ph, PHONE_CALL_CONNECTED) ||
           phone_calls_in(ph, PHONE_CALL_PROGRESS) || phone_calls_in(ph, PHONE_CALL_CALLING) ||
           phone_ivr_open(ph);
}

const char *phone_audio_name(const struct phone *ph)
{
    return !phone_audio_on(ph)                ? "none"
           : ph->audio == PHONE_AUDIO_HANDSET ? "handset"
                                              : names[ph->audio];
}

static bool has_key(const struct phone *ph, const char *name)
{
    const struct device_key *k = ph->model->keys;

    while (k->name && strcmp(k->name, name) != 0)
        k++;
    return k->name != NULL;
}

/* What a line key or a soft key opens: Preferred_Audio_Device, else the speaker [DEF]. */
static enum phone_audio preferred(const struct phone *ph)
{
    const bool headset = strcmp(param_get(ph->params, P_Preferred_Audio_Device, 0), "Headset") == 0;
    const enum phone_audio device = headset ? PHONE_AUDIO_HEADSET : PHONE_AUDIO_SPEAKER;

    return has_key(ph, names[device]) ? device : PHONE_AUDIO_HANDSET;
}

static void use_source(struct phone *ph)
{
    struct media_source *source = NULL;

    if (!ph->calls || !ph->env->media_on)
        return;
    if (!ph->muted && phone_media_source(ph, &source))
        return; /* without memory it stays as it is */
    for (struct phone_call *pc = ph->calls->list; pc; pc = pc->next) {
        if (pc->ua)
            ua_call_set_source(pc->ua, source);
    }
    mem_deref(source);
}

static int mute(struct phone *ph, bool muted)
{
    if (ph->muted == muted)
        return 0;
    ph->muted = muted;
    use_source(ph);
    return 1;
}

/* Each step of the ringer lets itself be heard [941]. */
static void play_snippet(struct phone *ph)
{
    char name[24];

    snprintf(name, sizeof(name), "Ring%.15s", param_get(ph->params, P_Default_Ring, 1));
    (void)phone_play_ring(ph, name); /* "No Ring" is none */
}

/* The ringer's where no device is on. */
static void turn(struct phone *ph, bool up)
{
    static const enum param_id ids[] = {
        [PHONE_AUDIO_HANDSET] = P_Handset_Volume,
        [PHONE_AUDIO_SPEAKER] = P_Speaker_Volume,
        [PHONE_AUDIO_HEADSET] = P_Headset_Volume,
    };
    const enum param_id id = phone_audio_on(ph) ? ids[ph->audio] : P_Ringer_Volume;
    const uint32_t now = param_u32(ph->params, id, 0);
    char value[12];

    if (now == (up ? VOLUME_MAX : 0))
        return;
    snprintf(value, sizeof(value), "%u", now > VOLUME_MAX ? VOLUME_MAX : up ? now + 1 : now - 1);
    (void)param_set_value(ph->params, id, 0, value, PARAM_FROM_USER, NULL);
    if (id == P_Ringer_Volume && !phone_calls_live(ph))
        play_snippet(ph);
}

/* Another device takes over what is going on; a ringing call is answered by it, though. */
static bool take_over(struct phone *ph, enum phone_audio device)
{
    const bool other = phone_audio_on(ph) && ph->audio != device;

    if (other && ph->audio == PHONE_AUDIO_SPEAKER && device == PHONE_AUDIO_HANDSET)
        (void)mute(ph, false);
    ph->audio = (uint8_t)device;
    return other && !phone_calls_in(ph, PHONE_CALL_RINGING);
}

enum phone_audio_key phone_audio_press(struct phone *ph, const char *key)
{
    if (strcmp(key, "mute") == 0)
        return phone_audio_on(ph) && mute(ph, !ph->muted) ? AUDIO_KEY_CHANGED : AUDIO_KEY_DONE;
    if (strcmp(key, "volup") == 0 || strcmp(key, "voldown") == 0) {
        turn(ph, key[3] == 'u');
        return AUDIO_KEY_DONE;
    }
    for (unsigned i = 0; i < N_DEVICES; i++) {
        if (strcmp(key, names[i]) == 0)
            return take_over(ph, (enum phone_audio)i) ? AUDIO_KEY_CHANGED : AUDIO_KEY_GOES_ON;
    }
    if (!phone_audio_on(ph) && !phone_calls_live(ph))
        ph->audio = (uint8_t)preferred(ph);
    return AUDIO_KEY_GOES_ON;
}

void phone_audio_rest(struct phone *ph)
{
    if (ph->pressing || phone_audio_on(ph) || phone_calls_live(ph))
        return;
    ph->audio = PHONE_AUDIO_HANDSET;
    ph->muted = false;
}

bool phone_audio_lamp(const struct phone *ph, const char *lamp, const char **color)
{
    const bool on = phone_audio_on(ph);

    if (strcmp(lamp, "mute") == 0)
        *color = on && ph->muted ? "red" : "off";
    else if (strcmp(lamp, "speaker") == 0)
        *color = on && ph->audio == PHONE_AUDIO_SPEAKER ? "green" : "off";
    else if (strcmp(lamp, "headset") == 0)
        *color = on && ph->audio == PHONE_AUDIO_HEADSET ? "green" : "off";
    else
        return false;
    return true;
}

uint16_t phone_audio_icons(const struct phone *ph)
{
    if (!phone_audio_on(ph))
        return 0;
    return (uint16_t)((ph->audio == PHONE_AUDIO_SPEAKER   ? SCREEN_ICON_SPEAKER
                       : ph->audio == PHONE_AUDIO_HEADSET ? SCREEN_ICON_HEADSET
                                                          : 0) |
                      (ph->muted ? SCREEN_ICON_MUTE : 0));
}

void phone_audio_changed(struct phone *ph)
{
    static const struct {
        uint16_t icon;
        uint8_t bit;
        const char *lamp;
    } lamps[] = {{SCREEN_ICON_SPEAKER, LIT_SPEAKER, "speaker"},
                 {SCREEN_ICON_HEADSET, LIT_HEADSET, "headset"},
                 {SCREEN_ICON_MUTE, LIT_MUTE, "mute"}};
    const uint16_t icons = phone_audio_icons(ph);
    uint8_t lit = 0;

    for (size_t i = 0; i < sizeof(lamps) / sizeof(lamps[0]); i++)
        lit |= icons & lamps[i].icon ? lamps[i].bit : 0;
    const uint8_t changed = lit ^ ph->audio_lit;
    ph->audio_lit = lit;
    for (size_t i = 0; i < sizeof(lamps) / sizeof(lamps[0]); i++) {
        if (changed & lamps[i].bit)
            phone_lamp_changed(ph, lamps[i].lamp);
    }
}
