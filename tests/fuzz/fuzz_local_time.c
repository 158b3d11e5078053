/* SPDX-License-Identifier: BSD-3-Clause */
/* Daylight saving rules and zones. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/prov/local_time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t moments[] = {0, 1767225600, 4102444800, -86400};
    char *text = malloc(size + 1);
    struct dst_rule rule;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    (void)zone_offset_s(text);
    if (dst_parse(&rule, text) == 0) {
        for (unsigned i = 0; i < sizeof(moments) / sizeof(moments[0]); i++)
            (void)dst_is_on(&rule, moments[i]);
    }
    free(text);
    return 0;
}
