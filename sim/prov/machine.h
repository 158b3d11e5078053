/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of the resync state machine, for its own files only. */
#ifndef SIM_PROV_MACHINE_H
#define SIM_PROV_MACHINE_H

#include "sim/loop/timer.h"
#include "sim/net/fetch.h"
#include "sim/prov/prov.h"
#include "sim/prov/rule.h"
#include "sim/prov/values.h"

struct prov_boot {                       /* what the boot files of a 79x0 have said so far */
    unsigned n_found;                    /* files that configure a phone */
    bool in_sync;                        /* syncinfo.xml says that there is nothing new */
    char cfg_dir[64], dial_template[64]; /* settings that say where the next files are */
};

/* One pass. It exists from when it is asked for, or its timer fires, to its end. */
struct pass {
    enum prov_cause cause;
    char *url;                   /* the one rule to read; NULL = the configured ones */
    char *server;                /* for a URL that names none; NULL = the one that DHCP offers */
    bool begun;                  /* files are asked for; before, it is delayed or held */
    uint8_t n_probes;            /* files of a Cisco UC server that were asked for */
    unsigned rule;               /* 0 to 3 = A to D; of boot files: enum cnf_file */
    unsigned n_files, n_changed; /* files applied, parameters changed */
    struct rule_request req;     /* the one under way */
    char fetching[256];          /* URL of the file under way */
    struct prov_boot *boot;      /* a 79x0 reads boot files; NULL = rules */
};

/* Firmware upgrades of one phone; made by the first Upgrade_Rule or command. */
struct upgrade {
    struct timer timer;   /* until the next attempt after one that failed */
    struct fetch *fetch;  /* the load under way */
    char *tried;          /* URL of the last attempt */
    char *asked, *server; /* what a command asked for while lines were busy; NULL = nothing */
    char *condition;      /* $UPGCOND; NULL = none */
    char *error;          /* why the last attempt failed; NULL = it did not */
    const char *err_text; /* $UPGERR */
    unsigned n_failed;    /* attempts in a row */
    bool ok;              /* the last attempt succeeded: what `tried` names is what runs */
    uint64_t last_ms;     /* when the last attempt began, for $UPGTMR; 0 = there was none */
    struct in_addr server_addr;
};

struct prov {
    struct prov_config cfg;
    struct prov_handlers h;
    void *arg;
    struct timer timer;          /* to the next pass; while it is held, to when it begins anyway */
    struct timer *watch;         /* looks at triggers that start a pass; NULL = none can */
    struct pass *pass;           /* asked for or under way; NULL = none */
    struct fetch *fetch;         /* the file under way */
    struct fetch *report;        /* the report under way; NULL = none */
    struct baseline *baseline;   /* values that --delta reports compare with; NULL = none */
    struct upgrade *upgrade;     /* NULL = none yet */
    struct custom_ca *ca;        /* NULL = none */
    struct fetch_memory *memory; /* TLS sessions; NULL = none are resumed */
    enum prov_cause next_cause;  /* of the pass that the timer will start */
    unsigned retry_index;        /* failed passes in a row: place in the retry list */
    unsigned n_in_row;           /* good passes in a row: place in the list of Resync_Periodic */
    unsigned n_passes, n_ok, n_failed;
    struct account *account; /* log-in that the user gave; NULL = none */
    bool account_wanted;     /* a server challenged, and there was nothing to answer */
    bool account_asked;      /* the user was asked for it since the phone started */
    uint64_t last_ms;        /* clock at the last attempt, or at power-on, for $PRVTMR */
    uint64_t power_ms;       /* clock at power-on, for $UPGTMR before the first attempt */
    bool held;               /* a pass is due and waits for the lines to be idle */
    bool succeeded;          /* a pass was good since the factory reset: then there is a period */
    uint16_t last_status;    /* of the last file, as are the following */
    uint8_t last_class;      /* enum prov_class */
    struct in_addr last_server;
    const char *err_text; /* $ERR, NULL = fine */
    char sync[16];        /* the setting "sync" in the boot files of a 79x0 */
    char *last_url, *last_error, *last_rule, *note; /* for prov_status; NULL = "" */
};

struct reading {                /* a rule being read */
    struct macro_values values; /* first: macro handlers get a pointer to this */
    struct prov *p;
    const struct prov_observer *observer; /* of prov_explain(); NULL = nobody looks */
    bool applying;                        /* assignments take effect */
    char fired[128];     /* for $UPGCOND: comparisons of the alternative taken, "" = none */
    unsigned fired_from; /* the alternative that `fired` is about */
};

struct outcome { /* of one file */
    enum prov_class class;
    const char *err_text; /* $ERR (12 R:), NULL = fine */
    char error[224];      /* in full, "" = fine */
};

/* prov.c */

/** Plan the pass after one that was good, or held back by a trigger; or the one after a failure.
 *  Phone seconds to it, 0 = there will be none. */
uint32_t prov_schedule_period(struct prov *p);
uint32_t prov_schedule_retry(struct prov *p);
/** Does next_cause wait for a trigger that does not hold? */
bool prov_gated(struct prov *p);

/* pass.c */

/** Ask for the first file of p->pass, which is made if there is none. */
void prov_pass_begin(struct prov *p);
/** Drop the pass, if there is one. */
void prov_pass_close(struct prov *p);
/** rule, or the one that DHCP gives in place of the factory's (1.2). */
const char *prov_rule_in_place(const struct prov *p, const struct dhcp_hint *hint,
                               const char *rule);

/* reading.c */

/** Start to read a rule: the macros have the values of this moment. */
void prov_reading_init(struct reading *r, struct prov *p);
/** What DHCP offers this phone now; all empty = nothing. */
void prov_read_dhcp(const struct prov *p, struct dhcp_hint *hint);
/** As if DHCP had named this server ("host[:port]"), for TFTP. */
void prov_hint_server(struct dhcp_hint *hint, const char *server);
/** Read an upgrade that was asked for; server is that of a URL without one, NULL = there is none.
 *  Errors as rule_eval(). */
int prov_rule_read_text(struct prov *p, const char *rule, const char *server,
                        struct rule_request *req, struct parse_err *pe);
/** rule_eval() and rule_test() with this phone's macros, parameters and server. */
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

/* file.c */
void prov_keep(char **at, const char *text); /* a copy, NULL for "" */

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
