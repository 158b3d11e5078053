/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A sequence is a row of elements, so its automaton is the row itself: a state is a position, and a
 * repeated element is one that may be stepped over or stayed on. Matching keeps a set of positions
 * for each sequence and costs keys x elements, whatever the plan.
 */
#include "sim/phone/dialplan.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

enum element_kind { KEY, TONE, SHORT, LONG, PAUSE, OPEN, SHUT };

struct element {
    uint8_t kind;
    bool repeat;    /* KEY: zero or more times */
    uint16_t value; /* KEY: set of keys; SHORT, LONG, PAUSE: ms; SHUT: offset into texts */
};

enum { SEQUENCE_MAX = 255, TIMER_MAX_MS = 64000, TIMER_DEFAULT_MS = 5000, KEYS_DIGITS = 0x3ff };

struct sequence {
    uint16_t first, n; /* elements */
    bool barred;
};

struct dialplan {
    struct element *elements;
    struct sequence *sequences;
    char *texts;                /* substitutes, each terminated */
    uint32_t long_ms, short_ms; /* DIALPLAN_NEVER = not given */
    uint16_t n_elements, n_sequences, texts_len;
    bool ip_dialing;
};

/* ---- reading the plan ---- */

struct reader {
    struct dialplan *plan;
    struct parse_err *pe;
    const char *text, *p;
    int depth;   /* open parentheses */
    bool closed; /* one was closed */
};

static int bad(const struct reader *r, const char *what)
{
    return parse_err_set(r->pe, EBADMSG, 1, (int)(r->p - r->text) + 1, "%s", what);
}

static void skip_blank(struct reader *r)
{
    while (isspace((unsigned char)*r->p))
        r->p++;
}

static int key_index(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c == '*' ? 10 : c == '#' ? 11 : -1;
}

static unsigned key_set(char c)
{
    const int i = key_index(c);

    return i >= 0 ? 1U << i : c == 'x' || c == 'X' ? KEYS_DIGITS : 0;
}

static void add(struct reader *r, enum element_kind kind, unsigned value)
{
    struct dialplan *plan = r->plan;

    plan->elements[plan->n_elements++] = (struct element){(uint8_t)kind, false, (uint16_t)value};
}

/* Seconds with an optional fraction; none at all is 5 s (administration guide). */
static uint32_t read_seconds(struct reader *r)
{
    uint32_t ms = 0, unit = 100;

    if (!isdigit((unsigned char)*r->p))
        return TIMER_DEFAULT_MS;
    for (; isdigit((unsigned char)*r->p); r->p++)
        ms = ms < TIMER_MAX_MS ? ms * 10 + (uint32_t)(*r->p - '0') * 1000 : TIMER_MAX_MS;
    if (r->p[0] == '.' && isdigit((unsigned char)r->p[1])) {
        for (r->p++; isdigit((unsigned char)*r->p); r->p++, unit /= 10)
            ms += (uint32_t)(*r->p - '0') * unit;
    }
    return ms < TIMER_MAX_MS ? ms : TIMER_MAX_MS;
}

static int read_set(struct reader *r)
{
    unsigned set = 0;

    for (r->p++; *r->p != ']'; r->p++) {
        if (isspace((unsigned char)*r->p))
            continue;
        if (!*r->p)
            return bad(r, "a set of keys does not end");
        unsigned keys = key_set(*r->p);
        if (!keys)
            return bad(r, "a set holds keys and ranges only");
        if (r->p[1] == '-') {
            const int from = key_index(r->p[0]), to = key_index(r->p[2]);
            if (from < 0 || to > 9 || from > to)
                return bad(r, "a range goes from a digit up to another");
            keys = ((1U << (to + 1)) - 1) & ~((1U << from) - 1);
            r->p += 2;
        }
        set |= keys;
    }
    if (!set)
        return bad(r, "a set of keys is empty");
    r->p++;
    add(r, KEY, set);
    return 0;
}

static int read_timer(struct reader *r)
{
    const enum element_kind kind = *r->p == 'S' ? SHORT : *r->p == 'L' ? LONG : PAUSE;

    r->p++;
    add(r, kind, read_seconds(r));
    return 0;
}

static int read_dot(struct reader *r, unsigned first)
{
    struct dialplan *plan = r->plan;

    if (plan->n_elements == first || plan->elements[plan->n_elements - 1].kind != KEY)
        return bad(r, "a dot has nothing to repeat");
    plan->elements[plan->n_elements - 1].repeat = true;
    r->p++;
    return 0;
}

/* One element; *known is false when the text here begins none. */
static int read_element(struct reader *r, unsigned first, bool *known)
{
    *known = true;
    switch (*r->p) {
    case '[':
        return read_set(r);
    case '.':
        return read_dot(r, first);
    case ',':
        add(r, TONE, 0);
        break;
    case 'S':
    case 'L':
    case 'P':
        return read_timer(r);
    default:
        if (!key_set(*r->p)) {
            *known = false;
            return 0;
        }
        add(r, KEY, key_set(*r->p));
    }
    r->p++;
    return 0;
}

/* <dialled:sent>, either part may be empty. The sent part is text, blanks dropped. */
static int read_substitution(struct reader *r, unsigned first)
{
    struct dialplan *plan = r->plan;
    bool known = true;
    int err = 0;

    r->p++;
    add(r, OPEN, 0);
    for (skip_blank(r); *r->p != ':' && known; skip_blank(r)) {
        err = read_element(r, first, &known);
        if (err)
            return err;
    }
    if (*r->p != ':')
        return bad(r, "a substitution wants a colon");
    const uint16_t text = plan->texts_len;
    for (r->p++; *r->p != '>'; r->p++) {
        if (!*r->p || *r->p == '|' || *r->p == '<')
            return bad(r, "a substitution does not end");
        if ((unsigned char)*r->p > ' ')
            plan->texts[plan->texts_len++] = *r->p;
    }
    plan->texts[plan->texts_len++] = '\0';
    r->p++;
    add(r, SHUT, text);
    return 0;
}

/* Sequences end at '|', ')' or the end of the text; empty ones are dropped. */
static int read_sequence(struct reader *r)
{
    struct dialplan *plan = r->plan;
    struct sequence s = {.first = plan->n_elements};
    bool known;
    int err = 0;

    for (skip_blank(r); *r->p && !strchr("|)", *r->p) && !err; skip_blank(r)) {
        if (plan->n_elements - s.first > SEQUENCE_MAX - 3)
            return parse_err_set(r->pe, E2BIG, 1, (int)(r->p - r->text) + 1,
                                 "a sequence is too long");
        if (*r->p == '(' && plan->n_elements == s.first) { /* the guides print such plans (DEF) */
            r->depth++;
            r->p++;
        } else if (*r->p == '<') {
            err = read_substitution(r, s.first);
        } else if (*r->p == '!') {
            s.barred = true;
            r->p++;
        } else if (s.barred && !strchr("SL", *r->p)) {
            return bad(r, "an exclamation point ends its sequence");
        } else {
            err = read_element(r, s.first, &known);
            if (!err && !known)
                return bad(r, "this character means nothing in a dial plan");
        }
    }
    s.n = (uint16_t)(plan->n_elements - s.first);
    if (s.n > SEQUENCE_MAX)
        return parse_err_set(r->pe, E2BIG, 1, (int)(r->p - r->text) + 1, "a sequence is too long");
    if (!err && s.n)
        plan->sequences[plan->n_sequences++] = s;
    return err;
}

/* "L:8,S:4," before the parenthesis. */
static int read_plan_timers(struct reader *r)
{
    for (skip_blank(r); *r->p == 'L' || *r->p == 'S'; skip_blank(r)) {
        uint32_t *timer = *r->p == 'L' ? &r->plan->long_ms : &r->plan->short_ms;
        r->p++;
        if (*r->p == ':')
            r->p++;
        *timer = read_seconds(r);
        skip_blank(r);
        if (*r->p == ',')
            r->p++;
    }
    return 0;
}

static int read_plan(struct reader *r)
{
    int err = read_plan_timers(r);

    if (!*r->p)
        return 0;
    if (*r->p != '(')
        return bad(r, "a dial plan begins with a parenthesis");
    r->p++;
    r->depth = 1;
    while (!err && r->depth) {
        err = read_sequence(r);
        if (err)
            break;
        if (*r->p == ')') {
            r->depth--;
            r->closed = true;
        } else if (!*r->p) {
            /* one missing at the very end is as the guides print it, see above */
            return r->closed ? 0 : bad(r, "the dial plan does not end");
        }
        r->p++;
        for (; !r->depth && isspace((unsigned char)*r->p); r->p++)
            ;
    }
    return err || !*r->p ? err : bad(r, "text after the dial plan");
}

static void add_star_code(struct dialplan *plan, const char *code)
{
    struct reader r = {.plan = plan, .text = code, .p = code};
    const uint16_t first = plan->n_elements;

    for (; *r.p; r.p++) {
        if (key_set(*r.p))
            add(&r, KEY, key_set(*r.p));
    }
    if (plan->n_elements > first)
        plan->sequences[plan->n_sequences++] =
            (struct sequence){first, (uint16_t)(plan->n_elements - first), false};
}

static void plan_destructor(void *arg)
{
    struct dialplan *plan = arg;

    free(plan->elements);
    free(plan->sequences);
    free(plan->texts);
}

static int allocate(struct dialplan **planp, const char *text, const struct dialplan_options *o)
{
    size_t n_elements = strlen(text) + 1, n_sequences = 1;

    for (const char *p = text; *p; p++)
        n_sequences += *p == '|' || *p == ')';
    for (unsigned i = 0; o && i < o->n_star_codes; i++) {
        const size_t len = o->star_codes[i] ? strlen(o->star_codes[i]) : 0;
        if (len > SEQUENCE_MAX)
            return E2BIG;
        n_elements += len;
        n_sequences++;
    }
    if (n_elements > UINT16_MAX / 2)
        return E2BIG;
    struct dialplan *plan = mem_zalloc(sizeof(*plan), plan_destructor);
    if (!plan)
        return ENOMEM;
    plan->elements = calloc(n_elements, sizeof(*plan->elements));
    plan->sequences = calloc(n_sequences, sizeof(*plan->sequences));
    plan->texts = calloc(strlen(text) + 1, 1);
    if (!plan->elements || !plan->sequences || !plan->texts) {
        mem_deref(plan);
        return ENOMEM;
    }
    plan->long_ms = plan->short_ms = DIALPLAN_NEVER;
    plan->ip_dialing = o && o->ip_dialing;
    *planp = plan;
    return 0;
}

/* What was allocated by the text's length shrinks to what is used. */
static void *shrink(void *p, size_t n, size_t size)
{
    void *smaller = realloc(p, (n ? n : 1) * size);

    return smaller ? smaller : p;
}

int dialplan_alloc(struct dialplan **planp, const char *text, const struct dialplan_options *o,
                   struct parse_err *pe)
{
    struct dialplan *plan = NULL;

    if (strlen(text) > DIALPLAN_TEXT_MAX)
        return parse_err_set(pe, E2BIG, 1, DIALPLAN_TEXT_MAX, "the dial plan is too long");
    int err = allocate(&plan, text, o);
    if (err)
        return err;
    struct reader r = {.plan = plan, .pe = pe, .text = text, .p = text};
    err = read_plan(&r);
    if (err) {
        mem_deref(plan);
        return err;
    }
    for (unsigned i = 0; o && i < o->n_star_codes; i++) {
        if (o->star_codes[i])
            add_star_code(plan, o->star_codes[i]);
    }
    plan->elements = shrink(plan->elements, plan->n_elements, sizeof(*plan->elements));
    plan->sequences = shrink(plan->sequences, plan->n_sequences, sizeof(*plan->sequences));
    plan->texts = shrink(plan->texts, plan->texts_len, 1);
    *planp = plan;
    return 0;
}

/* ---- matching ---- */

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
    const unsigned mask = 1U << key_index(key);
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

/* ---- IP dialling: [user@]a.b.c.d[:port], every separator typed as '*' ---- */

enum ip_form { IP_NO, IP_BEGUN, IP_WHOLE };

struct ip_address {
    unsigned n, value[6]; /* parts; values stop growing at 99999 */
    const char *at[6];
    bool user, port;
};

/* A first part over 255 is a user; of five parts the last is a port when it is over 255. */
static enum ip_form ip_finish(struct ip_address *ip, bool last_empty)
{
    const unsigned *v = ip->value, last = v[ip->n - 1];

    for (unsigned i = 1; i < ip->n && i < 4; i++) {
        if (v[i] > 255)
            return IP_NO;
    }
    ip->user = ip->n == 6 || (ip->n == 5 && (v[0] > 255 || last <= 255));
    ip->port = ip->n == 6 || (ip->n == 5 && !ip->user);
    if ((ip->user && v[4] > 255) || (ip->port && last > UINT16_MAX))
        return IP_NO;
    if (ip->n < 4 || last_empty || (ip->n == 4 && v[0] > 255) || (ip->port && last <= 255))
        return IP_BEGUN;
    return IP_WHOLE;
}

static enum ip_form ip_parse(struct ip_address *ip, const char *digits)
{
    const char *p = digits;

    memset(ip, 0, sizeof(*ip));
    if (!*p || *p == '*')
        return IP_NO;
    for (;;) {
        if (ip->n == 6)
            return IP_NO;
        ip->at[ip->n] = p;
        for (; isdigit((unsigned char)*p); p++) {
            const unsigned v = ip->value[ip->n] * 10 + (unsigned)(*p - '0');
            ip->value[ip->n] = v < 99999 ? v : 99999;
        }
        const bool empty = p == ip->at[ip->n];
        ip->n++;
        if (!*p)
            return ip_finish(ip, empty);
        if (*p != '*' || empty)
            return IP_NO;
        p++;
    }
}

static void ip_print(const struct ip_address *ip, const char *digits, char *buf, size_t size)
{
    size_t len = 0;
    unsigned part = 0;

    for (const char *p = digits; *p && len + 1 < size; p++) {
        char c = *p;
        if (c == '*') {
            c = part == 0 && ip->user ? '@' : ip->port && part + 1U == ip->n - 1U ? ':' : '.';
            part++;
        }
        buf[len++] = c;
    }
    buf[len] = '\0';
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
    const enum ip_form form = plan->ip_dialing ? ip_parse(&ip, in->digits) : IP_NO;
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
    if (settled(in) || key_index(key) < 0)
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
    if (in->plan->ip_dialing && ip_parse(&ip, in->digits) == IP_WHOLE)
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
        if (e[i].kind == KEY && key < in->n && e[i].value >> key_index(in->digits[key]) & 1 &&
            has(&ends[key + 1], next)) {
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
            const bool takes =
                key < in->n && e[i].kind == KEY && e[i].value >> key_index(in->digits[key]) & 1;
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
    else if (ip_parse(&ip, in->digits) == IP_WHOLE && strlen(in->digits) < size)
        ip_print(&ip, in->digits, buf, size);
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

/* ---- targets ---- */

static int copy_part(char *buf, size_t size, const char *text, size_t len)
{
    if (len >= size)
        return EOVERFLOW;
    memcpy(buf, text, len);
    buf[len] = '\0';
    return 0;
}

static int read_parameter(struct dialplan_target *t, const char *p, size_t len)
{
    if (len > 4 && memcmp(p, "uid=", 4) == 0)
        return copy_part(t->uid, sizeof(t->uid), p + 4, len - 4);
    if (len > 4 && memcmp(p, "pwd=", 4) == 0)
        return copy_part(t->pwd, sizeof(t->pwd), p + 4, len - 4);
    if (len == 3 && memcmp(p, "nat", 3) == 0)
        t->nat = true;
    return 0;
}

int dialplan_target_parse(struct dialplan_target *t, const char *number)
{
    const char *at = strchr(number, '@');
    const size_t user_len = at ? (size_t)(at - number) : strcspn(number, ";");
    const char *p = at ? at + 1 : number + user_len;

    memset(t, 0, sizeof(*t));
    t->gateway = -1;
    int err = copy_part(t->user, sizeof(t->user), number, user_len);
    if (err || !at)
        return err ? err : *p ? EBADMSG : 0;
    size_t len = strcspn(p, ":;");
    if (!len)
        return EBADMSG;
    err = copy_part(t->host, sizeof(t->host), p, len);
    if (!err && len == 3 && p[0] == 'g' && p[1] == 'w' && p[2] >= '0' && p[2] <= '4')
        t->gateway = (int8_t)(p[2] - '0');
    p += len;
    if (*p == ':') {
        char *end;
        const unsigned long port = strtoul(p + 1, &end, 10);
        if (!isdigit((unsigned char)p[1]) || !port || port > UINT16_MAX || (*end && *end != ';'))
            return EBADMSG;
        t->port = (uint16_t)port;
        p = end;
    }
    for (; !err && *p == ';'; p += len) {
        len = strcspn(++p, ";");
        err = read_parameter(t, p, len);
    }
    return err;
}
