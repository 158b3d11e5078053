/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/sip/response_table.h"

static const struct response_rules plain = {{0}, NULL, NULL, false, false};

static void check(enum response_context ctx, uint16_t scode, const struct response_rules *r,
                  enum response_action action, enum response_action otherwise,
                  enum response_tone tone)
{
    const struct response_step st = response_next(ctx, scode, r);

    if (st.action != action || st.otherwise != otherwise || st.tone != tone)
        fail_msg("context %d, %u: %d %d tone %d", ctx, scode, st.action, st.otherwise, st.tone);
}

static void registers(uint16_t scode, enum response_action action, enum response_action otherwise)
{
    check(RESPONSE_TO_REGISTER, scode, &plain, action, otherwise, RESPONSE_TONE_NONE);
}

static void invites(uint16_t scode, enum response_action action, enum response_tone tone)
{
    check(RESPONSE_TO_INVITE, scode, &plain, action,
          action == RESPONSE_END_SILENT ? action : RESPONSE_FAIL, tone);
}

static void every_code_has_an_action_everywhere(void **state)
{
    (void)state;
    static const enum response_context all[] = {RESPONSE_TO_REGISTER, RESPONSE_TO_INVITE,
                                                RESPONSE_IN_DIALOG, RESPONSE_TO_SUBSCRIBE};

    for (unsigned c = 0; c < sizeof(all) / sizeof(all[0]); c++) {
        for (unsigned scode = 0; scode <= UINT16_MAX; scode += scode < 1000 ? 1 : 997) {
            const struct response_step st = response_next(all[c], (uint16_t)scode, &plain);
            assert_in_range(st.action, RESPONSE_REDIRECT, RESPONSE_KEEP_SESSION);
            assert_non_null(st.text);
            assert_true(*st.text != '\0');
            /* what comes when nothing helps is final: it needs no header and has no limit */
            assert_in_range(st.otherwise, RESPONSE_RETRY_SHORT, RESPONSE_KEEP_SESSION);
            assert_in_range(response_79xx((uint16_t)scode), RESPONSE_79XX_FOLLOW,
                            RESPONSE_79XX_END);
            if (all[c] == RESPONSE_TO_REGISTER || all[c] == RESPONSE_TO_SUBSCRIBE)
                assert_int_equal(st.tone, RESPONSE_TONE_NONE);
        }
    }
}

static void unknown_codes_are_x00(void **state)
{
    (void)state;
    static const uint16_t rows[][2] = {{399, 300}, {417, 400}, {499, 400}, {433, 400}, {555, 500},
                                       {699, 600}, {601, 600}, {700, 500}, {199, 500}, {999, 500}};

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int ctx = RESPONSE_TO_REGISTER; ctx <= RESPONSE_TO_SUBSCRIBE; ctx++) {
            const struct response_step a = response_next(ctx, rows[i][0], &plain),
                                       b = response_next(ctx, rows[i][1], &plain);
            assert_int_equal(a.action, b.action);
            assert_int_equal(a.otherwise, b.otherwise);
            assert_int_equal(a.tone, b.tone);
            assert_string_equal(a.text, b.text);
        }
    }
}

static void a_registration_goes_by_2_3(void **state)
{
    (void)state;
    registers(401, RESPONSE_AUTHENTICATE, RESPONSE_RETRY_LONG);
    registers(407, RESPONSE_AUTHENTICATE, RESPONSE_RETRY_LONG);
    registers(423, RESPONSE_RAISE_EXPIRES, RESPONSE_RETRY_LONG);
    registers(302, RESPONSE_REDIRECT, RESPONSE_RETRY_LONG);
    registers(0, RESPONSE_NEXT_SERVER, RESPONSE_RETRY_SHORT);
    registers(503, RESPONSE_RETRY_AFTER, RESPONSE_RETRY_LONG);
    registers(403, RESPONSE_RETRY_LONG, RESPONSE_RETRY_LONG);
    registers(404, RESPONSE_RETRY_LONG, RESPONSE_RETRY_LONG);
    registers(500, RESPONSE_RETRY_LONG, RESPONSE_RETRY_LONG);
    registers(603, RESPONSE_RETRY_LONG, RESPONSE_RETRY_LONG);
}

static void register_patterns_choose_server_and_wait(void **state)
{
    (void)state;
    struct response_rules r = {.try_backup_rsc = "5??", .retry_reg_rsc = "403,50?"};
    const enum response_context ctx = RESPONSE_TO_REGISTER;

    check(ctx, 403, &r, RESPONSE_RETRY_SHORT, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 500, &r, RESPONSE_NEXT_SERVER, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 503, &r, RESPONSE_NEXT_SERVER, RESPONSE_RETRY_SHORT, 0); /* rule 5 before 6 */
    check(ctx, 513, &r, RESPONSE_NEXT_SERVER, RESPONSE_RETRY_LONG, 0);
    check(ctx, 404, &r, RESPONSE_RETRY_LONG, RESPONSE_RETRY_LONG, 0);
    r = (struct response_rules){.retry_reg_rsc = "", .retry_blank_all = true};
    check(ctx, 404, &r, RESPONSE_RETRY_SHORT, RESPONSE_RETRY_SHORT, 0);
    r.retry_reg_rsc = "5??";
    check(ctx, 404, &r, RESPONSE_RETRY_LONG, RESPONSE_RETRY_LONG, 0);
}

static void a_call_fails_with_its_tone(void **state)
{
    (void)state;
    static const uint16_t plainly[] = {400, 402, 403, 404, 405, 406, 408, 409, 410, 411,
                                       413, 414, 415, 416, 420, 421, 422, 423, 480, 481,
                                       482, 483, 484, 485, 488, 489, 493, 494, 500, 501,
                                       502, 503, 504, 505, 513, 603, 604, 606};

    for (unsigned i = 0; i < sizeof(plainly) / sizeof(plainly[0]); i++)
        invites(plainly[i], RESPONSE_FAIL, RESPONSE_TONE_REORDER);
    invites(486, RESPONSE_FAIL, RESPONSE_TONE_BUSY);
    invites(600, RESPONSE_FAIL, RESPONSE_TONE_BUSY);
    invites(487, RESPONSE_END_SILENT, RESPONSE_TONE_NONE);
    invites(300, RESPONSE_REDIRECT, RESPONSE_TONE_REORDER);
    invites(302, RESPONSE_REDIRECT, RESPONSE_TONE_REORDER);
    invites(380, RESPONSE_REDIRECT, RESPONSE_TONE_REORDER);
    invites(401, RESPONSE_AUTHENTICATE, RESPONSE_TONE_REORDER);
    invites(407, RESPONSE_AUTHENTICATE, RESPONSE_TONE_REORDER);
    invites(491, RESPONSE_BACK_OFF, RESPONSE_TONE_REORDER);
    invites(0, RESPONSE_NEXT_SERVER, RESPONSE_TONE_REORDER);
}

static void call_patterns_choose_tone_and_server(void **state)
{
    (void)state;
    const struct response_rules r = {.sit_rsc = {"404, 410", "4?6,404", "", "6??"},
                                     .try_backup_rsc = "BT,503,603",
                                     .session_timer = true};
    const enum response_context ctx = RESPONSE_TO_INVITE;

    check(ctx, 404, &r, RESPONSE_FAIL, RESPONSE_FAIL, RESPONSE_TONE_SIT1);
    check(ctx, 486, &r, RESPONSE_FAIL, RESPONSE_FAIL, RESPONSE_TONE_SIT2);
    check(ctx, 600, &r, RESPONSE_FAIL, RESPONSE_FAIL, RESPONSE_TONE_SIT4);
    check(ctx, 603, &r, RESPONSE_NEXT_SERVER, RESPONSE_FAIL, RESPONSE_TONE_SIT4);
    check(ctx, 503, &r, RESPONSE_NEXT_SERVER, RESPONSE_FAIL, RESPONSE_TONE_REORDER);
    check(ctx, 500, &r, RESPONSE_FAIL, RESPONSE_FAIL, RESPONSE_TONE_REORDER);
    check(ctx, 422, &r, RESPONSE_RAISE_MIN_SE, RESPONSE_FAIL, RESPONSE_TONE_REORDER);
    /* an unlisted code is judged as x00, but patterns see the code itself */
    check(ctx, 601, &r, RESPONSE_FAIL, RESPONSE_FAIL, RESPONSE_TONE_SIT4);
    check(ctx, 476, &r, RESPONSE_FAIL, RESPONSE_FAIL, RESPONSE_TONE_SIT2);
}

static void a_dialog_survives_all_but_408_and_481(void **state)
{
    (void)state;
    const enum response_context ctx = RESPONSE_IN_DIALOG;

    for (uint16_t scode = 300; scode < 700; scode++) {
        const struct response_step st = response_next(ctx, scode, &plain);
        assert_int_equal(st.action == RESPONSE_END_DIALOG, scode == 408 || scode == 481);
    }
    check(ctx, 0, &plain, RESPONSE_END_DIALOG, RESPONSE_END_DIALOG, RESPONSE_TONE_REORDER);
    check(ctx, 481, &plain, RESPONSE_END_DIALOG, RESPONSE_END_DIALOG, RESPONSE_TONE_REORDER);
    check(ctx, 491, &plain, RESPONSE_BACK_OFF, RESPONSE_KEEP_SESSION, 0);
    check(ctx, 500, &plain, RESPONSE_RETRY_AFTER, RESPONSE_KEEP_SESSION, 0);
    check(ctx, 407, &plain, RESPONSE_AUTHENTICATE, RESPONSE_KEEP_SESSION, 0);
    check(ctx, 488, &plain, RESPONSE_KEEP_SESSION, RESPONSE_KEEP_SESSION, 0);
    check(ctx, 422, &plain, RESPONSE_KEEP_SESSION, RESPONSE_KEEP_SESSION, 0);
    check(ctx, 503, &plain, RESPONSE_RETRY_AFTER, RESPONSE_KEEP_SESSION, 0);
}

static void a_subscription_waits_its_interval(void **state)
{
    (void)state;
    const enum response_context ctx = RESPONSE_TO_SUBSCRIBE;

    check(ctx, 489, &plain, RESPONSE_RETRY_SHORT, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 481, &plain, RESPONSE_END_DIALOG, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 302, &plain, RESPONSE_RETRY_SHORT, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 0, &plain, RESPONSE_RETRY_SHORT, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 503, &plain, RESPONSE_RETRY_SHORT, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 423, &plain, RESPONSE_RAISE_EXPIRES, RESPONSE_RETRY_SHORT, 0);
    check(ctx, 401, &plain, RESPONSE_AUTHENTICATE, RESPONSE_RETRY_SHORT, 0);
}

static void texts_are_the_dictionary_s(void **state)
{
    (void)state;
    assert_string_equal(response_text(486), "Busy Here");
    assert_string_equal(response_text(480), "Temporarily not available");
    assert_string_equal(response_text(504), "Server Time-out");
    assert_string_equal(response_text(604), "Does not exist anywhere");
    assert_string_equal(response_text(0), "No Response");
    assert_string_equal(response_text(409), "Bad Request");
    assert_string_equal(response_text(422), "Bad Request");
    assert_string_equal(response_text(399), "Multiple Choices");
}

static void a_79xx_goes_by_its_appendix(void **state)
{
    (void)state;
    assert_int_equal(response_79xx(302), RESPONSE_79XX_FOLLOW);
    assert_int_equal(response_79xx(400), RESPONSE_79XX_DISCONNECT);
    assert_int_equal(response_79xx(404), RESPONSE_79XX_NOTIFY_USER);
    assert_int_equal(response_79xx(407), RESPONSE_79XX_AUTHENTICATE);
    assert_int_equal(response_79xx(411), RESPONSE_79XX_RESEND);
    assert_int_equal(response_79xx(487), RESPONSE_79XX_END);
    assert_int_equal(response_79xx(402), RESPONSE_79XX_DISCONNECT);
    assert_int_equal(response_79xx(516), RESPONSE_79XX_DISCONNECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_an_action_everywhere),
        cmocka_unit_test(unknown_codes_are_x00),
        cmocka_unit_test(a_registration_goes_by_2_3),
        cmocka_unit_test(register_patterns_choose_server_and_wait),
        cmocka_unit_test(a_call_fails_with_its_tone),
        cmocka_unit_test(call_patterns_choose_tone_and_server),
        cmocka_unit_test(a_dialog_survives_all_but_408_and_481),
        cmocka_unit_test(a_subscription_waits_its_interval),
        cmocka_unit_test(texts_are_the_dictionary_s),
        cmocka_unit_test(a_79xx_goes_by_its_appendix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
