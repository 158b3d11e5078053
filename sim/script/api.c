/* SPDX-License-Identifier: BSD-3-Clause */
/* What scripts see: farm.lab, farm.boot, sets of phones with every command as a method, expect,
 * test. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_base64.h>

#include "sim/cmd/cmd.h"
#include "sim/lab/lab.h"
#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/script/priv.h"

static const char SET[] = "spafarm.phones";
static const char SCREEN[] = "spafarm.screen";

struct set { /* phones first … first + count − 1 */
    unsigned first, count;
};

struct script *script_of(lua_State *L)
{
    struct script **at = lua_getextraspace(L);
    return *at;
}

static int push_set(lua_State *L, unsigned first, unsigned count)
{
    struct set *set = lua_newuserdatauv(L, sizeof(*set), 0);

    set->first = first;
    set->count = count;
    luaL_setmetatable(L, SET);
    return 1;
}

static int open_lab(struct script *s, char *err, size_t size)
{
    const struct lab_config cfg = {.password = s->defaults.password};

    return s->lab ? 0 : lab_open(&s->lab, s->lp, &cfg, err, size);
}

static int farm_lab_api(lua_State *L)
{
    struct script *s = script_of(L);
    char err[256] = "";

    if (open_lab(s, err, sizeof(err)))
        return luaL_error(L, "the lab cannot start: %s", err);
    lua_newtable(L);
    lua_pushstring(L, lab_registrar(s->lab));
    lua_setfield(L, -2, "registrar");
    lua_pushstring(L, lab_http_url(s->lab));
    lua_setfield(L, -2, "http");
    lua_pushstring(L, lab_tftp(s->lab));
    lua_setfield(L, -2, "tftp");
    return 1;
}

static int boot(struct script *s, const struct farm_options *o, unsigned *first, unsigned *count,
                char *err, size_t size)
{
    const bool wants_lab = !o->registrar && !o->profile_rule;
    struct farm_lab where = {.registrar = NULL};

    int e = wants_lab ? open_lab(s, err, size) : 0;
    if (e)
        return e;
    if (s->farm)
        return farm_add(s->farm, o, first, count, err, size);
    if (s->lab) {
        where.registrar = lab_registrar(s->lab);
        where.profile_rule = lab_profile_rule(s->lab);
        where.dhcp_value = lab_http_url(s->lab);
        where.trust = lab_trust;
        where.arg = s->lab;
    }
    e = farm_alloc(&s->farm, s->lp, o, s->lab ? &where : NULL, err, size);
    if (!e) {
        *first = 1;
        *count = (unsigned)farm_count(s->farm);
    }
    return e;
}

static int farm_boot_api(lua_State *L)
{
    struct script *s = script_of(L);
    struct farm_options o;
    char err[256] = "";
    unsigned first = 0, count = 0;

    farm_options_init(&o);
    int e = farm_options_copy(&o, &s->defaults);
    if (!e && lua_gettop(L) > 0) {
        luaL_checktype(L, 1, LUA_TTABLE);
        e = script_read_options(L, 1, &(struct option_reader){.o = &o}, err, sizeof(err));
    }
    if (!e && !o.count)
        o.count = 1;
    if (!e)
        e = boot(s, &o, &first, &count, err, sizeof(err));
    farm_options_reset(&o);
    if (e)
        return luaL_error(L, "farm.boot: %s", err[0] ? err : strerror(e));
    farm_power_on(s->farm, 0);
    return push_set(L, first, count);
}

static void nap_handler(void *arg)
{
    script_resume(arg);
}

static int rested_handler(lua_State *L, int status, lua_KContext ctx)
{
    (void)L;
    (void)status;
    (void)ctx;
    return 0;
}

/* farm.sleep(seconds): for the pace of a load; the farm goes on. */
static int farm_sleep_api(lua_State *L)
{
    struct script *s = script_of(L);
    const double seconds = luaL_checknumber(L, 1);

    luaL_argcheck(L, seconds >= 0 && seconds < 1e6, 1, "seconds, not negative");
    timer_start(s->lp, &s->nap, (uint64_t)(seconds * 1000 + 0.5), nap_handler, s);
    return lua_yieldk(L, 0, 0, rested_handler);
}

static void reply_handler(bool ok, json_t *result, int code, const char *error, void *arg);

static json_t *pair_of(lua_State *L)
{
    const char *value = luaL_tolstring(L, -1, NULL);
    json_t *pair = json_sprintf("%s=%s", lua_tostring(L, -2 - 1), value);

    lua_pop(L, 1);
    return pair;
}

/* set{Display_Name_1_ = "Lobby"}: NAME=VALUE each */
static json_t *collect_pairs(lua_State *L, const char *phones)
{
    json_t *params = json_object(), *values = json_array();

    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING)
            json_array_append_new(values, pair_of(L));
    }
    json_object_set_new(params, "phones", json_string(phones));
    json_object_set_new(params, "values", values);
    return params;
}

/* screen{png = "F"}: params by name; a name that the command does not know fails its check. */
static json_t *collect_named(lua_State *L, const struct cmd *cmd, const char *phones)
{
    json_t *params = json_object();

    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        json_t *value = script_to_json(L, lua_gettop(L));
        if (lua_type(L, -2) == LUA_TSTRING)
            json_object_set_new(params, lua_tostring(L, -2), value ? value : json_array());
        else
            json_decref(value);
    }
    for (const struct cmd_param *p = cmd->params; p->name; p++) {
        if (p->kind == 'P')
            json_object_set_new(params, p->name, json_string(phones));
    }
    return params;
}

static bool has_names(lua_State *L, int index)
{
    bool named = false;

    if (!lua_istable(L, index))
        return false;
    lua_pushnil(L);
    if (lua_next(L, index)) {
        named = lua_type(L, -2) == LUA_TSTRING;
        lua_pop(L, 2);
    }
    return named;
}

static void append_text(lua_State *L, json_t *list, int index)
{
    json_array_append_new(list, json_string(luaL_tolstring(L, index, NULL)));
    lua_pop(L, 1);
}

/* press("1", "2"), or press{"1", "2"} */
static json_t *collect_list(lua_State *L, int first, int last)
{
    json_t *list = json_array();

    if (first == last && lua_istable(L, first)) {
        for (lua_Integer i = 1; lua_rawgeti(L, first, i) != LUA_TNIL; i++) {
            append_text(L, list, -1);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
        return list;
    }
    for (int at = first; at <= last; at++)
        append_text(L, list, at);
    return list;
}

/* Turn Lua arguments into the command's params: in the table's order, a list takes the rest. */
static json_t *collect(lua_State *L, const struct cmd *cmd, const struct set *set)
{
    char phones[64];
    const int n = lua_gettop(L);
    int at = 2;

    snprintf(phones, sizeof(phones), "%u-%u", set->first, set->first + set->count - 1);
    if (n == 2 && has_names(L, 2))
        return strcmp(cmd->name, "set") == 0 ? collect_pairs(L, phones)
                                             : collect_named(L, cmd, phones);
    json_t *params = json_object();
    for (const struct cmd_param *p = cmd->params; p->name; p++) {
        if (p->kind == 'P') {
            json_object_set_new(params, p->name, json_string(phones));
        } else if (p->kind == 'l') {
            json_object_set_new(params, p->name, collect_list(L, at, n));
            at = n + 1;
        } else if (at <= n) {
            json_t *value = script_to_json(L, at);
            if (!lua_isnil(L, at++)) /* what is no text or number becomes what no command takes */
                json_object_set_new(params, p->name, value ? value : json_array());
        }
    }
    if (at <= n) {
        json_decref(params);
        luaL_error(L, "%s takes no further argument than %d", cmd->name, at - 2);
    }
    return params;
}

static int screen_tostring(lua_State *L)
{
    return luaL_getmetafield(L, 1, "text") == LUA_TNIL ? 0 : 1;
}

/* screen() of one phone: a table whose tostring is the text a person would read. */
static void dress_screen(lua_State *L, struct script *s, const struct set *set)
{
    struct phone *ph = farm_phone(s->farm, set->first);
    struct screen screen;
    char text[4096];

    if (!ph || !lua_istable(L, -1))
        return;
    phone_screen(ph, &screen);
    screen_text(&screen, text, sizeof(text));
    lua_newtable(L);
    lua_pushstring(L, text);
    lua_setfield(L, -2, "text");
    lua_getfield(L, LUA_REGISTRYINDEX, SCREEN);
    lua_setfield(L, -2, "__tostring");
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "of");
    lua_pushinteger(L, s->n_calls);
    lua_setfield(L, -2, "call");
    lua_setmetatable(L, -2);
}

/* "3 of 9 phones are not registered (phone 7, for one)" */
static unsigned named_phone(const char *text, unsigned otherwise)
{
    const char *at = text ? strstr(text, "(phone ") : NULL;
    const unsigned long n = at ? strtoul(at + 7, NULL, 10) : 0;

    return n && n <= UINT32_MAX ? (unsigned)n : otherwise;
}

static int give_answer(lua_State *L, struct script *s)
{
    const struct cmd *cmd = lua_touserdata(L, lua_upvalueindex(1));
    const struct set *set = luaL_checkudata(L, 1, SET);
    json_t *result = s->result;

    s->result = NULL;
    s->answered = false;
    if (!s->ok) {
        luaL_where(L, 1);
        lua_pushstring(L, s->error ? s->error : "failed");
        if (s->timed_out)
            script_push_evidence(L, s, named_phone(s->error, set->first));
        else
            lua_pushliteral(L, "");
        free(s->error);
        s->error = NULL;
        lua_concat(L, 3);
        return lua_error(L);
    }
    if (!result || json_is_null(result)) {
        lua_pushvalue(L, 1); /* no answer: the phone or set itself, for chaining */
    } else {
        script_push_json(L, result);
        if (strcmp(cmd->name, "screen") == 0)
            dress_screen(L, s, set);
    }
    json_decref(result);
    return 1;
}

static int continue_handler(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    return give_answer(L, script_of(L));
}

static int write_file(const char *path, const char *base64)
{
    size_t len = strlen(base64);
    uint8_t *bytes = malloc(len + 4);
    int err = !bytes ? ENOMEM : base64_decode(base64, len, bytes, &len);
    FILE *f = err ? NULL : fopen(path, "wb");

    if (!err && (!f || fwrite(bytes, 1, len, f) != len))
        err = errno ? errno : EIO;
    if (f && fclose(f) && !err)
        err = errno;
    free(bytes);
    return err;
}

/* screen{png = "F"} answers at once, with the picture; it goes to F and leaves no answer. */
static void save_picture(struct script *s, const char *path)
{
    const char *png = s->ok ? json_string_value(json_object_get(s->result, "png")) : NULL;
    const int err = png ? write_file(path, png) : 0;

    if (err) {
        s->ok = false;
        s->error = strdup(strerror(err));
    }
    json_decref(s->result);
    s->result = NULL;
}

static int method(lua_State *L)
{
    const struct cmd *cmd = lua_touserdata(L, lua_upvalueindex(1));
    struct script *s = script_of(L);
    const struct set *set = luaL_checkudata(L, 1, SET);
    json_t *params = collect(L, cmd, set);
    const char *picture =
        strcmp(cmd->name, "screen") == 0 ? json_string_value(json_object_get(params, "png")) : NULL;

    if (picture && !s->unsafe) {
        json_decref(params);
        return luaL_error(L, "screen{png = ...} writes a file; scripts may only with --unsafe");
    }
    s->answered = false;
    s->waiting = false;
    s->spoken_to = set->first;
    s->n_calls++;
    cmd_run(&s->call, s->farm, cmd->name, params, reply_handler, s);
    if (picture && s->answered)
        save_picture(s, picture);
    json_decref(params);
    if (s->answered)
        return give_answer(L, s);
    s->waiting = true;
    return lua_yieldk(L, 0, 0, continue_handler);
}

static void reply_handler(bool ok, json_t *result, int code, const char *error, void *arg)
{
    struct script *s = arg;

    s->ok = ok;
    s->timed_out = !ok && code == CMD_E_TIMEOUT;
    s->answered = true;
    s->result = ok ? json_incref(result) : NULL;
    free(s->error);
    s->error = error ? strdup(error) : NULL;
    if (s->waiting) {
        s->waiting = false;
        script_resume(s);
    }
}

static int set_index(lua_State *L)
{
    const struct set *set = luaL_checkudata(L, 1, SET);
    char name[64];

    if (lua_isinteger(L, 2)) {
        const lua_Integer i = lua_tointeger(L, 2);
        if (i < 1 || i > (lua_Integer)set->count)
            return 0;
        return push_set(L, set->first + (unsigned)i - 1, 1);
    }
    snprintf(name, sizeof(name), "%s", luaL_checkstring(L, 2));
    if (strcmp(name, "n") == 0) {
        lua_pushinteger(L, set->first);
        return 1;
    }
    for (char *p = name; *p; p++) {
        if (*p == '_')
            *p = '-';
    }
    const struct cmd *cmd = cmd_find(name);
    if (!cmd)
        return luaL_error(L, "phones have no command \"%s\"", lua_tostring(L, 2));
    lua_pushlightuserdata(L, (void *)(uintptr_t)cmd);
    lua_pushcclosure(L, method, 1);
    return 1;
}

static int set_length(lua_State *L)
{
    const struct set *set = luaL_checkudata(L, 1, SET);
    lua_pushinteger(L, set->count);
    return 1;
}

static int set_next(lua_State *L)
{
    const struct set *set = luaL_checkudata(L, 1, SET);
    const lua_Integer i = luaL_optinteger(L, 2, 0) + 1;

    if (i > (lua_Integer)set->count)
        return 0;
    lua_pushinteger(L, i);
    push_set(L, set->first + (unsigned)i - 1, 1);
    return 2;
}

/* for i, phone in pairs(phones) */
static int set_pairs(lua_State *L)
{
    luaL_checkudata(L, 1, SET);
    lua_pushcfunction(L, set_next);
    lua_pushvalue(L, 1);
    return 2;
}

/* for phone in phones: called with the phone before */
static int set_call(lua_State *L)
{
    const struct set *set = luaL_checkudata(L, 1, SET), *before = luaL_testudata(L, 3, SET);
    const unsigned next = before ? before->first + 1 : set->first;

    if (next < set->first || next >= set->first + set->count)
        return 0;
    return push_set(L, next, 1);
}

static int set_equal(lua_State *L)
{
    const struct set *a = luaL_testudata(L, 1, SET), *b = luaL_testudata(L, 2, SET);

    lua_pushboolean(L, a && b && a->first == b->first && a->count == b->count);
    return 1;
}

static int set_tostring(lua_State *L)
{
    const struct set *set = luaL_checkudata(L, 1, SET);

    if (set->count == 1)
        lua_pushfstring(L, "phone %d", (int)set->first);
    else
        lua_pushfstring(L, "phones %d-%d", (int)set->first, (int)(set->first + set->count - 1));
    return 1;
}

/* The second half of `test "name" (function () … end)`: keeps {name, function}. */
static int test_body(lua_State *L)
{
    struct script *s = script_of(L);

    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_getfield(L, LUA_REGISTRYINDEX, "spafarm.cases");
    lua_newtable(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setfield(L, -2, "name");
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "body");
    lua_rawseti(L, -2, (lua_Integer)++s->n_cases);
    return 0;
}

static int test_api(lua_State *L)
{
    luaL_checkstring(L, 1);
    lua_settop(L, 1);
    lua_pushcclosure(L, test_body, 1);
    return 1;
}

static int print_api(lua_State *L)
{
    struct script *s = script_of(L);
    const int n = lua_gettop(L);
    luaL_Buffer b;

    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&b, '\t');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    if (s->h.print)
        s->h.print(lua_tostring(L, -1), s->arg);
    return 0;
}

void script_api_open(struct script *s)
{
    static const luaL_Reg set_methods[] = {{"__index", set_index},
                                           {"__len", set_length},
                                           {"__pairs", set_pairs},
                                           {"__call", set_call},
                                           {"__eq", set_equal},
                                           {"__tostring", set_tostring},
                                           {NULL, NULL}};
    static const luaL_Reg farm_functions[] = {
        {"lab", farm_lab_api}, {"boot", farm_boot_api}, {"sleep", farm_sleep_api}, {NULL, NULL}};
    lua_State *L = s->L;

    luaL_newmetatable(L, SET);
    luaL_setfuncs(L, set_methods, 0);
    lua_pop(L, 1);
    lua_pushcfunction(L, screen_tostring);
    lua_setfield(L, LUA_REGISTRYINDEX, SCREEN);
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "spafarm.cases");
    luaL_newlib(L, farm_functions);
    lua_setglobal(L, "farm");
    lua_pushcfunction(L, script_expect);
    lua_setglobal(L, "expect");
    lua_pushcfunction(L, test_api);
    lua_setglobal(L, "test");
    lua_pushcfunction(L, print_api);
    lua_setglobal(L, "print");
}
