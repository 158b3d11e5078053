/* SPDX-License-Identifier: BSD-3-Clause */
/* The text of a dial plan becomes rows of elements. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "sim/phone/dialplan_priv.h"

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

static unsigned key_set(char c)
{
    const int i = dialplan_key_index(c);

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
            const int from = dialplan_key_index(r->p[0]), to = dialplan_key_index(r->p[2]);
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
