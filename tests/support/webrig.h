/* SPDX-License-Identifier: BSD-3-Clause */
/* A phone whose web server is asked without its sockets, in virtual time. */
#ifndef TESTS_SUPPORT_WEBRIG_H
#define TESTS_SUPPORT_WEBRIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sim/net/httpd.h"
#include "sim/phone/phone.h"
#include "tests/support/real_farm.h"

struct webrig {
    struct loop *lp;
    struct farm *f;
    struct phone *ph;
    char host[32];
    const char *origin, *referer, *fetch_site; /* of all that is asked; "" = no such header */
    struct httpd_reply reply;                  /* the last one */
};

static inline int webrig_open(struct webrig *w)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};

    w->origin = w->referer = w->fetch_site = "";
    return loop_alloc(&w->lp, &cfg);
}

static inline void webrig_close(struct webrig *w)
{
    free(w->reply.body);
    mem_deref(w->f);
    mem_deref(w->lp);
}

/* The phone, on 127.net.0.1; it does not register. */
static inline void webrig_phone(struct webrig *w, const char *model, unsigned net)
{
    char addr[24], registrar[24];
    const char *const options[] = {"model",   model, "addr",           addr, "registrar",
                                   registrar, "set", "Register_1_=No", NULL};

    snprintf(addr, sizeof(addr), "127.%u.0.0/24", net % 256);
    snprintf(registrar, sizeof(registrar), "127.%u.0.250", net % 256);
    snprintf(w->host, sizeof(w->host), "127.%u.0.1:8080", net % 256);
    w->f = real_farm_up(w->lp, options);
    w->ph = farm_phone(w->f, 1);
}

/* The status it answers; path with the query, authorization "" = none. */
static inline unsigned webrig_ask(struct webrig *w, const char *authorization, const char *method,
                                  const char *path, const char *body)
{
    const char *query = strchr(path, '?');
    char *own = strdup(path);

    assert_non_null(own);
    own[query ? (size_t)(query - path) : strlen(path)] = '\0';
    const struct httpd_req req = {.method = method,
                                  .path = own,
                                  .query = query ? query + 1 : "",
                                  .user_agent = "",
                                  .authorization = authorization,
                                  .host = w->host,
                                  .origin = w->origin,
                                  .referer = w->referer,
                                  .fetch_site = w->fetch_site,
                                  .body = (const uint8_t *)body,
                                  .body_len = strlen(body),
                                  .peer = "127.0.0.1"};
    free(w->reply.body);
    w->reply = (struct httpd_reply){.status = 200, .content_type = "text/xml"};
    phone_web(w->ph, &req, &w->reply);
    free(own);
    return w->reply.status;
}

#endif
