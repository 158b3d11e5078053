/* SPDX-License-Identifier: BSD-3-Clause */
/* The inside of a scenario, for the files of this folder only. */
#ifndef SIM_SCRIPT_PRIV_H
#define SIM_SCRIPT_PRIV_H

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>
#include <jansson.h>

#include "sim/farm/farm.h"
#include "sim/loop/timer.h"
#include "sim/script/script.h"

struct cmd_call;
struct lab;

struct script {
    struct loop *lp;
    struct farm_options defaults;
    struct script_handlers h;
    void *arg;
    char *path;
    lua_State *L;  /* main state; cases run as coroutines of it */
    lua_State *co; /* the one running */
    int co_ref;
    struct timer timer; /* next step, and the end */
    struct timer nap;   /* farm.sleep */
    struct farm *farm;
    struct lab *lab;
    struct cmd_call *call; /* a command that answers later */
    bool waiting;          /* the coroutine is suspended on it */
    bool answered, ok;     /* it answered at once */
    bool timed_out;        /* not ok, as a condition did not come */
    unsigned spoken_to;    /* the phone that a command was for last; 0 = none yet */
    lua_Integer n_calls;   /* commands so far */
    json_t *result;
    char *error;
    size_t next_case, n_cases;
    uint64_t case_started_ms, resumed_ms;
    bool main_done;
    bool unsafe; /* it may write files */
};

/* api.c: farm, expect, test */
void script_api_open(struct script *s);
struct script *script_of(lua_State *L);

/* expect.c */
int script_expect(lua_State *L);

/** Push what phone n last sent and received, and its screen; "" where there is no such phone. */
void script_push_evidence(lua_State *L, struct script *s, unsigned n);

/* script.c: go on with the coroutine that waited */
void script_resume(struct script *s);

/* convert.c: between JSON and Lua, and option tables */
void script_push_json(lua_State *L, json_t *value);
json_t *script_to_json(lua_State *L, int index);
struct option_reader { /* where options go */
    struct farm_options *o;
    script_option_h *h; /* gets what is no phone option; NULL = there is nothing else */
    void *arg;
};
int script_read_options(lua_State *L, int index, const struct option_reader *to, char *err,
                        size_t size);

#endif
