/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The phone's own web server (provisioning.md 14, devices.md 14): commands, dumps, log-in. A page
 * is a row of the table below.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re.h>

#include "sim/net/httpd.h"
#include "sim/phone/priv.h"
#include "sim/prov/dump.h"
#include "sim/sip/auth.h"

typedef void(page_h)(struct phone *ph, const struct httpd_req *req, const char *query,
                     struct httpd_reply *reply);

struct page {
    const char *path;
    bool acts; /* it does something: not by HEAD */
    page_h *show;
};

enum { QUERY_BYTES = 1024 };

/* ---- answers */

static void answer_text(struct httpd_reply *reply, const char *type, const char *text)
{
    char *copy = strdup(text);

    if (!copy) {
        reply->status = 500;
        return;
    }
    reply->content_type = type;
    reply->body = (uint8_t *)copy;
    reply->len = strlen(copy);
}

static void refuse(struct httpd_reply *reply, uint16_t status, const char *text)
{
    reply->status = status;
    answer_text(reply, "text/html", text);
}

/* The page claims so whatever comes of it (A3). */
static void promise(struct httpd_reply *reply, const char *what)
{
    char page[160];

    snprintf(page, sizeof(page),
             "<html><body>The phone will %s when it is not in use.</body></html>\n", what);
    answer_text(reply, "text/html", page);
}

/* ---- commands */

/* A URL that names no server means the host that asks [X 18]. */
static void show_resync(struct phone *ph, const struct httpd_req *req, const char *query,
                        struct httpd_reply *reply)
{
    (void)phone_resync_from(ph, *query ? query : NULL, req->peer);
    promise(reply, "resync");
}

static void show_upgrade(struct phone *ph, const struct httpd_req *req, const char *query,
                         struct httpd_reply *reply)
{
    const char *scheme = strstr(query, "://"), *server = scheme ? scheme + 3 : query;
    const char *name = ph->model->family == FAMILY_WIP310 ? "/wip310.img" : "/spa.bin";
    char url[QUERY_BYTES + 16];

    snprintf(url, sizeof(url), "%s%s", query, strchr(server, '/') ? "" : name); /* A1, A3 */
    (void)phone_upgrade(ph, url, req->peer);
    promise(reply, "upgrade");
}

static void show_reboot(struct phone *ph, const struct httpd_req *req, const char *query,
                        struct httpd_reply *reply)
{
    (void)req;
    (void)query;
    phone_reboot_when_idle(ph, false, "User Triggered");
    promise(reply, "reboot");
}

/* ---- dumps */

static void group_handler(const char *group, const char *name, const char *value, void *arg)
{
    dump_element(arg, name, group, value);
}

static void plain_handler(const char *group, const char *name, const char *value, void *arg)
{
    (void)group;
    dump_element(arg, name, NULL, value);
}

static void take_stream(struct httpd_reply *reply, FILE *f, char **text, const size_t *len)
{
    const int failed = ferror(f);

    if (fclose(f) || failed) {
        free(*text);
        reply->status = 500;
        return;
    }
    reply->content_type = "text/xml";
    reply->body = (uint8_t *)*text;
    reply->len = *len;
}

/* No XML declaration: field scripts count lines (15.3). */
static void show_dump(struct phone *ph, const struct httpd_req *req, const char *query,
                      struct httpd_reply *reply)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    (void)req;
    (void)query;
    if (!f) {
        reply->status = 500;
        return;
    }
    fputs("<flat-profile>\n", f);
    phone_info(ph, &(struct phone_info_sink){group_handler, f});
    dump_params(f, ph->params, ph->model, NULL, NULL);
    fputs("</flat-profile>\n", f);
    take_stream(reply, f, &text, &len);
}

static void show_status(struct phone *ph, const struct httpd_req *req, const char *query,
                        struct httpd_reply *reply)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    (void)req;
    (void)query;
    if (!f) {
        reply->status = 500;
        return;
    }
    fputs("<flat-status>\n", f);
    phone_info(ph, &(struct phone_info_sink){plain_handler, f});
    fputs("</flat-status>\n", f);
    take_stream(reply, f, &text, &len);
}

static const struct page pages[] = {
    {"/admin/resync", true, show_resync},      {"/admin/upgrade", true, show_upgrade},
    {"/admin/reboot", true, show_reboot},      {"/resync", true, show_resync},
    {"/upgrade", true, show_upgrade},          {"/reboot", true, show_reboot},
    {"/admin/spacfg.xml", false, show_dump},   {"/admin/cfg.xml", false, show_dump},
    {"/admin/status.xml", false, show_status}, {"/status.xml", false, show_status},
};

/* ---- log-in */

static const char *password_of(const struct phone *ph, bool admin)
{
    if (!admin)
        return param_get(ph->params, P_User_Password, 0);
    const char *password = param_get(ph->params, P_Admin_Password, 0); /* 525G, MPP */
    return *password ? password : param_get(ph->params, P_Admin_Passwd, 0);
}

static bool is_basic_right(const char *authorization, const char *user, const char *password)
{
    char decoded[256], *colon;
    size_t len = sizeof(decoded) - 1;
    const char *text = authorization + 6;

    if (strncasecmp(authorization, "Basic ", 6) != 0 || strlen(text) > 320 ||
        base64_decode(text, strlen(text), (uint8_t *)decoded, &len))
        return false;
    decoded[len] = '\0';
    colon = strchr(decoded, ':');
    if (!colon)
        return false;
    *colon = '\0';
    return strcmp(decoded, user) == 0 && strcmp(colon + 1, password) == 0;
}

static void print_nonce(const struct phone *ph, char nonce[17])
{
    snprintf(nonce, 17, "%016llx", (unsigned long long)ph->web_nonce);
}

static bool is_digest_right(const struct phone *ph, const struct httpd_req *req, const char *user,
                            const char *password)
{
    struct auth_response ar;
    struct pl value;
    char nonce[17];

    if (!ph->web_nonce || strncasecmp(req->authorization, "Digest ", 7) != 0)
        return false;
    pl_set_str(&value, req->authorization);
    print_nonce(ph, nonce);
    return auth_response_parse(&ar, &value) == 0 && strcmp(ar.nonce, nonce) == 0 &&
           strcmp(ar.username, user) == 0 && auth_response_check(&ar, req->method, password);
}

/* MPP: "&xuser=admin&xpassword=pw" ends the query; it is cut off. */
static bool are_in_query(const struct phone *ph, char *query, const char *user,
                         const char *password)
{
    char wanted[256];
    char *at = strstr(query, "xuser=");

    if (ph->model->family != FAMILY_MPP68XX || !at || (at != query && at[-1] != '&'))
        return false;
    snprintf(wanted, sizeof(wanted), "xuser=%s&xpassword=%s", user, password);
    const bool right = strcmp(at, wanted) == 0;
    at[at == query ? 0 : -1] = '\0';
    return right;
}

/* Digest is offered first (14 R:). */
static void challenge(struct phone *ph, const char *user, struct httpd_reply *reply)
{
    char nonce[17];

    while (!ph->web_nonce)
        ph->web_nonce = rng_u64(&ph->rng);
    print_nonce(ph, nonce);
    refuse(reply, 401, "<html><body>401 Unauthorized</body></html>\n");
    snprintf(reply->headers, sizeof(reply->headers),
             "WWW-Authenticate: Digest realm=\"spa %s\", nonce=\"%s\", algorithm=MD5, "
             "qop=\"auth\"\r\nWWW-Authenticate: Basic realm=\"spa %s\"\r\n",
             user, nonce, user);
}

/* Without a password nobody is asked for one (A1, A3). */
static bool may_enter(struct phone *ph, const struct httpd_req *req, char *query, bool admin)
{
    const char *user = admin ? "admin" : "user", *password = password_of(ph, admin);
    const bool named = are_in_query(ph, query, user, password);

    return !*password || named || is_basic_right(req->authorization, user, password) ||
           is_digest_right(ph, req, user, password);
}

/* ---- */

uint16_t phone_web_port(const struct phone *ph)
{
    const uint32_t port = param_u32(ph->params, P_Web_Server_Port, 0);

    return param_bool(ph->params, P_Enable_Web_Server, 0) && port <= UINT16_MAX ? (uint16_t)port
                                                                                : 0;
}

/* Commands need administrator rights with and without /admin (A3). */
static bool is_for_admin(const struct page *page)
{
    return page->acts || strncmp(page->path, "/admin", 6) == 0;
}

static const struct page *find_page(const char *path)
{
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(pages[i].path, path) == 0)
            return &pages[i];
    }
    return NULL;
}

void phone_web(struct phone *ph, const struct httpd_req *req, struct httpd_reply *reply)
{
    const struct page *page = find_page(req->path);
    char query[QUERY_BYTES];

    snprintf(query, sizeof(query), "%s", req->query);
    if ((ph->state != PHONE_UP && ph->state != PHONE_PROVISIONING) || !phone_web_port(ph)) {
        reply->status = 0;
    } else if (!page) {
        refuse(reply, 404, "<html><body>404 Not Found</body></html>\n");
    } else if (is_for_admin(page) && !param_bool(ph->params, P_Enable_Web_Admin_Access, 0)) {
        refuse(reply, 403, "<html><body>403 Forbidden</body></html>\n");
    } else if (strcmp(req->method, "GET") != 0 && strcmp(req->method, "POST") != 0 &&
               (page->acts || strcmp(req->method, "HEAD") != 0)) {
        refuse(reply, 405, "<html><body>405 Method Not Allowed</body></html>\n");
    } else if (!may_enter(ph, req, query, is_for_admin(page))) {
        challenge(ph, is_for_admin(page) ? "admin" : "user", reply);
    } else {
        page->show(ph, req, query, reply);
    }
}
