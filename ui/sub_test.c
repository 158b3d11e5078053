/* SPDX-License-Identifier: BSD-3-Clause */
/* `spafarm test`: run Lua scenarios, the exit code is the verdict. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/farm/options.h"
#include "sim/loop/loop.h"
#include "sim/script/script.h"
#include "ui/args.h"
#include "ui/limits.h"
#include "ui/sub.h"

struct result {
    char *file, *name, *message;
    bool ok;
    double seconds;
};

struct suite {
    struct result *results;
    size_t n, n_failed;
    struct loop *lp; /* of the script that runs */
    bool done;       /* the script ran to its end */
    bool no_memory;  /* a result could not be kept */
    const char **scripts;
    size_t n_scripts;
    const char **args; /* --arg, ended by NULL */
    size_t n_args;
    const char *junit; /* file for the results; NULL = none */
    bool tap, unsafe;
    struct farm_options defaults;
};

static const struct farm_option own_options[] = {
    {"junit", "F", "write the results as JUnit XML", false},
    {"tap", NULL, "results as TAP on stdout", false},
    {"unsafe", NULL, "scripts may use files and other programs", false},
    {"arg", "NAME=VALUE", "args.NAME of the scripts; repeatable", true},
};

static void print_lines(const char *before, const char *text)
{
    do {
        const size_t len = strcspn(text, "\n");
        printf("%s%.*s\n", before, (int)len, text);
        text += len;
    } while (*text && *++text);
}

/* In TAP, a bare # in a name would begin a directive: "# TODO" excuses a failure. */
static void tap_line(const struct script_case *c, size_t n)
{
    printf("%sok %zu - %s: ", c->ok ? "" : "not ", n, c->file);
    for (const char *p = c->name; *p; p++) {
        if (*p == '#' || *p == '\\')
            putchar('\\');
        putchar(*p == '\n' ? ' ' : *p);
    }
    putchar('\n');
}

static bool keep_result(struct suite *s, const struct script_case *c)
{
    struct result *results = realloc(s->results, (s->n + 1) * sizeof(*results));

    if (!results)
        return false;
    s->results = results;
    struct result *r = &results[s->n];
    *r = (struct result){.file = strdup(c->file),
                         .name = strdup(c->name),
                         .message = strdup(c->message),
                         .ok = c->ok,
                         .seconds = c->seconds};
    s->n++;
    return r->file && r->name && r->message;
}

static void case_handler(const struct script_case *c, void *arg)
{
    struct suite *s = arg;

    s->no_memory |= !keep_result(s, c);
    s->n_failed += !c->ok;
    if (s->tap)
        tap_line(c, s->n);
    else
        printf("%s %s: %s (%.2f s)\n", c->ok ? "ok    " : "FAILED", c->file, c->name, c->seconds);
    if (!c->ok)
        print_lines(s->tap ? "# " : "    ", c->message);
    fflush(stdout);
}

static void print_handler(const char *text, void *arg)
{
    const struct suite *s = arg;
    print_lines(s->tap ? "# " : "", text);
}

static void done_handler(int err, const char *error, void *arg)
{
    struct suite *s = arg;

    (void)err;
    (void)error;
    s->done = true;
    loop_stop(s->lp, 0);
}

static void put_xml(FILE *f, const char *text)
{
    for (; *text; text++) {
        const size_t len = utf8_len(text);
        if (len > 1) {
            fwrite(text, 1, len, f);
            text += len - 1;
            continue;
        }
        const unsigned char c = (unsigned char)*text;
        switch (c) {
        case '&':
            fputs("&amp;", f);
            break;
        case '<':
            fputs("&lt;", f);
            break;
        case '"':
            fputs("&quot;", f);
            break;
        case '\n': /* as it is, a reader would take it for a blank */
            fputs("&#10;", f);
            break;
        default:
            fputc(len ? c < 0x20 ? ' ' : c : '?', f);
        }
    }
}

static int write_junit(const struct suite *s, const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        return sub_error(EXIT_USAGE, "%s: %s", path, strerror(errno));

    fprintf(f,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"spafarm\" "
            "tests=\"%zu\" failures=\"%zu\">\n",
            s->n, s->n_failed);
    for (size_t i = 0; i < s->n; i++) {
        fputs("  <testcase classname=\"", f);
        put_xml(f, s->results[i].file);
        fputs("\" name=\"", f);
        put_xml(f, s->results[i].name);
        fprintf(f, "\" time=\"%.3f\"", s->results[i].seconds);
        if (s->results[i].ok) {
            fputs("/>\n", f);
            continue;
        }
        fputs("><failure message=\"", f);
        put_xml(f, s->results[i].message);
        fputs("\"/></testcase>\n", f);
    }
    fputs("</testsuite>\n", f);
    const bool full = ferror(f);
    if (fclose(f) || full)
        return sub_error(EXIT_REFUSED, "%s: the results could not be written", path);
    return EXIT_HOLDS;
}

/* Each script has a loop and a farm of its own. */
static int run_script(struct suite *suite, const char *path)
{
    static const struct script_handlers handlers = {case_handler, print_handler, done_handler};
    const struct loop_config lc = {.clock = CLOCK_REAL, .time_scale = suite->defaults.time_scale};
    struct script *script = NULL;
    char err[512] = "";

    int e = loop_alloc(&suite->lp, &lc);
    if (e)
        return sub_error(EXIT_REFUSED, "%s", e == ENOTSUP ? loop_self_test_text() : strerror(e));
    const struct script_config cfg = {.lp = suite->lp,
                                      .path = path,
                                      .defaults = &suite->defaults,
                                      .unsafe = suite->unsafe,
                                      .args = suite->args};
    e = script_start(&script, &cfg, &handlers, suite, err, sizeof(err));
    suite->done = false;
    if (!e)
        loop_run(suite->lp);
    if (!e && !suite->done) /* quit(): what was still to run did not */
        case_handler(
            &(struct script_case){.file = path,
                                  .name = "end",
                                  .message = "the script ended the run before its last test"},
            suite);
    mem_deref(script);
    suite->lp = mem_deref(suite->lp);
    return e ? sub_error(EXIT_USAGE, "%s", err[0] ? err : strerror(e)) : EXIT_HOLDS;
}

static void suite_reset(struct suite *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->results[i].file);
        free(s->results[i].name);
        free(s->results[i].message);
    }
    free(s->results);
    free(s->scripts);
    free(s->args);
    farm_options_reset(&s->defaults);
}

static int take_option(struct suite *s, const char *name, const char *value)
{
    char err[256];

    if (strcmp(name, "junit") == 0)
        s->junit = value;
    else if (strcmp(name, "tap") == 0)
        s->tap = true;
    else if (strcmp(name, "unsafe") == 0)
        s->unsafe = true;
    else if (strcmp(name, "arg") == 0)
        s->args[s->n_args++] = value;
    else if (farm_option_set(&s->defaults, name, value, err, sizeof(err)))
        return sub_error(EXIT_USAGE, "test: %s", err);
    return EXIT_HOLDS;
}

static int read_words(struct suite *s, int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "test"};
    enum args_result got;
    int code = EXIT_HOLDS;

    a.tables[0] = own_options;
    a.n[0] = sizeof(own_options) / sizeof(own_options[0]);
    a.tables[1] = farm_option_table(&a.n[1]);
    while (!code && (got = args_next(&a)) != ARGS_END) {
        if (got == ARGS_ERROR)
            code = EXIT_USAGE;
        else if (got == ARGS_WORD)
            s->scripts[s->n_scripts++] = a.value;
        else
            code = take_option(s, a.found->name, a.value);
    }
    if (!code && !s->n_scripts)
        code = sub_error(EXIT_USAGE, "test wants at least one SCRIPT.lua");
    return !code && s->junit ? sub_check_writable(s->junit) : code;
}

/* After the last script: what all of them came to. */
static int conclude(const struct suite *s)
{
    int code = EXIT_HOLDS;

    if (s->tap)
        printf("1..%zu\n", s->n);
    else
        printf("%zu passed, %zu failed\n", s->n - s->n_failed, s->n_failed);
    if (s->no_memory)
        return sub_error(EXIT_REFUSED, "no memory for all results");
    if (s->junit)
        code = write_junit(s, s->junit);
    return !code && s->n_failed ? EXIT_FAILS : code;
}

static int run(int argc, char **argv)
{
    struct suite s = {.scripts = calloc((size_t)argc + 1, sizeof(*s.scripts)),
                      .args = calloc((size_t)argc + 1, sizeof(*s.args))};
    int code;

    signal(SIGPIPE, SIG_IGN);
    farm_options_init(&s.defaults);
    code = s.scripts && s.args ? read_words(&s, argc, argv) : sub_error(EXIT_REFUSED, "no memory");
    for (size_t i = 0; i < s.n_scripts && !code; i++)
        code = run_script(&s, s.scripts[i]);
    if (!code)
        code = conclude(&s);
    suite_reset(&s);
    return code;
}

const struct sub sub_test = {
    .name = "test",
    .args = "SCRIPT.lua... [--junit F] [--tap] [--unsafe] [--arg NAME=VALUE]... [PHONE OPTIONS]",
    .help = "run scenarios; the exit code is the verdict",
    .details = "  --junit F      write the results as JUnit XML\n"
               "  --tap          results as TAP on stdout\n"
               "  --unsafe       scripts may use files and other programs\n"
               "  --arg NAME=VALUE  args.NAME of the scripts; repeatable\n",
    .more = sub_phone_options,
    .run = run,
};
