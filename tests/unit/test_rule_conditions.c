/* SPDX-License-Identifier: BSD-3-Clause */
/* Conditions, assignments and versions of rules (provisioning.md 3.2, 3.3). */
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
#include "sim/prov/version.h"
#include "tests/support/alloc.h"

struct told {
    char steps[4096]; /* one line each */
    char assigned[512];
    const char *swver;
};

static const char *macro_handler(const char *name, void *arg)
{
    const struct told *t = arg;

    return strcmp(name, "SWVER") == 0   ? (t && t->swver ? t->swver : "7.4.9c")
           : strcmp(name, "PRVST") == 0 ? "-1"
           : strcmp(name, "PN") == 0    ? "SPA504G"
           : strcmp(name, "B") == 0     ? "17"
           : strcmp(name, "E") == 0     ? ""
           : strcmp(name, "BAR") == 0   ? "/1 | /2"
                                        : NULL;
}

static int assign_handler(const char *name, const char *value, void *arg)
{
    struct told *t = arg;
    const size_t len = strlen(t->assigned);

    if (strcmp(name, "Unknown") == 0)
        return ENOENT;
    snprintf(t->assigned + len, sizeof(t->assigned) - len, "%s=%s,", name, value);
    return 0;
}

static void step_handler(const struct rule_step *s, void *arg)
{
    static const char *const kinds[] = {"cmp", "cond", "set", "opt", "take", "url"};
    struct told *t = arg;
    const size_t len = strlen(t->steps);

    snprintf(t->steps + len, sizeof(t->steps) - len, "%u %s %s%s%s%s%s%s%s\n", s->alternative,
             kinds[s->kind], s->left ? s->left : "", s->op ? s->op : "", s->right ? s->right : "",
             s->text ? s->text : "", s->holds ? " yes" : " no", s->why ? ": " : "",
             s->why ? s->why : "");
}

static struct rule_env env_of(struct told *t)
{
    return (struct rule_env){.macro = macro_handler,
                             .assign = assign_handler,
                             .step = step_handler,
                             .arg = t,
                             .default_server = "s"};
}

/* Does the condition hold? */
static bool holds(const char *condition)
{
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);
    struct rule_request req;
    char rule[256];

    snprintf(rule, sizeof(rule), "(%s)? /yes | /no", condition);
    assert_int_equal(rule_eval(&req, rule, &env, NULL), 0);
    assert_non_null(req.url);
    const bool yes = strcmp(req.url, "tftp://s/yes") == 0;
    assert_int_equal(req.alternative, yes ? 1 : 2);
    rule_request_reset(&req);
    return yes;
}

static void takes(const char *rule, const char *url, const char *steps)
{
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);
    struct rule_request req;
    struct parse_err pe = {.text = ""};
    const int err = rule_eval(&req, rule, &env, &pe);

    if (err)
        fail_msg("%s: error %d %s", rule, err, pe.text);
    if (url)
        assert_string_equal(req.url, url);
    else
        assert_null(req.url);
    if (steps)
        assert_string_equal(t.steps, steps);
    rule_request_reset(&req);
}

static void is_refused(const char *rule, int col, const char *why)
{
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    assert_int_equal(rule_eval(&req, rule, &env, &pe), EBADMSG);
    assert_null(req.url);
    assert_int_equal(pe.col, col);
    if (!strstr(pe.text, why))
        fail_msg("%s: \"%s\" does not say \"%s\"", rule, pe.text, why);
}

/* ---- comparisons */

static void integers_compare_with_every_operator(void **state)
{
    static const char *const yes[] = {
        "1 = 1",       "1 eq 1", "1 != 2",  "1 ne 2",      "1 < 2",       "1 lt 2", "2 <= 2",
        "2 le 2",      "3 > 2",  "3 gt 2",  "2 >= 2",      "2 ge 2",      "1 ! 2",  "1<2",
        " 10  >  9  ", "$B=17",  "$B gt 9", "$PRVST lt 0", "$PRVST = -1", "007 = 7"};
    static const char *const no[] = {"1 = 2",  "1 eq 2", "1 != 1", "1 ne 1", "2 < 1",
                                     "2 lt 1", "3 <= 2", "3 le 2", "2 > 3",  "2 gt 3",
                                     "2 >= 3", "2 ge 3", "1 ! 1",  "2<1",    "$PRVST ge 0"};

    (void)state;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(holds(yes[i]));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(holds(no[i]));
}

static void texts_are_equal_or_not(void **state)
{
    (void)state;
    assert_true(holds("\"$PN\" eq \"SPA504G\""));
    assert_true(holds("\"$PN\"=\"SPA504G\""));
    assert_true(holds("\"$PN\" ne \"spa504g\""));
    assert_true(holds("\"$PN\"!\"x\""));
    assert_true(holds("\"$E\" eq \"\""));
    assert_true(holds("\"a) ? | b\" eq \"a) ? | b\""));
    assert_false(holds("\"a\" lt \"b\""));
    assert_false(holds("\"a\" >= \"a\""));
}

static void versions_compare_by_number_then_suffix(void **state)
{
    static const char *const rising[] = {
        "1.0",    "1.0.31", "1.0.31(a)", "1.0.31(b)", "2.0.3",          "2.0.3(0412s)", "2.0.6",
        "7.4.8a", "7.4.9",  "7.4.9c",    "7.5.2b",    "7.6.1(ES_RC01)", "7.10.0"};
    const size_t n = sizeof(rising) / sizeof(rising[0]);
    int order;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            assert_int_equal(version_cmp(&order, rising[i], rising[j]), 0);
            if ((order > 0) != (i > j) || (order < 0) != (i < j))
                fail_msg("%s and %s: %d", rising[i], rising[j], order);
        }
    }
    assert_true(holds("$SWVER lt 7.5.2b"));
    assert_true(holds("$SWVER<7.5.2b"));
    assert_true(holds("$SWVER = 7.4.9(c)"));
    assert_true(holds("$SWVER ge 7.4.9c"));
    assert_false(holds("$SWVER lt 1.0.31(b)"));
}

static void mpp_versions_compare_field_by_field(void **state)
{
    static const char *const rising[] = {"sip68xx.11-0-0MPP-4",        "sip68xx.11-0-0MPP-12",
                                         "sip68xx.11-0-1MPP-2",        "sip68xx.11-3-1MPP-697",
                                         "sip68xx.11-3-2MPP0001-609",  "sip68xx.11-3-2MPP0002-1",
                                         "sip68xx.11-10-0MPP0001-100", "sip68xx.12-0-7MPP0001-1"};
    const size_t n = sizeof(rising) / sizeof(rising[0]);
    int order;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            assert_int_equal(version_cmp(&order, rising[i], rising[j]), 0);
            if ((order > 0) != (i > j) || (order < 0) != (i < j))
                fail_msg("%s and %s: %d", rising[i], rising[j], order);
        }
    }
    assert_int_equal(version_cmp(&order, "sip68xx.11-0-0MPP-4", "11.0.0"), EINVAL);
    assert_false(holds("sip68xx.11-0-0MPP-4 ge 11.0.0"));
    assert_false(holds("sip68xx.11-0-0MPP-4 lt 11.0.0"));
    assert_true(holds("sip68xx.11-0-0MPP-4 lt sip68xx.11-3-2MPP0001-609"));
}

static void words_that_are_no_version_are_none(void **state)
{
    static const char *const bad[] = {"",        "7",       "7.",      "7.5.2b)",       "7.5.2(b",
                                      "a.b.c",   "7.5 2",   "7..5",    "7.5.2b-1",      "504G",
                                      "sip68xx", "sip.1-2", "x.1-2-3", "7.9999999999.1"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (version_form(bad[i]) != VERSION_NONE)
            fail_msg("\"%s\" is taken for a version", bad[i]);
    }
    assert_int_equal(version_form("7.4.9c"), VERSION_SPA);
    assert_int_equal(version_form("sip68xx.11-0-0MPP-4"), VERSION_MPP);
}

static void without_a_left_side_the_firmware_is_meant(void **state)
{
    (void)state;
    assert_true(holds("<7.5.2b"));
    assert_true(holds("! 1.0.33"));
    assert_true(holds("lt 7.5.2b"));
    assert_false(holds("<1.0"));
    takes("(<1.0)?/pre-rel.cfg | /curr.cfg", "tftp://s/curr.cfg",
          "1 cmp 7.4.9c<1.0$SWVER no\n1 cond  no\n2 take /curr.cfg yes\n"
          "2 url tftp://s/curr.cfg yes\n");
}

static void all_comparisons_joined_by_and_must_hold(void **state)
{
    (void)state;
    assert_true(holds("1 = 1 and 2 = 2 and \"a\"=\"a\""));
    assert_false(holds("1 = 1 and 2 = 3 and 1 = 1"));
    assert_true(holds("\"a\"=\"a\"and 1=1"));
    takes("(1 = 2 and 1 = 1)? /a", NULL, "1 cmp 1=2 no\n1 cmp 1=1 yes\n1 cond  no\n");
}

static void what_cannot_be_compared_is_false_and_told(void **state)
{
    static const char *const bad[] = {"1 = \"1\"", "1 = 7.4.9c", "$PN eq SPA504G", "abc = abc",
                                      "7.4.9c = 1"};
    static const char *const unreadable[] = {
        "", "1", "1 =", "= ", "1 = 1 or 1 = 1", "not 1 = 1", "1 = \"x", "1 = 1 and", "1 & 1"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(holds(bad[i]));
    for (size_t i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++) {
        if (strchr(unreadable[i], '"')) /* no end of the parenthesis is seen then */
            continue;
        assert_false(holds(unreadable[i]));
    }
    takes("(1 = \"1\")? /a | /b", "tftp://s/b",
          "1 cmp 1=1 no: the two are of different types\n1 cond  no\n"
          "2 take /b yes\n2 url tftp://s/b yes\n");
    takes("(1 = 1 or 2 = 2)? /a | /b", "tftp://s/b",
          "1 cmp 1=1 yes\n1 cond  no: comparisons are joined by \"and\"\n"
          "2 take /b yes\n2 url tftp://s/b yes\n");
}

/* ---- alternatives */

static void the_first_alternative_that_applies_is_taken(void **state)
{
    (void)state;
    takes("(1=2)? /a | (1=1)? /b | (1=1)? /c | /d", "tftp://s/b", NULL);
    takes("($SWVER lt 7.5.2b) ? http://a/x | http://b/x", "http://a/x", NULL);
    takes("(1=2)?/a|(1=3)?/b|/c", "tftp://s/c", NULL);
    takes("(1=2)? [--key \"a|b\"] /a | /c", "tftp://s/c", NULL);
    takes("/x(1) | /y", "tftp://s/x(1)", NULL);
}

static void nothing_that_applies_is_no_failure(void **state)
{
    (void)state;
    takes("(1=2)? /a", NULL, NULL);
    takes("(1=2)? /a | (1=3)? /b", NULL, NULL);
    takes("(1=1)? | /b", NULL, "1 cmp 1=1 yes\n1 cond  yes\n1 take  yes\n");
    takes("", NULL, "");
}

static void a_bar_in_a_parameter_splits_after_a_condition_too(void **state)
{
    (void)state;
    takes("(1=2)? $BAR", "tftp://s/2", NULL);
}

static void parentheses_and_options_must_end(void **state)
{
    (void)state;
    is_refused("(1=1 ? /a", 1, "does not end");
    is_refused("(1=1) /a", 7, "belongs behind");
    is_refused("(1=1)? (2=2)? /a", 13, "belongs behind");
    is_refused("(a=\"1\")! (1=1)? /a", 15, "belongs behind");
    is_refused("(1=2)? /a b | /c", 11, "behind the URL");
}

/* ---- assignments */

static void assigns(const char *rule, const char *expected)
{
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);
    struct rule_request req;

    assert_int_equal(rule_eval(&req, rule, &env, NULL), 0);
    assert_string_equal(t.assigned, expected);
    rule_request_reset(&req);
}

static void an_assignment_names_parameters_and_letters(void **state)
{
    (void)state;
    assigns("( User_ID_1_ = \"uid$B\" ; c = \"\" ; )!", "User_ID_1_=uid17,GPP_C=,");
    assigns("(a=\"x\";p=\"y\")! /x", "GPP_A=x,GPP_P=y,");
    assigns("(q=\"x\";A=\"y\";)!", "q=x,A=y,");
    assigns("( )! /x", "");
    assigns("(GPP_A=\"(x | y; [z])\";)!", "GPP_A=(x | y; [z]),");
}

static void an_assignment_runs_only_where_its_alternative_is_taken(void **state)
{
    (void)state;
    assigns("(1=2)? (a=\"no\";)! /x | (1=1)? (b=\"yes\";)! | (c=\"no\";)!", "GPP_B=yes,");
}

static void an_unknown_parameter_is_passed_over_and_told(void **state)
{
    (void)state;
    takes("(Unknown=\"1\"; a=\"2\";)! /x", "tftp://s/x",
          "1 set Unknown1 no: the model has no such parameter\n1 set GPP_A2 yes\n"
          "1 take /x yes\n1 url tftp://s/x yes\n");
}

static void assignments_that_cannot_be_read_are_refused(void **state)
{
    (void)state;
    is_refused("(a \"1\";)! /x", 4, "wants =");
    is_refused("(a=1;)! /x", 4, "text in quotes");
    is_refused("(=\"1\";)! /x", 2, "name");
    is_refused("(a=\"1\" b=\"2\";)! /x", 8, "semicolon");
}

/* ---- other rules */

static void an_upgrade_rule_names_its_server_and_takes_no_options(void **state)
{
    struct told t = {.swver = "7.4.8a"};
    struct rule_env env = env_of(&t);
    struct rule_request req;
    struct parse_err pe = {.text = ""};

    (void)state;
    env.kind = RULE_UPGRADE;
    assert_int_equal(rule_eval(&req,
                               "($SWVER lt 7.5.2b)? http://h/spa50x-30x-7-5-2b.bin | "
                               "($SWVER lt 7.5.5)? http://h/spa50x-30x-7-5-5.bin",
                               &env, &pe),
                     0);
    assert_string_equal(req.url, "http://h/spa50x-30x-7-5-2b.bin");
    rule_request_reset(&req);
    assert_int_equal(rule_eval(&req, "/spa.bin", &env, &pe), ENOENT);
    assert_int_equal(rule_eval(&req, "http:///spa.bin", &env, &pe), ENOENT);
    assert_int_equal(rule_eval(&req, "[--key x] http://h/spa.bin", &env, &pe), EBADMSG);
    assert_string_equal(pe.text, "an upgrade rule takes no options");
}

static void a_report_rule_knows_delta_and_its_method(void **state)
{
    struct told t = {.swver = NULL};
    struct rule_env env = env_of(&t);
    struct rule_request req;

    (void)state;
    assert_int_equal(rule_eval(&req, "[--delta]/r", &env, NULL), EBADMSG);
    assert_int_equal(rule_eval(&req, "[--put]/r", &env, NULL), EBADMSG);
    env.kind = RULE_REPORT;
    assert_int_equal(rule_eval(&req, "[--delta --put --key k]/r", &env, NULL), 0);
    assert_true(req.delta && req.put && !req.post_method);
    assert_string_equal(req.key, "k");
    rule_request_reset(&req);
    assert_int_equal(rule_eval(&req, "[--post --uid u] http://h/r", &env, NULL), 0);
    assert_true(req.post_method && !req.post);
    assert_string_equal(req.uid, "u");
    rule_request_reset(&req);
    assert_int_equal(rule_eval(&req, "[--post f] http://h/r", &env, NULL), 0);
    assert_int_equal(req.post, 'f');
    rule_request_reset(&req);
}

static void a_trigger_is_a_condition_without_its_parentheses(void **state)
{
    static const struct {
        const char *text;
        bool holds;
        int err;
    } triggers[] = {
        {"", false, 0},
        {"  ", false, 0},
        {"$B gt 3", true, 0},
        {"$B gt 3 and $PRVST ge 600", false, 0},
        {"($B gt 3)?", false, 0},
        {"$B", false, EBADMSG},
    };
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);

    (void)state;
    for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
        bool yes = true;
        assert_int_equal(rule_test(&yes, triggers[i].text, &env, NULL), triggers[i].err);
        assert_int_equal(yes, triggers[i].holds);
    }
}

static void a_key_is_a_pass_phrase_whatever_it_looks_like(void **state)
{
    static const char *const keys[] = {"0123456789abcdef0123456789ABCDEF",
                                       "c2VjcmV0K2tleS8=", "a+b/c=="};
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);
    struct rule_request req;
    char rule[128];

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        snprintf(rule, sizeof(rule), "[--key %s] /x", keys[i]);
        assert_int_equal(rule_eval(&req, rule, &env, NULL), 0);
        assert_string_equal(req.key, keys[i]);
        rule_request_reset(&req);
        snprintf(rule, sizeof(rule), "[ --key \"%s\" ]/x", keys[i]);
        assert_int_equal(rule_eval(&req, rule, &env, NULL), 0);
        assert_string_equal(req.key, keys[i]);
        rule_request_reset(&req);
    }
}

static void a_url_is_split_for_log_messages(void **state)
{
    struct rule_url_parts u;

    (void)state;
    assert_int_equal(rule_url_split(&u, "HTTP://h.test/a/b?c"), 0);
    assert_string_equal(u.scheme, "http");
    assert_string_equal(u.server, "h.test");
    assert_string_equal(u.port, "80");
    assert_string_equal(u.path, "/a/b?c");
    assert_int_equal(rule_url_split(&u, "tftp://192.0.2.1/x"), 0);
    assert_string_equal(u.port, "69");
    assert_int_equal(rule_url_split(&u, "https://h:8443/x"), 0);
    assert_string_equal(u.port, "8443");
    assert_int_equal(rule_url_split(&u, "https://h"), 0);
    assert_string_equal(u.port, "443");
    assert_string_equal(u.path, "/");
    assert_int_equal(rule_url_split(&u, "ftp://h/"), EINVAL);
    assert_int_equal(rule_url_split(&u, "http:///x"), EINVAL);
    assert_int_equal(rule_url_split(&u, "($X lt 1)? http://h/"), EINVAL);
}

static int eval_again(void *arg)
{
    struct told t = {.swver = NULL};
    const struct rule_env env = env_of(&t);
    struct rule_request req;
    const int err = rule_eval(&req, arg, &env, NULL);

    if (err)
        assert_null(req.url);
    rule_request_reset(&req);
    return err;
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    char rule[] = "(<1.0)? /a | ($B = 17 and \"a\"=\"a\")? (a=\"x\";b=\"y\";)! [--key k] /b";

    (void)state;
    assert_true(alloc_sweep(eval_again, rule) >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_compare_with_every_operator),
        cmocka_unit_test(texts_are_equal_or_not),
        cmocka_unit_test(versions_compare_by_number_then_suffix),
        cmocka_unit_test(mpp_versions_compare_field_by_field),
        cmocka_unit_test(words_that_are_no_version_are_none),
        cmocka_unit_test(without_a_left_side_the_firmware_is_meant),
        cmocka_unit_test(all_comparisons_joined_by_and_must_hold),
        cmocka_unit_test(what_cannot_be_compared_is_false_and_told),
        cmocka_unit_test(the_first_alternative_that_applies_is_taken),
        cmocka_unit_test(nothing_that_applies_is_no_failure),
        cmocka_unit_test(a_bar_in_a_parameter_splits_after_a_condition_too),
        cmocka_unit_test(parentheses_and_options_must_end),
        cmocka_unit_test(an_assignment_names_parameters_and_letters),
        cmocka_unit_test(an_assignment_runs_only_where_its_alternative_is_taken),
        cmocka_unit_test(an_unknown_parameter_is_passed_over_and_told),
        cmocka_unit_test(assignments_that_cannot_be_read_are_refused),
        cmocka_unit_test(an_upgrade_rule_names_its_server_and_takes_no_options),
        cmocka_unit_test(a_report_rule_knows_delta_and_its_method),
        cmocka_unit_test(a_trigger_is_a_condition_without_its_parentheses),
        cmocka_unit_test(a_key_is_a_pass_phrase_whatever_it_looks_like),
        cmocka_unit_test(a_url_is_split_for_log_messages),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
