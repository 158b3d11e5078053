/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/paint.h"

#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/lcd/priv.h"
#include "sim/lcd/vector.h"

int paint_fb_alloc(struct fb **fbp, const struct device_model *m)
{
    return m->lcd.width_px ? fb_alloc(fbp, m->lcd.width_px, m->lcd.height_px, m->lcd.depth_bits)
                           : ENOENT;
}

static bool is_saver(const struct screen *s)
{
    return strcmp(s->app, "saver") == 0;
}

void paint_screen(struct fb *fb, const struct device_model *m, const struct screen *s,
                  struct fonts *f)
{
    const struct painter p = {.fb = fb, .fonts = f, .model = m, .s = s};

    fb_clip(fb, NULL);
    fb_fill(fb, fb->clip, m->lcd.depth_bits < 16 ? 0xffffff : 0x000000);
    if (strcmp(s->app, "off") == 0)
        return;
    if (is_saver(s))
        paint_saver(&p);
    else if (m->family == FAMILY_CP79XX)
        paint_tele(&p);
    else if (m->family == FAMILY_WIP310)
        paint_handset(&p);
    else if (m->lcd.depth_bits == 1)
        paint_mono(&p);
    else
        paint_wide(&p);
    fb_clip(fb, NULL);
}

/* devices.md 10, approximate colours */
static struct glass glass_colors(const struct device_model *m, bool lit)
{
    if (m->lcd.depth_bits == 16)
        return (struct glass){.own_colors = true, .light = 0x101418, .ink = 0};
    if (m->family == FAMILY_SPA3XX)
        return (struct glass){.light = 0x5fa487, .ink = 0x16302a};
    if (m->family == FAMILY_CP79XX)
        return (struct glass){.light = 0xa9b39b, .ink = 0x232a22};
    if (m->family == FAMILY_MPP68XX)
        return lit ? (struct glass){.light = 0xe9eef2, .ink = 0x14181c}
                   : (struct glass){.light = 0xaab2b6, .ink = 0x23282c};
    return lit ? (struct glass){.light = 0xb7cbe0, .ink = 0x262f3b}
               : (struct glass){.light = 0x8e9aa0, .ink = 0x2a3136};
}

struct glass paint_glass(const struct device_model *m, const struct screen *s)
{
    const bool on = s && strcmp(s->app, "off") != 0;
    struct glass look = glass_colors(m, on && !s->unlit);

    look.unlit = on && s->unlit && m->lcd.backlight;
    look.contrast = on ? s->contrast : 0;
    return look;
}

int paint_picture(struct image **ip, const struct device_model *m, const struct screen *s,
                  struct fonts *f, unsigned scale)
{
    const struct glass look = paint_glass(m, s);
    struct fb *fb = NULL;
    int err = paint_fb_alloc(&fb, m);

    if (!err) {
        paint_screen(fb, m, s, f);
        err = scale > 1 ? image_glass(ip, fb, &look, scale) : image_from_fb(ip, fb);
    }
    mem_deref(fb);
    return err;
}

bool paint_pane(const struct device_model *m, const struct screen *s, struct fb_rect *pane)
{
    if (m->family != FAMILY_SPA525 && m->family != FAMILY_MPP68XX)
        return false;
    if (paint_is_message(s) || paint_is_idle(s) || paint_is_call(s))
        return false;
    *pane = paint_wide_body(m, s);
    return true;
}

unsigned paint_rows(const struct device_model *m)
{
    switch (m->family) {
    case FAMILY_SPA525:
    case FAMILY_MPP68XX:
        return paint_wide_rows(m);
    case FAMILY_WIP310:
        return paint_handset_rows();
    default:
        return m->lcd.rows; /* a grid */
    }
}

bool paint_is_idle(const struct screen *s)
{
    return strcmp(s->app, "idle") == 0 && !s->title[0];
}

bool paint_is_message(const struct screen *s)
{
    return strcmp(s->app, "boot") == 0;
}

bool paint_is_call(const struct screen *s)
{
    static const char *const apps[] = {"call", "ringing", "dialing", "shared"};

    for (size_t i = 0; i < sizeof(apps) / sizeof(apps[0]); i++) {
        if (strcmp(s->app, apps[i]) == 0)
            return true;
    }
    return false;
}

const char *paint_date(const struct screen *s)
{
    return s->date[0] || !paint_is_idle(s) || s->n_rows < 1 || s->overlay ? s->date : s->rows[0];
}

const char *paint_station(const struct screen *s)
{
    return s->station[0] || !paint_is_idle(s) || s->n_rows < 2 || s->overlay ? s->station
                                                                             : s->rows[1];
}

void paint_text(const struct painter *p, struct fb_rect box, struct text_style st, const char *text)
{
    const int least = st.px - st.px / 5;

    while (st.px > least && text_width(p->fonts, &st, text, SIZE_MAX) > box.w)
        st.px--;
    text_draw(p->fonts, p->fb, box, &st, text);
}

struct rows_view paint_rows_view(const struct screen *s, unsigned with_title, unsigned alone,
                                 bool title_leaves)
{
    const unsigned asked = s->selected ? s->selected : s->input;
    const unsigned at = asked < s->n_rows ? asked : s->n_rows;
    const bool scrolled = s->first > 0 || at > with_title;
    struct rows_view v = {.title = s->title[0] && !(title_leaves && scrolled)};
    const unsigned room = v.title ? with_title : alone;

    v.first = at > room ? at - room : 0;
    v.n = s->n_rows - v.first < room ? s->n_rows - v.first : room;
    v.more_up = s->first + v.first > 0;
    v.more_down = v.first + v.n < s->n_rows || (unsigned)s->first + s->n_rows < s->total;
    return v;
}

const uint32_t paint_greys[4] = {0xffffff, 0xaaaaaa, 0x555555, 0x000000};

void paint_bar(const struct painter *p, struct fb_rect r, uint32_t frame, uint32_t fill)
{
    const int room = r.w - 4, of = p->s->bar_of ? p->s->bar_of : 1;

    fb_round_frame(p->fb, r, frame);
    fb_fill(p->fb, (struct fb_rect){r.x + 2, r.y + 2, room * p->s->bar_at / of, r.h - 4}, fill);
}

struct fb_rect paint_picture_rect(const struct screen_picture *pic, struct fb_rect pane)
{
    const int x = pic->x < 0 ? (pane.w - pic->width) / 2 : pic->x;
    const int y = pic->y < 0 ? (pane.h - pic->height) / 2 : pic->y;

    return (struct fb_rect){pane.x + x, pane.y + y, pic->width, pic->height};
}

void paint_levels(const struct painter *p, const struct screen_picture *pic, struct fb_rect pane,
                  const uint32_t levels[4], bool clear)
{
    const struct fb_rect at = paint_picture_rect(pic, pane), seen = fb_rect_meet(at, pane);
    const bool one_bit = p->model->lcd.depth_bits == 1; /* grey on it: xml-services.md 3.9 */

    for (int y = seen.y; y < seen.y + seen.h; y++) {
        for (int x = seen.x; x < seen.x + seen.w; x++) {
            const unsigned px = (unsigned)(x - at.x), py = (unsigned)(y - at.y);
            unsigned level = pic->file ? 0 : screen_pixel(pic, px, py);
            if (one_bit)
                level = level < 2 ? 0 : 3;
            if (pic->file) /* fb_set() is a threshold at half luma where there is one bit (3.8) */
                fb_set(p->fb, x, y, image_get(pic->file, px, py));
            else if (level || !clear)
                fb_set(p->fb, x, y, levels[level]);
        }
    }
}

static void icon_handler(int x, int y, int len, unsigned cover, void *arg)
{
    const struct {
        struct fb *fb;
        uint32_t color;
    } *ink = arg;

    fb_span(ink->fb, x, y, len, ink->color, cover);
}

void paint_icon(const struct painter *p, const char *name, int x, int y, int size, uint32_t color)
{
    struct {
        struct fb *fb;
        uint32_t color;
    } ink = {p->fb, color};
    struct path *path = NULL;

    if (path_alloc(&path, p->fonts))
        return; /* without memory: without icon */
    if (path_icon(path, name, x, y, size))
        path_fill(path, p->fb->width_px, p->fb->height_px, icon_handler, &ink);
    mem_deref(path);
}

unsigned paint_icon_names(uint16_t icons, const char *names[12])
{
    static const struct {
        uint16_t bit;
        const char *name;
    } table[] = {
        {SCREEN_ICON_MESSAGE, "envelope"}, {SCREEN_ICON_MISSED, "missed"},
        {SCREEN_ICON_DND, "dnd"},          {SCREEN_ICON_FORWARD, "forward"},
        {SCREEN_ICON_MUTE, "mute"},        {SCREEN_ICON_SPEAKER, "speaker"},
        {SCREEN_ICON_HEADSET, "headset"},  {SCREEN_ICON_SECURE, "lock"},
        {SCREEN_ICON_NETWORK, "network"},  {SCREEN_ICON_WIFI, "wifi"},
        {SCREEN_ICON_BATTERY, "battery"},
    };
    unsigned n = 0;

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (icons & table[i].bit)
            names[n++] = table[i].name;
    }
    names[n] = NULL;
    return n;
}

int paint_cursor_px(const struct painter *p, const struct text_style *st, const char *text)
{
    size_t at = 0;

    for (unsigned i = 0; i < p->s->cursor && text[at]; i++) {
        const size_t n = utf8_len(text + at);
        at += n ? n : 1;
    }
    return text_width(p->fonts, st, text, at);
}
