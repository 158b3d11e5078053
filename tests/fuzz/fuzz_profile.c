/* SPDX-License-Identifier: BSD-3-Clause */
/* What a provisioning server may send: every parameter delivered is a whole text, or nothing is. */
#include <stdlib.h>
#include <string.h>

#include "sim/prov/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void item_handler(const struct profile_item *item, void *arg)
{
    unsigned *n = arg;

    ++*n;
    if (!*item->name || strlen(item->ua) > 2 || strpbrk(item->value, "\r\n") || item->line < 1)
        abort();
    if (item->keep && *item->value)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parse_err pe = {.text = ""};
    unsigned n = 0;
    const int err = profile_parse(data, size, NULL, item_handler, &n, &pe);

    if (err && (n || !pe.text[0]))
        abort();
    return 0;
}
