/* SPDX-License-Identifier: BSD-3-Clause */
/* Challenges and credentials as a peer may write them. */
#include <stddef.h>
#include <stdint.h>

#include <re.h>

#include "sim/base/rng.h"
#include "sim/sip/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct pl value = {(const char *)data, size};
    const struct auth_request r = {"REGISTER", "sip:lab", "1001", "pw-1001", size & 1};
    struct auth_client a = {0};
    struct auth_response ar;
    struct rng rng;
    char buf[1024];

    rng_init(&rng, 1, 1);
    if (auth_client_challenge(&a, &value, false) != AUTH_UNUSABLE) {
        const size_t n = auth_client_print(&a, buf, sizeof(buf), &r, &rng);
        const struct pl own = {buf, n};

        if (n && !auth_response_parse(&ar, &own) &&
            !auth_response_check(&ar, "REGISTER", r.password))
            __builtin_trap(); /* what the client sends, the server accepts */
    }
    auth_client_reset(&a);
    if (!auth_response_parse(&ar, &value))
        (void)auth_response_check(&ar, "REGISTER", "pw-1001");
    return 0;
}
