/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/headless/headless.h"

#include <stdbool.h>
#include <string.h>

static double number(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

/* A column of milliseconds; "-" where nothing was answered: that took no 0 ms. */
static void times(FILE *out, const json_t *op, const char *const *keys, size_t n)
{
    const json_t *ms = json_object_get(op, "ms");
    const bool answered =
        json_object_size(json_object_get(json_object_get(ms, "histogram"), "counts")) > 0;

    for (size_t i = 0; i < n; i++) {
        if (answered)
            fprintf(out, " %9.1f", number(ms, keys[i]));
        else
            fprintf(out, " %9s", "-");
    }
}

static void op_row(FILE *out, const char *name, const json_t *op, const char *ok, const char *bad)
{
    static const char *const keys[] = {"p50", "p90", "p99", "max"};

    fprintf(out, "%-12s %9.0f %9.0f", name, number(op, ok), number(op, bad));
    times(out, op, keys, sizeof(keys) / sizeof(keys[0]));
    fputc('\n', out);
}

static void causes(FILE *out, const char *name, json_t *op)
{
    const json_t *examples = json_object_get(op, "examples");
    const char *cause;
    json_t *count;

    json_object_foreach(json_object_get(op, "errors"), cause, count)
    {
        fprintf(out, "  %s failed %.0f times: %s (phone %.0f for one)\n", name,
                json_number_value(count), cause, number(examples, cause));
    }
}

static void failures(FILE *out, const json_t *report)
{
    json_t *item;
    size_t i;

    json_array_foreach(json_object_get(report, "failures"), i, item)
    {
        fprintf(out, "  failed phones: %.0f with \"%s\" (phone %.0f for one)\n",
                number(item, "count"), text(item, "cause"), number(item, "example"));
    }
}

static void waiting(FILE *out, const json_t *report)
{
    json_t *item;
    size_t i;

    json_array_foreach(json_object_get(report, "waiting"), i, item)
    {
        fprintf(out, "  waiting phones: %.0f for %s (phone %.0f for one)\n", number(item, "count"),
                text(item, "cause"), number(item, "example"));
    }
}

static void class_row(FILE *out, const json_t *c)
{
    static const char *const keys[] = {"p50", "p90", "p99", "max"};
    const char *method = text(c, "method"), *scheme = text(c, "scheme");
    const bool plain = strcmp(method, "GET") == 0 || strcmp(method, "RRQ") == 0;

    fprintf(out, "  %9.0f %9.0f %9.0f %10.0f", number(c, "requests"), number(c, "sent"),
            number(c, "error"), number(c, "bytes"));
    times(out, c, keys, sizeof(keys) / sizeof(keys[0]));
    fprintf(out, "  %s%s%s%s%s\n", plain ? "" : method, plain ? "" : " ",
            strcmp(scheme, "http") == 0 ? "" : scheme, strcmp(scheme, "http") == 0 ? "" : ": ",
            text(c, "class"));
}

/* What the servers were asked: as their own logs would say it, where it was sent. */
static void wire(FILE *out, const json_t *fetch)
{
    const json_t *classes = json_object_get(fetch, "classes");
    const json_t *con = json_object_get(fetch, "connections");
    json_t *c;
    size_t i;

    if (!json_array_size(classes))
        return;
    fprintf(out, "connections  %9.0f opened, %.0f reused, %.0f failed", number(con, "opened"),
            number(con, "reused"), number(con, "failed"));
    fprintf(out, "; TLS handshakes %.0f (%.0f resumed), failed %.0f\n",
            number(con, "tls_handshakes"), number(con, "tls_resumed"), number(con, "tls_failed"));
    fprintf(out, "  %9s %9s %9s %10s %9s %9s %9s %9s\n", "requests", "sent", "error", "bytes",
            "p50 ms", "p90 ms", "p99 ms", "max ms");
    json_array_foreach(classes, i, c)
    {
        class_row(out, c);
    }
}

static void verdict(FILE *out, const json_t *report)
{
    json_t *reason;
    size_t i;

    fprintf(out, "verdict      %s\n", text(report, "verdict"));
    json_array_foreach(json_object_get(report, "reasons"), i, reason)
    {
        fprintf(out, "  the farm itself was the bottleneck: %s\n", json_string_value(reason));
    }
}

static void calls_rows(FILE *out, const json_t *calls)
{
    const json_t *media = json_object_get(calls, "media");
    const json_t *jitter = json_object_get(media, "jitter_ms");

    if (!number(calls, "placed"))
        return;
    op_row(out, "calls", calls, "answered", "failed");
    if (number(media, "streams"))
        fprintf(out, "voice        %9.0f streams, %.0f packets, %.0f lost, jitter p99 %.1f ms\n",
                number(media, "streams"), number(media, "rx_packets"), number(media, "rx_lost"),
                number(jitter, "p99"));
}

void table_print(FILE *out, const json_t *report)
{
    json_t *fetch = json_object_get(report, "fetch"), *reg = json_object_get(report, "register");
    const double wall = number(report, "wall_s");

    fprintf(out, "phones       %9.0f\nprovisioned  %9.0f\nregistered   %9.0f\nfailed       %9.0f\n",
            number(report, "phones"), number(report, "provisioned"), number(report, "registered"),
            number(report, "failed"));
    fprintf(out, "%-12s %9s %9s %9s %9s %9s %9s\n", "", "ok", "error", "p50 ms", "p90 ms", "p99 ms",
            "max ms");
    op_row(out, "fetch", fetch, "ok", "error");
    op_row(out, "register", reg, "ok", "error");
    fprintf(out, "challenged   %9.0f\n", number(reg, "challenged"));
    calls_rows(out, json_object_get(report, "calls"));
    fprintf(out, "time         %9.2f s, %.0f registrations/s, %.0f requests/s\n", wall,
            wall > 0 ? number(reg, "ok") / wall : 0, number(fetch, "requests_per_s"));
    wire(out, fetch);
    fprintf(out, "cost         %9.2f s CPU, %.1f MiB resident, %.0f bytes a phone\n",
            number(report, "cpu_s"), number(report, "rss_bytes") / 1048576,
            number(report, "bytes_per_phone"));
    failures(out, report);
    waiting(out, report);
    if (number(fetch, "unfinished"))
        fprintf(out, "  fetches under way at the end, in no count above: %.0f\n",
                number(fetch, "unfinished"));
    causes(out, "call", json_object_get(report, "calls"));
    causes(out, "fetch", fetch);
    causes(out, "register", reg);
    if (json_is_integer(json_object_get(report, "seed")))
        fprintf(out, "seed         %9lld\n",
                (long long)json_integer_value(json_object_get(report, "seed")));
    verdict(out, report);
}
