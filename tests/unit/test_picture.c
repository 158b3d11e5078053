/* SPDX-License-Identifier: BSD-3-Clause */
/* Picture files that phones keep, and what lies behind the idle screen (devices.md 6.2, 7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/image.h"
#include "sim/lcd/paint.h"
#include "sim/lcd/picture.h"

struct rig {
    struct picture_store *store;
    struct fonts *fonts;
    uint8_t *bmp; /* a black square of 8 */
    size_t len;
};

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    struct image *im = NULL;
    int err = rig ? picture_store_alloc(&rig->store) : ENOMEM;

    if (!err)
        err = fonts_alloc(&rig->fonts);
    if (!err)
        err = image_alloc(&im, 8, 8, 0x000000);
    if (!err)
        err = image_encode_bmp(im, &rig->bmp, &rig->len);
    mem_deref(im);
    *state = rig;
    return err;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    mem_deref(rig->bmp);
    mem_deref(rig->fonts);
    mem_deref(rig->store);
    free(rig);
    return 0;
}

static void the_same_bytes_are_one_picture(void **state)
{
    struct rig *rig = *state;
    struct picture *a = NULL, *b = NULL, *c = NULL;

    assert_int_equal(picture_get(&a, rig->store, rig->bmp, rig->len, IMAGE_BMP, 64), 0);
    assert_int_equal(picture_get(&b, rig->store, rig->bmp, rig->len, IMAGE_BMP, 64), 0);
    assert_ptr_equal(a, b);
    rig->bmp[rig->len - 2] ^= 0xff;
    assert_int_equal(picture_get(&c, rig->store, rig->bmp, rig->len, IMAGE_BMP, 64), 0);
    assert_ptr_not_equal(a, c);
    assert_int_not_equal(picture_id(a), picture_id(c));
    assert_ptr_equal(picture_image(a), picture_image(b));
    mem_deref(a);
    mem_deref(b);
    mem_deref(c);
}

static void what_is_no_picture_for_the_phone_is_refused(void **state)
{
    struct rig *rig = *state;
    struct picture *p = NULL;

    assert_int_equal(picture_get(&p, rig->store, rig->bmp, rig->len, IMAGE_JPEG, 64), EBADMSG);
    assert_int_equal(picture_get(&p, rig->store, rig->bmp, rig->len, IMAGE_BMP, 4), E2BIG);
    assert_int_equal(picture_get(&p, rig->store, (const uint8_t *)"BM", 2, IMAGE_BMP, 64), EBADMSG);
    assert_int_equal(picture_get(&p, rig->store, rig->bmp, 60, IMAGE_BMP, 64), EBADMSG); /* cut */
    assert_int_equal(picture_get(&p, rig->store, NULL, 0, IMAGE_BMP, 64), EBADMSG);
    assert_null(p);
}

static void a_picture_outlives_its_store(void **state)
{
    struct rig *rig = *state;
    struct picture *p = NULL;

    assert_int_equal(picture_get(&p, rig->store, rig->bmp, rig->len, IMAGE_BMP, 64), 0);
    rig->store = mem_deref(rig->store);
    assert_non_null(picture_image(p));
    mem_deref(p);
}

/* The idle screen of a model with the picture behind it. */
static struct fb *painted(const struct rig *rig, const char *model, struct picture *p)
{
    const struct device_model *m = device_model_find(model);
    struct screen s;
    struct fb *fb = NULL;

    screen_clear(&s, "idle");
    s.background = p;
    assert_int_equal(paint_fb_alloc(&fb, m), 0);
    paint_screen(fb, m, &s, rig->fonts);
    return fb;
}

static void it_is_in_the_middle_of_a_mono_phones_glass_and_all_over_a_525gs(void **state)
{
    struct rig *rig = *state;
    struct picture *p = NULL;

    assert_int_equal(picture_get(&p, rig->store, rig->bmp, rig->len, IMAGE_BMP, 64), 0);
    struct fb *mono = painted(rig, "SPA504G", p), *color = painted(rig, "SPA525G2", p);
    assert_int_equal(fb_get(mono, 64, 24), 0x000000);
    assert_int_equal(fb_get(mono, 50, 24), 0xffffff);
    assert_int_equal(fb_get(color, 20, 200), 0x000000);
    assert_int_equal(fb_get(color, 200, 100), 0x000000);
    mem_deref(mono);
    mem_deref(color);
    mem_deref(p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_bytes_are_one_picture),
        TEST(what_is_no_picture_for_the_phone_is_refused),
        TEST(a_picture_outlives_its_store),
        TEST(it_is_in_the_middle_of_a_mono_phones_glass_and_all_over_a_525gs),
    };

    return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
