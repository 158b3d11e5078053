/* SPDX-License-Identifier: BSD-3-Clause */
/* dialplan.xml of the 7940 and 7960 → a dial plan of the SPA phones (devices.md 12). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/base/xmldoc.h"
#include "sim/prov/cnf.h"

enum { MATCH_BYTES = 256, SEQUENCE_BYTES = 1200, PLAN_MAX = 60 << 10, TIMEOUT_S = 5 };

struct plan {
    char *text;
    size_t len;
    bool seen_root;
    cnf_dropped_h *h;
    void *arg;
    struct parse_err *pe;
};

struct template
{
    char match[MATCH_BYTES], timeout[8], rewrite[8];
};

static int add(struct plan *p, const char *sequence)
{
    const size_t n = strlen(sequence);

    if (p->len + n + 3 > PLAN_MAX)
        return parse_err_set(p->pe, E2BIG, 0, 0, "more dial templates than a phone holds");
    char *text = realloc(p->text, p->len + n + 3);
    if (!text)
        return ENOMEM;
    p->text = text;
    text[p->len] = p->len ? '|' : '(';
    memcpy(text + p->len + 1, sequence, n + 1);
    p->len += n + 1;
    return 0;
}

/* Keys and ranges of digits between p and end, as bits; false: something else, or nothing. */
static bool read_class(const char *p, const char *end, unsigned *set)
{
    static const char keys[] = "0123456789*#";

    for (; p < end; p++) {
        const char *key = strchr(keys, *p);
        if (!key)
            return false;
        unsigned first = (unsigned)(key - keys), last = first;
        if (p + 2 < end && p[1] == '-') {
            if (!isdigit((unsigned char)*p) || !isdigit((unsigned char)p[2]) || p[2] < *p)
                return false;
            p += 2;
            last = (unsigned)(*p - '0');
        }
        for (; first <= last; first++)
            *set |= 1U << first;
    }
    return *set != 0;
}

/* "[2-9]" as it is, "[^5]" as the other digits; how many characters were read, 0 = it does not end
 * or a dial plan cannot hold it: the whole plan would be lost. */
static size_t copy_class(char *to, const char *p)
{
    const char *end = strchr(p, ']');
    const bool others = p[1] == '^';
    unsigned set = 0;

    if (!end || !read_class(p + 1 + others, end, &set))
        return 0;
    const size_t n = (size_t)(end - p) + 1;
    if (others) {
        *to++ = '[';
        for (unsigned i = 0; i < 10; i++) {
            if (!(set >> i & 1))
                *to++ = (char)('0' + i);
        }
        *to++ = ']';
    } else {
        memcpy(to, p, n);
        to += n;
    }
    *to = '\0';
    return n;
}

/* One template: "." any digit, "*" one or more, X a digit in some files [DEF], \ takes the next
 * character literally, "," another dial tone. False when it has no counterpart. */
static bool translate(char out[SEQUENCE_BYTES], const char *match, unsigned timeout_s)
{
    char *to = out;

    for (const char *p = match; *p;) {
        if (*p == '[') {
            const size_t n = copy_class(to, p);
            if (!n || strcmp(to, "[]") == 0)
                return false;
            to += strlen(to);
            p += n;
            continue;
        }
        const bool literal = *p == '\\' && p[1];
        const char c = literal ? *++p : *p;
        p++;
        if (!literal && (c == '.' || c == 'X' || c == 'x'))
            *to++ = 'x';
        else if (!literal && c == '*')
            to += sprintf(to, "x.");
        else if (isdigit((unsigned char)c) || c == '#' || c == '*' || (c == ',' && !literal))
            *to++ = c;
        else
            return false;
    }
    sprintf(to, "S%u", timeout_s);
    return to != out;
}

/* Public files write Timeout and TIMEOUT. */
static int attribute_handler(const char *name, const char *value, void *arg)
{
    struct template *t = arg;

    if (strcasecmp(name, "MATCH") == 0)
        snprintf(t->match, sizeof(t->match), "%s", value);
    else if (strcasecmp(name, "Timeout") == 0)
        snprintf(t->timeout, sizeof(t->timeout), "%s", value);
    else if (strcasecmp(name, "Rewrite") == 0)
        snprintf(t->rewrite, sizeof(t->rewrite), "%s", value);
    return 0;
}

/* What has no counterpart in a dial plan of the SPA phones is told, not lost. */
static int drop(const struct plan *p, const char *what, const struct template *t, int line)
{
    char match[33], text[80];

    for (char *c = utf8_clean(match, sizeof(match), t->match); *c; c++) {
        if ((unsigned char)*c < ' ')
            *c = ' ';
    }
    snprintf(text, sizeof(text), "%s MATCH=\"%s\"", what, match);
    return p->h ? p->h(text, line, p->arg) : 0;
}

static int template_handler(const struct xml_event *ev, void *arg)
{
    char sequence[SEQUENCE_BYTES];
    struct template t = {.match = ""};
    struct plan *p = arg;

    if (ev->kind != XML_OPEN)
        return 0;
    if (strcasecmp(ev->name, "DIALTEMPLATE") == 0)
        p->seen_root = true;
    if (strcasecmp(ev->name, "TEMPLATE") != 0)
        return 0;
    int err = xml_attributes(ev, attribute_handler, &t);
    const unsigned long s =
        isdigit((unsigned char)t.timeout[0]) ? strtoul(t.timeout, NULL, 10) : TIMEOUT_S;
    if (err || strlen(t.match) == sizeof(t.match) - 1 ||
        !translate(sequence, t.match, s > 60 ? 60 : (unsigned)s))
        return err ? err : drop(p, "TEMPLATE", &t, ev->line);
    if (t.rewrite[0])
        err = drop(p, "Rewrite of TEMPLATE", &t, ev->line);
    return err ? err : add(p, sequence);
}

int cnf_dialplan(char **plan, const char *text, size_t len, cnf_dropped_h *h, void *arg,
                 struct parse_err *pe)
{
    struct plan p = {.h = h, .arg = arg, .pe = pe};
    int err = xml_walk(text, len, template_handler, &p, pe);

    if (!err && !p.seen_root)
        err = parse_err_set(pe, EBADMSG, 0, 0, "no DIALTEMPLATE element in it");
    if (!err && !p.len)
        err = add(&p, "");
    if (err) {
        free(p.text);
        return err;
    }
    strcpy(p.text + p.len, ")");
    *plan = p.text;
    return 0;
}
