/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include "sim/farm/options.h"

static char err[300];

static int set(struct farm_options *o, const char *name, const char *value)
{
    err[0] = '\0';
    return farm_option_set(o, name, value, err, sizeof(err));
}

static void every_option_has_help_and_a_name_of_its_own(void **state)
{
    size_t n;
    const struct farm_option *t = farm_option_table(&n);

    (void)state;
    assert_true(n > 20);
    for (size_t i = 0; i < n; i++) {
        assert_true(strlen(t[i].help) > 5);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(t[i].name, t[k].name);
    }
}

static void values_land_in_their_member(void **state)
{
    struct farm_options o;

    (void)state;
    farm_options_init(&o);
    assert_int_equal(set(&o, "count", "250"), 0);
    assert_int_equal(set(&o, "model", "spa525g2"), 0);
    assert_int_equal(set(&o, "time-scale", "2.5"), 0);
    assert_int_equal(set(&o, "seed", "0"), 0);
    assert_int_equal(set(&o, "transport", "tls"), 0);
    assert_int_equal(set(&o, "port-base", "65535"), 0);
    assert_int_equal(o.count, 250);
    assert_string_equal(o.model, "spa525g2");
    assert_true(o.time_scale > 2.4 && o.time_scale < 2.6);
    assert_true(o.has_seed && o.seed == 0);
    assert_string_equal(o.transport, "TLS");
    assert_int_equal(o.port_base, 65535);
    farm_options_reset(&o);
}

static void underscores_read_as_hyphens(void **state)
{
    struct farm_options o;

    (void)state;
    farm_options_init(&o);
    assert_int_equal(set(&o, "profile_rule", "/x.cfg"), 0);
    assert_int_equal(set(&o, "no_provision", NULL), 0);
    assert_string_equal(o.profile_rule, "/x.cfg");
    assert_true(o.no_provision);
    assert_int_equal(set(&o, "no-provision", "false"), 0);
    assert_false(o.no_provision);
    farm_options_reset(&o);
}

static void the_last_value_wins_and_lists_grow(void **state)
{
    struct farm_options o;

    (void)state;
    farm_options_init(&o);
    assert_int_equal(set(&o, "user", "a"), 0);
    assert_int_equal(set(&o, "user", "b"), 0);
    assert_int_equal(set(&o, "set", "A=1"), 0);
    assert_int_equal(set(&o, "set", "B=x=y"), 0);
    assert_string_equal(o.user, "b");
    assert_string_equal(o.sets[0], "A=1");
    assert_string_equal(o.sets[1], "B=x=y");
    assert_null(o.sets[2]);
    farm_options_reset(&o);
}

static void bad_values_are_refused_with_a_sentence(void **state)
{
    static const char *const bad[][2] = {
        {"count", "many"},
        {"count", "0"},
        {"count", "-1"},
        {"count", "1000001"},
        {"count", "7x"},
        {"model", "SPA999"},
        {"mac", "000E08"},
        {"addr", "10.0.0"},
        {"addr", "10.0.0.1/16"},
        {"addr", "::1"},
        {"addr", "10.0.0.9-10.0.0.1"},
        {"set", "Proxy_1_"},
        {"set", "=x"},
        {"shard", "3/2"},
        {"shard", "0/2"},
        {"seed", "x"},
        {"seed", "9223372036854775808"},
        {"time-scale", "0"},
        {"time-scale", "nan"},
        {"transport", "SCTP"},
        {"boot", "slow"},
        {"sockets", "some"},
        {"dhcp-option", "67=x"},
        {"dhcp-option", "66="},
        {"dhcp-option", "43"},
        {"dhcp-option", "+66=x"},
        {"dhcp-option", "1=x"},
        {"port-base", "65536"},
        {"no-provision", "maybe"},
    };
    struct farm_options o;

    (void)state;
    farm_options_init(&o);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (set(&o, bad[i][0], bad[i][1]) != EINVAL)
            fail_msg("--%s %s was taken", bad[i][0], bad[i][1]);
        assert_true(strlen(err) > 10);
    }
    assert_int_equal(set(&o, "user", NULL), EINVAL);
    assert_non_null(strstr(err, "wants a value"));
    farm_options_reset(&o);
}

static void unknown_names_are_enoent(void **state)
{
    struct farm_options o;

    (void)state;
    farm_options_init(&o);
    assert_int_equal(set(&o, "colour", "red"), ENOENT);
    assert_int_equal(set(&o, "coun", "1"), ENOENT);
    assert_int_equal(set(&o, "counts", "1"), ENOENT);
    assert_int_equal(set(&o, "", "1"), ENOENT);
    farm_options_reset(&o);
}

static void copies_stand_on_their_own(void **state)
{
    struct farm_options o, copy;

    (void)state;
    farm_options_init(&o);
    assert_int_equal(set(&o, "user", "u{n}"), 0);
    assert_int_equal(set(&o, "dhcp-option", "66=tftp.example"), 0);
    assert_int_equal(set(&o, "count", "3"), 0);
    assert_int_equal(set(&o, "web", "8080"), 0);
    assert_int_equal(farm_options_copy(&copy, &o), 0);
    farm_options_reset(&o);
    assert_string_equal(copy.user, "u{n}");
    assert_string_equal(copy.dhcp_options[0], "66=tftp.example");
    assert_null(copy.dhcp_options[1]);
    assert_int_equal(copy.count, 3);
    assert_true(copy.web && copy.web_port == 8080);
    farm_options_reset(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_has_help_and_a_name_of_its_own),
        cmocka_unit_test(values_land_in_their_member),
        cmocka_unit_test(underscores_read_as_hyphens),
        cmocka_unit_test(the_last_value_wins_and_lists_grow),
        cmocka_unit_test(bad_values_are_refused_with_a_sentence),
        cmocka_unit_test(unknown_names_are_enoent),
        cmocka_unit_test(copies_stand_on_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
