/* SPDX-License-Identifier: BSD-3-Clause */
/* Adding reports up: calls and what their streams were like. */
#include <errno.h>
#include <stdlib.h>

#include "sim/farm/merge.h"
#include "sim/farm/priv.h"

/* Reports of older versions have counts only. */
static int merge_details(struct merger *m, size_t i, const json_t *o, struct farm_calls *sum)
{
    const json_t *media = json_object_get(o, "media");
    struct hist setup = {.n = 0}, jitter = {.n = 0};
    uint64_t streams, tx, rx, lost;

    if (!media)
        return 0;
    if (!merge_count(media, "streams", &streams) || !merge_count(media, "tx_packets", &tx) ||
        !merge_count(media, "rx_packets", &rx) || !merge_count(media, "rx_lost", &lost))
        return merge_refuse(m, i, "\"media\" of \"calls\" lacks its counts");
    int err = merge_histogram(m, i, json_object_get(o, "ms"), &setup);
    if (!err)
        err = merge_histogram(m, i, json_object_get(media, "jitter_ms"), &jitter);
    if (!err)
        err = merge_causes(m, i, o, &sum->ops);
    if (err)
        return err;
    hist_merge(&sum->ops.latency, &setup);
    hist_merge(&sum->jitter, &jitter);
    sum->streams += streams;
    sum->tx_packets += tx;
    sum->rx_packets += rx;
    sum->rx_lost += lost;
    return 0;
}

int merge_calls(struct merger *m, json_t *out)
{
    struct farm_calls *sum = calloc(1, sizeof(*sum));
    int err = sum ? 0 : ENOMEM;

    for (size_t i = 0; i < m->n && !err; i++) {
        const json_t *o = json_object_get(m->reports[i], "calls");
        uint64_t placed, answered, failed;
        if (!merge_count(o, "placed", &placed) || !merge_count(o, "answered", &answered) ||
            !merge_count(o, "failed", &failed)) {
            err = merge_refuse(m, i, "\"calls\" lacks its counts");
            break;
        }
        sum->placed += placed;
        sum->ops.ok += answered;
        sum->ops.error += failed;
        err = merge_details(m, i, o, sum);
    }
    if (!err)
        json_object_set_new(out, "calls", report_calls(sum));
    free(sum);
    return err;
}
