/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a phone's web server, for the files of this folder only. */
#ifndef SIM_PHONE_WEB_PRIV_H
#define SIM_PHONE_WEB_PRIV_H

#include <stdio.h>

#include "sim/net/httpd.h"
#include "sim/phone/priv.h"

enum { WEB_QUERY_BYTES = 1024 };

struct web_call { /* one request on its way */
    struct phone *ph;
    const struct httpd_req *req;
    char *query; /* without credentials */
    struct httpd_reply *reply;
    bool admin;    /* of the pages there are twice: the administrator's */
    bool advanced; /* with all parameters */
};
typedef void(web_page_h)(const struct web_call *c);

/* answer.c */
void web_refuse(struct httpd_reply *reply, uint16_t status, const char *text);
/** The whole body; text is copied. */
void web_text(struct httpd_reply *reply, const char *type, const char *text);
/** A text written into memory. web_stream_open() NULL: the answer is 500 already. */
struct web_stream {
    FILE *f;
    char *text;
    size_t len;
};
FILE *web_stream_open(struct web_stream *s, struct httpd_reply *reply);
void web_stream_take(struct web_stream *s, struct httpd_reply *reply, const char *type);

/* login.c */

/** Without a password nobody is asked for one (A1, A3). Credentials are cut off the query. */
bool web_may_enter(struct phone *ph, const struct httpd_req *req, char *query, bool admin);
/** 401 with Digest and Basic. */
void web_challenge(struct phone *ph, bool admin, struct httpd_reply *reply);
/** "" = nobody is asked for one. Borrowed. */
const char *web_password(const struct phone *ph, bool admin);
bool web_is_digest_right(const struct phone *ph, const struct httpd_req *req, const char *user,
                         const char *password);
/** User and password of "Basic …", or of bare base64 (xml-services.md 9.1); false: it is neither.
 *  They are in buf. */
bool web_basic(const char *authorization, char *buf, size_t size, const char **user,
               const char **password);
void web_challenge_digest(struct phone *ph, const char *realm, struct httpd_reply *reply);

/* origin.c */

/** Did a page of another site make the browser ask for this? Pure. */
bool web_is_foreign(const struct httpd_req *req);

/* push.c */
struct phone_execute_answer;
void web_take_execute(const struct phone *ph, struct phone_execute_answer *a,
                      struct httpd_reply *reply);

/* hold.c: the answer waits for the end of what plays. ENOMEM; a is still the caller's then. */
int web_hold(const struct web_call *c, struct phone_execute_answer *a);

/* ask.c: the 79x0 has credentials judged by a server. push: the form in the body is for Execute;
 * else the picture is wanted. */
void web_ask(const struct web_call *c, bool push);

/* shot.c */
void web_put_screenshot(const struct phone *ph, struct httpd_reply *reply);

/* act.c, dump.c, push.c, pages.c: what is in the table of web.c */
web_page_h web_resync, web_upgrade, web_reboot, web_config;
web_page_h web_dump, web_status;
web_page_h web_user_basic, web_user_advanced, web_admin_basic, web_admin_advanced;
web_page_h web_execute, web_screenshot, web_screen_dump;

#endif
