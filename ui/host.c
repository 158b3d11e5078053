/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/host.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/farm.h"
#include "sim/lab/lab.h"
#include "sim/loop/loop.h"
#include "ui/control/control.h"
#include "ui/sub.h"

static int refusal_code(int err)
{
    switch (err) {
    case EINVAL:
    case EBADMSG:
    case ENOENT:
    case EACCES:
    case EISDIR:
        return EXIT_USAGE;
    default:
        return EXIT_REFUSED;
    }
}

static int open_loop(struct host *h, double time_scale)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL, .time_scale = time_scale};
    const int err = loop_alloc(&h->lp, &cfg);

    if (err == ENOTSUP)
        return sub_error(EXIT_REFUSED, "%s", loop_self_test_text());
    return err ? sub_error(EXIT_REFUSED, "no event loop: %s", strerror(err)) : EXIT_HOLDS;
}

static int open_lab(struct host *h, const struct farm_options *blocks, size_t n)
{
    struct lab_config cfg = {.listen = NULL};
    char text[300] = "";

    for (size_t i = 0; i < n && !cfg.password; i++)
        cfg.password = blocks[i].password; /* the lab knows {user} only */
    const int err = lab_open(&h->lab, h->lp, &cfg, text, sizeof(text));
    if (err)
        return sub_error(EXIT_REFUSED, "the lab does not start: %s",
                         text[0] ? text : strerror(err));
    return EXIT_HOLDS;
}

static int open_farm(struct host *h, const struct farm_options *blocks, size_t n)
{
    char text[400] = "", url[200] = "";
    struct farm_lab lab = {.registrar = NULL};

    if (h->lab) {
        const char *base = lab_http_url(h->lab);
        const size_t len = strlen(base);
        snprintf(url, sizeof(url), "%s%s", base, len && base[len - 1] == '/' ? "" : "/");
        lab = (struct farm_lab){lab_registrar(h->lab), lab_profile_rule(h->lab), url, lab_trust,
                                h->lab};
    }
    int err = farm_alloc(&h->f, h->lp, &blocks[0], &lab, text, sizeof(text));
    for (size_t i = 1; i < n && !err; i++)
        err = farm_add(h->f, &blocks[i], NULL, NULL, text, sizeof(text));
    if (err)
        return sub_error(refusal_code(err), "%s", text[0] ? text : strerror(err));
    return EXIT_HOLDS;
}

int host_open(struct host *h, const struct farm_options *blocks, size_t n, bool with_lab)
{
    int code = open_loop(h, blocks[0].time_scale);

    if (!code && with_lab)
        code = open_lab(h, blocks, n);
    if (!code)
        code = open_farm(h, blocks, n);
    return code;
}

/* Only when nothing can refuse the run any more: a refusal is one line. */
static void announce(const struct host *h)
{
    if (h->lab)
        fprintf(stderr, "lab: registrar %s, profiles %s\n", lab_registrar(h->lab),
                lab_http_url(h->lab));
    fprintf(stderr, "%zu phones, seed %llu\n", farm_count(h->f),
            (unsigned long long)farm_seed(h->f));
}

int host_open_control(struct host *h, const char *path)
{
    char text[300] = "";
    const int err = control_open(&h->control, h->lp, h->f, path, text, sizeof(text));

    if (err && path)
        return sub_error(err == EADDRINUSE || err == ENOMEM ? EXIT_REFUSED : EXIT_USAGE,
                         "--control: %s", text[0] ? text : strerror(err));
    announce(h);
    if (err)
        fprintf(stderr, "no control socket: %s\n", text[0] ? text : strerror(err));
    else
        fprintf(stderr, "control socket %s\n", control_path(h->control));
    return EXIT_HOLDS;
}

static void signal_handler(uv_signal_t *handle, int number)
{
    struct host *h = handle->data;

    (void)number;
    uv_signal_stop(&h->sigint); /* a second one kills */
    uv_signal_stop(&h->sigterm);
    loop_stop(h->lp, 0);
}

void host_catch_signals(struct host *h)
{
    h->has_signals = uv_signal_init(loop_uv(h->lp), &h->sigint) == 0 &&
                     uv_signal_init(loop_uv(h->lp), &h->sigterm) == 0;
    if (!h->has_signals)
        return;
    h->sigint.data = h->sigterm.data = h;
    uv_signal_start(&h->sigint, signal_handler, SIGINT);
    uv_signal_start(&h->sigterm, signal_handler, SIGTERM);
}

static void closed_handler(uv_handle_t *handle)
{
    (void)handle;
}

void host_close(struct host *h)
{
    mem_deref(h->control);
    mem_deref(h->f);
    mem_deref(h->lab);
    if (h->has_signals) {
        uv_close((uv_handle_t *)&h->sigint, closed_handler);
        uv_close((uv_handle_t *)&h->sigterm, closed_handler);
    }
    mem_deref(h->lp); /* runs the close callbacks */
}
