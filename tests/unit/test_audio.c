/* SPDX-License-Identifier: BSD-3-Clause */
/* Which audio device is on, and what its keys do (devices.md 3.3, 4 [941]). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include <jansson.h>

#include "sim/lcd/screen.h"
#include "sim/phone/sound.h"
#include "tests/support/two_phones.h"

static int set_up(void **state)
{
    static const char *const options[] = {
        "media", "on", "set", "Sim_Media_Source=tone 700", "set", "Dial_Plan_1_=(xxxxS0)", NULL};

    *state = two_phones(153, options);
    return 0;
}

static uint16_t icons(const struct phone *ph)
{
    struct screen s;

    phone_screen(ph, &s);
    return s.icons & (SCREEN_ICON_SPEAKER | SCREEN_ICON_HEADSET | SCREEN_ICON_MUTE);
}

static void lamp_is(const struct phone *ph, const char *lamp, const char *want)
{
    const char *color = "none", *pattern;

    assert_true(phone_lamp(ph, lamp, &color, &pattern));
    assert_string_equal(color, want);
}

static void press(struct phone *ph, const char *key)
{
    assert_int_equal(phone_press(ph, key, 0), 0);
}

static void device_is(const struct phone *ph, const char *want)
{
    json_t *state = phone_snapshot(ph);
    const char *device = "";

    assert_int_equal(json_unpack(state, "{s:{s:s}}", "audio", "device", &device), 0);
    assert_string_equal(device, want);
    json_decref(state);
}

static void talk(struct rig *rig, const char *key)
{
    phone_dial(rig->b, "1001");
    await(rig->lp, rig->a, PHONE_RINGING);
    press(rig->a, key);
    await(rig->lp, rig->a, PHONE_CONNECTED);
    await(rig->lp, rig->b, PHONE_CONNECTED);
}

static void the_key_that_goes_off_hook_names_the_device(void **state)
{
    struct rig *rig = *state;

    device_is(rig->a, "none");
    assert_int_equal(icons(rig->a), 0);
    press(rig->a, "speaker");
    device_is(rig->a, "speaker");
    lamp_is(rig->a, "speaker", "green");
    assert_int_equal(icons(rig->a), SCREEN_ICON_SPEAKER);
    press(rig->a, "speaker");
    device_is(rig->a, "none");
    lamp_is(rig->a, "speaker", "off");
    press(rig->a, "headset");
    lamp_is(rig->a, "headset", "green");
    assert_int_equal(icons(rig->a), SCREEN_ICON_HEADSET);
    press(rig->a, "headset");
    press(rig->a, "hook");
    device_is(rig->a, "handset");
    assert_int_equal(icons(rig->a), 0);
}

static void a_line_key_opens_the_preferred_device(void **state)
{
    struct rig *rig = *state;

    press(rig->a, "line1");
    device_is(rig->a, "speaker");
    press(rig->a, "speaker");
    device_is(rig->a, "none");
    phone_set(rig->a, "Preferred_Audio_Device", "Headset");
    press(rig->a, "line1");
    device_is(rig->a, "headset");
}

static void another_device_takes_over_and_the_same_one_ends_the_call(void **state)
{
    struct rig *rig = *state;

    talk(rig, "hook");
    device_is(rig->a, "handset");
    press(rig->a, "speaker");
    device_is(rig->a, "speaker");
    assert_true(phone_is(rig->a, PHONE_CONNECTED));
    press(rig->a, "hook");
    assert_true(phone_is(rig->a, PHONE_CONNECTED));
    press(rig->a, "hook");
    assert_false(phone_is(rig->a, PHONE_CONNECTED));
    await(rig->lp, rig->b, PHONE_IDLE);
}

static void mute_needs_a_device_and_ends_with_the_handset(void **state)
{
    struct rig *rig = *state;

    press(rig->a, "mute");
    lamp_is(rig->a, "mute", "off");
    talk(rig, "speaker");
    press(rig->a, "mute");
    lamp_is(rig->a, "mute", "red");
    assert_int_equal(icons(rig->a), SCREEN_ICON_SPEAKER | SCREEN_ICON_MUTE);
    press(rig->a, "headset");
    lamp_is(rig->a, "mute", "red");
    press(rig->a, "speaker");
    press(rig->a, "hook");
    lamp_is(rig->a, "mute", "off");
    press(rig->a, "mute");
    phone_hang_up(rig->a, 0);
    lamp_is(rig->a, "mute", "off");
}

/* Loudest of the next so many samples that b hears. */
static int loudest(const struct rig *rig, size_t want)
{
    struct phone_ear ear = {0};
    const time_t end = time(NULL) + 20;
    int16_t pcm[400];
    int most = 0;

    for (size_t n = 0; n < want && time(NULL) <= end;) {
        loop_poll(rig->lp);
        const size_t got = phone_listen(rig->b, &ear, pcm, 400);
        for (size_t i = 0; i < got; i++)
            most = pcm[i] > most ? pcm[i] : most;
        n += got;
    }
    return most;
}

static void who_is_muted_is_not_heard(void **state)
{
    struct rig *rig = *state;

    talk(rig, "speaker");
    assert_true(loudest(rig, 1600) > 1000);
    press(rig->a, "mute");
    (void)loudest(rig, 2400); /* what is on its way */
    assert_true(loudest(rig, 1600) < 100);
    press(rig->a, "mute");
    (void)loudest(rig, 2400);
    assert_true(loudest(rig, 1600) > 1000);
}

static void the_volume_is_the_ringers_or_that_of_the_device(void **state)
{
    struct rig *rig = *state;
    struct phone_sound sound;

    press(rig->a, "volup");
    phone_sound(rig->a, &sound);
    assert_int_equal(sound.kind, PHONE_RING);
    assert_string_equal(sound.name, "Ring1");
    assert_string_equal(phone_get(rig->a, "Ringer_Volume"), "10");
    for (int i = 0; i < 20; i++)
        press(rig->a, "volup");
    assert_string_equal(phone_get(rig->a, "Ringer_Volume"), "15");
    press(rig->a, "speaker");
    press(rig->a, "voldown");
    assert_string_equal(phone_get(rig->a, "Speaker_Volume"), "7");
    assert_string_equal(phone_get(rig->a, "Ringer_Volume"), "15");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, two_phones_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_key_that_goes_off_hook_names_the_device),
        TEST(a_line_key_opens_the_preferred_device),
        TEST(another_device_takes_over_and_the_same_one_ends_the_call),
        TEST(mute_needs_a_device_and_ends_with_the_handset),
        TEST(who_is_muted_is_not_heard),
        TEST(the_volume_is_the_ringers_or_that_of_the_device),
    };

    return cmocka_run_group_tests_name("audio", tests, NULL, NULL);
}
