/* SPDX-License-Identifier: BSD-3-Clause */
/* Adding reports up: classes of URLs, connections, time series. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/farm/merge.h"
#include "sim/farm/priv.h"

static int merge_statuses(struct merger *m, size_t i, const json_t *o, struct url_class *sum)
{
    const char *status;
    json_t *count;

    json_object_foreach(json_object_get(o, "statuses"), status, count)
    {
        const unsigned long code = strtoul(status, NULL, 10); /* "other": 0 */
        if (!json_is_integer(count) || json_integer_value(count) < 0 || code > UINT16_MAX)
            return merge_refuse(m, i, "the status \"%.20s\" has no count", status);
        class_status_add(sum, (uint16_t)code, (uint64_t)json_integer_value(count));
    }
    return 0;
}

static int merge_class(struct merger *m, size_t i, const json_t *o, struct class_table *table)
{
    const char *name = json_string_value(json_object_get(o, "class"));
    const char *scheme = json_string_value(json_object_get(o, "scheme"));
    const char *method = json_string_value(json_object_get(o, "method"));
    struct hist h = {.n = 0};
    char clean[CLASS_NAME_BYTES];
    uint64_t n[8];

    if (!name || !scheme || !method || !merge_count(o, "requests", &n[0]) ||
        !merge_count(o, "sent", &n[1]) || !merge_count(o, "redirected", &n[2]) ||
        !merge_count(o, "challenged", &n[3]) || !merge_count(o, "cancelled", &n[4]) ||
        !merge_count(o, "ok", &n[5]) || !merge_count(o, "error", &n[6]) ||
        !merge_count(o, "bytes", &n[7]))
        return merge_refuse(m, i, "a class of \"fetch\" lacks its name or its counts");
    for (unsigned k = 0; k < sizeof(n) / sizeof(n[0]); k++) {
        if (n[k] > INT64_MAX / 1024)
            return merge_refuse(m, i, "a count of a class is out of this world");
    }
    struct url_class *sum =
        class_get(table, scheme, method, utf8_clean(clean, sizeof(clean), name));
    if (!sum)
        return ENOMEM;
    sum->requests += n[0];
    sum->sent += n[1];
    sum->redirected += n[2];
    sum->challenged += n[3];
    sum->cancelled += n[4];
    sum->op.ok += n[5];
    sum->op.error += n[6];
    sum->op.bytes += n[7];
    int err = merge_statuses(m, i, o, sum);
    if (!err)
        err = merge_histogram(m, i, json_object_get(o, "ms"), &h);
    if (!err)
        err = merge_causes(m, i, o, &sum->op);
    if (!err)
        hist_merge(&sum->op.latency, &h);
    return err;
}

static int merge_classes(struct merger *m, json_t *fetch)
{
    struct class_table table = {.n = 0};
    int err = 0;

    for (size_t i = 0; i < m->n && !err; i++) {
        const json_t *classes = json_object_get(json_object_get(m->reports[i], "fetch"), "classes");
        for (size_t k = 0; k < json_array_size(classes) && !err; k++)
            err = merge_class(m, i, json_array_get(classes, k), &table);
    }
    if (!err)
        json_object_set_new(fetch, "classes", class_table_json(&table));
    class_table_reset(&table);
    return err;
}

static void merge_connections(struct merger *m, json_t *fetch)
{
    struct farm_connections sum = {.opened = 0};

    for (size_t i = 0; i < m->n; i++) {
        const json_t *o = json_object_get(json_object_get(m->reports[i], "fetch"), "connections");
        uint64_t n;
        sum.opened += merge_count(o, "opened", &n) ? n : 0;
        sum.reused += merge_count(o, "reused", &n) ? n : 0;
        sum.failed += merge_count(o, "failed", &n) ? n : 0;
        sum.tls_handshakes += merge_count(o, "tls_handshakes", &n) ? n : 0;
        sum.tls_resumed += merge_count(o, "tls_resumed", &n) ? n : 0;
        sum.tls_failed += merge_count(o, "tls_failed", &n) ? n : 0;
    }
    json_object_set_new(fetch, "connections", connections_json(&sum));
}

static uint64_t sum_of(const struct merger *m, const char *name)
{
    uint64_t sum = 0, n;

    for (size_t i = 0; i < m->n; i++)
        sum += merge_count(json_object_get(m->reports[i], "fetch"), name, &n) ? n : 0;
    return sum;
}

static void merge_requests(struct merger *m, const json_t *out, json_t *fetch)
{
    const double wall = json_number_value(json_object_get(out, "wall_s"));
    const uint64_t sum = sum_of(m, "requests");

    json_object_set_new(fetch, "requests", json_integer((json_int_t)sum));
    json_object_set_new(fetch, "unfinished", json_integer((json_int_t)sum_of(m, "unfinished")));
    json_object_set_new(fetch, "requests_per_s", json_real(wall > 0 ? (double)sum / wall : 0));
}

static int merge_series(struct merger *m, json_t *out)
{
    struct series sum = {.n = 0}, part;
    int err = 0;

    for (size_t i = 0; i < m->n && !err; i++) {
        err = series_from_json(&part, json_object_get(m->reports[i], "series"));
        if (!err)
            err = series_add(&sum, &part);
        series_reset(&part);
        if (err == EBADMSG)
            merge_refuse(m, i, "its \"series\" is none, or of another age");
    }
    if (!err)
        json_object_set_new(out, "series", series_json(&sum));
    series_reset(&sum);
    return err;
}

int merge_load(struct merger *m, json_t *out)
{
    json_t *fetch = json_object_get(out, "fetch");
    const int err = merge_classes(m, fetch);

    if (err)
        return err;
    merge_connections(m, fetch);
    merge_requests(m, out, fetch);
    return merge_series(m, out);
}
