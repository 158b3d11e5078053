/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages as they are found in the wild (xml-services.md 11): what is no XML is repaired. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/xml/entity.h"
#include "sim/xml/tree.h"

struct lenient {
    struct xml_tree *t;
    const char *p, *end;
    int line;
    bool root_closed;
    xml_warn_h *warn;
    void *arg;
    char *buf; /* text or value being read; as large as the document */
    size_t len;
};

static void __attribute__((format(printf, 2, 3))) tell(struct lenient *l, const char *fmt, ...)
{
    char text[160];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (l->warn)
        l->warn(l->line, text, l->arg);
}

static size_t left(const struct lenient *l)
{
    return (size_t)(l->end - l->p);
}

static bool at(const struct lenient *l, const char *text)
{
    const size_t n = strlen(text);
    return left(l) >= n && memcmp(l->p, text, n) == 0;
}

static void step(struct lenient *l, size_t n)
{
    for (; n && l->p < l->end; n--, l->p++)
        l->line += *l->p == '\n';
}

static void skip_blanks(struct lenient *l)
{
    while (l->p < l->end && isspace((unsigned char)*l->p))
        step(l, 1);
}

/* ---- characters */

static void put(struct lenient *l, const char *text, size_t n)
{
    memcpy(l->buf + l->len, text, n);
    l->len += n;
}

/* Bytes of "&name;" at p, 0 when it is none. */
static size_t entity_name(const struct lenient *l)
{
    size_t n = 1 + (left(l) > 1 && l->p[1] == '#');

    while (n < left(l) && n < 32 && isalnum((unsigned char)l->p[n]))
        n++;
    return n > 1 && n < left(l) && l->p[n] == ';' ? n + 1 : 0;
}

static void take_ampersand(struct lenient *l)
{
    char text[ENTITY_BYTES];
    const size_t used = entity_decode(text, l->p, left(l));

    if (used) {
        put(l, text, strlen(text));
        step(l, used);
        return;
    }
    const size_t name = entity_name(l);
    if (name)
        tell(l, "%.*s is no entity that is known: kept as it is", (int)name, l->p);
    else
        tell(l, "bare & read as &amp;");
    put(l, "&", 1);
    step(l, 1);
}

/* One character of text; control characters have no place in XML. */
static void take_char(struct lenient *l)
{
    const unsigned char c = (unsigned char)*l->p;

    if (c == '&') {
        take_ampersand(l);
    } else if (c == '\r') { /* a line end, as XML has them */
        if (left(l) < 2 || l->p[1] != '\n')
            put(l, "\n", 1);
        step(l, 1);
    } else if (c < ' ' && c != '\n' && c != '\t') {
        tell(l, "control character %u dropped", c);
        step(l, 1);
    } else {
        put(l, l->p, 1);
        step(l, 1);
    }
}

static int take_text(struct lenient *l)
{
    l->len = 0;
    while (l->p < l->end && *l->p != '<')
        take_char(l);
    return tree_text(l->t, l->buf, l->len);
}

/* Up to and with the mark; false: it never comes. */
static bool skip_past(struct lenient *l, const char *mark)
{
    const char *found = memmem(l->p, left(l), mark, strlen(mark));

    step(l, found ? (size_t)(found - l->p) + strlen(mark) : left(l));
    return found != NULL;
}

static int take_cdata(struct lenient *l)
{
    step(l, 9);
    const char *from = l->p;
    const bool ended = skip_past(l, "]]>");
    const char *stop = l->p - (ended ? 3 : 0);

    l->len = 0;
    for (const char *p = from; p < stop; p++) {
        if (*p != '\r')
            put(l, p, 1);
        else if (p + 1 == stop || p[1] != '\n')
            put(l, "\n", 1);
    }
    return tree_text(l->t, l->buf, l->len);
}

/* ---- attributes */

static size_t name_length(const struct lenient *l)
{
    size_t n = 0;

    while (n < left(l) && !isspace((unsigned char)l->p[n]) && !strchr("/>=<\"'", l->p[n]) &&
           (unsigned char)l->p[n] != 0xe2)
        n++;
    return n;
}

/* Bytes of a typographic quote at p, which editors put where a straight one stood. */
static size_t fancy_quote(const struct lenient *l)
{
    return left(l) >= 3 && memcmp(l->p, "\xe2\x80", 2) == 0 && (unsigned char)l->p[2] >= 0x98 &&
                   (unsigned char)l->p[2] <= 0x9f
               ? 3
               : 0;
}

static void take_value(struct lenient *l)
{
    const char quote = *l->p == '"' || *l->p == '\'' ? *l->p : '\0';
    const size_t fancy = fancy_quote(l);

    l->len = 0;
    if (fancy)
        tell(l, "typographic quotes read as straight ones");
    else if (!quote)
        tell(l, "attribute value without quotes");
    step(l, fancy ? fancy : quote ? 1 : 0);
    const char *tag = memchr(l->p, '<', left(l));
    const bool ended = quote && memchr(l->p, quote, tag ? (size_t)(tag - l->p) : left(l));
    while (l->p < l->end && *l->p != '<' && (ended || *l->p != '>')) {
        if (fancy && (fancy_quote(l) || *l->p == '"'))
            break;
        if (quote ? *l->p == quote : !fancy && (isspace((unsigned char)*l->p) || at(l, "/>")))
            break;
        take_char(l);
    }
    if (l->p < l->end && fancy_quote(l) && fancy)
        step(l, 3);
    else if (l->p < l->end && (*l->p == quote || (fancy && *l->p == '"')))
        step(l, 1);
    l->buf[l->len] = '\0';
}

static int take_attribute(struct lenient *l)
{
    const char *name = l->p;
    const size_t n = name_length(l);

    if (!n) { /* a stray quote or slash */
        step(l, 1);
        return 0;
    }
    step(l, n);
    skip_blanks(l);
    l->len = 0;
    l->buf[0] = '\0';
    if (l->p < l->end && *l->p == '=') {
        step(l, 1);
        skip_blanks(l);
        if (l->p < l->end)
            take_value(l);
        if (l->p < l->end && !isspace((unsigned char)*l->p) && *l->p != '/' && *l->p != '>')
            tell(l, "blank missing between attributes");
    }
    return tree_attr(l->t, name, n, l->buf);
}

/* To the end of the tag. *empty: it was <x/>. */
static int take_attributes(struct lenient *l, bool *empty)
{
    int err = 0;

    *empty = false;
    for (;;) {
        skip_blanks(l);
        if (err || l->p == l->end || *l->p == '<')
            return err;
        if (at(l, "/>") || *l->p == '>') {
            *empty = *l->p == '/';
            step(l, *empty ? 2 : 1);
            return 0;
        }
        err = take_attribute(l);
    }
}

/* ---- elements */

static bool in_list(const char *const *list, const char *name, size_t len)
{
    for (; *list; list++) {
        if (strlen(*list) == len && strncasecmp(*list, name, len) == 0)
            return true;
    }
    return false;
}

static bool is_leaf(const char *name, size_t len)
{
    static const char *const leaves[] = {
        "Title",       "Prompt",           "Name",      "URL",    "URLDown", "Position",
        "Telephone",   "IconIndex",        "Index",     "Height", "Data",    "DefaultValue",
        "DisplayName", "InputFlags",       "LocationX", "Text",   "Width",   "Key",
        "LocationY",   "QueryStringParam", "Depth",     "Timer",  NULL};
    return in_list(leaves, name, len);
}

static bool is_container(const char *name, size_t len)
{
    static const char *const containers[] = {
        "MenuItem", "DirectoryEntry", "InputItem",   "IconItem",     "SoftKeyItem",
        "KeyItem",  "TouchArea",      "ExecuteItem", "ResponseItem", NULL};
    return in_list(containers, name, len);
}

static bool same_name(const struct xml_node *n, const char *name, size_t len)
{
    return n && strlen(n->name) == len && strncasecmp(n->name, name, len) == 0;
}

static int close_element(struct lenient *l)
{
    l->root_closed = l->t->at && !l->t->at->parent;
    return tree_close(l->t);
}

/* "CiscoIPPhoneMenuWindowMode" before "=" is a root with its first attribute. */
static size_t glued_attribute(const char *name, size_t len)
{
    static const char *const attributes[] = {"WindowMode", "keypadTarget", "appId",
                                             "Number",     "IconIndex",    NULL};
    for (const char *const *a = attributes; *a; a++) {
        const size_t n = strlen(*a);
        if (len > n && strncasecmp(name + len - n, *a, n) == 0)
            return len - n;
    }
    return len;
}

/* Is this <x> in truth the end of the x that is open? */
static bool ends_itself(const struct lenient *l, const char *name, size_t len, bool empty)
{
    const struct xml_node *open = l->t->at;

    return same_name(open, name, len) && (empty || !open->children);
}

static int leave_unclosed(struct lenient *l, const char *name, size_t len)
{
    struct xml_node *open = l->t->at;

    if (!open)
        return 0;
    const bool known = is_leaf(name, len) || is_container(name, len);
    if ((is_leaf(open->name, strlen(open->name)) && known) || same_name(open, name, len) ||
        (is_container(open->name, strlen(open->name)) && is_container(name, len) &&
         strncasecmp(name, "TouchArea", len) != 0)) {
        tell(l, "<%s> is not closed", open->name);
        l->t->unsound = true;
        int err = close_element(l);
        return err ? err : leave_unclosed(l, name, len);
    }
    return 0;
}

/* A tag somebody put into the text of a field: the tag goes, its text stays. */
static bool is_markup_in_text(const struct lenient *l, const char *name, size_t len)
{
    return l->t->at && is_leaf(l->t->at->name, strlen(l->t->at->name)) && !is_leaf(name, len) &&
           !is_container(name, len);
}

static int skip_tag(struct lenient *l, const char *name, size_t len)
{
    tell(l, "<%.*s> inside <%s> ignored", (int)(len < 40 ? len : 40), name, l->t->at->name);
    skip_past(l, ">");
    return 0;
}

/* A tag that begins an element; but "<x>" or "<x/>" may be all there is of "</x>". */
static int take_open(struct lenient *l)
{
    const char *name = l->p + 1;
    bool empty = false;
    int err;

    step(l, 1);
    size_t len = name_length(l);
    const char *colon = memrchr(name, ':', len);
    const char *tag_end = memchr(l->p, '>', left(l));
    step(l, len);
    if (l->p < l->end && *l->p == '=') { /* the attribute is read again, by itself */
        const size_t own = glued_attribute(name, len);
        if (own < len)
            tell(l, "blank missing before the attribute");
        l->p -= len - own;
        len = own;
    }
    if (colon && colon + 1 < name + len) {
        len -= (size_t)(colon + 1 - name);
        name = colon + 1;
    }
    empty = tag_end && tag_end > name && tag_end[-1] == '/';
    if (ends_itself(l, name, len, empty)) {
        tell(l, "<%.*s%s> read as </%.*s>", (int)(len < 40 ? len : 40), name, empty ? "/" : "",
             (int)(len < 40 ? len : 40), name);
        skip_past(l, ">");
        return close_element(l);
    }
    if (is_markup_in_text(l, name, len))
        return skip_tag(l, name, len);
    err = leave_unclosed(l, name, len);
    if (!err && l->root_closed)
        return 0;
    if (!err)
        err = tree_open(l->t, name, len, l->line);
    if (!err)
        err = take_attributes(l, &empty);
    return err || !empty ? err : close_element(l);
}

static int take_close(struct lenient *l)
{
    step(l, 2);
    const char *name = l->p;
    size_t len = name_length(l);
    const char *colon = memrchr(name, ':', len);
    const struct xml_node *n = l->t->at;
    int err = 0;

    if (!skip_past(l, ">"))
        tell(l, "the document ends inside a tag");
    if (colon && colon + 1 < name + len) {
        len -= (size_t)(colon + 1 - name);
        name = colon + 1;
    }
    while (n && !same_name(n, name, len))
        n = n->parent;
    if (!n) {
        tell(l, "</%.*s> ends nothing", (int)(len < 40 ? len : 40), name);
        l->t->unsound = true;
        return 0;
    }
    while (!err && l->t->at != n) {
        tell(l, "<%s> is not closed", l->t->at->name);
        l->t->unsound = true;
        err = close_element(l);
    }
    return err ? err : close_element(l);
}

static int take_markup(struct lenient *l)
{
    if (at(l, "<!--")) {
        skip_past(l, "-->");
    } else if (at(l, "<![CDATA[")) {
        return take_cdata(l);
    } else if (at(l, "<!")) { /* DOCTYPE: never read */
        const char *sub = memchr(l->p, '[', left(l)), *end = memchr(l->p, '>', left(l));
        skip_past(l, sub && end && sub < end ? "]" : ">");
        if (sub && end && sub < end)
            skip_past(l, ">");
    } else if (at(l, "<?")) {
        skip_past(l, "?>");
    } else if (at(l, "</")) {
        return take_close(l);
    } else if (left(l) > 1 && (isalpha((unsigned char)l->p[1]) || l->p[1] == '_')) {
        return take_open(l);
    } else {
        tell(l, "bare < read as &lt;");
        step(l, 1);
        return tree_text(l->t, "<", 1);
    }
    return 0;
}

int tree_parse_lenient(struct xml_tree *t, const char *text, size_t len, xml_warn_h *warn,
                       void *arg)
{
    struct lenient l = {.t = t, .p = text, .end = text + len, .line = 1, .warn = warn, .arg = arg};
    int err = 0;

    l.buf = malloc(len + ENTITY_BYTES);
    if (!l.buf)
        return ENOMEM;
    while (!err && l.p < l.end && !l.root_closed)
        err = *l.p == '<' ? take_markup(&l) : take_text(&l);
    if (!err && t->at) {
        tell(&l, "the document ends inside <%s>", t->at->name);
        t->unsound = true;
    }
    while (!err && t->at)
        err = tree_close(t);
    free(l.buf);
    if (!err && !t->root)
        err = parse_err_set(t->pe, EBADMSG, 1, 0, "no XML");
    return err;
}
