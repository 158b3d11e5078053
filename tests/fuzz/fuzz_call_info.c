/* SPDX-License-Identifier: BSD-3-Clause */
/* Call-Info values and as-feature-event bodies as a server may write them. */
#include <stdlib.h>
#include <string.h>

#include "sim/sip/call_info.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct sca_list list = {0};
    struct feature_state f = {0};
    struct parse_err pe;

    sca_parse(&list, text, size);
    if (list.n > SCA_APPEARANCES_MAX)
        abort();
    for (unsigned i = 0; i < list.n; i++) {
        if (list.appearances[i].state > SCA_UNKNOWN || strlen(list.appearances[i].uri) > 127)
            abort();
    }
    (void)feature_parse(&f, text, size, &pe);
    (void)feature_parse_multipart(&f, text, size, "b", &pe);
    return 0;
}
