/* SPDX-License-Identifier: BSD-3-Clause */
/* A URL becomes the name of its class. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/farm/classes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t mac[6] = {0x00, 0x0e, 0x08, 0xab, 0xcd, 0x01};
    const struct class_identity id = {
        .mac = mac, .serial = "CCQ162306EA", .ip = "127.1.0.17", .user = "1017"};
    char name[CLASS_NAME_BYTES], *url = malloc(size + 1);

    if (!url)
        return 0;
    memcpy(url, data, size);
    url[size] = '\0';
    class_name(name, sizeof(name), url, &id);
    if (name[0] != '/')
        abort();
    free(url);
    return 0;
}
