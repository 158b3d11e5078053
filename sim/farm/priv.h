/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a farm, for the files of this folder only. */
#ifndef SIM_FARM_PRIV_H
#define SIM_FARM_PRIV_H

#include "sim/farm/classes.h"
#include "sim/farm/farm.h"
#include "sim/farm/series.h"
#include "sim/loop/timer.h"
#include "sim/prov/prov.h"
#include "sim/sip/line.h"

/* what a phone counts as, kept equal to its state */
enum farm_flag {
    FARM_POWERED = 1 << 0,
    FARM_BOOTING = 1 << 1,
    FARM_PROVISIONED = 1 << 2,
    FARM_REGISTERED = 1 << 3,
    FARM_IDLE = 1 << 4,
    FARM_FAILED = 1 << 5,
    FARM_IN_FLIGHT = 1 << 6,     /* in the boot window */
    FARM_UNREGISTERING = 1 << 7, /* waited for */
    FARM_QUEUED = 1 << 8,        /* waits for power */
};

struct farm_slot { /* one phone's place */
    struct phone *ph;
    struct farm_block *block;
    struct farm_slot *prev, *next; /* in flight, oldest first */
    uint64_t boot_ms;              /* when it was powered on */
    uint32_t registered_lines;     /* bit per line, for unregistering; above 16 the alternates */
    uint16_t flags;
};

struct farm_block { /* phones of one farm_add() */
    struct farm_block *next;
    struct farm *f;
    struct phone_env env;
    char *dhcp_value, *ca;
    struct cert_ca *client_ca;
    struct cert_key *client_key; /* of all phones; NULL = one each */
    unsigned first, n;           /* numbers first .. first+n-1 */
    struct farm_slot slots[];
};

struct farm_key { /* how many phones already took places of one --addr or --mac */
    struct farm_key *next;
    unsigned n;
    char text[];
};

struct farm_observer {
    farm_event_h *h; /* NULL = gone */
    void *arg;
};

struct farm_waiting { /* for power */
    struct farm_slot *slot;
    uint64_t due_us;
};

struct farm_ramp {
    struct timer timer;
    struct farm_waiting *queue;
    size_t head, n_queued, size;
    bool paced;                     /* each has its moment; else as answers come */
    bool judged;                    /* and whoever misses it is late */
    unsigned n_begun;               /* how often phones were told to come on */
    uint64_t n_paced, n_late;       /* for the verdict */
    struct farm_slot *first, *last; /* in flight */
    unsigned n_in_flight;
};

struct farm_unreg {
    struct timer timer;
    void (*done)(void *arg);
    void *arg;
    size_t at;
    unsigned n_out;
};

struct farm_connections {
    uint64_t opened, reused, failed, tls_handshakes, tls_resumed, tls_failed; /* resumed: of the
                                                                              handshakes */
};

struct farm_load { /* what a test of servers is about */
    struct class_table classes;
    struct farm_connections connections;
    uint64_t n_no_socket; /* requests for which we had no descriptor or port */
    struct series series;
    struct series_row now; /* of the second under way */
    uint64_t now_s;        /* which; 0 = none yet */
    uint64_t cpu_ms;       /* at its begin */
    struct timer timer;
    farm_second_h *h; /* NULL = nobody wants each second */
    void *arg;
};

struct farm_note { /* an event, with copies of what it points to */
    double t;      /* s since start */
    unsigned n;    /* phone; 0 = none */
    struct phone_event ev;
    union {
        struct prov_fetch_event fetch;
        struct prov_result prov;
        struct ua_reg_status reg;
    } payload;
    char *texts;
    size_t size;
};

enum { FARM_RECENT = 256 }; /* events kept for those who ask later */

struct resolver;

enum { FARM_MESSAGES = 2048 };

struct farm_message { /* one that travelled */
    double t;
    unsigned n; /* phone */
    bool sent;
    uint8_t transport;
    struct sockaddr_in local, remote;
    size_t len, size;
    char *data;
};

struct farm {
    struct loop *lp;
    struct resolver *dns;
    struct fetcher *fetcher;
    struct ua_stack *stack;
    struct strpool *pool;
    struct picture_store *pictures;
    struct syslogger *log;
    struct farm_web *web; /* NULL = phones have no web servers */
    uint16_t web_port;    /* of --web; 0 = each phone's own */
    struct farm_block *blocks;
    size_t n_phones;  /* of this shard */
    unsigned n_whole; /* of the farm before sharding */
    bool shared_sockets;
    bool closing;
    bool keep_pages;
    uint64_t seed;
    char *shard;
    struct farm_key *keys;
    char *lab_registrar, *lab_rule, *lab_dhcp; /* NULL = no lab */
    enum phone_cond goal;
    bool goal_asked;
    struct farm_totals totals;
    struct farm_observer *observers;
    size_t n_observers;
    unsigned dispatching;
    struct farm_message *messages; /* ring of FARM_MESSAGES, made by the first */
    uint64_t n_messages;
    farm_trace_h *trace;
    void *trace_arg;
    struct farm_note recent[FARM_RECENT]; /* the n-th event is in place n % FARM_RECENT */
    uint64_t n_events;
    struct farm_ramp ramp;
    struct farm_unreg unreg;
    struct farm_load load;
    bool started;
    uint64_t start_us;
    uint64_t started_ms; /* since 1970 */
    uint64_t rss_before;
    char **command;
    int n_command;
};

/* members.c: options → phones */
int members_add(struct farm *f, const struct farm_options *o, unsigned *first, unsigned *count,
                char *err, size_t err_size);

/* farm.c */
uint64_t farm_epoch_ms(void); /* since 1970 */
struct farm_slot *farm_slot_at(const struct farm *f, size_t i);
void farm_phone_handler(struct phone *ph, const struct phone_event *ev, void *arg); /* a slot */

/* totals.c */
void totals_update(struct farm *f, struct farm_slot *slot, const struct phone_event *ev);
void totals_refresh(struct farm *f, struct farm_slot *slot);
void farm_cause_add(struct farm_op *op, const char *text, uint64_t n, unsigned example);

/* ramp.c: after the totals know the event */
void ramp_event(struct farm *f, struct farm_slot *slot, const struct phone_event *ev);
void ramp_close(struct farm *f);

/** Has a SIP account and a server, so that a registration will follow. */
bool ramp_will_register(const struct phone *ph);

/* event_json.c */
struct json_t *event_json(double t, unsigned n, const struct phone_event *ev);

/* ladder.c */
void ladder_add(struct phone *ph, const struct ua_trace *t, void *arg); /* phone_trace_h */
void ladder_reset(struct farm *f);

/* load.c */
struct fetch_exchange;
void load_start(struct farm *f);
void load_count(struct farm *f, enum series_column c, uint64_t n);
void load_exchange(const struct fetch_exchange *x, void *arg); /* fetch_exchange_h; a farm */
void load_close(struct farm *f);
/* what a report adds: members of "fetch", "series" of the whole */
void load_report(const struct farm *f, struct json_t *fetch, struct json_t *report);
struct json_t *connections_json(const struct farm_connections *c);

/* recent.c */
void recent_add(struct farm *f, const struct phone *ph, const struct phone_event *ev);
void recent_reset(struct farm *f);

/* unregister.c */
void unregister_event(struct farm *f, struct farm_slot *slot);

/* web.c */

/** port 0 = each phone's Web_Server_Port. Errors: EADDRINUSE, EPERM, EADDRNOTAVAIL; ENOMEM. */
int farm_web_open(struct farm *f, uint16_t port, char *err, size_t err_size);
void farm_web_event(struct farm *f, const struct phone *ph, const struct phone_event *ev);

/* verdict.c */
uint64_t farm_rss_bytes(void);
struct ua_stack_counters;
struct verdict_facts {
    uint64_t n_dropped, n_no_socket, n_no_fetch_socket, n_paced, n_late;
    uint32_t rcvbuf_wanted, rcvbuf_got;
    uint64_t lag_p99_us;
    bool paced;
};
struct json_t *verdict_reasons(const struct verdict_facts *facts);

/* report.c */
double farm_cpu_s(void);
struct json_t *report_op(const struct farm_op *op, bool reg);
struct json_t *report_calls(const struct farm_calls *c);

#endif
