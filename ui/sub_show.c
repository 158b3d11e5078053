/* SPDX-License-Identifier: BSD-3-Clause */
/* spafarm show: phones in a window, on the embedded lab unless told otherwise. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/farm/farm.h"
#include "sim/farm/options.h"
#include "sim/loop/loop.h"
#include "ui/args.h"
#include "ui/frontend.h"
#include "ui/host.h"
#include "ui/limits.h"
#include "ui/sub.h"

struct show {
    struct farm_options o;
    struct frontend_config look;
    const char *control;
    const struct frontend *frontend;
    void *fe;
    struct host host;
};

static const struct farm_option table[] = {
    {"mute", NULL, "no sound", false},
    {"dark", NULL, "dark surroundings", false},
    {"bare", NULL, "the phones alone, without the panel beside them", false},
    {"zoom", "N", "a phone is N times 250 pixels wide (as large as fits)", false},
    {"control", "S", "control socket (spafarm.sock in the user's runtime directory)", false},
};

static int own_option(struct show *s, const char *name, const char *value)
{
    char *end;

    if (strcmp(name, "mute") == 0)
        s->look.mute = true;
    else if (strcmp(name, "dark") == 0)
        s->look.dark = true;
    else if (strcmp(name, "bare") == 0)
        s->look.bare = true;
    else if (strcmp(name, "control") == 0)
        s->control = value;
    else {
        s->look.zoom = strtod(value, &end);
        if (end == value || *end || !(s->look.zoom >= 0.5 && s->look.zoom <= 12))
            return sub_error(EXIT_USAGE, "--zoom is a number from 0.5 to 12, not \"%s\"", value);
    }
    return EXIT_HOLDS;
}

static int read_words(struct show *s, int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "show"};
    enum args_result what;
    char err[400] = "";
    int code = EXIT_HOLDS;

    a.tables[0] = table;
    a.n[0] = sizeof(table) / sizeof(table[0]);
    a.tables[1] = farm_option_table(&a.n[1]);
    while (!code && (what = args_next(&a)) != ARGS_END) {
        if (what == ARGS_ERROR)
            return EXIT_USAGE;
        if (what == ARGS_WORD && !device_model_find(a.value))
            return sub_error(EXIT_USAGE, "there is no model \"%s\" (see spafarm models)", a.value);
        if (a.found >= table && a.found < table + a.n[0])
            code = own_option(s, a.found->name, a.value);
        else if (farm_option_set(&s->o, what == ARGS_WORD ? "model" : a.found->name, a.value, err,
                                 sizeof(err)))
            code = sub_error(EXIT_USAGE, "%s", err);
    }
    return code;
}

/* What the options leave open (interface.md 3). */
static int set_defaults(struct farm_options *o, bool mute)
{
    char err[200];
    int e = 0;

    if (!o->count && !o->accounts)
        e = farm_option_set(o, "count", "1", err, sizeof(err));
    if (!e && !o->media)
        e = farm_option_set(o, "media", "on", err, sizeof(err));
    for (char **set = o->sets; set && *set; set++)
        mute |= strncmp(*set, "Sim_Media_Source=", 17) == 0;
    if (!e && !mute) /* the user's own voice */
        e = farm_option_set(o, "set", "Sim_Media_Source=live", err, sizeof(err));
    return e ? sub_error(EXIT_REFUSED, "no memory") : EXIT_HOLDS;
}

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct show *s = arg;

    (void)f;
    s->frontend->event(s->fe, ph, ev);
}

static int run(struct show *s)
{
    char err[300] = "";

    if (s->frontend->open(&s->fe, &s->look, err, sizeof(err)))
        return sub_error(EXIT_REFUSED, "no window: %s", err);
    int code = farm_observe(s->host.f, event_handler, s) ? sub_error(EXIT_REFUSED, "no memory") : 0;
    if (!code) {
        farm_power_on(s->host.f, 0);
        loop_run(s->host.lp);
        farm_unobserve(s->host.f, event_handler, s);
    }
    s->frontend->close(s->fe);
    return code;
}

static int show_main(int argc, char **argv)
{
    struct show s = {.frontend = frontend_find("sdl")};

    if (!s.frontend)
        return sub_error(EXIT_REFUSED, "this program was built without its window "
                                       "(cmake -DWITH_SDL=ON brings it); `spafarm run` and "
                                       "`spafarm ctl screen --png` do without");
    signal(SIGPIPE, SIG_IGN);
    farm_options_init(&s.o);
    int code = read_words(&s, argc, argv);
    if (!code)
        code = set_defaults(&s.o, s.look.mute);
    limits_raise();
    if (!code)
        code = host_open(&s.host, &s.o, 1, !s.o.registrar && !s.o.profile_rule);
    s.look.f = s.host.f;
    if (!code)
        code = host_open_control(&s.host, s.control);
    if (!code) {
        host_catch_signals(&s.host);
        farm_set_command(s.host.f, argc, argv);
        code = run(&s);
    }
    host_close(&s.host);
    farm_options_reset(&s.o);
    return code;
}

static void more(void)
{
    puts("show options:");
    args_help(table, sizeof(table) / sizeof(table[0]));
    puts("\nIn the window, F10 tells which keys of the computer press which of the phone's.");
    sub_phone_options();
}

const struct sub sub_show = {
    .name = "show",
    .args = "[MODEL] [--mute] [--dark] [PHONE OPTIONS]",
    .help = "phones in a window: one, or a wall of them with --count",
    .more = more,
    .run = show_main,
};
