/* SPDX-License-Identifier: BSD-3-Clause */
/* What a TFTP server may send to a reading phone. */
#include <stdlib.h>
#include <string.h>

#include "sim/net/tftp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tftp_packet p;

    if (tftp_decode(data, size, &p))
        return 0;
    if (p.is_error ? strlen(p.text) >= sizeof(p.text)
        : p.is_ack ? p.data != NULL
                   : p.data + p.len != data + size)
        abort();
    return 0;
}
