/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/farm/shard.h"
#include "tests/support/fake_farm.h"

static char err[400];

static void parts_are_equal_and_leave_nothing_out(void **state)
{
    (void)state;
    for (unsigned count = 0; count < 40; count++) {
        for (unsigned total = 1; total < 12; total++) {
            unsigned next = 1;
            for (unsigned i = 1; i <= total; i++) {
                unsigned first, n;
                shard_range(i, total, count, &first, &n);
                assert_int_equal(first, next);
                assert_true(n == count / total || n == count / total + 1);
                next += n;
            }
            assert_int_equal(next, count + 1);
        }
    }
}

/* Everything that makes a phone who it is. */
static char *identity(const struct phone *ph)
{
    char *text, sets[400] = "";

    for (size_t i = 0; i < ph->n_sets; i++) {
        strcat(sets, ph->sets[i]);
        strcat(sets, " ");
    }
    assert_true(asprintf(&text, "%u %02x%02x%02x%02x%02x%02x %08x %s%016llx", ph->n, ph->mac[0],
                         ph->mac[1], ph->mac[2], ph->mac[3], ph->mac[4], ph->mac[5],
                         ntohl(ph->addr.s_addr), sets, (unsigned long long)ph->random) > 0);
    return text;
}

static struct farm *part(struct loop *lp, const char *shard)
{
    const char *const o[] = {"count", "61",  "addr", "127.47.0.0/24",         "seed", "9",
                             "shard", shard, "set",  "Station_Name=Desk {n}", NULL};
    struct farm *f = NULL;
    assert_int_equal(fake_farm(&f, lp, o, true, err, sizeof(err)), 0);
    return f;
}

static void the_parts_together_are_the_whole(void **state)
{
    struct farm *whole = part(*state, "1/1");
    size_t at = 0;

    assert_int_equal(farm_count(whole), 61);
    for (unsigned i = 1; i <= 3; i++) {
        char shard[8];
        snprintf(shard, sizeof(shard), "%u/3", i);
        struct farm *f = part(*state, shard);
        for (size_t k = 0; k < farm_count(f); k++, at++) {
            char *a = identity(farm_at(f, k)), *b = identity(farm_at(whole, at));
            assert_string_equal(a, b);
            assert_ptr_equal(farm_phone(f, phone_n(farm_at(f, k))), farm_at(f, k));
            free(a);
            free(b);
        }
        mem_deref(f);
    }
    assert_int_equal(at, 61);
    mem_deref(whole);
}

static void another_seed_changes_the_random_choices_only(void **state)
{
    static const char *const o[] = {"count", "2", "addr", "127.47.0.0/24", "seed", "10", NULL};
    struct farm *a = part(*state, "1/1"), *b = NULL;

    assert_int_equal(fake_farm(&b, *state, o, true, err, sizeof(err)), 0);
    assert_true(farm_at(a, 0)->random != farm_at(b, 0)->random);
    assert_memory_equal(farm_at(a, 0)->mac, farm_at(b, 0)->mac, 6);
    mem_deref(a);
    mem_deref(b);
}

static void more_parts_than_phones_leave_some_empty(void **state)
{
    static const char *const o[] = {"count", "1", "addr", "127.47.0.0/24", "shard", "1/2", NULL};
    struct farm *f = NULL;

    assert_int_equal(fake_farm(&f, *state, o, true, err, sizeof(err)), 0);
    assert_int_equal(farm_count(f), 0);
    assert_null(farm_at(f, 0));
    mem_deref(f);
}

static const char *const *environment;

static char *fake_getenv(const char *name)
{
    static char value[32];
    for (const char *const *p = environment; *p; p += 2) {
        if (strcmp(p[0], name) == 0) {
            snprintf(value, sizeof(value), "%s", p[1]);
            return value;
        }
    }
    return NULL;
}

static const char *from_env(const char *const *vars)
{
    static char text[32];
    environment = vars;
    const int e = shard_from_env(fake_getenv, text, sizeof(text), err, sizeof(err));
    return e == ENOENT ? "none" : e ? "invalid" : text;
}

#define ENV(...) from_env((const char *const[]){__VA_ARGS__, NULL})

static void the_environment_of_job_arrays_is_read(void **state)
{
    (void)state;
    assert_string_equal(ENV("SLURM_ARRAY_TASK_ID", "3", "SLURM_ARRAY_TASK_COUNT", "4"), "4/4");
    assert_string_equal(
        ENV("SLURM_ARRAY_TASK_ID", "3", "SLURM_ARRAY_TASK_COUNT", "4", "SLURM_ARRAY_TASK_MIN", "1"),
        "3/4");
    assert_string_equal(ENV("SLURM_ARRAY_TASK_ID", "14", "SLURM_ARRAY_TASK_COUNT", "3",
                            "SLURM_ARRAY_TASK_MIN", "10", "SLURM_ARRAY_TASK_STEP", "2"),
                        "3/3");
    assert_string_equal(
        ENV("SLURM_ARRAY_TASK_ID", "3", "SLURM_ARRAY_TASK_MIN", "1", "SLURM_ARRAY_TASK_MAX", "4"),
        "3/4");
    assert_string_equal(
        ENV("SLURM_ARRAY_TASK_ID", "4", "SLURM_ARRAY_TASK_COUNT", "4", "SLURM_ARRAY_TASK_MAX", "4"),
        "4/4");
    assert_string_equal(ENV("JOB_COMPLETION_INDEX", "0", "JOB_COMPLETIONS", "5"), "1/5");
    assert_string_equal(ENV("JOB_COMPLETION_INDEX", "5", "JOB_COMPLETIONS", "5"), "invalid");
    assert_string_equal(ENV("JOB_COMPLETION_INDEX", "0"), "invalid");
    assert_non_null(strstr(err, "JOB_COMPLETIONS"));
    assert_string_equal(ENV("SLURM_ARRAY_TASK_ID", "x", "SLURM_ARRAY_TASK_COUNT", "4"), "invalid");
    assert_string_equal(ENV("HOME", "/"), "none");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fake_farm_setup, fake_farm_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_equal_and_leave_nothing_out),
        TEST(the_parts_together_are_the_whole),
        TEST(another_seed_changes_the_random_choices_only),
        TEST(more_parts_than_phones_leave_some_empty),
        cmocka_unit_test(the_environment_of_job_arrays_is_read),
    };
    (void)fake_fetch;
    (void)fake_register;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
