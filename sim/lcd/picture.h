/* SPDX-License-Identifier: BSD-3-Clause */
/* Picture files that phones keep: those with the same bytes share them, and pixels come with the
 * first look. */
#ifndef SIM_LCD_PICTURE_H
#define SIM_LCD_PICTURE_H

#include <stddef.h>
#include <stdint.h>

struct image;
struct picture;
struct picture_store;

int picture_store_alloc(struct picture_store **sp);

/** A file of one of these formats (enum image_format), no side longer than side_max; mem_deref()
 *  gives it back. Bytes are copied where nobody has them. EBADMSG, E2BIG by its head; ENOMEM. */
int picture_get(struct picture **pp, struct picture_store *st, const uint8_t *bytes, size_t len,
                unsigned formats, unsigned side_max);

/** Borrowed; NULL: it is broken, or there is no memory. */
const struct image *picture_image(struct picture *p);

/** Other bytes, another number. */
uint32_t picture_id(const struct picture *p);

#endif
