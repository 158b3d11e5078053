/* SPDX-License-Identifier: BSD-3-Clause */
/* Challenges of web servers: an answer is one header line of one scheme. */
#include <stdlib.h>
#include <string.h>

#include "sim/net/webauth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct webauth_request request = {
        .method = "GET", .uri = "/", .uid = "u", .pwd = "p", .nc = 1};
    char *text = strndup((const char *)data, size), *value = NULL;

    for (char *p = text; *p; p++) /* header values have no line ends inside */
        *p = *p == '\r' ? ' ' : *p;
    if (!webauth_answer(&value, text, &request) && strncmp(value, "Basic ", 6) != 0 &&
        strncmp(value, "Digest username=", 16) != 0)
        abort();
    free(value);
    free(text);
    return 0;
}
