/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/cmd/take.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* "90", "90s", "5m", "2h" */
static double unit_seconds(const char *unit)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}};

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(unit, units[i].name) == 0)
            return units[i].seconds;
    }
    return -1;
}

json_t *cmd_value_from_word(const struct cmd_param *p, const char *word)
{
    char *end = NULL;

    switch (p->kind) {
    case 'i': {
        const long long n = strtoll(word, &end, 10);
        return *word && !*end && n >= 0 && n <= INT32_MAX ? json_integer(n) : NULL;
    }
    case 'n':
    case 'd': {
        const double n = strtod(word, &end) * (p->kind == 'd' ? unit_seconds(end) : 1);
        const bool whole = p->kind == 'd' || !*end;
        return end != word && whole && n >= 0 && n <= CMD_NUMBER_MAX ? json_real(n) : NULL;
    }
    default:
        return json_string(word);
    }
}

static json_t *as_text(json_t *value)
{
    if (json_is_integer(value))
        return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_incref(value);
}

/* {"NAME": "VALUE"} as NAME=VALUE each; yes and no as profiles write them */
static json_t *as_pairs(json_t *values)
{
    json_t *list = json_array(), *value;
    const char *name;

    json_object_foreach(values, name, value)
    {
        json_t *text = json_is_boolean(value) ? json_string(json_is_true(value) ? "Yes" : "No")
                                              : as_text(value);
        json_array_append_new(list, json_is_string(text)
                                        ? json_sprintf("%s=%s", name, json_string_value(text))
                                        : json_null());
        json_decref(text);
    }
    return list;
}

static json_t *as_list(json_t *value)
{
    json_t *list = json_array();

    if (json_is_object(value)) {
        json_decref(list);
        return as_pairs(value);
    }
    if (json_is_string(value) || json_is_integer(value))
        json_array_append_new(list, as_text(value));
    for (size_t i = 0; i < json_array_size(value); i++)
        json_array_append_new(list, as_text(json_array_get(value, i)));
    return list;
}

static json_t *as_on_off(json_t *value)
{
    return json_is_boolean(value) ? json_string(json_is_true(value) ? "on" : "off")
                                  : json_incref(value);
}

/* [1, "3-4"] is 1,3-4 */
static json_t *as_phones(json_t *value)
{
    json_t *all = NULL;

    if (!json_is_array(value) || !json_array_size(value))
        return as_text(value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        json_t *one = as_text(json_array_get(value, i));
        const char *text = json_string_value(one);
        json_t *more = !text ? NULL
                       : all ? json_sprintf("%s,%s", json_string_value(all), text)
                             : json_string(text);
        json_decref(one);
        json_decref(all);
        if (!more)
            return json_incref(value);
        all = more;
    }
    return all;
}

static json_t *as_number(const struct cmd_param *p, json_t *value)
{
    const char *word = json_string_value(value);
    json_t *number = word ? cmd_value_from_word(p, word) : NULL;

    return number ? number : json_incref(value);
}

static json_t *take(const struct cmd_param *p, json_t *value)
{
    switch (p->kind) {
    case 'P':
        return as_phones(value);
    case 's':
        return as_text(value);
    case 'l':
        return as_list(value);
    case 'o':
        return as_on_off(value);
    case 'i':
    case 'n':
    case 'd':
        return as_number(p, value);
    default:
        return json_incref(value);
    }
}

json_t *cmd_take_params(const struct cmd *cmd, json_t *params)
{
    json_t *taken = params ? json_copy(params) : json_object();
    json_t *phone = json_object_get(taken, "phone");

    for (const struct cmd_param *p = cmd->params; p->name; p++) {
        if (p->kind == 'P' && phone && !json_object_get(taken, p->name)) {
            json_object_set(taken, p->name, phone); /* the table says PHONE where one is meant */
            json_object_del(taken, "phone");
        }
        json_t *value = json_object_get(taken, p->name);
        if (value && !json_is_null(value))
            json_object_set_new(taken, p->name, take(p, value));
    }
    return taken;
}
