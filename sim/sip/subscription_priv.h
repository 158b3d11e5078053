/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a subscription, for subscription.c and subscription_message.c. */
#ifndef SIM_SIP_SUBSCRIPTION_PRIV_H
#define SIM_SIP_SUBSCRIPTION_PRIV_H

#include "sim/sip/priv.h"
#include "sim/sip/subscription.h"

struct sub_content { /* waits for its SUBSCRIBE */
    struct sub_content *next;
    const char *type, *body; /* behind it */
};

struct ua_subscription {
    struct ua_subscription *next; /* of its line */
    struct ua_line *line;
    struct ua_subscription_config cfg;
    const struct ua_subscription_handlers *h; /* NULL = its owner has left */
    void *arg;
    struct timer timer;
    struct client_tx *tx;
    uint64_t refresh_ms;          /* of the last refresh, 0 = none */
    struct sub_content *contents; /* the first one goes out, or is on its way */
    enum ua_sub_state state;
    uint32_t cseq, expires_s, granted_s, remote_cseq;
    uint16_t scode;
    uint8_t n_auth, n_contents;
    bool remote_cseq_set;
    bool content_out; /* the SUBSCRIBE under way carries the first content */
    bool leaving;     /* it keeps itself until the end is agreed on */
    bool left;        /* Expires 0 has been sent */
    char call_id[CALL_ID_SIZE], from_tag[TAG_SIZE];
    char *to_tag, *target, *routes; /* of the dialog; NULL = none yet */
    char *texts;                    /* what cfg points into */
};

/** Write the next SUBSCRIBE into the stack's buffer. Returns its length, 0 = it does not fit. */
size_t subscription_print(struct ua_subscription *s, uint32_t branch);

/** A 2xx of the dialog: its tag, target and route. */
void subscription_take_dialog(struct ua_subscription *s, const struct sip_msg *msg);

/* subscription.c */
void subscription_renew_in(struct ua_subscription *s, uint32_t granted_s);
/** The notifier ends it: again means at once. */
void subscription_ended(struct ua_subscription *s, bool again);

#endif
