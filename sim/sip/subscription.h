/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One subscription of a line (RFC 6665): SUBSCRIBE, its renewal, the NOTIFYs that belong to it.
 * sip-behaviour.md 10, 9.2, 9.3.
 */
#ifndef SIM_SIP_SUBSCRIPTION_H
#define SIM_SIP_SUBSCRIPTION_H

#include <stdbool.h>
#include <stdint.h>

struct pl;
struct ua_line;
struct ua_subscription;

struct ua_subscription_config { /* strings are copied */
    const char *event;          /* "message-summary", "dialog" */
    const char *uri;            /* Request-URI and To, "sip:…" */
    const char *accept;         /* NULL = no Accept */
    const char *body_type;      /* of a NOTIFY body, compared without parameters; else 415 */
    uint32_t expires_s;         /* asked for */
    uint32_t min_s, max_s; /* Sub_Min_Expires, Sub_Max_Expires: clamp what is granted; 0 = none */
    uint32_t ahead_s;      /* renew so long before expiry; 0 = at expiry */
    uint32_t retry_s;      /* after a failure */
};

enum ua_sub_state { UA_SUB_ASKING, UA_SUB_ACTIVE, UA_SUB_FAILED };

struct ua_subscription_handlers {
    /** The body of a NOTIFY, already answered 200. May end the subscription. */
    void (*notified)(const struct pl *body, void *arg);
};

/** Begin at once. Errors: ENOMEM; EINVAL. Owner: mem_deref() ends it without a word on the wire. */
int ua_subscribe(struct ua_subscription **sp, struct ua_line *l,
                 const struct ua_subscription_config *c, const struct ua_subscription_handlers *h,
                 void *arg);

/** Something was missed: ask for the full state now (RFC 4235 4.1). */
void ua_subscription_refresh(struct ua_subscription *s);

enum ua_sub_state ua_subscription_state(const struct ua_subscription *s);
uint16_t ua_subscription_scode(const struct ua_subscription *s); /* of the last answer, 0 = none */

#endif
