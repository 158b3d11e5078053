/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/version.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "devices/model.h"

enum { NUMBERS_MAX = 6, DIGITS_MAX = 9, FIELDS_MPP = 3 };

struct spa_version {
    uint32_t numbers[NUMBERS_MAX];
    unsigned n;
    const char *suffix; /* within the text, its parentheses left out */
    size_t suffix_len;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Digits at *p as a number; false when there are none, or too many. */
static bool read_number(const char **p, uint32_t *n)
{
    unsigned digits = 0;

    for (*n = 0; is_digit(**p) && digits <= DIGITS_MAX; digits++)
        *n = *n * 10 + (uint32_t)(*(*p)++ - '0');
    return digits && digits <= DIGITS_MAX;
}

static bool read_suffix(const char *p, struct spa_version *v)
{
    const bool open = *p == '(';

    v->suffix = p += open;
    while (is_word(*p))
        p++;
    v->suffix_len = (size_t)(p - v->suffix);
    return open ? p[0] == ')' && !p[1] : !*p;
}

static bool read_spa(const char *p, struct spa_version *v)
{
    for (v->n = 0; v->n < NUMBERS_MAX; p++) {
        if (!read_number(&p, &v->numbers[v->n++]))
            return false;
        if ((*p != '.' && *p != '-') || !is_digit(p[1]))
            break;
    }
    return v->n >= 2 && read_suffix(p, v);
}

/* Behind the image name: where the fields begin, NULL when it is no such version. */
static const char *mpp_fields(const char *text)
{
    const char *p = text;
    unsigned n = 0;

    if (!isalpha((unsigned char)*p))
        return NULL;
    while (isalnum((unsigned char)*p))
        p++;
    if (*p++ != '.')
        return NULL;
    for (const char *f = p;; f++) {
        uint32_t number;
        if (!read_number(&f, &number))
            return NULL;
        n++;
        while (isalnum((unsigned char)*f))
            f++;
        if (*f != '-')
            return !*f && n >= FIELDS_MPP && n <= FIELDS_MPP + 1 && strstr(p, "MPP") ? p : NULL;
    }
}

enum version_form version_form(const char *text)
{
    struct spa_version v;

    if (read_spa(text, &v))
        return VERSION_SPA;
    return mpp_fields(text) ? VERSION_MPP : VERSION_NONE;
}

static int cmp_spa(const struct spa_version *a, const struct spa_version *b)
{
    for (unsigned i = 0; i < NUMBERS_MAX; i++) {
        const uint32_t x = i < a->n ? a->numbers[i] : 0, y = i < b->n ? b->numbers[i] : 0;
        if (x != y)
            return x < y ? -1 : 1;
    }
    const size_t least = a->suffix_len < b->suffix_len ? a->suffix_len : b->suffix_len;
    const int order = memcmp(a->suffix, b->suffix, least);
    return order ? order : (a->suffix_len > b->suffix_len) - (a->suffix_len < b->suffix_len);
}

/* Digits before letters in each field, from left to right; the last one is the build number. */
static int cmp_mpp(const char *a, const char *b)
{
    while (*a || *b) {
        uint32_t x = 0, y = 0;
        (void)read_number(&a, &x);
        (void)read_number(&b, &y);
        if (x != y)
            return x < y ? -1 : 1;
        const size_t n = strcspn(a, "-"), m = strcspn(b, "-");
        const int order = strncmp(a, b, n < m ? n : m);
        if (order || n != m)
            return order ? order : n < m ? -1 : 1;
        a += n + (a[n] == '-');
        b += m + (b[m] == '-');
    }
    return 0;
}

int version_cmp(int *order, const char *a, const char *b)
{
    struct spa_version x, y;
    const char *p, *q;

    if (read_spa(a, &x) && read_spa(b, &y)) {
        *order = cmp_spa(&x, &y);
        return 0;
    }
    p = mpp_fields(a);
    q = mpp_fields(b);
    if (!p || !q)
        return EINVAL;
    *order = cmp_mpp(p, q);
    return 0;
}

char *version_macro(char *buf, size_t size, const struct device_model *m, const char *firmware)
{
    unsigned a, b, c;
    int end = 0;

    if (m->family != FAMILY_MPP68XX) {
        snprintf(buf, size, "%s", firmware);
    } else if (sscanf(firmware, "%4u.%4u.%4u%n", &a, &b, &c, &end) == 3 && !firmware[end]) {
        /* M1: the letters carry a number from 11.3(2) on */
        const bool numbered = a > 11 || (a == 11 && (b > 3 || (b == 3 && c >= 2)));
        snprintf(buf, size, "sip68xx.%u-%u-%uMPP%s-1", a, b, c, numbered ? "0001" : "");
    } else {
        snprintf(buf, size, "sip68xx.%s", firmware);
    }
    return buf;
}
