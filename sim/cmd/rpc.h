/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON-RPC 2.0 objects of the command table: what one line asks, what is answered. Pure. */
#ifndef SIM_CMD_RPC_H
#define SIM_CMD_RPC_H

#include <stddef.h>
#include <jansson.h>

/* JSON-RPC 2.0 codes beside those of cmd.h */
enum {
    RPC_E_PARSE = -32700,
    RPC_E_REQUEST = -32600,
};

struct rpc_request { /* borrowed from root */
    json_t *root;
    json_t *id; /* NULL = a notification: nobody waits for an answer */
    const char *method;
    json_t *params;  /* object, or NULL = none */
    char error[300]; /* a sentence when it is none */
};

/**
 * Read one line. Returns 0, or the code of the error that error tells; id is then what could be
 * read of it. rpc_reset() in both cases.
 */
int rpc_parse(struct rpc_request *r, const char *line, size_t len);
void rpc_reset(struct rpc_request *r);

/** Answers; id NULL is written as null. NULL = no memory. Caller decrefs. */
json_t *rpc_result(json_t *id, json_t *result);
json_t *rpc_error(json_t *id, int code, const char *text);

#endif
