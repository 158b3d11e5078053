/* SPDX-License-Identifier: BSD-3-Clause */
/* PNG files as a peer may send them. */
#include "tests/fuzz/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return decode_picture(image_decode_png, data, size);
}
