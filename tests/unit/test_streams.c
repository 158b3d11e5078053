/* SPDX-License-Identifier: BSD-3-Clause */
/* RTP streams and tones that internal URIs begin, call logs that they clear (xml-services.md 5,
 * 3.12). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/execute.h"
#include "sim/phone/history.h"
#include "sim/phone/sound.h"
#include "sim/phone/streams.h"
#include "tests/support/real_farm.h"

#define DOCUMENT(items) "XML=%3CCiscoIPPhoneExecute%3E" items "%3C/CiscoIPPhoneExecute%3E"
#define ITEM(url)       "%3CExecuteItem+URL=%22" url "%22/%3E"

struct fixture {
    struct loop *lp;
    struct farm *f;
    struct phone *a, *b;
};

static int set_up(void **state, enum clock_mode clock)
{
    static struct fixture f;
    const char *const options[] = {
        "count", "2",  "addr", "127.102.4.0/24", "registrar", "127.102.4.250",
        "media", "on", "set",  "Register_1_=No", "set",       "Sim_Media_Source=tone 1000",
        NULL};

    memset(&f, 0, sizeof(f));
    *state = &f;
    if (loop_alloc(&f.lp, &(struct loop_config){.clock = clock}))
        return -1;
    f.f = clock == CLOCK_VIRTUAL ? real_farm_up(f.lp, options) : real_farm(f.lp, options);
    f.a = farm_phone(f.f, 1);
    f.b = farm_phone(f.f, 2);
    return 0;
}

static int set_up_virtual(void **state)
{
    return set_up(state, CLOCK_VIRTUAL);
}

static int set_up_real(void **state)
{
    return set_up(state, CLOCK_REAL);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->f);
    mem_deref(f->lp);
    return 0;
}

/* What the answer to a push begins with, behind its prolog. */
static void answers(struct phone *ph, const char *form, const char *want)
{
    struct phone_execute_answer a;

    assert_int_equal(phone_execute(ph, form, strlen(form), &a), 0);
    assert_non_null(a.body);
    const char *got = strchr(a.body, '\n') + 1;
    if (strncmp(got, want, strlen(want)) != 0)
        fail_msg("%s answers %s, not %s", form, got, want);
    free(a.body);
}

#define DONE    "<CiscoIPPhoneResponse><ResponseItem Status=\"0\""
#define BAD     "<CiscoIPPhoneResponse><ResponseItem Status=\"1\""
#define UNKNOWN "<CiscoIPPhoneResponse><ResponseItem Status=\"6\""

static void await_up(struct fixture *f)
{
    const time_t end = time(NULL) + 20;

    farm_power_on(f->f, 0);
    while (!phone_is(f->a, PHONE_IDLE) || !phone_is(f->b, PHONE_IDLE)) {
        if (time(NULL) > end)
            fail_msg("the phones do not boot");
        loop_poll(f->lp);
    }
}

/* Phone b hears what the other sends. */
static void await_tone_at(struct fixture *f, uint16_t port)
{
    const time_t end = time(NULL) + 20;
    struct phone_stream st;

    do {
        loop_poll(f->lp);
        assert_true(phone_stream_get(f->b, true, &st));
        if (time(NULL) > end)
            fail_msg("%u packets", st.packets);
    } while (st.packets < 10);
    assert_int_equal(st.local_port, port);
    assert_in_range((int)st.frequency_hz, 950, 1050);
}

static void one_phone_sends_and_another_hears_it(void **state)
{
    struct fixture *f = *state;
    struct phone_stream st;

    await_up(f);
    answers(f->b, DOCUMENT(ITEM("RTPRx:127.102.4.1:20490:50")), DONE);
    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20490")), DONE);
    await_tone_at(f, 20490);
    assert_true(phone_stream_get(f->a, false, &st));
    assert_true(st.local_port % 2 == 0 && st.local_port >= 20480);
    answers(f->a, DOCUMENT(ITEM("RTPTx:Stop")), DONE);
    answers(f->b, DOCUMENT(ITEM("RTPRx:Stop")), DONE);
    assert_false(phone_stream_get(f->a, false, &st));
    assert_false(phone_stream_get(f->b, true, &st));
}

static void what_is_spoken_goes_into_a_stream(void **state)
{
    struct fixture *f = *state;
    const time_t end = time(NULL) + 20;
    struct phone_stream st;
    int16_t pcm[160];

    for (unsigned i = 0; i < 160; i++) /* 500 Hz */
        pcm[i] = i / 8 % 2 ? 8000 : -8000;
    await_up(f);
    assert_int_equal(phone_set(f->a, "Sim_Media_Source", "live"), 0);
    assert_false(phone_speaks(f->a));
    answers(f->b, DOCUMENT(ITEM("RTPRx:127.102.4.1:20490:50")), DONE);
    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20490")), DONE);
    assert_true(phone_speaks(f->a));
    do {
        phone_speak(f->a, pcm, 160);
        loop_poll(f->lp);
        assert_true(phone_stream_get(f->b, true, &st));
        if (time(NULL) > end)
            fail_msg("%u Hz", st.frequency_hz);
    } while (st.frequency_hz < 450 || st.frequency_hz > 550);
    answers(f->a, DOCUMENT(ITEM("RTPTx:Stop")), DONE);
    assert_false(phone_speaks(f->a));
}

static void a_group_is_heard_by_all_who_join_it(void **state)
{
    struct fixture *f = *state;
    struct phone_stream st;

    await_up(f);
    answers(f->b, DOCUMENT(ITEM("RTPMRx:239.102.4.1:20500:50")), DONE);
    answers(f->b, DOCUMENT(ITEM("RTPMRx:239.102.4.1:20500:50")),
            "<CiscoIPPhoneError Number=\"1\"/>");
    answers(f->a, DOCUMENT(ITEM("RTPMRx:239.102.4.1:20500")), DONE); /* of one port, too */
    answers(f->a, DOCUMENT(ITEM("RTPMTx:239.102.4.1:20500")), DONE);
    await_tone_at(f, 20500);
    assert_true(phone_stream_get(f->a, true, &st));
    assert_true(st.packets >= 9); /* what it sends itself */
    answers(f->b, DOCUMENT(ITEM("RTPMRx:Stop")), DONE);
    assert_false(phone_stream_get(f->b, true, &st));
    answers(f->b, DOCUMENT(ITEM("RTPMRx:10.0.0.1:20500")), BAD); /* no group */
}

static void the_ear_hears_a_stream_in_its_volume(void **state)
{
    struct fixture *f = *state;
    const time_t end = time(NULL) + 20;
    struct phone_ear ear = {.call = 0};
    int16_t pcm[160];
    int loudest = 0;

    await_up(f);
    answers(f->b, DOCUMENT(ITEM("RTPRx:127.102.4.1:20490:10")), DONE);
    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20490")), DONE);
    for (unsigned heard = 0; heard < 800;) {
        loop_poll(f->lp);
        const size_t n = phone_listen(f->b, &ear, pcm, 160);
        for (size_t i = 0; i < n; i++)
            loudest = pcm[i] > loudest ? pcm[i] : loudest;
        heard += n;
        if (time(NULL) > end)
            fail_msg("%u samples", heard);
    }
    assert_in_range(loudest, 700, 1100); /* -10 dBm0 has a peak of about 10000 */
}

static void the_port_that_a_phone_chose_is_told(void **state)
{
    struct fixture *f = *state;
    struct phone_execute_answer a;
    struct phone_stream st;
    char want[32];

    static const char form[] = DOCUMENT(ITEM("RTPRx:127.102.4.2"));
    assert_int_equal(phone_execute(f->a, form, strlen(form), &a), 0);
    assert_true(phone_stream_get(f->a, true, &st));
    snprintf(want, sizeof(want), "Data=\"%u\"", st.local_port);
    assert_non_null(strstr(a.body, want));
    free(a.body);
}

static void there_is_one_stream_in_each_direction(void **state)
{
    struct fixture *f = *state;

    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20490")), DONE);
    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20492")), "<CiscoIPPhoneError Number=\"1\"/>");
    answers(f->a, DOCUMENT(ITEM("RTPRx:127.102.4.2")), DONE);
    answers(f->a, DOCUMENT(ITEM("RTPRx::20500")), "<CiscoIPPhoneError Number=\"1\"/>");
    answers(f->a, DOCUMENT(ITEM("RTPMRx:239.1.1.1:20500:50")), "<CiscoIPPhoneError Number=\"1\"/>");
    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20491")), BAD); /* odd */
}

static void streams_give_way_to_a_call(void **state)
{
    struct fixture *f = *state;
    struct phone_stream st;

    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20490")), DONE);
    phone_streams_yield(f->a); /* as a call does that is connected */
    assert_false(phone_stream_get(f->a, false, &st));
    answers(f->a, DOCUMENT(ITEM("RTPTx:127.102.4.2:20490")), DONE);
    phone_power(f->a, false);
    assert_false(phone_stream_get(f->a, false, &st));
}

static void sounds(const struct phone *ph, const char *name)
{
    struct phone_sound s;

    phone_sound(ph, &s);
    assert_int_equal(s.kind, name ? PHONE_RING : PHONE_SILENT);
    if (name)
        assert_string_equal(s.name, name);
}

static void a_ring_tone_plays_for_two_seconds(void **state)
{
    struct fixture *f = *state;

    answers(f->a, DOCUMENT(ITEM("Play:Classic-2.raw")), DONE);
    sounds(f->a, "Ring2");
    loop_advance(f->lp, 2000);
    sounds(f->a, "Ring2");
    loop_advance(f->lp, 20);
    sounds(f->a, NULL);
    answers(f->a, DOCUMENT(ITEM("Play:ring1")), DONE);
    sounds(f->a, "Ring1");
    answers(f->a, DOCUMENT(ITEM("Play:Stop")), DONE);
    sounds(f->a, NULL);
    answers(f->a, DOCUMENT(ITEM("Play:Nothing.raw")), UNKNOWN);
}

static void a_recording_plays_for_five_seconds_at_most(void **state)
{
    static uint8_t data[60000] = {'.', 's', 'n', 'd', 0, 0, 0, 32};
    struct fixture *f = *state;
    struct phone_sound s;
    int16_t pcm[160];

    memset(data + 32, 0x80, sizeof(data) - 32); /* the loudest */
    assert_int_equal(phone_play_sound(f->a, data, sizeof(data)), 0);
    phone_sound(f->a, &s);
    assert_int_equal(s.kind, PHONE_RECORDING);
    assert_int_equal(phone_sound_read(f->a, 0, pcm, 160), 160);
    assert_int_equal(pcm[0], 32124);
    assert_int_equal(phone_sound_read(f->a, 39990, pcm, 160), 10);
    loop_advance(f->lp, 4900);
    phone_sound(f->a, &s);
    assert_int_equal(s.kind, PHONE_RECORDING);
    loop_advance(f->lp, 200);
    phone_sound(f->a, &s);
    assert_int_equal(s.kind, PHONE_SILENT);
    assert_int_equal(phone_sound_read(f->a, 0, pcm, 160), 0);
    assert_int_equal(phone_play_sound(f->a, data, 8), EBADMSG); /* a header and no sound */
}

static void the_answer_to_a_tone_waits_for_its_end(void **state)
{
    struct fixture *f = *state;
    struct phone_execute_answer a;

    static const struct {
        const char *form;
        bool waits;
    } forms[] = {{DOCUMENT(ITEM("Play:Ring1")), true},
                 {DOCUMENT(ITEM("Play:Stop")), false},
                 {DOCUMENT(ITEM("Play:Nothing")), false},
                 {DOCUMENT(ITEM("Key:Mute")), false}};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        assert_int_equal(phone_execute(f->a, forms[i].form, strlen(forms[i].form), &a), 0);
        assert_int_equal(a.waits, forms[i].waits);
        free(a.body);
    }
}

static void the_call_logs_are_cleared(void **state)
{
    struct fixture *f = *state;

    phone_history_add(f->a, HISTORY_PLACED, "101", "", "");
    phone_history_add(f->a, HISTORY_MISSED, "102", "Ann", "");
    answers(f->a, DOCUMENT(ITEM("Init:CallHistory") ITEM("Init:Messages")), DONE);
    for (unsigned i = 0; i < HISTORY_LISTS; i++)
        assert_int_equal(phone_history_count(f->a, (enum history_list)i), 0);
}

static void init_closes_the_question_for_the_mailbox(void **state)
{
    struct fixture *f = *state;

    await_up(f);
    assert_int_equal(phone_press(f->a, "messages", 0), 0);
    assert_string_equal(app_current(f->a)->name, "edit");
    answers(f->a, DOCUMENT(ITEM("Init:Directories")), DONE);
    assert_string_equal(app_current(f->a)->name, "edit");
    answers(f->a, DOCUMENT(ITEM("Init:Messages")), DONE);
    assert_string_equal(app_current(f->a)->name, "idle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(init_closes_the_question_for_the_mailbox, set_up_real,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_phone_sends_and_another_hears_it, set_up_real,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_spoken_goes_into_a_stream, set_up_real, tear_down),
        cmocka_unit_test_setup_teardown(a_group_is_heard_by_all_who_join_it, set_up_real,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_ear_hears_a_stream_in_its_volume, set_up_real,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_port_that_a_phone_chose_is_told, set_up_virtual,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_recording_plays_for_five_seconds_at_most, set_up_virtual,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_answer_to_a_tone_waits_for_its_end, set_up_virtual,
                                        tear_down),
        cmocka_unit_test_setup_teardown(there_is_one_stream_in_each_direction, set_up_virtual,
                                        tear_down),
        cmocka_unit_test_setup_teardown(streams_give_way_to_a_call, set_up_virtual, tear_down),
        cmocka_unit_test_setup_teardown(a_ring_tone_plays_for_two_seconds, set_up_virtual,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_call_logs_are_cleared, set_up_virtual, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
