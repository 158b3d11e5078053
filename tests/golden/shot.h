/* SPDX-License-Identifier: BSD-3-Clause */
/* A golden scene as a screen: DIR/<scene>.scene, or the XML object DIR/<scene>.xml. */
#ifndef TESTS_GOLDEN_SHOT_H
#define TESTS_GOLDEN_SHOT_H

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "sim/xml/page.h"
#include "sim/xml/view.h"

struct shot {
    struct screen s;
    struct xml_page *page; /* what s has pictures of; NULL = it is a scene */
    struct xml_view view;
};

/** base: path without its ending. NULL: it says on stdout what is wrong. */
struct shot *shot_open(const struct device_model *m, const char *base);
void shot_close(struct shot *shot);

/** A whole file; free() it. NULL = there is none. */
char *shot_read_file(const char *path, size_t *len);

#endif
