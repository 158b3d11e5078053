/* SPDX-License-Identifier: BSD-3-Clause */
/* dialplan.xml of the 7940 and 7960 → a dial plan of the SPA phones (devices.md 12). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/xmldoc.h"
#include "sim/prov/cnf.h"

enum { MATCH_BYTES = 128, SEQUENCE_BYTES = 300, PLAN_MAX = 60 << 10, TIMEOUT_S = 5 };

struct plan {
    char *text;
    size_t len;
    bool seen_root;
    struct parse_err *pe;
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

/* "[2-9]" as it is; how many characters were read, 0 = it does not end. */
static size_t copy_class(char *to, const char *p)
{
    const char *end = strchr(p, ']');
    const size_t n = end ? (size_t)(end - p) + 1 : 0;

    memcpy(to, p, n);
    to[n] = '\0';
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
            if (!n)
                return false;
            to += n;
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

static int template_handler(const struct xml_event *ev, void *arg)
{
    char match[MATCH_BYTES], timeout[8], sequence[SEQUENCE_BYTES];
    struct plan *p = arg;

    if (ev->kind != XML_OPEN)
        return 0;
    if (strcmp(ev->name, "DIALTEMPLATE") == 0)
        p->seen_root = true;
    if (strcmp(ev->name, "TEMPLATE") != 0)
        return 0;
    xml_attribute(ev, "MATCH", match, sizeof(match));
    xml_attribute(ev, "Timeout", timeout, sizeof(timeout));
    const unsigned long s =
        isdigit((unsigned char)timeout[0]) ? strtoul(timeout, NULL, 10) : TIMEOUT_S;
    return translate(sequence, match, s > 60 ? 60 : (unsigned)s) ? add(p, sequence) : 0;
}

int cnf_dialplan(char **plan, const char *text, size_t len, struct parse_err *pe)
{
    struct plan p = {.pe = pe};
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
