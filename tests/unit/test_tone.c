/* SPDX-License-Identifier: BSD-3-Clause */
/* Tone, cadence and ring scripts and how they sound (devices.md 11.1 to 11.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "devices/params.h"
#include "sim/phone/tone.h"
#include "sim/sip/media_source.h"

enum { RATE = 8000 };

static void a_dial_tone_is_two_frequencies_for_ten_seconds(void **state)
{
    struct tone_script t;

    (void)state;
    assert_int_equal(tone_parse(&t, "350@-19,440@-19;10(*/0/1+2)"), 0);
    assert_int_equal(t.n_freqs, 2);
    assert_int_equal(t.hz[0], 350);
    assert_int_equal(t.hz[1], 440);
    assert_true(fabs(t.dbm[1] + 19) < 0.001);
    assert_int_equal(t.n_sections, 1);
    assert_int_equal(t.sections[0].total_ms, 10000);
    assert_int_equal(t.sections[0].segments[0].on_ms, TONE_ENDLESS);
    assert_int_equal(t.sections[0].segments[0].freqs, 3);
}

static void decimals_are_milliseconds_and_silence_has_no_frequency(void **state)
{
    struct tone_script t;

    (void)state;
    assert_int_equal(tone_parse(&t, "985@-16,1428@-16,1777@-16.5;"
                                    "20(.380/0/1,.380/0/2,.380/0/3,0/4/0)"),
                     0);
    assert_int_equal(t.sections[0].n, 4);
    assert_int_equal(t.sections[0].segments[0].on_ms, 380);
    assert_int_equal(t.sections[0].segments[2].freqs, 4);
    assert_int_equal(t.sections[0].segments[3].freqs, 0);
    assert_int_equal(t.sections[0].segments[3].off_ms, 4000);
    assert_true(fabs(t.dbm[2] + 16.5) < 0.001);
}

static void what_is_no_script_is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "350",
                                      "350@-19",
                                      "350@-19;",
                                      "350@-19;10",
                                      "350@-19;10(1/1/2)",
                                      "350@-19;10(1/1/1",
                                      "350@-19;10(1/1)",
                                      "350@-19;10(-1/1/1)",
                                      "9999@-19;10(1/1/1)",
                                      "350@512360;10(1/1/1)",
                                      "350@-19;10(1/1/1)x",
                                      "350@-19;99999999999(1/1/1)"};
    struct tone_script t;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (tone_parse(&t, bad[i]) != EBADMSG)
            fail_msg("\"%s\" is taken for a script", bad[i]);
    }
    assert_int_equal(tone_parse(&t, "1@1,2@1,3@1,4@1,5@1,6@1,7@1;1(1/1/1)"), E2BIG);
    assert_int_equal(tone_parse(&t, "1@1;1(1/1/1);1(1/1/1);1(1/1/1)"), E2BIG);
    assert_int_equal(tone_parse_cadence(&t, "1(1/1,1/1,1/1,1/1,1/1,1/1,1/1)"), E2BIG);
}

/* Every tone and cadence a phone comes with can be read. */
static void all_defaults_are_scripts(void **state)
{
    unsigned n_tones = 0, n_cadences = 0, n_rings = 0;

    (void)state;
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const struct param_def *d = param_def_get((enum param_id)i);
        const size_t len = strlen(d->name);
        struct tone_script t;
        struct ring_script r;
        int err = 0;
        if (len > 5 && strcmp(d->name + len - 5, "_Tone") == 0 && strchr(d->def, '@')) {
            err = tone_parse(&t, d->def);
            n_tones++;
        } else if (strncmp(d->name, "Cadence_", 8) == 0 && *d->def) {
            err = tone_parse_cadence(&t, d->def);
            n_cadences++;
        } else if (strncmp(d->name, "Ring", 4) == 0 && strncmp(d->def, "n=", 2) == 0) {
            err = ring_parse(&r, d->def);
            n_rings++;
        }
        if (err)
            fail_msg("%s: \"%s\"", d->name, d->def);
    }
    assert_true(n_tones > 15);
    assert_true(n_cadences >= 9);
    assert_true(n_rings >= 12);
}

static struct tone_player playing(const char *text)
{
    struct tone_script t;
    struct tone_player p;

    assert_int_equal(tone_parse(&t, text), 0);
    tone_start(&p, &t, RATE);
    return p;
}

/* Level and frequency of the next tenth of a second. */
static void hear(struct tone_player *p, double *dbm0, double *hz)
{
    struct media_meter m = {0};
    int16_t pcm[METER_WINDOW];

    tone_read(p, pcm, METER_WINDOW);
    media_meter_add(&m, pcm, METER_WINDOW);
    media_meter_read(&m, dbm0, hz);
}

static void a_tone_sounds_at_its_frequency_and_level(void **state)
{
    struct tone_player p = playing("440@-10;30(.3/.7/1)");
    double dbm0, hz;

    (void)state;
    hear(&p, &dbm0, &hz);
    assert_true(fabs(dbm0 + 10) < 0.3);
    assert_true(fabs(hz - 440) <= 2);
    hear(&p, &dbm0, &hz);
    hear(&p, &dbm0, &hz);
    hear(&p, &dbm0, &hz); /* 0.3 s: silence */
    assert_true(dbm0 < -90);
    for (unsigned i = 4; i < 10; i++)
        hear(&p, &dbm0, &hz);
    hear(&p, &dbm0, &hz); /* and again */
    assert_true(fabs(dbm0 + 10) < 0.3);
}

static void a_script_goes_from_section_to_section_and_ends(void **state)
{
    struct tone_player p = playing("350@-19,440@-13;.2(.1/.1/1);.3(*/0/2)");
    int16_t pcm[RATE];
    double dbm0, hz;

    (void)state;
    hear(&p, &dbm0, &hz);
    assert_true(fabs(hz - 350) <= 2);
    hear(&p, &dbm0, &hz);
    assert_true(dbm0 < -90);
    hear(&p, &dbm0, &hz);
    assert_true(fabs(hz - 440) <= 2);
    assert_false(tone_read(&p, pcm, RATE));
    for (size_t i = RATE / 5; i < RATE; i++)
        assert_int_equal(pcm[i], 0);
    assert_false(tone_read(&p, pcm, 10));
}

static void a_section_of_nothing_is_silence_for_its_time(void **state)
{
    struct tone_player p = playing("350@-19;.1(0/0/1,0/0/0);.1(*/0/1)");
    double dbm0, hz;

    (void)state;
    hear(&p, &dbm0, &hz);
    assert_true(dbm0 < -90);
    hear(&p, &dbm0, &hz);
    assert_true(dbm0 > -25);
}

static void pieces_of_any_size_make_the_same_sound(void **state)
{
    struct tone_player a = playing("480@-19,620@-19;10(.25/.25/1+2)"), b = a;
    int16_t whole[4000], pieces[4000];

    (void)state;
    tone_read(&a, whole, 4000);
    for (size_t at = 0, n = 1; at < 4000; at += n, n = n * 3 % 97 + 1) {
        n = at + n > 4000 ? 4000 - at : n;
        tone_read(&b, pieces + at, n);
    }
    assert_memory_equal(whole, pieces, sizeof(whole));
}

static void two_loud_frequencies_do_not_wrap(void **state)
{
    struct tone_player p = playing("480@0,620@0,700@3;1(*/0/1+2+3)");
    int16_t pcm[800];
    int last = 0;

    (void)state;
    tone_read(&p, pcm, 800);
    for (size_t i = 0; i < 800; i++) {
        assert_true(abs(pcm[i] - last) < 40000);
        last = pcm[i];
    }
}

static void a_ring_script_names_waveform_and_cadence(void **state)
{
    struct ring_script r;

    (void)state;
    assert_int_equal(ring_parse(&r, "n=Classic-2;w=3;c=2"), 0);
    assert_string_equal(r.name, "Classic-2");
    assert_int_equal(r.wave, RING_CLASSIC);
    assert_int_equal(r.cadence, 2);
    assert_false(r.file);
    assert_int_equal(ring_parse(&r, "n=Office;w=file://thx-short.726;c=1"), 0);
    assert_true(r.file);
    assert_in_range(r.wave, RING_BELL, RING_DU_DUT);
    assert_int_equal(ring_parse(&r, "n=Nothing;w=9"), EBADMSG);
    assert_int_equal(ring_parse(&r, ""), EBADMSG);
}

static void a_ring_sounds_in_its_cadence_with_every_waveform(void **state)
{
    int16_t pcm[RATE];

    (void)state;
    for (unsigned w = RING_BELL; w <= RING_DU_DUT; w++) {
        const struct ring_script r = {.wave = (enum ring_wave)w};
        struct tone_script t;
        struct tone_player p;
        double sum = 0;
        assert_int_equal(tone_parse_cadence(&t, "3(1/1)"), 0);
        tone_start(&p, &t, RATE);
        assert_true(ring_read(&r, &p, pcm, RATE));
        for (size_t i = 0; i < RATE; i++)
            sum += fabs((double)pcm[i]);
        assert_true(sum / RATE > 500);
        assert_true(ring_read(&r, &p, pcm, RATE));
        for (size_t i = 0; i < RATE; i++)
            assert_int_equal(pcm[i], 0);
        assert_true(ring_read(&r, &p, pcm, RATE) || p.over);
        assert_false(ring_read(&r, &p, pcm, 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dial_tone_is_two_frequencies_for_ten_seconds),
        cmocka_unit_test(decimals_are_milliseconds_and_silence_has_no_frequency),
        cmocka_unit_test(what_is_no_script_is_refused),
        cmocka_unit_test(all_defaults_are_scripts),
        cmocka_unit_test(a_tone_sounds_at_its_frequency_and_level),
        cmocka_unit_test(a_script_goes_from_section_to_section_and_ends),
        cmocka_unit_test(a_section_of_nothing_is_silence_for_its_time),
        cmocka_unit_test(pieces_of_any_size_make_the_same_sound),
        cmocka_unit_test(two_loud_frequencies_do_not_wrap),
        cmocka_unit_test(a_ring_script_names_waveform_and_cadence),
        cmocka_unit_test(a_ring_sounds_in_its_cadence_with_every_waveform),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
