/* SPDX-License-Identifier: BSD-3-Clause */
/* A picture to a PNG file. */
#ifndef UI_PICTURE_H
#define UI_PICTURE_H

#include <stddef.h>
#include <stdint.h>

struct image;

/** To path ("-" = stdout). Returns an exit code, having said what is wrong. */
int picture_write(const struct image *im, const char *path);

/** The same of one that is encoded already. */
int picture_write_png(const char *path, const uint8_t *png, size_t len);

#endif
