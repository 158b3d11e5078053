/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/blink.h"

#include <stddef.h>
#include <string.h>

enum { STEPS = 4 };

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
    return true;
}
