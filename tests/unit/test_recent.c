/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "tests/support/fake_farm.h"

struct stage {
    struct loop *lp;
    struct farm *f;
    json_t *live; /* the events as an observer made JSON of them */
};

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    json_array_append_new(arg, farm_event_json(f, ph, ev));
}

static int set_up(void **state)
{
    static const char *const o[] = {"count", "3", "addr", "127.47.0.0/16", NULL};
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct stage *s = calloc(1, sizeof(*s));
    char err[200];

    *state = s;
    s->live = json_array();
    return loop_alloc(&s->lp, &cfg) || fake_farm(&s->f, s->lp, o, true, err, sizeof(err)) ||
           farm_observe(s->f, event_handler, s->live);
}

static int tear_down(void **state)
{
    struct stage *s = *state;

    mem_deref(s->f);
    mem_deref(s->lp);
    json_decref(s->live);
    free(s);
    return 0;
}

static json_t *recent(const struct stage *s)
{
    static const unsigned all[] = {1, 2, 3};
    return farm_recent_json(s->f, all, 3);
}

static void kept_events_read_as_live_ones(const struct stage *s)
{
    json_t *kept = recent(s);
    char *a = json_dumps(kept, JSON_INDENT(1)), *b = json_dumps(s->live, JSON_INDENT(1));

    assert_string_equal(a, b);
    free(a);
    free(b);
    json_decref(kept);
}

/* One of each kind; the texts are gone when it returns. */
static void everything_happens(struct phone *ph, const char *text)
{
    char *url = strdup(text), *why = strdup("because");
    const struct prov_fetch_event fetch = {.url = url, .status = 404, .error = why, .us = 1234},
                                  fine = {.url = url, .status = 200, .us = 99};
    const struct prov_result bad = {.n_files = 1, .error = why},
                             good = {.ok = true, .n_changed = 3};
    const struct ua_reg_status reg = {
        .state = UA_REG_FAILED, .scode = 403, .reason = why, .server = url, .us = 77};

    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_POWER, .on = true});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_BOOT});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &fetch});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &fine});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_PROVISIONED, .prov = &bad});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_PROVISIONED, .prov = &good});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_REGISTER, .line = 2, .reg = &reg});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_SCREEN, .text = url});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_LAMP, .text = "line1", .text2 = why});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_KEY, .text = "5"});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_REBOOT, .text = why});
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_ERROR});
    free(url);
    free(why);
}

static void every_kind_is_kept_as_an_observer_saw_it(void **state)
{
    struct stage *s = *state;

    everything_happens(farm_phone(s->f, 2), "http://192.0.2.1/a");
    loop_advance(s->lp, 1500);
    everything_happens(farm_phone(s->f, 3), "");
    assert_int_equal(json_array_size(s->live), 24);
    kept_events_read_as_live_ones(s);
}

static void places_are_used_again_by_longer_and_shorter_texts(void **state)
{
    struct stage *s = *state;
    char text[900];

    for (size_t i = 0; i < 60; i++) {
        memset(text, 'a' + (int)(i % 26), sizeof(text));
        text[i * 14] = '\0';
        everything_happens(farm_phone(s->f, 1 + i % 3), text);
    }
    while (json_array_size(s->live) > 256)
        json_array_remove(s->live, 0);
    kept_events_read_as_live_ones(s);
}

static void texts_that_are_no_utf8_stay_readable(void **state)
{
    struct stage *s = *state;

    fake_register(farm_phone(s->f, 1), "Verb\xf6ten", 0, 10);
    kept_events_read_as_live_ones(s);
    json_t *event = json_array_get(s->live, 0), *report = farm_report(s->f);
    assert_string_equal(json_string_value(json_object_get(event, "reason")), "Verb?ten");
    json_t *errors = json_object_get(json_object_get(report, "register"), "errors");
    assert_int_equal(json_integer_value(json_object_get(errors, "Verb?ten")), 1);
    json_decref(report);
}

static void before_anything_happened_there_is_nothing(void **state)
{
    json_t *kept = recent(*state);

    assert_int_equal(json_array_size(kept), 0);
    json_decref(kept);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_kind_is_kept_as_an_observer_saw_it),
        TEST(places_are_used_again_by_longer_and_shorter_texts),
        TEST(texts_that_are_no_utf8_stay_readable),
        TEST(before_anything_happened_there_is_nothing),
    };
    (void)fake_fetch;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
