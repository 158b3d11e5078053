/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/cmd/commands.h"
#include "devices/model.h"
#include "sim/farm/farm.h"

static int set_one(struct phone *ph, const char *text, char *why, size_t size)
{
    const char *eq = strchr(text, '=');
    char name[96];

    if (!eq || (size_t)(eq - text) >= sizeof(name)) {
        snprintf(why, size, "\"%s\" is not NAME=VALUE", text);
        return EBADMSG;
    }
    snprintf(name, sizeof(name), "%.*s", (int)(eq - text), text);
    const int err = phone_store(ph, name, eq + 1);
    if (err == ENOENT)
        snprintf(why, size, "a %s has no parameter \"%s\" (see spafarm models --params)",
                 phone_model(ph)->name, name);
    else if (err == EINVAL)
        snprintf(why, size, "\"%s\" is no value for %s", eq + 1, name);
    return err == ENOENT || err == EINVAL ? EBADMSG : err;
}

static int set(struct cmd_call *call, struct phone *ph, char *why, size_t size)
{
    json_t *values = cmd_arg(call, "values");
    int err = 0;

    for (size_t i = 0; i < json_array_size(values) && !err; i++)
        err = set_one(ph, json_string_value(json_array_get(values, i)), why, size);
    phone_submit(ph);
    return err;
}

static void exec(struct cmd_call *call)
{
    cmd_each(call, set);
}

const struct cmd cmd_set = {
    .name = "set",
    .help = "change parameters, as on the phone's web page",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"values", 'l', true, NULL, "NAME=VALUE each"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
