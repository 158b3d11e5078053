/* SPDX-License-Identifier: BSD-3-Clause */
/* URIs of pages and pushes; the first byte picks the model. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/xml/xuri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct xuri *u, const char *uri)
{
    char number[XURI_TEXT_BYTES];

    if (strlen(u->text) >= sizeof(u->text) || strlen(u->addr) >= sizeof(u->addr))
        abort();
    if (u->kind == XURI_WEB && u->web != uri)
        abort();
    if (u->kind == XURI_RTP && !u->stop && (u->port % 2 || u->volume > 100))
        abort();
    xuri_dialable(number, sizeof(number), u->text, true);
    if (strspn(number, "0123456789*#+ABCD,") != strlen(number))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct device_model *const *m = device_models();
    size_t n_models = 0;
    struct xuri u;

    if (!size)
        return 0;
    while (m[n_models])
        n_models++;
    char *uri = malloc(size);
    if (!uri)
        return 0;
    memcpy(uri, data + 1, size - 1);
    uri[size - 1] = '\0';
    const int err = xuri_parse(&u, uri, m[data[0] % n_models]);
    if (!err)
        check(&u, uri);
    else if (err != EINVAL && err != ENOTSUP)
        abort();
    free(uri);
    return 0;
}
