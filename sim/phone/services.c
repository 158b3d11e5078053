/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages that somebody pushes to the phone (sip-behaviour.md 3.3; request headers:
 * xml-services.md 8.1). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <stdint.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/xmldoc.h"
#include "sim/net/fetch.h"
#include "sim/phone/priv.h"
#include "sim/prov/prov.h"

enum { PAGE_MAX_BYTES = 512 << 10, AGENT_MAX = 128 };

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct phone *ph = arg;
    const struct prov_fetch_event ev = {
        .url = r->url, .status = r->status, .us = r->us, .bytes = r->len, .error = r->error};

    (void)err;
    ph->page_fetch = mem_deref(ph->page_fetch);
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &ev});
}

int phone_open_url(struct phone *ph, const char *url, size_t len)
{
    char copy[PHONE_URL_MAX], agent[AGENT_MAX];

    if (len >= sizeof(copy))
        return E2BIG;
    memcpy(copy, url, len);
    copy[len] = '\0';
    device_http_ua_print(agent, sizeof(agent), ph->model, &ph->id);

    const struct fetch_req req = {
        .url = copy,
        .user_agent = agent,
        .uid = param_get(ph->params, P_XML_User_Name, 0),
        .pwd = param_get(ph->params, P_XML_Password, 0),
        .ca_file = ph->env->ca_file,
        .local = ph->addr,
        .max_bytes = PAGE_MAX_BYTES,
        .owner = ph,
    };
    ph->page_fetch = mem_deref(ph->page_fetch); /* the newest page wins */
    return fetch_start(&ph->page_fetch, ph->env->fetcher, &req, fetched_handler, ph);
}

/* ---- objects that come by themselves */

enum { EXECUTE_ITEMS = 3 }; /* xml-services.md 3.11 */

struct execute {
    struct phone *ph;
    bool is_execute;
    unsigned n_items;
};

static bool is_web(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

static int execute_handler(const struct xml_event *ev, void *arg)
{
    struct execute *x = arg;
    char url[PHONE_URL_MAX];

    if (ev->kind != XML_OPEN)
        return 0;
    if (ev->depth == 0)
        x->is_execute = strcmp(ev->name, "CiscoIPPhoneExecute") == 0;
    if (!x->is_execute || strcmp(ev->name, "ExecuteItem") != 0 || x->n_items == EXECUTE_ITEMS)
        return 0;
    x->n_items++;
    xml_attribute(ev, "URL", url, sizeof(url));
    if (is_web(url))
        (void)phone_open_url(x->ph, url, strlen(url));
    return 0;
}

void phone_push_object(struct phone *ph, const char *xml, size_t len)
{
    struct execute x = {.ph = ph};
    struct parse_err pe = {.text = ""};
    char *text = NULL, why[224];
    size_t text_len;

    int err = xml_to_utf8(&text, &text_len, (const uint8_t *)xml, len);
    if (!err)
        err = xml_walk(text, text_len, execute_handler, &x, &pe);
    if (err == EBADMSG) { /* answered 200 all the same (sip-behaviour.md 3.3 [DEF]) */
        snprintf(why, sizeof(why), "pushed XML, line %d: %s", pe.line, pe.text);
        phone_emit_text(ph, PHONE_EV_ERROR, why, NULL);
    }
    free(text);
}

void phone_services_close(struct phone *ph)
{
    ph->page_fetch = mem_deref(ph->page_fetch);
}
