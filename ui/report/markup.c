/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/report/markup.h"

#include <math.h>
#include <string.h>

static const char *entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void markup_text(FILE *f, const char *text)
{
    for (const char *p = text ? text : ""; *p; p++) {
        const unsigned char c = (unsigned char)*p;
        const char *name = entity(*p);
        if (name) {
            fputs(name, f);
        } else if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f) {
            fputs("\xef\xbf\xbd", f);
        } else if (c == 0xef && (unsigned char)p[1] == 0xbf && (unsigned char)p[2] >= 0xbe) {
            fputs("\xef\xbf\xbd", f); /* U+FFFE, U+FFFF */
            p += 2;
        } else {
            fputc(*p, f);
        }
    }
}

/* Groups of three digits, apart by a narrow space that does not break. */
static const char *grouped(char buf[MARKUP_NUMBER_BYTES], double n)
{
    static const char space[] = "\xe2\x80\xaf";
    char digits[MARKUP_NUMBER_BYTES];
    const int len = snprintf(digits, sizeof(digits), "%.0f", n);
    char *at = buf;

    if (len > 15)
        return strcpy(buf, digits);
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0) {
            memcpy(at, space, 3);
            at += 3;
        }
        *at++ = digits[i];
    }
    *at = '\0';
    return buf;
}

const char *markup_number(char buf[MARKUP_NUMBER_BYTES], double n)
{
    if (!isfinite(n) || n < 0 || n > 1e15)
        snprintf(buf, MARKUP_NUMBER_BYTES, "%.3g", n);
    else if (n >= 1000 || n == floor(n))
        return grouped(buf, n);
    else
        snprintf(buf, MARKUP_NUMBER_BYTES, n >= 100 ? "%.0f" : n >= 10 ? "%.1f" : "%.2f", n);
    return buf;
}

static const char *scaled(char buf[MARKUP_NUMBER_BYTES], double n, const char *gap,
                          const char *tail)
{
    static const char *const units[] = {"", "k", "M", "G", "T"};
    unsigned u = 0;

    while (fabs(n) >= 1000 && u + 1 < sizeof(units) / sizeof(units[0])) {
        n /= 1000;
        u++;
    }
    snprintf(buf, MARKUP_NUMBER_BYTES, "%.3g%s%s%s", n, gap, units[u], tail);
    return buf;
}

const char *markup_short(char buf[MARKUP_NUMBER_BYTES], double n)
{
    return scaled(buf, n, "", "");
}

const char *markup_bytes(char buf[MARKUP_NUMBER_BYTES], double n)
{
    return scaled(buf, n, " ", "B");
}

double markup_get(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

const char *markup_get_text(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}
