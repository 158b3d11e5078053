/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/media_codec.h"

#include <errno.h>
#include <inttypes.h>

#include <spandsp/telephony.h>
#include <spandsp/bit_operations.h>
#include <spandsp/g711.h>
#include <spandsp/g722.h>

enum { G722_RATE = 64000 };

void media_codec_close(struct media_codec *c)
{
    if (c->encoder)
        g722_encode_free(c->encoder);
    if (c->decoder)
        g722_decode_free(c->decoder);
    c->encoder = c->decoder = NULL;
    c->id = CODEC_NONE;
}

int media_codec_set(struct media_codec *c, enum codec_id id)
{
    if (c->id == id)
        return 0;
    media_codec_close(c);
    if (!codec_info(id)->audible)
        return ENOSYS;
    if (id == CODEC_G722) {
        c->encoder = g722_encode_init(NULL, G722_RATE, G722_SAMPLE_RATE_8000);
        c->decoder = g722_decode_init(NULL, G722_RATE, G722_SAMPLE_RATE_8000);
        if (!c->encoder || !c->decoder) {
            media_codec_close(c);
            return ENOMEM;
        }
    }
    c->id = id;
    return 0;
}

void media_codec_encode(struct media_codec *c, uint8_t *out, const int16_t *pcm, size_t n)
{
    if (c->id == CODEC_G722) {
        g722_encode(c->encoder, out, pcm, (int)n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = c->id == CODEC_PCMA ? linear_to_alaw(pcm[i]) : linear_to_ulaw(pcm[i]);
}

size_t media_codec_decode(struct media_codec *c, int16_t *pcm, const uint8_t *data, size_t len)
{
    if (len > MEDIA_PACKET_SAMPLES)
        len = MEDIA_PACKET_SAMPLES;
    if (c->id == CODEC_G722)
        return (size_t)g722_decode(c->decoder, pcm, data, (int)len);
    for (size_t i = 0; i < len; i++)
        pcm[i] = c->id == CODEC_PCMA ? alaw_to_linear(data[i]) : ulaw_to_linear(data[i]);
    return len;
}
