/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/loop/loop.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <re.h>

#include "sim/loop/priv.h"

#define NEW_YEAR_2026_MS 1767225600000ULL /* 00:00 UTC; where virtual time begins [DEF] */

/* libre's callbacks carry no loop; each thread has at most one. */
static _Thread_local struct loop *current_loop;

struct loop *loop_current(void)
{
    return current_loop;
}

static void tick_handler(uv_timer_t *tick)
{
    struct loop *lp = tick->data;
    const uint64_t now = clock_ms(lp), due = lp->armed_ms;

    lp->armed_ms = UINT64_MAX;
    if (due <= now) {
        const uint64_t late_us = (now - due) * 1000;
        hist_add(&lp->lag, late_us);
        lp->lag_peak_us = late_us > lp->lag_peak_us ? late_us : lp->lag_peak_us;
    }
    wheel_advance(lp, now);
    loop_arm(lp);
}

void loop_arm(struct loop *lp)
{
    const uint64_t next = wheel_next(&lp->wheel);

    if (lp->mode == CLOCK_VIRTUAL)
        return;
    lp->armed_ms = next;
    if (next == UINT64_MAX) {
        uv_timer_stop(&lp->tick);
        return;
    }
    const uint64_t now = uv_now(&lp->uv);
    uv_timer_start(&lp->tick, tick_handler, next > now ? next - now : 0, 0);
}

static void stopper_handler(uv_async_t *async)
{
    uv_stop(async->loop);
}

static void walk_handler(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void destructor(void *arg)
{
    struct loop *lp = arg;

    if (!lp->open)
        return;
    re_port_close(lp);
    if (lp->libre_ready)
        libre_close();
    uv_walk(&lp->uv, walk_handler, NULL);
    while (uv_run(&lp->uv, UV_RUN_DEFAULT))
        ;
    uv_loop_close(&lp->uv);
    free(lp->fds);
    current_loop = NULL;
}

static uint64_t machine_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int loop_alloc(struct loop **lpp, const struct loop_config *cfg)
{
    if (!lpp || !cfg)
        return EINVAL;
    if (current_loop)
        return EALREADY;

    struct loop *lp = mem_zalloc(sizeof(*lp), destructor);
    if (!lp)
        return ENOMEM;
    int status = uv_loop_init(&lp->uv);
    if (status) {
        mem_deref(lp);
        return err_from_uv(status);
    }
    lp->open = true;
    current_loop = lp;
    lp->mode = cfg->clock;
    lp->scale = cfg->time_scale > 0 ? cfg->time_scale : 1;
    lp->armed_ms = UINT64_MAX;
    uv_timer_init(&lp->uv, &lp->tick);
    lp->tick.data = lp;
    status = uv_async_init(&lp->uv, &lp->stopper, stopper_handler); /* takes a descriptor */
    if (status) {
        mem_deref(lp);
        return err_from_uv(status);
    }
    uv_unref((uv_handle_t *)&lp->stopper);
    lp->wheel.now = lp->started_ms = clock_ms(lp);
    lp->epoch_ms = cfg->clock == CLOCK_REAL ? machine_ms()
                   : cfg->epoch_ms          ? cfg->epoch_ms
                                            : NEW_YEAR_2026_MS;

    int err = libre_init();
    lp->libre_ready = !err;
    if (!err && !re_port_self_test(lp))
        err = ENOTSUP;
    if (err)
        mem_deref(lp);
    else
        *lpp = lp;
    return err;
}

const char *loop_self_test_text(void)
{
    return "libre does not run on spafarm's event loop (is it linked statically, or with "
           "-Bsymbolic?); use the libre package of Debian 12 or 13";
}

static bool virtual_turn(struct loop *lp)
{
    const bool alive = uv_run(&lp->uv, UV_RUN_NOWAIT) != 0;
    const uint64_t next = wheel_next(&lp->wheel);

    if (lp->stopped || (next == UINT64_MAX && !alive))
        return false;
    if (next == UINT64_MAX)
        uv_run(&lp->uv, UV_RUN_ONCE);
    else
        loop_advance(lp, next > lp->virtual_ms ? next - lp->virtual_ms : 0);
    return !lp->stopped;
}

int loop_run(struct loop *lp)
{
    lp->stopped = false;
    lp->result = 0;
    if (lp->mode == CLOCK_VIRTUAL) {
        while (virtual_turn(lp))
            ;
    } else {
        while (!lp->stopped && uv_run(&lp->uv, UV_RUN_DEFAULT))
            ;
    }
    return lp->result;
}

void loop_poll(struct loop *lp)
{
    uv_run(&lp->uv, UV_RUN_NOWAIT);
}

void loop_stop(struct loop *lp, int err)
{
    lp->stopped = true;
    lp->result = err;
    uv_stop(&lp->uv);
    uv_async_send(&lp->stopper); /* uv_stop() before uv_run() is forgotten by it */
}

void loop_advance(struct loop *lp, uint64_t ms)
{
    const uint64_t target = lp->virtual_ms + ms;

    wheel_advance(lp, target);
    lp->virtual_ms = target;
}

struct uv_loop_s *loop_uv(struct loop *lp)
{
    return &lp->uv;
}

const struct hist *loop_lag(const struct loop *lp)
{
    return &lp->lag;
}

uint64_t loop_lag_peak(struct loop *lp)
{
    const uint64_t peak = lp->lag_peak_us;

    lp->lag_peak_us = 0;
    return peak;
}

uint64_t clock_ms(const struct loop *lp)
{
    return lp->mode == CLOCK_VIRTUAL ? lp->virtual_ms : uv_now(&lp->uv);
}

uint64_t clock_us(const struct loop *lp)
{
    return lp->mode == CLOCK_VIRTUAL ? lp->virtual_ms * 1000 : uv_hrtime() / 1000;
}

uint64_t clock_scaled(const struct loop *lp, uint64_t ms)
{
    return lp->scale > 1 || lp->scale < 1 ? (uint64_t)ceil((double)ms / lp->scale) : ms;
}

uint64_t clock_unscaled(const struct loop *lp, uint64_t ms)
{
    return (uint64_t)((double)ms * lp->scale);
}

uint64_t clock_wall_ms(const struct loop *lp)
{
    return lp->epoch_ms + clock_unscaled(lp, clock_ms(lp) - lp->started_ms);
}

enum { UV_OWN_ERRORS = 3000 }; /* libuv numbers what is no errno from here (UV_EAI_*, UV_EOF) */

int err_from_uv(int status)
{
    switch (status) {
    case UV_EOF:
        return ECONNRESET;
    case UV_EAI_NONAME:
    case UV_EAI_NODATA:
        return ENOENT;
    case UV_EAI_AGAIN:
        return ETIMEDOUT;
    case UV_EAI_MEMORY:
        return ENOMEM;
    default:
        return status >= 0 ? 0 : status > -UV_OWN_ERRORS ? -status : EIO;
    }
}
