/* SPDX-License-Identifier: BSD-3-Clause */
/* A screen written as text, for golden tests: "title: Setup", "row: 1 Directory", "selected: 1" …
 */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include "sim/lcd/screen.h"

/** Returns 0, or the number of the line that is not understood. */
unsigned scene_parse(struct screen *s, const char *text);

#endif
