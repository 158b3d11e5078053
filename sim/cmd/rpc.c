/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/rpc.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/cmd/cmd.h"

static int refuse(struct rpc_request *r, int code, const char *text)
{
    snprintf(r->error, sizeof(r->error), "%s", text);
    return code;
}

int rpc_parse(struct rpc_request *r, const char *line, size_t len)
{
    json_error_t error;

    memset(r, 0, sizeof(*r));
    r->root = json_loadb(line, len, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!r->root) {
        snprintf(r->error, sizeof(r->error), "not JSON: %s (column %d)", error.text, error.column);
        return RPC_E_PARSE;
    }
    if (json_is_array(r->root))
        return refuse(r, RPC_E_REQUEST, "one request a line; there are no batches");
    r->id = json_object_get(r->root, "id");
    r->method = json_string_value(json_object_get(r->root, "method"));
    r->params = json_object_get(r->root, "params");
    if (r->id && !json_is_string(r->id) && !json_is_number(r->id) && !json_is_null(r->id)) {
        r->id = NULL;
        return refuse(r, RPC_E_REQUEST, "an \"id\" is a text, a number or null");
    }
    if (!r->method)
        return refuse(r, RPC_E_REQUEST, "a request is an object with \"method\" and \"params\"");
    if (r->params && !json_is_object(r->params))
        return refuse(r, CMD_E_PARAMS, "\"params\" is an object: arguments go by name");
    return 0;
}

void rpc_reset(struct rpc_request *r)
{
    json_decref(r->root);
    memset(r, 0, sizeof(*r));
}

json_t *rpc_result(json_t *id, json_t *result)
{
    return json_pack("{s:s, s:O, s:O}", "jsonrpc", "2.0", "id", id ? id : json_null(), "result",
                     result);
}

json_t *rpc_error(json_t *id, int code, const char *text)
{
    char clean[600]; /* a name that was cut short may end inside a character */

    return json_pack("{s:s, s:O, s:{s:i, s:s}}", "jsonrpc", "2.0", "id", id ? id : json_null(),
                     "error", "code", code, "message", utf8_clean(clean, sizeof(clean), text));
}
