/* SPDX-License-Identifier: BSD-3-Clause */
/* Files of certificates, as a custom CA's rule brings them. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <re_types.h>
#include <re_mem.h>

#include "sim/net/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust *t = NULL;

    if (trust_alloc(&t, data, size) == 0 && strlen(trust_name(t)) > 64)
        abort();
    mem_deref(t);
    return 0;
}
