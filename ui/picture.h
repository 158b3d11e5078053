/* SPDX-License-Identifier: BSD-3-Clause */
/* A picture to a PNG file. */
#ifndef UI_PICTURE_H
#define UI_PICTURE_H

struct image;

/** To path ("-" = stdout). Returns an exit code, having said what is wrong. */
int picture_write(const struct image *im, const char *path);

#endif
