/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/writer.h"

#include <string.h>
#include <re.h>

void put_bytes(struct writer *w, const char *data, size_t len)
{
    if (len > w->size - w->len) {
        w->full = true;
        return;
    }
    if (len)
        memcpy(w->buf + w->len, data, len);
    w->len += len;
}

void put(struct writer *w, const char *text)
{
    put_bytes(w, text, strlen(text));
}

void put_pl(struct writer *w, const struct pl *pl)
{
    put_bytes(w, pl->p, pl->l);
}

void put_u32(struct writer *w, uint32_t n)
{
    char digits[10], *p = digits + sizeof(digits);

    do
        *--p = (char)('0' + n % 10);
    while (n /= 10);
    put_bytes(w, p, (size_t)(digits + sizeof(digits) - p));
}

void put_hex(struct writer *w, uint64_t n)
{
    char digits[16], *p = digits + sizeof(digits);

    do
        *--p = "0123456789abcdef"[n & 15];
    while (n >>= 4);
    put_bytes(w, p, (size_t)(digits + sizeof(digits) - p));
}

void put_addr(struct writer *w, uint32_t addr, uint16_t port)
{
    const uint8_t *b = (const uint8_t *)&addr;

    for (unsigned i = 0; i < 4; i++) {
        if (i)
            put_bytes(w, ".", 1);
        put_u32(w, b[i]);
    }
    if (port) {
        put_bytes(w, ":", 1);
        put_u32(w, port);
    }
}

void put_hex_fixed(struct writer *w, uint64_t n, unsigned digits)
{
    while (digits--)
        put_bytes(w, &"0123456789abcdef"[(n >> (4 * digits)) & 15], 1);
}

/* RFC 3261 7.3.3, RFC 3515, 3892, 4028, 6665 */
static const char *short_name(const char *name, size_t len)
{
    static const struct {
        const char *name, *brief;
    } names[] = {
        {"Via", "v"},          {"From", "f"},         {"To", "t"},
        {"Call-ID", "i"},      {"Contact", "m"},      {"Content-Length", "l"},
        {"Supported", "k"},    {"Content-Type", "c"}, {"Event", "o"},
        {"Refer-To", "r"},     {"Referred-By", "b"},  {"Session-Expires", "x"},
        {"Allow-Events", "u"}, {"Subject", "s"},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
            return names[i].brief;
    }
    return NULL;
}

static void put_name_of(struct writer *w, const char *name, size_t len)
{
    const char *brief = w->compact ? short_name(name, len) : NULL;

    if (brief)
        put(w, brief);
    else
        put_bytes(w, name, len);
}

void put_name(struct writer *w, const char *name)
{
    put_name_of(w, name, strlen(name));
    put(w, ": ");
}

void put_field(struct writer *w, const char *name, const char *value)
{
    put_name(w, name);
    put(w, value);
    put(w, "\r\n");
}

void put_number(struct writer *w, const char *name, uint32_t n)
{
    put_name(w, name);
    put_u32(w, n);
    put(w, "\r\n");
}

void put_lines(struct writer *w, const char *lines)
{
    for (const char *at = lines; at && *at;) {
        const size_t line = strcspn(at, "\n"), name = strcspn(at, ":\n");
        const size_t whole = line + (at[line] != '\0');

        put_name_of(w, at, name);
        put_bytes(w, at + name, whole - name);
        at += whole;
    }
}
