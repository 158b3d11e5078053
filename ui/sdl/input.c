/* SPDX-License-Identifier: BSD-3-Clause */
/* Mouse and keyboard. Whatever they do to a phone goes through the command table. */
#include "ui/sdl/priv.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/cmd/cmd.h"
#include "sim/loop/loop.h"

enum {
    SINK_MS = 130, /* how long a key looks pressed that the keyboard pressed */
    WHEEL_PX = 60,
};
#define ZOOM_STEP 1.15

/* ---- commands */

static void reply_handler(bool ok, json_t *result, int code, const char *error, void *arg)
{
    (void)result;
    (void)code;
    if (!ok)
        window_say(arg, error);
}

static void command(struct window *w, const char *method, const char *name, json_t *value)
{
    char phones[16];

    snprintf(phones, sizeof(phones), "%u", w->shown);
    json_t *params = json_pack("{s:s, s:o}", "phones", phones, name, value);
    if (params)
        cmd_run(NULL, w->f, method, params, reply_handler, w);
    json_decref(params);
}

static const char *model_key(const struct window *w, const char *key)
{
    const struct device_key *k = window_phone(w) ? phone_model(window_phone(w))->keys : NULL;

    while (k && k->name && strcmp(k->name, key) != 0)
        k++;
    return k ? k->name : NULL;
}

void input_press(struct window *w, const char *key, bool by_keyboard)
{
    const char *name = model_key(w, key);
    char text[80];

    if (!w->shown)
        return;
    if (!name) {
        snprintf(text, sizeof(text), "a %s has no key \"%s\"",
                 w->view.ph ? phone_model(w->view.ph)->name : "", key);
        window_say(w, text);
        return;
    }
    w->view.pressed = name;
    w->release_ms = by_keyboard ? w->now_ms + SINK_MS : 0;
    if (strcmp(name, "hook") == 0)
        w->view.lifted = !w->view.lifted;
    command(w, "press", "keys", json_pack("[s]", name));
}

void input_release(struct window *w)
{
    w->view.pressed = NULL;
    w->release_ms = 0;
}

/* ---- keys that depend on what the phone shows */

/* Press the soft key that says one of these words; false: none does. */
static bool press_labelled(struct window *w, const char *const *words)
{
    const struct screen *s = &w->view.screen;
    char key[8];

    for (; *words; words++) {
        for (unsigned i = 0; i < s->n_softkeys && i < SCREEN_SOFTKEYS; i++) {
            if (strcasecmp(s->softkeys[i], *words) != 0)
                continue;
            snprintf(key, sizeof(key), "soft%u", i + 1);
            input_press(w, key, true);
            return true;
        }
    }
    return false;
}

static void press_or_soft(struct window *w, const char *key, const char *const *words)
{
    if (model_key(w, key) || !press_labelled(w, words))
        input_press(w, key, true);
}

/* What a person would press to go on: ringing and dialling have a soft key for that. */
static void press_enter(struct window *w)
{
    static const char *const words[] = {"answer", "dial",   "call",   "select", "ok",
                                        "save",   "submit", "resume", NULL};
    const char *app = w->view.screen.app;
    const bool call = strcmp(app, "ringing") == 0 || strcmp(app, "dialing") == 0;

    if (model_key(w, "select") && !(call && press_labelled(w, words)))
        input_press(w, "select", true);
    else if (!model_key(w, "select") && !press_labelled(w, words))
        input_press(w, strcmp(app, "idle") == 0 ? "speaker" : "soft1", true);
}

static void press_escape(struct window *w)
{
    static const char *const words[] = {"cancel", "back", "exit", NULL};

    if (model_key(w, "back"))
        input_press(w, "back", true);
    else
        (void)press_labelled(w, words);
}

static const char *const xfer_words[] = {"xfer", "transfer", "trnsfer", "more xfer", NULL};
static const char *const conf_words[] = {"conf", "confrn", "conference", NULL};
static const char *const delete_words[] = {"delchar", "delchr", "delete", "<<", NULL};
static const char *const directory_words[] = {"dir", "directory", NULL};

/* ---- the computer's keyboard */

struct letter {
    char c;
    const char *key;
    const char *const *words; /* of the soft key that does the same */
};

static const struct letter letters[] = {
    {'h', "hold", NULL},
    {'t', "transfer", xfer_words},
    {'c', "conference", conf_words},
    {'s', "speaker", NULL},
    {'e', "headset", NULL},
    {'m', "mute", NULL},
    {'v', "messages", NULL},
    {'d', "directory", directory_words},
    {'x', "services", NULL},
    {'u', "setup", NULL},
    {' ', "hook", NULL},
    {'+', "volup", NULL},
    {'-', "voldown", NULL},
};

static bool takes_letters(const struct window *w)
{
    const struct screen *s = &w->view.screen;

    return s->input && s->mode[0] && strcmp(s->mode, "123") != 0 && strcmp(s->mode, "IP") != 0 &&
           strcasecmp(s->mode, "num") != 0;
}

static void press_letter(struct window *w, const char *text)
{
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i].c != (*text | (*text >= 'A' && *text <= 'Z' ? 0x20 : 0)))
            continue;
        if (letters[i].words)
            press_or_soft(w, letters[i].key, letters[i].words);
        else
            input_press(w, letters[i].key, true);
    }
}

static void type_text(struct window *w, const char *text)
{
    const char digit[2] = {*text, '\0'};

    if (*text == '?')
        help_toggle(w);
    else if (!w->shown)
        return;
    else if (strchr("0123456789*#", *text))
        input_press(w, digit, true);
    else if (takes_letters(w))
        command(w, "type", "text", json_string(text));
    else if (!w->repeating)
        press_letter(w, text);
}

static void step_phone(struct window *w, int step)
{
    const size_t n = farm_count(w->f);

    for (size_t i = 0; w->shown && i < n; i++) {
        if (phone_n(farm_at(w->f, i)) != w->shown)
            continue;
        window_show(w, phone_n(farm_at(w->f, (i + n + (size_t)((int)n + step)) % n)));
        return;
    }
}

static void show_all(struct window *w)
{
    if (w->shown && farm_count(w->f) > 1)
        window_show(w, 0);
}

/* To the XML of the page on the screen, and back. */
static void turn_panel(struct window *w)
{
    const bool there = w->has_panel && panel_page(w->panel) == PANEL_SOURCE;

    if (!w->shown)
        return;
    panel_turn(w->panel, there ? PANEL_STATE : PANEL_SOURCE);
    if (!w->has_panel) {
        w->has_panel = true;
        window_layout(w);
    }
}

static void act(struct window *w, const char *what)
{
    if (strcmp(what, "wall") == 0) {
        show_all(w);
    } else if (strcmp(what, "panel") == 0) {
        w->has_panel = !w->has_panel;
        window_layout(w);
    } else if (strcmp(what, "source") == 0) {
        turn_panel(w);
    } else if (strcmp(what, "dark") == 0) {
        w->dark = !w->dark;
        window_layout(w);
    } else if (strcmp(what, "shoot") == 0) {
        window_shoot(w);
    } else if (strcmp(what, "help") == 0) {
        help_toggle(w);
    } else if (strcmp(what, "full") == 0) {
        const bool is = SDL_GetWindowFlags(w->sdl) & SDL_WINDOW_FULLSCREEN_DESKTOP;
        SDL_SetWindowFullscreen(w->sdl, is ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
    }
}

static bool control_key(struct window *w, SDL_Keycode key)
{
    switch (key) {
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
        window_zoom(w, ZOOM_STEP);
        return true;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
        window_zoom(w, 1 / ZOOM_STEP);
        return true;
    case SDLK_0:
        window_zoom(w, 0);
        return true;
    case SDLK_q:
        loop_stop(w->lp, 0);
        return true;
    default:
        return false;
    }
}

static bool window_key(struct window *w, SDL_Keycode key)
{
    static const struct {
        SDL_Keycode key;
        const char *what;
    } keys[] = {{SDLK_F7, "source"}, {SDLK_F8, "panel"},  {SDLK_F9, "dark"}, {SDLK_F10, "help"},
                {SDLK_F11, "full"},  {SDLK_F12, "shoot"}, {SDLK_TAB, "wall"}};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (keys[i].key == key)
            act(w, keys[i].what);
    }
    if (key == SDLK_PAGEUP || key == SDLK_PAGEDOWN)
        step_phone(w, key == SDLK_PAGEUP ? -1 : 1);
    return false;
}

static void wall_key(struct window *w, SDL_Keycode key)
{
    switch (key) {
    case SDLK_LEFT:
        wall_move(w->wall, -1, 0);
        break;
    case SDLK_RIGHT:
        wall_move(w->wall, 1, 0);
        break;
    case SDLK_UP:
        wall_move(w->wall, 0, -1);
        break;
    case SDLK_DOWN:
        wall_move(w->wall, 0, 1);
        break;
    case SDLK_PAGEUP:
        wall_scroll(w->wall, -w->area.h);
        break;
    case SDLK_PAGEDOWN:
        wall_scroll(w->wall, w->area.h);
        break;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        window_show(w, wall_chosen(w->wall));
        break;
    default:
        window_key(w, key);
    }
}

static void line_key(struct window *w, SDL_Keycode key)
{
    char name[8];

    snprintf(name, sizeof(name), "line%c", (char)key);
    input_press(w, name, true);
}

static void phone_key(struct window *w, SDL_Keycode key)
{
    static const struct {
        SDL_Keycode key;
        const char *name;
    } keys[] = {{SDLK_F1, "soft1"},  {SDLK_F2, "soft2"},   {SDLK_F3, "soft3"},
                {SDLK_F4, "soft4"},  {SDLK_UP, "up"},      {SDLK_DOWN, "down"},
                {SDLK_LEFT, "left"}, {SDLK_RIGHT, "right"}};

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (keys[i].key == key) {
            input_press(w, keys[i].name, true);
            return;
        }
    }
    if (key == SDLK_RETURN || key == SDLK_KP_ENTER)
        press_enter(w);
    else if (key == SDLK_ESCAPE)
        press_escape(w);
    else if (key == SDLK_BACKSPACE)
        (void)press_labelled(w, delete_words);
    else
        window_key(w, key);
}

static void key_down(struct window *w, const SDL_KeyboardEvent *e)
{
    const SDL_Keycode key = e->keysym.sym;

    w->repeating = e->repeat;
    if (w->help && (key == SDLK_ESCAPE || key == SDLK_F10))
        help_toggle(w);
    else if (e->keysym.mod & KMOD_CTRL)
        (void)control_key(w, key);
    else if (e->keysym.mod & KMOD_LALT && key >= SDLK_1 && key <= SDLK_9)
        line_key(w, key);
    else if (w->shown)
        phone_key(w, key);
    else
        wall_key(w, key);
}

/* ---- the mouse */

/* A page's areas to touch; false: the glass is not there, or feels nothing. */
static bool touch(struct window *w, double x, double y)
{
    const char *feels = phone_get(w->view.ph, "Sim_Touch_Screen");
    char phones[16];
    int px, py;

    if (!feels || strcmp(feels, "Yes") != 0 || strcmp(w->view.screen.app, "xml") != 0 ||
        !face_base_glass(w->base, x, y, &px, &py))
        return false;
    snprintf(phones, sizeof(phones), "%u", w->shown);
    json_t *params = json_pack("{s:s, s:i, s:i}", "phones", phones, "x", px, "y", py);
    if (params)
        cmd_run(NULL, w->f, "touch", params, reply_handler, w);
    json_decref(params);
    return true;
}

static void mouse_down(struct window *w, const SDL_MouseButtonEvent *e)
{
    const char *button = bar_hit(w, e->x, e->y);
    const struct fb_rect panel = panel_rect(w);

    if (e->button != SDL_BUTTON_LEFT)
        return;
    if (w->help) {
        help_toggle(w);
        return;
    }
    if (button) {
        act(w, button);
    } else if (panel.w && e->x >= panel.x && e->y >= panel.y) {
        panel_click(w->panel, e->x - panel.x, e->y - panel.y);
    } else if (!w->shown) {
        const unsigned n = wall_hit(w->wall, e->x - w->area.x, e->y - w->area.y);
        if (n)
            window_show(w, n);
    } else if (w->base) {
        const struct face_part *p =
            view_hit(phone_model(w->view.ph), w->base, e->x - w->face_at.x, e->y - w->face_at.y);
        w->mouse_down = true;
        if (p)
            input_press(w, p->key, false);
        else
            w->mouse_down = !touch(w, e->x - w->face_at.x, e->y - w->face_at.y);
    }
}

static void mouse_move(struct window *w, const SDL_MouseMotionEvent *e)
{
    w->mouse_x = e->x;
    w->mouse_y = e->y;
    w->button = bar_hit(w, e->x, e->y);
    if (!w->shown)
        wall_point(w->wall, e->x - w->area.x, e->y - w->area.y);
    else if (w->mouse_down && !w->view.pressed && (e->state & SDL_BUTTON_LMASK)) {
        w->pan_x -= e->xrel;
        w->pan_y -= e->yrel;
        if (w->face_at.w > w->area.w || w->face_at.h > w->area.h)
            window_layout(w);
    }
}

static void wheel(struct window *w, const SDL_MouseWheelEvent *e)
{
    const struct fb_rect panel = panel_rect(w);
    const int px = -e->y * WHEEL_PX;

    if (SDL_GetModState() & KMOD_CTRL) {
        window_zoom(w, e->y > 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
    } else if (panel.w && w->mouse_x >= panel.x) {
        panel_scroll(w->panel, w->mouse_x - panel.x, w->mouse_y - panel.y, px);
    } else if (!w->shown) {
        wall_scroll(w->wall, px);
    } else if (w->face_at.h > w->area.h || w->face_at.w > w->area.w) {
        w->pan_y += px;
        w->pan_x += e->x * WHEEL_PX;
        window_layout(w);
    }
}

void input_event(struct window *w, const SDL_Event *e)
{
    switch (e->type) {
    case SDL_QUIT:
        loop_stop(w->lp, 0);
        break;
    case SDL_WINDOWEVENT:
        if (e->window.event == SDL_WINDOWEVENT_SIZE_CHANGED)
            window_layout(w);
        else if (e->window.event == SDL_WINDOWEVENT_EXPOSED && w->frame)
            window_touch(w, (struct fb_rect){0, 0, (int)w->frame->width, (int)w->frame->height});
        break;
    case SDL_KEYDOWN:
        key_down(w, &e->key);
        break;
    case SDL_TEXTINPUT:
        if (!(SDL_GetModState() & (KMOD_CTRL | KMOD_LALT)))
            type_text(w, e->text.text);
        break;
    case SDL_MOUSEBUTTONDOWN:
        mouse_down(w, &e->button);
        break;
    case SDL_MOUSEBUTTONUP:
        w->mouse_down = false;
        if (!w->release_ms)
            input_release(w);
        break;
    case SDL_MOUSEMOTION:
        mouse_move(w, &e->motion);
        break;
    case SDL_MOUSEWHEEL:
        wheel(w, &e->wheel);
        break;
    default:
        break;
    }
}
