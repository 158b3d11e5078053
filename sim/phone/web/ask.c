/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A 7940 or 7960 does not know who may push: it asks the server behind authenticationURL, and only
 * the exact body AUTHORIZED lets the request through (xml-services.md 9.2). One question at a time
 * [DEF].
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/net/fetch.h"
#include "sim/phone/execute.h"
#include "sim/phone/web/priv.h"

enum { ASK_TIMEOUT_MS = 10000, ASK_BYTES = 1024, ASK_URL_BYTES = 1024, LOGIN_BYTES = 256 };

struct phone_ask {
    struct phone *ph;
    struct fetch *fetch;
    struct httpd_later *later;
    char *form; /* NULL = the picture is asked for */
    size_t form_len;
};

static void destructor(void *arg)
{
    struct phone_ask *a = arg;

    mem_deref(a->fetch);
    mem_deref(a->later);
    mem_deref(a->form);
}

void phone_ask_forget(struct phone *ph)
{
    ph->ask = mem_deref(ph->ask);
}

static void deny(struct phone *ph, struct httpd_reply *reply)
{
    struct phone_execute_answer a;

    if (phone_execute_denied(ph, &a))
        reply->status = 500;
    else
        web_take_execute(ph, &a, reply);
}

static void allow(struct phone *ph, const char *form, size_t len, struct httpd_reply *reply)
{
    struct phone_execute_answer a;

    if (!form)
        web_put_screenshot(ph, reply);
    else if (phone_execute(ph, form, len, &a))
        reply->status = 500;
    else
        web_take_execute(ph, &a, reply);
}

static void answered_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct phone_ask *a = arg;
    struct httpd_reply reply = {.status = 200, .content_type = "text/xml"};
    struct phone *ph = a->ph;

    ph->ask = NULL; /* what is pushed may ask again */
    if (!err && r->len == 10 && memcmp(r->body, "AUTHORIZED", 10) == 0)
        allow(ph, a->form, a->form_len, &reply);
    else
        deny(ph, &reply);
    httpd_answer(a->later, &reply);
    mem_deref(a);
}

static void put_encoded(char *buf, size_t size, const char *text)
{
    size_t at = strlen(buf);

    for (; *text && at + 4 < size; text++) {
        const unsigned char c = (unsigned char)*text;
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || strchr("-._~", c);
        at += (size_t)snprintf(buf + at, size - at, plain ? "%c" : "%%%02X", c);
    }
}

/* The names in the query: those that services written for these phones read [DEF]. */
static void print_url(const struct phone *ph, char *buf, size_t size, const char *user,
                      const char *password)
{
    const char *url = param_get(ph->params, P_Authentication_URL, 0);
    const uint8_t *mac = ph->id.mac;

    snprintf(buf, size, "%s%cUserID=", url, strchr(url, '?') ? '&' : '?');
    put_encoded(buf, size, user);
    size_t at = strlen(buf);
    snprintf(buf + at, size - at, "&Password=");
    put_encoded(buf, size, password);
    at = strlen(buf);
    snprintf(buf + at, size - at, "&devicename=SEP%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2],
             mac[3], mac[4], mac[5]);
}

static int start(struct phone_ask *a, const struct web_call *c, const char *url)
{
    char agent[128];

    device_http_ua_print(agent, sizeof(agent), c->ph->model, &c->ph->id);
    const struct fetch_req req = {.url = url,
                                  .user_agent = agent,
                                  .ca_file = c->ph->env->ca_file,
                                  .tls.trust = phone_trust(c->ph),
                                  .local = c->ph->addr,
                                  .timeout_ms = ASK_TIMEOUT_MS,
                                  .max_bytes = ASK_BYTES,
                                  .owner = c->ph,
                                  .page = true};
    return fetch_start(&a->fetch, c->ph->env->fetcher, &req, answered_handler, a);
}

static int ask(const struct web_call *c, bool push, const char *url)
{
    struct phone_ask *a = mem_zalloc(sizeof(*a), destructor);

    if (!a)
        return ENOMEM;
    a->ph = c->ph;
    if (push) {
        a->form_len = c->req->body_len;
        a->form = mem_alloc(a->form_len + 1, NULL);
        if (a->form)
            memcpy(a->form, c->req->body, a->form_len);
    }
    int err = push && !a->form ? ENOMEM : start(a, c, url);
    if (!err)
        err = httpd_postpone(&a->later, c->req);
    if (err)
        mem_deref(a);
    else
        c->ph->ask = a;
    return err;
}

void web_ask(const struct web_call *c, bool push)
{
    const char *user, *password;
    char login[LOGIN_BYTES], url[ASK_URL_BYTES];

    if (c->ph->ask) {
        web_refuse(c->reply, 503, "Service Unavailable");
        return;
    }
    if (!*param_get(c->ph->params, P_Authentication_URL, 0) ||
        !web_basic(c->req->authorization, login, sizeof(login), &user, &password)) {
        deny(c->ph, c->reply);
    } else {
        print_url(c->ph, url, sizeof(url), user, password);
        if (ask(c, push, url))
            deny(c->ph, c->reply);
    }
}
