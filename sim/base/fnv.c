/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/fnv.h"

uint32_t fnv_number(uint32_t h, uint32_t n)
{
    return (h ^ n) * 16777619U;
}

uint32_t fnv_text(uint32_t h, const char *text)
{
    for (; *text; text++)
        h = fnv_number(h, (uint8_t)*text);
    return h;
}
