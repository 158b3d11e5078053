/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits until a condition holds on every phone asked for: by events, never by looking again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/cmd/commands.h"
#include "devices/model.h"
#include "sim/farm/farm.h"
#include "sim/lcd/screen.h"
#include "sim/loop/timer.h"

enum { WAIT_DEFAULT_S = 30 };

struct wait {
    struct cmd_call *call;
    struct farm *farm;
    struct timer timer;
    const char *cond; /* the call's own */
    bool *open;       /* by position in the selection: not there yet */
    size_t n_open;
};

static void destructor(void *arg)
{
    struct wait *w = arg;

    timer_cancel(&w->timer);
    free(w->open);
}

static void lamp_name(char *buf, size_t size, const char *text)
{
    snprintf(buf, size, "%.*s", (int)strcspn(text, "="), text);
}

static bool lamp_is(struct phone *ph, const char *text)
{
    const char *color, *pattern, *eq = strchr(text, '=');
    char lamp[24];

    if (!eq)
        return false;
    lamp_name(lamp, sizeof(lamp), text);
    return phone_lamp(ph, lamp, &color, &pattern) && strcmp(color, eq + 1) == 0;
}

static bool screen_has(struct phone *ph, const char *text)
{
    struct screen s;

    phone_screen(ph, &s);
    return screen_contains(&s, text);
}

static const struct {
    const char *name;
    enum phone_cond cond;
} conditions[] = {
    {"registered", PHONE_REGISTERED},
    {"unregistered", PHONE_UNREGISTERED},
    {"provisioned", PHONE_PROVISIONED},
    {"idle", PHONE_IDLE},
    {"ringing", PHONE_RINGING},
    {"connected", PHONE_CONNECTED},
    {"held", PHONE_HELD},
};

enum { N_CONDITIONS = sizeof(conditions) / sizeof(conditions[0]) };

static size_t find(const char *cond)
{
    size_t i = 0;

    while (i < N_CONDITIONS && strcmp(cond, conditions[i].name) != 0)
        i++;
    return i;
}

static bool holds(struct phone *ph, const char *cond)
{
    const size_t i = find(cond);

    if (i < N_CONDITIONS)
        return phone_is(ph, conditions[i].cond);
    if (strncmp(cond, "screen~", 7) == 0)
        return screen_has(ph, cond + 7);
    return strncmp(cond, "lamp:", 5) == 0 && lamp_is(ph, cond + 5);
}

static bool known(const char *cond)
{
    return find(cond) < N_CONDITIONS || strncmp(cond, "screen~", 7) == 0 ||
           (strncmp(cond, "lamp:", 5) == 0 && strchr(cond, '='));
}

/* A lamp that a phone does not have never lights: tell at once. False: answered. */
static bool lamps_exist(struct cmd_call *call, const char *cond)
{
    const char *color, *pattern;
    char lamp[24];
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);

    if (strncmp(cond, "lamp:", 5) != 0)
        return true;
    lamp_name(lamp, sizeof(lamp), cond + 5);
    for (size_t i = 0; i < n; i++) {
        struct phone *ph = farm_phone(cmd_farm(call), phones[i]);
        if (phone_lamp(ph, lamp, &color, &pattern))
            continue;
        cmd_fail(call, CMD_E_PARAMS, "phone %u: a %s has no lamp \"%s\"", phones[i],
                 phone_model(ph)->name, lamp);
        return false;
    }
    return true;
}

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev,
                          void *arg);

static void cancel(struct cmd_call *call)
{
    struct wait *w = cmd_data(call);
    farm_unobserve(w->farm, event_handler, w);
}

static void look(struct wait *w, struct phone *ph, size_t i)
{
    if (w->open[i] && holds(ph, w->cond)) {
        w->open[i] = false;
        w->n_open--;
    }
}

/* Not from within the event: whoever waited may end the very call that it tells of. */
static void there_handler(void *arg)
{
    struct wait *w = arg;
    cmd_ok(w->call, NULL);
}

static void event_handler(struct farm *f, struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct wait *w = arg;
    size_t n;
    const unsigned *phones = cmd_phones(w->call, &n);

    (void)f;
    (void)ev;
    /* the selection rises by number: find the phone's place in it */
    size_t low = 0, high = n;
    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (phones[mid] < phone_n(ph))
            low = mid + 1;
        else
            high = mid;
    }
    if (low < n && phones[low] == phone_n(ph))
        look(w, ph, low);
    if (!w->n_open) {
        farm_unobserve(w->farm, event_handler, w);
        timer_start(farm_loop(w->farm), &w->timer, 0, there_handler, w);
    }
}

static void timeout_handler(void *arg)
{
    struct wait *w = arg;
    size_t n, i = 0;
    const unsigned *phones = cmd_phones(w->call, &n);

    while (i < n && !w->open[i])
        i++;
    cancel(w->call);
    cmd_fail(w->call, CMD_E_TIMEOUT, "%zu of %zu phones are not %s (phone %u, for one)", w->n_open,
             n, w->cond, i < n ? phones[i] : 0);
}

static struct wait *begin(struct cmd_call *call, const char *cond)
{
    size_t n;
    const unsigned *phones = cmd_phones(call, &n);
    struct wait *w = mem_zalloc(sizeof(*w), destructor);

    if (!w)
        return NULL;
    w->call = call;
    w->farm = cmd_farm(call);
    w->cond = cond;
    w->open = malloc(n * sizeof(*w->open));
    w->n_open = n;
    cmd_set_data(call, w);
    if (!w->open)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        w->open[i] = true;
        look(w, farm_phone(w->farm, phones[i]), i);
    }
    return w;
}

static void exec(struct cmd_call *call)
{
    const char *cond = json_string_value(cmd_arg(call, "cond"));
    json_t *timeout = cmd_arg(call, "timeout");
    const double seconds = timeout ? json_number_value(timeout) : WAIT_DEFAULT_S;

    if (!known(cond)) {
        cmd_fail(call, CMD_E_PARAMS,
                 "no condition \"%s\"; there are registered, unregistered, "
                 "provisioned, idle, ringing, connected, held, screen~TEXT, lamp:NAME=COLOR",
                 cond);
        return;
    }
    if (!lamps_exist(call, cond))
        return;
    struct wait *w = begin(call, cond);
    if (!w) {
        cmd_fail(call, CMD_E_FAILED, "out of memory");
    } else if (!w->n_open) {
        cmd_ok(call, NULL);
    } else if (farm_observe(w->farm, event_handler, w)) {
        cmd_fail(call, CMD_E_FAILED, "out of memory");
    } else {
        timer_start(farm_loop(w->farm), &w->timer, (uint64_t)(seconds * 1000), timeout_handler, w);
    }
}

const struct cmd cmd_wait = {
    .name = "wait",
    .help = "until a condition holds on all of them",
    .params =
        (const struct cmd_param[]){CMD_PHONES,
                                   {"cond", 's', true, NULL,
                                    "registered, provisioned, idle, ringing, connected, held, "
                                    "screen~TEXT, lamp:line1=green"},
                                   {"timeout", 'd', false, "--timeout", "seconds, 30 without it"},
                                   {NULL, 0, false, NULL, NULL}},
    .exec = exec,
    .cancel = cancel,
};
