/* SPDX-License-Identifier: BSD-3-Clause */
/* Digest: the vectors of sip-behaviour.md 3.2, the client's wire form of 2.10, refusals. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/auth.h"

static const struct auth_request notify = {
    .method = "NOTIFY",
    .uri = "sip:159@192.0.2.10:5060",
    .user = "159",
    .password = "s3cret",
};

static enum auth_outcome challenge(struct auth_client *a, const char *text)
{
    struct pl v;

    pl_set_str(&v, text);
    return auth_client_challenge(a, &v, false);
}

static int parse(struct auth_response *ar, const char *text)
{
    struct pl v;

    pl_set_str(&v, text);
    return auth_response_parse(ar, &v);
}

#define COMMON                                                                                     \
    "Digest username=\"159\",realm=\"sip.example.com\",nonce=\"70f778f0a1b2c3d4\","                \
    "uri=\"sip:159@192.0.2.10:5060\","

static void server_accepts_the_reference_vectors(void **state)
{
    static const char *good[] = {
        COMMON "algorithm=MD5,response=\"f597c5760152f0b5ead59895fb6553c9\",qop=auth,nc=00000001,"
               "cnonce=\"0a4f113b\"",
        COMMON "response=\"941359505e4812a9bb291f42ac893651\", qop=\"auth\", nc=00000002, "
               "cnonce=\"0a4f113b\"",
        COMMON "algorithm=md5,response=\"bb2be8ca00a9f8c6020961d730afc356\"",
    };
    struct auth_response ar;

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        assert_int_equal(parse(&ar, good[i]), 0);
        assert_int_equal(ar.has_qop, i < 2);
        assert_true(auth_response_check(&ar, "NOTIFY", "s3cret"));
        assert_false(auth_response_check(&ar, "NOTIFY", "s3creT"));
        assert_false(auth_response_check(&ar, "REGISTER", "s3cret"));
    }
    ar.nc = 3;
    ar.has_qop = true;
    assert_false(auth_response_check(&ar, "NOTIFY", "s3cret"));
}

static void client_without_qop_sends_the_vector_in_spa_order(void **state)
{
    struct auth_client a = {0};
    struct rng rng;
    char buf[512];
    size_t len;

    (void)state;
    rng_init(&rng, 1, 1);
    assert_false(auth_client_ready(&a));
    assert_int_equal(auth_client_print(&a, buf, sizeof(buf), &notify, &rng), 0);
    assert_int_equal(challenge(&a, "Digest realm=\"sip.example.com\", nonce=\"70f778f0a1b2c3d4\""),
                     AUTH_NEW);
    assert_true(auth_client_ready(&a));
    len = auth_client_print(&a, buf, sizeof(buf), &notify, &rng);
    assert_int_equal(len, strlen(buf));
    assert_string_equal(buf, COMMON "algorithm=MD5,response=\"bb2be8ca00a9f8c6020961d730afc356\"");
    auth_client_reset(&a);
}

static void client_with_qop_counts_nc_and_is_accepted(void **state)
{
    struct auth_client a = {0};
    struct auth_response ar;
    struct rng rng;
    char buf[512], tail[160], last_cnonce[80] = "";

    (void)state;
    rng_init(&rng, 7, 3);
    assert_int_equal(challenge(&a, "Digest realm=\"sip.example.com\",nonce=\"70f778f0a1b2c3d4\","
                                   "algorithm=MD5,qop=\"auth-int,auth\",opaque=\"xy\""),
                     AUTH_NEW);
    for (unsigned nc = 1; nc <= 1001; nc++) {
        assert_int_not_equal(auth_client_print(&a, buf, sizeof(buf), &notify, &rng), 0);
        assert_int_equal(parse(&ar, buf), 0);
        assert_int_equal(ar.nc, nc);
        assert_int_equal(strlen(ar.cnonce), 8);
        assert_string_not_equal(ar.cnonce, last_cnonce);
        strcpy(last_cnonce, ar.cnonce);
        assert_true(auth_response_check(&ar, "NOTIFY", "s3cret"));
    }
    snprintf(tail, sizeof(tail), "\",opaque=\"xy\",qop=auth,nc=000003e9,cnonce=\"%s\"", ar.cnonce);
    assert_string_equal(buf + strlen(buf) - strlen(tail), tail);
    assert_memory_equal(buf, COMMON "algorithm=MD5,response=\"",
                        strlen(COMMON "algorithm=MD5,response=\""));
    auth_client_reset(&a);
}

static void client_in_79xx_order(void **state)
{
    struct auth_client a = {0};
    struct auth_request r = notify;
    struct rng rng;
    char buf[512];

    (void)state;
    rng_init(&rng, 1, 1);
    r.order_79xx = true;
    challenge(&a, "Digest realm=\"sip.example.com\",nonce=\"70f778f0a1b2c3d4\",algorithm=md5");
    assert_int_not_equal(auth_client_print(&a, buf, sizeof(buf), &r, &rng), 0);
    assert_string_equal(buf, "Digest username=\"159\",realm=\"sip.example.com\","
                             "uri=\"sip:159@192.0.2.10:5060\","
                             "response=\"bb2be8ca00a9f8c6020961d730afc356\","
                             "nonce=\"70f778f0a1b2c3d4\",algorithm=md5");
    auth_client_reset(&a);
}

static void stale_keeps_the_password_hash_and_restarts_nc(void **state)
{
    struct auth_client a = {0};
    struct auth_request r = notify;
    struct auth_response ar;
    struct rng rng;
    char buf[512];

    (void)state;
    rng_init(&rng, 1, 1);
    challenge(&a, "Digest realm=\"r\",nonce=\"n1\",qop=\"auth\"");
    auth_client_print(&a, buf, sizeof(buf), &r, &rng);
    auth_client_print(&a, buf, sizeof(buf), &r, &rng);
    assert_int_equal(a.nc, 2);
    assert_int_equal(challenge(&a, "Digest realm=\"r\",nonce=\"n2\",qop=\"auth\",stale=TRUE"),
                     AUTH_STALE);
    assert_int_equal(a.nc, 0);
    assert_true(a.has_ha1);

    /* after a plain refusal a changed password is hashed anew */
    r.password = "other";
    assert_int_equal(challenge(&a, "Digest realm=\"r\",nonce=\"n3\",qop=\"auth\",stale=false"),
                     AUTH_NEW);
    auth_client_print(&a, buf, sizeof(buf), &r, &rng);
    assert_int_equal(parse(&ar, buf), 0);
    assert_string_equal(ar.nonce, "n3");
    assert_int_equal(ar.nc, 1);
    assert_true(auth_response_check(&ar, "NOTIFY", "other"));
    auth_client_reset(&a);
}

static void another_realm_is_hashed_anew_even_when_stale(void **state)
{
    struct auth_client a = {0};
    struct auth_response ar;
    struct rng rng;
    char buf[512];

    (void)state;
    rng_init(&rng, 1, 1);
    challenge(&a, "Digest realm=\"one\",nonce=\"n\"");
    auth_client_print(&a, buf, sizeof(buf), &notify, &rng);
    assert_int_equal(challenge(&a, "Digest realm=\"two\",nonce=\"n\",stale=true"), AUTH_STALE);
    auth_client_print(&a, buf, sizeof(buf), &notify, &rng);
    assert_int_equal(parse(&ar, buf), 0);
    assert_true(auth_response_check(&ar, "NOTIFY", "s3cret"));
    auth_client_reset(&a);
}

static void unusable_challenges_leave_the_cache_alone(void **state)
{
    static const char *bad[] = {
        "",
        "Digest",
        "Basic realm=\"r\"",
        "Digest realm=\"r\"",
        "Digest nonce=\"n\"",
        "Digest realm=\"r\",nonce=\"\"",
        "Digest realm=\"r\",nonce=\"n\",algorithm=SHA-256",
        "Digest realm=\"r\",nonce=\"n\",algorithm=MD5-sess",
        "Digest realm=\"r\",nonce=\"n\",qop=\"auth-int\"",
        "Digest realm=\"r\",nonce=\"n",
        "Digest realm=\"r\" nonce=\"n\"",
        "Digest realm,nonce=\"n\"",
        "Digest =\"r\"",
        "Digestrealm=\"r\",nonce=\"n\"",
        "Digest realm=\"r\\",
        "Digest realm=\"r\r\n X-Forged: y\",nonce=\"n\"",
        "Digest realm=\"r\",nonce=\"n\rm\"",
        "Digest realm=\"r\",nonce=\"n\",opaque=\"o\np\"",
    };
    struct auth_client a = {0};

    (void)state;
    challenge(&a, "Digest realm=\"keep\",nonce=\"kept\"");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(challenge(&a, bad[i]), AUTH_UNUSABLE);
    assert_string_equal(a.realm, "keep");
    assert_string_equal(a.nonce, "kept");
    auth_client_reset(&a);
}

static void malformed_credentials_are_told_from_foreign_ones(void **state)
{
    static const struct {
        const char *text;
        int err;
    } t[] = {
        {"", EPROTO},
        {"Basic Zm9v", EPROTO},
        {COMMON "response=\"bb2be8ca00a9f8c6020961d730afc356\",algorithm=SHA-256", EPROTO},
        {COMMON "response=\"bb2be8ca00a9f8c6020961d730afc356\",qop=auth-int", EPROTO},
        {COMMON "response=\"bb2b\"", EBADMSG},
        {COMMON "algorithm=MD5", EBADMSG},
        {COMMON "response=\"zz2be8ca00a9f8c6020961d730afc356\"", EBADMSG},
        {COMMON "response=\"bb2be8ca00a9f8c6020961d730afc356\",qop=auth", EBADMSG},
        {COMMON "response=\"bb2be8ca00a9f8c6020961d730afc356\",qop=auth,nc=1,cnonce=\"x\"",
         EBADMSG},
        {COMMON "realm=\"again\",response=\"bb2be8ca00a9f8c6020961d730afc356\"", EBADMSG},
        {COMMON "response=\"bb2be8ca00a9f8c6020961d730afc356", EBADMSG},
        {COMMON ",, ,response=bb2be8ca00a9f8c6020961d730afc356", 0},
    };
    struct auth_response ar;
    char big[1024];

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
        assert_int_equal(parse(&ar, t[i].text), t[i].err);
    memset(big, 'a', sizeof(big));
    memcpy(big, "Digest username=\"", 17);
    big[sizeof(big) - 2] = '"';
    big[sizeof(big) - 1] = 0;
    assert_int_equal(parse(&ar, big), EBADMSG);
}

static void quotes_and_line_ends_in_a_user_cannot_break_out(void **state)
{
    struct auth_client a = {0};
    struct auth_request r = notify;
    struct auth_response ar;
    struct rng rng;
    char buf[512];

    (void)state;
    rng_init(&rng, 1, 1);
    r.user = "a\"b\\c";
    challenge(&a, "Digest realm=\"r\\\"x\",nonce=\"n\"");
    assert_int_not_equal(auth_client_print(&a, buf, sizeof(buf), &r, &rng), 0);
    assert_int_equal(parse(&ar, buf), 0);
    assert_string_equal(ar.username, "a\"b\\c");
    assert_true(auth_response_check(&ar, "NOTIFY", "s3cret"));
    r.user = "a\r\nX: y";
    assert_int_not_equal(auth_client_print(&a, buf, sizeof(buf), &r, &rng), 0);
    assert_null(strpbrk(buf, "\r\n"));
    auth_client_reset(&a);
}

static void too_small_a_buffer_gives_zero_and_counts_nothing(void **state)
{
    struct auth_client a = {0};
    struct rng rng;
    char buf[512];
    size_t len;

    (void)state;
    rng_init(&rng, 1, 1);
    challenge(&a, "Digest realm=\"r\",nonce=\"n\",qop=auth");
    len = auth_client_print(&a, buf, sizeof(buf), &notify, &rng);
    assert_int_not_equal(len, 0);
    for (size_t size = 0; size <= len; size++) {
        char *small = malloc(size ? size : 1);

        assert_int_equal(auth_client_print(&a, small, size, &notify, &rng), 0);
        free(small);
    }
    assert_int_equal(a.nc, 1);
    assert_int_equal(auth_client_print(&a, buf, len + 1, &notify, &rng), len);
    auth_client_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_accepts_the_reference_vectors),
        cmocka_unit_test(client_without_qop_sends_the_vector_in_spa_order),
        cmocka_unit_test(client_with_qop_counts_nc_and_is_accepted),
        cmocka_unit_test(client_in_79xx_order),
        cmocka_unit_test(stale_keeps_the_password_hash_and_restarts_nc),
        cmocka_unit_test(another_realm_is_hashed_anew_even_when_stale),
        cmocka_unit_test(unusable_challenges_leave_the_cache_alone),
        cmocka_unit_test(malformed_credentials_are_told_from_foreign_ones),
        cmocka_unit_test(quotes_and_line_ends_in_a_user_cannot_break_out),
        cmocka_unit_test(too_small_a_buffer_gives_zero_and_counts_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
