/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <string.h>

#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

void cmd_each(struct cmd_call *call, cmd_phone_h *h)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);

    for (size_t i = 0; i < n; i++) {
        struct phone *ph = farm_phone(cmd_farm(call), phones[i]);
        char why[200] = "";
        const int err = ph ? h(call, ph, why, sizeof(why)) : ENOENT;
        if (err) {
            cmd_fail(call, CMD_E_FAILED, "phone %u: %s", phones[i],
                     why[0]             ? why
                     : err == EHOSTDOWN ? "it is off"
                     : err == EALREADY  ? "it is at it already"
                     : err == EACCES    ? "its configuration forbids it"
                                        : strerror(err));
            return;
        }
    }
    cmd_ok(call, NULL);
}
