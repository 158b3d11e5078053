/* SPDX-License-Identifier: BSD-3-Clause */
/* A report as text: indented, but for the series, whose columns are a line each. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ui/headless/headless.h"

enum { FLAGS = JSON_REAL_PRECISION(12) };

static int dump_series(FILE *out, const json_t *series)
{
    const char *name, *comma = "";
    json_t *member;
    int err = 0;

    fprintf(out, ",\n \"series\": {\"start\": %lld, \"step_s\": %lld, \"columns\": {",
            (long long)json_integer_value(json_object_get(series, "start")),
            (long long)json_integer_value(json_object_get(series, "step_s")));
    json_object_foreach(json_object_get(series, "columns"), name, member)
    {
        json_t *key = json_string(name);
        fprintf(out, "%s\n  ", comma);
        err |= json_dumpf(key, out, FLAGS | JSON_ENCODE_ANY);
        fputs(": ", out);
        err |= json_dumpf(member, out, FLAGS | JSON_COMPACT | JSON_ENCODE_ANY);
        comma = ",";
        json_decref(key);
    }
    fputs("}}", out);
    return err ? EIO : 0;
}

int report_dump(FILE *out, const json_t *report)
{
    json_t *rest = json_copy((json_t *)(uintptr_t)report);
    const json_t *series = json_object_get(report, "series");

    if (!rest)
        return ENOMEM;
    json_object_del(rest, "series");
    char *text = json_dumps(rest, JSON_INDENT(1) | FLAGS);
    json_decref(rest);
    if (!text)
        return ENOMEM;
    const size_t len = strlen(text); /* it ends in "\n}" */
    int err = fwrite(text, 1, len - 2, out) == len - 2 ? 0 : EIO;
    free(text);
    if (series && !err)
        err = dump_series(out, series);
    fputs("\n}\n", out);
    return err || ferror(out) ? EIO : 0;
}

int report_write(const char *path, const json_t *report)
{
    const bool standard = strcmp(path, "-") == 0;
    FILE *out = standard ? stdout : fopen(path, "we");

    if (!out)
        return errno;
    const int err = report_dump(out, report);
    const int ended = standard ? fflush(out) : fclose(out);
    return ended && !err ? EIO : err;
}
