/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/request.h"

#include <stdio.h>

#include "devices/model.h"
#include "sim/net/fetch.h"
#include "sim/xml/page.h"

enum { REDIRECTS_MAX = 3, PANE_WIDTH = 133, PANE_HEIGHT = 65 };

/* The 79xx: [FIELD], and its pane [mem]. */
static unsigned cp79_headers(struct xml_request *out, const struct device_model *m)
{
    unsigned n = 0;

    snprintf(out->agent, sizeof(out->agent), "Allegro-Software-WebClient/4.34");
    snprintf(out->model, sizeof(out->model), "x-CiscoIPPhoneModelName: %s", m->product);
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
                      const struct device_identity *id, const char *cookie)
{
    unsigned n = 0;

    device_http_ua_print(out->agent, sizeof(out->agent), m, id);
    if (m->family == FAMILY_CP79XX) {
        n = cp79_headers(out, m);
    } else if (m->family == FAMILY_MPP68XX) { /* its real pane [DEF] */
        snprintf(out->display, sizeof(out->display), "x-CiscoIPPhoneDisplay: %u,%u,%u,%c",
                 m->lcd.width_px, m->lcd.height_px, m->lcd.depth_bits,
                 m->lcd.depth_bits > 4 ? 'C' : 'G');
        out->headers[n++] = out->display;
    }
    if (cookie && *cookie) {
        snprintf(out->cookie, sizeof(out->cookie), "Cookie: %s", cookie);
        out->headers[n++] = out->cookie;
    }
    out->headers[n] = NULL;
    req->user_agent = out->agent;
    req->headers = out->headers;
    req->page = true;
    req->max_redirects = REDIRECTS_MAX;
}
