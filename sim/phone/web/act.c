/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands by URL (provisioning.md 14). */
#include <stdio.h>
#include <string.h>

#include "sim/phone/web/priv.h"

/* The page claims so whatever comes of it (A3). */
static void promise(struct httpd_reply *reply, const char *what)
{
    char page[160];

    snprintf(page, sizeof(page),
             "<html><body>The phone will %s when it is not in use.</body></html>\n", what);
    web_text(reply, "text/html", page);
}

/* A URL that names no server means the host that asks, or DHCP's server [X 18]. */
void web_resync(const struct web_call *c)
{
    const bool by_dhcp = param_bool(c->ph->params, P_Sim_Resync_Server_From_DHCP, 0);

    (void)phone_resync_next(c->ph, *c->query ? c->query : NULL, by_dhcp ? NULL : c->req->peer);
    promise(c->reply, "resync");
}

void web_upgrade(const struct web_call *c)
{
    const char *scheme = strstr(c->query, "://"), *server = scheme ? scheme + 3 : c->query;
    const char *name = c->ph->model->family == FAMILY_WIP310 ? "/wip310.img" : "/spa.bin";
    char url[WEB_QUERY_BYTES + 16];

    snprintf(url, sizeof(url), "%s%s", c->query, strchr(server, '/') ? "" : name); /* A1, A3 */
    (void)phone_upgrade(c->ph, url, c->req->peer);
    promise(c->reply, "upgrade");
}

void web_reboot(const struct web_call *c)
{
    phone_reboot_when_idle(c->ph, false, "User Triggered");
    promise(c->reply, "reboot");
}

/* A profile in the body; what it is answered with [DEF]. */
void web_config(const struct web_call *c)
{
    struct parse_err pe = {.text = ""};
    char text[48];
    const int err = phone_push_profile(c->ph, c->req->body, c->req->body_len, &pe);

    if (err) {
        snprintf(text, sizeof(text), "Bad Request: corrupt file, line %d", pe.line);
        web_refuse(c->reply, 400, text);
        phone_emit_text(c->ph, PHONE_EV_ERROR, pe.text[0] ? pe.text : strerror(err), NULL);
    } else {
        web_text(c->reply, "text/html",
                 "<html><body>The phone has taken the profile.</body></html>\n");
    }
}
