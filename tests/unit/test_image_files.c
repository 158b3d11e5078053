/* SPDX-License-Identifier: BSD-3-Clause */
/* Picture files that phones are given: bitmaps, JPEG, and which model reads what (xml-services.md
 * 3.8, devices.md 7). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jpeglib.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/lcd/image.h"
#include "sim/xml/page.h"

enum { HEADER = 54 };

/* A bitmap of 2 by 2: the pixels are bottom row first, four bytes a row at least. */
struct bitmap {
    uint8_t bytes[200];
    size_t len;
};

static void put_32(uint8_t *p, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

static void bitmap(struct bitmap *b, unsigned bits, const char *between, size_t n_between,
                   const char *pixels, size_t n_pixels)
{
    memset(b, 0, sizeof(*b));
    memcpy(b->bytes, "BM", 2);
    put_32(b->bytes + 10, (uint32_t)(HEADER + n_between));
    put_32(b->bytes + 14, 40);
    put_32(b->bytes + 18, 2);
    put_32(b->bytes + 22, 2);
    b->bytes[26] = 1;
    b->bytes[28] = (uint8_t)bits;
    memcpy(b->bytes + HEADER, between, n_between);
    memcpy(b->bytes + HEADER + n_between, pixels, n_pixels);
    b->len = HEADER + n_between + n_pixels;
}

/* Colours of its four pixels, top row first. */
static void is_drawn(const struct bitmap *b, uint32_t a, uint32_t c, uint32_t d, uint32_t e)
{
    struct image *im = NULL;

    assert_int_equal(image_decode(&im, b->bytes, b->len, IMAGE_BMP, 1024), 0);
    assert_int_equal(im->width, 2);
    assert_int_equal(im->height, 2);
    assert_int_equal(image_get(im, 0, 0), a);
    assert_int_equal(image_get(im, 1, 0), c);
    assert_int_equal(image_get(im, 0, 1), d);
    assert_int_equal(image_get(im, 1, 1), e);
    mem_deref(im);
}

static void bitmaps_of_every_depth_are_read(void **state)
{
    struct bitmap b;

    (void)state;
    bitmap(&b, 24, "", 0, "\1\2\3\4\5\6\0\0\7\x8\x9\xa\xb\xc\0\0", 16);
    is_drawn(&b, 0x090807, 0x0c0b0a, 0x030201, 0x060504);
    bitmap(&b, 1, "\0\0\0\0\xff\xff\xff\0", 8, "\x40\0\0\0\x80\0\0\0", 8);
    is_drawn(&b, 0xffffff, 0x000000, 0x000000, 0xffffff);
    bitmap(&b, 32, "", 0, "\1\2\3\0\4\5\6\0\7\x8\x9\0\xa\xb\xc\0", 16);
    is_drawn(&b, 0x090807, 0x0c0b0a, 0x030201, 0x060504);
    bitmap(&b, 16, "", 0, "\x1f\0\xe0\x03\0\x7c\xff\x7f", 8);
    is_drawn(&b, 0xff0000, 0xffffff, 0x0000ff, 0x00ff00);
}

static void a_palette_may_be_shorter_than_the_depth(void **state)
{
    struct bitmap b;

    (void)state;
    bitmap(&b, 8, "\1\2\3\0\4\5\6\0", 8, "\0\1\0\0\1\7\0\0", 8);
    put_32(b.bytes + 46, 2);
    is_drawn(&b, 0x060504, 0x000000, 0x030201, 0x060504); /* colour 7 there is not: black */
}

static void a_negative_height_begins_at_the_top(void **state)
{
    struct bitmap b;

    (void)state;
    bitmap(&b, 24, "", 0, "\1\2\3\4\5\6\0\0\7\x8\x9\xa\xb\xc\0\0", 16);
    put_32(b.bytes + 22, (uint32_t)-2);
    is_drawn(&b, 0x030201, 0x060504, 0x090807, 0x0c0b0a);
}

static void masks_name_the_colours_of_16_bits(void **state)
{
    struct bitmap b;

    (void)state;
    bitmap(&b, 16, "\0\xf8\0\0\xe0\x07\0\0\x1f\0\0\0", 12, "\x1f\0\xe0\x07\0\xf8\xff\xff", 8);
    b.bytes[30] = 3;
    is_drawn(&b, 0xff0000, 0xffffff, 0x0000ff, 0x00ff00);
}

static void what_a_bitmap_lacks_makes_it_a_broken_one(void **state)
{
    struct image *im = NULL;
    struct bitmap b;

    (void)state;
    bitmap(&b, 24, "", 0, "\1\2\3\4\5\6\0\0\7\x8\x9\xa\xb\xc\0\0", 16);
    for (size_t n = 0; n < b.len; n++) {
        uint8_t *cut = malloc(n ? n : 1); /* so that reading on is noticed */
        memcpy(cut, b.bytes, n);
        assert_int_equal(image_decode(&im, cut, n, IMAGE_BMP, 1024), EBADMSG);
        free(cut);
    }
    b.bytes[30] = 1; /* run lengths */
    assert_int_equal(image_decode(&im, b.bytes, b.len, IMAGE_BMP, 1024), EBADMSG);
    b.bytes[30] = 0;
    assert_int_equal(image_decode(&im, b.bytes, b.len, IMAGE_BMP, 1), E2BIG);
    assert_null(im);
}

/* ---- JPEG */

static size_t jpeg(uint8_t **bytes, unsigned width, unsigned height, const uint8_t rgb[3])
{
    struct jpeg_compress_struct c;
    struct jpeg_error_mgr errors;
    uint8_t row[3 * 64];
    unsigned long len = 0;
    JSAMPROW rows = row;

    for (unsigned i = 0; i < sizeof(row); i++)
        row[i] = rgb[i % 3];
    *bytes = NULL;
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    jpeg_mem_dest(&c, bytes, &len);
    c.image_width = width;
    c.image_height = height;
    c.input_components = 3;
    c.in_color_space = JCS_RGB;
    jpeg_set_defaults(&c);
    jpeg_start_compress(&c, TRUE);
    while (c.next_scanline < height)
        (void)jpeg_write_scanlines(&c, &rows, 1);
    jpeg_finish_compress(&c);
    jpeg_destroy_compress(&c);
    return len;
}

static void a_jpeg_file_is_read(void **state)
{
    struct image *im = NULL;
    uint8_t *bytes;
    const size_t len = jpeg(&bytes, 20, 10, (const uint8_t[]){200, 40, 40});

    (void)state;
    assert_int_equal(image_decode(&im, bytes, len, IMAGE_JPEG, 1024), 0);
    assert_int_equal(im->width, 20);
    assert_int_equal(im->height, 10);
    const uint32_t color = image_get(im, 10, 5);
    assert_in_range(color >> 16, 195, 205);
    assert_in_range(color >> 8 & 0xff, 35, 45);
    mem_deref(im);
    assert_int_equal(image_decode(&im, bytes, len, IMAGE_JPEG, 19), E2BIG);
    for (size_t n = 0; n < len / 2; n++) { /* later, the decoder fills up what is missing */
        im = NULL;
        const int err = image_decode(&im, bytes, n, IMAGE_JPEG, 1024);
        assert_true(err == EBADMSG || (!err && im));
        mem_deref(im);
    }
    free(bytes);
}

static void only_a_spa525g_takes_more_than_png(void **state)
{
    struct bitmap b;
    uint8_t *bytes;
    const size_t len = jpeg(&bytes, 20, 10, (const uint8_t[]){0, 0, 0});

    (void)state;
    bitmap(&b, 24, "", 0, "\1\2\3\4\5\6\0\0\7\x8\x9\xa\xb\xc\0\0", 16);
    for (const struct device_model *const *m = device_models(); *m; m++) {
        const int want = (*m)->family == FAMILY_SPA525 ? 0 : EBADMSG;
        struct image *im = NULL;
        assert_int_equal(xml_file_decode(&im, *m, bytes, len), want);
        im = mem_deref(im);
        assert_int_equal(xml_file_decode(&im, *m, b.bytes, b.len), want);
        mem_deref(im);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bitmaps_of_every_depth_are_read),
        cmocka_unit_test(a_palette_may_be_shorter_than_the_depth),
        cmocka_unit_test(a_negative_height_begins_at_the_top),
        cmocka_unit_test(masks_name_the_colours_of_16_bits),
        cmocka_unit_test(what_a_bitmap_lacks_makes_it_a_broken_one),
        cmocka_unit_test(a_jpeg_file_is_read),
        cmocka_unit_test(only_a_spa525g_takes_more_than_png),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
