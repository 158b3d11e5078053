/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/request.h"

#include <stdio.h>

#include "devices/model.h"
#include "sim/lcd/paint.h"
#include "sim/lcd/screen.h"
#include "sim/net/fetch.h"
#include "sim/xml/page.h"

enum { REDIRECTS_MAX = 3, PANE_WIDTH = 133, PANE_HEIGHT = 65 };

static void print_model(struct xml_request *out, const struct device_model *m)
{
    snprintf(out->model, sizeof(out->model), "x-CiscoIPPhoneModelName: %s", m->product);
}

/* Between the title and the soft keys. */
static void print_pane(struct xml_request *out, const struct device_model *m)
{
    struct fb_rect pane = {0, 0, m->lcd.width_px, m->lcd.height_px};
    struct screen s;

    screen_clear(&s, "xml");
    snprintf(s.title, sizeof(s.title), "-");
    s.n_softkeys = 4;
    (void)paint_pane(m, &s, &pane);
    snprintf(out->display, sizeof(out->display), "x-CiscoIPPhoneDisplay: %d,%d,%u,%c", pane.w,
             pane.h, m->lcd.depth_bits, m->lcd.depth_bits > 4 ? 'C' : 'G');
}

/* The 79xx: [FIELD], and its pane [mem]. */
static unsigned cp79_headers(struct xml_request *out, const struct device_model *m)
{
    unsigned n = 0;

    snprintf(out->agent, sizeof(out->agent), "Allegro-Software-WebClient/4.34");
    print_model(out, m);
    snprintf(out->display, sizeof(out->display), "x-CiscoIPPhoneDisplay: %d,%d,%u,G", PANE_WIDTH,
             PANE_HEIGHT, m->lcd.depth_bits);
    out->headers[n++] = "Accept: x-CiscoIPPhone/*, text/*,image/png,*/*";
    out->headers[n++] = "Accept-Language: en";
    out->headers[n++] = "Accept-Charset: iso-8859-1,utf-8;q=0.8";
    out->headers[n++] = out->model;
    out->headers[n++] = out->display;
    return n;
}

void xml_request_fill(struct xml_request *out, struct fetch_req *req, const struct device_model *m,
                      const struct device_identity *id, const struct xml_request_extra *extra)
{
    unsigned n = 0;

    device_http_ua_print(out->agent, sizeof(out->agent), m, id);
    if (m->family == FAMILY_CP79XX) {
        n = cp79_headers(out, m);
    } else if (m->family == FAMILY_MPP68XX) { /* its real pane [DEF] */
        print_pane(out, m);
        out->headers[n++] = out->display;
    }
    if (extra && extra->names_model && m->family != FAMILY_CP79XX) {
        print_model(out, m);
        out->headers[n++] = out->model;
    }
    if (extra && extra->cookie && *extra->cookie) {
        snprintf(out->cookie, sizeof(out->cookie), "Cookie: %s", extra->cookie);
        out->headers[n++] = out->cookie;
    }
    out->headers[n] = NULL;
    req->user_agent = out->agent;
    req->headers = out->headers;
    req->page = true;
    req->max_redirects = REDIRECTS_MAX;
}
