/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Resync state machine of one phone: rules A to D in order, fetch, parse, apply, retry
 * (provisioning.md sections 1.1, 3.1, 4, 10).
 */
#ifndef SIM_PROV_PROV_H
#define SIM_PROV_PROV_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/prov/params.h"

struct loop;
struct rng;
struct fetcher;
struct fetch_reply;
struct prov;

struct prov_config { /* all borrowed for the life of the prov */
    struct loop *lp;
    struct fetcher *fetcher;
    struct param_set *params;
    const struct device_model *model;
    const struct device_identity *id;
    struct rng *rng;
    struct in_addr local;
    const char *dhcp_value; /* what DHCP offers, as dhcp_choose() reads it; NULL = nothing */
    const char *ca_file;
    struct syslogger *log;    /* NULL = nobody listens */
    struct cert_client *cert; /* shown to servers that ask for one; NULL = none */
    bool random_delay;        /* --boot real: Resync_Random_Delay applies after power-on */
};

enum prov_cause {
    PROV_EXPLICIT = -1,
    PROV_BOOT = 0,
    PROV_PERIODIC = 1,
    PROV_RETRY = 2
}; /* $PRVST */

/* provisioning.md 4 */
enum prov_class {
    PROV_CLASS_A, /* fine */
    PROV_CLASS_B, /* not found, or corrupt */
    PROV_CLASS_C, /* anything else */
};

struct prov_fetch_event { /* one file fetched or failed; borrowed */
    const char *url;
    uint16_t status;
    enum prov_class class;
    const char *error; /* NULL = fine: fetched, parsed, applied */
    uint32_t us;
    size_t bytes;
};

struct prov_result { /* one pass ended */
    bool ok;
    bool skipped;          /* a trigger held it back: nothing was asked for */
    unsigned n_files;      /* fetched and applied */
    unsigned n_changed;    /* parameters whose value in force changed */
    uint32_t next_s;       /* phone seconds to the next pass, 0 = none planned */
    const char *error;     /* first failure's text */
    enum prov_class class; /* of that failure */
};

struct prov_upgraded { /* an upgrade was attempted; borrowed */
    bool ok;
    const char *url, *version; /* version: that the phone runs from its next start on */
    const char *error;         /* NULL = fine */
};

struct prov_handlers {
    void (*fetched)(const struct prov_fetch_event *ev, void *arg);
    void (*done)(const struct prov_result *res, void *arg);

    /** Phone seconds since line 1 or 2 lost its registration, 0 while it has one ($REGTMR1 and 2).
     *  NULL = always 0. */
    uint32_t (*unregistered_s)(unsigned line, void *arg);

    /** The address others see, as far as it has been learnt ($EXTIP). NULL = never. */
    struct in_addr (*external)(void *arg);

    /** A load came, or did not. NULL = nobody cares. */
    void (*upgraded)(const struct prov_upgraded *up, void *arg);

    /** Is a line in use? A pass that is due waits then, and prov_idle() ends that. NULL = never. */
    bool (*busy)(void *arg);
};

struct prov_status {
    char rule[256]; /* last rule read */
    char last_url[256];
    uint16_t last_status;
    char last_error[128];
    char note[128]; /* what the last pass passed over: a condition that cannot be read … */
    enum prov_class last_class;
    uint32_t next_s; /* 0 = none planned */
    bool running;    /* a pass asks for files */
    bool held;       /* one is due and waits for the lines; next_s: at most so long */
    unsigned n_passes, n_ok, n_failed;
};

/** arg is the owner of its requests, too (fetch.h). */
int prov_alloc(struct prov **pp, const struct prov_config *cfg, const struct prov_handlers *h,
               void *arg);

/** Start a pass now (or after the boot random delay, or when the lines are idle); url NULL = the
 *  configured rules, else this one rule. A pass under way is left to end first; one that is asked
 *  for again before it begins is the same one. Errors: EALREADY; EACCES Provision_Enable is No. */
int prov_start(struct prov *p, enum prov_cause cause, const char *url);

/** An explicit one; server NULL = DHCP's, else "host[:port]" for a url that names none. */
int prov_start_from(struct prov *p, const char *url, const char *server);

/** Forget timers and a pass under way (power off). */
void prov_stop(struct prov *p);

/** The phone starts without a pass, or parameters of the schedule have changed: plan the next. */
void prov_plan(struct prov *p);

/**
 * The phone is up, or Upgrade_Rule may have changed: load what it names, when the lines are idle,
 * no pass is under way, and it is not what runs already (3.6).
 */
void prov_upgrade_check(struct prov *p);

/** By a command; server as in prov_start_from(). Errors: EACCES Upgrade_Enable is No; EALREADY. */
int prov_upgrade_start(struct prov *p, const char *url, const char *server);

struct prov_upgrade_status { /* borrowed; "" = none */
    const char *url, *error;
    bool loading;
    uint32_t retry_s; /* 0 = none planned */
};
void prov_upgrade_status(const struct prov *p, struct prov_upgrade_status *st);

/* that a phone asks its user for */
enum prov_account {
    PROV_ACCOUNT_NONE,
    PROV_ACCOUNT_BASIC,
    PROV_ACCOUNT_XSI,
};

/** What Profile_Authentication_Type of a 6800 says; other phones have none (10, M1). */
enum prov_account prov_account_kind(const struct device_model *m, const struct param_set *ps);

/** For challenges where the rule has no credentials, until a factory reset; uid "" = none. ENOMEM.
 */
int prov_account_set(struct prov *p, const char *uid, const char *pwd);
const char *prov_account_uid(const struct prov *p); /* "" = none */

/** Has a server challenged, and there was nothing to answer? True once after each start. */
bool prov_account_wanted(struct prov *p);

struct prov_ca_status { /* borrowed */
    const char *name;   /* CN of the custom CA, NULL = none is installed */
    int64_t at_s;       /* when it was asked for last, UTC; 0 = never */
    bool ok;            /* it came */
};
void prov_ca_status(const struct prov *p, struct prov_ca_status *st);

/** What the phone believes beside the farm's CAs, for its other requests (8); NULL = nothing. */
struct trust;
struct trust *prov_trust(const struct prov *p);

/** Send the configuration to where Report_Rule says, once (3.5); the outcome comes as fetched().
 *  Errors: ENOENT no rule, or nothing in it applies; EALREADY; those of prov_rule_read(). */
int prov_report(struct prov *p, struct parse_err *pe);

/** A profile that came by itself (14): parameters are set; all or nothing. Errors: EBADMSG, EPROTO
 *  corrupt; E2BIG; ENOMEM. */
int prov_push(struct prov *p, const void *data, size_t len, unsigned *n_changed,
              struct parse_err *pe);

/** The last call has ended. */
void prov_idle(struct prov *p);

/** As it left the factory: no pass was ever good. */
void prov_forget(struct prov *p);

void prov_status_get(const struct prov *p, struct prov_status *st);

/** URL of a file on the phone's TFTP server: the one that DHCP offers, for the port of TFTP where
 * it was offered for something else [DEF]. False: DHCP offers none, or the URL is too long. */
bool prov_tftp_url(const struct prov *p, const char *file, char *url, size_t size);

/** What macros stand for now (values.h); borrows from p. */
struct macro_values;
void prov_values(struct prov *p, struct macro_values *v);

struct rule_request;

/** The rules that a phone keeps beside the four of a pass. */
enum prov_rule { PROV_UPGRADE_RULE, PROV_REPORT_RULE };

/** Read one of them as it stands now; errors and result as rule_eval(). */
int prov_rule_read(struct prov *p, enum prov_rule which, struct rule_request *req,
                   struct parse_err *pe);

#endif
