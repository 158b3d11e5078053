/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of commands: one row each. */
#include "sim/cmd/commands.h"

const struct cmd *const *cmd_table(void)
{
    /* clang-format off */
    static const struct cmd *const table[] = {
        &cmd_list,
        &cmd_state,
        &cmd_press,
        &cmd_touch,
        &cmd_type,
        &cmd_dial,
        &cmd_answer,
        &cmd_hangup,
        &cmd_hold,
        &cmd_resume,
        &cmd_transfer,
        &cmd_screen,
        &cmd_open,
        &cmd_set,
        &cmd_get,
        &cmd_resync,
        &cmd_reboot,
        &cmd_factory_reset,
        &cmd_power,
        &cmd_power_cycle,
        &cmd_wait,
        &cmd_events,
        &cmd_stats,
        &cmd_trace,
        &cmd_quit,
        NULL,
    };
    /* clang-format on */
    return table;
}
