/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/script/priv.h"

enum { DEPTH_MAX = 32 };

static void push_object(lua_State *L, json_t *value)
{
    const char *name;
    json_t *item;

    lua_newtable(L);
    json_object_foreach(value, name, item)
    {
        script_push_json(L, item);
        lua_setfield(L, -2, name);
    }
}

void script_push_json(lua_State *L, json_t *value)
{
    luaL_checkstack(L, 4, "answer too deep");
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT:
        push_object(L, value);
        break;
    case JSON_ARRAY:
        lua_newtable(L);
        for (size_t i = 0; i < json_array_size(value); i++) {
            script_push_json(L, json_array_get(value, i));
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        break;
    case JSON_STRING:
        lua_pushlstring(L, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        lua_pushinteger(L, json_integer_value(value));
        break;
    case JSON_REAL:
        lua_pushnumber(L, json_real_value(value));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        lua_pushboolean(L, json_is_true(value));
        break;
    case JSON_NULL:
        lua_pushnil(L);
        break;
    }
}

/* A list of texts and numbers; NULL = another table. */
static json_t *list_to_json(lua_State *L, int index)
{
    const lua_Integer n = (lua_Integer)lua_rawlen(L, index);
    json_t *list = n ? json_array() : NULL;

    for (lua_Integer i = 1; i <= n; i++) {
        const int type = lua_rawgeti(L, index, i);
        json_array_append_new(list, type == LUA_TSTRING || type == LUA_TNUMBER
                                        ? script_to_json(L, lua_gettop(L))
                                        : json_null());
        lua_pop(L, 1);
    }
    return list;
}

json_t *script_to_json(lua_State *L, int index)
{
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
        return json_boolean(lua_toboolean(L, index));
    case LUA_TNUMBER:
        return lua_isinteger(L, index) ? json_integer(lua_tointeger(L, index))
                                       : json_real(lua_tonumber(L, index));
    case LUA_TSTRING:
        return json_string(lua_tostring(L, index));
    case LUA_TTABLE:
        return list_to_json(L, index);
    default:
        return NULL;
    }
}

/* A Lua value as the text of an option. */
static const char *option_text(lua_State *L, int index, char *buf, size_t size)
{
    if (lua_type(L, index) == LUA_TNUMBER && lua_isinteger(L, index))
        snprintf(buf, size, "%lld", (long long)lua_tointeger(L, index));
    else if (lua_type(L, index) == LUA_TNUMBER)
        snprintf(buf, size, "%.17g", lua_tonumber(L, index));
    else if (lua_type(L, index) == LUA_TBOOLEAN)
        snprintf(buf, size, "%s", lua_toboolean(L, index) ? "Yes" : "No");
    else
        return lua_tostring(L, index);
    return buf;
}

/* The text of an option for the entry on top of the stack, whose key is below it: "NAME=value", or
 * the value itself in a list. Pushed; NULL (nothing pushed) where the value is none. */
static const char *push_entry(lua_State *L, const char *option)
{
    char buf[64];
    const char *value = option_text(L, -1, buf, sizeof(buf));
    const bool named = lua_type(L, -2) == LUA_TSTRING;

    if (!value)
        return NULL;
    if (named)
        return lua_pushfstring(L, "%s=%s", lua_tostring(L, -2), value);
    if (lua_isinteger(L, -2) && strcmp(option, "dhcp_option") == 0 && !strchr(value, '='))
        return lua_pushfstring(L, "%I=%s", (LUAI_UACINT)lua_tointeger(L, -2), value);
    return lua_pushstring(L, value);
}

/* set = {NAME = value, …}, or a list of "NAME=VALUE" */
static int read_map(lua_State *L, const char *name, struct farm_options *o, char *err, size_t size)
{
    int e = 0;

    for (lua_pushnil(L); !e && lua_next(L, -2); lua_pop(L, 1)) {
        const char *text = push_entry(L, name);
        if (text) {
            e = farm_option_set(o, name, text, err, size);
            lua_pop(L, 1);
        } else {
            snprintf(err, size, "%s: a value is neither text nor number", name);
            e = EINVAL;
        }
    }
    if (e)
        lua_pop(L, 1);
    return e;
}

int script_read_options(lua_State *L, int index, const struct option_reader *to, char *err,
                        size_t size)
{
    struct farm_options *o = to->o;
    int e = 0;

    index = lua_absindex(L, index);
    for (lua_pushnil(L); !e && lua_next(L, index); lua_pop(L, 1)) {
        char buf[64];
        if (lua_type(L, -2) != LUA_TSTRING) {
            snprintf(err, size, "an option's name must be a text");
            e = EINVAL;
            break;
        }
        const char *name = lua_tostring(L, -2);
        if (lua_istable(L, -1))
            e = read_map(L, name, o, err, size);
        else if (lua_type(L, -1) == LUA_TBOOLEAN)
            e = lua_toboolean(L, -1) ? farm_option_set(o, name, NULL, err, size) : 0;
        else
            e = farm_option_set(o, name, option_text(L, -1, buf, sizeof(buf)), err, size);
        if (e == ENOENT && to->h && !lua_istable(L, -1))
            e = to->h(name, option_text(L, -1, buf, sizeof(buf)), to->arg);
        if (e == ENOENT)
            snprintf(err, size, "there is no option \"%s\"", name);
    }
    return e;
}
