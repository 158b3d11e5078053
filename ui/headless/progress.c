/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/headless/headless.h"

#include <errno.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/farm.h"
#include "sim/loop/timer.h"

enum { MOVING_MS = 200, PLAIN_MS = 5000, LINE_BYTES = 256 };

struct progress {
    struct farm *f;
    struct timer timer;
    bool terminal;
    bool shown;
    double last_s;
    uint64_t last_ok, last_requests;
    double rate, request_rate; /* registrations and requests per second, smoothed */
};

static void update_rate(struct progress *p)
{
    const struct farm_totals *t = farm_totals(p->f);
    const double now = farm_elapsed_s(p->f), passed = now - p->last_s;

    if (passed < 0.05)
        return;
    const double rate = (double)(t->reg.ok - p->last_ok) / passed;
    const double requests = (double)(t->requests - p->last_requests) / passed;
    p->rate = p->last_s > 0 ? (p->rate + rate) / 2 : rate;
    p->request_rate = p->last_s > 0 ? (p->request_rate + requests) / 2 : requests;
    p->last_s = now;
    p->last_ok = t->reg.ok;
    p->last_requests = t->requests;
}

/* A line that is wider than the terminal would stay there, once for each tick. */
static int columns(void)
{
    struct winsize ws;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 1 ? ws.ws_col - 1 : LINE_BYTES;
}

static void line(const struct progress *p, int width, double rate, double requests)
{
    const struct farm_totals *t = farm_totals(p->f);
    char text[LINE_BYTES];

    snprintf(text, sizeof(text),
             "%.1f s  booting %u  provisioned %u  registered %u of %u  failed %u  %.0f requests/s  "
             "%llu errors  %.0f registrations/s",
             farm_elapsed_s(p->f), t->booting, t->provisioned, t->registered, t->phones, t->failed,
             requests, (unsigned long long)(t->fetch.error + t->reg.error), rate);
    fprintf(stderr, "%.*s", width, text);
}

static void tick_handler(void *arg)
{
    struct progress *p = arg;

    update_rate(p);
    if (p->terminal)
        fputs("\r", stderr);
    line(p, p->terminal ? columns() : LINE_BYTES, p->rate, p->request_rate);
    fputs(p->terminal ? "\033[K" : "\n", stderr);
    fflush(stderr);
    p->shown = p->terminal;
    timer_start(farm_loop(p->f), &p->timer, p->terminal ? MOVING_MS : PLAIN_MS, tick_handler, p);
}

static void wipe(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

static void destructor(void *arg)
{
    struct progress *p = arg;
    timer_cancel(&p->timer);
    wipe(p);
}

int progress_open(struct progress **pp, struct farm *f)
{
    struct progress *p = mem_zalloc(sizeof(*p), destructor);

    if (!p)
        return ENOMEM;
    p->f = f;
    p->terminal = isatty(STDERR_FILENO);
    timer_start(farm_loop(f), &p->timer, p->terminal ? MOVING_MS : PLAIN_MS, tick_handler, p);
    *pp = p;
    return 0;
}

void progress_last(struct progress *p)
{
    const double s = farm_elapsed_s(p->f);

    wipe(p);
    const struct farm_totals *t = farm_totals(p->f); /* over the whole run */
    line(p, LINE_BYTES, s > 0 ? (double)t->reg.ok / s : 0, s > 0 ? (double)t->requests / s : 0);
    fputc('\n', stderr);
}
