/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *form = malloc(size + 1), *at = form;
    struct form_field f;

    if (!form)
        return 0;
    memcpy(form, data, size);
    form[size] = '\0';
    for (size_t n = 0; form_next(&at, form + size, &f); n++) {
        if (n > size || f.name[f.name_len] || f.value[f.value_len] ||
            f.name + f.name_len > form + size || f.value + f.value_len > form + size)
            abort();
    }
    free(form);
    return 0;
}
