/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>

#include "devices/model.h"
#include "sim/cmd/commands.h"
#include "sim/farm/farm.h"

static int open_uri(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    const char *url = json_string_value(cmd_arg(call, "url"));
    const int err = phone_open(ph, url);

    if (err == EINVAL)
        snprintf(why, size, "\"%s\" is no URL and no URI of these phones", url);
    else if (err == ENOTSUP)
        snprintf(why, size, "a %s does nothing at \"%s\"", phone_model(ph)->name, url);
    else if (err == ENOSYS)
        snprintf(why, size, "\"%s\" comes with a later release", url);
    else if (err == E2BIG)
        snprintf(why, size, "the URL is too long");
    else if (err == EHOSTDOWN && phone_powered(ph))
        snprintf(why, size, "it has not booted yet");
    return err == EINVAL || err == E2BIG ? EBADMSG : err;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, open_uri);
}

const struct cmd cmd_open = {
    .name = "open",
    .help = "open an XML service or run an internal URI",
    .params =
        (const struct cmd_param[]){CMD_PHONES,
                                   {"url", 's', true, NULL, "http://… or Key:…, Init:…, Dial:…"},
                                   {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
