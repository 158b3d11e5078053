/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "sim/farm/series.h"

enum { T0 = 1795250001 }; /* odd, so that steps have to be aligned */

static void count(struct series *s, uint64_t second, uint64_t requests, uint64_t registered,
                  uint64_t lag)
{
    struct series_row *row = series_at(s, second);

    assert_non_null(row);
    series_join(row, &(struct series_row){.values = {[COLUMN_REQUESTS] = requests,
                                                     [COLUMN_REGISTERED] = registered,
                                                     [COLUMN_LAG_MS] = lag}});
}

static uint64_t sum(const struct series *s, enum series_column c)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < s->n; i++)
        n += s->rows[i].values[c];
    return n;
}

static uint64_t at(const struct series *s, uint64_t second, enum series_column c)
{
    assert_true(second >= s->start);
    assert_true((second - s->start) / s->step_s < s->n);
    return s->rows[(second - s->start) / s->step_s].values[c];
}

static void seconds_without_news_keep_the_state(void **state)
{
    struct series s = {.n = 0};

    (void)state;
    count(&s, T0, 5, 10, 3);
    count(&s, T0 + 3, 7, 20, 1);
    assert_int_equal(s.n, 4);
    assert_int_equal(s.step_s, 1);
    assert_int_equal(at(&s, T0 + 2, COLUMN_REQUESTS), 0);
    assert_int_equal(at(&s, T0 + 2, COLUMN_REGISTERED), 10);
    assert_int_equal(at(&s, T0 + 3, COLUMN_REGISTERED), 20);
    series_reset(&s);
}

static void a_long_run_gets_coarser_steps_and_loses_nothing(void **state)
{
    struct series s = {.n = 0};
    const unsigned seconds = 10 * SERIES_MAX + 3;

    (void)state;
    for (unsigned i = 0; i < seconds; i++)
        count(&s, T0 + i, 2, i, i == 4321 ? 99 : 1);
    assert_true(s.n <= SERIES_MAX && s.n > SERIES_MAX / 2);
    assert_int_equal(s.step_s, 16);
    assert_int_equal(s.start % s.step_s, 0);
    assert_int_equal(sum(&s, COLUMN_REQUESTS), 2 * seconds);
    assert_int_equal(s.rows[s.n - 1].values[COLUMN_REGISTERED], seconds - 1);
    assert_int_equal(at(&s, T0 + 4321, COLUMN_LAG_MS), 99);
    assert_int_equal(at(&s, T0 + 100, COLUMN_REQUESTS), 32);
    series_reset(&s);
}

static void parts_add_up_at_the_same_moments(void **state)
{
    struct series a = {.n = 0}, b = {.n = 0};

    (void)state;
    for (unsigned i = 0; i < 10; i++)
        count(&a, T0 + i, 1, 5, i);
    for (unsigned i = 0; i < 10; i++)
        count(&b, T0 + 4 + i, 10, 50, 3);
    assert_int_equal(series_add(&a, &b), 0);
    assert_int_equal(a.start, T0);
    assert_int_equal(a.n, 14);
    assert_int_equal(at(&a, T0 + 3, COLUMN_REQUESTS), 1);
    assert_int_equal(at(&a, T0 + 4, COLUMN_REQUESTS), 11);
    assert_int_equal(at(&a, T0 + 13, COLUMN_REQUESTS), 10);
    assert_int_equal(at(&a, T0 + 3, COLUMN_REGISTERED), 5);
    assert_int_equal(at(&a, T0 + 13, COLUMN_REGISTERED), 55); /* a ended with 5 */
    assert_int_equal(at(&a, T0 + 4, COLUMN_LAG_MS), 4);
    assert_int_equal(at(&a, T0 + 13, COLUMN_LAG_MS), 3);
    series_reset(&a);
    series_reset(&b);
}

static bool equal(const struct series *a, const struct series *b)
{
    return a->start == b->start && a->step_s == b->step_s && a->n == b->n &&
           memcmp(a->rows, b->rows, a->n * sizeof(*a->rows)) == 0;
}

/* Three shards of different length and steps; one series that saw all three. */
static void the_sum_of_parts_is_the_whole_in_any_order(void **state)
{
    static const unsigned from[3] = {0, 1500, 7}, to[3] = {3000, 1700, 400};
    struct series part[3] = {{.n = 0}}, whole = {.n = 0}, ab = {.n = 0}, ba = {.n = 0};
    uint64_t last[3] = {0};

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        for (unsigned k = 0; k < 3; k++) {
            if (i < from[k] || i >= to[k])
                continue;
            last[k] = i * (k + 1);
            count(&part[k], T0 + i, i % 7 + k, last[k], i % 13);
            count(&whole, T0 + i, i % 7 + k, last[0] + last[1] + last[2], i % 13);
        }
    }
    for (unsigned k = 0; k < 3; k++) {
        assert_int_equal(series_add(&ab, &part[k]), 0);
        assert_int_equal(series_add(&ba, &part[2 - k]), 0);
    }
    assert_true(part[0].step_s != part[2].step_s);
    assert_true(equal(&ab, &ba));
    assert_true(equal(&ab, &whole));
    for (unsigned k = 0; k < 3; k++)
        series_reset(&part[k]);
    series_reset(&whole);
    series_reset(&ab);
    series_reset(&ba);
}

static void parts_of_different_days_still_fit(void **state)
{
    struct series a = {.n = 0}, b = {.n = 0};

    (void)state;
    count(&a, T0, 1, 1, 1);
    count(&b, T0 + 86400 * 30, 2, 2, 2);
    assert_int_equal(series_add(&b, &a), 0);
    assert_true(b.n <= SERIES_MAX);
    assert_int_equal(sum(&b, COLUMN_REQUESTS), 3);
    struct series old = {.n = 0};
    count(&old, 1, 1, 1, 1);
    const int err = series_add(&b, &old); /* 1970: too far */
    assert_true(err == EBADMSG);
    series_reset(&old);
    series_reset(&a);
    series_reset(&b);
}

static void it_survives_json(void **state)
{
    struct series s = {.n = 0}, back, none = {.n = 0};

    (void)state;
    for (unsigned i = 0; i < 50; i++)
        count(&s, T0 + i, i, 2 * i, i % 3);
    json_t *o = series_json(&s);
    assert_int_equal(series_from_json(&back, o), 0);
    assert_true(equal(&s, &back));
    json_decref(o);
    o = series_json(&none);
    series_reset(&back);
    assert_int_equal(series_from_json(&back, o), 0);
    assert_int_equal(back.n, 0);
    assert_int_equal(series_add(&s, &back), 0);
    assert_int_equal(s.n, 50);
    series_reset(&back);
    assert_int_equal(series_from_json(&back, NULL), 0); /* a report of an older version */
    assert_int_equal(back.n, 0);
    json_decref(o);
    series_reset(&s);
}

static void refused(json_t *o, const char *key, json_t *value)
{
    struct series s;

    json_object_set_new(o, key, value);
    assert_int_equal(series_from_json(&s, o), EBADMSG);
    assert_null(s.rows);
    json_decref(o);
}

static json_t *good(void)
{
    struct series s = {.n = 0};
    count(&s, 1000, 1, 1, 1);
    count(&s, 1001, 1, 1, 1);
    json_t *o = series_json(&s);
    series_reset(&s);
    return o;
}

static void what_is_no_series_is_refused(void **state)
{
    json_t *columns, *o;

    (void)state;
    refused(good(), "start", json_integer(-1));
    refused(good(), "start", json_string("now"));
    refused(good(), "step_s", json_integer(0));
    refused(good(), "step_s", json_integer(3));
    refused(good(), "step_s", json_integer(1LL << 40));
    o = good();
    columns = json_incref(json_object_get(o, "columns"));
    json_array_append_new(json_object_get(columns, "requests"), json_integer(1));
    refused(o, "columns", columns);
    o = good();
    columns = json_incref(json_object_get(o, "columns"));
    json_array_set_new(json_object_get(columns, "requests"), 0, json_integer(-1));
    refused(o, "columns", columns);
    o = good();
    columns = json_incref(json_object_get(o, "columns"));
    for (unsigned i = 0; i < SERIES_MAX; i++)
        json_array_append_new(json_object_get(columns, "boots"), json_integer(1));
    refused(o, "columns", columns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_without_news_keep_the_state),
        cmocka_unit_test(a_long_run_gets_coarser_steps_and_loses_nothing),
        cmocka_unit_test(parts_add_up_at_the_same_moments),
        cmocka_unit_test(the_sum_of_parts_is_the_whole_in_any_order),
        cmocka_unit_test(parts_of_different_days_still_fit),
        cmocka_unit_test(it_survives_json),
        cmocka_unit_test(what_is_no_series_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
