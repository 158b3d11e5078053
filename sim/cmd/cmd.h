/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One door in: the table of commands that ctl, Lua and the window share. A command is one file that
 * exports one const struct cmd, and one row in table.c.
 */
#ifndef SIM_CMD_CMD_H
#define SIM_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

struct farm;
struct cmd_call;

struct cmd_param {    /* by name over JSON-RPC, in this order on a command line */
    const char *name; /* "phones", "keys", "hold_ms" */
    char kind;        /* 'P' phones, 's' text, 'i' integer, 'n' number, 'd' seconds, 'b' flag,
                         'l' list of texts (rest), 'o' "on" or "off"; numbers are never negative */
    bool required;
    const char *flag; /* NULL = positional; "--hold" = option of ctl */
    const char *help;
};

/** The one answer of a call. ok: result, borrowed. Not ok: code is a JSON-RPC error code, error a
 *  sentence. */
typedef void(cmd_reply_h)(bool ok, json_t *result, int code, const char *error, void *arg);

struct cmd {
    const char *name;
    const char *help;
    const struct cmd_param *params; /* ended by name NULL */
    /** Run; must end in exactly one cmd_ok() or cmd_fail(), now or later (wait). */
    void (*exec)(struct cmd_call *call);
    void (*cancel)(struct cmd_call *call); /* for commands that answer later; may be NULL */
};

const struct cmd *const *cmd_table(void); /* ended by NULL */
const struct cmd *cmd_find(const char *name);

/**
 * Check params (object, borrowed) against the command and run it. The handler is called once, maybe
 * before this returns. *callp (may be NULL) lets the caller cancel a call still under way.
 */
void cmd_run(struct cmd_call **callp, struct farm *f, const char *method, json_t *params,
             cmd_reply_h *h, void *arg);
/** Nobody waits for the answer any more: the handler is not called, the call is gone. */
void cmd_cancel(struct cmd_call *call);

/** Do these params (object, NULL = none) fit the command? Else err says what was expected. Pure. */
bool cmd_params_check(const struct cmd *cmd, const json_t *params, char *err, size_t err_size);

/** Command-line words → params object by the command's own table. NULL and err on wrong use. */
json_t *cmd_params_from_args(const struct cmd *cmd, int argc, char *const *argv, char *err,
                             size_t err_size);

/* for commands */
struct farm *cmd_farm(struct cmd_call *call);
json_t *cmd_arg(struct cmd_call *call, const char *name); /* NULL when absent; borrowed */
const unsigned *cmd_phones(struct cmd_call *call, size_t *n);
void cmd_set_data(struct cmd_call *call, void *data); /* mem_deref()ed with the call */
void *cmd_data(struct cmd_call *call);
void cmd_ok(struct cmd_call *call, json_t *result /* stolen; NULL = null */);
void cmd_fail(struct cmd_call *call, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* JSON-RPC 2.0 codes; ours from -32000 down */
enum {
    CMD_E_PARAMS = -32602,
    CMD_E_METHOD = -32601,
    CMD_E_FAILED = -32000,  /* a phone said no */
    CMD_E_TIMEOUT = -32001, /* wait: the condition did not come */
};

#endif
