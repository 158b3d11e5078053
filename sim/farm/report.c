/* SPDX-License-Identifier: BSD-3-Clause */
/* The report of a run, interface.md section 4. Adding reports up: merge.c. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <jansson.h>

#include "sim/farm/priv.h"

static double ms(uint64_t us)
{
    return (double)us / 1000;
}

static json_t *histogram(const struct hist *h)
{
    json_t *counts = json_object();
    char key[16];

    for (unsigned i = 0; i < HIST_BUCKETS; i++) {
        if (!h->counts[i])
            continue;
        snprintf(key, sizeof(key), "%u", i);
        json_object_set_new(counts, key, json_integer(h->counts[i]));
    }
    return json_pack("{s:s, s:o}", "scheme", "log2-16", "counts", counts);
}

static json_t *latency(const struct hist *h)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:o}", "p50", ms(hist_quantile(h, 0.5)), "p90",
                     ms(hist_quantile(h, 0.9)), "p99", ms(hist_quantile(h, 0.99)), "max",
                     ms(h->max_us), "histogram", histogram(h));
}

static void report_causes(const struct farm_op *op, json_t **errors, json_t **examples)
{
    *errors = json_object();
    *examples = json_object();
    for (unsigned i = 0; i < FARM_CAUSES; i++) {
        const struct farm_cause *c = &op->causes[i];
        if (!c->n)
            continue;
        json_object_set_new(*errors, c->text, json_integer((json_int_t)c->n));
        json_object_set_new(*examples, c->text, json_integer(c->example));
    }
}

json_t *report_op(const struct farm_op *op, bool reg)
{
    json_t *errors, *examples;

    report_causes(op, &errors, &examples);
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o}", "ok", (json_int_t)op->ok, "error",
                     (json_int_t)op->error, reg ? "challenged" : "bytes",
                     (json_int_t)(reg ? op->challenged : op->bytes), "ms", latency(&op->latency),
                     "errors", errors, "examples", examples);
}

static json_t *report_notify(const struct farm_notifies *n)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "received", (json_int_t)n->received, "challenged",
                     (json_int_t)n->challenged, "accepted", (json_int_t)n->accepted, "refused",
                     (json_int_t)n->refused);
}

static json_t *media_quality(const struct farm_calls *c)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:o}", "streams", (json_int_t)c->streams, "tx_packets",
                     (json_int_t)c->tx_packets, "rx_packets", (json_int_t)c->rx_packets, "rx_lost",
                     (json_int_t)c->rx_lost, "jitter_ms", latency(&c->jitter));
}

json_t *report_calls(const struct farm_calls *c)
{
    json_t *errors, *examples;

    report_causes(&c->ops, &errors, &examples);
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "placed", (json_int_t)c->placed,
                     "answered", (json_int_t)c->ops.ok, "failed", (json_int_t)c->ops.error, "ms",
                     latency(&c->ops.latency), "errors", errors, "examples", examples, "media",
                     media_quality(c));
}

/* Phones that count as failed, by the text of their last error, with one of them each. */
static const char *failure_of(const struct farm *f, const struct farm_slot *slot)
{
    (void)f;
    return slot->flags & FARM_FAILED ? phone_last_error(slot->ph) : NULL;
}

/* What a phone that has neither reached the goal nor failed is waiting for. */
static const char *waits_for(const struct farm *f, const struct farm_slot *slot)
{
    if (!f->goal_asked || slot->flags & FARM_FAILED || phone_is(slot->ph, f->goal))
        return NULL;
    if (!(slot->flags & FARM_POWERED))
        return "power";
    if (slot->flags & FARM_BOOTING)
        return "the end of its boot";
    if (f->goal != PHONE_REGISTERED)
        return f->goal == PHONE_PROVISIONED ? "a profile" : "an idle screen";
    return ramp_will_register(slot->ph)
               ? "an answer from its registrar"
               : "line 1 to have an account, a server and leave to register";
}

static json_t *grouped(const struct farm *f,
                       const char *(*cause)(const struct farm *f, const struct farm_slot *slot))
{
    struct farm_op groups = {.ok = 0};
    json_t *list = json_array();

    for (const struct farm_block *b = f->blocks; b; b = b->next) {
        for (unsigned i = 0; i < b->n; i++) {
            const char *text = cause(f, &b->slots[i]);
            if (text)
                farm_cause_add(&groups, text, 1, b->first + i);
        }
    }
    for (unsigned i = 0; i < FARM_CAUSES; i++) {
        const struct farm_cause *c = &groups.causes[i];
        if (c->n)
            json_array_append_new(list, json_pack("{s:s, s:I, s:i}", "cause", c->text, "count",
                                                  (json_int_t)c->n, "example", (int)c->example));
    }
    return list;
}

double farm_cpu_s(void)
{
    struct rusage u;

    if (getrusage(RUSAGE_SELF, &u))
        return 0;
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static json_t *started(const struct farm *f)
{
    const time_t at = (time_t)(f->started_ms / 1000);
    struct tm tm;
    char text[32] = "";

    if (gmtime_r(&at, &tm))
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
    return json_string(text);
}

static json_t *command(const struct farm *f)
{
    json_t *list = json_array();

    for (int i = 0; i < f->n_command; i++) {
        json_t *word = json_string(f->command[i]);
        json_array_append_new(list, word ? word : json_string("?")); /* not UTF-8 */
    }
    return list;
}

json_t *farm_report(const struct farm *f)
{
    const struct farm_totals *t = &f->totals;
    const uint64_t rss = farm_rss_bytes();
    const uint64_t own = rss > f->rss_before ? rss - f->rss_before : 0;
    json_t *reasons = farm_verdict_reasons(f);
    json_t *r = json_object();

    json_object_set_new(r, "version", json_string(SPAFARM_VERSION));
    json_object_set_new(r, "seed", json_integer((json_int_t)f->seed));
    json_object_set_new(r, "shard", json_string(f->shard));
    json_object_set_new(r, "verdict", json_string(json_array_size(reasons) ? "invalid" : "valid"));
    json_object_set_new(r, "reasons", reasons);
    json_object_set_new(r, "phones", json_integer(t->phones));
    json_object_set_new(r, "provisioned", json_integer(t->provisioned));
    json_object_set_new(r, "registered", json_integer(t->registered));
    json_object_set_new(r, "failed", json_integer(t->failed));
    json_object_set_new(r, "failures", grouped(f, failure_of));
    json_object_set_new(r, "waiting", grouped(f, waits_for));
    json_object_set_new(r, "wall_s", json_real(farm_elapsed_s(f)));
    json_object_set_new(r, "cpu_s", json_real(farm_cpu_s()));
    json_object_set_new(r, "rss_bytes", json_integer((json_int_t)rss));
    json_object_set_new(r, "bytes_per_phone",
                        json_integer(t->phones ? (json_int_t)(own / t->phones) : 0));
    json_object_set_new(r, "started", started(f));
    json_object_set_new(r, "command", command(f));
    json_t *fetch = report_op(&t->fetch, false);
    load_report(f, fetch, r);
    json_object_set_new(r, "fetch", fetch);
    json_object_set_new(r, "register", report_op(&t->reg, true));
    json_object_set_new(r, "notify", report_notify(&t->notify));
    json_object_set_new(r, "calls", report_calls(&t->calls));
    return r;
}
