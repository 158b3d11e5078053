/* SPDX-License-Identifier: BSD-3-Clause */
/* What an administrator may write into Proxy, and the list made of it. */
#include <stddef.h>
#include <stdint.h>
#include <re.h>

#include "sim/base/err.h"
#include "sim/sip/server_list.h"
#include "sim/sip/server_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct server_order order;
    struct server_target targets[SERVER_TARGETS_MAX];
    struct server_record *rec = NULL;
    struct server_list *l = NULL;
    struct parse_err pe;

    if (server_record_parse(&rec, (const char *)data, size, &pe))
        return 0;
    for (size_t i = 0; i < rec->n; i++) {
        const struct server_record_target *t = &rec->targets[i];
        targets[i] = (struct server_target){.host = t->host,
                                            .addrs = t->addrs,
                                            .n_addrs = t->n_addrs,
                                            .port = t->port,
                                            .priority = t->priority,
                                            .weight = t->weight};
    }
    if (!server_list_alloc(&l, targets, rec->n, &order))
        for (uint64_t now_ms = 0; server_list_fail(l, NULL, now_ms, 60); now_ms += 16000)
            continue;
    mem_deref(l);
    mem_deref(rec);
    return 0;
}
