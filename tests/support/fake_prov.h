/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One phone's provisioning in virtual time, for tests of sim/prov: included once, it defines
 * fetch_start(), so that the linker leaves the real one out, and a fixture around it.
 */
#ifndef TESTS_SUPPORT_FAKE_PROV_H
#define TESTS_SUPPORT_FAKE_PROV_H

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/prov/prov.h"

enum { MAX_FILES = 8, MAX_SEEN = 32, LATENCY_MS = 10, HOUR_S = 3600 };

struct file {
    const char *url, *body; /* body NULL: the fetch fails with error */
    const char *error;
    int err;         /* 0 = ETIMEDOUT */
    uint16_t status; /* with error */
};

struct seen {
    char url[512], agent[128], uid[32], pwd[32];
    char *post;
    size_t post_len;
    char header[64];        /* the first of its own */
    bool bare_path, trusts; /* a custom CA */
    uint32_t timeout_ms;
};

struct fetcher { /* what prov.c sees of it is a name */
    struct loop *lp;
    struct file files[MAX_FILES];
    unsigned n_files, n_seen;
    struct seen seen[MAX_SEEN];
    void (*counted)(void *arg); /* not NULL: called for each request, none is kept in seen */
    void *arg;
};

struct fetch {
    struct timer timer;
    fetch_started_h *started;
    const struct file *file;
    char *url;
    fetch_h *h;
    void *arg;
};

struct fixture {
    struct loop *lp;
    struct strpool *pool;
    struct fetcher fetcher;
    struct rng rng;
    struct device_identity id;
    struct prov_config cfg;
    struct param_set *params;
    struct prov *prov;
    char error[256]; /* of the last file */
    enum prov_class class;
    uint32_t unregistered_s[2];
    unsigned n_fetched, n_done;
    struct prov_result last;
    bool stop_on_fetch, drop_on_done;
    bool busy;
    unsigned n_upgrades; /* attempts */
    bool upgraded;       /* by the last one */
    char version[32];
};

static void fetch_destructor(void *arg)
{
    struct fetch *f = arg;

    timer_cancel(&f->timer);
    free(f->url);
}

static void reply_handler(void *arg)
{
    struct fetch *f = arg;
    struct fetch_reply r = {.class = FETCH_OK,
                            .url = f->url,
                            .server.s_addr = inet_addr("192.0.2.7"),
                            .us = LATENCY_MS * 1000};

    if (f->started)
        f->started(r.server, f->arg);
    if (!f->file) {
        r.class = FETCH_NOT_FOUND;
        r.status = 404;
        r.error = "HTTP 404";
    } else if (f->file->error) {
        r.class = FETCH_FAILED;
        r.error = f->file->error;
        r.status = f->file->status;
    } else {
        r.status = 200;
        r.body = (const uint8_t *)f->file->body;
        r.len = r.total = strlen(f->file->body);
    }
    f->h(r.class == FETCH_OK          ? 0
         : r.class == FETCH_NOT_FOUND ? ENOENT
         : f->file->err               ? f->file->err
                                      : ETIMEDOUT,
         &r, f->arg);
}

static void note(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

int fetch_start(struct fetch **fp, struct fetcher *fr, const struct fetch_req *req, fetch_h *h,
                void *arg)
{
    struct fetch *f = mem_zalloc(sizeof(*f), fetch_destructor);
    struct seen *s = &fr->seen[fr->counted ? 0 : fr->n_seen++];

    assert_non_null(f);
    assert_true(fr->n_seen < MAX_SEEN);
    free(s->post);
    if (fr->counted)
        fr->counted(fr->arg);
    note(s->url, sizeof(s->url), req->url);
    note(s->agent, sizeof(s->agent), req->user_agent);
    note(s->uid, sizeof(s->uid), req->uid);
    note(s->pwd, sizeof(s->pwd), req->pwd);
    s->bare_path = req->bare_path;
    s->timeout_ms = req->timeout_ms;
    s->trusts = req->tls.trust != NULL;
    s->post_len = req->post_len;
    note(s->header, sizeof(s->header), req->headers ? req->headers[0] : NULL);
    s->post = !req->post_body ? NULL
              : req->post_len ? calloc(1, req->post_len + 1)
                              : strdup(req->post_body);
    if (s->post && req->post_len)
        memcpy(s->post, req->post_body, req->post_len);
    for (unsigned i = 0; i < fr->n_files; i++) {
        if (strcmp(fr->files[i].url, req->url) == 0)
            f->file = &fr->files[i];
    }
    f->url = strdup(req->url);
    f->started = req->started;
    f->h = h;
    f->arg = arg;
    timer_start(fr->lp, &f->timer, LATENCY_MS, reply_handler, f);
    *fp = f;
    return 0;
}

static void fetched_handler(const struct prov_fetch_event *ev, void *arg)
{
    struct fixture *f = arg;

    f->n_fetched++;
    f->class = ev->class;
    note(f->error, sizeof(f->error), ev->error);
    if (f->stop_on_fetch)
        prov_stop(f->prov);
}

static void done_handler(const struct prov_result *res, void *arg)
{
    struct fixture *f = arg;

    f->n_done++;
    f->last = *res;
    f->last.error = NULL; /* borrowed */
    assert_int_equal(res->ok, res->error == NULL);
    if (f->drop_on_done)
        f->prov = mem_deref(f->prov);
}

static uint32_t unregistered_handler(unsigned line, void *arg)
{
    const struct fixture *f = arg;

    return f->unregistered_s[line - 1];
}

static bool busy_handler(void *arg)
{
    const struct fixture *f = arg;

    return f->busy;
}

static void upgraded_handler(const struct prov_upgraded *up, void *arg)
{
    struct fixture *f = arg;

    f->n_upgrades++;
    f->upgraded = up->ok;
    note(f->version, sizeof(f->version), up->version);
    note(f->error, sizeof(f->error), up->error);
}

static const struct prov_handlers fixture_handlers = {
    .fetched = fetched_handler,
    .done = done_handler,
    .unregistered_s = unregistered_handler,
    .upgraded = upgraded_handler,
    .busy = busy_handler,
};

static inline int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    assert_non_null(f);
    assert_int_equal(loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}), 0);
    assert_int_equal(strpool_alloc(&f->pool), 0);
    rng_init(&f->rng, 1, 1);
    f->fetcher.lp = f->lp;
    f->id = (struct device_identity){
        .firmware = "7.4.9c", .serial = "CCQ162306EA", .mac = {0x64, 0x9e, 0xf3, 0x78, 0x8e, 0x6a}};
    f->cfg = (struct prov_config){.lp = f->lp,
                                  .fetcher = &f->fetcher,
                                  .id = &f->id,
                                  .rng = &f->rng,
                                  .model = device_model_find("SPA504G"),
                                  .dhcp_value = "192.0.2.1",
                                  .local.s_addr = inet_addr("192.168.1.100")};
    assert_int_equal(param_set_alloc(&f->params, f->cfg.model, f->pool), 0);
    param_set_owner(f->params, &f->id);
    f->cfg.params = f->params;
    assert_int_equal(prov_alloc(&f->prov, &f->cfg, &fixture_handlers, f), 0);
    loop_advance(f->lp, 1000);
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->prov);
    mem_deref(f->params);
    mem_deref(f->pool);
    mem_deref(f->lp);
    for (unsigned i = 0; i < MAX_SEEN; i++)
        free(f->fetcher.seen[i].post);
    free(f);
    return 0;
}

/* The phone was configured with another DHCP value or delay: prov borrows its configuration. */
static inline void again(struct fixture *f)
{
    mem_deref(f->prov);
    assert_int_equal(prov_alloc(&f->prov, &f->cfg, &fixture_handlers, f), 0);
}

/* What a URL brings from now on. */
static inline void put(struct fixture *f, struct file file)
{
    unsigned i = 0;

    while (i < f->fetcher.n_files && strcmp(f->fetcher.files[i].url, file.url) != 0)
        i++;
    assert_true(i < MAX_FILES);
    f->fetcher.files[i] = file;
    if (i == f->fetcher.n_files)
        f->fetcher.n_files++;
}

static inline void serve(struct fixture *f, const char *url, const char *body)
{
    put(f, (struct file){.url = url, .body = body});
}

static inline void fail_with(struct fixture *f, const char *url, const char *error)
{
    put(f, (struct file){.url = url, .error = error});
}

static inline void set(struct fixture *f, const char *name, const char *value)
{
    assert_int_equal(param_set_name(f->params, name, value, PARAM_FROM_PROFILE, NULL), 0);
}

/* What the n-th request so far asked for, and that it is the last one. */
static inline void assert_requests(const struct fixture *f, unsigned n, const char *url)
{
    assert_int_equal(f->fetcher.n_seen, n);
    assert_string_equal(f->fetcher.seen[n - 1].url, url);
}

static inline void boot(struct fixture *f)
{
    assert_int_equal(prov_start(f->prov, PROV_BOOT, NULL), 0);
    loop_advance(f->lp, 1000);
}

static inline void advance_s(struct fixture *f, uint64_t s)
{
    loop_advance(f->lp, s * 1000);
}

#define FACTORY         "tftp://192.0.2.1/spa504G.cfg"
#define PROFILE(inside) "<flat-profile>" inside "</flat-profile>"

#endif
