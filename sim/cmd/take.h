/* SPDX-License-Identifier: BSD-3-Clause */
/* Arguments as people and programs write them, in the kinds that commands read. Pure. */
#ifndef SIM_CMD_TAKE_H
#define SIM_CMD_TAKE_H

#include "sim/cmd/cmd.h"

#define CMD_NUMBER_MAX 1e9 /* as a duration: some thirty years */

/** A word of a command line; NULL where it is none of that kind. Owner: the caller. */
json_t *cmd_value_from_word(const struct cmd_param *p, const char *word);

/**
 * Params (object, NULL = none) with what a caller plainly meant made what the command reads:
 * "phones": 7 or [1, 2], "phone": "7"; "keys": "soft1" or [5]; "values": {"NAME": "VALUE"};
 * "on": true; "call": "2"; "timeout": "5s". What cannot be meant stays, to be refused.
 * Owner: the caller.
 */
json_t *cmd_take_params(const struct cmd *cmd, json_t *params);

#endif
