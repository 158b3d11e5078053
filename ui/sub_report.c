/* SPDX-License-Identifier: BSD-3-Clause */
/* spafarm report: one report out of several shards'. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "sim/farm/farm.h"
#include "ui/args.h"
#include "ui/headless/headless.h"
#include "ui/report/html.h"
#include "ui/sub.h"

static const struct farm_option table[] = {
    {"json", NULL, "the merged report instead of the table", false},
    {"html", "F", "write a page with plots", false},
};

struct job {
    json_t **reports;
    size_t n;
    const char *html;
    bool json;
};

/* Alone first, so that the file is named which is no report. */
static int check(const char *path, json_t *report)
{
    static const char prefix[] = "report 1: ";
    char err[300] = "";
    json_t *sum = NULL;

    if (!report_merge(&sum, &report, 1, err, sizeof(err))) {
        json_decref(sum);
        return EXIT_HOLDS;
    }
    const bool has_prefix = strncmp(err, prefix, sizeof(prefix) - 1) == 0;
    return sub_error(EXIT_USAGE, "%s: %s", path, err + (has_prefix ? sizeof(prefix) - 1 : 0));
}

static int load(struct job *j, const char *path)
{
    json_error_t e;
    json_t *report = json_load_file(path, JSON_REJECT_DUPLICATES, &e);

    if (!report && e.line > 0)
        return sub_error(EXIT_USAGE, "%s:%d:%d: %s", path, e.line, e.column, e.text);
    if (!report)
        return sub_error(EXIT_USAGE, "%s: %s", path, e.text);
    j->reports[j->n++] = report;
    return check(path, report);
}

static int read_words(struct job *j, int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "report"};
    enum args_result what;
    int code = EXIT_HOLDS;

    a.tables[0] = table;
    a.n[0] = sizeof(table) / sizeof(table[0]);
    while (!code && (what = args_next(&a)) != ARGS_END) {
        if (what == ARGS_ERROR)
            code = EXIT_USAGE;
        else if (what == ARGS_WORD)
            code = load(j, a.value);
        else if (a.found == &table[0])
            j->json = true;
        else
            j->html = a.value;
    }
    if (!code && !j->n)
        code = sub_error(EXIT_USAGE, "which reports? (see spafarm report --help)");
    return code;
}

static int show(const struct job *j, const json_t *sum)
{
    if (j->html) {
        const int err = report_html_write(j->html, sum);
        if (err)
            return sub_error(EXIT_USAGE, "%s: %s", j->html, strerror(err));
    }
    if (j->json)
        report_dump(stdout, sum);
    else
        table_print(stdout, sum);
    const char *verdict = json_string_value(json_object_get(sum, "verdict"));
    return verdict && strcmp(verdict, "valid") == 0 ? EXIT_HOLDS : EXIT_INVALID;
}

static int report_main(int argc, char **argv)
{
    struct job j = {.n = 0};
    json_t *sum = NULL;
    char err[300] = "";

    j.reports = calloc((size_t)argc + 1, sizeof(json_t *));
    if (!j.reports)
        return sub_error(EXIT_REFUSED, "no memory");
    int code = read_words(&j, argc, argv);
    if (!code && report_merge(&sum, j.reports, j.n, err, sizeof(err)))
        code = sub_error(EXIT_USAGE, "%s", err);
    if (!code)
        code = show(&j, sum);
    json_decref(sum);
    for (size_t i = 0; i < j.n; i++)
        json_decref(j.reports[i]);
    free(j.reports);
    return code;
}

const struct sub sub_report = {
    .name = "report",
    .args = "A.json [B.json…] [--json] [--html F]",
    .help = "one report out of several shards', and a page with plots",
    .details =
        "Counts and latency histograms add up exactly; percentiles are taken anew from the\n"
        "sum, rounded up by a sixteenth at most. Exit 4 when the verdict of any part is invalid.\n"
        "  --json      the merged report instead of the table\n"
        "  --html F    write a page with plots\n",
    .run = report_main,
};
