/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/sip/call_info.h"

static struct sca_list parse(const char *value)
{
    struct sca_list list = {0};

    sca_parse(&list, value, strlen(value));
    return list;
}

static void appearances_are_read(void **state)
{
    (void)state;
    const struct sca_list list =
        parse("<sip:lab>;appearance-index=1;appearance-state=active;"
              "appearance-uri=\"\\\"Bob, B.\\\" <sip:201@lab>\" , <sip:lab>;appearance-index=2"
              " ; appearance-state = Held-Private,<sip:lab;x=1,2>;appearance-index=*;"
              "appearance-state=idle");

    assert_int_equal(list.n, 3);
    assert_int_equal(list.appearances[0].index, 1);
    assert_int_equal(list.appearances[0].state, SCA_ACTIVE);
    assert_string_equal(list.appearances[0].uri, "\"Bob, B.\" <sip:201@lab>");
    assert_int_equal(sca_state_of(&list, 1), SCA_ACTIVE);
    assert_int_equal(sca_state_of(&list, 2), SCA_HELD_PRIVATE);
    assert_int_equal(sca_state_of(&list, 3), SCA_IDLE);
}

static void every_state_has_its_word(void **state)
{
    (void)state;
    char value[128];

    for (int s = SCA_IDLE; s < SCA_UNKNOWN; s++) {
        assert_int_equal(sca_print(value, sizeof(value), "lab", 3, (enum sca_state)s), 0);
        const struct sca_list list = parse(value);
        assert_int_equal(sca_state_of(&list, 3), s);
        assert_int_equal(sca_state_of(&list, 4), SCA_UNKNOWN);
    }
    assert_string_equal(sca_state_name(SCA_BRIDGE_HELD), "bridge-held");
    assert_string_equal(sca_state_name(SCA_UNKNOWN), "unknown");
}

static void what_names_no_index_is_left_out(void **state)
{
    (void)state;
    static const char *const values[] = {"",
                                         "<sip:lab>",
                                         "<sip:lab>;appearance-state=idle",
                                         ",,;;",
                                         "<sip:lab>;appearance-index=0;appearance-state=idle",
                                         "<sip:lab>;appearance-index=256",
                                         "<sip:lab>;appearance-index=",
                                         "<sip:lab>;appearance-index=-1",
                                         "\"<;appearance-index=1"};

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        assert_int_equal(parse(values[i]).n, 0);
    assert_int_equal(parse("<sip:lab>;appearance-index=7").appearances[0].state, SCA_UNKNOWN);
    const struct sca_list list = parse("<sip:l>;appearance-index=7;appearance-state=idle,"
                                       "<sip:l>;appearance-index=7;appearance-state=held");
    assert_int_equal(list.n, 1);
    assert_int_equal(sca_state_of(&list, 7), SCA_HELD);
}

static void an_appearance_list_has_a_limit(void **state)
{
    (void)state;
    struct sca_list list = {0};
    char value[64];

    for (unsigned i = 1; i < 40; i++) {
        assert_int_equal(sca_print(value, sizeof(value), "lab", i, SCA_IDLE), 0);
        sca_parse(&list, value, strlen(value));
    }
    assert_int_equal(list.n, SCA_APPEARANCES_MAX);
    assert_int_equal(list.n_dropped, 7);
}

static void call_info_is_printed(void **state)
{
    (void)state;
    char value[64];

    assert_int_equal(sca_print(value, sizeof(value), "lab", 1, SCA_UNKNOWN), 0);
    assert_string_equal(value, "<sip:lab>;appearance-index=1");
    assert_int_equal(sca_print(value, sizeof(value), "lab", SCA_INDEX_OTHERS, SCA_IDLE), 0);
    assert_string_equal(value, "<sip:lab>;appearance-index=*;appearance-state=idle");
    assert_int_equal(sca_print(value, 10, "lab", 1, SCA_IDLE), EOVERFLOW);
}

static int feature(struct feature_state *f, const char *body)
{
    return feature_parse(f, body, strlen(body), NULL);
}

#define CSTA "xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\""

static void features_add_up(void **state)
{
    (void)state;
    struct feature_state f = {0};

    assert_int_equal(
        feature(&f, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\r\n"
                    "<DoNotDisturbEvent " CSTA ">\r\n <device>1001</device>\r\n"
                    " <doNotDisturbOn> true </doNotDisturbOn>\r\n</DoNotDisturbEvent>\r\n"),
        0);
    assert_true(f.told[FEATURE_DND] && f.on[FEATURE_DND]);
    assert_string_equal(f.device, "1001");
    assert_int_equal(feature(&f, "<ForwardingEvent " CSTA "><device/>"
                                 "<forwardingType>forwardNoAns</forwardingType>"
                                 "<forwardStatus>true</forwardStatus><forwardTo>2424</forwardTo>"
                                 "<ringCount>4</ringCount></ForwardingEvent>"),
                     0);
    assert_true(f.told[FEATURE_FORWARD_NO_ANSWER] && f.on[FEATURE_FORWARD_NO_ANSWER]);
    assert_string_equal(f.target[FEATURE_FORWARD_NO_ANSWER], "2424");
    assert_int_equal(f.rings, 4);
    assert_int_equal(feature(&f,
                             "<ForwardingEvent><forwardingType>forwardImmediate</forwardingType>"
                             "<forwardStatus>false</forwardStatus></ForwardingEvent>"),
                     0);
    assert_true(f.told[FEATURE_FORWARD_ALL]);
    assert_false(f.on[FEATURE_FORWARD_ALL]);
    assert_false(f.told[FEATURE_FORWARD_BUSY]);
    assert_true(f.on[FEATURE_DND]);
}

static void bad_features_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int err;
    } rows[] = {
        {"", EBADMSG},
        {"DND", EBADMSG},
        {"<HotelingEvent/>", EPROTO},
        {"<DoNotDisturbEvent/>", EPROTO},
        {"<DoNotDisturbEvent><doNotDisturbOn>perhaps</doNotDisturbOn></DoNotDisturbEvent>", EPROTO},
        {"<ForwardingEvent><forwardStatus>true</forwardStatus></ForwardingEvent>", EPROTO},
        {"<ForwardingEvent><forwardingType>forwardBusy</forwardingType></ForwardingEvent>", EPROTO},
    };
    struct feature_state f = {0};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(feature(&f, rows[i].body), rows[i].err);
    for (int i = 0; i < FEATURE_KINDS; i++)
        assert_false(f.told[i]);
}

static void a_multipart_body_holds_several(void **state)
{
    (void)state;
    static const char body[] =
        "preamble\r\n--UniqueBroadWorksBoundary\r\nContent-Type: "
        "application/x-as-feature-event+xml\r\n"
        "Content-Length: 99\r\n\r\n<DoNotDisturbEvent><doNotDisturbOn>true</doNotDisturbOn>"
        "</DoNotDisturbEvent>\r\n--UniqueBroadWorksBoundary\r\nContent-Type: "
        "text/plain\r\n\r\nhello\r\n"
        "--UniqueBroadWorksBoundary\n\n<ForwardingEvent><forwardingType>forwardBusy</"
        "forwardingType>"
        "<forwardStatus>true</forwardStatus><forwardTo>77</forwardTo></ForwardingEvent>\n"
        "--UniqueBroadWorksBoundary--\r\n<DoNotDisturbEvent>";
    struct feature_state f = {0};

    assert_int_equal(
        feature_parse_multipart(&f, body, sizeof(body) - 1, "UniqueBroadWorksBoundary", NULL), 0);
    assert_true(f.on[FEATURE_DND]);
    assert_true(f.on[FEATURE_FORWARD_BUSY]);
    assert_string_equal(f.target[FEATURE_FORWARD_BUSY], "77");
    assert_int_equal(feature_parse_multipart(&f, body, sizeof(body) - 1, "other", NULL), ENOENT);
    assert_int_equal(feature_parse_multipart(&f, body, 40, "UniqueBroadWorksBoundary", NULL),
                     ENOENT);
    assert_int_equal(feature_parse_multipart(&f, body, 10, "", NULL), EBADMSG);
}

static void what_the_phone_sends_reads_back(void **state)
{
    (void)state;
    char body[512];

    for (int kind = FEATURE_DND; kind < FEATURE_KINDS; kind++) {
        struct feature_state f = {0};
        assert_int_equal(
            feature_print_set(body, sizeof(body), (enum feature_kind)kind, "1001", true, "a&<b>"),
            0);
        assert_int_equal(feature(&f, body), 0);
        assert_true(f.told[kind] && f.on[kind]);
        assert_string_equal(f.device, "1001");
        assert_string_equal(f.target[kind], kind == FEATURE_DND ? "" : "a&<b>");
    }
    assert_int_equal(feature_print_set(body, sizeof(body), FEATURE_FORWARD_ALL, "1001", false, ""),
                     0);
    assert_null(strstr(body, "forwardDN"));
    assert_int_equal(feature_print_set(body, 50, FEATURE_DND, "1001", true, ""), EOVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appearances_are_read),
        cmocka_unit_test(every_state_has_its_word),
        cmocka_unit_test(what_names_no_index_is_left_out),
        cmocka_unit_test(an_appearance_list_has_a_limit),
        cmocka_unit_test(call_info_is_printed),
        cmocka_unit_test(features_add_up),
        cmocka_unit_test(bad_features_change_nothing),
        cmocka_unit_test(a_multipart_body_holds_several),
        cmocka_unit_test(what_the_phone_sends_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
