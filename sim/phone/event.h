/* SPDX-License-Identifier: BSD-3-Clause */
/* The one stream out: everything that changes on a phone leaves as one of these. */
#ifndef SIM_PHONE_EVENT_H
#define SIM_PHONE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct phone_traffic { /* since it started */
    uint32_t n_sent, n_received;
    uint64_t bytes_sent, bytes_received;
};

enum phone_ev {
    PHONE_EV_POWER, /* on */
    PHONE_EV_BOOT,
    PHONE_EV_FETCH,       /* fetch */
    PHONE_EV_PROVISIONED, /* prov */
    PHONE_EV_REGISTER,    /* reg */
    PHONE_EV_SCREEN,      /* text = title */
    PHONE_EV_LAMP,        /* text = lamp, text2 = colour and pattern */
    PHONE_EV_KEY,         /* text = key name */
    PHONE_EV_REBOOT,      /* text = why */
    PHONE_EV_ERROR,       /* text */
    PHONE_EV_FAILOVER,    /* text = from, text2 = to, why */
    PHONE_EV_FALLBACK,    /* the same */
    PHONE_EV_MWI,         /* on, count = new messages */
    PHONE_EV_NOTIFY,      /* text = event, text2 = from, scode = our answer */
    PHONE_EV_CALL,        /* count = id, text = state, text2 = peer, scode, why, on = outgoing */
    PHONE_EV_DTMF,        /* count = id of the call, text = digit that was received */
    PHONE_EV_SPOKEN,      /* text = what the voice menu says */
};

enum phone_call_news { /* what a PHONE_EV_CALL is about, for those who count */
                       PHONE_CALL_NEWS_NONE,
                       PHONE_CALL_NEWS_PLACED,
                       PHONE_CALL_NEWS_ANSWERED, /* for the first time */
                       PHONE_CALL_NEWS_FAILED,   /* ended unanswered, and not by the caller */
};

struct phone_media { /* of a call that had a stream and is over */
    uint32_t tx_packets, rx_packets, jitter_us;
    int64_t rx_lost;
};

struct prov_fetch_event;
struct prov_result;
struct ua_reg_status;

struct phone_event { /* borrowed until the handler returns */
    enum phone_ev ev;
    bool on;
    unsigned line;  /* from 1 */
    bool alternate; /* PHONE_EV_REGISTER: the second one of Dual_Registration */
    enum phone_call_news call;
    uint16_t scode;
    uint32_t count;
    const char *text, *text2, *why;
    uint64_t us;                     /* PHONE_EV_CALL, answered: since it was placed */
    const struct phone_media *media; /* PHONE_EV_CALL, ended */
    const struct prov_fetch_event *fetch;
    const struct prov_result *prov;
    const struct ua_reg_status *reg;
};

/** Name as interface.md section 5 writes it: "power", "boot", "fetch" … */
const char *phone_ev_name(enum phone_ev ev);

#endif
