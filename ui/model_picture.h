/* SPDX-License-Identifier: BSD-3-Clause */
/* What the models look like, as a PNG file: an example screen, some lamps lit. */
#ifndef UI_MODEL_PICTURE_H
#define UI_MODEL_PICTURE_H

#include "devices/model.h"

enum { MODEL_PICTURES_MAX = 32 };

/** These models side by side (n = 0: all whose face is known), to path ("-" = stdout). One alone
 *  whose face is not known shows its lit glass. Returns an exit code, having said what is wrong. */
int model_picture(const struct device_model *const *models, unsigned n, const char *path);

#endif
