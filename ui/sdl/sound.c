/* SPDX-License-Identifier: BSD-3-Clause */
/* The phone on view, heard: rings, tones, its call; and the user's voice into it. The sound card is
 * fed ahead from the loop; no other thread of ours is about. */
#include "ui/sdl/priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/phone/sound.h"
#include "sim/phone/tone.h"

enum {
    RATE = 8000,
    AHEAD = RATE * 9 / 100, /* samples that wait to be played */
    PIECE = 256,
    EAR_SIZE = 2048,       /* of what came over the network, */
    EAR_FIRST = RATE / 20, /* played when so much of it is there */
    VOICE = 160,
};

struct sound {
    SDL_AudioDeviceID out, in;
    bool no_in; /* there is no microphone */
    unsigned phone;
    struct phone_sound now;
    char script[256];
    struct ring_script ring;
    struct tone_player player, key; /* key: of the digit that was pressed */
    bool playing, key_playing;
    size_t recorded; /* samples of a recording that were played */
    struct phone_ear ear_at;
    int16_t ear[EAR_SIZE];
    size_t ear_n;
    bool ear_open;
};

static void destructor(void *arg)
{
    struct sound *s = arg;

    if (s->in)
        SDL_CloseAudioDevice(s->in);
    if (s->out)
        SDL_CloseAudioDevice(s->out);
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
}

static SDL_AudioDeviceID open_device(bool capture)
{
    const SDL_AudioSpec want = {
        .freq = RATE, .format = AUDIO_S16SYS, .channels = 1, .samples = PIECE};
    const SDL_AudioDeviceID id = SDL_OpenAudioDevice(NULL, capture, &want, NULL, 0);

    if (id)
        SDL_PauseAudioDevice(id, 0);
    return id;
}

int sound_alloc(struct sound **sp)
{
    struct sound *s;

    if (SDL_InitSubSystem(SDL_INIT_AUDIO))
        return EIO;
    s = mem_zalloc(sizeof(*s), destructor);
    if (!s)
        return ENOMEM;
    s->out = open_device(false);
    if (!s->out) {
        mem_deref(s);
        return EIO;
    }
    *sp = s;
    return 0;
}

/* Begin what the phone began. */
static void follow(struct sound *s, const struct phone_sound *now)
{
    struct tone_script t;
    int err = EBADMSG;

    if (now->kind == s->now.kind && now->since == s->now.since && now->name == s->now.name)
        return;
    s->now = *now;
    s->playing = false;
    s->recorded = 0;
    if (now->kind == PHONE_SILENT || now->kind == PHONE_RECORDING)
        return;
    if (now->kind == PHONE_TONE)
        err = tone_parse(&t, now->script);
    else if (!ring_parse(&s->ring, now->script))
        err = tone_parse_cadence(&t, now->cadence && *now->cadence ? now->cadence : "60(2/4)");
    if (err)
        return;
    tone_start(&s->player, &t, RATE);
    s->playing = true;
}

void sound_key(struct sound *s, struct phone *ph, const char *key)
{
    static const char keys[] = "123A456B789C*0#D";
    static const unsigned low[] = {697, 770, 852, 941}, high[] = {1209, 1336, 1477, 1633};
    const char *at = key && key[0] && !key[1] ? strchr(keys, key[0]) : NULL;
    struct tone_script t;
    char text[64];
    struct screen screen;

    phone_screen(ph, &screen);
    if (!at || (strcmp(screen.app, "dialing") != 0 && strcmp(screen.app, "call") != 0))
        return;
    /* DTMF_Playback_Level, DTMF_Playback_Length (devices.md 11.2) */
    snprintf(text, sizeof(text), "%u@-16,%u@-16;.1(.1/0/1+2)", low[(at - keys) / 4],
             high[(at - keys) % 4]);
    s->key_playing = !tone_parse(&t, text);
    tone_start(&s->key, &t, RATE);
}

static void hear(struct sound *s, const struct phone *ph)
{
    const size_t room = EAR_SIZE - s->ear_n;

    s->ear_n += phone_listen(ph, &s->ear_at, s->ear + s->ear_n, room);
    if (s->ear_n == EAR_SIZE) { /* too far behind */
        memmove(s->ear, s->ear + EAR_SIZE / 2, EAR_SIZE / 2 * sizeof(s->ear[0]));
        s->ear_n = EAR_SIZE / 2;
    }
    s->ear_open |= s->ear_n >= EAR_FIRST;
}

static void add(int16_t *pcm, const int16_t *more, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const int sum = pcm[i] + more[i];
        pcm[i] = (int16_t)(sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum);
    }
}

static void add_ear(struct sound *s, int16_t *pcm, size_t n)
{
    if (!s->ear_open)
        return;
    n = n < s->ear_n ? n : s->ear_n;
    add(pcm, s->ear, n);
    s->ear_n -= n;
    memmove(s->ear, s->ear + n, s->ear_n * sizeof(s->ear[0]));
    s->ear_open = s->ear_n > 0;
}

static void play(struct sound *s, const struct phone *ph, size_t n)
{
    int16_t pcm[PIECE] = {0}, more[PIECE];

    n = n < PIECE ? n : PIECE;
    if (ph && s->now.kind == PHONE_RECORDING)
        s->recorded += phone_sound_read(ph, s->recorded, pcm, n);
    else if (s->playing && s->now.kind == PHONE_RING)
        s->playing = ring_read(&s->ring, &s->player, pcm, n);
    else if (s->playing)
        s->playing = tone_read(&s->player, pcm, n);
    if (s->key_playing) {
        s->key_playing = tone_read(&s->key, more, n);
        add(pcm, more, n);
    }
    add_ear(s, pcm, n);
    SDL_QueueAudio(s->out, pcm, (Uint32)(n * sizeof(pcm[0])));
}

/* The microphone is open while somebody may be spoken to, and at no other time. */
static void speak(struct sound *s, struct phone *ph)
{
    int16_t pcm[VOICE];
    Uint32 n;

    if (!ph || !phone_speaks(ph)) {
        if (s->in)
            SDL_CloseAudioDevice(s->in);
        s->in = 0;
        return;
    }
    if (!s->in && !s->no_in) {
        s->in = open_device(true);
        s->no_in = !s->in;
    }
    while (s->in && (n = SDL_DequeueAudio(s->in, pcm, sizeof(pcm))) > 0)
        phone_speak(ph, pcm, n / sizeof(pcm[0]));
}

void sound_update(struct sound *s, struct phone *ph)
{
    struct phone_sound now = {.kind = PHONE_SILENT};
    const unsigned n = ph ? phone_n(ph) : 0;

    if (n != s->phone) {
        s->phone = n;
        s->ear_at = (struct phone_ear){0};
        s->ear_n = 0;
        s->now = now;
        s->playing = s->key_playing = false;
    }
    if (ph) {
        phone_sound(ph, &now);
        hear(s, ph);
    }
    follow(s, &now);
    speak(s, ph);
    for (unsigned i = 0; i < AHEAD / PIECE + 1; i++) {
        const size_t waiting = SDL_GetQueuedAudioSize(s->out) / sizeof(int16_t);
        if (waiting >= AHEAD)
            break;
        play(s, ph, AHEAD - waiting);
    }
}
