/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <stdlib.h>

#include "sim/phone/execute.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n = 0;
    char *xml = phone_execute_document((const char *)data, size, &n);

    if (xml && (n > size || xml[n]))
        abort();
    free(xml);
    return 0;
}
