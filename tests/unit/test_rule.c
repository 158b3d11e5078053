/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile rules (provisioning.md 3.2, 3.4) and what a DHCP option makes of them (1.2). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/prov/rule.h"
#include "tests/support/alloc.h"

static const char *macro_handler(const char *name, void *arg)
{
    (void)arg;
    return strcmp(name, "PSN") == 0  ? "504G"
           : strcmp(name, "MA") == 0 ? "000e08012345"
           : strcmp(name, "A") == 0  ? "http://one.example.test/a"
           : strcmp(name, "B") == 0  ? "http://one.example.test/b | http://two.example.test/b"
           : strcmp(name, "E") == 0  ? ""
                                     : NULL;
}

static const char *option_handler(const char *name, void *arg)
{
    return strcmp(name, "SA") == 0   ? "prov user"
           : strcmp(name, "SB") == 0 ? "pass]word"
                                     : macro_handler(name, arg);
}

static const struct rule_env bare = {.macro = macro_handler};
static const struct rule_env dhcp = {
    .macro = macro_handler, .option_macro = option_handler, .default_server = "192.0.2.1"};

static void asks_for(const struct rule_env *env, const char *rule, const char *url)
{
    struct rule_request req;
    struct parse_err pe = {.text = ""};
    const int err = rule_eval(&req, rule, env, &pe);

    if (err || !req.url || strcmp(req.url, url) != 0)
        fail_msg("%s: error %d \"%s\", asks for %s", rule, err, pe.text,
                 req.url ? req.url : "none");
    rule_request_reset(&req);
    assert_null(req.url);
}

static void asks_for_nothing(const char *rule)
{
    struct rule_request req;

    assert_int_equal(rule_eval(&req, rule, &dhcp, NULL), 0);
    assert_null(req.url);
    rule_request_reset(&req);
}

static void is_refused(const char *rule, int err, int col, const char *reason)
{
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    assert_int_equal(rule_eval(&req, rule, &bare, &pe), err);
    assert_null(req.url);
    assert_null(req.uid);
    assert_int_equal(pe.col, col);
    if (!strstr(pe.text, reason))
        fail_msg("%s: \"%s\" does not say \"%s\"", rule, pe.text, reason);
}

/* ---- URLs */

static void a_whole_url_is_taken_as_it_stands(void **state)
{
    (void)state;
    asks_for(&bare, "http://prov.example.test/a.xml", "http://prov.example.test/a.xml");
    asks_for(&bare, "https://h:8443/profile?Linksys", "https://h:8443/profile?Linksys");
    asks_for(&bare, "tftp://192.0.2.9:6969/dir/a.cfg", "tftp://192.0.2.9:6969/dir/a.cfg");
    asks_for(&bare, "HTTP://h/A.cfg", "HTTP://h/A.cfg");
    asks_for(&bare, "http://h/?mac=$MA", "http://h/?mac=000e08012345");
}

static void macros_are_expanded_first(void **state)
{
    (void)state;
    asks_for(&dhcp, "/spa$PSN.cfg", "tftp://192.0.2.1/spa504G.cfg");
    asks_for(&bare, "$A", "http://one.example.test/a");
    asks_for(&bare, "http://h/$STRANGE", "http://h/$STRANGE");
}

static void a_path_goes_to_the_server_that_dhcp_named(void **state)
{
    static const struct rule_env web = {
        .macro = macro_handler, .default_server = "h.test:8080", .default_scheme = "http"};
    static const struct rule_env plain = {
        .macro = macro_handler, .default_server = "h.test", .default_scheme = ""};

    (void)state;
    asks_for(&dhcp, "/a.cfg", "tftp://192.0.2.1/a.cfg");
    asks_for(&web, "/a.cfg", "http://h.test:8080/a.cfg");
    asks_for(&plain, "/a.cfg", "tftp://h.test/a.cfg");
}

static void a_path_without_any_server_is_refused(void **state)
{
    static const struct rule_env empty = {.macro = macro_handler, .default_server = ""};
    struct rule_request req;

    (void)state;
    is_refused("/a.cfg", ENOENT, 1, "no server");
    assert_int_equal(rule_eval(&req, "/a.cfg", &empty, NULL), ENOENT);
}

static void a_server_without_a_scheme_means_tftp(void **state)
{
    static const struct rule_env web = {
        .macro = macro_handler, .default_server = "x", .default_scheme = "https"};

    (void)state;
    asks_for(&bare, "192.168.1.130/profiles/init.cfg", "tftp://192.168.1.130/profiles/init.cfg");
    asks_for(&web, "h.test:70/a", "tftp://h.test:70/a");
}

static void a_url_needs_server_and_path_and_a_scheme_we_know(void **state)
{
    (void)state;
    is_refused("http://h.test", EBADMSG, 1, "no path");
    is_refused("h.test", EBADMSG, 1, "no path");
    is_refused("http://h.test?/a", EBADMSG, 1, "no path");
    is_refused("http://h.test#/a", EBADMSG, 1, "no path");
    is_refused("http:///a", ENOENT, 1, "no server");
    is_refused("http://", EBADMSG, 1, "no server");
    is_refused("ftp://h/a", EBADMSG, 1, "scheme");
    is_refused("://h/a", EBADMSG, 1, "scheme");
    is_refused("httpx://h/a", EBADMSG, 1, "scheme");
}

/* ---- alternatives */

static void an_empty_rule_asks_for_nothing(void **state)
{
    (void)state;
    asks_for_nothing("");
    asks_for_nothing("  \t ");
    asks_for_nothing("$E");
    asks_for_nothing("[--uid a --pwd b]");
}

static void the_first_alternative_without_a_condition_is_taken(void **state)
{
    (void)state;
    asks_for(&bare, "http://a/1 | http://b/2", "http://a/1");
    asks_for(&bare, "http://a/1|http://b/2", "http://a/1");
    asks_for(&bare, "  http://a/1  ", "http://a/1");
    asks_for_nothing("| http://b/2");
}

static void a_bar_in_a_macro_splits_alternatives_too(void **state)
{
    (void)state;
    asks_for(&bare, "$B", "http://one.example.test/b");
}

static void a_scheme_may_stand_before_the_server_that_dhcp_named(void **state)
{
    static const struct rule_env web = {
        .macro = macro_handler, .default_server = "h.test:8080", .default_scheme = "http"};

    (void)state;
    asks_for(&dhcp, "https:///a.cfg", "https://192.0.2.1/a.cfg");
    asks_for(&web, "http:///a.cfg", "http://h.test:8080/a.cfg");
    asks_for(&web, "tftp:///a.cfg", "tftp://h.test/a.cfg");
}

static void a_query_may_hold_a_url(void **state)
{
    (void)state;
    asks_for(&dhcp, "/x?u=http://h/", "tftp://192.0.2.1/x?u=http://h/");
    asks_for(&bare, "h/x?u=http://h/", "tftp://h/x?u=http://h/");
}

static void nothing_may_stand_behind_the_url(void **state)
{
    (void)state;
    is_refused("http://a/1 http://b/2", EBADMSG, 12, "behind the URL");
    is_refused("http://a/1 [--uid x]", EBADMSG, 12, "behind the URL");
}

/* ---- options */

static void credentials_and_key_come_in_brackets(void **state)
{
    static const char rule[] = "[--uid prov --pwd \"two words\" --key K1 ] http://h/$MA";
    struct rule_request req;

    (void)state;
    assert_int_equal(rule_eval(&req, rule, &bare, NULL), 0);
    assert_string_equal(req.url, "http://h/000e08012345");
    assert_string_equal(req.uid, "prov");
    assert_string_equal(req.pwd, "two words");
    assert_string_equal(req.key, "K1");
    assert_int_equal(req.post, 0);
    assert_int_equal(req.alias, 0);
    rule_request_reset(&req);
    assert_null(req.pwd);
}

static void post_and_alias_name_a_letter(void **state)
{
    struct rule_request req;

    (void)state;
    assert_int_equal(rule_eval(&req, "[--post j --alias k]http://h/x", &bare, NULL), 0);
    assert_string_equal(req.url, "http://h/x");
    assert_int_equal(req.post, 'j');
    assert_int_equal(req.alias, 'k');
    rule_request_reset(&req);
}

static void the_last_of_two_equal_options_counts(void **state)
{
    struct rule_request req;

    (void)state;
    assert_int_equal(rule_eval(&req, "[--uid one --uid two]http://h/x", &bare, NULL), 0);
    assert_string_equal(req.uid, "two");
    rule_request_reset(&req);
}

static void secrets_expand_inside_brackets_only(void **state)
{
    static const char rule[] = "[--uid \"$SA\" --pwd \"$(SA:5)]$SB\" --key $MA]http://h/$SA$SB/$MA";
    struct rule_request req;

    (void)state;
    assert_int_equal(rule_eval(&req, rule, &dhcp, NULL), 0);
    assert_string_equal(req.uid, "prov user");
    assert_string_equal(req.pwd, "user]pass]word");
    assert_string_equal(req.key, "000e08012345");
    assert_string_equal(req.url, "http://h/$SA$SB/000e08012345");
    rule_request_reset(&req);
    asks_for(&dhcp, "http://h/?list[]=$MA&x=[$SB]", "http://h/?list[]=000e08012345&x=[$SB]");
    assert_int_equal(rule_eval(&req, "[ --key \"$SA\"]http://h/[$SB]", &dhcp, NULL), 0);
    assert_string_equal(req.url, "http://h/[$SB]");
    rule_request_reset(&req);
}

static void options_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    is_refused("[--key x", EBADMSG, 9, "do not end");
    is_refused("[uid x]http://h/x", EBADMSG, 2, "begins with --");
    is_refused("[--colour red]http://h/x", EBADMSG, 10, "unknown URL option");
    is_refused("[--key \"x]http://h/x", EBADMSG, 21, "do not end");
    is_refused("[--key x\"y]http://h/x", EBADMSG, 22, "do not end");
    is_refused("[--post q]http://h/x", EBADMSG, 9, "one letter");
    is_refused("[--post A]http://h/x", EBADMSG, 9, "one letter");
    is_refused("[--post ab]http://h/x", EBADMSG, 9, "one letter");
    is_refused("[--uid a --alias]http://h/x", EBADMSG, 17, "one letter");
}

/* ---- limits */

static void a_rule_that_grows_over_64_kib_is_too_big(void **state)
{
    struct rule_request req;
    struct parse_err pe = {.text = ""};
    const size_t n = 9000; /* of eight bytes */
    char *rule = malloc(n * 8 + 1);

    (void)state;
    assert_non_null(rule);
    for (size_t i = 0; i < n; i++)
        memcpy(rule + 8 * i, "[]abcdef", 9);
    assert_int_equal(rule_eval(&req, rule, &bare, &pe), E2BIG);
    assert_string_equal(pe.text, "the rule is too long");
    free(rule);
}

static int eval_again(void *arg)
{
    struct rule_request req;
    const int err = rule_eval(&req, arg, &dhcp, NULL);

    if (err)
        assert_null(req.url);
    rule_request_reset(&req);
    return err;
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    char whole[] = "[--uid \"$SA\" --pwd \"$SB\" --uid b --key c]http://h/$MA | $B";
    char path[] = "/spa$PSN.cfg", server[] = "h/spa$PSN.cfg";

    (void)state;
    assert_true(alloc_sweep(eval_again, whole) >= 10);
    assert_true(alloc_sweep(eval_again, path) >= 5);
    assert_true(alloc_sweep(eval_again, server) >= 5);
}

/* ---- DHCP */

static void hints(const char *value, const char *server, const char *scheme, const char *rule)
{
    struct dhcp_hint hint;

    assert_int_equal(dhcp_hint_parse(&hint, value, "/spa$PSN.cfg"), 0);
    assert_string_equal(hint.server, server);
    assert_string_equal(hint.scheme, scheme);
    assert_string_equal(hint.rule, rule);
}

static void a_bare_host_is_the_server_of_the_factory_rule(void **state)
{
    (void)state;
    hints("192.0.2.1", "192.0.2.1", "", "");
    hints("tftp.example.test", "tftp.example.test", "", "");
    hints("h.test:6969", "h.test:6969", "", "");
}

static void a_url_with_a_file_is_the_rule(void **state)
{
    (void)state;
    hints("http://h:8667/spa$PSN.cfg", "h:8667", "http", "http://h:8667/spa$PSN.cfg");
    hints("tftp://h/$MA", "h", "tftp", "tftp://h/$MA");
    hints("https://h/dir/init.xml", "h", "https", "https://h/dir/init.xml");
}

static void a_url_without_a_file_stands_before_the_factory_rule(void **state)
{
    (void)state;
    hints("http://prov.example.test/provision", "prov.example.test", "http",
          "http://prov.example.test/provision/spa$PSN.cfg");
    hints("http://h/provision/", "h", "http", "http://h/provision/spa$PSN.cfg");
    hints("http://h/v1.2/", "h", "http", "http://h/v1.2/spa$PSN.cfg");
    hints("http://h", "h", "http", "http://h/spa$PSN.cfg");
    hints("http://h/", "h", "http", "http://h/spa$PSN.cfg");
}

static void values_that_name_no_host_are_refused(void **state)
{
    static const char *const bad[] = {"", " h", "/dir", "http:///a", "verylong://h/a"};
    struct dhcp_hint hint;
    char host[600];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(dhcp_hint_parse(&hint, bad[i], "/x"), EINVAL);
    memset(host, 'h', sizeof(host) - 1);
    host[sizeof(host) - 1] = '\0';
    assert_int_equal(dhcp_hint_parse(&hint, host, "/x"), EINVAL);
    memcpy(host, "http://h/", 9);
    assert_int_equal(dhcp_hint_parse(&hint, host, "/x"), EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_url_is_taken_as_it_stands),
        cmocka_unit_test(macros_are_expanded_first),
        cmocka_unit_test(a_path_goes_to_the_server_that_dhcp_named),
        cmocka_unit_test(a_path_without_any_server_is_refused),
        cmocka_unit_test(a_server_without_a_scheme_means_tftp),
        cmocka_unit_test(a_url_needs_server_and_path_and_a_scheme_we_know),
        cmocka_unit_test(an_empty_rule_asks_for_nothing),
        cmocka_unit_test(the_first_alternative_without_a_condition_is_taken),
        cmocka_unit_test(a_bar_in_a_macro_splits_alternatives_too),
        cmocka_unit_test(a_scheme_may_stand_before_the_server_that_dhcp_named),
        cmocka_unit_test(a_query_may_hold_a_url),
        cmocka_unit_test(nothing_may_stand_behind_the_url),
        cmocka_unit_test(credentials_and_key_come_in_brackets),
        cmocka_unit_test(post_and_alias_name_a_letter),
        cmocka_unit_test(the_last_of_two_equal_options_counts),
        cmocka_unit_test(secrets_expand_inside_brackets_only),
        cmocka_unit_test(options_that_cannot_be_read_are_refused),
        cmocka_unit_test(a_rule_that_grows_over_64_kib_is_too_big),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
        cmocka_unit_test(a_bare_host_is_the_server_of_the_factory_rule),
        cmocka_unit_test(a_url_with_a_file_is_the_rule),
        cmocka_unit_test(a_url_without_a_file_stands_before_the_factory_rule),
        cmocka_unit_test(values_that_name_no_host_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
