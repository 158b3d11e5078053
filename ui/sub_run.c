/* SPDX-License-Identifier: BSD-3-Clause */
/* spafarm run: loop, lab, farm, control socket; start, wait, report. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <uv.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/farm.h"
#include "sim/loop/loop.h"
#include "sim/loop/timer.h"
#include "ui/headless/headless.h"
#include "ui/host.h"
#include "ui/limits.h"
#include "ui/run_options.h"
#include "ui/sub.h"

enum { SPARE_DESCRIPTORS = 64, FETCH_DESCRIPTORS = 200 };

struct run {
    struct run_options o;
    struct host host;
    struct progress *progress;
    struct events *events, *log;
    struct pcapng *trace;
    struct series_file *series;
    struct timer timeout, end, settle;
    bool reached;    /* --until held */
    bool time_is_up; /* --for, if given */
    bool unregistered;
    bool refused; /* the environment: exit 3 */
    size_t fd_limit;
};

static size_t sockets_per_phone(const struct farm_options *o)
{
    size_t n = 1;

    if (o->sockets && strcmp(o->sockets, "shared") == 0)
        n = 0;
    for (char **s = o->sets; n && s && *s; s++)
        n += strncmp(*s, "User_ID_", 8) == 0 && strncmp(*s, "User_ID_1_", 10) != 0;
    if (o->transport && strcmp(o->transport, "UDP") != 0)
        n += n ? n : 1; /* a stream besides */
    return n;
}

/* All phones may fetch at the same time. */
static bool is_burst(const struct run *r)
{
    bool burst = r->o.pace.spread;

    for (size_t i = 0; i < r->o.n_blocks; i++)
        burst |= r->o.blocks[i].boot && strcmp(r->o.blocks[i].boot, "real") == 0;
    return burst;
}

static int check_descriptors(const struct run *r)
{
    size_t each = 0;

    for (size_t i = 0; i < r->o.n_blocks; i++) {
        const size_t n = sockets_per_phone(&r->o.blocks[i]);
        each = n > each ? n : each;
    }
    const size_t phones = farm_count(r->host.f);
    const size_t boots = is_burst(r) || phones < FETCH_DESCRIPTORS ? phones : FETCH_DESCRIPTORS;
    const char *sockets = r->o.blocks[0].sockets;
    return limits_check(r->fd_limit,
                        phones * each + boots * (r->host.lab ? 2 : 1) + SPARE_DESCRIPTORS,
                        sockets && strcmp(sockets, "shared") == 0);
}

static int open_outputs(struct run *r)
{
    int err = 0;

    if (r->o.events)
        err = events_open(&r->events, r->host.f, r->o.events);
    if (err)
        return sub_error(EXIT_USAGE, "%s: %s", r->o.events, strerror(err));
    if (r->o.trace)
        err = pcapng_open(&r->trace, r->host.f, r->o.trace);
    if (err)
        return sub_error(EXIT_USAGE, "%s: %s", r->o.trace, strerror(err));
    if (r->o.series)
        err = series_open(&r->series, r->host.f, r->o.series);
    if (err)
        return sub_error(EXIT_USAGE, "%s: %s", r->o.series, strerror(err));
    if (r->o.log || r->o.verbose)
        err = log_open(&r->log, r->host.f, r->o.log, r->o.verbose);
    if (err)
        return sub_error(EXIT_USAGE, "%s: %s", r->o.log ? r->o.log : "log", strerror(err));
    err = progress_open(&r->progress, r->host.f);
    return err ? sub_error(EXIT_REFUSED, "%s", strerror(err)) : EXIT_HOLDS;
}

static void end_if_done(struct run *r)
{
    if ((!r->o.has_until || r->reached) && r->time_is_up)
        loop_stop(r->host.lp, 0);
}

static void end_handler(void *arg)
{
    struct run *r = arg;
    r->time_is_up = true;
    end_if_done(r);
}

static void timeout_handler(void *arg)
{
    struct run *r = arg;
    loop_stop(r->host.lp, 0);
}

static bool goal_holds(const struct run *r)
{
    const struct farm_totals *t = farm_totals(r->host.f);

    switch (r->o.until) {
    case PHONE_REGISTERED:
        return t->registered == t->phones;
    case PHONE_PROVISIONED:
        return t->provisioned == t->phones;
    default:
        return t->idle == t->phones;
    }
}

/* Ends from the loop, when the event that completed the farm has reached everybody. */
static void settle_handler(void *arg)
{
    struct run *r = arg;

    if (r->reached || !goal_holds(r))
        return;
    r->reached = true;
    timer_cancel(&r->timeout);
    end_if_done(r);
}

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct run *r = arg;

    (void)f;
    (void)ph;
    /* A shared port that another farm holds fails for all phones alike. */
    if (ev->ev == PHONE_EV_ERROR && ev->text && r->o.blocks[0].sockets && !r->refused &&
        strcmp(r->o.blocks[0].sockets, "shared") == 0 && strcmp(ev->text, "SIP port taken") == 0) {
        r->refused = true;
        loop_stop(r->host.lp, 0);
    }
    if (r->o.has_until && !r->reached && goal_holds(r) && !timer_running(&r->settle))
        timer_start(r->host.lp, &r->settle, 0, settle_handler, r);
}

static void start_timers(struct run *r)
{
    r->time_is_up = r->o.for_s <= 0;
    if (r->o.for_s > 0)
        timer_start(r->host.lp, &r->end, (uint64_t)(r->o.for_s * 1000), end_handler, r);
    else if (!r->o.has_until)
        r->time_is_up = false; /* until a signal */
    if (r->o.has_until)
        timer_start(r->host.lp, &r->timeout, (uint64_t)(r->o.timeout_s * 1000), timeout_handler, r);
    if (r->o.has_until && !farm_count(r->host.f)) /* an empty shard holds at once */
        timer_start(r->host.lp, &r->settle, 0, settle_handler, r);
}

static void unregistered_handler(void *arg)
{
    struct run *r = arg;
    r->unregistered = true;
    loop_stop(r->host.lp, 0);
}

static int write_report(const struct run *r, const json_t *report)
{
    if (!r->o.report || report_write(r->o.report, report) == 0)
        return EXIT_HOLDS;
    return sub_error(EXIT_REFUSED, "%s: the report could not be written", r->o.report);
}

static bool is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* A reader of stdout may leave; a disk that is full must be told. */
static int check_outputs(const struct run *r)
{
    const char *lost = NULL;

    if (r->events && !is_stdout(r->o.events) && !events_written(r->events))
        lost = r->o.events;
    else if (r->trace && !pcapng_written(r->trace))
        lost = r->o.trace;
    else if (r->series && !is_stdout(r->o.series) && !series_written(r->series))
        lost = r->o.series;
    else if (r->log && r->o.log && !events_written(r->log))
        lost = r->o.log;
    return lost ? sub_error(EXIT_REFUSED, "%s: not everything could be written", lost) : EXIT_HOLDS;
}

static int finish(struct run *r)
{
    bool unregister = false;

    timer_cancel(&r->timeout);
    timer_cancel(&r->end);
    if (r->refused)
        return sub_error(EXIT_REFUSED,
                         "--sockets shared needs its SIP port free on every address; another "
                         "program or farm of this machine has it");
    json_t *report = farm_report(r->host.f);
    const bool valid = farm_verdict_valid(r->host.f);
    const bool holds = !r->o.has_until || r->reached;

    progress_last(r->progress);
    r->progress = mem_deref(r->progress);
    for (size_t i = 0; i < r->o.n_blocks; i++)
        unregister |= r->o.blocks[i].unregister;
    if (unregister) {
        farm_unregister(r->host.f, unregistered_handler, r);
        loop_run(r->host.lp);
    }
    const int lost = check_outputs(r);
    r->events = mem_deref(r->events); /* their last lines are out before the table */
    r->series = mem_deref(r->series);
    const bool taken = is_stdout(r->o.events) || is_stdout(r->o.report) || is_stdout(r->o.series);
    FILE *out = taken ? stderr : stdout;
    table_print(out, report);
    int code = write_report(r, report);
    json_decref(report);
    if (code || lost)
        return code ? code : lost;
    if (!valid)
        return EXIT_INVALID;
    return holds ? EXIT_HOLDS : EXIT_FAILS;
}

static void close_all(struct run *r)
{
    timer_cancel(&r->timeout);
    timer_cancel(&r->end);
    timer_cancel(&r->settle);
    mem_deref(r->progress);
    mem_deref(r->events);
    mem_deref(r->trace);
    mem_deref(r->series);
    mem_deref(r->log);
    host_close(&r->host);
    run_options_reset(&r->o);
}

static int run_main(int argc, char **argv)
{
    struct run r = {.reached = false};
    int code = run_options_parse(&r.o, argc, argv);

    signal(SIGPIPE, SIG_IGN); /* a reader that goes away ends no run */
    r.fd_limit = limits_raise();
    if (!code)
        code = host_open(&r.host, r.o.blocks, r.o.n_blocks, r.o.lab);
    if (!code && r.o.has_until)
        farm_set_goal(r.host.f, r.o.until);
    if (!code)
        code = check_descriptors(&r);
    if (!code)
        code = open_outputs(&r);
    if (!code)
        code = host_open_control(&r.host, r.o.control);
    if (!code && farm_observe(r.host.f, event_handler, &r))
        code = sub_error(EXIT_REFUSED, "no memory");
    if (!code) {
        host_catch_signals(&r.host);
        farm_set_command(r.host.f, argc, argv);
        uv_update_time(loop_uv(r.host.lp)); /* making thousands of phones took a while */
        start_timers(&r);
        farm_power_on_paced(r.host.f, &r.o.pace);
        loop_run(r.host.lp);
        code = finish(&r);
    }
    close_all(&r);
    return code;
}

const struct sub sub_run = {
    .name = "run",
    .args = "[FARM.lua] [PHONE OPTIONS] [RUN OPTIONS]",
    .help = "boot a farm, headless",
    .details =
        "run options:\n"
        "  --rate N              phones powered on per second (as fast as the servers answer);\n"
        "                        with --shard: of this part alone\n"
        "  --ramp DURATION       that rate grows from nothing for so long\n"
        "  --spread DURATION     each phone a random time later, up to this; without --rate all\n"
        "                        within it, however the servers answer (0 = all at once)\n"
        "  --for DURATION        end after this time (90, 90s, 5m, 2h)\n"
        "  --until COND          end when every phone is registered, provisioned or idle\n"
        "  --timeout DURATION    give --until up after this time, exit 1 (60s)\n"
        "  --report F.json       write the report to a file (- = stdout)\n"
        "  --events F            every event as a JSON line (- = stdout)\n"
        "  --series F.csv        what happened in each second, as it ends (- = stdout)\n"
        "  --trace F.pcapng      every SIP message as a packet, for Wireshark and tshark\n"
        "  --control S           control socket (spafarm.sock in the user's runtime directory)\n"
        "  --log F, -v           what happens to phones, in words, to a file or stderr\n"
        "\n"
        "Ends by --until, --for, SIGINT or SIGTERM. Exit: 0 it holds, 1 --until was not reached,\n"
        "2 wrong use, 3 the machine refused, 4 the farm itself was the bottleneck.\n",
    .more = sub_phone_options,
    .run = run_main,
};
