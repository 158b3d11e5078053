/* SPDX-License-Identifier: BSD-3-Clause */
/* Macro expansion and profile rules (provisioning.md sections 2.1, 3.2, 3.4; DHCP values: 1.2). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/prov/rule.h"

static const char *macro_handler(const char *name, void *arg)
{
    static const char *const values[][2] = {
        {"MAU", "000E08012345"}, {"MA", "000e08012345"}, {"A", "ABCDEF"}, {"B", "$A"},
        {"PSN", "504G"},         {"E", ""},              {"C", "a b"},
    };

    (void)arg;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (strcmp(values[i][0], name) == 0)
            return values[i][1];
    }
    return NULL;
}

static void assert_expands(const char *text, const char *wanted)
{
    char *out = NULL;

    assert_int_equal(macro_expand(&out, text, macro_handler, NULL), 0);
    assert_string_equal(out, wanted);
    free(out);
}

static void names_are_replaced(void **state)
{
    (void)state;
    assert_expands("/spa$PSN.cfg", "/spa504G.cfg");
    assert_expands("$MA/$MAU", "000e08012345/000E08012345");
    assert_expands("x$(MA)y", "x000e08012345y");
    assert_expands("$E", "");
    assert_expands("", "");
}

static void parts_are_cut_out(void **state)
{
    (void)state;
    assert_expands("$(A:2)", "CDEF");
    assert_expands("$(A:2:3)", "CDE");
    assert_expands("$(MAU:4)", "08012345");
    assert_expands("$(MAU:8:2)", "23");
    assert_expands("$(A:9)$(A:2:99)$(A:0:0)", "CDEF");
}

static void unknown_names_stay(void **state)
{
    (void)state;
    assert_expands("$STRANGE$MAU.cfg", "$STRANGE000E08012345.cfg");
    assert_expands("$MAX", "$MAX"); /* the longest run is the name */
    assert_expands("$(STRANGE:1)$(A$(", "$(STRANGE:1)$(A$(");
    assert_expands("100%$ $", "100%$ $");
}

static void two_dollars_are_one_and_protect(void **state)
{
    (void)state;
    assert_expands("$$MAU", "$MAU");
    assert_expands("$$$MAU", "$000E08012345");
}

static void expansion_is_not_recursive(void **state)
{
    (void)state;
    assert_expands("$B", "$A");
}

static void gpp_names_are_accepted_in_full(void **state)
{
    (void)state;
    assert_expands("$GPP_A/$(GPP_A:1:1)", "ABCDEF/B");
}

static void expansion_has_a_limit(void **state)
{
    char *text = calloc(1, 40001), *out = NULL;

    (void)state;
    for (size_t i = 0; i + 2 <= 40000; i += 2)
        memcpy(text + i, "$A", 2);
    assert_int_equal(macro_expand(&out, text, macro_handler, NULL), E2BIG);
    free(text);
}

static int eval(struct rule_request *req, const char *rule, const char *server, const char *scheme,
                struct parse_err *pe)
{
    const struct rule_env env = {
        .macro = macro_handler, .default_server = server, .default_scheme = scheme};

    return rule_eval(req, rule, &env, pe);
}

static void assert_url(const char *rule, const char *server, const char *scheme, const char *url)
{
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    assert_int_equal(eval(&req, rule, server, scheme, &pe), 0);
    if (url)
        assert_string_equal(req.url, url);
    else
        assert_null(req.url);
    rule_request_reset(&req);
}

static void a_path_goes_to_the_default_server(void **state)
{
    (void)state;
    assert_url("/spa$PSN.cfg", "192.0.2.1", NULL, "tftp://192.0.2.1/spa504G.cfg");
    assert_url("/x", "prov.example.com:8080", "http", "http://prov.example.com:8080/x");
}

static void a_server_without_scheme_is_tftp(void **state)
{
    (void)state;
    assert_url("prov.example.com/$MA.cfg", NULL, "http", "tftp://prov.example.com/000e08012345.cfg");
}

static void a_url_is_taken_as_it_is(void **state)
{
    (void)state;
    assert_url("  HTTP://h:8080/a?b=$(A:0:1)  ", "192.0.2.1", NULL, "HTTP://h:8080/a?b=A");
    assert_url("https://h/a|tftp://h/b", NULL, NULL, "https://h/a");
}

static void an_empty_rule_asks_for_nothing(void **state)
{
    (void)state;
    assert_url("", NULL, NULL, NULL);
    assert_url(" \t", NULL, NULL, NULL);
    assert_url("| http://h/b", NULL, NULL, NULL);
}

static void options_are_read_in_brackets(void **state)
{
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    (void)state;
    assert_int_equal(eval(&req,
                          "[--key \"$C ]\" --uid admin --pwd s3cret --post j --alias k]http://h/x",
                          NULL, NULL, &pe), 0);
    assert_string_equal(req.key, "a b ]");
    assert_string_equal(req.uid, "admin");
    assert_string_equal(req.pwd, "s3cret");
    assert_int_equal(req.post, 'j');
    assert_int_equal(req.alias, 'k');
    assert_string_equal(req.url, "http://h/x");
    rule_request_reset(&req);
}

static void what_cannot_be_read_is_named(void **state)
{
    static const struct {
        const char *rule;
        int err, col;
        const char *reason;
    } rows[] = {
        {"/x", ENOENT, 0, "no server"},
        {"ftp://h/x", EBADMSG, 0, "scheme"},
        {"http:///x", EBADMSG, 0, "no server"},
        {"http://h", EBADMSG, 0, "no path"},
        {"http://h/a b", EBADMSG, 12, "behind the URL"},
        {"[--frob 1]http://h/a", EBADMSG, 8, "unknown URL option"},
        {"[--key \"open]http://h/a", EBADMSG, 0, "does not end"},
        {"[key]http://h/a", EBADMSG, 2, "begins with --"},
        {"[--post z]http://h/a", EBADMSG, 9, "one letter"},
        {"[--key x", EBADMSG, 0, ""},
        {"(x)? http://h/a", ENOSYS, 1, "not supported yet"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct rule_request req;
        struct parse_err pe = {.text = ""};
        const int err = eval(&req, rows[i].rule, NULL, NULL, &pe);

        if (err != rows[i].err || !strstr(pe.text, rows[i].reason) ||
            (rows[i].col && pe.col != rows[i].col))
            fail_msg("%s: %d, column %d, \"%s\"", rows[i].rule, err, pe.col, pe.text);
        assert_null(req.url);
    }
}

static void dhcp_values_name_server_scheme_or_rule(void **state)
{
    static const struct {
        const char *value, *server, *scheme, *rule;
    } rows[] = {
        {"192.0.2.1", "192.0.2.1", "", ""},
        {"prov.example.com", "prov.example.com", "", ""},
        {"http://192.0.2.1:8080", "192.0.2.1:8080", "http", "http://192.0.2.1:8080/spa$PSN.cfg"},
        {"http://h/dir/", "h", "http", "http://h/dir/spa$PSN.cfg"},
        {"https://h/dir/$MA.xml", "h", "https", "https://h/dir/$MA.xml"},
    };
    struct dhcp_hint hint;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(dhcp_hint_parse(&hint, rows[i].value, "/spa$PSN.cfg"), 0);
        assert_string_equal(hint.server, rows[i].server);
        assert_string_equal(hint.scheme, rows[i].scheme);
        assert_string_equal(hint.rule, rows[i].rule);
    }
    assert_int_equal(dhcp_hint_parse(&hint, "", "/x"), EINVAL);
    assert_int_equal(dhcp_hint_parse(&hint, "http:///x", "/x"), EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_replaced),
        cmocka_unit_test(parts_are_cut_out),
        cmocka_unit_test(unknown_names_stay),
        cmocka_unit_test(two_dollars_are_one_and_protect),
        cmocka_unit_test(expansion_is_not_recursive),
        cmocka_unit_test(gpp_names_are_accepted_in_full),
        cmocka_unit_test(expansion_has_a_limit),
        cmocka_unit_test(a_path_goes_to_the_default_server),
        cmocka_unit_test(a_server_without_scheme_is_tftp),
        cmocka_unit_test(a_url_is_taken_as_it_is),
        cmocka_unit_test(an_empty_rule_asks_for_nothing),
        cmocka_unit_test(options_are_read_in_brackets),
        cmocka_unit_test(what_cannot_be_read_is_named),
        cmocka_unit_test(dhcp_values_name_server_scheme_or_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
