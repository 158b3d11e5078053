/* SPDX-License-Identifier: BSD-3-Clause */
/* POST /CGI/Execute: who may push, how much, and the answer (xml-services.md 3.12, 9.1, 9.2). */
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/phone/execute.h"
#include "sim/phone/web/priv.h"

enum { FORM_MAX = 40 * 1024 /* xml-services.md 8.5 [DNMPP] */ };

void web_take_execute(const struct phone *ph, struct phone_execute_answer *a,
                      struct httpd_reply *reply)
{
    reply->status = (uint16_t)a->status;
    reply->content_type = a->content_type ? a->content_type : "text/html";
    reply->body = (uint8_t *)a->body;
    reply->len = a->body ? strlen(a->body) : 0;
    reply->close = true;
    if (ph->model->family != FAMILY_CP79XX) /* 3.12 [FIELD] */
        snprintf(reply->headers, sizeof(reply->headers),
                 "Cache-Control: must-revalidate\r\nCache-Control: no-store\r\n"
                 "Connection: close\r\n");
}

/* Trusted takes everybody; Local asks for a password only where the user has one. Names of the
 * local accounts [DEF]. A word that is none of the three is the strictest with an account. */
static bool may_push(const struct web_call *c)
{
    const struct phone *ph = c->ph;
    const char *mode = param_get(ph->params, P_CISCO_XML_EXE_Auth_Mode, 0);

    if (strcasecmp(mode, "Trusted") == 0)
        return true;
    if (strcasecmp(mode, "Remote Credential") == 0) {
        const char *name = param_get(ph->params, P_XML_User_Name, 0);
        return *name &&
               web_is_digest_right(ph, c->req, name, param_get(ph->params, P_XML_Password, 0));
    }
    const char *user = web_password(ph, false), *admin = web_password(ph, true);
    return !*user || web_is_digest_right(ph, c->req, "user", user) ||
           (*admin && web_is_digest_right(ph, c->req, "admin", admin));
}

static void execute(const struct web_call *c)
{
    struct phone_execute_answer a;

    if (phone_execute(c->ph, (const char *)c->req->body, c->req->body_len, &a))
        c->reply->status = 500;
    else if (!a.waits || web_hold(c, &a))
        web_take_execute(c->ph, &a, c->reply);
}

void web_execute(const struct web_call *c)
{
    if (c->req->body_len > FORM_MAX)
        web_refuse(c->reply, 413, "Request Entity Too Large");
    else if (c->ph->model->family == FAMILY_CP79XX)
        web_ask(c, true);
    else if (may_push(c))
        execute(c);
    else
        web_challenge_digest(c->ph, c->ph->model->product, c->reply);
}
