/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>

#include "sim/farm/template.h"

static char err[300];

static char *columns[] = {"room", "n"}, *values[] = {"B 12", "never"};

static char *expand(const char *text)
{
    static const uint8_t mac[6] = {0x00, 0x0e, 0x08, 0xab, 0x00, 0x01};
    struct template_vars v = {
        .n = 7, .mac = mac, .user = "1007", .n_columns = 2, .columns = columns, .values = values};
    char *out = NULL;

    inet_pton(AF_INET, "127.1.0.7", &v.ip);
    err[0] = '\0';
    return template_print(&out, text, &v, err, sizeof(err)) ? NULL : out;
}

static void expands_to(const char *text, const char *want)
{
    char *out = expand(text);
    assert_non_null(out);
    assert_string_equal(out, want);
    free(out);
}

static void names_are_replaced(void **state)
{
    (void)state;
    expands_to("plain", "plain");
    expands_to("", "");
    expands_to("{n}", "7");
    expands_to("{1000+n}", "1007");
    expands_to("x{mac}y{ip}", "x000e08ab0001y127.1.0.7");
    expands_to("pw-{user}", "pw-1007");
    expands_to("Room {room}!", "Room B 12!");
}

static void leading_zeros_give_the_width(void **state)
{
    (void)state;
    expands_to("{0000+n}", "0007");
    expands_to("{0+n}", "7");
    expands_to("{99999999999999999+n}", "100000000000000006");
}

static void own_names_come_before_columns(void **state)
{
    (void)state;
    expands_to("{n}", "7");
}

static void doubled_braces_are_braces(void **state)
{
    (void)state;
    expands_to("{{n}} {{{n}}}", "{n} {7}");
    expands_to("a}b", "a}b");
}

static void refused(const char *text, const char *word)
{
    assert_null(expand(text));
    assert_non_null(strstr(err, word));
}

static void unknown_names_and_open_braces_are_refused(void **state)
{
    (void)state;
    refused("{colour}", "{colour}");
    refused("{n+1}", "{n+1}");
    refused("{}", "{}");
    refused("{-1+n}", "{-1+n}");
    refused("x{n", "has no");
}

static void user_is_unknown_while_it_is_made(void **state)
{
    static const uint8_t mac[6];
    const struct template_vars v = {.n = 1, .mac = mac};
    char *out = NULL;

    (void)state;
    assert_int_equal(template_print(&out, "{user}", &v, err, sizeof(err)), EINVAL);
    assert_null(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_replaced),
        cmocka_unit_test(leading_zeros_give_the_width),
        cmocka_unit_test(own_names_come_before_columns),
        cmocka_unit_test(doubled_braces_are_braces),
        cmocka_unit_test(unknown_names_and_open_braces_are_refused),
        cmocka_unit_test(user_is_unknown_while_it_is_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
