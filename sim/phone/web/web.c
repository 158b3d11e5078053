/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The phone's own web server (provisioning.md 14, devices.md 14). A page is a row of the table
 * below.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/phone/web/priv.h"

enum web_methods { GET = 1, HEAD = 2, POST = 4, READ = GET | HEAD, ANY = GET | HEAD | POST };

enum web_gate {
    GATE_NONE, /* the page asks for credentials itself */
    GATE_USER,
    GATE_ADMIN, /* and Enable_Web_Admin_Access */
};

struct web_page {
    const char *path;
    uint8_t methods; /* enum web_methods */
    bool acts;       /* by GET, too */
    enum web_gate gate;
    web_page_h *show;
    bool any_case; /* of the path, but on the 79x0 (xml-services.md 9.1) */
    bool mpp;      /* of the 6800 alone */
};

/* Commands need administrator rights with and without /admin (A3). */
static const struct web_page pages[] = {
    {"/", ANY, false, GATE_USER, web_user_basic, false, false},
    {"/advanced", ANY, false, GATE_USER, web_user_advanced, false, false},
    {"/admin", ANY, false, GATE_ADMIN, web_admin_basic, false, false},
    {"/admin/", ANY, false, GATE_ADMIN, web_admin_basic, false, false},
    {"/admin/advanced", ANY, false, GATE_ADMIN, web_admin_advanced, false, false},
    {"/admin/resync", GET | POST, true, GATE_ADMIN, web_resync, false, false},
    {"/admin/upgrade", GET | POST, true, GATE_ADMIN, web_upgrade, false, false},
    {"/admin/reboot", GET | POST, true, GATE_ADMIN, web_reboot, false, false},
    {"/admin/config.xml", POST, true, GATE_ADMIN, web_config, false, true},
    {"/resync", GET | POST, true, GATE_ADMIN, web_resync, false, false},
    {"/upgrade", GET | POST, true, GATE_ADMIN, web_upgrade, false, false},
    {"/reboot", GET | POST, true, GATE_ADMIN, web_reboot, false, false},
    {"/admin/spacfg.xml", ANY, false, GATE_ADMIN, web_dump, false, false},
    {"/admin/cfg.xml", ANY, false, GATE_ADMIN, web_dump, false, false},
    {"/admin/status.xml", ANY, false, GATE_ADMIN, web_status, false, false},
    {"/status.xml", ANY, false, GATE_USER, web_status, false, false},
    {"/admin/screendump.bmp", READ, false, GATE_ADMIN, web_screen_dump, false, false},
    {"/CGI/Execute", POST, true, GATE_NONE, web_execute, true, false},
    {"/CGI/Screenshot", GET, false, GATE_NONE, web_screenshot, false, false},
};

uint16_t phone_web_port(const struct phone *ph)
{
    const uint32_t port = param_u32(ph->params, P_Web_Server_Port, 0);

    return param_bool(ph->params, P_Enable_Web_Server, 0) && port <= UINT16_MAX ? (uint16_t)port
                                                                                : 0;
}

static const struct web_page *find_page(const struct phone *ph, const char *path)
{
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        const bool any_case = pages[i].any_case && ph->model->family != FAMILY_CP79XX;
        if (pages[i].mpp && ph->model->family != FAMILY_MPP68XX)
            continue;
        if ((any_case ? strcasecmp : strcmp)(pages[i].path, path) == 0)
            return &pages[i];
    }
    return NULL;
}

static enum web_methods method_bit(const char *method)
{
    return strcmp(method, "GET") == 0    ? GET
           : strcmp(method, "HEAD") == 0 ? HEAD
           : strcmp(method, "POST") == 0 ? POST
                                         : 0;
}

static void refuse_method(const struct web_page *page, struct httpd_reply *reply)
{
    web_refuse(reply, 405, "Method Not Allowed");
    snprintf(reply->headers, sizeof(reply->headers), "Allow:%s%s%s\r\n",
             page->methods & GET ? " GET" : "", page->methods & HEAD ? ", HEAD" : "",
             page->methods == POST  ? " POST"
             : page->methods & POST ? ", POST"
                                    : "");
}

/* Commands by URL are switched off on a 6800 (14); what it answers then [DEF]. */
static bool is_direct_off(const struct web_page *page, const struct phone *ph)
{
    return page->acts && page->gate == GATE_ADMIN && ph->model->family == FAMILY_MPP68XX &&
           !param_bool(ph->params, P_Enable_Direct_Action_Url, 0);
}

static void serve(const struct web_page *page, const struct web_call *c)
{
    const bool admin = page->gate == GATE_ADMIN;

    if (is_direct_off(page, c->ph) ||
        (admin && !param_bool(c->ph->params, P_Enable_Web_Admin_Access, 0)))
        web_refuse(c->reply, 403, "Forbidden");
    else if (!(page->methods & method_bit(c->req->method)))
        refuse_method(page, c->reply);
    else if ((page->acts || strcmp(c->req->method, "POST") == 0) && web_is_foreign(c->req))
        web_refuse(c->reply, 403, "Forbidden");
    else if (page->gate != GATE_NONE && !web_may_enter(c->ph, c->req, c->query, admin))
        web_challenge(c->ph, admin, c->reply);
    else
        page->show(c);
}

/* 6800: "/admin/config.xml&xuser=admin&xpassword=pw", without a question mark (14). */
static void split_path(const struct phone *ph, const struct httpd_req *req, char *path, char *query,
                       size_t size)
{
    char *cut;

    snprintf(path, size, "%s", req->path);
    snprintf(query, size, "%s", req->query);
    cut = ph->model->family == FAMILY_MPP68XX ? strstr(path, "&xuser=") : NULL;
    if (cut) {
        snprintf(query, size, "%s", cut + 1);
        *cut = '\0';
    }
}

void phone_web(struct phone *ph, const struct httpd_req *req, struct httpd_reply *reply)
{
    char path[WEB_QUERY_BYTES], query[WEB_QUERY_BYTES];
    const struct web_call c = {.ph = ph, .req = req, .query = query, .reply = reply};

    split_path(ph, req, path, query, sizeof(path));
    const struct web_page *page = find_page(ph, path);
    if ((ph->state != PHONE_UP && ph->state != PHONE_PROVISIONING) || !phone_web_port(ph))
        reply->status = 0;
    else if (!page)
        web_refuse(reply, 404, "Not Found");
    else
        serve(page, &c);
}
