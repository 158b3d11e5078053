/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sequence is a row of elements, so its automaton is the row itself: a state is a position, and a
 * repeated element is one that may be stepped over or stayed on. Matching keeps a set of positions
 * for each sequence and costs keys x elements, whatever the plan.
 */
#include "sim/phone/dialplan.h"

#include <errno.h>
#include <string.h>

#include "sim/phone/dialplan_priv.h"

struct positions { /* in a sequence, its end included */
    uint64_t bits[(SEQUENCE_MAX + 1) / 64];
};

static bool has(const struct positions *s, unsigned i)
{
    return s->bits[i / 64] >> (i % 64) & 1;
}

static void set(struct positions *s, unsigned i)
{
    s->bits[i / 64] |= 1ULL << (i % 64);
}

static bool passes(const struct element *e, uint32_t gap_ms)
{
    return e->kind == KEY ? e->repeat : e->kind != PAUSE || gap_ms >= e->value;
}

/* Add what is reached without a key, after a silence of gap_ms. True when a comma was passed. */
static bool widen(const struct element *e, unsigned n, struct positions *s, uint32_t gap_ms)
{
    bool tone = false;

    for (unsigned i = 0; i < n; i++) {
        if (has(s, i) && passes(&e[i], gap_ms)) {
            tone = tone || e[i].kind == TONE;
            set(s, i + 1);
        }
    }
    return tone;
}

static struct positions step(const struct element *e, unsigned n, const struct positions *s,
                             char key)
{
    const unsigned mask = 1U << dialplan_key_index(key);
    struct positions next = {{0}};

    for (unsigned i = 0; i < n; i++) {
        if (has(s, i) && e[i].kind == KEY && (e[i].value & mask))
            set(&next, e[i].repeat ? i : i + 1);
    }
    return next;
}

struct standing { /* of one sequence, or of all */
    bool alive;   /* further keys can match */
    bool complete, barred, tone, takes_hash;
    uint32_t short_ms, long_ms, pause_ms; /* NEVER = none given; pause: until one is over */
    unsigned winner;
};

static struct positions follow(const struct dialplan_input *in, const struct sequence *q)
{
    const struct element *e = in->plan->elements + q->first;
    struct positions s = {{1}};

    for (unsigned i = 0; i < in->n; i++) {
        widen(e, q->n, &s, in->gap_ms[i]);
        s = step(e, q->n, &s, in->digits[i]);
    }
    return s;
}

static bool dials_alone(const struct element *e, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        if (e[i].kind == PAUSE || e[i].kind == SHUT)
            return true;
    }
    return false;
}

static void judge_sequence(const struct dialplan_input *in, const struct sequence *q,
                           uint32_t idle_ms, struct standing *st)
{
    const struct element *e = in->plan->elements + q->first;
    struct positions s = follow(in, q), before = s;
    uint32_t long_ms = DIALPLAN_NEVER;

    *st = (struct standing){.barred = q->barred,
                            .short_ms = DIALPLAN_NEVER,
                            .long_ms = DIALPLAN_NEVER,
                            .pause_ms = DIALPLAN_NEVER};
    widen(e, q->n, &before, 0);
    st->tone = widen(e, q->n, &s, idle_ms);
    for (unsigned i = 0; i < q->n; i++) {
        if (e[i].kind == SHORT)
            st->short_ms = e[i].value;
        if (e[i].kind == LONG)
            long_ms = e[i].value;
        if (!has(&s, i))
            continue;
        if (e[i].kind == KEY) {
            st->alive = true;
            st->takes_hash = st->takes_hash || e[i].value >> 11 & 1;
            st->long_ms = long_ms;
        } else if (e[i].kind == PAUSE && idle_ms < e[i].value) {
            st->alive = true;
            st->pause_ms = e[i].value < st->pause_ms ? e[i].value : st->pause_ms;
        }
    }
    /* before the first key "x." asks for nothing; "P9" and "<:1000>" do */
    st->complete = has(&s, q->n) && (in->n || dials_alone(e, q->n));
    /* a warm line rings when its pause is over, not after a short timer on top (DEF) */
    if (st->complete && !has(&before, q->n) && st->short_ms == DIALPLAN_NEVER)
        st->short_ms = 0;
}

static uint32_t first_given(uint32_t a, uint32_t b, uint32_t c)
{
    return a != DIALPLAN_NEVER ? a : b != DIALPLAN_NEVER ? b : c;
}

/*
 * All sequences together. Among complete ones a barred one wins, then the one whose short timer
 * ends first, then the first written (DEF, the guides do not say). The longest of the long timers
 * counts, so that no candidate is cut off (DEF).
 */
static struct standing judge_all(const struct dialplan_input *in, uint32_t idle_ms)
{
    const struct dialplan *plan = in->plan;
    struct standing all = {.pause_ms = DIALPLAN_NEVER}, st;

    for (unsigned i = 0; i < plan->n_sequences; i++) {
        judge_sequence(in, &plan->sequences[i], idle_ms, &st);
        if (st.alive) {
            const uint32_t ms = first_given(st.long_ms, plan->long_ms, in->timers.long_ms);
            all.long_ms = ms > all.long_ms ? ms : all.long_ms;
        }
        all.alive = all.alive || st.alive;
        all.tone = all.tone || st.tone;
        all.takes_hash = all.takes_hash || st.takes_hash;
        all.pause_ms = st.pause_ms < all.pause_ms ? st.pause_ms : all.pause_ms;
        if (!st.complete)
            continue;
        const uint32_t ms = in->n
                                ? first_given(st.short_ms, plan->short_ms, in->timers.short_ms)
                                : first_given(st.short_ms, DIALPLAN_NEVER, in->timers.off_hook_ms);
        if (!all.complete || (st.barred && !all.barred) ||
            (st.barred == all.barred && ms < all.short_ms)) {
            all.complete = true;
            all.barred = st.barred;
            all.short_ms = ms;
            all.winner = i;
        }
    }
    return all;
}

/* ---- input ---- */

enum { WINNER_IP = UINT16_MAX };

static enum dialplan_result settle(struct dialplan_input *in, enum dialplan_result result)
{
    in->result = result;
    in->winner = WINNER_IP;
    in->timeout_ms = DIALPLAN_NEVER;
    in->outside_tone = false;
    return result;
}

/* The winner is dialled, unless it is barred or there is nothing to send ("P9" alone). */
static enum dialplan_result settle_complete(struct dialplan_input *in, const struct standing *all)
{
    char number[2];

    in->barred = all->barred;
    settle(in, DIALPLAN_MATCH);
    in->winner = (uint16_t)all->winner;
    return all->barred || (!dialplan_number(in, number, sizeof(number)) && !number[0])
               ? settle(in, DIALPLAN_REJECT)
               : DIALPLAN_MATCH;
}

static enum dialplan_result wait_for(struct dialplan_input *in, enum dialplan_result result,
                                     uint32_t timeout_ms)
{
    in->result = result;
    in->timeout_ms = timeout_ms;
    return result;
}

/* Nothing of the plan is left: an address may still be under way. It never holds back a number of
 * the plan (the guides: a user part that matches the plan is a number). */
static enum dialplan_result evaluate_ip(struct dialplan_input *in, uint32_t idle_ms)
{
    const struct dialplan *plan = in->plan;
    struct ip_address ip;
    const enum ip_form form = plan->ip_dialing ? dialplan_address_parse(&ip, in->digits) : IP_NO;
    const bool whole = form == IP_WHOLE;
    const uint32_t ms = whole ? first_given(DIALPLAN_NEVER, plan->short_ms, in->timers.short_ms)
                              : first_given(DIALPLAN_NEVER, plan->long_ms, in->timers.long_ms);

    if (form == IP_NO || idle_ms >= ms)
        return settle(in, whole ? DIALPLAN_MATCH : DIALPLAN_REJECT);
    return wait_for(in, whole ? DIALPLAN_PENDING : DIALPLAN_MORE, ms);
}

static enum dialplan_result evaluate(struct dialplan_input *in, uint32_t idle_ms)
{
    const struct standing all = judge_all(in, idle_ms);
    uint32_t ms = all.long_ms;

    in->outside_tone = all.tone;
    if (all.complete && (!all.alive || idle_ms >= all.short_ms))
        return settle_complete(in, &all);
    if (all.complete)
        return wait_for(in, DIALPLAN_PENDING,
                        all.short_ms < all.pause_ms ? all.short_ms : all.pause_ms);
    if (!in->n)
        ms = all.pause_ms != DIALPLAN_NEVER ? all.pause_ms : in->timers.off_hook_ms;
    else if (!all.alive)
        return evaluate_ip(in, idle_ms);
    else if (all.pause_ms != DIALPLAN_NEVER)
        ms = all.pause_ms;
    if (idle_ms >= ms || (!in->n && !all.alive && !in->plan->ip_dialing))
        return settle(in, DIALPLAN_REJECT);
    return wait_for(in, DIALPLAN_MORE, ms);
}

enum dialplan_result dialplan_start(struct dialplan_input *in, const struct dialplan *plan,
                                    const struct dialplan_timers *t)
{
    memset(in, 0, sizeof(*in));
    in->plan = plan;
    in->timers = *t;
    return evaluate(in, 0);
}

static bool settled(const struct dialplan_input *in)
{
    return in->result == DIALPLAN_MATCH || in->result == DIALPLAN_REJECT;
}

enum dialplan_result dialplan_key(struct dialplan_input *in, char key, uint32_t idle_ms)
{
    if (settled(in) || dialplan_key_index(key) < 0)
        return in->result;
    if (key == '#' && !judge_all(in, idle_ms).takes_hash)
        return dialplan_finish(in);
    if (in->n == DIALPLAN_DIGITS_MAX)
        return in->result;
    in->gap_ms[in->n] = (uint16_t)(idle_ms < UINT16_MAX ? idle_ms : UINT16_MAX);
    in->digits[in->n++] = key;
    return evaluate(in, 0);
}

enum dialplan_result dialplan_idle(struct dialplan_input *in, uint32_t idle_ms)
{
    return settled(in) ? in->result : evaluate(in, idle_ms);
}

enum dialplan_result dialplan_finish(struct dialplan_input *in)
{
    struct ip_address ip;

    if (settled(in))
        return in->result;
    const struct standing all = judge_all(in, 0);
    if (all.complete)
        return settle_complete(in, &all);
    if (in->plan->ip_dialing && dialplan_address_parse(&ip, in->digits) == IP_WHOLE)
        return settle(in, DIALPLAN_MATCH);
    return settle(in, DIALPLAN_REJECT);
}

/* ---- what is sent ---- */

struct sender {
    char *buf;
    size_t size, len;
    bool full;
};

static void send_text(struct sender *out, const char *text, size_t len)
{
    if (len >= out->size - out->len) {
        out->full = true;
        return;
    }
    memcpy(out->buf + out->len, text, len);
    out->len += len;
    out->buf[out->len] = '\0';
}

/* Walk one way through the sequence, taking keys as early as possible; ends[i] holds the positions
 * from which the keys from i on still reach the end. */
static void print_walk(const struct dialplan_input *in, const struct sequence *q,
                       const struct positions *ends, struct sender *out)
{
    const struct element *e = in->plan->elements + q->first;
    unsigned key = 0;
    bool replaced = false;

    for (unsigned i = 0; i < q->n;) {
        const unsigned next = e[i].kind == KEY && !e[i].repeat ? i + 1 : i;
        if (e[i].kind == KEY && key < in->n &&
            e[i].value >> dialplan_key_index(in->digits[key]) & 1 && has(&ends[key + 1], next)) {
            if (!replaced)
                send_text(out, &in->digits[key], 1);
            key++;
            i = next;
            continue;
        }
        if (e[i].kind == SHUT)
            send_text(out, in->plan->texts + e[i].value, strlen(in->plan->texts + e[i].value));
        if (e[i].kind == OPEN || e[i].kind == SHUT)
            replaced = e[i].kind == OPEN;
        i++;
    }
}

static void print_sequence(const struct dialplan_input *in, const struct sequence *q,
                           struct sender *out)
{
    const struct element *e = in->plan->elements + q->first;
    struct positions ends[DIALPLAN_DIGITS_MAX + 1];

    memset(ends, 0, sizeof(ends));
    set(&ends[in->n], q->n);
    for (unsigned key = in->n + 1U; key-- > 0;) {
        /* a pause behind the last key is over, or the sequence would not be complete */
        const uint32_t gap_ms = key < in->n ? in->gap_ms[key] : UINT32_MAX;
        for (unsigned i = q->n; i-- > 0;) {
            const bool takes = key < in->n && e[i].kind == KEY &&
                               e[i].value >> dialplan_key_index(in->digits[key]) & 1;
            if ((takes && has(&ends[key + 1], e[i].repeat ? i : i + 1)) ||
                (passes(&e[i], gap_ms) && has(&ends[key], i + 1)))
                set(&ends[key], i);
        }
    }
    print_walk(in, q, ends, out);
}

int dialplan_number(const struct dialplan_input *in, char *buf, size_t size)
{
    struct sender out = {.buf = buf, .size = size};
    struct ip_address ip;

    if (in->result != DIALPLAN_MATCH || !size)
        return in->result != DIALPLAN_MATCH ? ENOENT : EOVERFLOW;
    buf[0] = '\0';
    if (in->winner != WINNER_IP)
        print_sequence(in, &in->plan->sequences[in->winner], &out);
    else if (dialplan_address_parse(&ip, in->digits) == IP_WHOLE && strlen(in->digits) < size)
        dialplan_address_print(&ip, in->digits, buf, size);
    else
        out.full = true;
    return out.full ? EOVERFLOW : 0;
}

int dialplan_apply(const struct dialplan *plan, const char *number, char *buf, size_t size)
{
    const struct dialplan_timers never = {DIALPLAN_NEVER, DIALPLAN_NEVER, DIALPLAN_NEVER};
    struct dialplan_input in = {.plan = plan, .timers = never};
    const size_t len = strlen(number);

    if (strspn(number, "0123456789*#") != len) {
        if (len >= size)
            return EOVERFLOW;
        memcpy(buf, number, len + 1);
        return 0;
    }
    if (!len)
        return ENOENT;
    if (len > DIALPLAN_DIGITS_MAX)
        return EOVERFLOW;
    memset(in.gap_ms, 0xff, sizeof(in.gap_ms)); /* pauses do not apply (DEF) */
    memcpy(in.digits, number, len + 1);
    in.n = (uint8_t)len;
    return dialplan_finish(&in) == DIALPLAN_MATCH ? dialplan_number(&in, buf, size) : ENOENT;
}
