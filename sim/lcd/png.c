/* SPDX-License-Identifier: BSD-3-Clause */
/* PNG by libpng's simplified interface: from and to memory, never a longjmp of ours. */
#include "sim/lcd/image.h"

#include <errno.h>
#include <string.h>
#include <png.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

int image_encode_png(const struct image *im, uint8_t **bytes, size_t *len)
{
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = im->width,
                     .height = im->height,
                     .format = PNG_FORMAT_RGB};
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
    uint8_t *buf = mem_alloc(size, NULL);

    if (!buf)
        return ENOMEM;
    if (!png_image_write_to_memory(&png, buf, &size, 0, im->rgb, 0, NULL)) {
        mem_deref(buf);
        return ENOMEM; /* nothing else can fail here */
    }
    *bytes = buf;
    *len = size;
    return 0;
}

int image_png_size(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    const int err = png_image_begin_read_from_memory(&png, bytes, len) ? 0 : EBADMSG;

    *width = png.width;
    *height = png.height;
    png_image_free(&png);
    return err;
}

int image_decode_png(struct image **ip, const uint8_t *bytes, size_t len)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    struct image *im = NULL;
    int err = png_image_begin_read_from_memory(&png, bytes, len) ? 0 : EBADMSG;

    if (!err && png.width > IMAGE_PIXELS_MAX / (png.height ? png.height : 1))
        err = E2BIG;
    if (!err)
        err = image_alloc(&im, png.width, png.height, 0xffffff);
    png.format = PNG_FORMAT_RGB;
    if (!err && !png_image_finish_read(&png, &(png_color){255, 255, 255}, im->rgb, 0, NULL))
        err = EBADMSG;
    png_image_free(&png);
    if (err)
        mem_deref(im);
    else
        *ip = im;
    return err;
}
