/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
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
            cmd_fail(call, err == EBADMSG ? CMD_E_PARAMS : CMD_E_FAILED, "phone %u: %s", phones[i],
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

unsigned cmd_call_id(struct cmd_call *call)
{
    return (unsigned)json_integer_value(cmd_arg(call, "call"));
}

int cmd_call_result(int err, char *why, size_t size)
{
    static const struct {
        int err;
        const char *text;
    } texts[] = {
        {ENOENT, "it has no such call"},
        {EPROTO, "the call is not in a state for that"},
        {ENOTCONN, "no line of it is registered"},
        {EBUSY, "no call appearance is free"},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].err == err)
            snprintf(why, size, "%s", texts[i].text);
    }
    return err;
}
