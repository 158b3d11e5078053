/* SPDX-License-Identifier: BSD-3-Clause */
/* expect(value):contains(text), :equals(value); and what a failure shows of the phone. */
#include <stdlib.h>
#include <string.h>

#include "sim/farm/farm.h"
#include "sim/lcd/screen.h"
#include "sim/script/priv.h"

enum {
    LAST_MESSAGES = 8,
    LOOK_S = 2, /* a screen that was just read may still change for so long [DEF] */
};

static void add_ladder(luaL_Buffer *b, struct script *s, unsigned n)
{
    char *text = farm_ladder(s->farm, n, LAST_MESSAGES, false);

    luaL_addstring(b, text && *text ? text : "none\n");
    free(text);
}

void script_push_evidence(lua_State *L, struct script *s, unsigned n)
{
    struct phone *ph = s->farm && n ? farm_phone(s->farm, n) : NULL;
    struct screen screen;
    char text[4096];
    luaL_Buffer b;

    if (!ph) {
        lua_pushliteral(L, "");
        return;
    }
    phone_screen(ph, &screen);
    screen_text(&screen, text, sizeof(text));
    lua_pushfstring(L, "\nphone %d, its last SIP messages:\n", (int)n);
    luaL_buffinit(L, &b);
    add_ladder(&b, s, n);
    luaL_addstring(&b, "its screen:\n");
    luaL_addstring(&b, text);
    luaL_pushresult(&b);
    lua_concat(L, 2);
}

static int fail(lua_State *L, const char *how, const char *want, const char *have)
{
    struct script *s = script_of(L);

    luaL_where(L, 1);
    lua_pushfstring(L, "%s\n%s\nbut there is:\n%s", how, want, have);
    script_push_evidence(L, s, s->spoken_to);
    lua_concat(L, 3);
    return lua_error(L);
}

static int judge(lua_State *L)
{
    lua_settop(L, 2);
    lua_getfield(L, 1, "value");
    const char *have = luaL_tolstring(L, -1, NULL), *want = lua_tostring(L, 2);

    if (!strstr(have, want))
        return fail(L, "expected to contain:", want, have);
    lua_settop(L, 1);
    return 1;
}

/* A screen as the last command gave it: pushes its phone. */
static bool is_fresh(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "call") == LUA_TNIL)
        return false;
    const bool fresh = lua_isinteger(L, -1) && lua_tointeger(L, -1) == script_of(L)->n_calls;
    lua_pop(L, 1);
    return fresh && luaL_getmetafield(L, index, "of") == LUA_TUSERDATA;
}

/* 3 = the phone: its screen as it is now takes the place of the one that was given. */
static int looked_handler(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    lua_settop(L, 3);
    lua_getfield(L, 3, "screen");
    lua_pushvalue(L, 3);
    lua_call(L, 1, 1);
    lua_setfield(L, 1, "value");
    return judge(L);
}

/* What a phone shows follows a message or a moment later: `answer()` on one, `Connected` on the
 * other. A screen that was read by the last command is thus looked at until it has the text. */
static int contains(lua_State *L)
{
    const char *want = luaL_checkstring(L, 2);

    lua_settop(L, 2);
    lua_getfield(L, 1, "value");
    const bool there = strstr(luaL_tolstring(L, 3, NULL), want) != NULL;
    if (there || !is_fresh(L, 3))
        return judge(L);
    lua_replace(L, 3); /* the phone */
    lua_settop(L, 3);
    lua_getfield(L, 3, "wait");
    lua_pushvalue(L, 3);
    lua_pushfstring(L, "screen~%s", want);
    lua_pushinteger(L, LOOK_S);
    return looked_handler(L, lua_pcallk(L, 3, 0, 0, 0, looked_handler), 0);
}

static int equals(lua_State *L)
{
    lua_getfield(L, 1, "value");
    if (!lua_compare(L, -1, 2, LUA_OPEQ)) {
        const char *have = luaL_tolstring(L, -1, NULL), *want = luaL_tolstring(L, 2, NULL);
        return fail(L, "expected:", want, have);
    }
    lua_settop(L, 1);
    return 1;
}

int script_expect(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "value");
    lua_pushcfunction(L, contains);
    lua_setfield(L, -2, "contains");
    lua_pushcfunction(L, equals);
    lua_setfield(L, -2, "equals");
    return 1;
}
