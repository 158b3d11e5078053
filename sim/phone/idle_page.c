/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The page that a 7940 or 7960 shows when nobody has used it for a while: idleURL, idleTimeout
 * seconds (xml-services.md 9.5 [WIKI79]). Any key makes it a page as others; a call ends it [DEF].
 */
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/loop/clock.h"
#include "sim/loop/timer.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/xml/browser.h"

struct phone_idle_page {
    struct phone *ph;
    struct timer timer;
    bool shown; /* the page there is came by itself, and nobody touched it */
};

static void destructor(void *arg)
{
    struct phone_idle_page *ip = arg;
    timer_cancel(&ip->timer);
}

/* Phone milliseconds, 0 = never. */
static uint64_t timeout_ms(const struct phone *ph)
{
    return *param_get(ph->params, P_Idle_URL, 0) ? param_ms(ph->params, P_Idle_URL_Timeout, 0) : 0;
}

static bool is_free(const struct phone *ph)
{
    return ph->state == PHONE_UP && !ph->dial[0] && strcmp(app_current(ph)->name, "idle") == 0;
}

static void due_handler(void *arg);

/* Not at once, however fast the time goes. */
static void wait_for(struct phone_idle_page *ip, uint64_t phone_ms)
{
    struct loop *lp = ip->ph->env->lp;
    timer_start(lp, &ip->timer, clock_scaled(lp, phone_ms) + 1, due_handler, ip);
}

static void due_handler(void *arg)
{
    struct phone_idle_page *ip = arg;
    struct phone *ph = ip->ph;
    const uint64_t wait_ms = timeout_ms(ph), quiet_ms = phone_quiet_ms(ph);
    const bool due = quiet_ms >= wait_ms;

    if (!wait_ms)
        return;
    wait_for(ip, due ? wait_ms : wait_ms - quiet_ms);
    if (due && is_free(ph) && !phone_open_service(ph, PHONE_SERVICE_IDLE))
        ip->shown = true;
}

void phone_idle_page_plan(struct phone *ph)
{
    const uint64_t wait_ms = timeout_ms(ph);

    if (ph->state != PHONE_UP || !wait_ms) {
        phone_idle_page_forget(ph);
        return;
    }
    if (!ph->idle_page && !(ph->idle_page = mem_zalloc(sizeof(*ph->idle_page), destructor)))
        return;
    ph->idle_page->ph = ph;
    wait_for(ph->idle_page, wait_ms);
}

void phone_idle_page_touched(struct phone *ph)
{
    if (ph->idle_page)
        ph->idle_page->shown = false;
}

void phone_idle_page_ended(struct phone *ph)
{
    if (!ph->idle_page || !ph->idle_page->shown || !phone_calls_focus(ph))
        return;
    ph->idle_page->shown = false;
    if (ph->browser)
        browser_close(ph->browser);
}

void phone_idle_page_forget(struct phone *ph)
{
    ph->idle_page = mem_deref(ph->idle_page);
}
