/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks arguments against a command's table row, runs it, carries its one answer back. */
#include "sim/cmd/cmd.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/cmd/take.h"
#include "sim/farm/farm.h"

struct cmd_call {
    const struct cmd *cmd;
    struct farm *farm;
    json_t *params;
    unsigned *phones;
    size_t n_phones;
    void *data;
    cmd_reply_h *h;
    void *arg;
    struct cmd_call **self; /* the caller's pointer, cleared with the answer */
};

static void destructor(void *arg)
{
    struct cmd_call *call = arg;

    mem_deref(call->data);
    free(call->phones);
    json_decref(call->params);
}

static void finish(struct cmd_call *call, bool ok, json_t *result, int code, const char *error)
{
    cmd_reply_h *h = call->h;

    if (call->self)
        *call->self = NULL;
    call->h = NULL;
    if (h)
        h(ok, result, code, error, call->arg);
    mem_deref(call);
}

struct farm *cmd_farm(struct cmd_call *call)
{
    return call->farm;
}

json_t *cmd_arg(struct cmd_call *call, const char *name)
{
    json_t *value = json_object_get(call->params, name);
    return json_is_null(value) ? NULL : value;
}

const unsigned *cmd_phones(struct cmd_call *call, size_t *n)
{
    *n = call->n_phones;
    return call->phones;
}

void cmd_set_data(struct cmd_call *call, void *data)
{
    call->data = data;
}

void *cmd_data(struct cmd_call *call)
{
    return call->data;
}

void cmd_ok(struct cmd_call *call, json_t *result)
{
    json_t *answer = result ? result : json_null();

    finish(call, true, answer, 0, NULL);
    json_decref(answer);
}

void cmd_fail(struct cmd_call *call, int code, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    finish(call, false, NULL, code, text);
}

const struct cmd *cmd_find(const char *name)
{
    for (const struct cmd *const *c = cmd_table(); *c; c++) {
        if (strcmp((*c)->name, name) == 0)
            return *c;
    }
    return NULL;
}

static const struct cmd_param *find_param(const struct cmd *cmd, const char *name)
{
    for (const struct cmd_param *p = cmd->params; p->name; p++) {
        if (strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}

static const char *kind_text(char kind)
{
    switch (kind) {
    case 'i':
        return "a whole number, 0 or more";
    case 'n':
        return "a number, 0 or more";
    case 'd':
        return "a time in seconds, 0 or more";
    case 'b':
        return "true or false";
    case 'l':
        return "a list of texts";
    case 'o':
        return "on or off";
    default:
        return "a text";
    }
}

static bool kind_ok(char kind, const json_t *value)
{
    const double number = json_number_value(value);

    switch (kind) {
    case 'i':
        return json_is_integer(value) && number >= 0 && number <= INT32_MAX;
    case 'n':
    case 'd':
        return json_is_number(value) && number >= 0 && number <= CMD_NUMBER_MAX;
    case 'b':
        return json_is_boolean(value);
    case 'l':
        for (size_t i = 0; i < json_array_size(value); i++) {
            if (!json_is_string(json_array_get(value, i)))
                return false;
        }
        return json_is_array(value) && json_array_size(value) > 0;
    case 'o':
        return json_is_string(value) && (strcmp(json_string_value(value), "on") == 0 ||
                                         strcmp(json_string_value(value), "off") == 0);
    default:
        return json_is_string(value);
    }
}

static void expected(const struct cmd *cmd, char *buf, size_t size)
{
    size_t pos = 0;

    buf[0] = '\0';
    for (const struct cmd_param *p = cmd->params; p->name && pos < size; p++)
        pos += (size_t)snprintf(buf + pos, size - pos, "%s%s%s", pos ? ", " : "", p->name,
                                p->required ? "" : " (optional)");
    if (!pos)
        snprintf(buf, size, "nothing");
}

bool cmd_params_check(const struct cmd *cmd, const json_t *params, char *err, size_t err_size)
{
    char wants[256];
    const char *name;
    json_t *value;

    expected(cmd, wants, sizeof(wants));
    json_object_foreach((json_t *)(uintptr_t)params, name, value)
    {
        const struct cmd_param *p = find_param(cmd, name);
        if (!p) {
            snprintf(err, err_size, "%s has no argument \"%s\"; it takes %s", cmd->name, name,
                     wants);
            return false;
        }
        if (!json_is_null(value) && !kind_ok(p->kind, value)) {
            snprintf(err, err_size, "%s: \"%s\" must be %s", cmd->name, name, kind_text(p->kind));
            return false;
        }
    }
    for (const struct cmd_param *p = cmd->params; p->name; p++) {
        value = json_object_get(params, p->name);
        if (p->required && (!value || json_is_null(value))) {
            snprintf(err, err_size, "%s wants \"%s\" (%s); it takes %s", cmd->name, p->name,
                     p->help, wants);
            return false;
        }
    }
    return true;
}

static bool select_phones(struct cmd_call *call)
{
    char err[256] = "";

    for (const struct cmd_param *p = call->cmd->params; p->name; p++) {
        if (p->kind != 'P')
            continue;
        const char *text = json_string_value(cmd_arg(call, p->name));
        if (farm_select(call->farm, text ? text : "all", &call->phones, &call->n_phones, err,
                        sizeof(err))) {
            cmd_fail(call, CMD_E_PARAMS, "%s", err);
            return false;
        }
    }
    return true;
}

void cmd_run(struct cmd_call **callp, struct farm *f, const char *method, json_t *params,
             cmd_reply_h *h, void *arg)
{
    const struct cmd *cmd = cmd_find(method);
    struct cmd_call *call = mem_zalloc(sizeof(*call), destructor);
    char text[512];

    if (callp)
        *callp = NULL;
    if (!call) {
        h(false, NULL, CMD_E_FAILED, "out of memory", arg);
        return;
    }
    call->cmd = cmd;
    call->farm = f;
    call->params = cmd ? cmd_take_params(cmd, params) : json_object();
    call->h = h;
    call->arg = arg;
    if (!cmd) {
        cmd_fail(call, CMD_E_METHOD, "there is no method \"%s\"; `spafarm ctl --help` lists them",
                 method);
        return;
    }
    if (!cmd_params_check(cmd, call->params, text, sizeof(text))) {
        cmd_fail(call, CMD_E_PARAMS, "%s", text);
        return;
    }
    if (!select_phones(call))
        return;
    if (callp) {
        *callp = call;
        call->self = callp;
    }
    cmd->exec(call);
}

void cmd_cancel(struct cmd_call *call)
{
    call->h = NULL;
    if (call->self)
        *call->self = NULL;
    if (call->cmd->cancel)
        call->cmd->cancel(call);
    mem_deref(call);
}

static const struct cmd_param *next_positional(const struct cmd *cmd, const struct cmd_param *p)
{
    for (p = p ? p + 1 : cmd->params; p->name && p->flag;)
        p++;
    return p->name ? p : NULL;
}

static const struct cmd_param *find_flag(const struct cmd *cmd, const char *word)
{
    for (const struct cmd_param *p = cmd->params; p->name; p++) {
        if (p->flag && strcmp(p->flag, word) == 0)
            return p;
    }
    return NULL;
}

struct words { /* of a command line */
    int argc;
    char *const *argv;
    int i; /* the one being read */
};

static bool add_flag(json_t *params, const struct cmd *cmd, struct words *w, char *err,
                     size_t err_size)
{
    const struct cmd_param *p = find_flag(cmd, w->argv[w->i]);
    json_t *value = NULL;

    if (!p) {
        snprintf(err, err_size, "%s has no option %s", cmd->name, w->argv[w->i]);
        return false;
    }
    if (p->kind == 'b')
        value = json_true();
    else if (w->i + 1 < w->argc)
        value = cmd_value_from_word(p, w->argv[++w->i]);
    if (!value) {
        snprintf(err, err_size, "%s wants %s behind it", p->flag, kind_text(p->kind));
        return false;
    }
    json_object_set_new(params, p->name, value);
    return true;
}

static bool add_word(json_t *params, const struct cmd_param *p, const char *word, char *err,
                     size_t err_size)
{
    json_t *value = cmd_value_from_word(p, word);

    if (!value) {
        snprintf(err, err_size, "\"%s\" is not %s (%s)", word, kind_text(p->kind), p->help);
        return false;
    }
    if (p->kind == 'l') {
        json_t *list = json_object_get(params, p->name);
        if (!list) {
            list = json_array();
            json_object_set_new(params, p->name, list);
        }
        json_array_append_new(list, value);
    } else {
        json_object_set_new(params, p->name, value);
    }
    return true;
}

json_t *cmd_params_from_args(const struct cmd *cmd, int argc, char *const *argv, char *err,
                             size_t err_size)
{
    json_t *params = json_object();
    const struct cmd_param *at = next_positional(cmd, NULL);

    for (struct words w = {.argc = argc, .argv = argv}; w.i < argc; w.i++) {
        const char *word = argv[w.i];
        bool ok;
        if (strncmp(word, "--", 2) == 0) {
            ok = add_flag(params, cmd, &w, err, err_size);
        } else if (!at) {
            snprintf(err, err_size, "%s takes no further argument \"%s\"", cmd->name, word);
            ok = false;
        } else {
            ok = add_word(params, at, word, err, err_size);
            if (at->kind != 'l')
                at = next_positional(cmd, at);
        }
        if (!ok) {
            json_decref(params);
            return NULL;
        }
    }
    return params;
}
