/* SPDX-License-Identifier: BSD-3-Clause */
/* Headers written long or short (RFC 3261 7.3.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sip/writer.h"

#define LINES "Refer-To: <sip:1@a>\r\nX-To: To\r\nReferred-By: b\r\nEvent: refer\r\n"

static void write_lines(const char *lines, bool compact, const char *wanted)
{
    char buf[200];
    struct writer w = {.buf = buf, .size = sizeof(buf), .compact = compact};

    put_lines(&w, lines);
    assert_false(w.full);
    assert_int_equal(w.len, strlen(wanted));
    assert_memory_equal(buf, wanted, w.len);
}

static void lines_keep_their_names_unless_short_ones_are_wanted(void **state)
{
    (void)state;
    write_lines(LINES, false, LINES);
    write_lines(LINES, true, "r: <sip:1@a>\r\nX-To: To\r\nb: b\r\no: refer\r\n");
}

static void what_is_no_line_is_written_as_it_stands(void **state)
{
    (void)state;
    write_lines(NULL, true, "");
    write_lines("", true, "");
    write_lines("Event", true, "o");
    write_lines("nothing\r\nEvent: a\r\n", true, "nothing\r\no: a\r\n");
}

static void past_the_end_nothing_is_written(void **state)
{
    char buf[8] = "1234567";
    struct writer w = {.buf = buf, .size = 4};

    (void)state;
    put(&w, "abc");
    assert_false(w.full);
    put(&w, "de");
    assert_true(w.full);
    assert_string_equal(buf, "abc4567");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_keep_their_names_unless_short_ones_are_wanted),
        cmocka_unit_test(what_is_no_line_is_written_as_it_stands),
        cmocka_unit_test(past_the_end_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
