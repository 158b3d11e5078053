/* SPDX-License-Identifier: BSD-3-Clause */
/* What a client of the control socket may write on one line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cmd/cmd.h"
#include "sim/cmd/rpc.h"
#include "sim/cmd/take.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a client reads must be an answer, whatever it wrote. */
static void must_print(json_t *answer)
{
    char *text = json_dumps(answer, JSON_COMPACT);

    if (!text || strchr(text, '\n'))
        abort();
    free(text);
    json_decref(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rpc_request r;
    char err[200]; /* small, so that long names are cut */
    const int code = rpc_parse(&r, (const char *)data, size);

    if (code) {
        must_print(rpc_error(r.id, code, r.error));
    } else {
        const struct cmd *cmd = cmd_find(r.method);
        json_t *params = cmd ? cmd_take_params(cmd, r.params) : NULL;
        if (cmd && cmd_params_check(cmd, params, err, sizeof(err)))
            must_print(rpc_result(r.id, params));
        else
            must_print(rpc_error(r.id, CMD_E_PARAMS, cmd ? err : r.method));
        json_decref(params);
    }
    rpc_reset(&r);
    return 0;
}
