/* SPDX-License-Identifier: BSD-3-Clause */
/* What a controller may put into its NOTIFY. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/spa_cti.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cti_command c;
    struct parse_err pe;

    if (cti_parse(&c, (const char *)data, size, &pe) == 0 &&
        (c.verb > CTI_NEW_CALL || strlen(c.number) >= sizeof(c.number)))
        abort();
    return 0;
}
