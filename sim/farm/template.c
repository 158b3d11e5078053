/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/template.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is(const char *name, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(name, word, len) == 0;
}

/* "1000+n": false when it is something else. */
static bool print_sum(FILE *f, const char *name, size_t len, unsigned n)
{
    uint64_t sum = 0;
    size_t digits = 0;

    while (digits < len && isdigit((unsigned char)name[digits]) && digits < 18)
        sum = sum * 10 + (uint64_t)(name[digits++] - '0');
    if (!digits || !is(name + digits, len - digits, "+n"))
        return false;
    const int width = name[0] == '0' ? (int)digits : 1;
    fprintf(f, "%0*" PRIu64, width, sum + n);
    return true;
}

static bool print_name(FILE *f, const char *name, size_t len, const struct template_vars *v)
{
    if (is(name, len, "n")) {
        fprintf(f, "%u", v->n);
    } else if (is(name, len, "mac")) {
        for (unsigned i = 0; i < 6; i++)
            fprintf(f, "%02x", v->mac[i]);
    } else if (is(name, len, "ip")) {
        char buf[INET_ADDRSTRLEN];
        fputs(inet_ntop(AF_INET, &v->ip, buf, sizeof(buf)), f);
    } else if (v->user && is(name, len, "user")) {
        fputs(v->user, f);
    } else if (!print_sum(f, name, len, v->n)) {
        for (size_t i = 0; i < v->n_columns; i++) {
            if (is(name, len, v->columns[i])) {
                fputs(v->values[i], f);
                return true;
            }
        }
        return false;
    }
    return true;
}

/* One "{…}" at p; its length, or 0 with err filled. */
static size_t print_brace(FILE *f, const char *p, const struct template_vars *v, char *err,
                          size_t err_size)
{
    const char *end = strchr(p, '}');

    if (!end) {
        snprintf(err, err_size, "a template's \"{\" has no \"}\" (a brace itself is written {{)");
        return 0;
    }
    const size_t len = (size_t)(end - p - 1);
    if (!print_name(f, p + 1, len, v)) {
        snprintf(err, err_size,
                 "no template name {%.*s} here; there are {n}, {1000+n}, {mac}, {ip}, {user} and "
                 "the columns of --accounts",
                 (int)(len > 40 ? 40 : len), p + 1);
        return 0;
    }
    return len + 2;
}

int template_print(char **out, const char *text, const struct template_vars *v, char *err,
                   size_t err_size)
{
    char *buf = NULL;
    size_t size;
    int result = 0;
    FILE *f = open_memstream(&buf, &size);

    if (!f)
        return ENOMEM;
    for (const char *p = text; *p && !result;) {
        if ((p[0] == '{' || p[0] == '}') && p[1] == p[0]) {
            fputc(*p, f);
            p += 2;
        } else if (p[0] == '{') {
            const size_t len = print_brace(f, p, v, err, err_size);
            result = len ? 0 : EINVAL;
            p += len;
        } else {
            fputc(*p++, f);
        }
    }
    if (fclose(f))
        result = ENOMEM;
    if (result)
        free(buf);
    else
        *out = buf;
    return result;
}
