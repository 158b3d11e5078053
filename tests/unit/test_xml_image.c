/* SPDX-License-Identifier: BSD-3-Clause */
/* CiscoIPPhoneImage (xml-services.md 3.9). */
#include <errno.h>
#include "tests/support/xml_page.h"

#include "sim/xml/cip.h"

/* The page with this picture. */
static void show_image(struct shown *x, const char *model, unsigned w, unsigned h, unsigned depth,
                       const char *data)
{
    char xml[6000];

    snprintf(xml, sizeof(xml),
             "<CiscoIPPhoneImage><Title>P</Title><LocationX>-1</LocationX><LocationY>3</LocationY>"
             "<Width>%u</Width><Height>%u</Height><Depth>%u</Depth><Data>%s</Data>"
             "</CiscoIPPhoneImage>",
             w, h, depth, data);
    show(x, model, xml);
    screen_of(x);
}

/* Levels of a picture, row by row. */
static void levels_are(struct shown *x, const char *want)
{
    const struct screen_picture *p = &x->s.picture;
    char got[200];
    size_t n = 0;

    for (unsigned y = 0; y < p->height; y++) {
        for (unsigned i = 0; i < p->width; i++)
            got[n++] = (char)('0' + screen_pixel(p, i, y));
        got[n++] = ' ';
    }
    got[n ? n - 1 : 0] = '\0';
    assert_string_equal(got, want);
}

static void the_leftmost_pixel_is_in_the_lowest_bits(void **state)
{
    struct shown x;

    (void)state;
    show_image(&x, "SPA504G", 4, 1, 2, "2D");
    levels_are(&x, "1320");
    assert_int_equal(x.s.picture.x, -1);
    assert_int_equal(x.s.picture.y, 3);
    reads(&x, "P\n(picture 4x1)\n[Update] [] [Exit] []\n");
    leave(&x);
}

static void rows_follow_each_other_without_padding(void **state)
{
    struct shown x;

    (void)state;
    show_image(&x, "SPA504G", 3, 3, 2, "2d 2D\n03"); /* 1 3 2 | 0 1 3 | 2 0 3 */
    levels_are(&x, "132 013 203");
    leave(&x);
}

static void rows_padded_to_bytes_are_recognised_by_their_number(void **state)
{
    struct shown x;

    (void)state;
    show_image(&x, "SPA504G", 5, 4, 2, "FF03 0000 FF03 0000"); /* 8 bytes, joined would be 5 */
    levels_are(&x, "33333 00000 33333 00000");
    leave(&x);
}

static void short_data_is_white_and_long_data_is_cut(void **state)
{
    struct shown x;

    (void)state;
    show_image(&x, "SPA504G", 4, 2, 2, "FF");
    levels_are(&x, "3333 0000");
    warned(&x, "Data has 1 bytes, 4x2 pixels need 2: the rest is white");
    leave(&x);
    show_image(&x, "SPA504G", 4, 1, 2, "2DFFFFFF");
    levels_are(&x, "1320");
    leave(&x);
    show_image(&x, "SPA504G", 4, 1, 2, "2Dzz");
    warned(&x, "no hexadecimal byte");
    leave(&x);
}

static void depth_one_is_a_bit_a_pixel_unless_there_are_too_many(void **state)
{
    struct shown x;

    (void)state;
    show_image(&x, "SPA504G", 8, 1, 1, "81");
    levels_are(&x, "30000003");
    leave(&x);
    show_image(&x, "SPA504G", 8, 1, 1, "2D2D");
    levels_are(&x, "13201320");
    leave(&x);
}

static void the_largest_picture_has_2162_bytes(void **state)
{
    struct shown x;

    (void)state;
    assert_int_equal(cip_bytes(133, 65), 2162);
    assert_int_equal(cip_bytes(106, 21), 557);
    show_image(&x, "SPA504G", 134, 1, 2, "FF");
    warned(&x, "picture of 134x1, the schema ends at 133x65: clipped");
    leave(&x);
    show_image(&x, "SPA504G", 0, 1, 2, "FF");
    warned(&x, "no usable Width and Height: no picture");
    assert_int_equal(x.s.picture.width, 0);
    leave(&x);
}

static void most_models_with_a_screen_know_it(void **state)
{
    (void)state;
    known_to("<CiscoIPPhoneImage><Width>1</Width><Height>1</Height><Data>00</Data>"
             "</CiscoIPPhoneImage>",
             XML_SPA_LCD | XML_MPP_ALL | XML_CP79);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_leftmost_pixel_is_in_the_lowest_bits),
        cmocka_unit_test(rows_follow_each_other_without_padding),
        cmocka_unit_test(rows_padded_to_bytes_are_recognised_by_their_number),
        cmocka_unit_test(short_data_is_white_and_long_data_is_cut),
        cmocka_unit_test(depth_one_is_a_bit_a_pixel_unless_there_are_too_many),
        cmocka_unit_test(the_largest_picture_has_2162_bytes),
        cmocka_unit_test(most_models_with_a_screen_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
