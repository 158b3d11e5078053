/* SPDX-License-Identifier: BSD-3-Clause */
/* HTTP answers: in one piece and byte by byte they are the same, and never over the limit. */
#include <stdlib.h>
#include <string.h>

#include "sim/net/webreply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 2000, KEPT = 300 };

static enum webreply_state read_it(struct webreply *r, const uint8_t *data, size_t size,
                                   size_t step)
{
    enum webreply_state state = WEBREPLY_MORE;

    for (size_t at = 0; at < size && state == WEBREPLY_MORE; at += step)
        state = webreply_read(r, data + at, size - at < step ? size - at : step);
    if (state == WEBREPLY_MORE)
        state = webreply_end(r);
    if ((state == WEBREPLY_BAD) != (r->err != 0) || (state == WEBREPLY_BAD && !r->error))
        abort();
    if (r->len > KEPT || (state == WEBREPLY_WHOLE && (r->total > MOST || r->status < 200)))
        abort();
    return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct webreply one = {.most = MOST, .keep = KEPT}, many = one;

    const enum webreply_state state = read_it(&one, data, size, size ? size : 1);
    if (state != read_it(&many, data, size, 1))
        abort();
    if (state == WEBREPLY_WHOLE && (one.len != many.len || one.status != many.status ||
                                    (one.len && memcmp(one.body, many.body, one.len) != 0) ||
                                    strcmp(webreply_lines(&one), webreply_lines(&many)) != 0))
        abort();
    webreply_reset(&one);
    webreply_reset(&many);
    return 0;
}
