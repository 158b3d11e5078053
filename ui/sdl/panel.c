/* SPDX-License-Identifier: BSD-3-Clause */
/* Beside the phone: its state in words, its calls, and its last SIP messages (ladder.c); or the XML
 * of the page on its screen (source.c). */
#include "ui/sdl/priv.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/base/fnv.h"
#include "ui/sdl/ladder.h"
#include "ui/sdl/source.h"

enum {
    UPDATE_MS = 500,
    EDGE = 14,
    TABS_H = 46,
    TAB_H = 26,
    ROW_H = 21,
    LABEL_W = 84,
    ROWS_MAX = 24,
    PAD = 12,
};

struct row {
    char label[24], text[120];
    uint32_t dot; /* 0 = none */
    bool head;
};

struct panel {
    struct window *w;
    struct image *im;
    struct canvas canvas;
    struct ladder *ladder;
    struct source *source;
    enum panel_page page, page_shown;
    struct row rows[ROWS_MAX + 1];
    unsigned n;
    uint64_t due_ms;
    uint32_t shown; /* the rows drawn last, as a number */
    int state_h;
    unsigned phone;
};

static void destructor(void *arg)
{
    struct panel *p = arg;

    mem_deref(p->ladder);
    mem_deref(p->source);
    mem_deref(p->im);
    canvas_close(&p->canvas);
}

int panel_alloc(struct panel **pp, struct window *w)
{
    struct panel *p = mem_zalloc(sizeof(*p), destructor);
    int err = p ? canvas_open(&p->canvas, w->fonts) : ENOMEM;

    if (p)
        p->w = w;
    if (!err)
        err = ladder_alloc(&p->ladder);
    if (!err)
        err = source_alloc(&p->source);
    if (err)
        mem_deref(p);
    else
        *pp = p;
    return err;
}

struct fb_rect panel_rect(const struct window *w)
{
    const int width = (int)w->frame->width, top = w->cfg.bare ? 0 : BAR_H;
    const bool room = width - PANEL_W >= 320;

    if (!w->has_panel || !w->shown || !room)
        return (struct fb_rect){width, top, 0, 0};
    return (struct fb_rect){width - PANEL_W, top, PANEL_W, (int)w->frame->height - top};
}

const struct image *panel_image(const struct panel *p)
{
    return p->im;
}

/* ---- words */

static struct row *add(struct panel *p, const char *label)
{
    struct row *r = &p->rows[p->n < ROWS_MAX ? p->n++ : ROWS_MAX]; /* the last one is not shown */

    *r = (struct row){.dot = 0};
    snprintf(r->label, sizeof(r->label), "%s", label);
    return r;
}

static const char *text_of(const json_t *o, const char *name)
{
    const char *s = json_string_value(json_object_get(o, name));
    return s ? s : "";
}

static long number_of(const json_t *o, const char *name)
{
    return (long)json_integer_value(json_object_get(o, name));
}

static void time_text(char *buf, size_t size, long s)
{
    if (s >= 3600)
        snprintf(buf, size, "%ld:%02ld h", s / 3600, s / 60 % 60);
    else if (s >= 600)
        snprintf(buf, size, "%ld min", s / 60);
    else if (s >= 60)
        snprintf(buf, size, "%ld:%02ld min", s / 60, s % 60);
    else
        snprintf(buf, size, "%ld s", s);
}

static void line_row(struct panel *p, const json_t *line)
{
    const struct theme *t = p->w->theme;
    const bool registered = json_is_true(json_object_get(line, "registered"));
    const char *status = text_of(line, "status");
    char label[24], next[24];
    struct row *r;

    snprintf(label, sizeof(label), "Line %ld", number_of(line, "n"));
    r = add(p, label);
    r->dot = registered ? t->good : strcmp(status, "failed") == 0 ? t->bad : t->warn;
    time_text(next, sizeof(next), number_of(line, "next_s"));
    if (registered)
        snprintf(r->text, sizeof(r->text), "%.20s at %.40s, again in %s", text_of(line, "user"),
                 text_of(line, "server"), next);
    else
        snprintf(r->text, sizeof(r->text), "%.20s %s  %.40s", text_of(line, "user"), status,
                 text_of(line, "reason"));
}

static void media_rows(struct panel *p, const json_t *call, const json_t *m)
{
    const double level = json_number_value(json_object_get(m, "level_dbm0"));
    struct row *r = add(p, "");

    snprintf(r->text, sizeof(r->text), "%s%s to %s:%ld", text_of(call, "codec"),
             json_is_true(json_object_get(m, "secure")) ? " encrypted" : "", text_of(m, "remote"),
             number_of(m, "remote_port"));
    r = add(p, "");
    snprintf(r->text, sizeof(r->text), "sent %ld, received %ld, lost %ld",
             number_of(m, "tx_packets"), number_of(m, "rx_packets"), number_of(m, "rx_lost"));
    r = add(p, "");
    if (level > -90)
        snprintf(r->text, sizeof(r->text), "jitter %.1f ms, hears %.0f dBm0",
                 json_number_value(json_object_get(m, "jitter_ms")), level);
    else
        snprintf(r->text, sizeof(r->text), "jitter %.1f ms, hears silence",
                 json_number_value(json_object_get(m, "jitter_ms")));
}

static void call_rows(struct panel *p, const json_t *call)
{
    const struct theme *t = p->w->theme;
    const json_t *media = json_object_get(call, "media");
    const char *state = text_of(call, "state");
    char label[24], lasts[24];

    snprintf(label, sizeof(label), "Call %ld", number_of(call, "id"));
    struct row *r = add(p, label);
    time_text(lasts, sizeof(lasts), number_of(call, "seconds"));
    r->dot = strcmp(state, "connected") == 0 ? t->good
             : strcmp(state, "ringing") == 0 ? t->bad
                                             : t->accent;
    snprintf(r->text, sizeof(r->text), "%s %s %.40s, %s", state,
             strcmp(text_of(call, "direction"), "out") == 0 ? "to" : "from", text_of(call, "peer"),
             lasts);
    if (media && *text_of(call, "codec"))
        media_rows(p, call, media);
}

static void prov_row(struct panel *p, const json_t *prov)
{
    const char *state = text_of(prov, "state"), *error = text_of(prov, "last_error");
    struct row *r = add(p, "Profile");

    if (*error)
        snprintf(r->text, sizeof(r->text), "%s: %.90s", state, error);
    else if (*text_of(prov, "last_url"))
        snprintf(r->text, sizeof(r->text), "%s, %.90s", state, text_of(prov, "last_url"));
    else
        snprintf(r->text, sizeof(r->text), "%s", state);
}

static void add_rows(struct panel *p, const json_t *o)
{
    const json_t *lines = json_object_get(o, "lines"), *line, *call;
    size_t i, k;
    char up[24];
    struct row *r;

    p->n = 0;
    r = add(p, "Phone");
    snprintf(r->text, sizeof(r->text), "%s  %s", text_of(o, "model"), text_of(o, "firmware"));
    r = add(p, "MAC");
    snprintf(r->text, sizeof(r->text), "%s   serial %s", text_of(o, "mac"), text_of(o, "serial"));
    r = add(p, "Address");
    time_text(up, sizeof(up), number_of(o, "uptime_s"));
    if (json_is_true(json_object_get(o, "power")))
        snprintf(r->text, sizeof(r->text), "%s, up for %s", text_of(o, "ip"), up);
    else
        snprintf(r->text, sizeof(r->text), "%s, without power", text_of(o, "ip"));
    prov_row(p, json_object_get(o, "provisioning"));
    json_array_foreach(lines, i, line) line_row(p, line);
    json_array_foreach(lines, i, line)
    {
        json_array_foreach(json_object_get(line, "calls"), k, call) call_rows(p, call);
    }
}

static uint32_t hash_rows(const struct panel *p)
{
    uint32_t h = FNV_START ^ p->n;

    for (unsigned i = 0; i < p->n; i++) {
        h = fnv_text(h, p->rows[i].label);
        h = fnv_text(h, p->rows[i].text);
        h = fnv_number(h, p->rows[i].dot);
    }
    return h;
}

/* ---- drawing */

static void draw_row(struct panel *p, const struct row *r, int y)
{
    const struct theme *t = p->w->theme;
    const struct canvas_words label = {.px = 12, .color = t->soft};
    const struct canvas_words text = {.px = 12, .color = t->ink};
    const int left = EDGE + PAD;

    canvas_text(&p->canvas, (struct fb_rect){left, y, LABEL_W, ROW_H}, &label, r->label);
    if (r->dot)
        canvas_dot(&p->canvas, left + LABEL_W - 12, y + ROW_H / 2.0, 4, r->dot);
    canvas_text(&p->canvas,
                (struct fb_rect){left + LABEL_W, y, PANEL_W - 2 * EDGE - 2 * PAD - LABEL_W, ROW_H},
                &text, r->text);
}

static void draw_state(struct panel *p)
{
    const struct theme *t = p->w->theme;
    const int height = (int)p->n * ROW_H + 2 * PAD - 4;

    canvas_fill(&p->canvas, (struct fb_rect){1, TABS_H, PANEL_W - 1, p->state_h - TABS_H},
                t->panel);
    canvas_outline(&p->canvas, (struct fb_rect){EDGE, TABS_H, PANEL_W - 2 * EDGE, height}, 10, 1,
                   t->line, t->card);
    for (unsigned i = 0; i < p->n; i++)
        draw_row(p, &p->rows[i], TABS_H + PAD - 2 + (int)i * ROW_H);
}

static struct fb_rect ladder_rect(const struct panel *p)
{
    return (struct fb_rect){EDGE, p->state_h, PANEL_W - 2 * EDGE,
                            (int)p->im->height - p->state_h - EDGE};
}

static void touch(struct panel *p, struct fb_rect r)
{
    const struct fb_rect at = panel_rect(p->w);

    r.x += at.x;
    r.y += at.y;
    window_touch(p->w, fb_rect_meet(r, at));
}

static bool make_image(struct panel *p)
{
    const struct fb_rect at = panel_rect(p->w);

    if (p->im && (int)p->im->height == at.h)
        return true;
    p->im = mem_deref(p->im);
    return image_alloc(&p->im, PANEL_W, (unsigned)at.h, p->w->theme->panel) == 0;
}

static struct fb_rect tab_rect(enum panel_page page)
{
    const int width = (PANEL_W - 2 * EDGE) / PANEL_PAGES;
    return (struct fb_rect){EDGE + (int)page * width, (TABS_H - TAB_H) / 2, width, TAB_H};
}

static void draw_tabs(struct panel *p)
{
    static const char *const texts[PANEL_PAGES] = {"State and SIP", "XML page  F7"};
    const struct theme *t = p->w->theme;
    const struct fb_rect first = tab_rect(0);

    canvas_outline(&p->canvas, (struct fb_rect){first.x, first.y, PANEL_W - 2 * EDGE, first.h}, 7,
                   1, t->line, t->panel);
    for (unsigned i = 0; i < PANEL_PAGES; i++) {
        const struct fb_rect r = tab_rect((enum panel_page)i);
        const bool on = i == p->page;
        const struct canvas_words words = {
            .px = 12, .color = on ? t->accent : t->soft, .bold = on, .align = TEXT_CENTER};
        if (on)
            canvas_outline(&p->canvas, r, 7, 1, t->accent, t->card);
        canvas_text(&p->canvas, r, &words, texts[i]);
    }
}

static void update_state(struct panel *p, struct phone *ph, bool anew)
{
    json_t *state = phone_snapshot(ph);

    if (p->phone != phone_n(ph))
        ladder_forget(p->ladder);
    p->phone = phone_n(ph);
    add_rows(p, state);
    json_decref(state);

    const int state_h = TABS_H + (int)p->n * ROW_H + 2 * PAD - 4 + EDGE;
    const uint32_t h = hash_rows(p);
    if (state_h != p->state_h && !anew) { /* the ladder moves */
        canvas_fill(&p->canvas, (struct fb_rect){1, TABS_H, PANEL_W - 1, (int)p->im->height},
                    p->w->theme->panel);
        touch(p, (struct fb_rect){0, 0, PANEL_W, (int)p->im->height});
        anew = true;
    }
    p->state_h = state_h;
    if (anew || h != p->shown) {
        draw_state(p);
        touch(p, (struct fb_rect){0, 0, PANEL_W, p->state_h});
    }
    p->shown = h;
    if (ladder_draw(p->ladder, &p->canvas, p->w->theme, p->w->f, p->phone, ladder_rect(p), anew))
        touch(p, ladder_rect(p));
}

static void update_source(struct panel *p, struct phone *ph, bool anew)
{
    const struct fb_rect r = {EDGE, TABS_H, PANEL_W - 2 * EDGE, (int)p->im->height - TABS_H - EDGE};

    if (source_draw(p->source, &p->canvas, p->w->theme, ph, r, anew))
        touch(p, r);
}

void panel_update(struct panel *p, bool anew)
{
    struct phone *ph = window_phone(p->w);

    if (!ph || (!anew && p->w->now_ms < p->due_ms) || !make_image(p))
        return;
    p->due_ms = p->w->now_ms + UPDATE_MS;
    p->canvas.im = p->im;
    anew |= p->page != p->page_shown;
    p->page_shown = p->page;
    if (anew) {
        const struct fb_rect all = {0, 0, PANEL_W, (int)p->im->height};
        canvas_fill(&p->canvas, all, p->w->theme->panel);
        canvas_fill(&p->canvas, (struct fb_rect){0, 0, 1, all.h}, p->w->theme->line);
        draw_tabs(p);
        touch(p, all);
    }
    if (p->page == PANEL_SOURCE)
        update_source(p, ph, anew);
    else
        update_state(p, ph, anew);
}

void panel_turn(struct panel *p, enum panel_page page)
{
    p->page = page;
    p->due_ms = 0;
}

enum panel_page panel_page(const struct panel *p)
{
    return p->page;
}

void panel_scroll(struct panel *p, int x, int y, int px)
{
    (void)x;
    p->due_ms = 0;
    if (p->page == PANEL_SOURCE)
        source_scroll(p->source, px);
    else if (p->im)
        ladder_scroll(p->ladder, y, px);
}

void panel_click(struct panel *p, int x, int y)
{
    p->due_ms = 0;
    for (unsigned i = 0; i < PANEL_PAGES; i++) {
        const struct fb_rect r = tab_rect((enum panel_page)i);
        if (x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h)
            p->page = (enum panel_page)i;
    }
    if (p->im && y >= TABS_H && p->page == PANEL_STATE)
        ladder_click(p->ladder, x, y);
}
