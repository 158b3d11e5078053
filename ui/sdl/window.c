/* SPDX-License-Identifier: BSD-3-Clause */
/* The window itself. A timer of the loop pumps it; only what changed is painted and shown. */
#include "ui/sdl/priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/loop/clock.h"
#include "sim/loop/loop.h"

enum {
    PUMP_MS = 16,
    REFRESH_MS = 250, /* clocks and timers of the phone on view */
    TOAST_MS = 3500,
    ZOOM_STEP_PX = 250, /* of --zoom 1, as ctl screen --scale 1 */
    WIDTH_MIN = 420,
    HEIGHT_MIN = 360,
    BARE_MIN = 120,
    FACE_MIN = 200,
    FACE_MAX = 3000,
};

const struct theme theme_light = {
    .desk = FACE_DESK,
    .bar = 0xf7f9fa,
    .panel = 0xf7f9fa,
    .card = 0xffffff,
    .line = 0xd3dade,
    .ink = 0x1c2329,
    .soft = 0x6a7680,
    .accent = 0x1766c2,
    .good = 0x1f9d4b,
    .warn = 0xc77700,
    .bad = 0xc8372d,
};

const struct theme theme_dark = {
    .desk = FACE_DESK_DARK,
    .bar = 0x1b1f24,
    .panel = 0x1b1f24,
    .card = 0x23282e,
    .line = 0x343b43,
    .ink = 0xe8ecef,
    .soft = 0x93a0ab,
    .accent = 0x6cb2ff,
    .good = 0x4fd07d,
    .warn = 0xffb347,
    .bad = 0xff6f61,
};

struct phone *window_phone(const struct window *w)
{
    return w->shown ? farm_phone(w->f, w->shown) : NULL;
}

static struct fb_rect whole(const struct window *w)
{
    return (struct fb_rect){0, 0, (int)w->frame->width, (int)w->frame->height};
}

void window_touch(struct window *w, struct fb_rect r)
{
    r = fb_rect_meet(r, whole(w));
    if (fb_rect_empty(r))
        return;
    if (w->n_dirty == WINDOW_DIRTY) {
        w->dirty[0] = whole(w);
        w->n_dirty = 1;
    } else {
        w->dirty[w->n_dirty++] = r;
    }
}

/* ---- sizes */

static int face_height(const struct phone *ph, int width)
{
    const struct device_face *face = device_face(phone_model(ph));

    return face ? (face->height + 2 * FACE_MARGIN) * width / (1000 + 2 * FACE_MARGIN) : width;
}

/* A little smaller, where each pixel of the glass then takes a whole number of the screen's. */
static int crisp(const struct device_model *m, int width)
{
    const struct device_face *face = device_face(m);
    const struct face_part *p = face ? face->parts : NULL;

    while (p && p->w && p->kind != FACE_GLASS)
        p++;
    if (!p || !p->w || m->lcd.depth_bits == 16)
        return width;
    const double each = p->w * 0.97 / (1000 + 2 * FACE_MARGIN) / m->lcd.width_px;
    const int k = (int)(width * each);
    const int smaller = k >= 2 ? (int)(k / each + 2) : 0;
    return smaller > width * 88 / 100 && smaller < width ? smaller : width;
}

static int face_width(const struct window *w, const struct phone *ph)
{
    int width = w->area.w;

    if (face_height(ph, width) > w->area.h)
        width = (int)((int64_t)width * w->area.h / face_height(ph, width));
    width = crisp(phone_model(ph), (int)(width * w->zoom));
    return width < FACE_MIN ? FACE_MIN : width > FACE_MAX ? FACE_MAX : width;
}

/* In the middle of the area, or panned over it where it is larger. */
static int placed(int from, int room, int size, int *pan)
{
    const int beyond = size - room;

    if (beyond <= 0) {
        *pan = 0;
        return from - beyond / 2;
    }
    *pan = *pan < 0 ? 0 : *pan > beyond ? beyond : *pan;
    return from - *pan;
}

static void layout_face(struct window *w)
{
    struct phone *ph = window_phone(w);

    w->base = mem_deref(w->base);
    if (!ph)
        return;
    const int width = face_width(w, ph), height = face_height(ph, width);
    if (face_base_alloc(&w->base, phone_model(ph), (unsigned)width, w->fonts, w->dark))
        window_say(w, "nobody knows what this model looks like");
    w->face_at = (struct fb_rect){placed(w->area.x, w->area.w, width, &w->pan_x),
                                  placed(w->area.y, w->area.h, height, &w->pan_y), width, height};
    view_forget(&w->view);
}

static void layout(struct window *w)
{
    int width, height;

    SDL_GetWindowSize(w->sdl, &width, &height);
    if (!w->frame || w->frame->width != (unsigned)width || w->frame->height != (unsigned)height) {
        w->frame = mem_deref(w->frame);
        if (image_alloc(&w->frame, (unsigned)width, (unsigned)height, 0)) {
            loop_stop(w->lp, ENOMEM);
            return;
        }
    }
    w->canvas.im = w->frame;
    w->theme = w->dark ? &theme_dark : &theme_light;
    const int bar = w->cfg.bare ? 0 : BAR_H;
    const int panel = panel_rect(w).w;
    w->area = (struct fb_rect){0, bar, width - panel, height - bar};
    layout_face(w);
    if (!w->shown)
        wall_layout(w->wall, w->area);
    if (panel)
        panel_update(w->panel, true);
    help_layout(w);
    bar_draw(w, true);
    w->n_dirty = 0;
    window_touch(w, whole(w));
    w->laid_out = true;
}

void window_layout(struct window *w)
{
    w->laid_out = false;
}

void window_zoom(struct window *w, double by)
{
    const double before = w->zoom;

    if (!w->shown) {
        wall_zoom(w->wall, by);
        return;
    }
    w->zoom = by > 0 ? w->zoom * by : 1;
    w->zoom = w->zoom < 0.5 ? 0.5 : w->zoom > 4 ? 4 : w->zoom;
    w->pan_x = (int)((w->pan_x + w->area.w / 2) * w->zoom / before) - w->area.w / 2;
    w->pan_y = (int)((w->pan_y + w->area.h / 2) * w->zoom / before) - w->area.h / 2;
    window_layout(w);
}

void window_show(struct window *w, unsigned n)
{
    struct phone *ph = farm_phone(w->f, n);

    if (n && !ph)
        return;
    w->shown = n;
    w->view = (struct view){.ph = ph};
    w->pan_x = w->pan_y = 0;
    w->refresh_ms = 0;
    if (ph)
        view_refresh(&w->view);
    window_layout(w);
}

/* ---- notes and pictures */

static struct fb_rect toast_rect(const struct window *w)
{
    return (struct fb_rect){w->area.x, w->area.y + w->area.h - 80, w->area.w, 80};
}

void window_say(struct window *w, const char *text)
{
    snprintf(w->toast, sizeof(w->toast), "%s", text);
    w->toast_ms = w->now_ms + TOAST_MS;
    window_touch(w, toast_rect(w));
}

static bool write_new(const char *name, const uint8_t *bytes, size_t len)
{
    FILE *f = fopen(name, "wbx");
    const bool ok = f && fwrite(bytes, 1, len, f) == len;

    return f && fclose(f) == 0 && ok;
}

static void update_face(struct window *w)
{
    struct fb_rect rects[VIEW_CHANGES];

    if (!w->base)
        return;
    if (w->release_ms && w->now_ms >= w->release_ms)
        input_release(w);
    if (w->now_ms >= w->refresh_ms) {
        view_refresh(&w->view);
        w->refresh_ms = w->now_ms + REFRESH_MS;
    }
    const unsigned n = view_draw(&w->view, w->base, w->now_ms, rects);
    for (unsigned i = 0; i < n; i++) {
        rects[i].x += w->face_at.x;
        rects[i].y += w->face_at.y;
        window_touch(w, fb_rect_meet(rects[i], w->area));
    }
}

/* What keys and clicks of this moment have changed, where it is to be seen now. */
static void catch_up(struct window *w)
{
    if (w->laid_out)
        return;
    layout(w);
    if (w->shown)
        update_face(w);
    else
        wall_update(w->wall);
}

void window_shoot(struct window *w)
{
    char name[64], text[120];
    uint8_t *png = NULL;
    size_t len;

    catch_up(w);
    if (!w->laid_out) /* without memory the window closes */
        return;
    w->toast_ms = 0; /* the last picture's note is not on this one */
    paint_window(w, whole(w));
    int err = image_encode_png(w->frame, &png, &len);
    for (unsigned i = 1; !err; i++) {
        snprintf(name, sizeof(name), "spafarm-%u.png", i);
        if (write_new(name, png, len))
            break;
        err = errno == EEXIST && i < 9999 ? 0 : errno;
    }
    mem_deref(png);
    if (err)
        snprintf(text, sizeof(text), "no picture: %s", strerror(err));
    else
        snprintf(text, sizeof(text), "picture saved as %s", name);
    fprintf(stderr, "%s\n", text);
    window_say(w, text);
}

/* ---- showing */

static void to_surface(SDL_Surface *s, const struct image *im, struct fb_rect r)
{
    for (int y = r.y; y < r.y + r.h; y++) {
        const uint8_t *from = im->rgb + 3 * ((size_t)y * im->width + (size_t)r.x);
        uint32_t *to = (uint32_t *)(void *)((uint8_t *)s->pixels + y * s->pitch) + r.x;
        for (int x = 0; x < r.w; x++, from += 3)
            to[x] = SDL_MapRGB(s->format, from[0], from[1], from[2]);
    }
}

/* The usual order of bytes needs no call a pixel. */
static void to_xrgb(SDL_Surface *s, const struct image *im, struct fb_rect r)
{
    for (int y = r.y; y < r.y + r.h; y++) {
        const uint8_t *from = im->rgb + 3 * ((size_t)y * im->width + (size_t)r.x);
        uint32_t *to = (uint32_t *)(void *)((uint8_t *)s->pixels + y * s->pitch) + r.x;
        for (int x = 0; x < r.w; x++, from += 3)
            to[x] = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
    }
}

static void present(struct window *w)
{
    SDL_Rect rects[WINDOW_DIRTY];
    SDL_Surface *s = w->n_dirty ? SDL_GetWindowSurface(w->sdl) : NULL;
    const struct fb_rect all = whole(w);
    int n = 0;

    if (!s || s->format->BytesPerPixel != 4)
        return;
    for (unsigned i = 0; i < w->n_dirty; i++)
        paint_window(w, w->dirty[i]);
    for (unsigned i = 0; i < w->n_dirty; i++) {
        const struct fb_rect r =
            fb_rect_meet(fb_rect_meet(w->dirty[i], all), (struct fb_rect){0, 0, s->w, s->h});
        if (fb_rect_empty(r))
            continue;
        if (s->format->Rmask == 0xff0000 && s->format->Bmask == 0xff)
            to_xrgb(s, w->frame, r);
        else
            to_surface(s, w->frame, r);
        rects[n++] = (SDL_Rect){r.x, r.y, r.w, r.h};
    }
    if (n)
        SDL_UpdateWindowSurfaceRects(w->sdl, rects, n);
    w->n_dirty = 0;
}

static void pump_handler(void *arg)
{
    struct window *w = arg;
    SDL_Event e;

    w->now_ms = clock_ms(w->lp);
    while (SDL_PollEvent(&e))
        input_event(w, &e);
    if (!w->laid_out)
        layout(w);
    if (w->shown)
        update_face(w);
    else
        wall_update(w->wall);
    if (panel_rect(w).w)
        panel_update(w->panel, false);
    if (w->toast_ms && w->now_ms >= w->toast_ms) {
        w->toast_ms = 0;
        window_touch(w, toast_rect(w));
    }
    if (w->sound)
        sound_update(w->sound, window_phone(w));
    bar_draw(w, false);
    present(w);
    timer_start(w->lp, &w->pump, PUMP_MS, pump_handler, w);
}

/* ---- the frontend */

static void window_size(const struct window *w, int *width, int *height)
{
    const int beside = w->cfg.bare ? 0 : PANEL_W, above = w->cfg.bare ? 0 : BAR_H;
    struct phone *ph = farm_at(w->f, 0);
    SDL_Rect room = {0, 0, 1280, 800};

    SDL_GetDisplayUsableBounds(0, &room);
    *width = room.w * 94 / 100;
    *height = room.h * 92 / 100;
    if (!w->shown) {
        *width = *width > 1800 ? 1800 : *width;
        return;
    }
    int face = w->cfg.zoom > 0 ? (int)(w->cfg.zoom * ZOOM_STEP_PX) : *height - above;
    face = face > *width - beside && !(w->cfg.zoom > 0) ? *width - beside : face;
    *height = face_height(ph, face) + above;
    *width = face + beside;
}

/* SDL falls back to drivers that show nothing. Who names one gets it. */
static bool is_seen(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();

    return driver && (SDL_getenv("SDL_VIDEODRIVER") ||
                      (strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0));
}

static int open_sdl(struct window *w, char *err, size_t err_size)
{
    int width, height;

    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); /* they are the loop's */
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION,
                "0"); /* it would show all where a part changed */
    SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
    if (SDL_Init(SDL_INIT_VIDEO)) {
        snprintf(err, err_size, "%s", SDL_GetError());
        return EIO;
    }
    if (!is_seen()) {
        snprintf(err, err_size, "there is no display here (DISPLAY names none that answers)");
        return EIO;
    }
    window_size(w, &width, &height);
    w->sdl = SDL_CreateWindow("spafarm", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width,
                              height, SDL_WINDOW_RESIZABLE);
    if (!w->sdl || !SDL_GetWindowSurface(w->sdl)) {
        snprintf(err, err_size, "%s", SDL_GetError());
        return EIO;
    }
    SDL_SetWindowMinimumSize(w->sdl, w->cfg.bare ? BARE_MIN : WIDTH_MIN,
                             w->cfg.bare ? BARE_MIN : HEIGHT_MIN);
    SDL_StartTextInput();
    return 0;
}

static void destructor(void *arg)
{
    struct window *w = arg;

    timer_cancel(&w->pump);
    farm_keep_pages(w->f, false);
    mem_deref(w->sound);
    mem_deref(w->panel);
    mem_deref(w->wall);
    mem_deref(w->base);
    mem_deref(w->help);
    mem_deref(w->frame);
    canvas_close(&w->canvas);
    mem_deref(w->fonts);
    if (w->sdl)
        SDL_DestroyWindow(w->sdl);
    SDL_Quit();
}

static int window_open(void **fep, const struct frontend_config *cfg, char *err, size_t err_size)
{
    struct window *w = mem_zalloc(sizeof(*w), destructor);

    if (!w)
        return ENOMEM;
    w->cfg = *cfg;
    w->f = cfg->f;
    w->lp = farm_loop(cfg->f);
    w->now_ms = clock_ms(w->lp);
    w->dark = cfg->dark;
    w->zoom = 1;
    w->has_panel = !cfg->bare;
    w->shown = farm_count(w->f) == 1 ? phone_n(farm_at(w->f, 0)) : 0;
    snprintf(err, err_size, "no memory");
    int e = fonts_alloc(&w->fonts);
    if (!e)
        e = canvas_open(&w->canvas, w->fonts);
    if (!e)
        e = open_sdl(w, err, err_size);
    if (!e)
        e = image_alloc(&w->frame, WIDTH_MIN, HEIGHT_MIN, 0);
    if (!e)
        e = wall_alloc(&w->wall, w);
    if (!e)
        e = panel_alloc(&w->panel, w);
    if (!e && !cfg->mute && sound_alloc(&w->sound)) /* without a sound card: silence */
        fprintf(stderr, "no sound: %s\n", SDL_GetError());
    if (e) {
        mem_deref(w);
        return e;
    }
    farm_keep_pages(w->f, true);
    window_show(w, w->shown);
    timer_start(w->lp, &w->pump, 0, pump_handler, w);
    *fep = w;
    return 0;
}

static void window_event(void *fe, struct phone *ph, const struct phone_event *ev)
{
    struct window *w = fe;

    if (ev->ev == PHONE_EV_KEY && w->sound && ph == window_phone(w))
        sound_key(w->sound, ph, ev->text);
    if (!w->shown) {
        wall_event(w->wall, ph);
    } else if (ph == w->view.ph) {
        w->refresh_ms = 0;
    }
}

static void window_close(void *fe)
{
    mem_deref(fe);
}

extern const struct frontend frontend_sdl;
const struct frontend frontend_sdl = {
    .name = "sdl", .open = window_open, .event = window_event, .close = window_close};
