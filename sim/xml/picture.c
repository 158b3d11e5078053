/* SPDX-License-Identifier: BSD-3-Clause */
/* Width, Height, Depth and Data of an object (xml-services.md 3.9). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xml/cip.h"
#include "sim/xml/object.h"
#include "sim/xml/read.h"

enum { SIDE_MAX = 640, MONO_WIDTH = 128, MONO_HEIGHT = 48 };

static void unpack(struct xml_reader *r, const struct xml_node *n, unsigned depth,
                   struct xml_picture *pic)
{
    const struct xml_node *data = xml_child(n, "Data");
    const size_t need = cip_bytes(pic->width, pic->height);
    const char *text = data ? data->text : "";
    const size_t room = strlen(text) / 2 + 1;
    uint8_t *bytes = malloc(room), *out = xml_alloc(r, need);
    int bad = 0;

    if (!bytes || !out) {
        free(bytes);
        if (!r->err)
            r->err = ENOMEM;
        return;
    }
    const size_t len = cip_hex(bytes, room, text, &bad);
    if (bad)
        xml_note(r, data->line, "Data holds what is no hexadecimal byte: read up to there");
    if (depth == 2 && len < need)
        xml_note(r, n->line, "Data has %zu bytes, %ux%u pixels need %zu: the rest is white", len,
                 pic->width, pic->height, need);
    if (depth == 2 && len > need && len != (pic->width + 3u) / 4 * pic->height)
        xml_note(r, n->line, "Data has %zu bytes, %ux%u pixels need %zu: the rest is ignored", len,
                 pic->width, pic->height, need);
    cip_unpack(out, pic->width, pic->height, depth, bytes, len);
    pic->data = out;
    free(bytes);
}

void xml_read_picture(struct xml_reader *r, const struct xml_node *n, int max_w, int max_h,
                      struct xml_picture *pic)
{
    const int32_t w = xml_int(r, n, "Width", 1, SIDE_MAX, 0);
    const int32_t h = xml_int(r, n, "Height", 1, SIDE_MAX, 0);
    const int32_t depth = xml_int(r, n, "Depth", 1, 2, 2);
    const int body_w = r->column == XML_MONO ? MONO_WIDTH : max_w;
    const int body_h = r->column == XML_MONO ? MONO_HEIGHT : max_h;

    if (!xml_child(n, "Depth"))
        xml_note(r, n->line, "<%.40s> without Depth: 2 bits are taken", n->name);

    if (w > max_w || h > max_h)
        xml_note(r, n->line, "picture of %dx%d, the schema ends at %dx%d: clipped", (int)w, (int)h,
                 max_w, max_h);
    else if ((pic->x > 0 ? pic->x : 0) + w > body_w || /* section 6 */
             (pic->y > 0 ? pic->y : 0) + h > body_h)
        xml_advise(r, n->line, "picture of %dx%d, the display has %dx%d for it: clipped", (int)w,
                   (int)h, body_w, body_h);
    pic->width = (uint16_t)w;
    pic->height = (uint16_t)h;
    if (w && h) {
        unpack(r, n, (unsigned)depth, pic);
    } else {
        pic->width = pic->height = 0;
        xml_note(r, n->line, "<%.40s> has no usable Width and Height: no picture", n->name);
    }
}
