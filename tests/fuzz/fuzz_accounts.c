/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdint.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/err.h"
#include "sim/farm/accounts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct accounts *a = NULL;
    struct parse_err pe;

    accounts_parse(&a, (const char *)data, size, &pe);
    mem_deref(a);
    return 0;
}
