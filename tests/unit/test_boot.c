/* SPDX-License-Identifier: BSD-3-Clause */
/* How long a phone boots with --boot real (devices.md 2.1, provisioning.md 10): a fake
 * fetch_start() notes when each asks first. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/loop/timer.h"
#include "tests/support/fake_fetcher.h"
#include "tests/support/real_farm.h"

enum { PHONES = 400, LATENCY_MS = 10 };

struct fetcher {
    struct loop *lp;
};

struct fetch {
    struct timer timer;
    char url[128];
    fetch_h *h;
    void *arg;
};

static uint64_t asked_ms[PHONES];
static unsigned n_asked;

int fetcher_alloc(struct fetcher **fp, struct loop *lp, struct resolver *dns)
{
    (void)dns;
    *fp = mem_zalloc(sizeof(**fp), NULL);
    if (!*fp)
        return ENOMEM;
    (*fp)->lp = lp;
    return 0;
}

int fetch_headers(struct fetch *f, const char *const *lines)
{
    (void)f;
    (void)lines;
    return 0;
}

static void fetch_destructor(void *arg)
{
    struct fetch *f = arg;
    timer_cancel(&f->timer);
}

static void answer_handler(void *arg)
{
    static const char profile[] = "<flat-profile><Station_Name>x</Station_Name></flat-profile>";
    struct fetch *f = arg;
    const struct fetch_reply r = {.class = FETCH_OK,
                                  .status = 200,
                                  .url = f->url,
                                  .body = (const uint8_t *)profile,
                                  .len = sizeof(profile) - 1};

    f->h(0, &r, f->arg);
}

int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg)
{
    struct fetch *f = mem_zalloc(sizeof(*f), fetch_destructor);

    assert_non_null(f);
    assert_true(n_asked < PHONES);
    asked_ms[n_asked++] = clock_ms(fr->lp);
    snprintf(f->url, sizeof(f->url), "%s", req->url);
    f->h = h;
    f->arg = arg;
    timer_start(fr->lp, &f->timer, LATENCY_MS, answer_handler, f);
    *fp = f;
    return 0;
}

struct fixture {
    struct loop *lp;
    struct farm *f;
    uint64_t t0; /* power */
    uint64_t boot_ms[PHONES + 1], idle_ms[PHONES + 1];
    char screens[512]; /* of phone 1, first rows, as they came */
};

static void event_handler(struct farm *farm, struct phone *ph, const struct phone_event *ev,
                          void *arg)
{
    struct fixture *f = arg;
    struct screen s;
    const size_t len = strlen(f->screens);

    (void)farm;
    if (ev->ev == PHONE_EV_POWER && !f->t0)
        f->t0 = clock_ms(f->lp);
    if (ev->ev == PHONE_EV_BOOT)
        f->boot_ms[phone_n(ph)] = clock_ms(f->lp) - f->t0;
    if (ev->ev != PHONE_EV_SCREEN)
        return;
    if (phone_is(ph, PHONE_IDLE))
        f->idle_ms[phone_n(ph)] = clock_ms(f->lp) - f->t0;
    phone_screen(ph, &s);
    if (phone_n(ph) == 1 && !phone_is(ph, PHONE_IDLE))
        snprintf(f->screens + len, sizeof(f->screens) - len, "%u:%s|",
                 (unsigned)(clock_ms(f->lp) - f->t0), s.rows[0]);
}

static void boot(struct fixture *f, double scale, const char *boot_kind, const char *delay)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL, .time_scale = scale};
    const char *const options[] = {"count", "200",     "addr",         "127.47.0.0/16",
                                   "boot",  boot_kind, "profile-rule", "http://127.0.0.1:9/x",
                                   "set",   delay,     "seed",         "5",
                                   NULL};

    memset(f, 0, sizeof(*f));
    n_asked = 0;
    assert_int_equal(loop_alloc(&f->lp, &cfg), 0);
    f->f = real_farm(f->lp, options);
    assert_int_equal(farm_observe(f->f, event_handler, f), 0);
    farm_power_on(f->f, 0);
    loop_advance(f->lp, 2); /* the ramp begins with the next turn */
    assert_true(f->t0 > 0);
}

static void end(struct fixture *f)
{
    mem_deref(f->f);
    mem_deref(f->lp);
}

static void a_fast_boot_takes_no_time(void **state)
{
    struct fixture f;

    (void)state;
    boot(&f, 1, "fast", "Resync_Random_Delay=2");
    loop_advance(f.lp, 20);
    assert_int_equal(n_asked, 200);
    assert_int_equal(farm_totals(f.f)->idle, 200);
    end(&f);
}

static void a_real_boot_takes_the_phones_time(void **state)
{
    struct fixture f;

    (void)state;
    boot(&f, 1, "real", "Resync_Random_Delay=0");
    loop_advance(f.lp, 6990);
    assert_int_equal(n_asked, 0);
    loop_advance(f.lp, 20);
    assert_int_equal(n_asked, 200); /* all at once: no window holds them up */
    assert_int_equal(f.boot_ms[1], 7000);
    loop_advance(f.lp, 1900);
    assert_int_equal(farm_totals(f.f)->provisioned, 200);
    assert_int_equal(farm_totals(f.f)->idle, 0);
    loop_advance(f.lp, 100);
    assert_int_equal(farm_totals(f.f)->idle, 200);
    assert_int_equal(f.idle_ms[200], 9000);
    assert_string_equal(f.screens, "1000:|3000:System Booting Up|4000:Initializing Network|"
                                   "6000:Checking DNS|7000:Resync In Progress|");
    end(&f);
}

/* Uniform over 0 to 40 s, and not on whole seconds: that would be a drum roll, not rain. */
static void the_random_delay_spreads_the_first_contact(void **state)
{
    struct fixture f;
    unsigned quarter[4] = {0}, n_whole = 0;

    (void)state;
    boot(&f, 1, "real", "Resync_Random_Delay=2");
    loop_advance(f.lp, 7000 + 40000 + 100);
    assert_int_equal(n_asked, 200);
    for (unsigned i = 0; i < n_asked; i++) {
        const uint64_t wait_ms = asked_ms[i] - f.t0 - 7000;
        assert_in_range(wait_ms, 0, 40001);
        quarter[wait_ms / 10000 < 4 ? wait_ms / 10000 : 3]++;
        n_whole += wait_ms % 1000 == 0;
    }
    for (unsigned q = 0; q < 4; q++)
        assert_in_range(quarter[q], 30, 70);
    assert_true(n_whole < 10);
    assert_int_equal(farm_totals(f.f)->idle, 200);
    end(&f);
}

static void time_scale_shortens_all_of_it(void **state)
{
    struct fixture f;

    (void)state;
    boot(&f, 10, "real", "Resync_Random_Delay=1");
    loop_advance(f.lp, 699);
    assert_int_equal(n_asked, 0);
    loop_advance(f.lp, 2002);
    assert_int_equal(n_asked, 200);
    for (unsigned i = 0; i < n_asked; i++)
        assert_in_range(asked_ms[i] - f.t0, 700, 2702);
    loop_advance(f.lp, 20);
    assert_int_equal(farm_totals(f.f)->idle, 200);
    for (unsigned n = 1; n <= 200; n++)
        assert_true(f.idle_ms[n] >= 900);
    end(&f);
}

static void power_lost_while_booting_starts_over(void **state)
{
    struct fixture f;
    static const unsigned first[] = {1};

    (void)state;
    boot(&f, 1, "real", "Resync_Random_Delay=0");
    loop_advance(f.lp, 5000);
    farm_power_cycle_paced(f.f, first, 1, &(struct farm_pace){.off_s = 10});
    loop_advance(f.lp, 9900);
    assert_int_equal(farm_totals(f.f)->powered, 199);
    loop_advance(f.lp, 7000);
    assert_int_equal(f.boot_ms[1], 0);
    loop_advance(f.lp, 200);
    assert_in_range(f.boot_ms[1], 22000, 22005); /* 5 s, 10 s dark, 7 s */
    end(&f);
}

static void says(const struct phone *ph, const char *first, const char *second)
{
    struct screen s;

    phone_screen(ph, &s);
    assert_string_equal(s.rows[0], first);
    assert_string_equal(s.rows[1], second);
}

static void mute_is_amber_until_there_is_a_link(void **state)
{
    static const struct {
        unsigned ms;
        const char *color;
    } steps[] = {{500, "red"}, {1000, "off"}, {2000, "amber"}, {1000, "off"}};
    const char *color, *pattern;
    struct fixture f;

    (void)state;
    boot(&f, 1, "real", "Resync_Random_Delay=0");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        loop_advance(f.lp, steps[i].ms);
        assert_true(phone_lamp(farm_phone(f.f, 1), "mute", &color, &pattern));
        assert_string_equal(color, steps[i].color);
        assert_string_equal(pattern, "steady");
    }
    end(&f);
}

static void a_phone_says_that_it_goes_down(void **state)
{
    struct fixture f;

    (void)state;
    boot(&f, 1, "real", "Resync_Random_Delay=0");
    struct phone *ph = farm_phone(f.f, 1);
    says(ph, "", ""); /* power-on: nothing to say */
    loop_advance(f.lp, 9100);
    phone_reboot(ph, false, "User Triggered");
    says(ph, "System rebooting", "Please wait");
    loop_advance(f.lp, 1100);
    says(ph, "", ""); /* the logo */
    loop_advance(f.lp, 9000);
    phone_reboot(ph, true, "User Triggered");
    says(ph, "System restarting", "Please wait");
    loop_advance(f.lp, 10000);
    phone_factory_reset(ph);
    says(ph, "Resetting to factory default", "Please wait");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_boot_takes_no_time),
        cmocka_unit_test(a_real_boot_takes_the_phones_time),
        cmocka_unit_test(the_random_delay_spreads_the_first_contact),
        cmocka_unit_test(time_scale_shortens_all_of_it),
        cmocka_unit_test(mute_is_amber_until_there_is_a_link),
        cmocka_unit_test(a_phone_says_that_it_goes_down),
        cmocka_unit_test(power_lost_while_booting_starts_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
