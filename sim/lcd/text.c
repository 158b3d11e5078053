/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/text.h"

#include <errno.h>
#include <string.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>
#include <re_list.h>
#include <re_hash.h>

#include "sim/base/utf8.h"

enum {
    BUCKETS = 512,
    GLYPHS_MAX = 4096, /* then the cache starts anew */
    TAB_COLUMNS = 8,
    METRICS = 0x7fffffff, /* no character: the entry that holds the font's height */
};

struct fonts {
    FT_Library library;
    FT_Face faces[FONT_COUNT]; /* opened when first used */
    struct hash *glyphs;
    unsigned n_glyphs;
};

struct cached {
    struct le le;
    struct text_glyph g;
};

static void cached_destructor(void *arg)
{
    struct cached *c = arg;

    hash_unlink(&c->le);
    mem_deref(c->g.cover);
}

static void destructor(void *arg)
{
    struct fonts *f = arg;

    hash_flush(f->glyphs);
    mem_deref(f->glyphs);
    for (unsigned i = 0; i < FONT_COUNT; i++) {
        if (f->faces[i])
            FT_Done_Face(f->faces[i]);
    }
    if (f->library)
        FT_Done_FreeType(f->library);
}

int fonts_alloc(struct fonts **fp)
{
    struct fonts *f = mem_zalloc(sizeof(*f), destructor);
    if (!f)
        return ENOMEM;

    int err = FT_Init_FreeType(&f->library) ? ENOMEM : 0;
    if (!err)
        err = hash_alloc(&f->glyphs, BUCKETS);
    if (err)
        mem_deref(f);
    else
        *fp = f;
    return err;
}

void *fonts_library(struct fonts *f)
{
    return f->library;
}

static bool scalable(enum font_id font)
{
    return font == FONT_SANS || font == FONT_SANS_BOLD;
}

/* The face at the style's size, NULL without memory. */
static FT_Face face_of(struct fonts *f, const struct text_style *st)
{
    const struct font_file *file = &font_files[st->font];
    FT_Face *face = &f->faces[st->font];

    if (!*face &&
        FT_New_Memory_Face(f->library, file->data, (FT_Long)(file->end - file->data), 0, face))
        return NULL;
    if (scalable(st->font) ? FT_Set_Pixel_Sizes(*face, 0, st->px ? st->px : 12)
                           : FT_Select_Size(*face, 0))
        return NULL;
    return *face;
}

static void copy_bitmap(uint8_t *to, const FT_Bitmap *from)
{
    for (unsigned y = 0; y < from->rows; y++) {
        const uint8_t *row = from->buffer + (size_t)y * (size_t)from->pitch;
        for (unsigned x = 0; x < from->width; x++)
            *to++ = from->pixel_mode == FT_PIXEL_MODE_GRAY ? row[x]
                    : row[x >> 3] & (0x80 >> (x & 7))      ? 255
                                                           : 0;
    }
}

static bool render(struct fonts *f, const struct text_style *st, struct text_glyph *g)
{
    const FT_Int32 flags =
        FT_LOAD_RENDER | (scalable(st->font) ? FT_LOAD_TARGET_LIGHT : FT_LOAD_TARGET_MONO);
    FT_Face face = face_of(f, st);
    if (!face)
        return false;

    if (g->code == METRICS) {
        g->top = (int)((face->size->metrics.ascender + 32) >> 6);
        g->height = g->top + (int)((32 - face->size->metrics.descender) >> 6);
        return true;
    }
    FT_UInt index = FT_Get_Char_Index(face, g->code);
    if (!index)
        index = FT_Get_Char_Index(face, '?');
    if (FT_Load_Glyph(face, index, flags))
        return false;
    const FT_GlyphSlot slot = face->glyph;
    g->left = slot->bitmap_left;
    g->top = slot->bitmap_top;
    g->width = (int)slot->bitmap.width;
    g->height = (int)slot->bitmap.rows;
    g->advance = (int)((slot->advance.x + 32) >> 6);
    g->cover = mem_zalloc((size_t)g->width * (size_t)g->height + 1, NULL);
    if (g->cover)
        copy_bitmap(g->cover, &slot->bitmap);
    return g->cover;
}

static bool same_handler(struct le *le, void *arg)
{
    const struct cached *c = le->data;
    const struct text_glyph *want = arg;

    return c->g.key == want->key && c->g.code == want->code;
}

static const struct text_glyph *glyph(struct fonts *f, const struct text_style *st, uint32_t code)
{
    struct text_glyph want = {.code = code,
                              .key = (uint32_t)st->font << 16 | (scalable(st->font) ? st->px : 0U)};
    const uint32_t where = (code ^ want.key * 31) & (BUCKETS - 1);
    struct le *le = hash_lookup(f->glyphs, where, same_handler, &want);
    if (le)
        return &((struct cached *)le->data)->g;

    if (f->n_glyphs >= GLYPHS_MAX) {
        hash_flush(f->glyphs);
        f->n_glyphs = 0;
    }
    struct cached *c = mem_zalloc(sizeof(*c), cached_destructor);
    if (!c)
        return NULL;
    c->g = want;
    if (!render(f, st, &c->g)) {
        mem_deref(c);
        return NULL;
    }
    hash_append(f->glyphs, where, &c->le, c);
    f->n_glyphs++;
    return &c->g;
}

/* The character at text; what is none counts as '?'. */
static uint32_t decode(const char *text, size_t *len)
{
    const unsigned char *p = (const unsigned char *)text;
    const size_t n = utf8_len(text);
    uint32_t code = n == 4 ? p[0] & 7U : n == 3 ? p[0] & 15U : n == 2 ? p[0] & 31U : p[0];

    *len = n ? n : 1;
    if (!n)
        return '?';
    for (size_t i = 1; i < n; i++)
        code = code << 6 | (p[i] & 63);
    return code < ' ' && code != '\t' ? ' ' : code;
}

/* The pen's position behind the glyph. */
static int advance(const struct text_glyph *g, uint32_t code, int x)
{
    const int tab = g->advance * TAB_COLUMNS;
    return code == '\t' && tab > 0 ? (x / tab + 1) * tab : x + g->advance;
}

int text_apply(struct fonts *f, const struct text_style *st, const char *text, size_t len,
               text_glyph_h *h, void *arg)
{
    int x = 0;
    size_t n = 0;

    for (size_t at = 0; at < len && text[at]; at += n) {
        const uint32_t code = decode(text + at, &n);
        const struct text_glyph *g = glyph(f, st, code == '\t' ? ' ' : code);
        if (!g)
            continue;
        if (h && code != '\t')
            h(g, x, arg);
        x = advance(g, code, x);
    }
    return x;
}

int text_width(struct fonts *f, const struct text_style *st, const char *text, size_t len)
{
    return text_apply(f, st, text, len, NULL, NULL);
}

int text_ascent(struct fonts *f, const struct text_style *st)
{
    const struct text_glyph *g = glyph(f, st, METRICS);
    return g ? g->top : 0;
}

int text_height(struct fonts *f, const struct text_style *st)
{
    const struct text_glyph *g = glyph(f, st, METRICS);
    return g ? g->height : 0;
}

struct pen {
    struct fb *fb;
    int x, y; /* base line */
    uint32_t color;
};

static void draw_handler(const struct text_glyph *g, int x, void *arg)
{
    const struct pen *pen = arg;

    for (int row = 0; row < g->height; row++)
        fb_cover(pen->fb, pen->x + x + g->left, pen->y - g->top + row,
                 g->cover + (size_t)row * (size_t)g->width, g->width, pen->color);
}

/* How many bytes fit into width. */
static size_t fitting(struct fonts *f, const struct text_style *st, const char *text, int width)
{
    size_t at = 0, n = 0;

    for (int x = 0; text[at]; at += n) {
        const uint32_t code = decode(text + at, &n);
        const struct text_glyph *g = glyph(f, st, code == '\t' ? ' ' : code);
        x = g ? advance(g, code, x) : x;
        if (x > width)
            break;
    }
    return at;
}

void text_draw(struct fonts *f, struct fb *fb, struct fb_rect box, const struct text_style *st,
               const char *text)
{
    static const char dots[] = "\xe2\x80\xa6";
    const struct fb_rect before = fb->clip, inside = fb_rect_meet(box, before);
    int width = text_width(f, st, text, SIZE_MAX);
    size_t len = SIZE_MAX;
    struct pen pen = {
        .fb = fb, .x = box.x - st->scroll_px, .y = box.y + text_ascent(f, st), .color = st->color};

    if (fb_rect_empty(inside))
        return;
    /* where the row is lower than the font, rather accents are cut than what hangs below */
    const int spare = box.h - text_height(f, st);
    pen.y += spare >= 0 ? spare / 2 : spare;
    const bool cut = st->ellipsis && width > box.w;
    if (cut) {
        len = fitting(f, st, text, box.w - text_width(f, st, dots, SIZE_MAX));
        width = text_width(f, st, text, len);
    } else if (width < box.w && st->align != TEXT_LEFT) {
        pen.x += (box.w - width) / (st->align == TEXT_CENTER ? 2 : 1);
    }
    fb_clip(fb, &inside);
    text_apply(f, st, text, len, draw_handler, &pen);
    if (cut) {
        pen.x += width;
        text_apply(f, st, dots, SIZE_MAX, draw_handler, &pen);
    }
    fb->clip = before;
}
