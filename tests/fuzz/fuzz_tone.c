/* SPDX-License-Identifier: BSD-3-Clause */
/* Tone, cadence and ring scripts (devices.md 11), and a while of what they sound like. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/tone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play(const struct tone_script *t, const struct ring_script *r)
{
    struct tone_player p;
    int16_t pcm[333];

    tone_start(&p, t, 8000);
    for (unsigned i = 0; i < 30; i++) {
        if (!(r ? ring_read(r, &p, pcm, 333) : tone_read(&p, pcm, 333)))
            return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct tone_script t;
    struct ring_script r;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (tone_parse(&t, text) == 0)
        play(&t, NULL);
    const bool ring = ring_parse(&r, text) == 0;
    if (tone_parse_cadence(&t, text) == 0 || (ring && tone_parse_cadence(&t, "60(2/4)") == 0))
        play(&t, ring ? &r : NULL);
    free(text);
    return 0;
}
