/* SPDX-License-Identifier: BSD-3-Clause */
/* JPEG by libjpeg, from memory. It reports errors by a jump, which stays inside run(). */
#include "sim/lcd/image.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <jpeglib.h>
#include <re_types.h>
#include <re_mem.h>

enum { SCANS_MAX = 64 };

struct job {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_progress_mgr progress;
    jmp_buf jump;
    struct image *im; /* being filled; NULL = the size is all that is asked for */
    int err;
};

static void fail(struct job *j, int err)
{
    j->err = err;
    longjmp(j->jump, 1);
}

static void error_handler(j_common_ptr jpeg)
{
    fail(jpeg->client_data, EBADMSG);
}

static void message_handler(j_common_ptr jpeg)
{
    (void)jpeg;
}

/* A file of a few bytes may ask for any number of passes over the picture. */
static void progress_handler(j_common_ptr jpeg)
{
    struct job *j = jpeg->client_data;

    if (j->jpeg.input_scan_number > SCANS_MAX)
        fail(j, E2BIG);
}

static void read_pixels(struct job *j)
{
    jpeg_start_decompress(&j->jpeg);
    while (j->jpeg.output_scanline < j->jpeg.output_height) {
        JSAMPROW row = j->im->rgb + 3 * (size_t)j->jpeg.output_scanline * j->im->width;
        (void)jpeg_read_scanlines(&j->jpeg, &row, 1);
    }
}

static int run(struct job *j, const uint8_t *bytes, size_t len, bool with_pixels)
{
    j->jpeg.err = jpeg_std_error(&j->errors);
    j->jpeg.client_data = j;
    j->errors.error_exit = error_handler;
    j->errors.output_message = message_handler;
    j->progress.progress_monitor = progress_handler;
    if (setjmp(j->jump))
        return j->err;
    jpeg_create_decompress(&j->jpeg);
    j->jpeg.progress = &j->progress;
    jpeg_mem_src(&j->jpeg, bytes, len);
    if (jpeg_read_header(&j->jpeg, TRUE) != JPEG_HEADER_OK)
        return EBADMSG;
    if (!with_pixels)
        return 0;
    if (j->jpeg.image_width > IMAGE_PIXELS_MAX / (j->jpeg.image_height ? j->jpeg.image_height : 1))
        return E2BIG;
    if (j->jpeg.num_components != 1 && j->jpeg.num_components != 3)
        return EBADMSG; /* CMYK: no phone's */
    j->jpeg.out_color_space = JCS_RGB;
    j->err = image_alloc(&j->im, j->jpeg.image_width, j->jpeg.image_height, 0xffffff);
    if (!j->err)
        read_pixels(j);
    return j->err;
}

int image_jpeg_size(const uint8_t *bytes, size_t len, unsigned *width, unsigned *height)
{
    struct job j = {.im = NULL};
    const int err = run(&j, bytes, len, false);

    *width = j.jpeg.image_width;
    *height = j.jpeg.image_height;
    jpeg_destroy_decompress(&j.jpeg);
    return err;
}

int image_decode_jpeg(struct image **ip, const uint8_t *bytes, size_t len)
{
    struct job j = {.im = NULL};
    const int err = run(&j, bytes, len, true);

    jpeg_destroy_decompress(&j.jpeg);
    if (err)
        mem_deref(j.im);
    else
        *ip = j.im;
    return err;
}
