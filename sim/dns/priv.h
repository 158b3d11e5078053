/* SPDX-License-Identifier: BSD-3-Clause */
/* What an answer is worth, as the cache keeps it and hands it to everyone who asked. */
#ifndef SIM_DNS_PRIV_H
#define SIM_DNS_PRIV_H

#include <stdbool.h>

#include "sim/dns/dns.h"

struct list;

enum {
    ADDRS_MAX = 16,
    NAME_BYTES = 254,
    LABEL_MAX = 63,
};

struct answer {     /* counted by mem_ref(), not changed once shared */
    uint16_t type;  /* of the question */
    size_t n;       /* records */
    size_t n_addrs; /* A records: = n; SRV: all of the additional section */
    struct in_addr *addrs;
    struct resolver_srv *srv;
    struct resolver_naptr *naptr;
};

int answer_alloc(struct answer **ap, uint16_t type);

/** False when there is no room for one more. */
bool answer_add_addr(struct answer *a, struct in_addr addr);

/** Take what answers a question of this type from libre's lists; *ttl_s is the shortest life of it.
 *  Errors: ENOENT nothing of use; ENOMEM. */
int answer_read(struct answer **ap, uint16_t type, struct list *answers, struct list *additional,
                uint32_t *ttl_s);

/** What a name server may be asked: letters, digits, hyphens, underscores, dots. */
bool name_ok(const char *name);

#endif
