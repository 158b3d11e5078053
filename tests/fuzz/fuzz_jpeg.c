/* SPDX-License-Identifier: BSD-3-Clause */
/* JPEG files as a peer may send them. */
#include <stdint.h>
#include <stdlib.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image *im = NULL;

    if (image_decode_jpeg(&im, data, size))
        return 0;
    if (!im->width || !im->height)
        abort();
    image_get(im, im->width - 1, im->height - 1);
    mem_deref(im);
    return 0;
}
