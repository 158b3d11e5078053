/* SPDX-License-Identifier: BSD-3-Clause */
/* The glass, whatever is on it: contrast, backlight, screen saver (devices.md 4, 6.2, 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "sim/lcd/image.h"
#include "sim/lcd/screen.h"
#include "sim/phone/phone.h"
#include "tests/support/one_phone.h"

static struct farm *phone(struct loop *lp, const char *model, struct phone **ph)
{
    return one_phone(lp, 150, model, ph);
}

static void press(struct phone *ph, const char *key, unsigned times)
{
    while (times--)
        assert_int_equal(phone_press(ph, key, 0), 0);
}

static void contrast_is_a_bar_that_shows_what_it_does_before_it_is_saved(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(look(ph).contrast, 0);
    press(ph, "setup", 1);
    press(ph, "1", 1);
    press(ph, "7", 1);
    assert_string_equal(look(ph).title, "Set LCD Contrast");
    assert_int_equal(look(ph).bar, 1);
    assert_int_equal(look(ph).bar_at, 8);
    assert_int_equal(look(ph).bar_of, 15);
    press(ph, "up", 20);
    assert_int_equal(look(ph).bar_at, 15);
    assert_int_equal(look(ph).contrast, 100);
    assert_string_equal(phone_get(ph, "LCD_Contrast"), "8");
    press(ph, "soft4", 1); /* cancel */
    assert_int_equal(look(ph).contrast, 0);
    press(ph, "soft1", 1);
    press(ph, "down", 20);
    assert_int_equal(look(ph).contrast, -100);
    press(ph, "soft1", 1); /* save */
    assert_string_equal(phone_get(ph, "LCD_Contrast"), "0");
    assert_int_equal(look(ph).contrast, -100);
    mem_deref(f);
}

static void every_model_has_the_contrast_its_parameter_says(void **state)
{
    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct phone *ph;
        struct farm *f = phone(*state, (*m)->name, &ph);
        const bool has = phone_get(ph, "LCD_Contrast") && (*m)->lcd.width_px;

        assert_int_equal(look(ph).contrast, 0);
        if (has)
            assert_int_equal(phone_set(ph, "LCD_Contrast", "99"), 0);
        assert_int_equal(look(ph).contrast, has ? 100 : 0);
        mem_deref(f);
    }
}

static void the_light_goes_out_after_its_time_and_a_key_brings_it_back(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    press(ph, "up", 1);
    loop_advance(*state, 9900);
    assert_false(look(ph).unlit);
    loop_advance(*state, 200);
    assert_true(look(ph).unlit);
    press(ph, "up", 1);
    assert_false(look(ph).unlit);
    assert_int_equal(phone_set(ph, "Back_Light_Timer", "30 s"), 0);
    loop_advance(*state, 29000);
    assert_false(look(ph).unlit);
    loop_advance(*state, 1100);
    assert_true(look(ph).unlit);
    assert_int_equal(phone_set(ph, "Back_Light_Timer", "Always On"), 0);
    assert_false(look(ph).unlit);
    assert_int_equal(phone_set(ph, "Back_Light_Timer", "Off"), 0);
    press(ph, "up", 1);
    assert_true(look(ph).unlit);
    mem_deref(f);
}

static void the_light_of_a_525g_goes_out_where_it_is_told_to(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA525G2", &ph);

    loop_advance(*state, 60000);
    assert_false(look(ph).unlit);
    assert_int_equal(phone_set(ph, "Back_Light_Enable", "Yes"), 0);
    assert_true(look(ph).unlit);
    press(ph, "up", 1);
    assert_false(look(ph).unlit);
    mem_deref(f);
}

static void glass_without_a_light_is_never_unlit(void **state)
{
    static const char *const models[] = {"SPA303", "7960"};

    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        struct phone *ph;
        struct farm *f = phone(*state, models[i], &ph);

        loop_advance(*state, 60000);
        assert_false(look(ph).unlit);
        mem_deref(f);
    }
}

static void saves(struct phone *ph, const char *wait, const char *seconds)
{
    assert_int_equal(phone_set(ph, wait, seconds), 0);
    assert_int_equal(phone_set(ph, "Screen_Saver_Enable", "Yes"), 0);
    press(ph, "up", 1);
}

static void a_6800_has_a_clock_for_a_saver(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "6851", &ph);

    assert_string_equal(phone_get(ph, "Screen_Saver_Type"), "Clock");
    assert_int_equal(phone_set(ph, "Screen_Saver_Enable", "Yes"), 0);
    assert_int_equal(phone_set(ph, "Screen_Saver_Wait", "60"), 0);
    press(ph, "up", 1);
    loop_advance(*state, 59000);
    assert_string_equal(look(ph).app, "idle");
    loop_advance(*state, 2000);
    assert_string_equal(look(ph).app, "saver");
    assert_int_equal(look(ph).saver, SCREEN_SAVER_CLOCK);
    mem_deref(f);
}

static void a_screen_saver_comes_after_its_time_and_a_key_ends_it_only(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    loop_advance(*state, 400000);
    assert_string_equal(look(ph).app, "idle"); /* it is switched off */
    saves(ph, "Screen_Saver_Wait", "60");
    loop_advance(*state, 59000);
    assert_string_equal(look(ph).app, "idle");
    loop_advance(*state, 1100);
    assert_string_equal(look(ph).app, "saver");
    assert_true(phone_is(ph, PHONE_IDLE));
    press(ph, "setup", 1);
    assert_string_equal(look(ph).app, "idle");
    press(ph, "setup", 1);
    loop_advance(*state, 70000);
    assert_string_equal(look(ph).title, "Setup"); /* it covers nothing but the idle screen */
    press(ph, "setup", 1);
    loop_advance(*state, 70000);
    assert_string_equal(look(ph).app, "saver");
    press(ph, "speaker", 1);
    assert_string_equal(look(ph).app, "dialing");
    mem_deref(f);
}

static void the_icon_says_what_wanders_over_the_glass(void **state)
{
    static const struct {
        const char *value, *icon, *row;
    } icons[] = {{"Lock", "lock", "Press any key"},
                 {"Phone", "line", ""},
                 {"StationTime", "", "Front Desk"}};
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_set(ph, "Station_Name", "Front Desk"), 0);
    saves(ph, "Screen_Saver_Wait", "5");
    loop_advance(*state, 6000);
    for (size_t i = 0; i < sizeof(icons) / sizeof(icons[0]); i++) {
        assert_int_equal(phone_set(ph, "Screen_Saver_Icon", icons[i].value), 0);
        assert_string_equal(look(ph).saver_icon, icons[i].icon);
        assert_string_equal(look(ph).rows[0], icons[i].row);
    }
    assert_int_equal(phone_set(ph, "Screen_Saver_Icon", "DateTime"), 0);
    assert_int_equal(look(ph).n_rows, 2);
    const unsigned step = look(ph).saver_step;
    loop_advance(*state, 10000);
    assert_int_not_equal(look(ph).saver_step, step);
    mem_deref(f);
}

static void a_525g_has_types_and_a_refresh_time(void **state)
{
    static const struct {
        const char *type;
        unsigned first, then;
    } types[] = {{"Black Background", SCREEN_SAVER_BLACK, SCREEN_SAVER_BLACK},
                 {"Gray Background", SCREEN_SAVER_GRAY, SCREEN_SAVER_GRAY},
                 {"Black/Gray Rotation", SCREEN_SAVER_BLACK, SCREEN_SAVER_GRAY},
                 {"Picture Rotation", SCREEN_SAVER_PICTURE, SCREEN_SAVER_PICTURE},
                 {"Digital Frame", SCREEN_SAVER_PICTURE, SCREEN_SAVER_PICTURE},
                 {"Clock", SCREEN_SAVER_CLOCK, SCREEN_SAVER_CLOCK}};
    struct phone *ph;
    struct farm *f = phone(*state, "SPA525G2", &ph);

    assert_int_equal(phone_set(ph, "Screen_Saver_Refresh_Time", "4"), 0);
    saves(ph, "Screen_Saver_Trigger_Time", "20");
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        assert_int_equal(phone_set(ph, "Screen_Saver_Type", types[i].type), 0);
        press(ph, "up", 1);
        loop_advance(*state, 21000);
        assert_int_equal(look(ph).saver, types[i].first);
        loop_advance(*state, 4000);
        assert_int_equal(look(ph).saver, types[i].then);
    }
    mem_deref(f);
}

/* How far ink and paper are apart where a cell is on. */
static unsigned seen(const struct glass *g)
{
    struct fb *fb = NULL;
    struct image *im = NULL;

    assert_int_equal(fb_alloc(&fb, 8, 8, 1), 0);
    fb_set(fb, 4, 4, 0x000000);
    assert_int_equal(image_glass(&im, fb, g, 4), 0);
    const unsigned off = image_get(im, 4, 16) & 255, on = image_get(im, 17, 17) & 255;
    mem_deref(im);
    mem_deref(fb);
    assert_true(off > on);
    return off - on;
}

static void ink_gets_fainter_with_less_contrast_and_paper_darker_with_more(void **state)
{
    struct glass g = {.light = 0xb7cbe0, .ink = 0x262f3b};
    struct fb *fb = NULL;
    uint32_t paper[2];

    (void)state;
    const unsigned usual = seen(&g);
    g.contrast = -50;
    assert_true(seen(&g) < usual);
    g.contrast = -100;
    assert_in_range(seen(&g), 1, usual / 2);
    assert_int_equal(fb_alloc(&fb, 8, 8, 1), 0);
    for (int i = 0; i < 2; i++) {
        struct image *im = NULL;
        g.contrast = 100 * i;
        assert_int_equal(image_glass(&im, fb, &g, 4), 0);
        paper[i] = image_get(im, 16, 16) & 255;
        mem_deref(im);
    }
    assert_true(paper[1] + 30 < paper[0]);
    mem_deref(fb);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, one_loop, one_loop_end)
    const struct CMUnitTest tests[] = {
        TEST(contrast_is_a_bar_that_shows_what_it_does_before_it_is_saved),
        TEST(every_model_has_the_contrast_its_parameter_says),
        TEST(the_light_goes_out_after_its_time_and_a_key_brings_it_back),
        TEST(the_light_of_a_525g_goes_out_where_it_is_told_to),
        TEST(glass_without_a_light_is_never_unlit),
        TEST(a_6800_has_a_clock_for_a_saver),
        TEST(a_screen_saver_comes_after_its_time_and_a_key_ends_it_only),
        TEST(the_icon_says_what_wanders_over_the_glass),
        TEST(a_525g_has_types_and_a_refresh_time),
        cmocka_unit_test(ink_gets_fainter_with_less_contrast_and_paper_darker_with_more),
    };
    return cmocka_run_group_tests_name("display", tests, NULL, NULL);
}
