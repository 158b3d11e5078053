/* SPDX-License-Identifier: BSD-3-Clause */
/* Internal URIs (xml-services.md 5) and what headers of answers say (8.2 to 8.4). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/net/fetch.h"
#include "sim/xml/cookies.h"
#include "sim/xml/reply.h"
#include "sim/xml/xuri.h"

static int parse(struct xuri *u, const char *uri, const char *model)
{
    return xuri_parse(u, uri, device_model_find(model));
}

static void keys_have_the_names_of_the_models_keys(void **state)
{
    static const struct {
        const char *uri, *key;
    } cases[] = {
        {"Key:KeyPad7", "7"},      {"key:KeyPadStar", "*"},
        {"Key:Soft4", "soft4"},    {"Key:Line12", "line12"},
        {"Key:NavDwn", "down"},    {"Key:NavDown", "down"},
        {"Key:VolUp", "volup"},    {"Key:Headset", "headset"},
        {"Key:Settings", "setup"}, {"Key:Directories", "directory"},
    };
    struct xuri u;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(&u, cases[i].uri, "SPA504G"), 0);
        assert_int_equal(u.kind, XURI_KEY);
        assert_string_equal(u.text, cases[i].key);
    }
    assert_int_equal(parse(&u, "Key:KeyPad10", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, "Key:Line121", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, "Key:", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, "Key:Line99999999999", "SPA504G"), EINVAL);
}

static void a_6800_has_the_keys_of_its_list(void **state)
{
    static const struct {
        const char *uri;
        int err;
    } cases[] = {{"Key:NavUp", 0},         {"Key:NavLeft", ENOTSUP}, {"Key:Services", ENOTSUP},
                 {"Key:Directories", 0},   {"Key:Line120", 0},       {"Key:Settings", ENOTSUP},
                 {"Key:Contacts", ENOTSUP}};
    struct xuri u;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(&u, cases[i].uri, "6851"), cases[i].err);
        assert_int_equal(parse(&u, cases[i].uri, "SPA504G"), 0);
    }
}

static void the_guides_name_one_key_and_one_list(void **state)
{
    static const struct {
        const char *uri;
        bool listed;
    } cases[] = {{"Key:Headset", true},     {"Key:Mute", false}, {"Init:CallHistory", true},
                 {"Init:AppStatus", false}, {"http://h/", true}, {"Dial:1", true}};
    struct xuri u;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(&u, cases[i].uri, "SPA504G"), 0);
        assert_int_equal(xuri_is_listed(&u), cases[i].listed);
    }
}

static void each_model_has_its_schemes(void **state)
{
    static const struct {
        const char *uri;
        int mono, blind, mpp, cp79, wip;
    } cases[] = {
        {"Key:Mute", 0, 0, 0, ENOTSUP, 0},
        {"Resync:http://h/$MA.xml", 0, 0, 0, ENOTSUP, 0},
        {"SoftKey:Exit", 0, ENOTSUP, 0, ENOTSUP, 0},
        {"Init:SERVICES", 0, 0, 0, ENOTSUP, 0},
        {"Dial:12", 0, 0, 0, 0, 0},
        {"EditDial:12", 0, ENOTSUP, 0, ENOTSUP, 0},
        {"Play:Ring.raw", 0, 0, 0, ENOTSUP, 0},
        {"queryStringParam:a", 0, ENOTSUP, ENOTSUP, ENOTSUP, 0},
        {"RTPRx:Stop", 0, 0, ENOTSUP, ENOTSUP, ENOTSUP},
        {"Device:Unlock", ENOTSUP, ENOTSUP, 0, ENOTSUP, ENOTSUP},
        {"Display:On:5", ENOTSUP, ENOTSUP, ENOTSUP, ENOTSUP, ENOTSUP},
        {"https://h/", 0, 0, 0, 0, 0},
    };
    struct xuri u;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(parse(&u, cases[i].uri, "SPA504G"), cases[i].mono);
        assert_int_equal(parse(&u, cases[i].uri, "SPA301"), cases[i].blind);
        assert_int_equal(parse(&u, cases[i].uri, "6851"), cases[i].mpp);
        assert_int_equal(parse(&u, cases[i].uri, "7960"), cases[i].cp79);
        assert_int_equal(parse(&u, cases[i].uri, "WIP310"), cases[i].wip);
    }
}

static void rtp_has_address_port_and_volume(void **state)
{
    struct xuri u;

    (void)state;
    assert_int_equal(parse(&u, "RTPRx:192.0.2.1:20480:50", "SPA504G"), 0);
    assert_true(u.kind == XURI_RTP && u.receive && !u.multicast && !u.stop);
    assert_string_equal(u.addr, "192.0.2.1");
    assert_int_equal(u.port, 20480);
    assert_int_equal(u.volume, 50);
    assert_int_equal(parse(&u, "RTPMTx:239.0.0.1:32768", "SPA504G"), 0);
    assert_true(u.multicast && !u.receive);
    assert_int_equal(parse(&u, "RTPRx:192.0.2.1", "SPA504G"), 0); /* the phone chooses */
    assert_int_equal(u.port, 0);
    assert_int_equal(parse(&u, "rtptx:stop", "SPA504G"), 0);
    assert_true(u.stop);
    static const char *const wrong[] = {"RTPTx:192.0.2.1",
                                        "RTPTx:192.0.2.1:20481",
                                        "RTPTx:192.0.2.1:20478",
                                        "RTPTx:h:20480",
                                        "RTPTx:192.0.2.1:20480:50",
                                        "RTPRx:192.0.2.1:20480:101",
                                        "RTPMRx:239.0.0.1",
                                        "RTPMRx:192.0.2.1:20480",
                                        "RTPMTx:192.0.2.1:20480",
                                        "RTPTx:",
                                        "RTPTx:192.0.2.1:99999999999999999999"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(parse(&u, wrong[i], "SPA504G"), EINVAL);
}

static void dial_takes_its_first_field(void **state)
{
    struct xuri u;
    char number[8];

    (void)state;
    assert_int_equal(parse(&u, "Dial:9,*70#:1:app", "SPA504G"), 0);
    assert_string_equal(u.text, "9,*70#");
    assert_int_equal(parse(&u, "Dial:", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, "Dial:sip@h", "SPA504G"), EINVAL);
    xuri_dialable(number, sizeof(number), "+1 (2) 3-4.5678", false);
    assert_string_equal(number, "+123456");
}

static void what_is_no_uri_has_status_one(void **state)
{
    struct xuri u;

    (void)state;
    assert_int_equal(parse(&u, "", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, ":x", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, "nothing", "SPA504G"), EINVAL);
    assert_int_equal(parse(&u, "Init:Nonsense", "SPA504G"), EINVAL);
    assert_int_equal(xuri_status(0), 0);
    assert_int_equal(xuri_status(EINVAL), 1);
    assert_int_equal(xuri_status(ENOTSUP), 6);
}

/* ---- headers */

static void a_refresh_is_read_as_people_write_it(void **state)
{
    static const struct {
        const char *value, *url;
        unsigned seconds;
    } cases[] = {
        {"5; url=http://h/a", "http://h/a", 5},
        {"5;URL='http://h/a'", "http://h/a", 5},
        {"10", "", 10},
        {"0; url=SoftKey:Exit", "SoftKey:Exit", 0},
        {"; url = /next ", "/next", 0},
        {"", "", 0},
        {"1.5; url=a", "a", 1},
        {"99999999999999999999", "", 86400},
        {"url=\"x\"", "x", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct page_refresh r;
        page_refresh_parse(&r, cases[i].value);
        assert_string_equal(r.url, cases[i].url);
        assert_int_equal(r.seconds, cases[i].seconds);
    }
}

static void past_and_unreadable_dates_are_expired(void **state)
{
    const time_t now = 1000000000; /* 2001-09-09 */

    (void)state;
    assert_true(page_expired("-1", now));
    assert_true(page_expired("0", now));
    assert_true(page_expired("soon", now));
    assert_true(page_expired("Sun, 06 Nov 1994 08:49:37 GMT", now));
    assert_false(page_expired("Thu, 06 Nov 2003 08:49:37 GMT", now));
    assert_false(page_expired("Thursday, 06-Nov-03 08:49:37 GMT", now));
    assert_false(page_expired("Thu Nov  6 08:49:37 2003", now));
}

static void urls_are_resolved_against_the_page(void **state)
{
    static const struct {
        const char *base, *target, *url;
    } cases[] = {
        {"http://h:8/a/b?c", "d", "http://h:8/a/d"},
        {"http://h:8/a/b?c", "/d?e=/f", "http://h:8/d?e=/f"},
        {"http://h:8/a/b?c", "?d", "http://h:8/a/b?d"},
        {"http://h:8/a/b?c", "//g/d", "http://g/d"},
        {"http://h", "d", "http://h/d"},
        {"http://h/a", "Dial:1", "Dial:1"},
        {"http://h/a", "https://g/", "https://g/"},
        {"", "d", "d"},
    };
    char out[100];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        page_resolve(out, sizeof(out), cases[i].base, cases[i].target);
        assert_string_equal(out, cases[i].url);
    }
    page_host(out, sizeof(out), "http://user:pw@h:8/a@b");
    assert_string_equal(out, "h:8");
    page_host(out, sizeof(out), "/a");
    assert_string_equal(out, "");
}

static void headers_are_found_in_any_case_and_one_after_the_other(void **state)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nSet-Cookie:a=1 \r\nX-Set-Cookie: no\r\n"
                               "set-cookie:\tb=2\r\n\r\n";
    char value[16];

    (void)state;
    const char *rest = fetch_header(head, "Set-Cookie", value, sizeof(value));
    assert_string_equal(value, "a=1");
    rest = fetch_header(rest, "Set-Cookie", value, sizeof(value));
    assert_string_equal(value, "b=2");
    assert_null(fetch_header(rest, "Set-Cookie", value, sizeof(value)));
    assert_null(fetch_header("", "Refresh", value, sizeof(value)));
    assert_null(fetch_header(NULL, "Refresh", value, sizeof(value)));
}

/* ---- cookies */

static void four_cookies_a_host_and_the_oldest_goes(void **state)
{
    struct cookie_jar *j = NULL;
    char buf[200], line[400];

    (void)state;
    assert_int_equal(cookie_jar_alloc(&j), 0);
    for (int i = 1; i <= 5; i++) {
        snprintf(line, sizeof(line), "c%d=%d; Path=/; HttpOnly", i, i);
        cookie_jar_put(j, "h", line, 0);
    }
    assert_string_equal(cookie_jar_get(j, "H", 0, buf, sizeof(buf)), "c2=2; c3=3; c4=4; c5=5");
    cookie_jar_put(j, "h", "c3=x", 0);
    assert_string_equal(cookie_jar_get(j, "h", 0, buf, sizeof(buf)), "c2=2; c3=x; c4=4; c5=5");
    memset(line, 'x', 300);
    memcpy(line, "d=", 2);
    line[300] = '\0';
    cookie_jar_put(j, "h", line, 0); /* over 255 bytes */
    cookie_jar_put(j, "h", "nonsense", 0);
    assert_string_equal(cookie_jar_get(j, "h", 0, buf, sizeof(buf)), "c2=2; c3=x; c4=4; c5=5");
    assert_string_equal(cookie_jar_get(j, "other", 0, buf, sizeof(buf)), "");
    mem_deref(j);
}

static void the_longest_idle_host_is_forgotten(void **state)
{
    struct cookie_jar *j = NULL;
    char buf[100], host[8];

    (void)state;
    assert_int_equal(cookie_jar_alloc(&j), 0);
    for (unsigned i = 0; i < 8; i++) {
        snprintf(host, sizeof(host), "h%u", i);
        cookie_jar_put(j, host, "a=1", i);
    }
    cookie_jar_get(j, "h0", 100, buf, sizeof(buf));
    cookie_jar_put(j, "h8", "a=1", 101);
    assert_string_equal(cookie_jar_get(j, "h0", 102, buf, sizeof(buf)), "a=1");
    assert_string_equal(cookie_jar_get(j, "h1", 102, buf, sizeof(buf)), "");
    assert_string_equal(cookie_jar_get(j, "h0", 102 + 1800000, buf, sizeof(buf)), "");
    mem_deref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_the_names_of_the_models_keys),
        cmocka_unit_test(a_6800_has_the_keys_of_its_list),
        cmocka_unit_test(the_guides_name_one_key_and_one_list),
        cmocka_unit_test(each_model_has_its_schemes),
        cmocka_unit_test(rtp_has_address_port_and_volume),
        cmocka_unit_test(dial_takes_its_first_field),
        cmocka_unit_test(what_is_no_uri_has_status_one),
        cmocka_unit_test(a_refresh_is_read_as_people_write_it),
        cmocka_unit_test(past_and_unreadable_dates_are_expired),
        cmocka_unit_test(urls_are_resolved_against_the_page),
        cmocka_unit_test(headers_are_found_in_any_case_and_one_after_the_other),
        cmocka_unit_test(four_cookies_a_host_and_the_oldest_goes),
        cmocka_unit_test(the_longest_idle_host_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
