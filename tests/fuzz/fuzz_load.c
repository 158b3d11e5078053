/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and heads of firmware loads: the first line is the path, the rest the file. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/prov/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\n', size);
    const size_t len = end ? (size_t)(end - data) : size;
    char *path = malloc(len + 1);

    if (!path)
        return 0;
    memcpy(path, data, len);
    path[len] = '\0';
    for (const struct device_model *const *m = device_models(); *m; m++) {
        char version[LOAD_VERSION_BYTES], why[96];
        const struct load_facts facts = {.head = data + len,
                                         .head_len = size - len,
                                         .total = LOAD_MIN_BYTES + size,
                                         .path = path,
                                         .model = *m,
                                         .running = device_model_newest(*m),
                                         .limit = "7.4.8",
                                         .version = ""};
        if (load_check(version, &facts, why, sizeof(why)) == 0 &&
            !device_version_valid(*m, version))
            abort();
    }
    free(path);
    return 0;
}
