/* SPDX-License-Identifier: BSD-3-Clause */
/* Framebuffers of every depth, pictures and PNG. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/fb.h"
#include "sim/lcd/image.h"

static struct fb *make(unsigned w, unsigned h, unsigned depth)
{
    struct fb *fb = NULL;
    assert_int_equal(fb_alloc(&fb, w, h, depth), 0);
    return fb;
}

static void only_sizes_that_glass_has_are_allocated(void **state)
{
    struct fb *fb = NULL;

    (void)state;
    assert_int_equal(fb_alloc(&fb, 0, 64, 1), EINVAL);
    assert_int_equal(fb_alloc(&fb, 128, 64, 3), EINVAL);
    assert_int_equal(fb_alloc(&fb, 5000, 64, 1), EINVAL);
    assert_null(fb);
    fb = make(128, 64, 1);
    assert_int_equal(fb->stride * fb->height_px, 1024); /* devices.md 15: 1 KiB */
    mem_deref(fb);
    fb = make(320, 240, 16);
    assert_int_equal(fb->stride * fb->height_px, 320 * 240 * 2);
    mem_deref(fb);
}

static void each_depth_keeps_the_colours_it_can(void **state)
{
    const struct {
        unsigned depth;
        uint32_t have, want;
    } cases[] = {
        {1, 0x707070, 0x000000},  {1, 0x909090, 0xffffff},  {2, 0x666666, 0x555555},
        {4, 0x808080, 0x888888},  {16, 0xff0000, 0xff0000}, {16, 0x123456, 0x103452},
        {16, 0xffffff, 0xffffff},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fb *fb = make(9, 2, cases[i].depth);
        fb_set(fb, 8, 1, cases[i].have);
        assert_int_equal(fb_get(fb, 8, 1), cases[i].want);
        assert_int_equal(fb_get(fb, 7, 1), 0xffffff);
        mem_deref(fb);
    }
}

static void nothing_is_drawn_outside_the_clip_or_the_glass(void **state)
{
    struct fb *fb = make(16, 8, 1);

    (void)state;
    fb_clip(fb, &(struct fb_rect){4, 2, 100, 100});
    fb_fill(fb, (struct fb_rect){-5, -5, 11, 9}, 0);
    fb_set(fb, 0, 0, 0);
    fb_span(fb, 400, 2, 1, 0, 255);
    for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 16; x++)
            assert_int_equal(fb_get(fb, x, y) == 0, x >= 4 && x < 6 && y >= 2 && y < 4);
    }
    assert_int_equal(fb_get(fb, -1, -1), 0xffffff);
    mem_deref(fb);
}

static void inverting_twice_changes_nothing(void **state)
{
    const unsigned depths[] = {1, 2, 4, 16};

    (void)state;
    for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        struct fb *fb = make(20, 4, depths[i]);
        fb_set(fb, 3, 1, 0x3366cc);
        const uint32_t before = fb_get(fb, 3, 1);
        fb_invert(fb, (struct fb_rect){0, 0, 10, 4});
        assert_int_equal(fb_get(fb, 9, 3), 0);
        assert_int_equal(fb_get(fb, 10, 3), 0xffffff);
        fb_invert(fb, (struct fb_rect){0, 0, 10, 4});
        assert_int_equal(fb_get(fb, 3, 1), before);
        mem_deref(fb);
    }
}

static void a_picture_comes_back_from_png_as_it_was(void **state)
{
    struct image *im = NULL, *back = NULL;
    uint8_t *png = NULL;
    size_t len = 0;

    (void)state;
    assert_int_equal(image_alloc(&im, 31, 7, 0x102030), 0);
    image_mix(im, 30, 6, 0xfedcba, 255);
    assert_int_equal(image_encode_png(im, &png, &len), 0);
    assert_int_equal(image_decode_png(&back, png, len), 0);
    assert_int_equal(back->width, 31);
    assert_int_equal(back->height, 7);
    assert_memory_equal(back->rgb, im->rgb, 31 * 7 * 3);
    mem_deref(back);
    back = NULL;
    for (size_t cut = 0; cut + 12 < len; cut++) { /* the last chunk carries nothing */
        const int err = image_decode_png(&back, png, cut);
        assert_int_equal(err, EBADMSG);
    }
    mem_deref(png);
    mem_deref(im);
}

static void lit_glass_shows_ink_dark_on_its_light(void **state)
{
    const struct glass look = {.light = 0xb7cbe0, .ink = 0x262f3b};
    struct fb *fb = make(8, 8, 1);
    struct image *im = NULL;

    (void)state;
    assert_int_equal(image_glass(&im, fb, &look, 0), EINVAL);
    fb_set(fb, 4, 4, 0);
    assert_int_equal(image_glass(&im, fb, &look, 4), 0);
    assert_int_equal(im->width, 32);
    assert_true((image_get(im, 17, 17) & 255) < 0x60);
    assert_true((image_get(im, 25, 25) & 255) > 0xa0);
    assert_true(image_get(im, 19, 17) > image_get(im, 17, 17)); /* the gap beside the cell */
    mem_deref(im);
    mem_deref(fb);
}

static void placing_a_picture_smaller_takes_the_mean(void **state)
{
    struct image *small = NULL, *big = NULL;

    (void)state;
    assert_int_equal(image_alloc(&big, 4, 4, 0), 0);
    image_mix(big, 0, 0, 0xffffff, 255);
    image_mix(big, 1, 1, 0xffffff, 255);
    assert_int_equal(image_alloc(&small, 2, 2, 0x123456), 0);
    image_place(small, 0, 0, 2, 2, big);
    assert_int_equal(image_get(small, 0, 0), 0x7f7f7f);
    assert_int_equal(image_get(small, 1, 1), 0);
    image_place(small, 1, 1, 5, 5, big); /* over the edge */
    mem_deref(small);
    mem_deref(big);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_sizes_that_glass_has_are_allocated),
        TEST(each_depth_keeps_the_colours_it_can),
        TEST(nothing_is_drawn_outside_the_clip_or_the_glass),
        TEST(inverting_twice_changes_nothing),
        TEST(a_picture_comes_back_from_png_as_it_was),
        TEST(lit_glass_shows_ink_dark_on_its_light),
        TEST(placing_a_picture_smaller_takes_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
