/* SPDX-License-Identifier: BSD-3-Clause */
/* The window and its parts, for the files of this folder. */
#ifndef UI_SDL_PRIV_H
#define UI_SDL_PRIV_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/farm/farm.h"
#include "sim/loop/timer.h"
#include "ui/frontend.h"
#include "ui/sdl/canvas.h"
#include "ui/sdl/faceplate.h"

enum {
    WINDOW_DIRTY = 96,
    BAR_H = 40,    /* px: the bar at the top, */
    PANEL_W = 400, /* the panel at the right */
    GONE = -1,
};

struct theme { /* 0xRRGGBB */
    uint32_t desk, bar, panel, card, line, ink, soft, accent, good, warn, bad;
};

struct panel;
struct sound;
struct wall;

struct window {
    struct frontend_config cfg;
    struct farm *f;
    struct loop *lp;
    struct fonts *fonts;
    struct canvas canvas;
    SDL_Window *sdl;
    struct image *frame; /* what the window shows */
    struct fb_rect dirty[WINDOW_DIRTY];
    unsigned n_dirty;
    struct timer pump;
    uint64_t now_ms;
    const struct theme *theme;
    bool dark, has_panel;
    struct image *help; /* of the keys; NULL = not shown */
    struct fb_rect help_at;
    bool laid_out; /* false: sizes or looks changed, begin anew */
    /* one phone */
    unsigned shown; /* its number; 0 = the wall */
    struct view view;
    struct face_base *base;
    struct fb_rect area;    /* where phones are */
    struct fb_rect face_at; /* where the face is, maybe beyond the area */
    double zoom;            /* of the face: 1 = as large as fits */
    int pan_x, pan_y;
    uint64_t refresh_ms;
    uint64_t release_ms; /* when the key that the keyboard pressed comes up; 0 = none */
    bool mouse_down;
    int mouse_x, mouse_y;
    const char *button; /* of the bar, below the mouse */
    struct wall *wall;
    struct panel *panel;
    struct sound *sound;
    uint32_t bar_shown; /* what the bar says, as a number */
    char toast[160];
    uint64_t toast_ms; /* until then */
    bool repeating;    /* a key of the keyboard is held down */
};

extern const struct theme theme_light, theme_dark; /* window.c */

/* window.c */
void window_touch(struct window *w, struct fb_rect r); /* paint it anew */
void window_layout(struct window *w);                  /* everything anew */
void window_show(struct window *w, unsigned n);        /* 0 = the wall */
void window_say(struct window *w, const char *text);   /* a note that goes by itself */
void window_shoot(struct window *w);                   /* a picture of it as a file */
void window_zoom(struct window *w, double by);         /* 0 = back */
struct phone *window_phone(const struct window *w);    /* NULL on the wall */

/* paint.c: what lies where */
void paint_window(struct window *w, struct fb_rect r);

/* bar.c: title and buttons */
void bar_draw(struct window *w, bool anew);
/** The button at x, y by its name, NULL = none. */
const char *bar_hit(const struct window *w, int x, int y);

/* help.c: what the keys of the computer do */
void help_toggle(struct window *w);
void help_layout(struct window *w);

/* input.c */
void input_event(struct window *w, const SDL_Event *e);
void input_press(struct window *w, const char *key, bool by_keyboard);
void input_release(struct window *w);

/* wall.c */
int wall_alloc(struct wall **wp, struct window *w);
void wall_layout(struct wall *wall, struct fb_rect area);
void wall_event(struct wall *wall, struct phone *ph);
void wall_update(struct wall *wall);
void wall_scroll(struct wall *wall, int px);
void wall_zoom(struct wall *wall, double by);
void wall_move(struct wall *wall, int dx, int dy); /* the phone that Enter enlarges */
void wall_point(struct wall *wall, int x, int y);
unsigned wall_hit(const struct wall *wall, int x, int y); /* number of the phone, 0 = none */
unsigned wall_chosen(const struct wall *wall);
const struct image *wall_image(const struct wall *wall);

/* panel.c */
enum panel_page { PANEL_STATE, PANEL_SOURCE, PANEL_PAGES };
void panel_turn(struct panel *p, enum panel_page page);
enum panel_page panel_page(const struct panel *p);
int panel_alloc(struct panel **pp, struct window *w);
void panel_update(struct panel *p, bool anew); /* anew: whether or not its time has come */
void panel_scroll(struct panel *p, int x, int y, int px);
void panel_click(struct panel *p, int x, int y);
const struct image *panel_image(const struct panel *p);
struct fb_rect panel_rect(const struct window *w);

/* sound.c */
int sound_alloc(struct sound **sp);
void sound_update(struct sound *s, struct phone *ph); /* NULL = silence */
void sound_key(struct sound *s, struct phone *ph, const char *key);

#endif
