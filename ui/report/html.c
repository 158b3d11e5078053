/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/report/html.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ui/report/markup.h"
#include "ui/report/sections.h"

/* As a shell would have to be given it. */
static void shell_word(FILE *f, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";

    if (*word && strspn(word, plain) == strlen(word)) {
        markup_text(f, word);
        return;
    }
    fputc('\'', f);
    for (;;) {
        const size_t len = strcspn(word, "'");
        char *part = strndup(word, len);
        markup_text(f, part ? part : "");
        free(part);
        word += len;
        if (!*word++)
            break;
        fputs("'\\''", f); /* a quote within quotes */
    }
    fputc('\'', f);
}

static void command(FILE *f, const json_t *report)
{
    json_t *word;
    size_t i;

    if (!json_array_size(json_object_get(report, "command")))
        return;
    fputs("<p class=\"dim\"><code>spafarm", f);
    json_array_foreach(json_object_get(report, "command"), i, word)
    {
        fputc(' ', f);
        shell_word(f, json_is_string(word) ? json_string_value(word) : "");
    }
    fputs("</code></p>\n", f);
}

static void shards(FILE *f, const json_t *report)
{
    const size_t n = json_array_size(json_object_get(report, "shards"));

    if (n > 1)
        fprintf(f, ", %zu parts", n);
    else if (strcmp(markup_get_text(report, "shard"), "1/1") != 0 &&
             *markup_get_text(report, "shard"))
        fprintf(f, ", part %s", markup_get_text(report, "shard"));
}

static void head(FILE *f, const json_t *report)
{
    fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head>"
          "<meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
          "<title>spafarm report, ",
          f);
    markup_text(f, markup_get_text(report, "started"));
    fprintf(f, "</title>\n<style>\n%s</style></head>\n<body><main>\n<h1>spafarm report</h1>\n",
            section_style());
    fputs("<p class=\"dim\">started ", f);
    markup_text(f, markup_get_text(report, "started"));
    shards(f, report);
    if (json_is_integer(json_object_get(report, "seed")))
        fprintf(f, ", seed %lld", (long long)json_integer_value(json_object_get(report, "seed")));
    fputs(", spafarm ", f);
    markup_text(f, markup_get_text(report, "version"));
    fputs("</p>\n", f);
    command(f, report);
}

void report_html_print(FILE *f, const json_t *report)
{
    head(f, report);
    section_verdict(f, report);
    section_numbers(f, report);
    section_errors(f, report);
    section_time(f, report);
    section_latency(f, report);
    fputs("</main></body></html>\n", f);
}

int report_html_write(const char *path, const json_t *report)
{
    FILE *f = fopen(path, "we");

    if (!f)
        return errno;
    report_html_print(f, report);
    const bool ok = !ferror(f);
    return fclose(f) || !ok ? EIO : 0;
}
