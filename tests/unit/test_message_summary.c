/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/sip/message_summary.h"

static struct mwi_summary parse(const char *body, int want)
{
    /* a copy without terminator: reading past it is caught */
    const size_t len = strlen(body);
    char *copy = malloc(len ? len : 1);
    struct mwi_summary m;

    memcpy(copy, body, len);
    const int err = mwi_parse(&m, copy, len);
    free(copy);
    if (err != want)
        fail_msg("%s: %d", body, err);
    return m;
}

static void a_full_body_is_read(void **state)
{
    (void)state;
    const struct mwi_summary m = parse("Messages-Waiting: yes\r\n"
                                       "Message-Account: sip:alice@vmail.example.com\r\n"
                                       "Voice-Message: 4/8 (1/2)\r\n"
                                       "Fax-Message: 9/9\r\n\r\n",
                                       0);

    assert_true(m.waiting);
    assert_true(m.counted);
    assert_int_equal(m.n_new, 4);
    assert_int_equal(m.n_old, 8);
    assert_int_equal(m.n_urgent_new, 1);
    assert_int_equal(m.n_urgent_old, 2);
    assert_string_equal(m.account, "sip:alice@vmail.example.com");
}

static void the_lamp_follows_messages_waiting_alone(void **state)
{
    (void)state;
    assert_true(parse("Messages-Waiting: yes", 0).waiting);
    assert_false(parse("Messages-Waiting: yes\n", 0).counted);
    assert_false(parse("Messages-Waiting: no\r\nVoice-Message: 3/0\r\n", 0).waiting);
    assert_true(parse("Messages-Waiting: yes\r\nVoice-Message: 0/0 (0/0)\r\n", 0).waiting);
}

static void case_blanks_and_line_ends_do_not_matter(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "messages-waiting:YES\nvoice-message:2/1(1/0)\n",
        "  MESSAGES-WAITING \t: Yes \rVOICE-MESSAGE :  2 / 1 ( 1 / 0 ) ",
        "\r\n\r\nMessages-Waiting:\r\n yes\r\nVoice-Message: 2/1\r\n\t(1/0)\r\n",
        "x\nVoice-Message: 2/1 (1/0)\n: :\nMessages-Waiting: yes\nMessages-Waiting: no\n",
    };

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        const struct mwi_summary m = parse(bodies[i], 0);
        assert_true(m.waiting);
        assert_int_equal(m.n_new, 2);
        assert_int_equal(m.n_old, 1);
        assert_int_equal(m.n_urgent_new, 1);
        assert_int_equal(m.n_urgent_old, 0);
    }
}

static void counts_may_be_missing_or_large(void **state)
{
    (void)state;
    struct mwi_summary m = parse("Messages-Waiting: yes\nVoice-Message: 7\n", 0);

    assert_int_equal(m.n_new, 7);
    assert_int_equal(m.n_old, 0);
    m = parse("Messages-Waiting: yes\nVoice-Message: x/2\n", 0);
    assert_false(m.counted);
    m = parse("Messages-Waiting: yes\nVoice-Message: 99999999999999/2 (x/y)\n", 0);
    assert_int_equal(m.n_new, 999999);
    assert_int_equal(m.n_old, 2);
}

static void counts_speak_when_messages_waiting_does_not(void **state)
{
    (void)state;
    assert_true(parse("Voice-Message: 1/0\n", 0).waiting);
    assert_false(parse("Voice-Message: 0/5\n", 0).waiting);
    assert_true(parse("Messages-Waiting: maybe\nVoice-Message: 1/0\n", 0).waiting);
}

static void garbage_says_nothing(void **state)
{
    (void)state;
    static const char *const bodies[] = {"",
                                         "\r\n",
                                         "yes",
                                         ":",
                                         "Messages-Waiting",
                                         "Messages-Waiting:",
                                         "Messages-Waiting: 1",
                                         "Voice-Message: -1/2",
                                         "<xml>Messages-Waiting</xml>",
                                         "Message-Account: sip:a@b"};
    const char zero[] = "Messages-Waiting: yes\0no\n";
    struct mwi_summary m;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        parse(bodies[i], EBADMSG);
    assert_int_equal(mwi_parse(&m, zero, sizeof(zero) - 1), EBADMSG);
}

static void a_long_account_is_dropped(void **state)
{
    (void)state;
    char body[400] = "Messages-Waiting: yes\nMessage-Account: ";

    memset(body + strlen(body), 'a', 128);
    assert_string_equal(parse(body, 0).account, "");
    body[strlen(body) - 1] = '\0';
    assert_int_equal(strlen(parse(body, 0).account), 127);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_body_is_read),
        cmocka_unit_test(the_lamp_follows_messages_waiting_alone),
        cmocka_unit_test(case_blanks_and_line_ends_do_not_matter),
        cmocka_unit_test(counts_may_be_missing_or_large),
        cmocka_unit_test(counts_speak_when_messages_waiting_does_not),
        cmocka_unit_test(garbage_says_nothing),
        cmocka_unit_test(a_long_account_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
