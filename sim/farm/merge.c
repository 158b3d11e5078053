/* SPDX-License-Identifier: BSD-3-Clause */
/* Reports of several shards become one: counts and histograms add up, percentiles are taken anew.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "sim/farm/merge.h"
#include "sim/farm/priv.h"

int merge_refuse(struct merger *m, size_t i, const char *fmt, ...)
{
    va_list ap;
    const int len = snprintf(m->err, m->err_size, "report %zu: ", i + 1);

    va_start(ap, fmt);
    if (len > 0 && (size_t)len < m->err_size)
        vsnprintf(m->err + len, m->err_size - (size_t)len, fmt, ap);
    va_end(ap);
    return EBADMSG;
}

bool merge_count(const json_t *o, const char *key, uint64_t *n)
{
    const json_t *v = json_object_get(o, key);

    if (!json_is_integer(v) || json_integer_value(v) < 0)
        return false;
    *n = (uint64_t)json_integer_value(v);
    return true;
}

static int sum_counts(struct merger *m, const char *group, const char *key, json_t *out)
{
    uint64_t sum = 0, n;

    for (size_t i = 0; i < m->n; i++) {
        const json_t *o = group ? json_object_get(m->reports[i], group) : m->reports[i];
        if (!merge_count(o, key, &n) || n > INT64_MAX / 1024)
            return merge_refuse(m, i, "\"%s%s%s\" is no count", group ? group : "",
                                group ? "." : "", key);
        sum += n;
    }
    json_object_set_new(out, key, json_integer((json_int_t)sum));
    return 0;
}

int merge_histogram(struct merger *m, size_t i, const json_t *ms, struct hist *h)
{
    json_t *hist = json_object_get(ms, "histogram"), *count;
    const char *scheme = json_string_value(json_object_get(hist, "scheme")), *key;
    const json_t *max = json_object_get(ms, "max");

    if (!scheme || strcmp(scheme, "log2-16") != 0)
        return merge_refuse(m, i, "its histogram is not of the scheme log2-16");
    json_object_foreach(json_object_get(hist, "counts"), key, count)
    {
        char *end;
        const unsigned long bucket = strtoul(key, &end, 10);
        const json_int_t n = json_integer_value(count);
        if (end == key || *end || bucket >= HIST_BUCKETS || n < 0 || n > UINT32_MAX)
            return merge_refuse(m, i, "histogram bucket \"%.20s\" makes no sense", key);
        hist_add_bucket(h, (unsigned)bucket, (uint32_t)n);
    }
    const double us = json_number_value(max) * 1000;
    if (!json_is_number(max) || !(us >= 0 && us < 1e18))
        return merge_refuse(m, i, "\"ms.max\" is no time");
    h->max_us = (uint64_t)llround(us);
    return 0;
}

int merge_causes(struct merger *m, size_t i, const json_t *op, struct farm_op *sum)
{
    const json_t *examples = json_object_get(op, "examples");
    json_t *count;
    const char *cause;

    json_object_foreach(json_object_get(op, "errors"), cause, count)
    {
        if (!json_is_integer(count) || json_integer_value(count) < 0)
            return merge_refuse(m, i, "the count of \"%.60s\" is none", cause);
        farm_cause_add(sum, cause, (uint64_t)json_integer_value(count),
                       (unsigned)json_integer_value(json_object_get(examples, cause)));
    }
    return 0;
}

static int merge_op(struct merger *m, const char *name, bool reg, json_t *out)
{
    struct farm_op *sum = calloc(1, sizeof(*sum));
    int err = sum ? 0 : ENOMEM;

    for (size_t i = 0; i < m->n && !err; i++) {
        const json_t *op = json_object_get(m->reports[i], name);
        struct hist h = {.n = 0};
        uint64_t ok, error, more;
        if (!merge_count(op, "ok", &ok) || !merge_count(op, "error", &error) ||
            !merge_count(op, reg ? "challenged" : "bytes", &more)) {
            err = merge_refuse(m, i, "\"%s\" lacks its counts", name);
            break;
        }
        sum->ok += ok;
        sum->error += error;
        *(reg ? &sum->challenged : &sum->bytes) += more;
        err = merge_histogram(m, i, json_object_get(op, "ms"), &h);
        if (!err)
            err = merge_causes(m, i, op, sum);
        if (!err)
            hist_merge(&sum->latency, &h);
    }
    if (!err)
        json_object_set_new(out, name, report_op(sum, reg));
    free(sum);
    return err;
}

/* "failures" or "waiting": phones by cause */
static void merge_groups(struct merger *m, json_t *out, const char *name)
{
    struct farm_op sum = {.ok = 0};
    json_t *list = json_array();

    for (size_t i = 0; i < m->n; i++) {
        json_t *item;
        size_t k;
        json_array_foreach(json_object_get(m->reports[i], name), k, item)
        {
            const char *cause = json_string_value(json_object_get(item, "cause"));
            const json_int_t n = json_integer_value(json_object_get(item, "count"));
            if (cause && n > 0)
                farm_cause_add(&sum, cause, (uint64_t)n,
                               (unsigned)json_integer_value(json_object_get(item, "example")));
        }
    }
    for (unsigned i = 0; i < FARM_CAUSES; i++) {
        if (sum.causes[i].n)
            json_array_append_new(list, json_pack("{s:s, s:I, s:i}", "cause", sum.causes[i].text,
                                                  "count", (json_int_t)sum.causes[i].n, "example",
                                                  (int)sum.causes[i].example));
    }
    json_object_set_new(out, name, list);
}

static void merge_verdict(struct merger *m, json_t *out)
{
    json_t *reasons = json_array();
    bool valid = true;

    for (size_t i = 0; i < m->n; i++) {
        const char *verdict = json_string_value(json_object_get(m->reports[i], "verdict"));
        const char *shard = json_string_value(json_object_get(m->reports[i], "shard"));
        json_t *reason;
        size_t k;
        valid &= verdict && strcmp(verdict, "valid") == 0;
        json_array_foreach(json_object_get(m->reports[i], "reasons"), k, reason)
        {
            const char *text = json_string_value(reason);
            if (m->n > 1)
                json_array_append_new(
                    reasons, json_sprintf("part %s: %s", shard ? shard : "?", text ? text : "?"));
            else
                json_array_append(reasons, reason);
        }
    }
    json_object_set_new(out, "verdict", json_string(valid ? "valid" : "invalid"));
    json_object_set_new(out, "reasons", reasons);
}

/* Times and memory: parts run side by side, so the wall time is the longest. */
static void merge_costs(struct merger *m, json_t *out)
{
    double wall = 0, cpu = 0, own = 0, phones = 0;
    json_int_t rss = 0;

    for (size_t i = 0; i < m->n; i++) {
        const json_t *r = m->reports[i];
        const double n = json_number_value(json_object_get(r, "phones"));
        wall = fmax(wall, json_number_value(json_object_get(r, "wall_s")));
        cpu += json_number_value(json_object_get(r, "cpu_s"));
        rss += json_integer_value(json_object_get(r, "rss_bytes"));
        own += json_number_value(json_object_get(r, "bytes_per_phone")) * n;
        phones += n;
    }
    json_object_set_new(out, "wall_s", json_real(wall));
    json_object_set_new(out, "cpu_s", json_real(cpu));
    json_object_set_new(out, "rss_bytes", json_integer(rss));
    json_object_set_new(out, "bytes_per_phone",
                        json_integer(phones > 0 ? (json_int_t)llround(own / phones) : 0));
}

/* What all share is kept, else null; "started" is the first. */
static void merge_identity(struct merger *m, json_t *out)
{
    static const char *const keys[] = {"version", "seed"};
    const char *started = NULL;

    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        json_t *first = json_object_get(m->reports[0], keys[k]);
        bool same = true;
        for (size_t i = 1; i < m->n; i++)
            same &= json_equal(first, json_object_get(m->reports[i], keys[k])) != 0;
        json_object_set_new(out, keys[k], same && first ? json_incref(first) : json_null());
    }
    json_t *shards = json_array();
    for (size_t i = 0; i < m->n; i++) {
        const char *at = json_string_value(json_object_get(m->reports[i], "started"));
        json_t *shard = json_object_get(m->reports[i], "shard");
        if (at && (!started || strcmp(at, started) < 0)) /* ISO 8601 in UTC sorts as text */
            started = at;
        json_array_append_new(shards, shard ? json_incref(shard) : json_null());
    }
    json_object_set_new(out, "started", started ? json_string(started) : json_null());
    json_object_set_new(out, "shards", shards);
    json_t *command = json_object_get(m->reports[0], "command");
    json_object_set_new(out, "command", command ? json_incref(command) : json_array());
}

static int check(struct merger *m)
{
    for (size_t i = 0; i < m->n; i++) {
        const json_t *shard = json_object_get(m->reports[i], "shard");
        if (!json_is_object(m->reports[i]) || !json_object_get(m->reports[i], "verdict"))
            return merge_refuse(m, i, "this is no report of spafarm run");
        for (size_t k = 0; k < i; k++) {
            if (shard &&
                strcmp(json_string_value(shard) ? json_string_value(shard) : "1/1", "1/1") &&
                json_equal(shard, json_object_get(m->reports[k], "shard")) &&
                json_equal(json_object_get(m->reports[i], "started"),
                           json_object_get(m->reports[k], "started")))
                return merge_refuse(m, i, "part %s is there twice", json_string_value(shard));
        }
    }
    return 0;
}

int report_merge(json_t **out, json_t *const *reports, size_t n, char *err, size_t err_size)
{
    static const char *const counts[] = {"phones", "provisioned", "registered", "failed"};
    static const char *const notify[] = {"received", "challenged", "accepted", "refused"};
    struct merger m = {reports, n, err, err_size};

    if (!n)
        return EINVAL;
    json_t *sum = json_object(), *notifies = json_object();
    int e = check(&m);
    if (!e) {
        merge_identity(&m, sum);
        merge_verdict(&m, sum);
    }
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]) && !e; i++)
        e = sum_counts(&m, NULL, counts[i], sum);
    if (!e) {
        merge_groups(&m, sum, "failures");
        merge_groups(&m, sum, "waiting");
        merge_costs(&m, sum);
        e = merge_op(&m, "fetch", false, sum);
    }
    if (!e)
        e = merge_load(&m, sum);
    if (!e)
        e = merge_op(&m, "register", true, sum);
    for (size_t i = 0; i < sizeof(notify) / sizeof(notify[0]) && !e; i++)
        e = sum_counts(&m, "notify", notify[i], notifies);
    if (!e)
        e = merge_calls(&m, sum);
    json_object_set_new(sum, "notify", notifies);
    if (e)
        json_decref(sum);
    else
        *out = sum;
    return e;
}
