/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stands in for phones and what they share, for tests of sim/farm: included once, it defines the
 * functions of phone.h that a farm calls, so that the linker leaves the real ones out.
 */
#ifndef TESTS_SUPPORT_FAKE_FARM_H
#define TESTS_SUPPORT_FAKE_FARM_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/base/rng.h"
#include "sim/dns/dns.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/farm/farm.h"
#include "sim/net/syslog.h"
#include "sim/prov/params.h"
#include "sim/prov/prov.h"
#include "sim/sip/line.h"
#include "sim/sip/stack.h"
#include "tests/support/fake_fetcher.h"
#include "tests/support/farm_pairs.h"

struct phone {
    unsigned n;
    const struct device_model *model;
    uint8_t mac[6];
    struct in_addr addr;
    uint16_t port_base;
    bool provision, powered, idle, provisioned, registered;
    char *dhcp;
    char *error;
    char *sets[32];
    size_t n_sets;
    unsigned n_unregisters;
    uint64_t random; /* first draw of its stream */
    phone_event_h *h;
    void *arg;
};

static struct ua_stack_counters fake_counters;

static void fake_phone_destructor(void *arg)
{
    struct phone *ph = arg;
    for (size_t i = 0; i < ph->n_sets; i++)
        free(ph->sets[i]);
    free(ph->error);
    free(ph->dhcp);
}

int phone_alloc(struct phone **php, const struct phone_env *env, const struct phone_config *cfg,
                phone_event_h *h, void *arg, char *err_text, size_t err_size)
{
    struct rng rng;
    (void)err_text;
    (void)err_size;
    struct phone *ph = mem_zalloc(sizeof(*ph), fake_phone_destructor);
    if (!ph)
        return ENOMEM;
    ph->n = cfg->n;
    ph->model = cfg->model;
    memcpy(ph->mac, cfg->mac, 6);
    ph->addr = cfg->addr;
    ph->port_base = cfg->port_base;
    ph->provision = cfg->provision;
    ph->dhcp = cfg->dhcp_value ? strdup(cfg->dhcp_value) : NULL;
    for (const char *const *s = cfg->sets; s && *s && ph->n_sets < 32; s++)
        ph->sets[ph->n_sets++] = strdup(*s);
    rng_init(&rng, env->seed, cfg->n);
    ph->random = rng_u64(&rng);
    ph->h = h;
    ph->arg = arg;
    *php = ph;
    return 0;
}

static void fake_emit(struct phone *ph, const struct phone_event *ev)
{
    ph->h(ph, ev, ph->arg);
}

/* Value of one set, NULL = not set. */
static const char *fake_set(const struct phone *ph, const char *name)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < ph->n_sets; i++) {
        if (strncmp(ph->sets[i], name, len) == 0 && ph->sets[i][len] == '=')
            return ph->sets[i] + len + 1;
    }
    return NULL;
}

/* The phone's registration attempt ends: error NULL = registered. */
static void fake_register(struct phone *ph, const char *error, uint16_t scode, uint32_t us)
{
    const struct ua_reg_status st = {.state = error ? UA_REG_FAILED : UA_REG_OK,
                                     .scode = error ? scode : 200,
                                     .reason = error ? error : "OK",
                                     .server = "192.0.2.1:5060",
                                     .challenged = true,
                                     .us = us};
    free(ph->error);
    ph->error = error ? strdup(error) : NULL;
    ph->idle = true;
    ph->registered = !error;
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_REGISTER, .line = 1, .reg = &st});
}

static inline void fake_unregistered(struct phone *ph)
{
    const struct ua_reg_status st = {.state = UA_REG_OFF, .reason = "", .server = ""};
    ph->registered = false;
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_REGISTER, .line = 1, .reg = &st});
}

static inline void fake_fetch(struct phone *ph, const char *error, uint32_t us)
{
    const struct prov_fetch_event e = {.url = "http://192.0.2.1/x",
                                       .status = error ? 404 : 200,
                                       .error = error,
                                       .us = us,
                                       .bytes = error ? 0 : 1000};
    ph->provisioned = !error;
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_FETCH, .fetch = &e});
}

void phone_power(struct phone *ph, bool on)
{
    if (ph->powered == on)
        return;
    ph->powered = on;
    ph->idle = ph->registered = ph->provisioned = false;
    fake_emit(ph, &(struct phone_event){.ev = PHONE_EV_POWER, .on = on});
}

const char *phone_get(const struct phone *ph, const char *name)
{
    const char *value = fake_set(ph, name);
    return value ? value : "";
}

void phone_unregister(struct phone *ph)
{
    ph->n_unregisters++;
}

bool phone_is(const struct phone *ph, enum phone_cond cond)
{
    switch (cond) {
    case PHONE_REGISTERED:
        return ph->registered;
    case PHONE_UNREGISTERED:
        return !ph->registered;
    case PHONE_PROVISIONED:
        return ph->provisioned;
    case PHONE_IDLE:
        return ph->idle;
    case PHONE_RINGING:
    case PHONE_CONNECTED:
    case PHONE_HELD:
        break;
    }
    return false;
}

const char *phone_last_error(const struct phone *ph)
{
    return ph->error;
}

unsigned phone_n(const struct phone *ph)
{
    return ph->n;
}

const struct device_model *phone_model(const struct phone *ph)
{
    return ph->model;
}

const uint8_t *phone_mac(const struct phone *ph)
{
    return ph->mac;
}

void phone_web(struct phone *ph, const struct httpd_req *req, struct httpd_reply *reply)
{
    (void)ph;
    (void)req;
    (void)reply;
}

uint16_t phone_web_port(const struct phone *ph)
{
    (void)ph;
    return 0;
}

struct in_addr phone_addr(const struct phone *ph)
{
    return ph->addr;
}

const char *phone_user(const struct phone *ph)
{
    return phone_get(ph, "User_ID_1_");
}

bool phone_powered(const struct phone *ph)
{
    return ph->powered;
}

/* What phones share is never used by these. */

int syslogger_alloc(struct syslogger **sp, struct resolver *dns)
{
    (void)dns;
    *sp = mem_zalloc(1, NULL);
    return *sp ? 0 : ENOMEM;
}

int resolver_alloc(struct resolver **rp, struct loop *lp, const char *server)
{
    (void)lp;
    (void)server;
    *rp = mem_zalloc(1, NULL);
    return *rp ? 0 : ENOMEM;
}

int fetcher_alloc(struct fetcher **fp, struct loop *lp, struct resolver *dns)
{
    (void)lp;
    (void)dns;
    *fp = mem_zalloc(1, NULL);
    return *fp ? 0 : ENOMEM;
}

int ua_stack_alloc(struct ua_stack **sp, struct loop *lp, struct resolver *dns,
                   const struct ua_stack_config *cfg)
{
    (void)lp;
    (void)dns;
    (void)cfg;
    *sp = mem_zalloc(1, NULL);
    return *sp ? 0 : ENOMEM;
}

const struct ua_stack_counters *ua_stack_counters(const struct ua_stack *s)
{
    (void)s;
    return &fake_counters;
}

int strpool_alloc(struct strpool **sp)
{
    *sp = mem_zalloc(1, NULL);
    return *sp ? 0 : ENOMEM;
}

static const struct farm_lab fake_lab = {.registrar = "127.0.0.1:40001",
                                         .profile_rule = "/phones/$MA.xml",
                                         .dhcp_value = "http://127.0.0.1:40002/"};

static int fake_farm(struct farm **fp, struct loop *lp, const char *const *pairs, bool lab,
                     char *err, size_t err_size)
{
    struct farm_options o;

    farm_pairs(&o, pairs);
    const int e = farm_alloc(fp, lp, &o, lab ? &fake_lab : NULL, err, err_size);
    farm_options_reset(&o);
    return e;
}

/* Setup and teardown of tests whose state is the loop, on a virtual clock. */
static inline int fake_farm_setup(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct loop *lp = NULL;
    const int e = loop_alloc(&lp, &cfg);

    memset(&fake_counters, 0, sizeof(fake_counters));
    *state = lp;
    return e;
}

static inline int fake_farm_teardown(void **state)
{
    mem_deref(*state);
    return 0;
}

#endif
