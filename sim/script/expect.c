/* SPDX-License-Identifier: BSD-3-Clause */
/* expect(value):contains(text), :equals(value); and what a failure shows of the phone. */
#include <stdlib.h>
#include <string.h>

#include "sim/farm/farm.h"
#include "sim/lcd/screen.h"
#include "sim/script/priv.h"

enum { LAST_MESSAGES = 8 };

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

static int contains(lua_State *L)
{
    lua_getfield(L, 1, "value");
    const char *have = luaL_tolstring(L, -1, NULL), *want = luaL_checkstring(L, 2);

    if (!strstr(have, want))
        return fail(L, "expected to contain:", want, have);
    lua_settop(L, 1);
    return 1;
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
