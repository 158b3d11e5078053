/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/picture.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/image.h"
#include "ui/sub.h"

int picture_write_png(const char *path, const uint8_t *png, size_t len)
{
    const bool out = strcmp(path, "-") == 0;
    FILE *f = out ? stdout : fopen(path, "wb");
    bool ok = f && fwrite(png, 1, len, f) == len && fflush(f) == 0;
    const int why = errno;

    if (f && !out)
        ok = fclose(f) == 0 && ok;
    return ok ? EXIT_HOLDS : sub_error(EXIT_USAGE, "%s: %s", path, strerror(why));
}

int picture_write(const struct image *im, const char *path)
{
    uint8_t *png = NULL;
    size_t len = 0;
    const int err = image_encode_png(im, &png, &len);
    const int code = err ? sub_error(EXIT_REFUSED, "no picture: %s", strerror(err))
                         : picture_write_png(path, png, len);

    mem_deref(png);
    return code;
}
