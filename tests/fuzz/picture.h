/* SPDX-License-Identifier: BSD-3-Clause */
/* A picture file as a peer may send it: what is decoded has a size, and pixels up to its corner. */
#ifndef TESTS_FUZZ_PICTURE_H
#define TESTS_FUZZ_PICTURE_H

#include <stdint.h>
#include <stdlib.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline int decode_picture(int (*decode)(struct image **, const uint8_t *, size_t),
                                 const uint8_t *data, size_t size)
{
    struct image *im = NULL;

    if (decode(&im, data, size))
        return 0;
    if (!im->width || !im->height)
        abort();
    image_get(im, im->width - 1, im->height - 1);
    mem_deref(im);
    return 0;
}

#endif
