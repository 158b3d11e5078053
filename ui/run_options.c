/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/run_options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/farm/shard.h"
#include "sim/script/script.h"
#include "ui/args.h"
#include "ui/sub.h"

enum { LAB_COUNT = 100, TIMEOUT_S = 60 };

struct given { /* phone options of the command line, in order */
    const char *name, *value;
};

struct parser {
    struct run_options *r;
    struct given *given;
    size_t n_given;
    unsigned run_given; /* bit i: option i of the table below is on the command line */
    const char *farm_file;
};

static const struct farm_option table[] = {
    {"rate", "N", "phones powered on per second (as fast as the servers answer)", false},
    {"ramp", "DURATION", "the rate grows from nothing for so long", false},
    {"spread", "DURATION", "each phone on a random time later, up to this (0 = all at once)",
     false},
    {"for", "DURATION", "end after this time (90, 90s, 5m, 2h)", false},
    {"until", "COND", "end when every phone is registered, provisioned or idle", false},
    {"timeout", "DURATION", "give --until up after this time, exit 1 (60s)", false},
    {"report", "F.json", "write the report to a file (- = stdout)", false},
    {"events", "F", "every event as a JSON line (- = stdout)", false},
    {"series", "F.csv", "what happened in each second, as it ends (- = stdout)", false},
    {"control", "S", "control socket (spafarm.sock in the user's runtime directory)", false},
    {"log", "F", "what happens to phones, in words, to a file", false},
    {"v", NULL, "tell on stderr what happens to phones", false},
    {"trace", "F.pcapng", "every SIP message as a packet, TLS in the clear, for Wireshark", false},
    {"http", "ADDR:PORT", "comes later", false},
    {"token", "T", "comes later", false},
    {"workers", "N", "comes later", false},
};

const struct farm_option *run_option_table(size_t *n)
{
    *n = sizeof(table) / sizeof(table[0]);
    return table;
}

static int read_until(struct run_options *r, const char *text)
{
    static const struct {
        const char *name;
        enum phone_cond cond;
    } conds[] = {
        {"registered", PHONE_REGISTERED},
        {"provisioned", PHONE_PROVISIONED},
        {"idle", PHONE_IDLE},
    };

    for (size_t i = 0; i < sizeof(conds) / sizeof(conds[0]); i++) {
        if (strcmp(text, conds[i].name) != 0)
            continue;
        r->until = conds[i].cond;
        r->has_until = true;
        return EXIT_HOLDS;
    }
    return sub_error(EXIT_USAGE, "--until is registered, provisioned or idle, not \"%s\"", text);
}

static int read_seconds(double *s, const char *name, const char *text)
{
    *s = sub_duration(text);
    if (*s > 0)
        return EXIT_HOLDS;
    return sub_error(EXIT_USAGE, "--%s is a duration such as 90, 90s, 5m or 2h, not \"%s\"", name,
                     text);
}

static int read_rate(struct run_options *r, const char *text)
{
    char *end;

    const double rate = r->pace.rate = strtod(text, &end);
    if (end != text && !*end && isfinite(rate) && rate >= 0.001 && rate <= 1e6)
        return EXIT_HOLDS;
    return sub_error(EXIT_USAGE, "--rate is a number of phones per second, not \"%s\"", text);
}

static int read_spread(struct run_options *r, const char *text)
{
    r->pace.spread = true;
    r->pace.spread_s = sub_duration(text);
    if (r->pace.spread_s >= 0)
        return EXIT_HOLDS;
    return sub_error(EXIT_USAGE, "--spread is a duration such as 0, 90s or 5m, not \"%s\"", text);
}

static int run_option(struct run_options *r, const char *name, const char *value)
{
    if (strcmp(name, "rate") == 0)
        return read_rate(r, value);
    if (strcmp(name, "ramp") == 0)
        return read_seconds(&r->pace.ramp_s, name, value);
    if (strcmp(name, "spread") == 0)
        return read_spread(r, value);
    if (strcmp(name, "for") == 0)
        return read_seconds(&r->for_s, name, value);
    if (strcmp(name, "until") == 0)
        return read_until(r, value);
    if (strcmp(name, "timeout") == 0) {
        r->has_timeout = true;
        return read_seconds(&r->timeout_s, name, value);
    }
    if (strcmp(name, "report") == 0)
        r->report = value;
    else if (strcmp(name, "events") == 0)
        r->events = value;
    else if (strcmp(name, "control") == 0)
        r->control = value;
    else if (strcmp(name, "log") == 0)
        r->log = value;
    else if (strcmp(name, "trace") == 0)
        r->trace = value;
    else if (strcmp(name, "series") == 0)
        r->series = value;
    else if (strcmp(name, "v") == 0)
        r->verbose = true;
    else
        return sub_error(EXIT_USAGE, "--%s comes later", name);
    return EXIT_HOLDS;
}

static bool is_run_option(const struct farm_option *o)
{
    return o >= table && o < table + sizeof(table) / sizeof(table[0]);
}

static int take_given(struct parser *p, const struct farm_option *o, const char *value)
{
    if (is_run_option(o)) {
        p->run_given |= 1u << (o - table);
        return run_option(p->r, o->name, value);
    }
    p->given[p->n_given++] = (struct given){o->name, value};
    return EXIT_HOLDS;
}

static int read_words(struct parser *p, int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "run"};
    enum args_result what;
    int code = EXIT_HOLDS;

    a.tables[0] = run_option_table(&a.n[0]);
    a.tables[1] = farm_option_table(&a.n[1]);
    while (code == EXIT_HOLDS && (what = args_next(&a)) != ARGS_END) {
        if (what == ARGS_ERROR)
            code = EXIT_USAGE;
        else if (what == ARGS_WORD && p->farm_file)
            code = sub_error(EXIT_USAGE, "\"%s\": one farm file is enough", a.value);
        else if (what == ARGS_WORD)
            p->farm_file = a.value;
        else
            code = take_given(p, a.found, a.value);
    }
    return code;
}

/* How a farm comes up may stand in its file; the command line wins. What goes to files does not. */
static int file_option(const char *name, const char *value, void *arg)
{
    static const char *const known[] = {"rate", "ramp", "spread", "for", "until", "timeout"};
    struct parser *p = arg;

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        bool taken = false;
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
            taken |= strcmp(known[k], table[i].name) == 0;
        if (!taken || strcmp(name, table[i].name) != 0)
            continue;
        if (p->run_given & 1u << i)
            return 0;
        return run_option(p->r, name, value ? value : "true") ? ECANCELED : 0;
    }
    return ENOENT;
}

static int load_blocks(struct parser *p)
{
    struct run_options *r = p->r;
    char err[400] = "";

    if (p->farm_file) {
        struct script_farm f = {.h = file_option, .arg = p};
        const int e = script_farm_file(p->farm_file, &f, err, sizeof(err));
        r->blocks = f.opts;
        r->n_blocks = f.n;
        if (e == ECANCELED) /* told already */
            return EXIT_USAGE;
        if (e)
            return sub_error(EXIT_USAGE, "%s", err[0] ? err : strerror(e));
        return r->n_blocks ? EXIT_HOLDS
                           : sub_error(EXIT_USAGE, "%s: no phones in it", p->farm_file);
    }
    r->blocks = calloc(1, sizeof(*r->blocks));
    if (!r->blocks)
        return sub_error(EXIT_REFUSED, "no memory");
    farm_options_init(r->blocks);
    r->n_blocks = 1;
    return EXIT_HOLDS;
}

/* The command line wins over the farm file. */
static int apply_given(struct parser *p)
{
    char err[400] = "";

    for (size_t b = 0; b < p->r->n_blocks; b++) {
        for (size_t i = 0; i < p->n_given; i++) {
            if (farm_option_set(&p->r->blocks[b], p->given[i].name, p->given[i].value, err,
                                sizeof(err)))
                return sub_error(EXIT_USAGE, "%s", err);
        }
    }
    return EXIT_HOLDS;
}

static int check_client_keys(const struct farm_options *o)
{
    if (o->client_keys && !o->client_ca)
        return sub_error(EXIT_USAGE, "--client-keys %s is of use with --client-ca", o->client_keys);
    return EXIT_HOLDS;
}

static void tell_shard(const char *shard)
{
    static const char *const names[] = {
        "SLURM_ARRAY_TASK_ID",  "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN",
        "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP",  "JOB_COMPLETION_INDEX",
        "JOB_COMPLETIONS",
    };
    const bool slurm = getenv(names[0]) != NULL;

    fprintf(stderr, "shard %s, from the environment:", shard);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value && (strncmp(names[i], "SLURM", 5) == 0) == slurm)
            fprintf(stderr, " %s=%s", names[i], value);
    }
    fputc('\n', stderr);
}

static int resolve_shard(struct farm_options *o)
{
    char text[32], err[200];

    if (!o->shard || strcmp(o->shard, "env") != 0)
        return EXIT_HOLDS;
    if (shard_from_env(getenv, text, sizeof(text), err, sizeof(err)))
        return sub_error(EXIT_USAGE, "--shard env: %s", err);
    tell_shard(text);
    if (farm_option_set(o, "shard", text, err, sizeof(err)))
        return sub_error(EXIT_USAGE, "%s", err);
    return EXIT_HOLDS;
}

/* There is one clock; whichever block names its pace names it for all. */
static int one_time_scale(struct farm_options *first, const struct farm_options *o)
{
    if (o->time_scale > 0 && first->time_scale > 0 && o->time_scale != first->time_scale)
        return sub_error(EXIT_USAGE, "time_scale is one for the whole farm, not %g and %g",
                         first->time_scale, o->time_scale);
    if (o->time_scale > 0)
        first->time_scale = o->time_scale;
    return EXIT_HOLDS;
}

static int check_blocks(struct parser *p)
{
    struct run_options *r = p->r;

    for (size_t b = 0; b < r->n_blocks; b++) {
        struct farm_options *o = &r->blocks[b];
        int code = check_client_keys(o);
        if (!code)
            code = resolve_shard(o);
        if (!code)
            code = one_time_scale(&r->blocks[0], o);
        if (code)
            return code;
        const bool lab = !o->registrar && !o->profile_rule;
        r->lab |= lab;
        if (lab && !p->farm_file && !o->count && !o->accounts)
            o->count = LAB_COUNT;
        if (r->has_until && r->until == PHONE_PROVISIONED &&
            (o->no_provision || (o->registrar && !o->profile_rule)))
            return sub_error(EXIT_USAGE, "--until provisioned: these phones are not provisioned "
                                         "(--no-provision, or --registrar without --profile-rule)");
    }
    return EXIT_HOLDS;
}

static bool is_standard(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static int check_run(const struct run_options *r)
{
    if (r->has_timeout && !r->has_until)
        return sub_error(EXIT_USAGE, "--timeout is for --until; a time to end at is --for");
    if (r->pace.ramp_s > 0 && r->pace.rate <= 0)
        return sub_error(EXIT_USAGE, "--ramp is for --rate, which it leads to");
    if (is_standard(r->report) + is_standard(r->events) + is_standard(r->series) > 1)
        return sub_error(EXIT_USAGE, "--report -, --events - and --series - would mix on stdout");
    return r->report && !is_standard(r->report) ? sub_check_writable(r->report) : EXIT_HOLDS;
}

int run_options_parse(struct run_options *r, int argc, char **argv)
{
    struct parser p = {.r = r};
    int code;

    *r = (struct run_options){.timeout_s = TIMEOUT_S};
    p.given = calloc((size_t)argc + 1, sizeof(*p.given));
    if (!p.given)
        return sub_error(EXIT_REFUSED, "no memory");
    code = read_words(&p, argc, argv);
    if (!code)
        code = load_blocks(&p);
    if (!code)
        code = check_run(r);
    if (!code)
        code = apply_given(&p);
    if (!code)
        code = check_blocks(&p);
    free(p.given);
    return code;
}

void run_options_reset(struct run_options *r)
{
    for (size_t i = 0; i < r->n_blocks; i++)
        farm_options_reset(&r->blocks[i]);
    free(r->blocks);
    r->blocks = NULL;
    r->n_blocks = 0;
}
