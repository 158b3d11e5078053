/* SPDX-License-Identifier: BSD-3-Clause */
/* sheet DIR OUT.png: the golden scenes below DIR that the README shows, side by side on one sheet,
 * as the lit glass of each phone. scripts/dev/picture.sh calls it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <png.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/lcd/paint.h"
#include "tests/golden/shot.h"

enum {
    COLUMNS = 5,
    CELL = 400, /* the widest glass as it is shown */
    GAP = 22,
    MARGIN = 34,
    HEAD = 46,    /* a phone's name, above its screens */
    CAPTION = 26, /* below each */
    FRAME = 5,    /* of the glass */
    PATH_SIZE = 512,
};

#define BACK   0x23282dU
#define RIM    0x0c0e10U
#define BRIGHT 0xf2f4f6U
#define PALE   0x9aa4adU

static const struct {
    const char *model;
    unsigned scale;
} bands[] = {{"SPA303", 3}, {"SPA504G", 3}, {"SPA525G2", 1}, {"6851", 1}, {"7960", 3}};

static const struct {
    const char *scene, *caption;
} shots[] = {{"idle", "idle"},
             {"ringing", "ringing"},
             {"connected", "connected"},
             {"menu", "Setup menu"},
             {"input", "text entry"},
             {"xml_menu", "XML menu"},
             {"xml_directory", "XML directory"},
             {"xml_input", "XML input"},
             {"xml_text", "XML text"},
             {"xml_image", "XML image"}};

enum {
    N_BANDS = sizeof(bands) / sizeof(bands[0]),
    N_SHOTS = sizeof(shots) / sizeof(shots[0]),
    ROWS = (N_SHOTS + COLUMNS - 1) / COLUMNS,
};

static void copy(struct image *to, int x, int y, const struct image *from)
{
    for (unsigned j = 0; j < from->height; j++) {
        for (unsigned i = 0; i < from->width; i++)
            image_mix(to, x + (int)i, y + (int)j, image_get(from, i, j), 255);
    }
}

static void fill(struct image *to, struct fb_rect r, uint32_t color)
{
    for (int j = 0; j < r.h; j++) {
        for (int i = 0; i < r.w; i++)
            image_mix(to, r.x + i, r.y + j, color, 255);
    }
}

static int write_text(struct image *to, struct fonts *f, struct fb_rect box, struct text_style st,
                      const char *text)
{
    struct fb *fb = NULL;
    struct image *im = NULL;
    int err = fb_alloc(&fb, (unsigned)box.w, (unsigned)box.h, 16);

    if (!err) {
        fb_fill(fb, (struct fb_rect){0, 0, box.w, box.h}, BACK);
        text_draw(f, fb, (struct fb_rect){0, 0, box.w, box.h}, &st, text);
        err = image_from_fb(&im, fb);
    }
    if (!err)
        copy(to, box.x, box.y, im);
    mem_deref(im);
    mem_deref(fb);
    return err;
}

static int put_shot(struct image *to, struct fonts *f, const char *dir, unsigned band, unsigned i,
                    struct fb_rect cell)
{
    const struct device_model *m = device_model_find(bands[band].model);
    const struct text_style st = {.font = FONT_SANS, .px = 15, .color = PALE, .align = TEXT_CENTER};
    char base[PATH_SIZE];
    struct image *im = NULL;

    snprintf(base, sizeof(base), "%s/%s/%s", dir, bands[band].model, shots[i].scene);
    struct shot *shot = shot_open(m, base);
    int err = shot ? paint_picture(&im, m, &shot->s, f, bands[band].scale) : 1;
    shot_close(shot);
    if (!err) {
        const struct fb_rect at = {cell.x + (cell.w - (int)im->width) / 2, cell.y, (int)im->width,
                                   (int)im->height};
        fill(to, (struct fb_rect){at.x - FRAME, at.y - FRAME, at.w + 2 * FRAME, at.h + 2 * FRAME},
             RIM);
        copy(to, at.x, at.y, im);
        err = write_text(to, f, (struct fb_rect){cell.x, cell.y + at.h + FRAME + 3, cell.w, 22}, st,
                         shots[i].caption);
    }
    mem_deref(im);
    return err;
}

static int glass_height(unsigned band)
{
    return (int)(device_model_find(bands[band].model)->lcd.height_px * bands[band].scale);
}

static int band_height(unsigned band)
{
    return HEAD + ROWS * (glass_height(band) + CAPTION + GAP);
}

static int draw_band(struct image *to, struct fonts *f, const char *dir, unsigned band, int y)
{
    const struct text_style st = {.font = FONT_SANS_BOLD, .px = 22, .color = BRIGHT};
    const int row_h = glass_height(band) + CAPTION + GAP;
    char name[48];
    int err;

    snprintf(name, sizeof(name), "%s", bands[band].model);
    err = write_text(to, f, (struct fb_rect){MARGIN, y, CELL, HEAD - 12}, st, name);
    for (unsigned i = 0; i < N_SHOTS && !err; i++)
        err = put_shot(to, f, dir, band, i,
                       (struct fb_rect){MARGIN + (int)(i % COLUMNS) * (CELL + GAP),
                                        y + HEAD + (int)(i / COLUMNS) * row_h, CELL, row_h});
    return err;
}

/* ---- 256 colours are plenty, and a third of the bytes */

enum { BITS = 6, BINS = 1 << 3 * BITS, COLORS = 256, NEAR = 90 };

struct palette {
    uint32_t colors[COLORS];
    unsigned n;
    unsigned count[BINS]; /* pixels */
    short index[BINS];    /* of the nearest colour; -1 = not looked for yet */
};

static unsigned bin_of(uint32_t c)
{
    return (c >> 18 & 63) << 12 | (c >> 10 & 63) << 6 | (c >> 2 & 63);
}

static uint32_t color_of(unsigned bin)
{
    const uint32_t r = bin >> 12, g = bin >> 6 & 63, b = bin & 63;
    return (r << 2 | r >> 4) << 16 | (g << 2 | g >> 4) << 8 | (b << 2 | b >> 4);
}

static void count_colors(struct palette *p, const struct image *im)
{
    for (unsigned y = 0; y < im->height; y++) {
        for (unsigned x = 0; x < im->width; x++)
            p->count[bin_of(image_get(im, x, y))]++;
    }
}

static unsigned distance(uint32_t a, uint32_t b)
{
    unsigned far = 0;

    for (unsigned shift = 0; shift < 24; shift += 8) {
        const int d = (int)(a >> shift & 255) - (int)(b >> shift & 255);
        far += (unsigned)(d * d);
    }
    return far;
}

/* The most frequent ones, each of which speaks for what is near it: so a lamp of a few pixels gets
 * its own. */
static void choose_colors(struct palette *p)
{
    memset(p->index, -1, sizeof(p->index));
    for (p->n = 0; p->n < COLORS; p->n++) {
        unsigned best = BINS;
        for (unsigned b = 0; b < BINS; b++) {
            if (p->index[b] < 0 && p->count[b] && (best == BINS || p->count[b] > p->count[best]))
                best = b;
        }
        if (best == BINS)
            return;
        p->colors[p->n] = color_of(best);
        for (unsigned b = 0; b < BINS; b++) {
            if (p->index[b] < 0 && distance(color_of(b), p->colors[p->n]) <= NEAR)
                p->index[b] = (short)p->n;
        }
    }
}

static unsigned nearest(struct palette *p, uint32_t color)
{
    const unsigned bin = bin_of(color);
    unsigned best = 0;

    if (p->index[bin] >= 0)
        return (unsigned)p->index[bin];
    for (unsigned i = 1; i < p->n; i++) {
        if (distance(color, p->colors[i]) < distance(color, p->colors[best]))
            best = i;
    }
    p->index[bin] = (short)best;
    return best;
}

static bool write_png(const char *path, const struct image *im, struct palette *p)
{
    png_image png = {.version = PNG_IMAGE_VERSION,
                     .width = im->width,
                     .height = im->height,
                     .format = PNG_FORMAT_RGB_COLORMAP,
                     .colormap_entries = p->n};
    uint8_t *pixels = malloc((size_t)im->width * im->height), map[COLORS * 3];

    for (unsigned i = 0; i < p->n; i++) {
        map[3 * i] = (uint8_t)(p->colors[i] >> 16);
        map[3 * i + 1] = (uint8_t)(p->colors[i] >> 8);
        map[3 * i + 2] = (uint8_t)p->colors[i];
    }
    for (unsigned i = 0; pixels && i < im->width * im->height; i++)
        pixels[i] = (uint8_t)nearest(p, image_get(im, i % im->width, i / im->width));
    const bool ok = pixels && png_image_write_to_file(&png, path, 0, pixels, 0, map);
    free(pixels);
    return ok;
}

static bool save(const char *path, const struct image *im)
{
    struct palette *p = calloc(1, sizeof(*p));
    bool ok = false;

    if (p) {
        count_colors(p, im);
        choose_colors(p);
        ok = write_png(path, im, p);
    }
    free(p);
    return ok;
}

int main(int argc, char **argv)
{
    struct image *sheet = NULL;
    struct fonts *f = NULL;
    int height = 2 * MARGIN - GAP, y = MARGIN, err;

    if (argc != 3) {
        fprintf(stderr, "usage: sheet tests/golden OUT.png\n");
        return 2;
    }
    for (unsigned band = 0; band < N_BANDS; band++)
        height += band_height(band);
    err = fonts_alloc(&f);
    if (!err)
        err = image_alloc(&sheet, 2 * MARGIN + COLUMNS * CELL + (COLUMNS - 1) * GAP,
                          (unsigned)height, BACK);
    for (unsigned band = 0; band < N_BANDS && !err; band++) {
        err = draw_band(sheet, f, argv[1], band, y);
        y += band_height(band);
    }
    const bool ok = !err && save(argv[2], sheet);
    mem_deref(sheet);
    mem_deref(f);
    if (!ok)
        fprintf(stderr, "sheet: %s was not made\n", argv[2]);
    return ok ? 0 : 1;
}
