/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "sim/net/fetch.h"

enum { SOURCE_MAX = 64 << 20 };

struct pull {
    struct source *s;
    struct loop *lp;
    int err;
};

static int read_stream(struct source *s, FILE *f)
{
    size_t size = 0;

    for (;;) {
        if (s->len + 1 >= size) {
            size = size ? size * 2 : 65536;
            uint8_t *data = size <= SOURCE_MAX ? realloc(s->data, size) : NULL;
            if (!data)
                return E2BIG;
            s->data = data;
        }
        const size_t n = fread(s->data + s->len, 1, size - s->len - 1, f);
        if (!n)
            return ferror(f) ? errno : 0; /* EISDIR */
        s->len += n;
    }
}

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct pull *p = arg;

    p->err = err;
    fetch_header(r->head, "Content-Type", p->s->content_type, sizeof(p->s->content_type));
    if (err) {
        snprintf(p->s->error, sizeof(p->s->error), "%s", r->error);
    } else if (r->len && (p->s->data = malloc(r->len))) {
        memcpy(p->s->data, r->body, r->len);
        p->s->len = r->len;
    }
    loop_stop(p->lp, 0);
}

static int read_url(struct source *s, const struct fetch_req *req)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    struct resolver *dns = NULL;
    struct fetcher *fetcher = NULL;
    struct fetch *fetch = NULL;
    struct pull p = {.s = s};

    int err = loop_alloc(&p.lp, &cfg);
    if (!err)
        err = resolver_alloc(&dns, p.lp, NULL);
    if (!err)
        err = fetcher_alloc(&fetcher, p.lp, dns);
    if (!err)
        err = fetch_start(&fetch, fetcher, req, fetched_handler, &p);
    if (!err)
        loop_run(p.lp);
    mem_deref(fetch);
    mem_deref(fetcher);
    mem_deref(dns);
    mem_deref(p.lp);
    return err ? err : p.err;
}

int source_read(struct source *s, const char *name, const struct fetch_req *req)
{
    struct fetch_req named = *req;
    int err;

    *s = (struct source){.data = NULL};
    named.url = name;
    if (strstr(name, "://")) {
        err = read_url(s, &named);
    } else {
        FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
        err = f ? read_stream(s, f) : errno;
        if (f && f != stdin)
            fclose(f);
    }
    if (err) {
        free(s->data);
        s->data = NULL;
        s->len = 0;
    }
    if (err == EINVAL && strstr(name, "://"))
        snprintf(s->error, sizeof(s->error), "no URL of http, https or tftp");
    if (err && !s->error[0])
        snprintf(s->error, sizeof(s->error), "%s", strerror(err));
    return err;
}

void source_reset(struct source *s)
{
    free(s->data);
    *s = (struct source){.data = NULL};
}
