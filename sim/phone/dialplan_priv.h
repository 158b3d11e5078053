/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a dial plan, for dialplan*.c only. */
#ifndef SIM_PHONE_DIALPLAN_PRIV_H
#define SIM_PHONE_DIALPLAN_PRIV_H

#include "sim/phone/dialplan.h"

enum element_kind { KEY, TONE, SHORT, LONG, PAUSE, OPEN, SHUT };

struct element {
    uint8_t kind;
    bool repeat;    /* KEY: zero or more times */
    uint16_t value; /* KEY: set of keys; SHORT, LONG, PAUSE: ms; SHUT: offset into texts */
};

enum { SEQUENCE_MAX = 255, TIMER_MAX_MS = 64000, TIMER_DEFAULT_MS = 5000, KEYS_DIGITS = 0x3ff };

struct sequence {
    uint16_t first, n; /* elements */
    bool barred;
};

struct dialplan {
    struct element *elements;
    struct sequence *sequences;
    char *texts;                /* substitutes, each terminated */
    uint32_t long_ms, short_ms; /* DIALPLAN_NEVER = not given */
    uint16_t n_elements, n_sequences, texts_len;
    bool ip_dialing;
};

/* Bit of a key in a set, -1 = no key. */
static inline int dialplan_key_index(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c == '*' ? 10 : c == '#' ? 11 : -1;
}

/* dialplan_address.c: [user@]a.b.c.d[:port], every separator typed as '*' */

enum ip_form { IP_NO, IP_BEGUN, IP_WHOLE };

struct ip_address {
    unsigned n, value[6]; /* parts; values stop growing at 99999 */
    bool user, port;
};

enum ip_form dialplan_address_parse(struct ip_address *ip, const char *digits);
void dialplan_address_print(const struct ip_address *ip, const char *digits, char *buf,
                            size_t size);

#endif
