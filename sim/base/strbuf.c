/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/strbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int strbuf_add(struct strbuf *b, const char *data, size_t len, size_t max)
{
    if (len > max || b->len > max - len)
        return E2BIG;
    if (b->len + len >= b->size) {
        const size_t size = (b->len + len + 1) * 2;
        char *text = realloc(b->text, size);
        if (!text)
            return ENOMEM;
        b->text = text;
        b->size = size;
    }
    memcpy(b->text + b->len, data, len);
    b->len += len;
    b->text[b->len] = '\0';
    return 0;
}

void strbuf_reset(struct strbuf *b)
{
    free(b->text);
    *b = (struct strbuf){.text = NULL};
}
