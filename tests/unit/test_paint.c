/* SPDX-License-Identifier: BSD-3-Clause */
/* Text runs and the painters, as far as words say it; how screens look: tests/golden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/face.h"
#include "sim/lcd/paint.h"
#include "tests/support/alloc.h"

static const struct text_style mono = {.font = FONT_6X12};

static int set_up(void **state)
{
    struct fonts *f = NULL;
    const int err = fonts_alloc(&f);
    *state = f;
    return err;
}

static int tear_down(void **state)
{
    mem_deref(*state);
    return 0;
}

static void every_character_of_a_bitmap_font_takes_its_cell(void **state)
{
    assert_int_equal(text_width(*state, &mono, "01/21 10:32a", SIZE_MAX), 72);
    assert_int_equal(text_width(*state, &mono, "Süßkäse", SIZE_MAX), 7 * 6);
    assert_int_equal(text_width(*state, &mono, "Süßkäse", 3), 2 * 6);
    assert_int_equal(text_height(*state, &mono), 12);
}

static void what_is_no_utf8_and_what_no_font_has_still_takes_a_cell(void **state)
{
    assert_int_equal(text_width(*state, &mono, "a\xff\xc3", SIZE_MAX), 3 * 6);
    assert_int_equal(text_width(*state, &mono, "\xf0\x9f\x98\x80", SIZE_MAX), 6);
    assert_int_equal(text_width(*state, &mono, "a\x01z", SIZE_MAX), 3 * 6);
    assert_int_equal(text_width(*state, &mono, "ab\tz", SIZE_MAX), 9 * 6);
}

static void latin_1_has_a_glyph_of_its_own_in_every_font(void **state)
{
    for (unsigned font = 0; font < FONT_COUNT; font++) {
        const struct text_style st = {.font = (enum font_id)font, .px = 12};
        for (unsigned c = 0xc0; c <= 0xff; c++) {
            char text[3] = {(char)(0xc0 | c >> 6), (char)(0x80 | (c & 63)), 0};
            struct fb *a = NULL, *b = NULL;
            fb_alloc(&a, 20, 20, 8);
            fb_alloc(&b, 20, 20, 8);
            text_draw(*state, a, (struct fb_rect){0, 0, 20, 20}, &st, text);
            text_draw(*state, b, (struct fb_rect){0, 0, 20, 20}, &st, "?");
            assert_memory_not_equal(a->pixels, b->pixels, 400);
            mem_deref(a);
            mem_deref(b);
        }
    }
}

static void text_stays_inside_its_box(void **state)
{
    struct fb *fb = NULL;
    const struct fb_rect box = {10, 6, 31, 9};

    assert_int_equal(fb_alloc(&fb, 64, 24, 1), 0);
    text_draw(*state, fb, box, &mono, "ÄMWMWMWMWMWMWMW");
    unsigned n_inside = 0;
    for (int y = 0; y < 24; y++) {
        for (int x = 0; x < 64; x++) {
            if (fb_get(fb, x, y))
                continue;
            assert_false(fb_rect_empty(fb_rect_meet(box, (struct fb_rect){x, y, 1, 1})));
            n_inside++;
        }
    }
    assert_true(n_inside > 0);
    mem_deref(fb);
}

static void what_does_not_fit_ends_in_an_ellipsis(void **state)
{
    struct text_style st = {.font = FONT_6X12, .ellipsis = true};
    struct fb *cut = NULL, *want = NULL;

    fb_alloc(&cut, 36, 12, 1);
    fb_alloc(&want, 36, 12, 1);
    text_draw(*state, cut, (struct fb_rect){0, 0, 36, 12}, &st, "Parkplatz");
    text_draw(*state, want, (struct fb_rect){0, 0, 36, 12}, &st, "Parkp…");
    assert_memory_equal(cut->pixels, want->pixels, (size_t)want->stride * 12);
    mem_deref(cut);
    mem_deref(want);
}

static void scrolled_text_moves_to_the_left(void **state)
{
    struct text_style st = {.font = FONT_6X12, .scroll_px = 12};
    struct fb *moved = NULL, *want = NULL;

    fb_alloc(&moved, 24, 12, 1);
    fb_alloc(&want, 24, 12, 1);
    text_draw(*state, moved, (struct fb_rect){0, 0, 24, 12}, &st, "abcdef");
    text_draw(*state, want, (struct fb_rect){0, 0, 24, 12}, &mono, "cdef");
    assert_memory_equal(moved->pixels, want->pixels, (size_t)want->stride * 12);
    mem_deref(moved);
    mem_deref(want);
}

/* A page with all its fields full. */
static struct screen full_screen(const char *app)
{
    struct screen s;

    screen_clear(&s, app);
    memset(s.title, 'T', sizeof(s.title) - 1);
    s.n_rows = SCREEN_ROWS;
    s.n_labels = SCREEN_LABELS;
    s.n_softkeys = SCREEN_SOFTKEYS;
    for (unsigned i = 0; i < SCREEN_ROWS; i++)
        memset(s.rows[i], 'W', SCREEN_COLS - 1);
    for (unsigned i = 0; i < SCREEN_LABELS; i++) {
        memset(s.labels[i], 'W', sizeof(s.labels[i]) - 1);
        snprintf(s.label_icons[i], sizeof(s.label_icons[i]), "%s", i % 2 ? "line" : "no such");
    }
    for (unsigned i = 0; i < SCREEN_SOFTKEYS; i++)
        memset(s.softkeys[i], 'W', sizeof(s.softkeys[i]) - 1);
    memset(s.prompt, 'P', sizeof(s.prompt) - 1);
    memset(s.mode, 'm', sizeof(s.mode) - 1);
    memset(s.date, 'd', sizeof(s.date) - 1);
    memset(s.station, 's', sizeof(s.station) - 1);
    s.more_softkeys = true;
    s.icons = 0xffff;
    s.selected = 200;
    s.input = 16;
    s.cursor = 255;
    s.overlay = 255;
    s.first = 0xffff;
    s.total = 3;
    return s;
}

static void every_model_paints_full_empty_and_odd_screens(void **state)
{
    static const char *const apps[] = {"idle", "menu", "off", ""};

    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct fb *fb = NULL;
        const int err = paint_fb_alloc(&fb, *m);
        assert_int_equal(err, (*m)->lcd.width_px ? 0 : ENOENT);
        if (err)
            continue;
        for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++) {
            struct screen s = full_screen(apps[i]);
            paint_screen(fb, *m, &s, *state);
            s.title[0] = '\0';
            paint_screen(fb, *m, &s, *state);
            s.selected = s.input = 0;
            paint_screen(fb, *m, &s, *state);
            screen_clear(&s, apps[i]);
            paint_screen(fb, *m, &s, *state);
        }
        mem_deref(fb);
    }
}

static struct fb *painted(struct fonts *f, const char *model, const struct screen *s)
{
    const struct device_model *m = device_model_find(model);
    struct fb *fb = NULL;

    assert_int_equal(paint_fb_alloc(&fb, m), 0);
    paint_screen(fb, m, s, f);
    return fb;
}

static bool row_is_dark(const struct fb *fb, int y)
{
    unsigned dark = 0;

    for (int x = 0; x < fb->width_px; x++)
        dark += fb_get(fb, x, y) == 0;
    return dark * 2 > fb->width_px;
}

static void the_selected_row_is_inverse_and_in_sight(void **state)
{
    struct screen s;

    screen_clear(&s, "menu");
    snprintf(s.title, sizeof(s.title), "Setup");
    s.n_rows = 9;
    for (unsigned i = 0; i < s.n_rows; i++)
        snprintf(s.rows[i], sizeof(s.rows[i]), "%u Item", i + 1);
    s.selected = 2;
    struct fb *fb = painted(*state, "SPA504G", &s);
    assert_true(row_is_dark(fb, 0)); /* the title */
    assert_false(row_is_dark(fb, 13));
    assert_true(row_is_dark(fb, 25));
    mem_deref(fb);
    s.selected = 9; /* scrolled: four rows without title, the last of them is the ninth */
    fb = painted(*state, "SPA504G", &s);
    assert_false(row_is_dark(fb, 0));
    assert_true(row_is_dark(fb, 37));
    mem_deref(fb);
}

static bool differ(const struct fb *a, const struct fb *b)
{
    for (int y = 0; y < a->height_px; y++) {
        for (int x = 0; x < a->width_px; x++) {
            if (fb_get(a, x, y) != fb_get(b, x, y))
                return true;
        }
    }
    return false;
}

/* xml-services.md 3.10 */
static void each_row_of_a_status_shows_on_the_idle_screen(void **state)
{
    static const char *const models[] = {"SPA303", "SPA504G", "SPA525G2", "6851", "6871"};

    for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        struct screen s;
        screen_clear(&s, "idle");
        s.n_labels = 4;
        s.n_rows = s.overlay = 2;
        snprintf(s.date, sizeof(s.date), "11/21 10:16a");
        snprintf(s.station, sizeof(s.station), "1001");
        snprintf(s.rows[0], sizeof(s.rows[0]), "Agent 7");
        snprintf(s.rows[1], sizeof(s.rows[1]), "01:05");
        struct fb *fb = painted(*state, models[i], &s);
        for (unsigned row = 0; row < 2; row++) {
            snprintf(s.rows[row], sizeof(s.rows[0]), "X");
            struct fb *other = painted(*state, models[i], &s);
            if (!differ(fb, other))
                fail_msg("row %u of a Status is not on the glass of a %s", row, models[i]);
            mem_deref(fb);
            fb = other;
        }
        mem_deref(fb);
    }
}

static void a_phone_that_is_off_shows_blank_glass(void **state)
{
    struct screen s = full_screen("off");
    struct fb *fb = painted(*state, "SPA504G", &s);

    for (int y = 0; y < fb->height_px; y++) {
        for (int x = 0; x < fb->width_px; x++)
            assert_int_equal(fb_get(fb, x, y), 0xffffff);
    }
    mem_deref(fb);
}

static uint32_t one_lamp(const char *name, void *arg)
{
    return strcmp(name, arg) == 0 ? FACE_LAMP_RED : FACE_LAMP_NONE;
}

/* Redness of the face where the part of that lamp is. */
static int red_at_lamp(const struct image *im, const struct device_model *m, const char *lamp)
{
    const struct face_part *p = device_face(m)->parts;

    while (p->w && (!p->lamp || strcmp(p->lamp, lamp) != 0))
        p++;
    assert_true(p->w);
    const unsigned margin = (im->width - im->width * 1000 / 1068) / 2;
    const uint32_t c = image_get(im, margin + (unsigned)(p->x + p->w / 4) * im->width / 1068,
                                 margin + (unsigned)(p->y + p->h / 2) * im->width / 1068);
    return (int)(c >> 16) - (int)(c >> 8 & 255);
}

static void a_lamp_that_is_on_shows_on_the_face_and_no_other(void **state)
{
    char lit[] = "line2";
    const struct device_model *m = device_model_find("SPA504G");
    const struct face_look look = {.lamp = one_lamp, .arg = lit};
    struct image *im = NULL;

    assert_int_equal(face_draw(&im, m, 400, *state, &look), 0);
    assert_true(red_at_lamp(im, m, "line2") > 80);
    assert_true(red_at_lamp(im, m, "line4") < 40);
    assert_true(red_at_lamp(im, m, "message") < 40);
    mem_deref(im);
}

static void a_pressed_key_looks_different(void **state)
{
    const struct device_model *m = device_model_find("7960");
    const struct face_look up = {.screen = NULL}, down = {.pressed = "5"};
    struct image *a = NULL, *b = NULL;

    assert_int_equal(face_draw(&a, m, 300, *state, &up), 0);
    assert_int_equal(face_draw(&b, m, 300, *state, &down), 0);
    assert_int_equal(a->height, b->height);
    assert_memory_not_equal(a->rgb, b->rgb, (size_t)a->width * a->height * 3);
    mem_deref(a);
    mem_deref(b);
}

static uint32_t all_red(const char *name, void *arg)
{
    (void)name;
    (void)arg;
    return FACE_LAMP_RED;
}

/* Every part for itself, from one look to the other, must leave the picture of the other. */
static void a_face_drawn_part_by_part_is_the_face_drawn_at_once(void **state)
{
    const struct screen s = full_screen("call");
    const struct face_look before = {.pressed = "5"},
                           after = {.screen = &s, .lamp = all_red, .lifted = true};

    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct face_base *b = NULL;
        struct image *whole = NULL;
        if (!device_face(*m))
            continue;
        assert_int_equal(face_draw(&whole, *m, 150, *state, &after), 0);
        assert_int_equal(face_base_alloc(&b, *m, 150, *state, false), 0);
        const struct image *im = face_base_image(b);
        assert_int_equal(face_base_draw(b, &before, (struct fb_rect){0, 0, 150, 200}), 0);
        for (const struct face_part *p = device_face(*m)->parts; p->w; p++)
            assert_int_equal(face_base_draw(b, &after, face_base_reach(b, p)), 0);
        assert_int_equal(im->height, whole->height);
        assert_memory_equal(im->rgb, whole->rgb, (size_t)im->width * im->height * 3);
        mem_deref(b);
        mem_deref(whole);
    }
}

static unsigned brightness(const struct image *im)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < (size_t)im->width * im->height * 3; i++)
        sum += im->rgb[i];
    return (unsigned)(sum / ((size_t)im->width * im->height * 3));
}

static void dark_surroundings_leave_a_dark_phone_whose_lamps_shine(void **state)
{
    char lit[] = "line2";
    const struct device_model *m = device_model_find("SPA504G");
    const struct face_look light = {.lamp = one_lamp, .arg = lit},
                           dark = {.lamp = one_lamp, .arg = lit, .dark = true};
    struct image *a = NULL, *b = NULL;

    assert_int_equal(face_draw(&a, m, 400, *state, &light), 0);
    assert_int_equal(face_draw(&b, m, 400, *state, &dark), 0);
    assert_true(brightness(b) * 2 < brightness(a));
    assert_true(red_at_lamp(b, m, "line2") > 80);
    mem_deref(a);
    mem_deref(b);
}

static void a_pixel_of_the_glass_is_found_on_the_face(void **state)
{
    const struct device_model *m = device_model_find("SPA525G2");
    struct face_base *b = NULL;
    int x = -1, y = -1;
    unsigned n = 0;

    assert_int_equal(face_base_alloc(&b, m, 700, *state, false), 0);
    assert_int_equal(face_base_rest(b), 0);
    const struct image *im = face_base_image(b);
    for (unsigned py = 0; py < im->height; py++) {
        for (unsigned px = 0; px < im->width; px++) {
            if (!face_base_glass(b, px, py, &x, &y))
                continue;
            assert_true(x >= 0 && x < m->lcd.width_px && y >= 0 && y < m->lcd.height_px);
            n += n ? 1 : x == 0 && y == 0; /* it begins at its corner */
        }
    }
    assert_true(n > 20000);
    assert_true(x == m->lcd.width_px - 1 || x == m->lcd.width_px - 2);
    mem_deref(b);
}

static void the_pane_lies_between_title_and_prompt(void **state)
{
    const struct device_model *m = device_model_find("SPA525G2");
    struct fb_rect pane;
    struct screen s;

    (void)state;
    screen_clear(&s, "xml");
    s.n_softkeys = 4;
    assert_true(paint_pane(m, &s, &pane));
    assert_true(pane.x == 0 && pane.y == 24 && pane.w == 320 && pane.h == 192);
    strcpy(s.title, "Map");
    strcpy(s.prompt, "Where to?");
    assert_true(paint_pane(m, &s, &pane));
    assert_true(pane.y == 46 && pane.h == 146);
    assert_false(paint_pane(device_model_find("SPA504G"), &s, &pane));
    screen_clear(&s, "idle");
    assert_false(paint_pane(m, &s, &pane));
}

static void odd_sizes_of_a_face_are_refused(void **state)
{
    const struct face_look look = {.screen = NULL};
    struct image *im = NULL;

    assert_int_equal(face_draw(&im, device_model_find("SPA303"), 10, *state, &look), EINVAL);
    assert_int_equal(face_draw(&im, device_model_find("SPA303"), 100000, *state, &look), EINVAL);
    assert_null(im);
}

static int paint_once(void *arg)
{
    const struct device_model *m = arg;
    const struct screen s = full_screen("menu");
    struct fonts *f = NULL;
    struct fb *fb = NULL;
    int err = fonts_alloc(&f);

    if (!err)
        err = paint_fb_alloc(&fb, m);
    if (!err)
        paint_screen(fb, m, &s, f);
    mem_deref(fb);
    mem_deref(f);
    return err;
}

static void without_memory_glyphs_are_missing_and_nothing_else_happens(void **state)
{
    (void)state;
    assert_true(alloc_sweep(paint_once, (void *)(uintptr_t)device_model_find("SPA504G")) > 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_character_of_a_bitmap_font_takes_its_cell),
        TEST(what_is_no_utf8_and_what_no_font_has_still_takes_a_cell),
        TEST(latin_1_has_a_glyph_of_its_own_in_every_font),
        TEST(text_stays_inside_its_box),
        TEST(what_does_not_fit_ends_in_an_ellipsis),
        TEST(scrolled_text_moves_to_the_left),
        TEST(every_model_paints_full_empty_and_odd_screens),
        TEST(the_selected_row_is_inverse_and_in_sight),
        TEST(each_row_of_a_status_shows_on_the_idle_screen),
        TEST(a_phone_that_is_off_shows_blank_glass),
        TEST(a_lamp_that_is_on_shows_on_the_face_and_no_other),
        TEST(a_pressed_key_looks_different),
        TEST(a_face_drawn_part_by_part_is_the_face_drawn_at_once),
        TEST(dark_surroundings_leave_a_dark_phone_whose_lamps_shine),
        TEST(a_pixel_of_the_glass_is_found_on_the_face),
        TEST(the_pane_lies_between_title_and_prompt),
        TEST(odd_sizes_of_a_face_are_refused),
        TEST(without_memory_glyphs_are_missing_and_nothing_else_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
