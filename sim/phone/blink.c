/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/blink.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 4, BLINK_MAX_S = 3600 };

unsigned blink_times(const char *text, uint32_t ms[BLINK_TIMES])
{
    unsigned n = 0;
    char *end;

    for (const char *p = text; n < BLINK_TIMES && (isdigit((unsigned char)*p) || *p == '.');
         p = end + strspn(end, " \t/")) {
        const double s = strtod(p, &end);
        if (end == p)
            break;
        ms[n++] = s < BLINK_MAX_S ? (uint32_t)(s * 1000 + .5) : BLINK_MAX_S * 1000;
    }
    return n & ~1u;
}

static bool own_is_lit(const char *pattern, uint64_t at_ms)
{
    uint32_t ms[BLINK_TIMES], whole = 0;
    const unsigned n = blink_times(pattern, ms);
    unsigned step = 0;

    for (unsigned i = 0; i < n; i++)
        whole += ms[i];
    if (!whole)
        return true;
    uint32_t at = (uint32_t)(at_ms % whole);
    while (at >= ms[step])
        at -= ms[step++];
    return step % 2 == 0;
}

bool blink_is_lit(const char *pattern, uint64_t at_ms)
{
    static const struct {
        const char *name;
        uint16_t on_off[STEPS]; /* ms; lit in the first and the third */
    } patterns[] = {
        {"slow", {1000, 1000}}, {"fast", {100, 100}}, {"double", {100, 100, 100, 700}}, /* [DEF] */
    };

    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        const uint16_t *p = patterns[i].on_off;
        if (strcmp(patterns[i].name, pattern) != 0)
            continue;
        unsigned at = (unsigned)(at_ms % (p[0] + p[1] + p[2] + p[3])), step = 0;
        while (at >= p[step])
            at -= p[step++];
        return step % 2 == 0;
    }
    return own_is_lit(pattern, at_ms);
}
