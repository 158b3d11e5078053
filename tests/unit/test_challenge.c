/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/auth.h"
#include "sim/sip/challenge.h"

struct fixture {
    struct challenger *ch;
    struct rng rng;
    struct challenge_config c;
    char challenge[256];
};

static int setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof(f));
    rng_init(&f.rng, 1, 1);
    f.c = (struct challenge_config){
        .realm = "sip.example.com", .user = "159", .password = "s3cret", .nonce_digits = 16};
    *state = &f;
    return challenger_alloc(&f.ch);
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    f->ch = mem_deref(f->ch);
    return 0;
}

static void issue(struct fixture *f, bool stale, uint64_t now_ms)
{
    challenge_print(f->ch, f->challenge, sizeof(f->challenge), &f->c, stale, now_ms, &f->rng);
}

/* Credentials as our own client side computes them for the challenge at hand. */
static void answer(struct fixture *f, struct auth_client *a, const char *password, char *buf,
                   size_t size)
{
    const struct auth_request r = {
        .method = "NOTIFY", .uri = "sip:159@192.0.2.10:5060", .user = "159", .password = password};
    struct pl value;

    pl_set_str(&value, f->challenge);
    auth_client_challenge(a, &value, false);
    assert_true(auth_client_print(a, buf, size, &r, &f->rng) > 0);
}

static enum challenge_result check(struct fixture *f, const char *credentials, uint64_t now_ms)
{
    struct pl value;

    pl_set_str(&value, credentials);
    return challenge_check(f->ch, &f->c, "NOTIFY", &value, 1, now_ms);
}

/* sip-behaviour.md 3.2: test vectors. Their nonce is not one of ours: right, but stale. */
static void the_vectors_of_the_reference_prove_the_password(void **state)
{
    struct fixture *f = *state;
    static const char head[] = "Digest username=\"159\",realm=\"sip.example.com\","
                               "nonce=\"70f778f0a1b2c3d4\",uri=\"sip:159@192.0.2.10:5060\"";
    static const struct {
        const char *rest;
        enum challenge_result result;
    } rows[] = {
        {",response=\"f597c5760152f0b5ead59895fb6553c9\",qop=auth,nc=00000001,cnonce=\"0a4f113b\"",
         CHALLENGE_STALE},
        {",response=\"941359505e4812a9bb291f42ac893651\",qop=auth,nc=00000002,cnonce=\"0a4f113b\"",
         CHALLENGE_STALE},
        {",response=\"bb2be8ca00a9f8c6020961d730afc356\"", CHALLENGE_STALE},
        {",algorithm=md5,response=\"bb2be8ca00a9f8c6020961d730afc356\"", CHALLENGE_STALE},
        {",response=\"bb2be8ca00a9f8c6020961d730afc357\"", CHALLENGE_WRONG},
        {",response=\"f597c5760152f0b5ead59895fb6553c9\",qop=auth,nc=00000002,cnonce=\"0a4f113b\"",
         CHALLENGE_WRONG},
        {",algorithm=SHA-256,response=\"bb2be8ca00a9f8c6020961d730afc356\"", CHALLENGE_MALFORMED},
        {"", CHALLENGE_MALFORMED},
    };
    char value[400];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(value, sizeof(value), "%s%s", head, rows[i].rest);
        assert_int_equal(check(f, value, 0), rows[i].result);
    }
}

static void the_challenge_reads_as_chosen(void **state)
{
    struct fixture *f = *state;
    unsigned n = 0;
    char nonce[32], rest[64];

    issue(f, false, 0);
    assert_int_equal(sscanf(f->challenge,
                            "Digest realm=\"sip.example.com\",nonce=\"%31[0-9a-f]\"%63s", nonce,
                            rest),
                     2);
    assert_int_equal(strlen(nonce), 16);
    assert_string_equal(rest, ",algorithm=MD5,qop=\"auth\"");
    issue(f, true, 0);
    assert_non_null(strstr(f->challenge, ",stale=true"));
    f->c.no_qop = true;
    f->c.nonce_digits = 8;
    issue(f, false, 0);
    assert_int_equal(
        sscanf(f->challenge,
               "Digest realm=\"sip.example.com\", nonce=\"%31[0-9a-f]\", algorithm=md5%n", nonce,
               (int *)&n),
        1);
    assert_int_equal(strlen(nonce), 8);
    assert_int_equal(f->challenge[n], '\0');
}

static void a_count_must_rise(void **state)
{
    struct fixture *f = *state;
    struct auth_client a = {.nc = 0};
    char first[400], second[400];

    issue(f, false, 0);
    answer(f, &a, "s3cret", first, sizeof(first));
    const struct auth_request r = {
        .method = "NOTIFY", .uri = "sip:159@192.0.2.10:5060", .user = "159", .password = "s3cret"};
    assert_true(auth_client_print(&a, second, sizeof(second), &r, &f->rng) > 0);
    assert_int_equal(check(f, second, 1), CHALLENGE_PASSED);
    assert_int_equal(check(f, second, 2), CHALLENGE_STALE);
    assert_int_equal(check(f, first, 3), CHALLENGE_STALE);
    auth_client_reset(&a);
}

static void a_nonce_lives_a_minute(void **state)
{
    struct fixture *f = *state;
    struct auth_client a = {.nc = 0};
    char value[400];

    issue(f, false, 1000);
    answer(f, &a, "s3cret", value, sizeof(value));
    assert_int_equal(check(f, value, 61001), CHALLENGE_STALE);
    assert_int_equal(check(f, value, 61000), CHALLENGE_PASSED);
    auth_client_reset(&a);
}

static void eight_nonces_are_remembered(void **state)
{
    struct fixture *f = *state;
    struct auth_client a = {.nc = 0};
    char value[400];

    issue(f, false, 0);
    answer(f, &a, "s3cret", value, sizeof(value));
    for (unsigned i = 0; i < 8; i++)
        issue(f, false, 0);
    assert_int_equal(check(f, value, 1), CHALLENGE_STALE);
    auth_client_reset(&a);
}

static void another_name_or_realm_is_wrong(void **state)
{
    struct fixture *f = *state;
    struct auth_client a = {.nc = 0};
    char value[400];

    issue(f, false, 0);
    answer(f, &a, "s3cret", value, sizeof(value));
    f->c.user = "160";
    assert_int_equal(check(f, value, 1), CHALLENGE_WRONG);
    f->c.user = "159";
    f->c.realm = "other";
    assert_int_equal(check(f, value, 1), CHALLENGE_WRONG);
    auth_client_reset(&a);
}

static void other_schemes_are_passed_over(void **state)
{
    struct fixture *f = *state;
    struct auth_client a = {.nc = 0};
    char value[400];
    struct pl values[2];

    issue(f, false, 0);
    answer(f, &a, "s3cret", value, sizeof(value));
    pl_set_str(&values[0], "Basic MTU5OnMzY3JldA==");
    pl_set_str(&values[1], value);
    assert_int_equal(challenge_check(f->ch, &f->c, "NOTIFY", values, 1, 1), CHALLENGE_MISSING);
    assert_int_equal(challenge_check(f->ch, &f->c, "NOTIFY", values, 2, 1), CHALLENGE_PASSED);
    assert_int_equal(challenge_check(f->ch, &f->c, "NOTIFY", NULL, 0, 1), CHALLENGE_MISSING);
    auth_client_reset(&a);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(the_vectors_of_the_reference_prove_the_password),
        T(the_challenge_reads_as_chosen),
        T(a_count_must_rise),
        T(a_nonce_lives_a_minute),
        T(eight_nonces_are_remembered),
        T(another_name_or_realm_is_wrong),
        T(other_schemes_are_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
