/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers to HTTP challenges (provisioning.md 4), against the examples of RFC 2617. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/net/webauth.h"
#include "tests/support/alloc.h"

#define MUFASA                                                                                     \
    "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", "                                 \
    "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""

static const struct webauth_request request = {.method = "GET",
                                               .uri = "/dir/index.html",
                                               .uid = "Mufasa",
                                               .pwd = "Circle Of Life",
                                               .cnonce = 0x0a4f113b,
                                               .nc = 1};

static void answers(const char *challenges, const char *expected)
{
    char *value = NULL;

    assert_int_equal(webauth_answer(&value, challenges, &request), 0);
    assert_string_equal(value, expected);
    free(value);
}

static void has_no_answer(const char *challenges)
{
    char *value = NULL;

    assert_int_equal(webauth_answer(&value, challenges, &request), ENOENT);
    assert_null(value);
}

static void digest_with_qop_is_that_of_the_rfc(void **state)
{
    (void)state;
    answers(MUFASA "\n", "Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
                         "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
                         "response=\"6629fae49393a05397450978507c4ef1\", "
                         "opaque=\"5ccc069c403ebaf9f0171e9517f40e41\", qop=auth, nc=00000001, "
                         "cnonce=\"0a4f113b\"");
}

static void digest_without_qop_has_no_count(void **state)
{
    char *value = NULL;

    (void)state;
    assert_int_equal(
        webauth_answer(&value, "Digest nonce=\"n\",realm=\"r\",algorithm=md5", &request), 0);
    assert_null(strstr(value, "nc="));
    assert_non_null(strstr(value, "algorithm=MD5"));
    free(value);
}

static void basic_is_encoded(void **state)
{
    (void)state;
    answers("Basic realm=\"x\"", "Basic TXVmYXNhOkNpcmNsZSBPZiBMaWZl");
    answers("bAsIc", "Basic TXVmYXNhOkNpcmNsZSBPZiBMaWZl");
}

static void digest_goes_before_basic_wherever_it_stands(void **state)
{
    static const char *const both[] = {"Basic realm=\"x\"\n" MUFASA, MUFASA "\nBasic realm=\"x\"",
                                       "Basic realm=\"a, b\", " MUFASA, "Negotiate abc==, " MUFASA};

    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        char *value = NULL;
        assert_int_equal(webauth_answer(&value, both[i], &request), 0);
        assert_non_null(strstr(value, "response=\"6629fae49393a05397450978507c4ef1\""));
        free(value);
    }
}

static void what_no_phone_answers_has_no_answer(void **state)
{
    (void)state;
    has_no_answer("");
    has_no_answer("\n, ,\n");
    has_no_answer("Negotiate");
    has_no_answer("Digest realm=\"x\"");
    has_no_answer("Digest realm=\"x\", nonce=\"n\", algorithm=SHA-256");
    has_no_answer("Digest realm=\"x\", nonce=\"n\", qop=\"auth-int\"");
}

static void of_two_digests_the_one_with_md5_is_answered(void **state)
{
    char *value = NULL;

    (void)state;
    assert_int_equal(webauth_answer(&value,
                                    "Digest realm=\"x\", nonce=\"one\", algorithm=SHA-256\n"
                                    "Digest realm=\"x\", nonce=\"two\", algorithm=MD5",
                                    &request),
                     0);
    assert_non_null(strstr(value, "nonce=\"two\""));
    free(value);
}

static void quotes_in_names_are_escaped(void **state)
{
    struct webauth_request odd = request;
    char *value = NULL;

    (void)state;
    odd.uid = "a\"b\\c";
    assert_int_equal(webauth_answer(&value, "Digest realm=\"say \\\"hi\\\"\", nonce=\"n\"", &odd),
                     0);
    assert_non_null(strstr(value, "username=\"a\\\"b\\\\c\""));
    assert_non_null(strstr(value, "realm=\"say \\\"hi\\\"\""));
    free(value);
}

static int answer_again(void *arg)
{
    char *value = NULL;
    const int err = webauth_answer(&value, arg, &request);

    free(value);
    return err;
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    char digest[] = MUFASA, basic[] = "Basic realm=\"x\"";

    (void)state;
    assert_true(alloc_sweep(answer_again, digest) >= 4);
    assert_true(alloc_sweep(answer_again, basic) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_with_qop_is_that_of_the_rfc),
        cmocka_unit_test(digest_without_qop_has_no_count),
        cmocka_unit_test(basic_is_encoded),
        cmocka_unit_test(digest_goes_before_basic_wherever_it_stands),
        cmocka_unit_test(what_no_phone_answers_has_no_answer),
        cmocka_unit_test(of_two_digests_the_one_with_md5_is_answered),
        cmocka_unit_test(quotes_in_names_are_escaped),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
