/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/classes.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/farm/priv.h"
#include "sim/net/fetch.h"

enum { USER_MIN = 3 }; /* a shorter one must stand alone to be taken for the phone's own */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* A separator of octets at p: its length, 0 = none. */
static size_t separator(const char *p)
{
    if (*p == ':' || *p == '-' || *p == '.')
        return 1;
    return strncasecmp(p, "%3A", 3) == 0 ? 3 : 0;
}

/* Length of the MAC address at p, in any case, with or without separators; 0 = it is not there. */
static size_t match_mac(const char *p, const uint8_t *mac)
{
    const char *const start = p;
    size_t sep = 0;

    for (unsigned i = 0; mac && i < 6; i++) {
        if (hex_digit(p[0]) != mac[i] >> 4 || hex_digit(p[1]) != (mac[i] & 15))
            return 0;
        p += 2;
        if (i == 0)
            sep = separator(p);
        if (i < 5 && sep) {
            if (separator(p) != sep)
                return 0;
            p += sep;
        }
    }
    return (size_t)(p - start);
}

static size_t match_text(const char *p, const char *text)
{
    const size_t len = text ? strlen(text) : 0;
    return len && strncasecmp(p, text, len) == 0 ? len : 0;
}

static bool same_kind(char a, char b)
{
    return (isdigit((unsigned char)a) && isdigit((unsigned char)b)) ||
           (isalpha((unsigned char)a) && isalpha((unsigned char)b));
}

/* As match_text(), where the text is not part of a longer number or word. before: '\0' at the start
 * of the path. */
static size_t match_word(const char *p, char before, const char *text)
{
    const size_t len = match_text(p, text);

    if (!len || same_kind(before, p[0]) || same_kind(p[len - 1], p[len]))
        return 0;
    if (len < USER_MIN && (isalnum((unsigned char)before) || isalnum((unsigned char)p[len])))
        return 0;
    return len;
}

struct name_writer {
    char *at, *end;
};

static void put(struct name_writer *w, const char *text, size_t len)
{
    while (len-- && w->at < w->end)
        *w->at++ = *text++;
}

/* What of the phone's own is at p: its length, 0 = nothing. */
static size_t own_at(const char *p, char before, const struct class_identity *id,
                     const char **placeholder)
{
    size_t len;

    if ((len = match_mac(p, id->mac)))
        *placeholder = "{mac}";
    else if ((len = match_text(p, id->serial)))
        *placeholder = "{serial}";
    else if ((len = match_word(p, before, id->ip)))
        *placeholder = "{ip}";
    else if ((len = match_word(p, before, id->user)))
        *placeholder = "{user}";
    return len;
}

static void put_part(struct name_writer *w, const char *p, const char *end,
                     const struct class_identity *id)
{
    char before = '\0';

    while (p < end) {
        const char *placeholder;
        const size_t len = own_at(p, before, id, &placeholder);
        if (len && len <= (size_t)(end - p)) {
            put(w, placeholder, strlen(placeholder));
            p += len;
        } else {
            put(w, p++, 1);
        }
        before = p[-1];
    }
}

static bool has_digit(const char *p, const char *end)
{
    while (p < end && !isdigit((unsigned char)*p))
        p++;
    return p < end;
}

static bool is_password(const char *p, size_t len)
{
    return len >= 8 && strncasecmp(p + len - 8, "password", 8) == 0;
}

/* Session numbers and the like would make a class of each request. */
static void put_query(struct name_writer *w, const char *p, const char *end,
                      const struct class_identity *id)
{
    while (p < end) {
        const char *amp = memchr(p, '&', (size_t)(end - p));
        const char *stop = amp ? amp : end;
        const char *eq = memchr(p, '=', (size_t)(stop - p));
        const char *value = eq ? eq + 1 : stop;
        char text[CLASS_NAME_BYTES];
        struct name_writer v = {text, text + sizeof(text)};

        put(w, p, (size_t)(value - p));
        put_part(&v, value, stop, id);
        if (has_digit(text, v.at) || (eq && is_password(p, (size_t)(eq - p))))
            put(w, "*", 1);
        else
            put(w, text, (size_t)(v.at - text));
        if (amp)
            put(w, "&", 1);
        p = amp ? amp + 1 : end;
    }
}

void class_name(char *name, size_t size, const char *url, const struct class_identity *id)
{
    const char *p = strstr(url, "://");
    char text[CLASS_NAME_BYTES];
    struct name_writer w = {text, text + sizeof(text) - 1};

    p = p ? p + 3 : url;
    p += strcspn(p, "/?#");
    const char *end = p + strcspn(p, "#");
    const char *mark = memchr(p, '?', (size_t)(end - p));
    if (*p != '/')
        put(&w, "/", 1);
    put_part(&w, p, mark ? mark : end, id);
    if (mark) {
        put(&w, "?", 1);
        put_query(&w, mark + 1, end, id);
    }
    *w.at = '\0';
    utf8_clean(name, size, text);
}

struct url_class *class_get(struct class_table *t, const char *scheme, const char *method,
                            const char *name)
{
    struct url_class **place = t->classes;
    const bool other = strcmp(name, "other") == 0;

    while (!other && place < t->classes + t->n &&
           (strcmp((*place)->name, name) != 0 || strcmp((*place)->scheme, scheme) != 0 ||
            strcmp((*place)->method, method) != 0))
        place++;
    if (other || place == t->classes + CLASSES_MAX - 1) {
        place = &t->classes[CLASSES_MAX - 1];
        scheme = method = "";
        name = "other";
    }
    if (*place)
        return *place;
    *place = calloc(1, sizeof(**place));
    if (!*place)
        return NULL;
    utf8_clean((*place)->scheme, sizeof((*place)->scheme), scheme);
    utf8_clean((*place)->method, sizeof((*place)->method), method);
    utf8_clean((*place)->name, sizeof((*place)->name), name);
    t->n += !other && place < &t->classes[CLASSES_MAX - 1];
    return *place;
}

void class_table_reset(struct class_table *t)
{
    for (unsigned i = 0; i < CLASSES_MAX; i++)
        free(t->classes[i]);
    memset(t, 0, sizeof(*t));
}

void class_status_add(struct url_class *c, uint16_t status, uint64_t n)
{
    struct class_status *s = c->statuses;

    while (s < c->statuses + c->n_statuses && s->status != status)
        s++;
    if (!status || s == &c->statuses[CLASS_STATUSES - 1])
        s = &c->statuses[CLASS_STATUSES - 1];
    else if (s == c->statuses + c->n_statuses)
        c->n_statuses++;
    if (s != &c->statuses[CLASS_STATUSES - 1])
        s->status = status;
    s->n += n;
}

static bool is_answer_of_success(const struct fetch_exchange *x)
{
    return x->status ? x->status >= 200 && x->status < 300 : strcmp(x->scheme, "tftp") == 0;
}

void class_count(struct url_class *c, const struct fetch_exchange *x, unsigned n)
{
    char text[32];

    c->requests++;
    c->sent += x->sent;
    c->op.bytes += x->bytes;
    if (x->status)
        class_status_add(c, x->status, 1);
    if (x->cancelled) {
        c->cancelled++;
        return;
    }
    if (x->error) {
        c->op.error++;
        farm_cause_add(&c->op, x->error, 1, n);
        return;
    }
    hist_add(&c->op.latency, x->us);
    if (x->challenged) {
        c->challenged++;
    } else if (x->status == 301 || x->status == 302) { /* followed (provisioning.md 4) */
        c->redirected++;
    } else if (is_answer_of_success(x)) {
        c->op.ok++;
    } else {
        snprintf(text, sizeof(text), "HTTP %u", x->status);
        c->op.error++;
        farm_cause_add(&c->op, text, 1, n);
    }
}
