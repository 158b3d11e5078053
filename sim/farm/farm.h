/* SPDX-License-Identifier: BSD-3-Clause */
/* Many phones: who they are, when they power on, how they are found, what they add up to. */
#ifndef SIM_FARM_FARM_H
#define SIM_FARM_FARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/hist.h"
#include "sim/farm/options.h"
#include "sim/phone/phone.h"

struct farm;
struct loop;

struct farm_lab {             /* where the embedded lab listens; all NULL = no lab */
    const char *registrar;    /* "127.0.0.1:35060" */
    const char *profile_rule; /* for the second file; the factory rule fetches /spa$PSN.cfg first */
    const char *dhcp_value;   /* "http://127.0.0.1:38080/" */
    int (*trust)(void *ssl_ctx, void *arg); /* adds its CA to those of SIP over TLS; may be NULL */
    void *arg;                              /* outlives the farm */
};

typedef void(farm_event_h)(struct farm *f, struct phone *ph, const struct phone_event *ev,
                           void *arg);

/**
 * Make the phones of opts (this shard's part), unpowered.
 * The first phone's address and SIP port and the last one's address are tried. err has a sentence.
 * Errors  EINVAL (which option, row or template); EADDRNOTAVAIL, EADDRINUSE, EPERM, EMFILE of a
 *         socket; ENOENT, EACCES or EBADMSG of the accounts file; ENOMEM
 */
int farm_alloc(struct farm **fp, struct loop *lp, const struct farm_options *opts,
               const struct farm_lab *lab, char *err, size_t err_size);

/** Add more phones with other options (farm.boot of Lua); *first gets their first number. */
int farm_add(struct farm *f, const struct farm_options *opts, unsigned *first, unsigned *count,
             char *err, size_t err_size);

/** What phones are meant to reach: one that is not there and whose last attempt ended in an error
 *  counts as failed. PHONE_REGISTERED unless set. */
void farm_set_goal(struct farm *f, enum phone_cond goal);

/** Call h for every event of every phone, behind the observers that are there already. One that is
 *  added during an event begins with the next. ENOMEM. */
int farm_observe(struct farm *f, farm_event_h *h, void *arg);
void farm_unobserve(struct farm *f, farm_event_h *h, void *arg);

/** Power on all that are off: at most `rate` a second (0 = as fast as answers come, with a bounded
 *  number in the middle of booting). */
void farm_power_on(struct farm *f, double rate);

struct farm_pace {   /* how phones come on; in real seconds, whatever --time-scale says */
    double off_s;    /* dark for so long */
    double rate;     /* then so many a second; 0 = no such pace */
    double ramp_s;   /* the rate grows evenly to that for so long */
    bool spread;     /* each of them a random time later, … */
    double spread_s; /* … up to this. Without a rate: all within it, however servers answer */
};

/** As above at this pace; without rate and spread as fast as answers come. Phones that boot as slow
 *  as real ones (--boot real) wait by themselves, and no others wait for them. */
void farm_power_on_paced(struct farm *f, const struct farm_pace *pace);
void farm_power_cycle_paced(struct farm *f, const unsigned *numbers, size_t n,
                            const struct farm_pace *pace);

/** Unregister every line; nobody else is powered on meanwhile. done is called once, later, when
 * every line has been answered or given up. */
void farm_unregister(struct farm *f, void (*done)(void *arg), void *arg);

size_t farm_count(const struct farm *f);
struct phone *farm_phone(const struct farm *f, unsigned n); /* by number; NULL = none */
struct phone *farm_at(const struct farm *f, size_t i);      /* i-th of this shard, 0-based */
struct loop *farm_loop(const struct farm *f);
uint64_t farm_seed(const struct farm *f);
double farm_elapsed_s(const struct farm *f);

/** Numbers selected by a PHONES text ("7", "1-100", "all", "mac:…", "ip:…", "user:…", lists).
 *  *out malloc()ed. Errors: EINVAL bad text, ENOENT none of them exists; err says which. */
int farm_select(const struct farm *f, const char *phones, unsigned **out, size_t *n, char *err,
                size_t err_size);

/** From now on phones keep what XML pages were read from, for phone_page_source(). */
void farm_keep_pages(struct farm *f, bool keep);

/** Every SIP message of every phone, as it travels. */
struct ua_trace;
typedef void(farm_trace_h)(struct farm *f, struct phone *ph, const struct ua_trace *t, void *arg);
int farm_observe_trace(struct farm *f, farm_trace_h *h, void *arg); /* EALREADY: one at a time */
void farm_unobserve_trace(struct farm *f);

/**
 * The last messages of a phone, one line each, or whole. The farm remembers its last 2048 messages,
 * so that a phone of a large and busy one may have none. malloc()ed; NULL = no memory.
 */
char *farm_ladder(const struct farm *f, unsigned n, unsigned last, bool whole);

struct farm_message_view { /* borrowed until the handler returns */
    uint64_t id;           /* rises from message to message of the farm */
    double t;              /* seconds since the start */
    bool sent;
    const char *transport; /* "UDP" */
    struct sockaddr_in local, remote;
    const char *data; /* as it was on the wire */
    size_t len;
};

/** The same messages one by one, oldest first. */
typedef void(farm_message_h)(const struct farm_message_view *m, void *arg);
void farm_messages_apply(const struct farm *f, unsigned n, unsigned last, farm_message_h *h,
                         void *arg);

enum { FARM_CAUSES = 32 };

struct farm_cause { /* failures of one kind */
    char text[96];
    uint64_t n;
    unsigned example; /* phone */
};

struct farm_op { /* fetches or registrations */
    uint64_t ok, error, challenged, bytes;
    struct hist latency;
    struct farm_cause
        causes[FARM_CAUSES]; /* the last: "other", what found no place; n 0 = unused */
    unsigned n_causes;       /* in use, without "other" */
};

/** One event as interface.md section 5 writes it: {"t", "n", "ev", …}. Caller decrefs; NULL = no
 *  memory. */
struct json_t;
struct json_t *farm_event_json(const struct farm *f, const struct phone *ph,
                               const struct phone_event *ev);

/** What happened of late to these phones (numbers rise), oldest first: an array of such objects. */
struct json_t *farm_recent_json(const struct farm *f, const unsigned *phones, size_t n);

struct farm_notifies {
    uint64_t received, challenged, accepted, refused;
};

struct farm_calls {
    uint64_t placed;    /* outgoing ones */
    struct farm_op ops; /* ok answered, with the time it took; error failed, by status */
    uint64_t streams, tx_packets, rx_packets, rx_lost; /* of calls that are over */
    struct hist jitter;
};

struct farm_totals { /* kept up to date by events: reading is O(1) */
    unsigned phones, powered, booting, provisioned, registered, idle, failed;
    struct farm_op fetch, reg;
    struct farm_notifies notify;
    struct farm_calls calls;
    uint64_t requests; /* of fetches, as they ended on the wire */
};
const struct farm_totals *farm_totals(const struct farm *f);

/** Every second of the run as it ends (sim/farm/series.h); farm_unobserve_seconds() tells the one
 * under way. second: since 1970. EALREADY: one at a time. */
struct series_row;
typedef void(farm_second_h)(uint64_t second, const struct series_row *row, void *arg);
int farm_observe_seconds(struct farm *f, farm_second_h *h, void *arg);
void farm_unobserve_seconds(struct farm *f);

/** The report of interface.md section 4. reasons for `invalid` come with it. Caller decrefs. */
struct json_t *farm_report(const struct farm *f);
void farm_set_command(struct farm *f, int argc, char **argv);
bool farm_verdict_valid(const struct farm *f);

/** One sentence per reason why the farm itself was the bottleneck; NULL = no memory. Caller
 * decrefs. */
struct json_t *farm_verdict_reasons(const struct farm *f);

/** Add reports of several shards up (sim/farm/report.c). Errors: EBADMSG. */
int report_merge(struct json_t **out, struct json_t *const *reports, size_t n, char *err,
                 size_t err_size);

#endif
