/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Picture and text logo behind the idle screen, and while the phone starts (devices.md 2.1, 6.2, 7;
 * 79x0: logo_url). The file is fetched when the phone comes up and when another one is asked for;
 * what it had stays until a new one has come [DEF].
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/lcd/image.h"
#include "sim/lcd/picture.h"
#include "sim/lcd/screen.h"
#include "sim/net/fetch.h"
#include "sim/phone/priv.h"
#include "sim/prov/prov.h"

enum { FILE_BYTES = 512 * 1024, SIDE_MAX = 1024 }; /* [DEF] */

struct phone_background {
    struct phone *ph;
    struct fetch *fetch;
    struct picture *picture; /* NULL = none yet */
    char url[PHONE_URL_MAX];
};

static void destructor(void *arg)
{
    struct phone_background *bg = arg;

    mem_deref(bg->fetch);
    mem_deref(bg->picture);
}

/* ---- what is asked for */

static bool says(const struct phone *ph, enum param_id id, const char *word)
{
    return strcasestr(param_get(ph->params, id, 0), word) != NULL;
}

static bool is_color(const struct phone *ph)
{
    return ph->model->family == FAMILY_SPA525;
}

static bool is_mono(const struct phone *ph)
{
    return (ph->model->family == FAMILY_SPA3XX || ph->model->family == FAMILY_SPA5XX) &&
           ph->model->lcd.width_px;
}

/* "BMP Picture", "Download BMP Picture"; on the idle screen, or while it starts. */
static bool wants(const struct phone *ph, bool starting, const char *word)
{
    if (is_color(ph))
        return says(ph, starting ? P_Logo_Type : P_Background_Picture_Type, word) ||
               (!starting && says(ph, P_Select_Background_Picture, word));
    if (is_mono(ph))
        return says(ph, starting ? P_Select_Logo : P_Select_Background_Picture, word);
    return ph->model->family == FAMILY_CP79XX && !starting && strcmp(word, "Picture") == 0;
}

static bool wants_picture(const struct phone *ph)
{
    return wants(ph, false, "Picture") || wants(ph, true, "Picture");
}

/* ---- the file */

static void take(struct phone_background *bg, const struct fetch_reply *r)
{
    const unsigned formats = is_color(bg->ph) ? IMAGE_BMP | IMAGE_JPEG : IMAGE_BMP;
    struct picture *picture = NULL;

    if (picture_get(&picture, bg->ph->env->pictures, r->body, r->len, formats, SIDE_MAX)) {
        phone_emit_text(bg->ph, PHONE_EV_ERROR, "background picture: no such picture", NULL);
        return;
    }
    mem_deref(bg->picture);
    bg->picture = picture;
    phone_screen_changed(bg->ph);
}

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct phone_background *bg = arg;
    const struct prov_fetch_event ev = {
        .url = r->url, .status = r->status, .us = r->us, .bytes = r->len, .error = r->error};

    bg->fetch = mem_deref(bg->fetch);
    mem_ref(bg); /* whoever hears of it may change the URL */
    phone_emit(bg->ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &ev});
    if (!err && bg->ph->background == bg)
        take(bg, r);
    mem_deref(bg);
}

static void start(struct phone_background *bg)
{
    struct phone *ph = bg->ph;
    char agent[160];
    struct fetch_req req = {.url = bg->url,
                            .user_agent = agent,
                            .ca_file = ph->env->ca_file,
                            .local = ph->addr,
                            .max_bytes = FILE_BYTES,
                            .owner = ph};

    device_http_ua_print(agent, sizeof(agent), ph->model, &ph->id);
    bg->fetch = mem_deref(bg->fetch);
    if (fetch_start(&bg->fetch, ph->env->fetcher, &req, fetched_handler, bg))
        phone_emit_text(ph, PHONE_EV_ERROR, "background picture: not a URL", NULL);
}

void phone_background_forget(struct phone *ph)
{
    ph->background = mem_deref(ph->background);
}

void phone_background_stop(struct phone *ph)
{
    if (ph->background)
        ph->background->fetch = mem_deref(ph->background->fetch);
}

void phone_background_refresh(struct phone *ph, bool again)
{
    const char *text = param_get(ph->params, P_BMP_Picture_Download_URL, 0);
    char url[PHONE_URL_MAX];

    if (!*text || !wants_picture(ph) || !phone_service_url(ph, text, url, sizeof(url))) {
        phone_background_forget(ph);
        return;
    }
    if (ph->background && strcmp(ph->background->url, url) == 0) {
        if (again)
            start(ph->background);
        return;
    }
    phone_background_forget(ph);
    ph->background = mem_zalloc(sizeof(*ph->background), destructor);
    if (!ph->background)
        return;
    ph->background->ph = ph;
    snprintf(ph->background->url, sizeof(ph->background->url), "%s", url);
    start(ph->background);
}

/* ---- on the glass */

/* Two lines at most, "\n" or "%0a" between them (devices.md 2.1 [AG p303]). */
static void put_text(const struct phone *ph, struct screen *s)
{
    const char *text = param_get(ph->params, P_Text_Logo, 0);

    for (unsigned i = 0; i < SCREEN_LOGO_ROWS && *text; i++) {
        size_t n = 0;
        char line[sizeof(s->logo[0])];
        while (text[n] && strncmp(text + n, "\\n", 2) != 0 && text[n] != '\n' &&
               strncasecmp(text + n, "%0a", 3) != 0)
            n++;
        snprintf(line, sizeof(line), "%.*s", (int)n, text);
        utf8_clean(s->logo[i], sizeof(s->logo[i]), line);
        text += n + (text[n] == '\\' ? 2 : text[n] == '%' ? 3 : text[n] ? 1 : 0);
    }
}

void phone_background_show(const struct phone *ph, struct screen *s, bool starting)
{
    if (wants(ph, starting, "Text"))
        put_text(ph, s);
    if (!ph->background || !ph->background->picture || !wants(ph, starting, "Picture"))
        return;
    s->background = ph->background->picture;
    s->background_id = picture_id(s->background);
}
