/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/script/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/cmd/cmd.h"
#include "sim/loop/clock.h"
#include "sim/script/priv.h"

enum {
    HOOK_INSTRUCTIONS = 100000,
    CPU_MAX_MS = 5000, /* a script that never waits may hold up the farm for this long [DEF] */
};

static void destructor(void *arg)
{
    struct script *s = arg;

    timer_cancel(&s->timer);
    timer_cancel(&s->nap);
    if (s->call)
        cmd_cancel(s->call);
    if (s->L)
        lua_close(s->L);
    mem_deref(s->farm);
    mem_deref(s->lab);
    json_decref(s->result);
    free(s->error);
    free(s->path);
    farm_options_reset(&s->defaults);
}

static void set_args(lua_State *L, const char *const *args)
{
    lua_newtable(L);
    for (; args && *args; args++) {
        const char *eq = strchr(*args, '=');
        lua_pushlstring(L, *args, eq ? (size_t)(eq - *args) : strlen(*args));
        lua_pushstring(L, eq ? eq + 1 : "");
        lua_settable(L, -3);
    }
    lua_setglobal(L, "args");
}

/* Libraries without a way to files or other programs, unless --unsafe. */
static void open_libraries(lua_State *L, bool unsafe)
{
    static const luaL_Reg safe[] = {
        {LUA_GNAME, luaopen_base},        {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math},
        {LUA_UTF8LIBNAME, luaopen_utf8},  {NULL, NULL}};
    static const char *const removed[] = {"dofile", "loadfile", "load", "collectgarbage"};

    if (unsafe) {
        luaL_openlibs(L);
        return;
    }
    for (const luaL_Reg *r = safe; r->func; r++) {
        luaL_requiref(L, r->name, r->func, 1);
        lua_pop(L, 1);
    }
    for (size_t i = 0; i < sizeof(removed) / sizeof(removed[0]); i++) {
        lua_pushnil(L);
        lua_setglobal(L, removed[i]);
    }
}

static void hook_handler(lua_State *L, lua_Debug *ar)
{
    struct script *s = script_of(L);

    (void)ar;
    if (clock_us(s->lp) / 1000 - s->resumed_ms > CPU_MAX_MS) {
        lua_sethook(L, hook_handler, LUA_MASKCOUNT, 1); /* so that pcall cannot go on for ever */
        luaL_error(L, "the script ran for %d s without waiting for anything", CPU_MAX_MS / 1000);
    }
}

static void end_case(struct script *s, const char *name, bool ok, const char *message)
{
    const struct script_case c = {
        .file = s->path,
        .name = name,
        .ok = ok,
        .message = message ? message : "",
        .seconds = (double)(clock_ms(s->lp) - s->case_started_ms) / 1000,
    };

    if (s->h.case_done)
        s->h.case_done(&c, s->arg);
}

static const char *case_name(struct script *s, char *buf, size_t size)
{
    if (!s->main_done) {
        snprintf(buf, size, "main");
        return buf;
    }
    lua_getfield(s->L, LUA_REGISTRYINDEX, "spafarm.cases");
    lua_rawgeti(s->L, -1, (lua_Integer)s->next_case);
    lua_getfield(s->L, -1, "name");
    snprintf(buf, size, "%s", lua_tostring(s->L, -1));
    lua_pop(s->L, 3);
    return buf;
}

static void next_handler(void *arg);

/* The coroutine ended: tell, and take the next case on a later turn. */
static void ended(struct script *s, int status)
{
    char name[128];
    const bool ok = status == LUA_OK;
    const int top = lua_gettop(s->L);

    case_name(s, name, sizeof(name));
    if (!ok) {
        const char *text = lua_tostring(s->co, -1); /* error{…} and error() leave none */
        if (!text)
            text = lua_pushfstring(s->L, "error of type %s", luaL_typename(s->co, -1));
        luaL_traceback(s->L, s->co, text, 0);
        end_case(s, name, false, lua_tostring(s->L, -1));
        lua_settop(s->L, top);
    } else if (s->main_done || !s->n_cases) {
        end_case(s, name, true, NULL); /* a main part that only defines tests is no case */
    }
    luaL_unref(s->L, LUA_REGISTRYINDEX, s->co_ref);
    s->co = NULL;
    if (!s->main_done && !ok)
        s->n_cases = 0;
    s->main_done = true;
    if (s->next_case < s->n_cases)
        timer_start(s->lp, &s->timer, 0, next_handler, s);
    else if (s->h.done)
        s->h.done(0, "", s->arg);
}

void script_resume(struct script *s)
{
    int n = 0;

    s->resumed_ms = clock_us(s->lp) / 1000;
    mem_ref(s);
    const int status = lua_resume(s->co, s->L, 0, &n);
    if (status != LUA_YIELD)
        ended(s, status);
    mem_deref(s);
}

/* The function on top of the main stack becomes the coroutine that runs. */
static void run_function(struct script *s)
{
    s->co = lua_newthread(s->L);
    lua_sethook(s->co, hook_handler, LUA_MASKCOUNT, HOOK_INSTRUCTIONS);
    s->co_ref = luaL_ref(s->L, LUA_REGISTRYINDEX);
    lua_xmove(s->L, s->co, 1);
    s->case_started_ms = clock_ms(s->lp);
    script_resume(s);
}

static void next_handler(void *arg)
{
    struct script *s = arg;

    if (!s->main_done) {
        run_function(s); /* the chunk itself */
        return;
    }
    lua_getfield(s->L, LUA_REGISTRYINDEX, "spafarm.cases");
    lua_rawgeti(s->L, -1, (lua_Integer)++s->next_case);
    lua_getfield(s->L, -1, "body");
    lua_replace(s->L, -3);
    lua_pop(s->L, 1);
    run_function(s);
}

static int load_error(lua_State *L, int status, char *err, size_t size)
{
    snprintf(err, size, "%s", lua_tostring(L, -1));
    return status == LUA_ERRFILE ? ENOENT : status == LUA_ERRMEM ? ENOMEM : EBADMSG;
}

int script_start(struct script **sp, const struct script_config *cfg,
                 const struct script_handlers *h, void *arg, char *err, size_t err_size)
{
    struct script *s = mem_zalloc(sizeof(*s), destructor);
    if (!s)
        return ENOMEM;

    farm_options_init(&s->defaults);
    s->lp = cfg->lp;
    s->h = *h;
    s->arg = arg;
    s->path = strdup(cfg->path);
    s->L = luaL_newstate();
    int e = s->L && s->path ? farm_options_copy(&s->defaults, cfg->defaults) : ENOMEM;
    if (!e) {
        struct script **at = lua_getextraspace(s->L);
        *at = s;
        s->unsafe = cfg->unsafe;
        open_libraries(s->L, cfg->unsafe);
        set_args(s->L, cfg->args);
        script_api_open(s);
        const int status = luaL_loadfilex(s->L, s->path, "t");
        if (status != LUA_OK)
            e = load_error(s->L, status, err, err_size);
    }
    if (e) {
        mem_deref(s);
        return e;
    }
    timer_start(s->lp, &s->timer, 0, next_handler, s);
    *sp = s;
    return 0;
}

static int add_options(lua_State *L, int index, struct script_farm *f, char *err, size_t size)
{
    struct farm_options *more = realloc(f->opts, (f->n + 1) * sizeof(*more));

    if (!more)
        return ENOMEM;
    f->opts = more;
    farm_options_init(&more[f->n]);
    const struct option_reader to = {.o = &more[f->n++], .h = f->h, .arg = f->arg};
    return script_read_options(L, index, &to, err, size);
}

static int read_farm(lua_State *L, struct script_farm *f, char *err, size_t size)
{
    int e = 0;

    if (!lua_istable(L, -1)) {
        snprintf(err, size, "a farm file returns a table");
        return EINVAL;
    }
    const lua_Integer rows = luaL_len(L, -1);
    if (!rows)
        return add_options(L, -1, f, err, size);
    for (lua_Integer i = 1; i <= rows && !e; i++) {
        lua_rawgeti(L, -1, i);
        e = lua_istable(L, -1) ? add_options(L, -1, f, err, size) : EINVAL;
        if (e == EINVAL && !err[0])
            snprintf(err, size, "row %d of the list is no table", (int)i);
        lua_pop(L, 1);
    }
    return e;
}

static void drop_options(struct script_farm *f)
{
    for (size_t i = 0; i < f->n; i++)
        farm_options_reset(&f->opts[i]);
    free(f->opts);
    f->opts = NULL;
    f->n = 0;
}

int script_farm_file(const char *path, struct script_farm *f, char *err, size_t err_size)
{
    lua_State *L = luaL_newstate();
    char why[256] = "";
    int e;

    f->opts = NULL;
    f->n = 0;
    if (!L)
        return ENOMEM;
    open_libraries(L, false);
    int status = luaL_loadfilex(L, path, "t");
    if (status == LUA_OK)
        status = lua_pcall(L, 0, 1, 0);
    if (status != LUA_OK) {
        e = load_error(L, status, err, err_size);
    } else {
        e = read_farm(L, f, why, sizeof(why));
        if (e)
            snprintf(err, err_size, "%s: %s", path, why[0] ? why : strerror(e));
    }
    lua_close(L);
    if (e)
        drop_options(f);
    return e;
}
