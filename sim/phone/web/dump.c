/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration and the status as XML (provisioning.md 15.3, devices.md 14). */
#include "sim/phone/web/priv.h"
#include "sim/prov/dump.h"

static void group_handler(const char *group, const char *name, const char *value, void *arg)
{
    dump_element(arg, name, group, value);
}

static void plain_handler(const char *group, const char *name, const char *value, void *arg)
{
    (void)group;
    dump_element(arg, name, NULL, value);
}

/* No XML declaration: field scripts count lines (15.3). */
void web_dump(const struct web_call *c)
{
    struct web_stream s;
    FILE *f = web_stream_open(&s, c->reply);

    if (!f)
        return;
    fputs("<flat-profile>\n", f);
    phone_info(c->ph, &(struct phone_info_sink){group_handler, f});
    dump_params(f, c->ph->params, c->ph->model, NULL, NULL);
    fputs("</flat-profile>\n", f);
    web_stream_take(&s, c->reply, "text/xml");
}

void web_status(const struct web_call *c)
{
    struct web_stream s;
    FILE *f = web_stream_open(&s, c->reply);

    if (!f)
        return;
    fputs("<flat-status>\n", f);
    phone_info(c->ph, &(struct phone_info_sink){plain_handler, f});
    fputs("</flat-status>\n", f);
    web_stream_take(&s, c->reply, "text/xml");
}
