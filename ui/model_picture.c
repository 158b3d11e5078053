/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/model_picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/face.h"
#include "sim/lcd/paint.h"
#include "sim/phone/softkeys.h"
#include "ui/picture.h"
#include "ui/sub.h"

enum {
    FACE_PX = 1000,
    SHEET_FACE_PX = 600,
    GLASS_WIDTH_PX = 800, /* about so wide where only the glass is known */
};

/* The lines of the example: name, icon, lamp. */
static const struct {
    const char *label, *icon, *lamp;
} lines[] = {{"1001", "line", "green"},       {"1002", "line", "green"}, {"Support", "held", "red"},
             {"1004", "line-unreg", "amber"}, {"Parkplatz", "", "off"},  {"1006", "line", "green"}};

enum { N_LINES = sizeof(lines) / sizeof(lines[0]) };

static void example(struct screen *s, const struct device_model *m)
{
    const unsigned n_labels = m->n_line_keys ? m->n_line_keys : 1;
    struct softkey_page page;

    screen_clear(s, "idle");
    snprintf(s->rows[0], sizeof(s->rows[0]), "01/21 10:32a");
    snprintf(s->rows[1], sizeof(s->rows[1]), "Front Desk");
    s->n_rows = 2;
    for (unsigned i = 0; i < n_labels && i < SCREEN_LABELS; i++) {
        snprintf(s->labels[i], sizeof(s->labels[i]), "%s", lines[i % N_LINES].label);
        snprintf(s->label_icons[i], sizeof(s->label_icons[i]), "%s", lines[i % N_LINES].icon);
        s->n_labels++;
    }
    s->icons = SCREEN_ICON_MESSAGE | (m->lcd.depth_bits > 2 ? SCREEN_ICON_NETWORK : 0);
    s->more_softkeys = softkeys_page(&page, m->idle_key_list, m->n_softkeys, 0, NULL) > 1;
    s->n_softkeys = m->n_softkeys;
    for (unsigned i = 0; i < s->n_softkeys; i++) {
        const struct softkey *k = page.keys[i];
        snprintf(s->softkeys[i], sizeof(s->softkeys[i]), "%s",
                 !k                      ? ""
                 : m->lcd.depth_bits > 1 ? k->wide
                                         : k->mono);
    }
}

static uint32_t lamp_handler(const char *name, void *arg)
{
    (void)arg;
    if (strncmp(name, "line", 4) == 0)
        return face_lamp_color(lines[(strtoul(name + 4, NULL, 10) - 1) % N_LINES].lamp);
    return strcmp(name, "message") == 0 ? FACE_LAMP_RED : FACE_LAMP_NONE;
}

static int draw_face(struct image **ip, const struct device_model *m, unsigned width_px,
                     struct fonts *f)
{
    struct screen s;
    const struct face_look look = {.screen = &s, .lamp = lamp_handler};

    example(&s, m);
    return face_draw(ip, m, width_px, f, &look);
}

static int draw_one(struct image **ip, const struct device_model *m, struct fonts *f)
{
    struct screen s;
    const int err = draw_face(ip, m, FACE_PX, f);

    if (err != ENOENT || !m->lcd.width_px)
        return err;
    example(&s, m);
    const unsigned scale = GLASS_WIDTH_PX / m->lcd.width_px;
    return paint_picture(ip, m, &s, f, scale < 2 ? 2 : scale);
}

/* Side by side, the last row in the middle. */
static int draw_sheet(struct image **ip, const struct device_model *const *of, unsigned n,
                      struct fonts *f)
{
    const unsigned columns = n <= 3 ? n : n <= 6 ? 3 : 4, rows = (n + columns - 1) / columns;
    struct image *sheet = NULL;
    int err = image_alloc(&sheet, columns * SHEET_FACE_PX, rows * SHEET_FACE_PX, FACE_DESK);

    for (unsigned i = 0; i < n && !err; i++) {
        const unsigned row = i / columns, in_row = row + 1 < rows ? columns : n - row * columns;
        const unsigned left = (columns - in_row) * SHEET_FACE_PX / 2;
        struct image *face = NULL;
        err = draw_face(&face, of[i], SHEET_FACE_PX, f);
        if (!err)
            image_place(sheet, (int)(left + i % columns * SHEET_FACE_PX),
                        (int)((row + 1) * SHEET_FACE_PX - face->height), (int)face->width,
                        (int)face->height, face);
        mem_deref(face);
    }
    if (err)
        mem_deref(sheet);
    else
        *ip = sheet;
    return err;
}

/* Every model that has a face; returns how many. */
static unsigned with_face(const struct device_model *of[MODEL_PICTURES_MAX])
{
    unsigned n = 0;

    for (const struct device_model *const *m = device_models(); *m; m++) {
        if (device_face(*m) && n < MODEL_PICTURES_MAX)
            of[n++] = *m;
    }
    return n;
}

int model_picture(const struct device_model *const *models, unsigned n, const char *path)
{
    const struct device_model *all[MODEL_PICTURES_MAX];
    struct fonts *f = NULL;
    struct image *im = NULL;

    for (unsigned i = 0; i < n; i++) {
        if (!device_face(models[i]) && (n > 1 || !models[i]->lcd.width_px))
            return sub_error(EXIT_FAILS, "nobody knows what the face of a %s looks like",
                             models[i]->name);
    }
    if (!n) {
        n = with_face(all);
        models = all;
    }
    int err = fonts_alloc(&f);
    if (!err)
        err = n == 1 ? draw_one(&im, models[0], f) : draw_sheet(&im, models, n, f);
    const int code =
        err ? sub_error(EXIT_REFUSED, "no picture: %s", strerror(err)) : picture_write(im, path);
    mem_deref(im);
    mem_deref(f);
    return code;
}
