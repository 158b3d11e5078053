/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/read.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"

static void __attribute__((format(printf, 4, 0)))
tell(struct xml_reader *r, int line, bool fatal, const char *fmt, va_list ap)
{
    char text[160];

    vsnprintf(text, sizeof(text), fmt, ap);
    if (r->cfg->warn && !fatal)
        r->cfg->warn(line + r->line_offset, text, r->cfg->arg);
    if (fatal && !r->err)
        r->err = parse_err_set(r->pe, EBADMSG, line + r->line_offset, 0, "%s", text);
}

void xml_note(struct xml_reader *r, int line, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell(r, line, r->cfg->strict, fmt, ap);
    va_end(ap);
}

void xml_advise(struct xml_reader *r, int line, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell(r, line, false, fmt, ap);
    va_end(ap);
}

void xml_refuse(struct xml_reader *r, int line, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tell(r, line, true, fmt, ap);
    va_end(ap);
}

void *xml_alloc(struct xml_reader *r, size_t size)
{
    void *at = arena_alloc(&r->page->arena, size);

    if (!at && !r->err)
        r->err = ENOMEM;
    return at;
}

/* Names are case-sensitive; a page that is not is taken all the same (section 11). */
bool xml_is(const struct xml_node *n, const char *name)
{
    return strcasecmp(n->name, name) == 0;
}

static bool blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

const struct xml_node *xml_child(const struct xml_node *parent, const char *name)
{
    const struct xml_node *first = NULL;

    for (const struct xml_node *n = parent->children; n; n = n->next) {
        if (!xml_is(n, name))
            continue;
        if (!blank(n->text) || n->children)
            return n;
        if (!first)
            first = n;
    }
    return first;
}

/* ---- texts */

/* White space as the rule says; *len is its length. */
static void tidy(char *text, enum xml_space space)
{
    char *out = text, *in = text;
    const size_t lead = strspn(in, " \t\r\n");

    if (space != XML_KEEP_LINES || in[lead] == '\0')
        in += lead;
    else { /* text keeps its lines, but not the one its tag stands on */
        while (in < text + lead && *in != '\n')
            in++;
        in = in < text + lead ? in + 1 : text;
    }
    for (; *in; in++) {
        const bool cr = *in == '\r' && space == XML_NAME;
        const bool gap =
            !cr && space != XML_TRIM && space != XML_KEEP_LINES && strchr(" \t\r\n", *in);
        if (gap && (out == text || out[-1] == ' ' || (space == XML_NAME && out[-1] == '\r')))
            continue;
        if (cr && out > text && out[-1] == ' ')
            out--;
        *out++ = gap ? ' ' : *in;
    }
    while (out > text && strchr(" \t\r\n", out[-1]))
        out--;
    *out = '\0';
}

/* Bytes of the first max characters. */
static size_t cut_at(const char *text, unsigned max)
{
    const char *p = text;

    for (unsigned n = 0; *p && n < max; n++) {
        const size_t len = utf8_len(p);
        p += len ? len : 1;
    }
    return (size_t)(p - text);
}

static const char *take_text(struct xml_reader *r, const char *text, int line,
                             const struct xml_text_rule *rule)
{
    char *copy = arena_text(&r->page->arena, text, strlen(text));

    if (!copy) {
        if (!r->err)
            r->err = ENOMEM;
        return "";
    }
    tidy(copy, rule->space);
    const size_t cut = rule->max ? cut_at(copy, rule->max) : strlen(copy);
    if (copy[cut]) {
        xml_note(r, line, "%s is longer than %u characters: cut", rule->name, rule->max);
        copy[cut] = '\0';
    }
    return copy;
}

const char *xml_text(struct xml_reader *r, const struct xml_node *parent,
                     const struct xml_text_rule *rule)
{
    const struct xml_node *n = xml_child(parent, rule->name);

    return n ? take_text(r, n->text, n->line, rule) : "";
}

const char *xml_own_text(struct xml_reader *r, const struct xml_node *n,
                         const struct xml_text_rule *rule)
{
    return take_text(r, n->text, n->line, rule);
}

static const struct xml_attr *find_attr(const struct xml_node *n, const char *name)
{
    for (const struct xml_attr *a = n->attrs; a; a = a->next) {
        if (strcasecmp(a->name, name) == 0)
            return a;
    }
    return NULL;
}

/* Names are case-sensitive; of appId both spellings are printed (section 2). */
static const struct xml_attr *read_attr(struct xml_reader *r, const struct xml_node *n,
                                        const char *name)
{
    const struct xml_attr *a = find_attr(n, name);

    if (a && strcmp(a->name, name) != 0 && strcasecmp(name, "appId") != 0)
        xml_note(r, n->line, "attribute %.40s is not spelt as the phones spell it", a->name);
    return a;
}

void xml_check_attrs(struct xml_reader *r, const struct xml_node *n, const char *const *names)
{
    for (const struct xml_attr *a = n->attrs; a; a = a->next) {
        const char *const *k = names;
        while (*k && strcasecmp(*k, a->name) != 0)
            k++;
        if (!*k)
            xml_note(r, n->line, "attribute %.40s has no place in <%.40s>: ignored", a->name,
                     n->name);
    }
}

const char *xml_attr_text(struct xml_reader *r, const struct xml_node *n, const char *name,
                          unsigned max)
{
    const struct xml_attr *a = read_attr(r, n, name);
    const struct xml_text_rule rule = {.name = name, .max = max, .space = XML_TRIM};

    return a ? take_text(r, a->value, n->line, &rule) : "";
}

/* ---- numbers */

/* What counts instead; a default outside the range says that there is none. */
static const char *taken(const int32_t range[3], char def[24])
{
    const bool none = range[2] < range[0] || range[2] > range[1];

    snprintf(def, 24, none ? "ignored" : "%d taken", (int)range[2]);
    return def;
}

static int32_t number(struct xml_reader *r, const char *text, int line, const char *name,
                      const int32_t range[3])
{
    char *end, def[24];
    const long n = strtol(text, &end, 10);

    if (blank(text))
        return range[2];
    if (end == text || !blank(end)) {
        xml_note(r, line, "%s \"%.40s\" is no number: %s", name, text, taken(range, def));
        return range[2];
    }
    if (n < range[0] || n > range[1]) {
        xml_note(r, line, "%s %ld is outside %d to %d: %s", name, n, (int)range[0], (int)range[1],
                 taken(range, def));
        return range[2];
    }
    return (int32_t)n;
}

int32_t xml_int(struct xml_reader *r, const struct xml_node *parent, const char *name, int32_t min,
                int32_t max, int32_t def)
{
    const struct xml_node *n = xml_child(parent, name);

    return n ? number(r, n->text, n->line, name, (const int32_t[]){min, max, def}) : def;
}

int32_t xml_attr_int(struct xml_reader *r, const struct xml_node *n, const char *name, int32_t min,
                     int32_t max, int32_t def)
{
    const struct xml_attr *a = read_attr(r, n, name);

    return a ? number(r, a->value, n->line, name, (const int32_t[]){min, max, def}) : def;
}

/* ---- lists */

unsigned xml_count(struct xml_reader *r, const struct xml_node *parent, const char *name,
                   unsigned max)
{
    unsigned count = 0;

    for (const struct xml_node *n = parent->children; n; n = n->next) {
        if (!xml_is(n, name))
            continue;
        if (count == max) {
            xml_note(r, n->line, "more than %u %s: this one and the rest are dropped", max, name);
            break;
        }
        count++;
    }
    return count;
}

static bool known(const char *name, const char *const *names, bool *exact)
{
    for (; names && *names; names++) {
        if (strcasecmp(*names, name) == 0) {
            *exact = strcmp(*names, name) == 0;
            return true;
        }
    }
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n > m && strcasecmp(text + n - m, end) == 0;
}

/* Is it the second of something there is once? Items and entries may be many. */
static bool is_repeated(const struct xml_node *parent, const struct xml_node *n)
{
    const struct xml_node *first = parent->children;

    if (ends_with(n->name, "Item") || ends_with(n->name, "Entry"))
        return false;
    while (strcasecmp(first->name, n->name) != 0)
        first = first->next;
    return first != n;
}

void xml_check_children(struct xml_reader *r, const struct xml_node *parent,
                        const char *const *names, bool common)
{
    static const char *const everywhere[] = {"Title", "Prompt", "SoftKeyItem", "KeyItem", NULL};

    if (!r->cfg->warn && !r->cfg->strict)
        return; /* nobody listens */
    if (names && !blank(parent->text))
        xml_note(r, parent->line, "words in <%.40s> outside its elements: ignored", parent->name);
    for (const struct xml_node *n = parent->children; n; n = n->next) {
        bool exact = true;
        if (!known(n->name, names, &exact) && !(common && known(n->name, everywhere, &exact)))
            xml_note(r, n->line, "<%.40s> has no place in <%.40s>: ignored", n->name, parent->name);
        else if (!exact)
            xml_note(r, n->line, "<%.40s> is not spelt as the phones spell it", n->name);
        else if (is_repeated(parent, n))
            xml_note(r, n->line, "a second <%.40s>: the first that says something counts", n->name);
    }
}
