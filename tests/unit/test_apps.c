/* SPDX-License-Identifier: BSD-3-Clause */
/* The built-in menus of every model, and what a phone remembers of people (devices.md 7, 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/lcd/screen.h"
#include "sim/phone/history.h"
#include "sim/phone/phone.h"
#include "sim/prov/prov.h"
#include "tests/support/one_phone.h"

static struct farm *phone(struct loop *lp, const char *model, struct phone **ph)
{
    return one_phone(lp, 101, model, ph);
}

static bool has_key(const struct device_model *m, const char *name)
{
    for (const struct device_key *k = m->keys; k->name; k++) {
        if (strcmp(k->name, name) == 0)
            return true;
    }
    return false;
}

static void fits(const struct phone *ph)
{
    const struct device_model *m = phone_model(ph);
    const struct screen s = look(ph);
    const unsigned rows = s.n_rows + (s.title[0] != '\0') + (s.prompt[0] != '\0');

    if (rows > m->lcd.rows || s.n_softkeys > m->n_softkeys || s.selected > s.n_rows)
        fail_msg("%s, %s: %u rows, %u selected, %u soft keys", m->name, s.title, rows, s.selected,
                 s.n_softkeys);
}

static void open_menu(struct phone *ph)
{
    const struct device_model *m = phone_model(ph);
    assert_int_equal(phone_press(ph, has_key(m, "setup") ? "setup" : "select", 0), 0);
}

/* Leaves whatever is open; a reboot that was asked for is none, for cancel is pressed. */
static void leave(struct phone *ph)
{
    const struct device_model *m = phone_model(ph);
    const char *exit = m->family == FAMILY_MPP68XX ? "soft1" : "soft3";

    for (unsigned i = 0; i < 12 && strcmp(look(ph).app, "idle") != 0; i++) {
        const bool page = strcmp(look(ph).app, "xml") == 0;
        assert_int_equal(phone_press(ph, page ? exit : m->n_softkeys > 2 ? "soft4" : "end", 0), 0);
    }
    assert_string_equal(look(ph).app, "idle");
}

static void every_display_has_a_menu_whose_items_open(void **state)
{
    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct phone *ph;
        struct farm *f = phone(*state, (*m)->name, &ph);

        if ((*m)->lcd.width_px) {
            open_menu(ph);
            const unsigned n = look(ph).total;
            assert_in_range(n, 2, 30);
            leave(ph);
            for (unsigned i = 0; i < n; i++) {
                open_menu(ph);
                for (unsigned k = 0; k < i; k++)
                    assert_int_equal(phone_press(ph, "down", 0), 0);
                fits(ph);
                assert_int_equal(phone_press(ph, "soft1", 0), 0);
                fits(ph);
                leave(ph);
            }
        } else {
            assert_int_equal(phone_press(ph, "hook", 0), 0);
        }
        mem_deref(f);
    }
}

static void fetch_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    bool *asked = arg;

    (void)f;
    (void)ph;
    *asked |= ev->ev == PHONE_EV_FETCH && strcmp(ev->fetch->url, "tftp://127.101.0.251/x") == 0;
}

static void a_profile_rule_is_typed_and_resynced(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);
    struct screen s;
    bool asked = false;

    assert_int_equal(farm_observe(f, fetch_handler, &asked), 0);
    assert_int_equal(phone_press(ph, "setup", 0), 0);
    assert_int_equal(phone_press(ph, "up", 0), 0);
    assert_int_equal(phone_press(ph, "up", 0), 0);
    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    s = look(ph);
    assert_string_equal(s.title, "Profile Rule (Resync)");
    assert_string_equal(s.softkeys[0], "resync");
    assert_int_equal(phone_type(ph, "127.101.0.251/x"), 0);
    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    loop_advance(*state, 60000);
    assert_true(asked);
    assert_int_equal(phone_set(ph, "User_Configurable_Resync", "No"), 0);
    assert_int_equal(phone_press(ph, "hook", 0), 0);
    assert_int_equal(phone_press(ph, "setup", 0), 0);
    assert_int_equal(phone_press(ph, "up", 0), 0);
    assert_int_equal(phone_press(ph, "up", 0), 0);
    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    s = look(ph);
    assert_string_not_equal(s.title, "Profile Rule (Resync)");
    mem_deref(f);
}

static bool in_sight(const struct phone *ph, const char *text)
{
    const struct screen s = look(ph);

    for (unsigned i = 0; i < s.n_rows; i++) {
        if (strstr(s.rows[i], text))
            return true;
    }
    return false;
}

static void in_user_mode_a_menu_has_what_the_user_may_see(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_press(ph, "setup", 0), 0);
    assert_int_equal(phone_press(ph, "5", 0), 0); /* Preferences */
    loop_advance(*state, 3000);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(phone_press(ph, "down", 0), 0);
    assert_true(in_sight(ph, "Secure Call")); /* ua na */
    assert_int_equal(phone_set(ph, "Phone-UI-user-mode", "Yes"), 0);
    assert_true(in_sight(ph, "Dial Assistance")); /* ua rw */
    assert_false(in_sight(ph, "Secure Call"));
    mem_deref(f);
}

static void keys_at_random_break_nothing(void **state)
{
    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct phone *ph;
        struct farm *f = phone(*state, (*m)->name, &ph);
        struct rng rng;
        unsigned n = 0;

        rng_init(&rng, 7, 1);
        while ((*m)->keys[n].name)
            n++;
        for (unsigned i = 0; i < 3000; i++) {
            (void)phone_press(ph, (*m)->keys[rng_u32(&rng) % n].name, 0);
            if (i % 8 == 0)
                loop_advance(*state, 100);
            if ((*m)->lcd.width_px && i % 4 == 0)
                fits(ph);
        }
        mem_deref(f);
    }
}

static void the_525_shows_two_lines_an_entry(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA525G2", &ph);

    for (unsigned i = 0; i < 6; i++)
        phone_history_add(ph, HISTORY_MISSED, "555", "Nina", "");
    assert_int_equal(phone_press(ph, "setup", 0), 0);
    assert_int_equal(look(ph).n_rows, 7);
    assert_int_equal(look(ph).total, 9);
    assert_int_equal(phone_press(ph, "1", 0), 0);
    assert_int_equal(phone_press(ph, "3", 0), 0);
    assert_int_equal(look(ph).n_rows, 4);
    assert_memory_equal(look(ph).rows[0], "1 Nina\n555", 10);
    mem_deref(f);
}

static void the_7960_turns_its_soft_keys_by_more(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "7960", &ph);

    assert_int_equal(phone_press(ph, "soft1", 0), 0);
    assert_string_equal(look(ph).title, "Redial List");
    assert_string_equal(look(ph).softkeys[0], "Dial");
    assert_string_equal(look(ph).softkeys[3], "More");
    assert_int_equal(phone_press(ph, "soft4", 0), 0);
    assert_string_equal(look(ph).softkeys[0], "Cancel");
    assert_string_equal(look(ph).softkeys[3], "More");
    assert_int_equal(phone_press(ph, "soft4", 0), 0);
    assert_string_equal(look(ph).softkeys[1], "EditDial");
    mem_deref(f);
}

static void a_list_of_calls_is_newest_first_and_ends(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);
    char number[8];

    for (unsigned i = 0; i < HISTORY_MAX + 5; i++) {
        snprintf(number, sizeof(number), "%u", 100 + i);
        phone_history_add(ph, HISTORY_ANSWERED, number, "", "");
    }
    assert_int_equal(phone_history_count(ph, HISTORY_ANSWERED), HISTORY_MAX);
    assert_string_equal(phone_history_get(ph, HISTORY_ANSWERED, 0)->number, "124");
    assert_null(phone_history_get(ph, HISTORY_ANSWERED, HISTORY_MAX));
    phone_history_add(ph, HISTORY_ANSWERED, "", "nobody", "");
    assert_string_equal(phone_history_get(ph, HISTORY_ANSWERED, 0)->number, "124");
    mem_deref(f);
}

static void a_number_stands_once_in_the_redial_list(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    phone_history_add(ph, HISTORY_PLACED, "1", "", "");
    phone_history_add(ph, HISTORY_PLACED, "2", "", "");
    phone_history_add(ph, HISTORY_PLACED, "1", "One", "");
    assert_int_equal(phone_history_count(ph, HISTORY_PLACED), 2);
    assert_string_equal(phone_history_get(ph, HISTORY_PLACED, 0)->name, "One");
    phone_history_remove(ph, HISTORY_PLACED, 0);
    assert_string_equal(phone_history_get(ph, HISTORY_PLACED, 0)->number, "2");
    phone_history_clear(ph, HISTORY_PLACED);
    assert_int_equal(phone_history_count(ph, HISTORY_PLACED), 0);
    mem_deref(f);
}

static void the_directory_is_sorted_and_full_at_its_end(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_book_add(ph, "Zoe", "1"), 0);
    assert_int_equal(phone_book_add(ph, "adam", "2"), 0);
    assert_int_equal(phone_book_add(ph, "Bea", "3"), 0);
    assert_string_equal(phone_book_get(ph, 0)->name, "adam");
    assert_string_equal(phone_book_get(ph, 2)->name, "Zoe");
    while (phone_book_count(ph) < BOOK_MAX)
        assert_int_equal(phone_book_add(ph, "x", "4"), 0);
    assert_int_not_equal(phone_book_add(ph, "x", "4"), 0);
    phone_history_forget(ph);
    assert_int_equal(phone_book_count(ph), 0);
    mem_deref(f);
}

static void power_cuts_leave_the_directory_alone(void **state)
{
    struct phone *ph;
    struct farm *f = phone(*state, "SPA504G", &ph);

    assert_int_equal(phone_book_add(ph, "Zoe", "1"), 0);
    assert_int_equal(phone_press(ph, "setup", 0), 0);
    phone_power(ph, false);
    phone_power(ph, true);
    loop_advance(*state, 10);
    assert_string_equal(look(ph).app, "idle");
    assert_int_equal(phone_book_count(ph), 1);
    phone_factory_reset(ph);
    assert_int_equal(phone_book_count(ph), 0);
    mem_deref(f);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, one_loop, one_loop_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_display_has_a_menu_whose_items_open),
        CASE(a_profile_rule_is_typed_and_resynced),
        CASE(in_user_mode_a_menu_has_what_the_user_may_see),
        CASE(keys_at_random_break_nothing),
        CASE(the_525_shows_two_lines_an_entry),
        CASE(the_7960_turns_its_soft_keys_by_more),
        CASE(a_list_of_calls_is_newest_first_and_ends),
        CASE(a_number_stands_once_in_the_redial_list),
        CASE(the_directory_is_sorted_and_full_at_its_end),
        CASE(power_cuts_leave_the_directory_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
