/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <re.h>

#include "devices/model.h"
#include "devices/params.h"
#include "sim/phone/dialplan.h"

static const struct dialplan_timers usual = {10000, 3000, 5000};
static const char factory[] = "(*xx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)";

static struct dialplan *compile(const char *text)
{
    struct dialplan *plan = NULL;
    struct parse_err pe = {0};
    const int err = dialplan_alloc(&plan, text, NULL, &pe);

    if (err)
        fail_msg("%s: %d %d: %s", text, err, pe.col, pe.text);
    return plan;
}

static char result_letter(const struct dialplan_input *in)
{
    return in->result == DIALPLAN_MORE      ? '.'
           : in->result == DIALPLAN_MATCH   ? 'M'
           : in->result == DIALPLAN_PENDING ? 'P'
                                            : 'R';
}

/* Types keys quickly; trace gets a letter for off hook and one for each key. */
static struct dialplan_input type(const struct dialplan *plan, const char *keys, char *trace)
{
    struct dialplan_input in;

    dialplan_start(&in, plan, &usual);
    *trace++ = result_letter(&in);
    for (; *keys; keys++) {
        dialplan_key(&in, *keys, 100);
        *trace++ = result_letter(&in);
    }
    *trace = '\0';
    return in;
}

/* Types and then waits; what is sent, "-" = rejected, "?" = still waiting. */
static const char *outcome(struct dialplan_input *in)
{
    static char number[256];

    for (unsigned i = 0; i < 5 && in->timeout_ms != DIALPLAN_NEVER; i++)
        dialplan_idle(in, in->timeout_ms);
    if (in->result == DIALPLAN_REJECT)
        return "-";
    return dialplan_number(in, number, sizeof(number)) ? "?" : number;
}

static void check(const char *text, const char *keys, const char *want_trace, const char *want)
{
    struct dialplan *plan = compile(text);
    char trace[80];
    struct dialplan_input in = type(plan, keys, trace);
    const char *got = outcome(&in);

    if (want_trace && strcmp(trace, want_trace) != 0)
        fail_msg("%s: %s: %s, want %s", text, keys, trace, want_trace);
    if (strcmp(got, want) != 0)
        fail_msg("%s: %s: sends %s, want %s", text, keys, got, want);
    mem_deref(plan);
}

static void the_factory_plan_dials_what_it_says(void **state)
{
    (void)state;
    check(factory, "", ".", "-");
    check(factory, "*69", "...M", "*69");
    check(factory, "0", ".P", "0");
    check(factory, "00", ".PP", "00");
    check(factory, "911", "...P", "911");
    check(factory, "411", "...P", "411");
    check(factory, "5551212", ".......P", "5551212");
    check(factory, "12125551212", "...........M", "12125551212");
    check(factory, "4420794605", ".......P...", "-");
}

static void more_digits_go_to_the_open_sequence(void **state)
{
    (void)state;
    struct dialplan *plan = compile(factory);
    struct dialplan_input in;
    char trace[80];

    in = type(plan, "44207946051", trace);
    assert_string_equal(trace, ".......P...P");
    assert_string_equal(outcome(&in), "44207946051");
    in = type(plan, "442079460512345", trace);
    assert_int_equal(in.result, DIALPLAN_PENDING);
    assert_int_equal(in.timeout_ms, 3000);
    assert_string_equal(outcome(&in), "442079460512345");
    in = type(plan, "4420794605", trace);
    assert_int_equal(in.timeout_ms, 10000);
    assert_string_equal(outcome(&in), "-");
    mem_deref(plan);
}

static void elements_match_keys(void **state)
{
    (void)state;
    check("(01.)", "0", ".P", "0");
    check("(01.)", "0111", ".PPPP", "0111");
    check("(01.)", "02", ".PR", "-");
    check("([235-8*]x#)", "*7#", "...M", "*7#");
    check("([235-8*]x#)", "4", ".R", "-");
    check("( 1 [2-9]xx [2-9]xxxxxx )", "12125551212", "...........M", "12125551212");
    check("(X.)", "123", ".PPP", "123");
    check("(x.)", "", ".", "-");
    check("([x*].)", "*1*2", ".PPPP", "*1*2");
    check("(xx.|*xx.)", "12345", ".PPPPP", "12345");
    check("(xx.|*xx.)", "*12", "..PP", "*12");
    check("(x.2)", "12", "..P", "12");
}

static void substitutions_change_what_is_sent(void **state)
{
    (void)state;
    check("(<8:1650>xxxxxxx)", "85551212", NULL, "16505551212");
    check("(<:1>xxxxxxxxxx)", "9725550112", "..........M", "19725550112");
    check("(<#9:>xx.<:@gw0>)", "#9123", NULL, "123@gw0");
    check("(9,8<:1408>[2-9]xxxxxx|9,8,011xx.)", "985551212", NULL, "9814085551212");
    check("(9,8,011xx.)", "9801144", NULL, "9801144");
    check("(<9,:>1xxx)", "91234", ".....M", "1234");
    check("(<0:+49>[1-9]xx.)", "0301", NULL, "+49301");
    check("(*1xxx<:@fwd.pulver.com:5082;uid=jsmith;pwd=xyz>)", "*1234", ".....M",
          "*1234@fwd.pulver.com:5082;uid=jsmith;pwd=xyz");
    check("(<xx:7>1<2:>3)", "99123", NULL, "713");
    check("(<x.:5>2x)", "11123", NULL, "523");
}

static void commas_play_the_outside_tone(void **state)
{
    (void)state;
    struct dialplan *plan = compile("(9, 1xxx|911)");
    struct dialplan_input in;

    dialplan_start(&in, plan, &usual);
    assert_false(in.outside_tone);
    dialplan_key(&in, '9', 0);
    assert_true(in.outside_tone);
    dialplan_idle(&in, 1000);
    assert_true(in.outside_tone);
    dialplan_key(&in, '1', 1000);
    assert_false(in.outside_tone);
    mem_deref(plan);
}

static void an_exclamation_point_bars(void **state)
{
    (void)state;
    check("(1900xxxxxxx!|1xxxxxxxxxx)", "19005551212", "...........R", "-");
    check("(1xxxxxxxxxx|1900xxxxxxx!)", "19005551212", "...........R", "-");
    check("( 1 947 xxxxxxx ! | 1 xxx xxxxxxx )", "12125551212", "...........M", "12125551212");
    check("(1900x.!|xx.)", "19005", ".PPPPP", "-");
    check("(1900x.!|xx.)", "1800", NULL, "1800");

    struct dialplan *plan = compile("(19x!)");
    char trace[80];
    struct dialplan_input in = type(plan, "191", trace);
    assert_true(in.barred);
    mem_deref(plan);
}

static void timers_are_overridden(void **state)
{
    (void)state;
    static const struct {
        const char *plan, *keys;
        uint32_t timeout_ms;
    } rows[] = {
        {"(1xx.)", "1", 10000},           {"(1xx.)", "12", 3000},
        {"L:8,(xxx)", "1", 8000},         {"L:8,S:4,(xxx)", "1", 8000},
        {"L:8,S:4,(xx.)", "12", 4000},    {"S:4,(xx.)", "12", 4000},
        {"S:6 ( xx. )", "12", 6000},      {"L:,(xxx)", "1", 5000},
        {"(xx.S7)", "12", 7000},          {"(xx.S)", "12", 5000},
        {"(9L20 xxx|9xx)", "9", 20000},   {"(9L20 xxx)", "91", 20000},
        {"(9L20xxL2xx)", "911", 2000},    {"(xx.S1.5|12345)", "12", 1500},
        {"(xx.S99)", "12", 64000},        {"(xx.S2|1x.)", "12", 2000},
        {"S:2,(xx.S4|1234)", "12", 4000},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dialplan *plan = compile(rows[i].plan);
        char trace[80];
        const struct dialplan_input in = type(plan, rows[i].keys, trace);
        if (in.timeout_ms != rows[i].timeout_ms)
            fail_msg("%s: %s: %u", rows[i].plan, rows[i].keys, in.timeout_ms);
        mem_deref(plan);
    }
}

static void s0_dials_at_once(void **state)
{
    (void)state;
    check("(911S0|xxxxx.)", "911", "...M", "911");
    check("(1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)", "12125551212", "...........M", "12125551212");
    check("S:0,(911|xxx.)", "911", "..MM", "91");
    check("(xxL0xx)", "12", "..R", "-");
}

static void hot_and_warm_lines_dial_by_themselves(void **state)
{
    (void)state;
    check("(P0<:1000>)", "", "M", "1000");
    check("( S0 <:12125551234> )", "", "M", "12125551234");
    check("(<:1000>)", "", "M", "1000");
    check("(P5 <:1000>|xxxx)", "", ".", "1000");
    check("(P5 <:1000>|xxxx)", "2345", "....M", "2345");
    check("(P9<:23> | (9,8<:1408>[2-9]xxxxxx | 9,8,1[2-9]xxxxxxxxx | 9,8,xx.|[1-8]xx)", "", ".",
          "23");
    check("(P9 | xxx)", "", ".", "-");
    check("(P5 <:1000>|<:1>x.)", "", "P", "1000");

    struct dialplan *plan = compile("(P9<:23>|xxx)");
    struct dialplan_input in;
    assert_int_equal(dialplan_start(&in, plan, &usual), DIALPLAN_MORE);
    assert_int_equal(in.timeout_ms, 9000);
    assert_int_equal(dialplan_idle(&in, 8999), DIALPLAN_MORE);
    assert_int_equal(dialplan_idle(&in, 9000), DIALPLAN_MATCH);
    assert_int_equal(dialplan_key(&in, '1', 10), DIALPLAN_MATCH);
    mem_deref(plan);
}

static void a_pause_inside_a_sequence_must_be_kept(void **state)
{
    (void)state;
    struct dialplan *plan = compile("(9P2 1x|9P5<:77>)");
    struct dialplan_input in;

    dialplan_start(&in, plan, &usual);
    dialplan_key(&in, '9', 0);
    assert_int_equal(in.timeout_ms, 2000);
    assert_int_equal(dialplan_idle(&in, 2000), DIALPLAN_MORE);
    assert_int_equal(in.timeout_ms, 5000);
    assert_int_equal(dialplan_key(&in, '1', 2500), DIALPLAN_MORE);
    assert_int_equal(dialplan_key(&in, '5', 10), DIALPLAN_MATCH);
    assert_string_equal(outcome(&in), "915");
    dialplan_start(&in, plan, &usual);
    dialplan_key(&in, '9', 0);
    assert_int_equal(dialplan_key(&in, '1', 100), DIALPLAN_REJECT);
    dialplan_start(&in, plan, &usual);
    dialplan_key(&in, '9', 0);
    assert_string_equal(outcome(&in), "977");
    mem_deref(plan);

    plan = compile("(9P5<:100>|9|9123)");
    dialplan_start(&in, plan, &usual);
    dialplan_key(&in, '9', 0);
    assert_int_equal(in.timeout_ms, 3000);
    assert_string_equal(outcome(&in), "9");
    mem_deref(plan);
}

static void hash_ends_a_number_unless_the_plan_uses_it(void **state)
{
    (void)state;
    check("(xx.)", "123#", ".PPPM", "123");
    check("(xxxx)", "123#", "....R", "-");
    check("(xx.#|#xx)", "12#", "...M", "12#");
    check("(xx.#|#xx)", "#12", "...M", "#12");
    check("(xx.)", "#", ".R", "-");
}

static void the_user_may_say_that_a_number_is_whole(void **state)
{
    (void)state;
    struct dialplan *plan = compile("(9xx.|P5<:1000>)");
    struct dialplan_input in;
    char trace[80], number[64];

    in = type(plan, "912", trace);
    assert_int_equal(dialplan_finish(&in), DIALPLAN_MATCH);
    in = type(plan, "9", trace);
    assert_int_equal(dialplan_finish(&in), DIALPLAN_REJECT);
    mem_deref(plan);

    plan = compile("(<9:>xx.|1P5<:55>)");
    assert_int_equal(dialplan_apply(plan, "9123", number, sizeof(number)), 0);
    assert_string_equal(number, "123");
    assert_int_equal(dialplan_apply(plan, "*1", number, sizeof(number)), ENOENT);
    assert_int_equal(dialplan_apply(plan, "", number, sizeof(number)), ENOENT);
    assert_int_equal(dialplan_apply(plan, "alice@lab", number, sizeof(number)), 0);
    assert_string_equal(number, "alice@lab");
    assert_int_equal(dialplan_apply(plan, "9123", number, 3), EOVERFLOW);
    mem_deref(plan);
}

static void the_first_of_equal_sequences_wins(void **state)
{
    (void)state;
    check("(xxxx|<1:2>xxx)", "1234", "....M", "1234");
    check("(<1:2>xxx|xxxx)", "1234", "....M", "2234");
    check("(xxxx.|<1:2>xxxS0)", "1234", NULL, "2234");
}

static void other_keys_and_too_many_change_nothing(void **state)
{
    (void)state;
    struct dialplan *plan = compile("(xx.)");
    struct dialplan_input in;

    dialplan_start(&in, plan, &usual);
    for (unsigned i = 0; i < 100; i++)
        dialplan_key(&in, '1', 10);
    assert_int_equal(in.n, DIALPLAN_DIGITS_MAX);
    assert_int_equal(dialplan_key(&in, 'a', 10), DIALPLAN_PENDING);
    assert_int_equal(strlen(outcome(&in)), DIALPLAN_DIGITS_MAX);
    mem_deref(plan);
}

static void star_codes_and_addresses_are_implicit(void **state)
{
    (void)state;
    static const char *const codes[] = {"*69", "", NULL, "*017110"};
    static const struct dialplan_options o = {codes, 4, true};
    struct dialplan *plan = NULL;
    struct dialplan_input in;
    char trace[80];

    assert_int_equal(dialplan_alloc(&plan, "([2-9]xx)", &o, NULL), 0);
    in = type(plan, "*69", trace);
    assert_string_equal(outcome(&in), "*69");
    in = type(plan, "*017110", trace);
    assert_string_equal(trace, ".......M");
    in = type(plan, "345", trace);
    assert_string_equal(trace, "...M");
    in = type(plan, "292*168*1*5", trace);
    assert_string_equal(trace, "...MMMMMMMMM");
    mem_deref(plan);

    assert_int_equal(dialplan_alloc(&plan, "([2-9]xxxx)", &o, NULL), 0);
    static const char *const rows[][2] = {
        {"192*168*1*5", "192.168.1.5"},
        {"192*168*1*5#", "192.168.1.5"},
        {"192*168*1*5*5080", "192.168.1.5:5080"},
        {"1001*192*168*1*5", "1001@192.168.1.5"},
        {"12*10*0*0*1", "12@10.0.0.1"},
        {"12*10*0*0*1*5070", "12@10.0.0.1:5070"},
        {"192*168*1", "-"},
        {"192*256*1*5", "-"},
        {"1*2*3*4*5*100", "-"},
        {"1*2*3*4*99999", "-"},
        {"300*1*2*3*300", "-"},
        {"1**2", "-"},
        {"1*2*3*4*5*6*7", "-"},
        {"1001*192*168*1", "-"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        in = type(plan, rows[i][0], trace);
        const char *got = outcome(&in);
        if (strcmp(got, rows[i][1]) != 0)
            fail_msg("%s: %s (%s), want %s", rows[i][0], got, trace, rows[i][1]);
    }
    mem_deref(plan);
}

static void an_empty_plan_rejects_everything(void **state)
{
    (void)state;
    check("", "", "R", "-");
    check("()", "1", "RR", "-");
    check("( | )", "1", "RR", "-");
    check("(1|)", "1", ".M", "1");
}

static void errors_name_the_column(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int col;
    } rows[] = {
        {"xx.", 1},         {"(xx", 4},     {"(xx)x", 5},   {"(1q)", 3},     {"([12", 5},
        {"([])", 3},        {"([5-2])", 3}, {"([a])", 3},   {"(.)", 2},      {"(,.)", 3},
        {"(<12>)", 5},      {"(<1:2)", 7},  {"(1!2)", 4},   {"(<1:2|3)", 6}, {"L:8,xx", 5},
        {"(<<1:2>:3>)", 3}, {"(x)|(x)", 4}, {"(<:1>.)", 6}, {"([*-9])", 3},  {"(1(2))", 3},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dialplan *plan = NULL;
        struct parse_err pe = {0};
        const int err = dialplan_alloc(&plan, rows[i].text, NULL, &pe);
        if (err != EBADMSG || pe.col != rows[i].col)
            fail_msg("%s: %d at %d: %s", rows[i].text, err, pe.col, pe.text);
        assert_null(plan);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    char *text = malloc(DIALPLAN_TEXT_MAX + 10);
    struct dialplan *plan = NULL;

    memset(text, '1', DIALPLAN_TEXT_MAX + 9);
    text[0] = '(';
    text[DIALPLAN_TEXT_MAX + 9] = '\0';
    assert_int_equal(dialplan_alloc(&plan, text, NULL, NULL), E2BIG);
    text[DIALPLAN_TEXT_MAX - 1] = ')';
    text[DIALPLAN_TEXT_MAX] = '\0';
    assert_int_equal(dialplan_alloc(&plan, text, NULL, NULL), E2BIG);
    for (size_t i = 5; i < DIALPLAN_TEXT_MAX - 1; i += 5)
        text[i] = '|';
    assert_int_equal(dialplan_alloc(&plan, text, NULL, NULL), 0);
    mem_deref(plan);
    free(text);
}

static void real_plans_compile_and_dial(void **state)
{
    (void)state;
    static const struct {
        const char *plan, *keys, *sent;
    } rows[] = {
        {"(*xx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxx|xxxxxxxxxxxx.)", "18005551212",
         "18005551212"},
        {"(*xx | [3469]11 | 0 | 00 | <:1408>[2-9]xxxxxx | 1[2-9]xx[2-9]xxxxxx | 011x. )", "5551212",
         "14085551212"},
        {"(*xxxxxxx|*xxx.|**xxx|[3469]11|0|00|[2-9]xxxxxx|1xxx[2-9]xxxxxxS0|xxxxxxxxxxxx.)",
         "**123", "**123"},
        {"(000S0<:@gw0>|<#9:>xx.<:@gw0>|<0:61>xxxxxxxxx|<:613>xxxxxxxx|<:03>[23567]xxxxxxx<:@gw2>)",
         "0296785555", "61296785555"},
        {"(000S0<:@gw0>|<#9:>xx.<:@gw0>)", "000", "000@gw0"},
        {"(xx.<:@gw1>)", "5", "5@gw1"},
        {"([2-9]xxxxxxxxx|1[2-9]xxxxxxxxx|011xx.|[2-8]xxS0|x11)", "911", "911"},
        {"(x.|*x.|#x.)", "*98", "*98"},
        {"L:10,S:3,(9xx.|[1-8]xxx)", "1234", "1234"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        check(rows[i].plan, rows[i].keys, NULL, rows[i].sent);
}

static void every_model_s_own_plan_dials(void **state)
{
    (void)state;
    const struct device_model *const *m = device_models();

    assert_non_null(*m);
    for (; *m; m++) {
        check(param_default(*m, P_Dial_Plan, 1), "12125551212", "...........M", "12125551212");
        check(param_default(*m, P_Dial_Plan, 1), "*69", "...M", "*69");
    }
}

static void targets_come_apart(void **state)
{
    (void)state;
    struct dialplan_target t;

    assert_int_equal(dialplan_target_parse(&t, "5551212"), 0);
    assert_string_equal(t.user, "5551212");
    assert_string_equal(t.host, "");
    assert_int_equal(dialplan_target_parse(&t, "123@gw0"), 0);
    assert_int_equal(t.gateway, 0);
    assert_int_equal(dialplan_target_parse(&t, "*1@fwd.net:5082;nat;uid=jsmith;pwd=xyz"), 0);
    assert_string_equal(t.host, "fwd.net");
    assert_int_equal(t.port, 5082);
    assert_int_equal(t.gateway, -1);
    assert_true(t.nat);
    assert_string_equal(t.uid, "jsmith");
    assert_string_equal(t.pwd, "xyz");
    assert_int_equal(dialplan_target_parse(&t, "1@"), EBADMSG);
    assert_int_equal(dialplan_target_parse(&t, "1@a:0"), EBADMSG);
    assert_int_equal(dialplan_target_parse(&t, "1@a:70000"), EBADMSG);
    assert_int_equal(dialplan_target_parse(&t, "1@a:5060x"), EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factory_plan_dials_what_it_says),
        cmocka_unit_test(more_digits_go_to_the_open_sequence),
        cmocka_unit_test(elements_match_keys),
        cmocka_unit_test(substitutions_change_what_is_sent),
        cmocka_unit_test(commas_play_the_outside_tone),
        cmocka_unit_test(an_exclamation_point_bars),
        cmocka_unit_test(timers_are_overridden),
        cmocka_unit_test(s0_dials_at_once),
        cmocka_unit_test(hot_and_warm_lines_dial_by_themselves),
        cmocka_unit_test(a_pause_inside_a_sequence_must_be_kept),
        cmocka_unit_test(hash_ends_a_number_unless_the_plan_uses_it),
        cmocka_unit_test(the_user_may_say_that_a_number_is_whole),
        cmocka_unit_test(the_first_of_equal_sequences_wins),
        cmocka_unit_test(other_keys_and_too_many_change_nothing),
        cmocka_unit_test(star_codes_and_addresses_are_implicit),
        cmocka_unit_test(an_empty_plan_rejects_everything),
        cmocka_unit_test(errors_name_the_column),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(real_plans_compile_and_dial),
        cmocka_unit_test(every_model_s_own_plan_dials),
        cmocka_unit_test(targets_come_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
