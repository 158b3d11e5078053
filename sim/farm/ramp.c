/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Powering many phones on: at a pace, or as fast as answers come with a bounded number of phones in
 * the middle of booting, so that a farm drowns neither its servers nor itself by accident.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/farm/priv.h"
#include "sim/loop/clock.h"

enum {
    WINDOW = 200,            /* phones in the middle of booting [DEF] */
    WINDOW_LEAVE_MS = 10000, /* a boot that takes longer no longer holds others up [DEF] */
    WATCH_MS = 500,
    LATE_US = 50000, /* a power-on this late has missed its pace [DEF] */
};

#define RNG_STEP 0x9e3779b97f4a7c15ULL /* any odd number: streams of their own */

static void step_handler(void *arg);

static void leave_window(struct farm *f, struct farm_slot *slot)
{
    struct farm_ramp *r = &f->ramp;

    if (!(slot->flags & FARM_IN_FLIGHT))
        return;
    *(slot->prev ? &slot->prev->next : &r->first) = slot->next;
    *(slot->next ? &slot->next->prev : &r->last) = slot->prev;
    slot->prev = slot->next = NULL;
    slot->flags &= (uint16_t)~FARM_IN_FLIGHT;
    r->n_in_flight--;
}

static void enter_window(struct farm *f, struct farm_slot *slot)
{
    struct farm_ramp *r = &f->ramp;

    leave_window(f, slot);
    slot->boot_ms = clock_ms(f->lp);
    slot->prev = r->last;
    slot->next = NULL;
    *(r->last ? &r->last->next : &r->first) = slot;
    r->last = slot;
    slot->flags |= FARM_IN_FLIGHT;
    r->n_in_flight++;
}

static void start_one(struct farm *f)
{
    struct farm_ramp *r = &f->ramp;
    struct farm_slot *slot = r->queue[r->head++].slot;

    slot->flags &= (uint16_t)~FARM_QUEUED;
    if (phone_powered(slot->ph)) /* somebody was quicker */
        return;
    if (!slot->block->env.boot_real)
        enter_window(f, slot);
    phone_power(slot->ph, true);
}

static void start_paced(struct farm *f)
{
    struct farm_ramp *r = &f->ramp;
    const uint64_t now = clock_us(f->lp);

    while (r->head < r->n_queued) {
        const uint64_t due = r->queue[r->head].due_us;
        if (due > now) {
            timer_start(f->lp, &r->timer, (due - now + 999) / 1000, step_handler, f);
            return;
        }
        if (r->judged) {
            r->n_paced++;
            r->n_late += clock_us(f->lp) - due > LATE_US;
        }
        start_one(f);
    }
}

static void start_windowed(struct farm *f)
{
    struct farm_ramp *r = &f->ramp;
    const uint64_t now = clock_ms(f->lp);

    while (r->first && now - r->first->boot_ms >= WINDOW_LEAVE_MS)
        leave_window(f, r->first);
    while (r->head < r->n_queued && r->n_in_flight < WINDOW)
        start_one(f);
    if (r->head < r->n_queued)
        timer_start(f->lp, &r->timer, WATCH_MS, step_handler, f);
}

static void step_handler(void *arg)
{
    struct farm *f = arg;
    struct farm_ramp *r = &f->ramp;

    if (r->paced)
        start_paced(f);
    else
        start_windowed(f);
    if (r->head == r->n_queued)
        r->head = r->n_queued = 0;
}

/* "No", "Disable", "0" (provisioning.md 5.1) */
static bool is_off(const struct phone *ph, const char *name)
{
    const char *value = phone_get(ph, name);
    return value && *value && strchr("Nn0Dd", *value);
}

bool ramp_will_register(const struct phone *ph)
{
    const char *proxy = phone_get(ph, "Proxy_1_");
    return *phone_user(ph) && proxy && *proxy && !is_off(ph, "Register_1_") &&
           !is_off(ph, "Line_Enable_1_");
}

static bool boot_ended(const struct farm_slot *slot, const struct phone_event *ev)
{
    if (!(slot->flags & FARM_POWERED) || (slot->flags & FARM_REGISTERED))
        return true;
    if (ev->ev == PHONE_EV_REGISTER)
        return true;
    return ev->ev == PHONE_EV_SCREEN && (slot->flags & FARM_IDLE) && !ramp_will_register(slot->ph);
}

void ramp_event(struct farm *f, struct farm_slot *slot, const struct phone_event *ev)
{
    struct farm_ramp *r = &f->ramp;

    if (!(slot->flags & FARM_IN_FLIGHT) || !boot_ended(slot, ev))
        return;
    leave_window(f, slot);
    /* The next one starts from the loop, not from inside this phone's event. */
    if (r->head < r->n_queued && !r->paced && r->n_in_flight < WINDOW)
        timer_start(f->lp, &r->timer, 0, step_handler, f);
}

void ramp_close(struct farm *f)
{
    struct farm_ramp *r = &f->ramp;

    timer_cancel(&r->timer);
    for (size_t i = r->head; i < r->n_queued; i++)
        r->queue[i].slot->flags &= (uint16_t)~FARM_QUEUED;
    free(r->queue);
    r->queue = NULL;
    r->head = r->n_queued = r->size = 0;
}

static bool enqueue(struct farm *f, struct farm_slot *slot)
{
    struct farm_ramp *r = &f->ramp;

    if (slot->flags & FARM_QUEUED)
        return true;
    if (r->n_queued == r->size) {
        const size_t size = r->size ? r->size * 2 : 256;
        struct farm_waiting *grown = realloc(r->queue, size * sizeof(*grown));
        if (!grown)
            return false;
        r->queue = grown;
        r->size = size;
    }
    r->queue[r->n_queued++] = (struct farm_waiting){.slot = slot};
    slot->flags |= FARM_QUEUED;
    return true;
}

/* Seconds until the i-th phone comes on, whose rate per second grows evenly from nothing for
 * ramp_s: by t, rate * t * t / (2 * ramp_s) of them. */
static double pace_s(const struct farm_pace *p, uint64_t i)
{
    const double in_ramp = p->rate * p->ramp_s / 2;

    if (p->rate <= 0)
        return 0;
    if ((double)i < in_ramp)
        return sqrt(2 * p->ramp_s * (double)i / p->rate);
    return p->ramp_s + ((double)i - in_ramp) / p->rate;
}

/* Each phone has draws of its own, so that a shard does what the whole would do. */
static double spread_s(const struct farm *f, const struct farm_slot *slot, double most_s)
{
    struct rng rng;

    rng_init(&rng, f->seed + RNG_STEP * f->ramp.n_begun, phone_n(slot->ph));
    return most_s * (double)rng_u32(&rng) / (double)UINT32_MAX;
}

static int by_due(const void *a, const void *b)
{
    const struct farm_waiting *x = a, *y = b;

    if (x->due_us != y->due_us)
        return x->due_us < y->due_us ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* All that wait follow the newest word. */
static void begin(struct farm *f, const struct farm_pace *p)
{
    struct farm_ramp *r = &f->ramp;
    const uint64_t off_ms = (uint64_t)(p->off_s * 1000);

    if (!f->started) {
        f->started = true;
        f->start_us = clock_us(f->lp);
        f->started_ms = farm_epoch_ms();
        load_start(f);
    }
    r->n_begun++;
    r->paced = p->rate > 0 || p->spread;
    r->judged = p->rate > 0 || p->spread_s > 0;
    const uint64_t t0_us = clock_us(f->lp) + off_ms * 1000;
    for (size_t i = r->head; r->paced && i < r->n_queued; i++) {
        const double s =
            pace_s(p, i - r->head) + (p->spread ? spread_s(f, r->queue[i].slot, p->spread_s) : 0);
        r->queue[i].due_us = t0_us + (uint64_t)(s * 1e6);
    }
    if (r->paced && p->spread)
        qsort(r->queue + r->head, r->n_queued - r->head, sizeof(*r->queue), by_due);
    timer_start(f->lp, &r->timer, off_ms, step_handler, f);
}

void farm_power_on_paced(struct farm *f, const struct farm_pace *pace)
{
    for (struct farm_block *b = f->blocks; b; b = b->next) {
        for (unsigned i = 0; i < b->n; i++) {
            if (!phone_powered(b->slots[i].ph) && !enqueue(f, &b->slots[i]))
                return;
        }
    }
    begin(f, pace);
}

void farm_power_on(struct farm *f, double rate)
{
    farm_power_on_paced(f, &(struct farm_pace){.rate = rate});
}

void farm_power_cycle_paced(struct farm *f, const unsigned *numbers, size_t n,
                            const struct farm_pace *pace)
{
    for (size_t i = 0; i < n; i++) {
        for (struct farm_block *b = f->blocks; b; b = b->next) {
            if (numbers[i] < b->first || numbers[i] - b->first >= b->n)
                continue;
            struct farm_slot *slot = &b->slots[numbers[i] - b->first];
            phone_power(slot->ph, false);
            if (!enqueue(f, slot))
                return;
        }
    }
    begin(f, pace);
}
