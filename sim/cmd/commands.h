/* SPDX-License-Identifier: BSD-3-Clause */
/* Every command's row, for the registry in table.c. */
#ifndef SIM_CMD_COMMANDS_H
#define SIM_CMD_COMMANDS_H

#include "sim/cmd/cmd.h"

extern const struct cmd cmd_list, cmd_state, cmd_press, cmd_type, cmd_screen, cmd_open, cmd_set,
    cmd_get, cmd_resync, cmd_reboot, cmd_factory_reset, cmd_power, cmd_power_cycle, cmd_wait,
    cmd_events, cmd_stats, cmd_trace, cmd_quit, cmd_dial, cmd_answer, cmd_hangup, cmd_hold,
    cmd_resume, cmd_transfer, cmd_touch;

#define CMD_PHONES                                                                                 \
    {                                                                                              \
        "phones", 'P', true, NULL, "which phones: 7, 1-100, all, mac:, ip:, user:"                 \
    }

#define CMD_CALL                                                                                   \
    {                                                                                              \
        "call", 'i', false, NULL, "id of the call; without it the one a user would mean"           \
    }

/**
 * Answer for several phones: fails the call on the first phone that said no. EBADMSG: what was
 * asked for means nothing to such a phone (a key, a name, a value that it does not have): wrong
 * use.
 */
struct phone;
typedef int(cmd_phone_h)(struct cmd_call *call, struct phone *ph, char *why, size_t size);
void cmd_each(struct cmd_call *call, cmd_phone_h *h);

unsigned cmd_call_id(struct cmd_call *call); /* 0 = none given */
/** err of a call function of phone.h, with its sentence in why. */
int cmd_call_result(int err, char *why, size_t size);

#endif
