/* SPDX-License-Identifier: BSD-3-Clause */
/* What a STUN server may answer. */
#include <stdlib.h>

#include "sim/sip/binding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct binding b;

    if (binding_parse(&b, (const char *)data, size) == 0 &&
        (!binding_is((const char *)data, size) || (b.refused && b.mapped.sin_port)))
        abort();
    return 0;
}
