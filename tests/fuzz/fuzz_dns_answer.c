/* SPDX-License-Identifier: BSD-3-Clause */
/* An answer off the wire: libre decodes it, the resolver takes what it can use for each question.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <re.h>

#include "sim/dns/priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void decode(struct mbuf *mb, unsigned n, struct list *rrs)
{
    for (struct dnsrr *rr; n-- && !dns_rr_decode(mb, &rr, 0);)
        list_append(rrs, &rr->le, rr);
}

static void check(const struct answer *a)
{
    if (a->type == DNS_TYPE_SRV)
        for (size_t i = 0; i < a->n; i++)
            if (!name_ok(a->srv[i].target) ||
                a->srv[i].addrs + a->srv[i].n_addrs > a->addrs + a->n_addrs)
                __builtin_trap();
    if (a->type == DNS_TYPE_NAPTR)
        for (size_t i = 0; i < a->n; i++)
            (void)strlen(a->naptr[i].replacement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t types[] = {DNS_TYPE_A, DNS_TYPE_SRV, DNS_TYPE_NAPTR};
    struct list answers = LIST_INIT, additional = LIST_INIT;
    struct mbuf *mb = mbuf_alloc(size + 1);
    struct dnshdr hdr;
    char *name = NULL;

    mbuf_write_mem(mb, data, size);
    mb->pos = 0;
    if (!dns_hdr_decode(mb, &hdr) && !dns_dname_decode(mb, &name, 0) && mbuf_get_left(mb) >= 4) {
        mbuf_advance(mb, 4);
        decode(mb, hdr.nans % 33, &answers); /* as many as libre's client takes */
        decode(mb, hdr.nadd % 33, &additional);
        for (unsigned i = 0; i < 3; i++) {
            struct answer *a = NULL;
            uint32_t ttl_s;
            if (!answer_read(&a, types[i], &answers, &additional, &ttl_s))
                check(a);
            mem_deref(a);
        }
    }
    list_flush(&answers);
    list_flush(&additional);
    mem_deref(name);
    mem_deref(mb);
    return 0;
}
