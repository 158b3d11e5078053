/* SPDX-License-Identifier: BSD-3-Clause */
/* What a test of servers is about: requests by class, connections, and all of it by the second. */
#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>

#include "devices/model.h"
#include "sim/farm/priv.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/net/fetch.h"

static void tick_handler(void *arg);

static uint64_t epoch_ms(const struct farm *f)
{
    return f->started_ms + (clock_us(f->lp) - f->start_us) / 1000;
}

static uint64_t cpu_ms(void)
{
    return (uint64_t)(farm_cpu_s() * 1000);
}

/* How things are, for the row of this second. */
static void read_state(const struct farm *f, struct series_row *row)
{
    row->values[COLUMN_IN_FLIGHT] = fetcher_active(f->fetcher);
    row->values[COLUMN_BOOTING] = f->totals.booting;
    row->values[COLUMN_PROVISIONED] = f->totals.provisioned;
    row->values[COLUMN_REGISTERED] = f->totals.registered;
}

static void close_second(struct farm *f)
{
    struct farm_load *l = &f->load;
    const uint64_t used = cpu_ms();

    read_state(f, &l->now);
    l->now.values[COLUMN_LAG_MS] = loop_lag_peak(f->lp) / 1000;
    l->now.values[COLUMN_CPU_MS] = used - l->cpu_ms;
    l->cpu_ms = used;
    struct series_row *row = series_at(&l->series, l->now_s);
    if (row)
        series_join(row, &l->now);
    if (l->h)
        l->h(l->now_s, &l->now, l->arg);
    l->now = (struct series_row){.values = {0}};
}

/* Close the seconds that are over: also those in which the loop did not come round. */
static void roll(struct farm *f)
{
    struct farm_load *l = &f->load;
    const uint64_t s = epoch_ms(f) / 1000;

    if (!l->now_s)
        return;
    while (l->now_s < s) {
        close_second(f);
        l->now_s++;
    }
}

static void arm(struct farm *f)
{
    timer_start(f->lp, &f->load.timer, 1000 - epoch_ms(f) % 1000, tick_handler, f);
}

static void tick_handler(void *arg)
{
    roll(arg);
    arm(arg);
}

void load_start(struct farm *f)
{
    f->load.now_s = epoch_ms(f) / 1000;
    f->load.cpu_ms = cpu_ms();
    arm(f);
}

void load_close(struct farm *f)
{
    struct farm_load *l = &f->load;

    timer_cancel(&l->timer);
    l->now_s = 0;
    class_table_reset(&l->classes);
    series_reset(&l->series);
}

void load_count(struct farm *f, enum series_column c, uint64_t n)
{
    roll(f);
    f->load.now.values[c] += n;
}

static struct url_class *class_of(struct farm *f, const struct fetch_exchange *x)
{
    const struct phone *ph = x->owner;
    char name[CLASS_NAME_BYTES], serial[16] = "", ip[INET_ADDRSTRLEN] = "";
    struct class_identity id = {.serial = serial, .ip = ip};

    if (ph) {
        const struct in_addr addr = phone_addr(ph);
        id.mac = phone_mac(ph);
        id.user = phone_user(ph);
        device_serial(serial, phone_model(ph), id.mac);
        inet_ntop(AF_INET, &addr, ip, sizeof(ip));
    }
    class_name(name, sizeof(name), x->url, &id);
    return class_get(&f->load.classes, x->scheme, x->method, name);
}

void load_exchange(const struct fetch_exchange *x, void *arg)
{
    struct farm *f = arg;
    struct farm_connections *c = &f->load.connections;
    struct url_class *uc = f->closing ? NULL : class_of(f, x);

    if (!uc)
        return;
    const uint64_t errors = uc->op.error;
    class_count(uc, x, x->owner ? phone_n(x->owner) : 0);
    c->opened += x->opened;
    c->reused += x->reused;
    c->failed += x->unconnected;
    c->tls_handshakes += x->tls_done;
    c->tls_resumed += x->tls_resumed;
    c->tls_failed += x->tls_failed;
    f->load.n_no_socket += x->no_socket;
    f->totals.requests++;
    load_count(f, COLUMN_REQUESTS, 1);
    load_count(f, COLUMN_BYTES, x->bytes);
    load_count(f, COLUMN_ERRORS, uc->op.error - errors);
}

int farm_observe_seconds(struct farm *f, farm_second_h *h, void *arg)
{
    if (f->load.h)
        return EALREADY;
    f->load.h = h;
    f->load.arg = arg;
    return 0;
}

/* The second under way, as far as it went. */
static struct series_row unfinished(const struct farm *f)
{
    struct series_row row = f->load.now;

    read_state(f, &row);
    row.values[COLUMN_CPU_MS] = cpu_ms() - f->load.cpu_ms;
    return row;
}

void farm_unobserve_seconds(struct farm *f)
{
    struct farm_load *l = &f->load;

    roll(f);
    if (l->h && l->now_s) {
        const struct series_row last = unfinished(f);
        l->h(l->now_s, &last, l->arg);
    }
    l->h = NULL;
}

json_t *connections_json(const struct farm_connections *c)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "opened", (json_int_t)c->opened, "reused",
                     (json_int_t)c->reused, "failed", (json_int_t)c->failed, "tls_handshakes",
                     (json_int_t)c->tls_handshakes, "tls_resumed", (json_int_t)c->tls_resumed,
                     "tls_failed", (json_int_t)c->tls_failed);
}

/* The series with the second under way, which goes on after the report. */
static json_t *series_so_far(const struct farm *f)
{
    struct series all = {.n = 0};
    const struct series_row now = unfinished(f);
    struct series_row *row = NULL;
    json_t *o;

    if (!series_add(&all, &f->load.series) && f->load.now_s)
        row = series_at(&all, f->load.now_s);
    if (row)
        series_join(row, &now);
    o = series_json(&all);
    series_reset(&all);
    return o;
}

void load_report(const struct farm *f, json_t *fetch, json_t *report)
{
    const double s = farm_elapsed_s(f);

    json_object_set_new(fetch, "requests", json_integer((json_int_t)f->totals.requests));
    json_object_set_new(fetch, "requests_per_s",
                        json_real(s > 0 ? (double)f->totals.requests / s : 0));
    json_object_set_new(fetch, "unfinished", json_integer(fetcher_active(f->fetcher)));
    json_object_set_new(fetch, "connections", connections_json(&f->load.connections));
    json_object_set_new(fetch, "classes", class_table_json(&f->load.classes));
    json_object_set_new(report, "series", series_so_far(f));
}
