/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/commands.h"
#include "devices/model.h"
#include "sim/farm/farm.h"

/* One object for one phone, an array for several; NULL when a name is unknown (answered). */
static json_t *values_of(struct cmd_call *call, struct phone *ph)
{
    json_t *names = cmd_arg(call, "names"), *values = json_object();

    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        const char *value = phone_get(ph, name);
        if (!value) {
            json_decref(values);
            cmd_fail(call, CMD_E_PARAMS,
                     "phone %u: a %s has no parameter \"%s\" (see spafarm models --params)",
                     phone_n(ph), phone_model(ph)->name, name);
            return NULL;
        }
        json_object_set_new(values, name, phone_json_text(value));
    }
    return values;
}

static void exec(struct cmd_call *call)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    json_t *rows = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *values = values_of(call, farm_phone(cmd_farm(call), phones[i]));
        if (!values) {
            json_decref(rows);
            return;
        }
        json_array_append_new(rows, values);
    }
    json_t *answer = n == 1 ? json_incref(json_array_get(rows, 0)) : json_incref(rows);
    json_decref(rows);
    cmd_ok(call, answer);
}

const struct cmd cmd_get = {
    .name = "get",
    .help = "parameter values in force",
    .params = (const struct cmd_param[]){CMD_PHONES,
                                         {"names", 'l', true, NULL, "parameter names"},
                                         {NULL, 0, false, NULL, NULL}},
    .exec = exec,
};
