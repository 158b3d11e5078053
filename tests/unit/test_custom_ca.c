/* SPDX-License-Identifier: BSD-3-Clause */
/* When a phone asks for its custom CA, and what it tells of it (provisioning.md 8). */
#include "sim/net/trust.h"
#include "tests/support/fake_prov.h"

#define CA     "http://h/ca.pem"
#define SECURE "https://h/b.xml"

static const char pem[] = /* of tests/fuzz/corpus/trust/one.pem */
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgjCCASegAwIBAgIUHstLbSmyg+1VaKTE4QrrwKlPLB4wCgYIKoZIzj0EAwIw\n"
    "FjEUMBIGA1UEAwwLYSBjdXN0b20gQ0EwHhcNMjYxMTIxMTQ1ODIyWhcNMzYxMTE4\n"
    "MTQ1ODIyWjAWMRQwEgYDVQQDDAthIGN1c3RvbSBDQTBZMBMGByqGSM49AgEGCCqG\n"
    "SM49AwEHA0IABPEqsBvRpzE3R0cWHahtWexIIdEG8yfmNowMObtw/7TT+7xj9WjA\n"
    "IzDv0KQ4rede2ssC7SlpFvA7OxZqGjF256GjUzBRMB0GA1UdDgQWBBSJVc5Jir8c\n"
    "8cnm3eq1oJH9NcW+8TAfBgNVHSMEGDAWgBSJVc5Jir8c8cnm3eq1oJH9NcW+8TAP\n"
    "BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCzV3eKEn8zmSJ09xxR\n"
    "x8cmGEXfy6oqCP8o1yHyo1ZhgAIhAPJLoPnmpBwks/1xqw2xXkke1hMDBc9yPME3\n"
    "6zlOYsMG\n"
    "-----END CERTIFICATE-----\n";

static void serve_all(struct fixture *f)
{
    serve(f, FACTORY,
          PROFILE("<Custom_CA_RULE>" CA "</Custom_CA_RULE><Profile_Rule_B>" SECURE
                  "</Profile_Rule_B>"));
    serve(f, CA, pem);
    serve(f, SECURE, PROFILE("<GPP_A>secure</GPP_A>"));
}

static struct prov_ca_status status(const struct fixture *f)
{
    struct prov_ca_status st;

    prov_ca_status(f->prov, &st);
    return st;
}

static void it_comes_before_the_file_that_needs_it(void **state)
{
    struct fixture *f = *state;

    serve_all(f);
    boot(f);
    assert_requests(f, 3, SECURE);
    assert_string_equal(f->fetcher.seen[1].url, CA);
    assert_false(f->fetcher.seen[1].trusts);
    assert_true(f->fetcher.seen[2].trusts);
    assert_string_equal(status(f).name, "a custom CA");
    assert_true(status(f).ok);
    assert_true(status(f).at_s > 0);
    assert_true(f->last.ok);
    boot(f); /* it has it */
    assert_requests(f, 5, SECURE);
    assert_true(f->fetcher.seen[3].trusts);
}

static void one_that_does_not_come_is_asked_for_in_the_next_pass(void **state)
{
    struct fixture *f = *state;

    serve_all(f);
    fail_with(f, CA, "timeout");
    boot(f);
    assert_requests(f, 3, SECURE);
    assert_true(f->last.ok); /* its failure is no failure of the pass */
    assert_false(status(f).ok);
    assert_null(status(f).name);
    serve(f, CA, "<html>not here</html>");
    boot(f);
    assert_requests(f, 6, SECURE);
    assert_false(status(f).ok);
    assert_false(f->fetcher.seen[5].trusts);
    serve(f, CA, pem);
    boot(f);
    assert_requests(f, 9, SECURE);
    assert_true(f->fetcher.seen[8].trusts);
}

static void another_one_takes_its_place_when_it_is_there(void **state)
{
    struct fixture *f = *state;

    serve_all(f);
    boot(f);
    set(f, "Profile_Rule", SECURE);
    set(f, "Custom_CA_RULE", "[--uid u --pwd p] http://h/$PN.pem");
    boot(f);
    assert_string_equal(f->fetcher.seen[3].url, "http://h/SPA504G.pem");
    assert_string_equal(f->fetcher.seen[3].uid, "u");
    assert_false(status(f).ok); /* 404: the old one stays */
    assert_string_equal(status(f).name, "a custom CA");
    assert_true(f->fetcher.seen[4].trusts);
}

static void an_empty_rule_and_a_factory_reset_forget_it(void **state)
{
    struct fixture *f = *state;

    serve_all(f);
    boot(f);
    prov_forget(f->prov);
    assert_null(status(f).name);
    boot(f);
    assert_string_equal(status(f).name, "a custom CA");
    serve(f, FACTORY, PROFILE("<Custom_CA_RULE></Custom_CA_RULE>"));
    boot(f);
    assert_null(status(f).name);
    assert_int_equal(status(f).at_s, 0);
}

static void it_must_come_from_an_allowed_domain(void **state)
{
    struct fixture *f = *state;

    set(f, "Restricted_Access_Domains", "192.0.2.1");
    set(f, "Custom_CA_RULE", CA);
    boot(f);
    assert_requests(f, 1, FACTORY);
    assert_false(status(f).ok);
    assert_true(status(f).at_s > 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_comes_before_the_file_that_needs_it),
        T(one_that_does_not_come_is_asked_for_in_the_next_pass),
        T(another_one_takes_its_place_when_it_is_there),
        T(an_empty_rule_and_a_factory_reset_forget_it),
        T(it_must_come_from_an_allowed_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
