/* SPDX-License-Identifier: BSD-3-Clause */
/* What a server may put into a dialog NOTIFY. */
#include <stdlib.h>
#include <string.h>

#include "sim/sip/dialog_info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct blf_info info;
    struct blf_watch w = {0};
    struct parse_err pe;

    if (blf_parse(&info, (const char *)data, size, &pe))
        return 0;
    if (blf_watch_apply(&w, &info) == BLF_STALE || w.n > BLF_WATCH_MAX ||
        info.n > BLF_DIALOGS_MAX || blf_watch_lamp(&w) > BLF_RINGING)
        abort();
    return 0;
}
