/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/sound.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/phone/tone.h"
#include "sim/sip/call.h"
#include "sim/sip/media_source.h"

static void tone(struct phone_sound *s, const struct phone *ph, const char *name, uint64_t since)
{
    const char *script = phone_get(ph, name);

    if (!script || !*script)
        return;
    *s = (struct phone_sound){.kind = PHONE_TONE, .name = name, .script = script, .since = since};
}

/* devices.md 11.2: stutter when messages wait, another one while all calls are forwarded. */
static const char *dial_tone(const struct phone *ph, unsigned line)
{
    if (*param_get(ph->params, P_Cfwd_All_Dest, 0))
        return "Cfwd_Dial_Tone";
    return ph->lines[line - 1].message_waiting ? "MWI_Dial_Tone" : "Dial_Tone";
}

static void input_tone(const struct phone *ph, struct phone_sound *s)
{
    const struct phone_input *in = &ph->calls->input;

    if (in->in.result == DIALPLAN_REJECT)
        tone(s, ph, "Reorder_Tone", in->key_ms);
    else if (in->in.outside_tone)
        tone(s, ph, "Outside_Dial_Tone", in->key_ms);
    else if (!in->in.digits[0])
        tone(s, ph, dial_tone(ph, in->line), in->key_ms);
}

/* "c=2" of a ring's script names its cadence; without it the first one is meant. */
static void put_ring(const struct phone *ph, const char *name, const char *script, uint64_t since,
                     struct phone_sound *s)
{
    static const char *const cadences[] = {"Cadence_1", "Cadence_1", "Cadence_2", "Cadence_3",
                                           "Cadence_4", "Cadence_5", "Cadence_6", "Cadence_7",
                                           "Cadence_8", "Cadence_9"};
    struct ring_script r;

    (void)ring_parse(&r, script); /* one without a waveform still has a cadence */
    *s = (struct phone_sound){.kind = PHONE_RING,
                              .name = name,
                              .script = script,
                              .cadence = phone_get(ph, cadences[r.cadence]),
                              .since = since};
}

static void ring(const struct phone *ph, const struct phone_call *pc, struct phone_sound *s)
{
    const unsigned long n =
        strtoul(param_get(ph->params, P_Default_Ring, (uint16_t)pc->line), NULL, 10);
    static const char *const names[] = {"",       "Ring1",  "Ring2", "Ring3", "Ring4",
                                        "Ring5",  "Ring6",  "Ring7", "Ring8", "Ring9",
                                        "Ring10", "Ring11", "Ring12"};

    if (!n || n >= sizeof(names) / sizeof(names[0])) /* "No Ring", "User 1" that is not installed */
        return;
    const char *script = phone_get(ph, names[n]);
    if (script && *script)
        put_ring(ph, names[n], script, pc->since_ms, s);
}

/* What ended is told by its tone; the reason's names are those of calls.c. */
static void ended_tone(const struct phone *ph, const struct phone_call *pc, struct phone_sound *s)
{
    static const struct {
        const char *tone, *name;
    } tones[] = {{"busy", "Busy_Tone"}, {"reorder", "Reorder_Tone"}, {"sit1", "SIT1_Tone"},
                 {"sit2", "SIT2_Tone"}, {"sit3", "SIT3_Tone"},       {"sit4", "SIT4_Tone"}};

    for (size_t i = 0; pc->tone && i < sizeof(tones) / sizeof(tones[0]); i++) {
        if (strcmp(pc->tone, tones[i].tone) == 0)
            tone(s, ph, tones[i].name, pc->ended_ms);
    }
}

static void call_tone(const struct phone *ph, const struct phone_call *pc, struct phone_sound *s)
{
    struct ua_call_info info = {.early = false};

    if (pc->ua)
        ua_call_info(pc->ua, &info);
    if (pc->state == PHONE_CALL_PROGRESS && !info.early)
        tone(s, ph, "Ring_Back_Tone", pc->since_ms);
    else if (pc->state == PHONE_CALL_CONNECTED && info.held)
        tone(s, ph, "Holding_Tone", pc->since_ms);
    else if (pc->state == PHONE_CALL_ENDED)
        ended_tone(ph, pc, s);
}

void phone_sound(const struct phone *ph, struct phone_sound *s)
{
    const struct phone_call *ringing = phone_calls_in(ph, PHONE_CALL_RINGING);
    const struct phone_call *up = phone_calls_in(ph, PHONE_CALL_CONNECTED), *focus;
    const bool entering = ph->calls && ph->calls->input.open;
    const char *name, *script;
    uint64_t since;

    *s = (struct phone_sound){.kind = PHONE_SILENT};
    if (ph->state != PHONE_UP)
        return;
    if (ringing && (up || entering))
        tone(s, ph, "Call_Waiting_Tone", ringing->since_ms);
    else if (ringing)
        ring(ph, ringing, s);
    else if (entering)
        input_tone(ph, s);
    else if ((focus = phone_calls_focus(ph)) != NULL)
        call_tone(ph, focus, s);
    else if ((script = phone_playing(ph, &name, &since)) != NULL && *script)
        put_ring(ph, name, script, since, s);
    else if (script)
        *s = (struct phone_sound){
            .kind = PHONE_RECORDING, .name = name, .script = script, .since = since};
}

/* The call whose sound comes out of the phone: early media, too. */
static struct phone_call *heard(const struct phone *ph)
{
    struct phone_call *pc = phone_calls_in(ph, PHONE_CALL_CONNECTED);

    pc = pc ? pc : phone_calls_in(ph, PHONE_CALL_PROGRESS);
    return pc && pc->ua ? pc : NULL;
}

size_t phone_listen(const struct phone *ph, struct phone_ear *ear, int16_t *pcm, size_t n)
{
    const struct phone_call *pc = heard(ph);

    if (!pc) { /* calls are counted from 1 */
        if (ear->call)
            *ear = (struct phone_ear){.call = 0};
        return phone_stream_listen(ph, &ear->at, pcm, n);
    }
    if (ear->call != pc->id)
        *ear = (struct phone_ear){.call = pc->id};
    return ua_call_listen(pc->ua, &ear->at, pcm, n);
}

static bool sends_stream(const struct phone *ph)
{
    struct phone_stream st;
    return phone_stream_get(ph, false, &st);
}

bool phone_speaks(const struct phone *ph)
{
    return phone_is(ph, PHONE_CONNECTED) || sends_stream(ph);
}

void phone_speak(struct phone *ph, const int16_t *pcm, size_t n)
{
    if (ph->calls && ph->calls->source && !ph->muted && (heard(ph) || sends_stream(ph)))
        media_source_feed(ph->calls->source, pcm, n);
}
