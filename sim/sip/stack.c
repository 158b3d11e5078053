/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/stack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sip/priv.h"
#include "sim/sip/secure.h"

static void destructor(void *arg)
{
    struct ua_stack *s = arg;

    transport_stack_close(s);
    secure_context_free(s->tls);
    mem_deref(s->rx);
    free(s->table);
    free(s->ca_file);
}

int ua_stack_alloc(struct ua_stack **sp, struct loop *lp, struct resolver *dns,
                   const struct ua_stack_config *cfg)
{
    struct ua_stack *s = mem_zalloc(sizeof(*s), destructor);
    if (!s)
        return ENOMEM;
    s->lp = lp;
    s->dns = dns;
    s->cfg = *cfg;
    s->ca_file = cfg->ca_file ? strdup(cfg->ca_file) : NULL;
    s->cfg.ca_file = s->ca_file;
    s->rx = mbuf_alloc(65536);
    if (!s->rx || (cfg->ca_file && !s->ca_file)) {
        mem_deref(s);
        return ENOMEM;
    }
    *sp = s;
    return 0;
}

const struct ua_stack_counters *ua_stack_counters(const struct ua_stack *s)
{
    return &s->counters;
}
