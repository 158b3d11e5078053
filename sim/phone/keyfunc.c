/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/keyfunc.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    size_t offset;
} functions[] = {
    {"blf", offsetof(struct keyfunc, blf)}, {"sd", offsetof(struct keyfunc, sd)},
    {"cp", offsetof(struct keyfunc, cp)},   {"dnd", offsetof(struct keyfunc, dnd)},
    {"xml", offsetof(struct keyfunc, xml)}, {"prk", offsetof(struct keyfunc, prk)},
};

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"sub", offsetof(struct keyfunc, sub)}, {"usr", offsetof(struct keyfunc, usr)},
    {"ext", offsetof(struct keyfunc, ext)}, {"nme", offsetof(struct keyfunc, nme)},
    {"url", offsetof(struct keyfunc, url)},
};

static bool word_is(const char *p, size_t len, const char *word)
{
    return len == strlen(word) && strncasecmp(p, word, len) == 0;
}

static bool read_functions(struct keyfunc *k, const char *p, size_t len)
{
    const char *end = p + len;
    bool any = false;

    while (p < end) {
        const char *plus = memchr(p, '+', (size_t)(end - p));
        const size_t n = (size_t)((plus ? plus : end) - p);
        for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
            if (!word_is(p, n, functions[i].word))
                continue;
            *(bool *)((char *)k + functions[i].offset) = true;
            any = true;
        }
        p += n + 1;
    }
    return any;
}

static void read_text(struct keyfunc *k, const char *name, size_t name_len, const char *value,
                      size_t len)
{
    if (word_is(name, name_len, "vid"))
        k->vid = (unsigned)strtoul(value, NULL, 10);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *at = (char *)k + texts[i].offset;
        if (!word_is(name, name_len, texts[i].name) || len >= KEYFUNC_TEXT)
            continue;
        memcpy(at, value, len);
        at[len] = '\0';
    }
}

bool keyfunc_parse(struct keyfunc *k, const char *text)
{
    bool any = false;

    memset(k, 0, sizeof(*k));
    for (const char *p = text; *p;) {
        p += strspn(p, "; \t");
        const size_t item = strcspn(p, ";");
        const char *eq = memchr(p, '=', item);
        if (eq) {
            const size_t name = (size_t)(eq - p), len = item - name - 1;
            if (word_is(p, name, "fnc"))
                any |= read_functions(k, eq + 1, len);
            else
                read_text(k, p, name, eq + 1, len);
        }
        p += item;
    }
    return any;
}
