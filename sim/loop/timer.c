/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Hashed hierarchical timing wheel (Varghese and Lauck 1987, scheme 7): start and cancel in O(1);
 * bitmaps of the slots in use give the next moment without a scan over timers.
 */
#include "sim/loop/timer.h"

#include <string.h>

#include "sim/loop/priv.h"

static void set_bit(struct wheel *w, unsigned level, unsigned slot)
{
    w->bits[level][slot / 64] |= 1ULL << (slot % 64);
}

static void clear_bit(struct wheel *w, unsigned level, unsigned slot)
{
    w->bits[level][slot / 64] &= ~(1ULL << (slot % 64));
}

static void place(struct wheel *w, struct timer *t)
{
    const uint64_t span = 1ULL << (8 * WHEEL_LEVELS);
    uint64_t at = t->expires_ms;
    unsigned level = 0;

    if (at - w->now >= span)
        at = w->now + span - 1;
    while (level < WHEEL_LEVELS - 1 && at - w->now >= 1ULL << (8 * (level + 1)))
        level++;
    const unsigned slot = (unsigned)(at >> (8 * level)) % WHEEL_SLOTS;
    struct timer **head = &w->slots[level][slot];

    t->next = *head;
    t->pprev = head;
    if (t->next)
        t->next->pprev = &t->next;
    *head = t;
    set_bit(w, level, slot);
}

static void unlink_timer(struct wheel *w, struct timer *t)
{
    struct timer **const first = &w->slots[0][0];

    *t->pprev = t->next;
    if (t->next)
        t->next->pprev = t->pprev;
    /* the last one of a slot: pprev points into the table itself */
    if (!*t->pprev && t->pprev >= first && t->pprev < first + WHEEL_LEVELS * WHEEL_SLOTS) {
        const size_t at = (size_t)(t->pprev - first);
        clear_bit(w, (unsigned)(at / WHEEL_SLOTS), (unsigned)(at % WHEEL_SLOTS));
    }
    t->next = NULL;
    t->pprev = NULL;
}

/* Distance 1..256 from `from` to the next slot in use, going round; 0 = none. */
static unsigned next_slot(const uint64_t bits[WHEEL_SLOTS / 64], unsigned from)
{
    unsigned d = 1;

    while (d <= WHEEL_SLOTS) {
        const unsigned slot = (from + d) % WHEEL_SLOTS;
        const uint64_t word = bits[slot / 64] >> (slot % 64);
        if (word)
            return d + (unsigned)__builtin_ctzll(word);
        d += 64 - slot % 64;
    }
    return 0;
}

uint64_t wheel_next(const struct wheel *w)
{
    uint64_t next = UINT64_MAX;

    if (!w->n)
        return next;
    for (unsigned level = 0; level < WHEEL_LEVELS; level++) {
        const uint64_t at = w->now >> (8 * level);
        const unsigned d = next_slot(w->bits[level], (unsigned)at % WHEEL_SLOTS);
        if (d && (at + d) << (8 * level) < next)
            next = (at + d) << (8 * level);
    }
    return next;
}

/* A slot of a coarse level has come: its timers move to finer ones. */
static void cascade(struct wheel *w, unsigned level)
{
    const unsigned slot = (unsigned)(w->now >> (8 * level)) % WHEEL_SLOTS;
    struct timer *t = w->slots[level][slot];

    w->slots[level][slot] = NULL;
    clear_bit(w, level, slot);
    while (t) {
        struct timer *next = t->next;
        place(w, t);
        t = next;
    }
}

static void fire_slot(struct loop *lp)
{
    struct wheel *w = &lp->wheel;
    struct timer **head = &w->slots[0][w->now % WHEEL_SLOTS];

    while (*head) {
        struct timer *t = *head;
        unlink_timer(w, t);
        w->n--;
        t->h(t->arg);
    }
}

void wheel_advance(struct loop *lp, uint64_t target)
{
    struct wheel *w = &lp->wheel;

    for (uint64_t next; (next = wheel_next(w)) <= target;) {
        w->now = next;
        if (lp->mode == CLOCK_VIRTUAL)
            lp->virtual_ms = next;
        for (unsigned level = WHEEL_LEVELS - 1; level > 0; level--) {
            if ((next & ((1ULL << (8 * level)) - 1)) == 0)
                cascade(w, level);
        }
        fire_slot(lp);
    }
    if (target > w->now)
        w->now = target;
}

void timer_start(struct loop *lp, struct timer *t, uint64_t delay_ms, timer_h *h, void *arg)
{
    struct wheel *w = &lp->wheel;

    timer_cancel(t);
    t->lp = lp;
    t->h = h;
    t->arg = arg;
    t->expires_ms = clock_ms(lp) + delay_ms;
    if (t->expires_ms <= w->now)
        t->expires_ms = w->now + 1;
    place(w, t);
    w->n++;
    if (t->expires_ms < lp->armed_ms)
        loop_arm(lp);
}

void timer_cancel(struct timer *t)
{
    if (!t->pprev)
        return;
    unlink_timer(&t->lp->wheel, t);
    t->lp->wheel.n--;
    if (!t->lp->wheel.n)
        loop_arm(t->lp);
}

bool timer_running(const struct timer *t)
{
    return t->pprev != NULL;
}

uint64_t timer_left_ms(const struct timer *t)
{
    if (!t->pprev)
        return 0;
    const uint64_t now = clock_ms(t->lp);
    return t->expires_ms > now ? t->expires_ms - now : 0;
}
