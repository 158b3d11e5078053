/* SPDX-License-Identifier: BSD-3-Clause */
/* Who calls: a 6800 asks its XML directory for the name (xml-services.md 3.7 [AGMPP]). The answer
 * is a Directory; its first entry counts, what else comes is passed over [DEF]. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/net/fetch.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/prov/prov.h"
#include "sim/xml/object.h"
#include "sim/xml/page.h"
#include "sim/xml/request.h"

enum { ANSWER_BYTES = 65536 };

static void take_name(struct phone_call *pc, const struct fetch_reply *r)
{
    const struct xml_read_config cfg = {.model = pc->ph->model, .firmware = pc->ph->firmware};
    struct parse_err pe = {.text = ""};
    struct xml_page *p = NULL;

    if (xml_page_parse(&p, &cfg, r->body, r->len, &pe))
        return;
    if (p->type->kind == XML_KIND_DIRECTORY && p->n_items && *p->items[0].name) {
        snprintf(pc->name, sizeof(pc->name), "%.63s", p->items[0].name);
        phone_call_changed(pc);
    }
    mem_deref(p);
}

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct phone_call *pc = arg;
    const struct prov_fetch_event ev = {
        .url = r->url, .status = r->status, .us = r->us, .bytes = r->len, .error = r->error};

    pc->lookup = mem_deref(pc->lookup);
    phone_emit(pc->ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &ev});
    if (!err && phone_call_live(pc))
        take_name(pc, r);
}

void phone_lookup_start(struct phone_call *pc)
{
    struct phone *ph = pc->ph;
    const char *directory = param_get(ph->params, P_XML_Directory_Service_URL, 0);
    char base[PHONE_URL_MAX], url[PHONE_URL_MAX + sizeof(pc->number) + 8];
    struct xml_request request;
    struct fetch_req req = {.url = url,
                            .ca_file = ph->env->ca_file,
                            .tls.trust = phone_trust(ph),
                            .local = ph->addr,
                            .max_bytes = ANSWER_BYTES,
                            .owner = ph};

    if (ph->model->family != FAMILY_MPP68XX || !*directory || !*pc->number ||
        pc->number[strspn(pc->number, "0123456789*+")] ||
        !phone_service_url(ph, directory, base, sizeof(base)))
        return;
    snprintf(url, sizeof(url), "%s%sn=%s%s", base, strchr(base, '?') ? "&" : "?",
             *pc->number == '+' ? "%2B" : "", pc->number + (*pc->number == '+'));
    xml_request_fill(&request, &req, ph->model, &ph->id, NULL);
    phone_service_login(ph, &req.uid, &req.pwd, &req.cnonce);
    (void)fetch_start(&pc->lookup, ph->env->fetcher, &req, fetched_handler, pc); /* no name then */
}
