/* SPDX-License-Identifier: BSD-3-Clause */
/* A report file, merged with itself; what comes out merges again. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <jansson.h>

#include "sim/farm/farm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *report = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    json_t *twice[2] = {report, report}, *sum = NULL, *again = NULL;
    char err[300];

    if (!report)
        return 0;
    if (!report_merge(&sum, twice, 2, err, sizeof(err)) ||
        !report_merge(&sum, twice, 1, err, sizeof(err))) {
        if (report_merge(&again, &sum, 1, err, sizeof(err)))
            abort();
        json_decref(again);
        json_decref(sum);
    }
    json_decref(report);
    return 0;
}
