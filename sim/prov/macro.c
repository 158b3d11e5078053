/* SPDX-License-Identifier: BSD-3-Clause */
/* Macro expansion (provisioning.md 2.1). */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/strbuf.h"
#include "sim/prov/rule.h"

enum { EXPANDED_MAX = 64 << 10, NAME_MAX_BYTES = 64 };

static int append(struct strbuf *b, const char *data, size_t len)
{
    return strbuf_add(b, data, len, EXPANDED_MAX);
}

static size_t word_length(const char *p)
{
    size_t n = 0;
    while (isalnum((unsigned char)p[n]) || p[n] == '_')
        n++;
    return n;
}

static bool is_gpp(const char *name, size_t len)
{
    return len >= 5 && len <= 6 && memcmp(name, "GPP_", 4) == 0 && name[len - 1] >= 'A' &&
           name[len - 1] <= (len == 5 ? 'P' : 'D') && (len == 5 || name[4] == 'S');
}

static const char *value_of(const char *name, size_t len, macro_h *h, void *arg)
{
    char word[NAME_MAX_BYTES];

    if (!len || len >= sizeof(word))
        return NULL;
    if (is_gpp(name, len)) { /* $GPP_A is accepted beside $A (2.2) */
        name += 4;
        len -= 4;
    }
    memcpy(word, name, len);
    word[len] = '\0';
    return h(word, arg);
}

/* ":123" at s; returns what is behind it. Anything else leaves *n as it is. */
static const char *read_number(const char *s, size_t *n)
{
    char *end;

    if (*s != ':' || !isdigit((unsigned char)s[1]))
        return s;
    *n = strtoul(s + 1, &end, 10);
    return end;
}

/* "(NAME:p:q)" at p: the value's part, and how many characters were read; 0 = no such form. */
static size_t parenthesized(const char *p, const char **value, size_t *value_len, macro_h *h,
                            void *arg)
{
    const size_t name_len = word_length(p + 1);
    size_t offset = 0, length = SIZE_MAX;
    const char *s = read_number(p + 1 + name_len, &offset);

    s = read_number(s, &length);
    if (*s != ')')
        return 0;
    *value = value_of(p + 1, name_len, h, arg);
    if (!*value)
        return 0;
    *value_len = strlen(*value);
    if (offset > *value_len)
        offset = *value_len;
    *value += offset;
    *value_len -= offset;
    if (length < *value_len)
        *value_len = length;
    return (size_t)(s + 1 - p);
}

int macro_expand(char **out, const char *text, macro_h *h, void *arg)
{
    struct strbuf b = {.text = NULL};
    int err = append(&b, "", 0);

    for (const char *p = text; *p && !err;) {
        const char *value = NULL;
        size_t used = 0, len = 0;
        if (*p != '$') {
            used = strcspn(p, "$");
            err = append(&b, p, used);
        } else if (p[1] == '$') { /* one dollar, and what follows is no macro */
            used = 2 + word_length(p + 2);
            err = append(&b, p + 1, used - 1);
        } else if (p[1] == '(' && (used = parenthesized(p + 1, &value, &len, h, arg)) > 0) {
            used++;
            err = append(&b, value, len);
        } else {
            const size_t word = word_length(p + 1);
            used = 1 + word;
            value = value_of(p + 1, word, h, arg);
            err = value ? append(&b, value, strlen(value)) : append(&b, p, used);
        }
        p += used;
    }
    if (err)
        strbuf_reset(&b);
    else
        *out = b.text;
    return err;
}
