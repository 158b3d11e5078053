/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/headless/headless.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/farm/farm.h"
#include "sim/prov/prov.h"
#include "sim/sip/line.h"

struct events {
    struct farm *f;
    FILE *out;
    bool close;
    bool all;
    farm_event_h *h;
};

static void json_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct events *e = arg;
    json_t *o = farm_event_json(f, ph, ev);

    if (o && json_dumpf(o, e->out, JSON_COMPACT | JSON_REAL_PRECISION(9)) == 0)
        fputc('\n', e->out);
    json_decref(o);
}

/* One clause about a failure; with all, about steps that went well too. NULL = nothing to say. */
static const char *words(const struct events *e, const struct phone_event *ev, char *buf,
                         size_t size)
{
    switch (ev->ev) {
    case PHONE_EV_FETCH:
        if (!ev->fetch || (!ev->fetch->error && !e->all))
            return NULL;
        snprintf(buf, size, "fetch %s: %s", ev->fetch->url ? ev->fetch->url : "",
                 ev->fetch->error ? ev->fetch->error : "taken");
        return buf;
    case PHONE_EV_REGISTER:
        if (!ev->reg || (ev->reg->state != UA_REG_FAILED && !e->all))
            return NULL;
        if (ev->reg->state == UA_REG_FAILED)
            snprintf(buf, size, "line %u not registered at %s: %u %s", ev->line,
                     ev->reg->server ? ev->reg->server : "", ev->reg->scode,
                     ev->reg->reason ? ev->reg->reason : "");
        else
            snprintf(buf, size, "line %u %s", ev->line,
                     ev->reg->state == UA_REG_OK ? "registered" : "unregistered");
        return buf;
    case PHONE_EV_FAILOVER:
    case PHONE_EV_FALLBACK:
        snprintf(buf, size, "line %u moves from %s to %s: %s", ev->line, ev->text, ev->text2,
                 ev->why);
        return buf;
    case PHONE_EV_ERROR:
        return ev->text ? ev->text : "error";
    case PHONE_EV_REBOOT:
        snprintf(buf, size, "restarts: %s", ev->text ? ev->text : "");
        return buf;
    case PHONE_EV_POWER:
        if (!e->all)
            return NULL;
        return ev->on ? "power on" : "power off";
    default:
        return NULL;
    }
}

static void log_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct events *e = arg;
    char buf[512];
    char line[sizeof(buf)];
    const char *text = words(e, ev, buf, sizeof(buf));

    if (!text)
        return;
    snprintf(line, sizeof(line), "%s", text); /* it may be the event's own */
    fprintf(e->out, "%9.3f phone %u: %s\n", farm_elapsed_s(f), phone_n(ph), utf8_tame(line));
}

static void destructor(void *arg)
{
    struct events *e = arg;

    farm_unobserve(e->f, e->h, e);
    if (e->close)
        fclose(e->out);
    else if (e->out)
        fflush(e->out);
}

static int open_any(struct events **ep, struct farm *f, const char *path, FILE *standard, bool all,
                    farm_event_h *h)
{
    struct events *e = mem_zalloc(sizeof(*e), destructor);
    int err;

    if (!e)
        return ENOMEM;
    e->f = f;
    e->h = h;
    e->all = all;
    e->out = standard;
    if (!standard) {
        e->out = fopen(path, "we");
        e->close = e->out != NULL;
    }
    err = e->out ? farm_observe(f, h, e) : errno;
    if (err)
        mem_deref(e);
    else
        *ep = e;
    return err;
}

int events_open(struct events **ep, struct farm *f, const char *path)
{
    return open_any(ep, f, path, strcmp(path, "-") == 0 ? stdout : NULL, true, json_handler);
}

int log_open(struct events **ep, struct farm *f, const char *path, bool all)
{
    return open_any(ep, f, path, path ? NULL : stderr, all, log_handler);
}

bool events_written(struct events *e)
{
    return fflush(e->out) == 0 && !ferror(e->out);
}
