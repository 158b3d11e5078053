/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/priv.h"

bool line_credentials(struct ua_line *l, const char *method, const char *uri,
                      char buf[CREDENTIALS_MAX])
{
    const struct auth_request r = {
        .method = method,
        .uri = uri,
        .user = l->cfg.auth_id[0] ? l->cfg.auth_id : l->cfg.user,
        .password = l->cfg.password,
        .order_79xx = l->cfg.wire == UA_WIRE_79XX,
    };

    return auth_client_ready(&l->reg.auth) &&
           auth_client_print(&l->reg.auth, buf, CREDENTIALS_MAX, &r, l->rng) > 0;
}
