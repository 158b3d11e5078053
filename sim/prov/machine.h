/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the resync state machine, for its own files only. */
#ifndef SIM_PROV_MACHINE_H
#define SIM_PROV_MACHINE_H

#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/prov/prov.h"
#include "sim/prov/rule.h"
#include "sim/prov/values.h"

struct prov_boot {    /* what the boot files of a 79x0 said so far */
    unsigned n_found; /* of those that configure a phone */
    bool in_sync;     /* syncinfo.xml says that there is nothing new */
    char cfg_dir[64], dial_template[64];
};

struct pass { /* lives from when a pass is asked for, or its timer fires, to its end */
    enum prov_cause cause;
    char *url;        /* one explicit rule instead of the configured ones */
    char *server;     /* for a URL without one, in place of DHCP's; NULL = DHCP's */
    bool begun;       /* no longer delayed or held */
    uint8_t n_probes; /* files of a Cisco UC server asked for */
    unsigned rule;    /* 0 to 3 */
    unsigned n_files, n_changed;
    struct rule_request req; /* under way */
    char fetching[256];      /* URL asked for */
    struct prov_boot *boot;  /* boot files in place of rules (79x0), NULL = rules */
};

struct upgrade {        /* made by the first Upgrade_Rule or command */
    struct timer timer; /* retry */
    struct fetch *fetch;
    char *tried;          /* URL of the last attempt */
    char *asked, *server; /* by a command that waits for idle lines; NULL = by none */
    char *condition;      /* $UPGCOND; NULL = none */
    char *error;          /* of the last attempt, NULL = fine */
    const char *err_text; /* $UPGERR */
    unsigned n_failed;    /* in a row */
    bool ok;              /* the last attempt: what tried names is what runs */
    uint64_t last_ms;     /* 0 = never, for $UPGTMR */
    struct in_addr server_addr;
};

struct prov {
    struct prov_config cfg;
    struct prov_handlers h;
    void *arg;
    struct timer timer;  /* start of a pass: delayed, periodic, retry; or held long enough */
    struct timer *watch; /* evaluates triggers that start a pass; NULL = none do */
    struct pass *pass;
    struct fetch *fetch;
    struct fetch *report;        /* on its way; NULL = none */
    struct baseline *baseline;   /* of reports with --delta; NULL = none */
    struct upgrade *upgrade;     /* NULL = none yet */
    struct custom_ca *ca;        /* NULL = none */
    struct fetch_memory *memory; /* TLS sessions; NULL = none are resumed */
    enum prov_cause next_cause;
    unsigned retry_index, n_passes, n_ok, n_failed;
    unsigned
        n_in_row; /* good passes since the last failure or start: the list of Resync_Periodic */
    struct account *account;            /* that the user gave; NULL = none */
    bool account_wanted, account_asked; /* for; once since the phone started */
    uint64_t last_ms;  /* last attempt, for $PRVTMR; before the first: since there is power */
    uint64_t power_ms; /* since when there is power: for $UPGTMR before the first attempt */
    bool held;         /* due, and waits for the lines to be idle */
    bool succeeded;    /* once, since it left the factory: only then there is a period */
    uint16_t last_status;
    uint8_t last_class;
    struct in_addr last_server;
    const char *err_text; /* $ERR, NULL = fine */
    char sync[16];        /* a 79x0's setting, as its files said last */
    char *last_url, *last_error, *last_rule, *note;
};

struct reading { /* a rule being read; macro handlers see its first member */
    struct macro_values values;
    struct prov *p;
    const struct prov_observer *observer; /* of prov_explain(); NULL = nobody looks */
    bool applying;                        /* assignments take effect */
    char fired[128];     /* the comparisons of the alternative taken: "1.0.2<1.1", "" = none */
    unsigned fired_from; /* that alternative */
};

struct outcome { /* of one file */
    enum prov_class class;
    const char *err_text; /* $ERR (12 R:), NULL = fine */
    char error[224];      /* in full, "" = fine */
};

/* reading.c */
void prov_reading_init(struct reading *r, struct prov *p);
void prov_read_dhcp(const struct prov *p, struct dhcp_hint *hint);
void prov_hint_server(struct dhcp_hint *hint, const char *server); /* this one by TFTP */
int prov_rule_read_text(struct prov *p, const char *rule, const char *server,
                        struct rule_request *req, struct parse_err *pe);
int prov_read(struct rule_request *req, struct reading *r, const char *rule, enum rule_kind kind,
              const struct dhcp_hint *hint, struct parse_err *pe);

int prov_test(bool *holds, struct reading *r, const char *trigger, struct parse_err *pe);

/* schedule.c */

/** The delay list syntax of section 10: "1800+300,3600": the index-th, the last repeats. */
uint32_t prov_list_delay(const char *list, unsigned index, struct rng *rng);

/** Phone time from now to the pass after a good one; 0 = none. */
uint64_t prov_period_ms(const struct prov *p);
uint64_t prov_at_ms(const struct prov *p);  /* the same by Resync_At alone */
bool prov_has_period(const struct prov *p); /* although no pass is about to be made */
uint32_t prov_retry_s(const struct prov *p);
uint32_t prov_boot_delay_ms(const struct prov *p);

enum prov_trigger {
    PROV_TRIGGER_NONE, /* is set */
    PROV_TRIGGER_TRUE, /* one of them is */
    PROV_TRIGGER_FALSE,
};
enum prov_trigger prov_trigger(struct prov *p);
bool prov_gated(struct prov *p); /* next_cause waits for a trigger */

/* file.c */
void prov_keep(char **at, const char *text); /* a copy, NULL for "" */

struct fetch_tls prov_tls(struct prov *p);

/** The User-Agent of requests: a 6800's is a parameter (9.1). */
enum { PROV_AGENT_BYTES = 160 };
void prov_agent(struct prov *p, char agent[PROV_AGENT_BYTES]);
/** What all requests of a phone have in common; the caller adds what makes this one. url is
 *  borrowed, and so is agent, which is filled. */
struct fetch_req prov_request(struct prov *p, const char *url, char agent[PROV_AGENT_BYTES]);
/** Answer challenges to it by this account (borrowed); uid NULL = by none. */
void prov_log_in(struct prov *p, struct fetch_req *fr, const char *uid, const char *pwd);
/** The text of $ERR for a fetch that failed (12 R:). */
const char *prov_err_text(const char *url, int err, const struct fetch_reply *r);

/** Why nothing is fetched from there, for an upgrade or not; NULL = it is. */
const char *prov_refusal(const struct prov *p, bool upgrade, const char *url);

/** The GPP that is posted, expanded; NULL in *body = there is none. ENOMEM, E2BIG. */
int prov_post_body(char **body, struct reading *r, const struct rule_request *req);

/** Ask for p->pass->req. */
int prov_fetch(struct prov *p, fetch_h *h);

/** Take what came: parameters are set; 0, or an errno with the outcome filled in. */
int prov_apply(struct prov *p, const struct fetch_reply *r, struct outcome *o);
void prov_corrupt(struct outcome *o, int err, const struct parse_err *pe);
void prov_fetch_failed(struct outcome *o, const struct prov *p, int err,
                       const struct fetch_reply *r);

/** The rule in place of this one: DHCP may give a whole one for the factory's (1.2). */
const char *prov_rule_in_place(const struct prov *p, const struct dhcp_hint *hint,
                               const char *rule);

/* report.c */
bool prov_report_puts(const struct prov *p, const struct rule_request *req);
void prov_report_mark(struct prov *p); /* a resync has ended, or the phone starts */

/* upgrade.c */
bool prov_upgrade_runs(const struct prov *p, const char *url); /* it is what runs already */
void prov_upgrade_stop(struct prov *p);
void prov_upgrade_close(struct prov *p);

/* log.c */
enum prov_message {
    PROV_MSG_RESYNC_REQUEST,
    PROV_MSG_RESYNC_SUCCESS,
    PROV_MSG_RESYNC_FAILURE,
    PROV_MSG_UPGRADE_REQUEST,
    PROV_MSG_UPGRADE_SUCCESS,
    PROV_MSG_UPGRADE_FAILURE,
};
/** To the syslog server, when there is one; err_text NULL = "" ($ERR). */
void prov_log(struct prov *p, enum prov_message m, const char *url, struct in_addr server,
              const char *err_text);

/* account.c */
void prov_account_give(const struct prov *p, const char **uid,
                       const char **pwd);                   /* to a rule without */
void prov_account_refused(struct prov *p, unsigned status); /* a server of the pass said so */
void prov_account_close(struct prov *p);

/** To Debug_Server, when Debug_Level is that high: 1 what failed, 2 what was done, 3 why [DEF]. */
enum { PROV_DEBUG_ERROR = 1, PROV_DEBUG_STEP, PROV_DEBUG_RULE };
void prov_debug(struct prov *p, unsigned level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* custom_ca.c */

/** Ask for the certificates of a custom CA, before a file of the pass; false: there is no need. */
bool prov_ca_next(struct prov *p, const struct dhcp_hint *hint, fetch_h *h);
void prov_ca_tried(struct prov *p, int err, const struct fetch_reply *r); /* r NULL = not asked */
void prov_ca_close(struct prov *p);

/* spcp.c */

/** Ask a Cisco UC server for the next of its files, before the rules; false: there is none left. */
bool prov_spcp_next(struct prov *p, const struct dhcp_hint *hint, fetch_h *h);

/* boot.c: the files of a 79x0 */

/** Does this phone boot from its files, not by rules? */
bool prov_boots_from_files(const struct prov *p, const struct dhcp_hint *hint);

/** The next file, p->pass->rule on. False: there is none left. */
bool prov_boot_next(struct prov *p, const struct dhcp_hint *hint, fetch_h *h, int *err);

/** Take a boot file; as prov_apply(). */
int prov_boot_apply(struct prov *p, const struct fetch_reply *r, struct outcome *o);

#endif
