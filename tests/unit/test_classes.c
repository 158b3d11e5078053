/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "sim/farm/classes.h"
#include "sim/net/fetch.h"

static const uint8_t mac[6] = {0x00, 0x0e, 0x08, 0xab, 0xcd, 0x01};
static const struct class_identity own = {
    .mac = mac, .serial = "CCQ162306EA", .ip = "127.1.0.17", .user = "1017"};

static void is(const char *url, const char *want)
{
    char name[CLASS_NAME_BYTES];

    class_name(name, sizeof(name), url, &own);
    assert_string_equal(name, want);
}

static void what_is_the_phones_own_is_replaced(void **state)
{
    (void)state;
    is("http://h/spa000E08ABCD01.cfg", "/spa{mac}.cfg");
    is("http://h:8080/phones/000e08abcd01.xml", "/phones/{mac}.xml");
    is("http://h/00:0E:08:ab:cd:01/a", "/{mac}/a");
    is("http://h/00-0e-08-ab-cd-01", "/{mac}");
    is("http://h/00%3a0e%3A08%3aab%3acd%3a01", "/{mac}");
    is("tftp://h/CCQ162306EA.xml", "/{serial}.xml");
    is("http://u:p@h/127.1.0.17/x", "/{ip}/x");
    is("http://h/user1017.cfg", "/user{user}.cfg");
    is("https://h/p/1017/spa504G.cfg", "/p/{user}/spa504G.cfg");
    is("http://h", "/");
    is("http://h?mac=000e08abcd01", "/?mac={mac}");
    is("http://h/x#000e08abcd01", "/x");
}

static void what_only_looks_like_it_stays(void **state)
{
    (void)state;
    is("http://h/spa000E08ABCD02.cfg", "/spa000E08ABCD02.cfg");
    is("http://h/000e08abcd0", "/000e08abcd0");
    is("http://h/127.1.0.170", "/127.1.0.170");
    is("http://h/3127.1.0.17", "/3127.1.0.17");
    is("http://h/10170.cfg", "/10170.cfg");
    is("http://h/21017", "/21017");
}

static void a_short_user_must_stand_alone(void **state)
{
    const struct class_identity id = {.user = "5"};
    char name[CLASS_NAME_BYTES];

    (void)state;
    class_name(name, sizeof(name), "http://h/v5/5/a-5.cfg", &id);
    assert_string_equal(name, "/v5/{user}/a-{user}.cfg");
}

static void values_of_a_query_that_change_are_left_out(void **state)
{
    (void)state;
    is("http://h/a?page=menu&sid=83af42&mac=000E08ABCD01&user=1017&flag&empty=",
       "/a?page=menu&sid=*&mac={mac}&user={user}&flag&empty=");
    is("http://h/a?UserID=joe&Password=secret&password", "/a?UserID=joe&Password=*&password");
}

static void names_are_bounded_and_clean(void **state)
{
    char url[400] = "http://h/", name[CLASS_NAME_BYTES];
    const struct class_identity nobody = {.mac = NULL};

    (void)state;
    memset(url + 9, 'a', sizeof(url) - 10);
    class_name(name, sizeof(name), url, &nobody);
    assert_true(strlen(name) < CLASS_NAME_BYTES && strlen(name) > 80);
    class_name(name, sizeof(name),
               "http://h/\xff\xfe"
               "a",
               &nobody);
    json_t *text = json_string(name);
    assert_non_null(text);
    json_decref(text);
}

static void more_classes_than_places_become_other(void **state)
{
    struct class_table t = {.n = 0};
    char name[16];

    (void)state;
    for (unsigned i = 0; i < 3 * CLASSES_MAX; i++) {
        snprintf(name, sizeof(name), "/%u", i);
        struct url_class *c = class_get(&t, "http", "GET", name);
        assert_non_null(c);
        class_count(c, &(struct fetch_exchange){.scheme = "http", .status = 200, .sent = true}, 1);
    }
    assert_ptr_equal(class_get(&t, "http", "GET", "/3"), t.classes[3]);
    assert_ptr_not_equal(class_get(&t, "https", "GET", "/3"), t.classes[3]);
    json_t *list = class_table_json(&t);
    assert_int_equal(json_array_size(list), CLASSES_MAX);
    const json_t *other = json_array_get(list, CLASSES_MAX - 1);
    assert_string_equal(json_string_value(json_object_get(other, "class")), "other");
    assert_int_equal(json_integer_value(json_object_get(other, "requests")), 2 * CLASSES_MAX + 1);
    json_decref(list);
    class_table_reset(&t);
}

static void each_request_ends_in_one_way(void **state)
{
    static const struct fetch_exchange all[] = {
        {.status = 200, .bytes = 10, .us = 1000},
        {.status = 206, .us = 1000},
        {.status = 401, .challenged = true, .us = 9},
        {.status = 401, .us = 9},
        {.status = 302, .us = 9},
        {.status = 304, .us = 9},
        {.status = 503, .us = 9},
        {.error = "timeout", .us = 30000000},
        {.status = 200, .error = "truncated", .us = 9},
        {.status = 200, .cancelled = true, .us = 9},
    };
    struct class_table t = {.n = 0};
    struct url_class *c = class_get(&t, "http", "GET", "/x");

    (void)state;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct fetch_exchange x = all[i];
        x.scheme = "http";
        x.sent = true;
        class_count(c, &x, (unsigned)i + 1);
    }
    assert_int_equal(c->requests, 10);
    assert_int_equal(c->op.ok, 2);
    assert_int_equal(c->op.error, 5);
    assert_int_equal(c->redirected, 1);
    assert_int_equal(c->challenged, 1);
    assert_int_equal(c->cancelled, 1);
    assert_int_equal(c->op.latency.n, 7); /* those with a whole answer */
    assert_string_equal(c->op.causes[0].text, "HTTP 401");
    assert_int_equal(c->op.causes[0].example, 4);
    class_table_reset(&t);
}

static void a_tftp_file_needs_no_status(void **state)
{
    struct class_table t = {.n = 0};
    struct url_class *c = class_get(&t, "tftp", "RRQ", "/x");

    (void)state;
    class_count(c, &(struct fetch_exchange){.scheme = "tftp", .us = 5}, 1);
    class_count(c, &(struct fetch_exchange){.scheme = "tftp", .status = 1, .error = "none"}, 2);
    assert_int_equal(c->op.ok, 1);
    assert_int_equal(c->op.error, 1);
    class_table_reset(&t);
}

static void many_statuses_are_bounded(void **state)
{
    struct class_table t = {.n = 0};
    struct url_class *c = class_get(&t, "http", "GET", "/x");

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        class_status_add(c, (uint16_t)(500 + i), 1);
    class_status_add(c, 500, 4);
    json_t *list = class_table_json(&t);
    const json_t *statuses = json_object_get(json_array_get(list, 0), "statuses");
    assert_int_equal(json_object_size(statuses), CLASS_STATUSES);
    assert_int_equal(json_integer_value(json_object_get(statuses, "500")), 5);
    assert_int_equal(json_integer_value(json_object_get(statuses, "other")),
                     100 - (CLASS_STATUSES - 1));
    json_decref(list);
    class_table_reset(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_the_phones_own_is_replaced),
        cmocka_unit_test(what_only_looks_like_it_stays),
        cmocka_unit_test(a_short_user_must_stand_alone),
        cmocka_unit_test(values_of_a_query_that_change_are_left_out),
        cmocka_unit_test(names_are_bounded_and_clean),
        cmocka_unit_test(more_classes_than_places_become_other),
        cmocka_unit_test(each_request_ends_in_one_way),
        cmocka_unit_test(a_tftp_file_needs_no_status),
        cmocka_unit_test(many_statuses_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
