/* SPDX-License-Identifier: BSD-3-Clause */
/* Bodies of x-spa-cti (sip-behaviour.md 3.6). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sip/spa_cti.h"
#include "tests/support/alloc.h"

static int parse(const char *body, struct cti_command *c)
{
    struct parse_err pe = {.text = ""};
    return cti_parse(c, body, strlen(body), &pe);
}

static void commands_are_read_with_their_call(void **state)
{
    struct cti_command c;

    (void)state;
    assert_int_equal(parse("<spa-control><hold/></spa-control>", &c), 0);
    assert_int_equal(c.verb, CTI_HOLD);
    assert_int_equal(c.call, 0);
    assert_int_equal(parse("\r\n<spa-control>\n <resume call=\"2\" /></spa-control>", &c), 0);
    assert_int_equal(c.verb, CTI_RESUME);
    assert_int_equal(c.call, 2);
    assert_int_equal(parse("<spa-control><EndCall call='1'></EndCall></spa-control>", &c), 0);
    assert_int_equal(c.verb, CTI_END_CALL);
    assert_int_equal(parse("<spa-control><newcall ext='3' target='5551212'/></spa-control>", &c),
                     0);
    assert_int_equal(c.verb, CTI_NEW_CALL);
    assert_int_equal(c.ext, 3);
    assert_string_equal(c.number, "5551212");
}

static void the_first_command_counts(void **state)
{
    struct cti_command c;

    (void)state;
    assert_int_equal(
        parse("<spa-control><dance/><answer call='x'/><hold call='7'/></spa-control>", &c), 0);
    assert_int_equal(c.verb, CTI_ANSWER);
    assert_int_equal(c.call, 0);
}

static void what_is_no_command_is_refused(void **state)
{
    struct cti_command c;
    char *big = malloc(CTI_BODY_MAX + 2);

    (void)state;
    assert_int_equal(parse("", &c), EBADMSG);
    assert_int_equal(parse("<spa-control><hold>", &c), EBADMSG);
    assert_int_equal(parse("<spa-status><hold/></spa-status>", &c), EPROTO);
    assert_int_equal(parse("<spa-control/>", &c), EPROTO);
    assert_int_equal(parse("<spa-control><x><hold/></x></spa-control>", &c), EPROTO);
    memset(big, 'x', CTI_BODY_MAX + 1);
    big[CTI_BODY_MAX + 1] = '\0';
    assert_int_equal(parse(big, &c), E2BIG);
    free(big);
}

static void the_status_reads_as_in_the_trace(void **state)
{
    char buf[100];

    (void)state;
    assert_int_equal(cti_print_status(buf, sizeof(buf), 1, 129, 1, "answering"), 0);
    assert_string_equal(buf, "<spa-status><call id=\"1\" ref=\"129\" ext=\"1\" "
                             "state=\"answering\"/></spa-status>");
    assert_int_equal(cti_print_status(buf, 20, 1, 129, 1, "idle"), EOVERFLOW);
}

static int sweep_handler(void *arg)
{
    struct cti_command c;

    (void)arg;
    return parse("<spa-control><hold/></spa-control>", &c);
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    alloc_sweep(sweep_handler, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_read_with_their_call),
        cmocka_unit_test(the_first_command_counts),
        cmocka_unit_test(what_is_no_command_is_refused),
        cmocka_unit_test(the_status_reads_as_in_the_trace),
        cmocka_unit_test(lack_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
