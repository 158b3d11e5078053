/* SPDX-License-Identifier: BSD-3-Clause */
/* Key functions as an administrator may write them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/keyfunc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keyfunc k;
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (keyfunc_parse(&k, text) && !(k.blf || k.sd || k.cp || k.dnd || k.xml || k.prk))
        abort();
    free(text);
    return 0;
}
