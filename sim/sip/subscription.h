/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One subscription of a line (RFC 6665): SUBSCRIBE, its renewal, the NOTIFYs that belong to it.
 * sip-behaviour.md 10, 9.2, 9.3.
 */
#ifndef SIM_SIP_SUBSCRIPTION_H
#define SIM_SIP_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

struct raw_message;
struct ua_line;
struct ua_subscription;

struct ua_subscription_config { /* strings are copied */
    const char *event;          /* "message-summary", "dialog" */
    const char *uri;            /* Request-URI and To, "sip:…" */
    const char *accept;         /* NULL = no Accept */
    const char *supported;      /* "eventlist"; NULL = no Supported (9.3) */
    const char *body_types;     /* of a NOTIFY body, commas between; else 415; NULL = any */
    const char *extra;          /* header lines, each with its end; NULL = none */
    uint32_t expires_s;         /* asked for */
    uint32_t min_s, max_s; /* Sub_Min_Expires, Sub_Max_Expires: clamp what is granted; 0 = none */
    uint32_t ahead_s;      /* renew so long before expiry; 0 = at expiry */
    uint32_t retry_s;      /* after a failure */
    uint32_t delay_ms;     /* before the first SUBSCRIBE */
    bool once;             /* it lasts as long as it was granted: no renewal, no retry */
};

enum ua_sub_state { UA_SUB_ASKING, UA_SUB_ACTIVE, UA_SUB_FAILED };

struct ua_subscription_handlers { /* each may end the subscription */
    /** A NOTIFY, already answered 200; its body may be empty. */
    void (*notified)(const struct raw_message *msg, void *arg);

    /** Its state is another one, or its dialog began anew: what was known is void unless it is
     *  UA_SUB_ACTIVE. NULL = not told. */
    void (*changed)(void *arg);
};

/** Begin after its delay. Errors: ENOMEM; EINVAL. Owner: mem_deref() ends it without a word on the
 *  wire. */
int ua_subscribe(struct ua_subscription **sp, struct ua_line *l,
                 const struct ua_subscription_config *c, const struct ua_subscription_handlers *h,
                 void *arg);

/** Something was missed: ask for the full state now (RFC 4235 4.1); a moment later where that was
 *  done just now. */
void ua_subscription_refresh(struct ua_subscription *s);

/** Send content in a SUBSCRIBE, behind what is still to be sent. Refused content is dropped.
 *  Errors: ENOMEM; E2BIG too much waits; ENOTCONN the line is closed. */
int ua_subscription_send(struct ua_subscription *s, const char *type, const char *body);

/** The user no longer wants it: SUBSCRIBE with Expires 0, no handler runs any more. Drops the
 *  reference; NULL is fine. Returns NULL. */
struct ua_subscription *ua_subscription_leave(struct ua_subscription *s);

enum ua_sub_state ua_subscription_state(const struct ua_subscription *s);
uint16_t ua_subscription_scode(const struct ua_subscription *s); /* of the last answer, 0 = none */

struct ua_subscription_status { /* borrowed */
    const char *event, *uri;
    enum ua_sub_state state;
    uint16_t scode;
    uint32_t granted_s; /* 0 when not active */
    uint32_t next_s;    /* phone seconds to renewal or retry, 0 = none */
};
void ua_subscription_status(const struct ua_subscription *s, struct ua_subscription_status *st);

/** The subscriptions of a line, oldest first: the one behind s, NULL = the first; NULL = no more.
 */
const struct ua_subscription *ua_line_subscription(const struct ua_line *l,
                                                   const struct ua_subscription *s);

#endif
