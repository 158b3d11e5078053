/* SPDX-License-Identifier: BSD-3-Clause */
/* Pictures of the display (xml-services.md 9.4). */
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/image.h"
#include "sim/lcd/paint.h"
#include "sim/lcd/screen.h"
#include "sim/lcd/text.h"
#include "sim/loop/clock.h"
#include "sim/phone/web/priv.h"
#include "sim/xml/cip.h"

enum { SHOT_EVERY_MS = 2000 };

static int picture(const struct phone *ph, struct image **ip)
{
    struct screen *s = mem_zalloc(sizeof(*s), NULL);
    struct fonts *fonts = NULL;
    int err = s ? fonts_alloc(&fonts) : ENOMEM;

    if (!err) {
        phone_screen(ph, s);
        err = paint_picture(ip, ph->model, s, fonts, 1);
    }
    mem_deref(fonts);
    mem_deref(s);
    return err;
}

/* ---- 79x0: CIP */

static unsigned level(uint32_t color)
{
    return 3 - (color >> 8 & 0xff) / 64; /* greys: one channel tells */
}

static void put_cip(FILE *f, const struct image *im, const uint8_t *data, size_t len)
{
    fprintf(f,
            "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<CiscoIPPhoneImage>"
            "<LocationX>0</LocationX><LocationY>0</LocationY><Width>%u</Width>"
            "<Height>%u</Height><Depth>2</Depth><Data>",
            im->width, im->height);
    for (size_t i = 0; i < len; i++)
        fprintf(f, "%02X", data[i]);
    fputs("</Data></CiscoIPPhoneImage>\n", f);
}

void web_put_screenshot(const struct phone *ph, struct httpd_reply *reply)
{
    struct web_stream s;
    struct image *im = NULL;
    uint8_t *data = NULL;

    if (!picture(ph, &im))
        data = calloc(cip_bytes(im->width, im->height), 1);
    if (!data) {
        reply->status = 500;
    } else if (web_stream_open(&s, reply)) {
        for (size_t i = 0; i < (size_t)im->width * im->height; i++)
            cip_put(data, i,
                    level(image_get(im, (unsigned)(i % im->width), (unsigned)(i / im->width))));
        put_cip(s.f, im, data, cip_bytes(im->width, im->height));
        web_stream_take(&s, reply, "text/xml");
    }
    free(data);
    mem_deref(im);
}

void web_screenshot(const struct web_call *c)
{
    if (c->ph->model->family == FAMILY_CP79XX)
        web_ask(c, false);
    else
        web_refuse(c->reply, 404, "Not Found");
}

/* ---- 6800: BMP; the others: an aid of the simulator's */

static void put_bmp(const struct phone *ph, struct httpd_reply *reply)
{
    struct image *im = NULL;
    uint8_t *bytes = NULL, *copy = NULL;
    size_t len = 0;

    if (!picture(ph, &im) && !image_encode_bmp(im, &bytes, &len))
        copy = malloc(len);
    if (copy) {
        memcpy(copy, bytes, len);
        reply->content_type = "image/bmp";
        reply->body = copy;
        reply->len = len;
    } else {
        reply->status = 500;
    }
    mem_deref(bytes);
    mem_deref(im);
}

void web_screen_dump(const struct web_call *c)
{
    const bool has_one =
        c->ph->model->family == FAMILY_MPP68XX || param_bool(c->ph->params, P_Sim_Screen_Dump, 0);
    const uint64_t now_ms = clock_ms(c->ph->env->lp);

    if (!has_one || !c->ph->model->lcd.width_px) {
        web_refuse(c->reply, 404, "Not Found");
    } else if (*c->req->referer) {
        web_refuse(c->reply, 403, "Forbidden");
    } else if (c->ph->next_shot_ms > now_ms) { /* "not faster than about 2 s"; code [DEF] */
        web_refuse(c->reply, 503, "Service Unavailable");
    } else {
        c->ph->next_shot_ms = now_ms + SHOT_EVERY_MS;
        put_bmp(c->ph, c->reply);
    }
}
