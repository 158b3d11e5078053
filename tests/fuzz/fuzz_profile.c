/* SPDX-License-Identifier: BSD-3-Clause */
/* Profiles as any server may send them. */
#include <stdlib.h>
#include <string.h>

#include "sim/prov/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void item_handler(const struct profile_item *item, void *arg)
{
    unsigned *n = arg;

    (*n)++;
    if (!item->name[0] || (item->keep && item->value[0]) || strpbrk(item->value, "\r\n"))
        abort(); /* a parameter has a name, keeping gives no value, newlines are blanks */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parse_err pe = {.text = ""};
    unsigned n = 0;

    if (profile_parse(data, size, item_handler, &n, &pe) && (n || !pe.text[0]))
        abort(); /* refused whole, and never without a reason */
    return 0;
}
