/* SPDX-License-Identifier: BSD-3-Clause */
/* Which tone or ring sounds when (devices.md 11), and what a call lets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "sim/lab/lab.h"
#include "sim/phone/sound.h"
#include "sim/sip/media_source.h"
#include "tests/support/real_farm.h"

struct rig {
    struct loop *lp;
    struct lab *lab;
};

static int set_up(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    const struct lab_config lab = {.listen = "127.131.7.250"};
    struct rig *rig = calloc(1, sizeof(*rig));
    char err[200];
    int e = rig ? loop_alloc(&rig->lp, &cfg) : 1;

    if (!e)
        e = lab_open(&rig->lab, rig->lp, &lab, err, sizeof(err));
    *state = rig;
    return e;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    mem_deref(rig->lab);
    mem_deref(rig->lp);
    free(rig);
    return 0;
}

static void await(struct loop *lp, struct phone *ph, enum phone_cond cond)
{
    const time_t end = time(NULL) + 20;

    while (!phone_is(ph, cond)) {
        if (time(NULL) > end)
            fail_msg("phone %u does not get there", phone_n(ph));
        loop_poll(lp);
    }
}

/* Two phones that can call each other. */
static struct farm *two(const struct rig *rig, const char *source)
{
    char set[80];
    const char *const options[] = {"count",     "2",
                                   "addr",      "127.131.7.0/24",
                                   "registrar", lab_registrar(rig->lab),
                                   "media",     "on",
                                   "set",       set,
                                   "set",       "Dial_Plan_1_=(xxx.)",
                                   NULL};

    snprintf(set, sizeof(set), "Sim_Media_Source=%s", source);
    struct farm *f = real_farm(rig->lp, options);
    farm_power_on(f, 0);
    await(rig->lp, farm_phone(f, 1), PHONE_REGISTERED);
    await(rig->lp, farm_phone(f, 2), PHONE_REGISTERED);
    return f;
}

static void sounds(const struct phone *ph, const char *name)
{
    struct phone_sound s;

    phone_sound(ph, &s);
    if (!name != !s.name || (name && strcmp(name, s.name) != 0))
        fail_msg("phone %u sounds %s, not %s", phone_n(ph), s.name ? s.name : "nothing",
                 name ? name : "nothing");
    if (name)
        assert_true(s.script && *s.script);
}

static void off_hook_sounds_the_dial_tone_until_a_digit_comes(void **state)
{
    const struct rig *rig = *state;
    struct farm *f = two(rig, "silence");
    struct phone *ph = farm_phone(f, 1);

    sounds(ph, NULL);
    phone_press(ph, "hook", 0);
    sounds(ph, "Dial_Tone");
    phone_press(ph, "1", 0);
    sounds(ph, NULL);
    phone_press(ph, "hook", 0);
    phone_set(ph, "Cfwd_All_Dest", "1003");
    phone_press(ph, "hook", 0);
    sounds(ph, "Cfwd_Dial_Tone");
    mem_deref(f);
}

static void a_call_rings_back_here_and_rings_there(void **state)
{
    const struct rig *rig = *state;
    struct farm *f = two(rig, "silence");
    struct phone *a = farm_phone(f, 1), *b = farm_phone(f, 2);
    struct phone_sound s;

    assert_int_equal(phone_dial(a, "1002"), 0);
    await(rig->lp, b, PHONE_RINGING);
    for (phone_sound(a, &s); !s.name; phone_sound(a, &s))
        loop_poll(rig->lp);
    sounds(a, "Ring_Back_Tone");
    sounds(b, "Ring1");
    phone_sound(b, &s);
    assert_int_equal(s.kind, PHONE_RING);
    assert_string_equal(s.cadence, "60(2/4)");
    assert_int_equal(phone_set(b, "Ring1", "n=Disc=2;w=3;c=3"), 0); /* a name is no cadence */
    phone_sound(b, &s);
    assert_string_equal(s.cadence, phone_get(b, "Cadence_3"));
    phone_answer(b, 0);
    await(rig->lp, a, PHONE_CONNECTED);
    sounds(a, NULL);
    sounds(b, NULL);
    mem_deref(f);
}

static void a_line_that_shall_not_ring_does_not(void **state)
{
    const struct rig *rig = *state;
    struct farm *f = two(rig, "silence");
    struct phone *a = farm_phone(f, 1), *b = farm_phone(f, 2);

    phone_set(b, "Default_Ring__1__", "No Ring");
    phone_dial(a, "1002");
    await(rig->lp, b, PHONE_RINGING);
    sounds(b, NULL);
    phone_set(b, "Default_Ring__1__", "12");
    sounds(b, "Ring12");
    mem_deref(f);
}

static void a_refused_call_sounds_busy(void **state)
{
    const struct rig *rig = *state;
    struct farm *f = two(rig, "silence");
    struct phone *a = farm_phone(f, 1), *b = farm_phone(f, 2);
    struct phone_sound s;

    phone_set(b, "DND_Setting", "Yes");
    phone_dial(a, "1002");
    for (phone_sound(a, &s); !s.name; phone_sound(a, &s))
        loop_poll(rig->lp);
    sounds(a, "Busy_Tone");
    mem_deref(f);
}

/* Listen until the meter is full. */
static void hear(struct loop *lp, struct phone *ph, struct media_meter *m)
{
    struct phone_ear ear = {0};
    const time_t end = time(NULL) + 20;
    int16_t pcm[400];

    while (m->n < METER_WINDOW && time(NULL) <= end) {
        loop_poll(lp);
        media_meter_add(m, pcm, phone_listen(ph, &ear, pcm, 400));
    }
}

static void what_one_end_sends_the_other_hears(void **state)
{
    const struct rig *rig = *state;
    struct farm *f = two(rig, "tone 700");
    struct phone *a = farm_phone(f, 1), *b = farm_phone(f, 2);
    struct media_meter m = {0};
    double dbm0, hz;

    phone_dial(a, "1002");
    await(rig->lp, b, PHONE_RINGING);
    phone_answer(b, 0);
    await(rig->lp, a, PHONE_CONNECTED);
    hear(rig->lp, a, &m);
    media_meter_read(&m, &dbm0, &hz);
    assert_true(fabs(hz - 700) <= 3);
    mem_deref(f);
}

static void a_voice_goes_into_the_call_where_the_source_is_live(void **state)
{
    const struct rig *rig = *state;
    struct farm *f = two(rig, "live");
    struct phone *a = farm_phone(f, 1), *b = farm_phone(f, 2);
    struct phone_ear ear = {0};
    int16_t voice[160], pcm[400];
    const time_t end = time(NULL) + 20;
    int loudest = 0;

    memset(voice, 0x20, sizeof(voice));
    phone_dial(a, "1002");
    await(rig->lp, b, PHONE_RINGING);
    phone_answer(b, 0);
    await(rig->lp, a, PHONE_CONNECTED);
    while (loudest < 0x1c00 && time(NULL) <= end) {
        loop_poll(rig->lp);
        phone_speak(b, voice, 160);
        const size_t n = phone_listen(a, &ear, pcm, 400);
        for (size_t i = 0; i < n; i++)
            loudest = pcm[i] > loudest ? pcm[i] : loudest;
    }
    assert_in_range(loudest, 0x1c00, 0x2400);
    mem_deref(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(off_hook_sounds_the_dial_tone_until_a_digit_comes),
        TEST(a_call_rings_back_here_and_rings_there),
        TEST(a_line_that_shall_not_ring_does_not),
        TEST(a_refused_call_sounds_busy),
        TEST(what_one_end_sends_the_other_hears),
        TEST(a_voice_goes_into_the_call_where_the_source_is_live),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
