/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/web/form.h"

#include <string.h>

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

size_t form_decode(char *text, size_t len)
{
    size_t at = 0;

    for (size_t i = 0; i < len; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%' && i + 2 < len && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            c = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
            i += 2;
        }
        text[at++] = c;
    }
    text[at] = '\0';
    return at;
}

bool form_next(char **at, char *end, struct form_field *f)
{
    char *field = *at;

    while (field < end && *field == '&')
        field++;
    if (field >= end)
        return false;
    char *stop = memchr(field, '&', (size_t)(end - field));
    if (!stop)
        stop = end;
    *at = stop < end ? stop + 1 : end;
    char *equals = memchr(field, '=', (size_t)(stop - field));
    f->name = field;
    f->name_len = (size_t)((equals ? equals : stop) - field);
    f->value = equals ? equals + 1 : stop;
    f->value_len = (size_t)(stop - f->value);
    f->value_len = form_decode(f->value, f->value_len); /* ends where '&' or the end was */
    f->name_len = form_decode(f->name, f->name_len);    /* where '=' was */
    return true;
}
