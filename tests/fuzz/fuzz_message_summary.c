/* SPDX-License-Identifier: BSD-3-Clause */
/* What a server may put into a message-summary NOTIFY. */
#include <stdlib.h>
#include <string.h>

#include "sim/sip/message_summary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mwi_summary m;

    if (mwi_parse(&m, (const char *)data, size) == 0 &&
        (strlen(m.account) >= sizeof(m.account) || m.n_new > 999999 || m.n_urgent_old > 999999))
        abort();
    return 0;
}
