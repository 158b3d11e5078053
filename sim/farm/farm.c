/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/farm.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <re.h>

#include "sim/dns/dns.h"
#include "sim/farm/priv.h"
#include "sim/lcd/picture.h"
#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/net/fetch.h"
#include "sim/net/syslog.h"
#include "sim/prov/params.h"
#include "sim/sip/stack.h"

static void command_free(struct farm *f)
{
    for (int i = 0; i < f->n_command; i++)
        free(f->command[i]);
    free(f->command);
    f->command = NULL;
    f->n_command = 0;
}

static void destructor(void *arg)
{
    struct farm *f = arg;

    f->closing = true;
    mem_deref(f->web);
    ramp_close(f);
    load_close(f);
    timer_cancel(&f->unreg.timer);
    while (f->blocks) {
        struct farm_block *b = f->blocks;
        f->blocks = b->next;
        mem_deref(b);
    }
    mem_deref(f->stack);
    mem_deref(f->fetcher);
    mem_deref(f->log);
    mem_deref(f->dns);
    mem_deref(f->pool);
    mem_deref(f->pictures);
    while (f->keys) {
        struct farm_key *k = f->keys;
        f->keys = k->next;
        free(k);
    }
    free(f->lab_registrar);
    free(f->lab_rule);
    free(f->lab_dhcp);
    free(f->shard);
    free(f->observers);
    recent_reset(f);
    ladder_reset(f);
    command_free(f);
}

static int copy_lab(struct farm *f, const struct farm_lab *lab)
{
    if (!lab || !lab->registrar)
        return 0;
    f->lab_registrar = strdup(lab->registrar);
    f->lab_rule = strdup(lab->profile_rule ? lab->profile_rule : "");
    f->lab_dhcp = strdup(lab->dhcp_value ? lab->dhcp_value : "");
    return f->lab_registrar && f->lab_rule && f->lab_dhcp ? 0 : ENOMEM;
}

static uint64_t random_seed(void)
{
    uint32_t n; /* short enough to be typed again */

    if (getrandom(&n, sizeof(n), 0) != (ssize_t)sizeof(n))
        n = (uint32_t)time(NULL);
    return n;
}

static int open_shared_parts(struct farm *f, const struct farm_options *o,
                             const struct farm_lab *lab, char *err, size_t err_size)
{
    const struct ua_stack_config cfg = {.shared_sockets = f->shared_sockets,
                                        .ca_file = o->ca,
                                        .trust = lab ? lab->trust : NULL,
                                        .trust_arg = lab ? lab->arg : NULL};

    int e = resolver_alloc(&f->dns, f->lp, o->dns);
    if (e == EINVAL)
        snprintf(err, err_size, "--dns \"%s\" is no ADDR[:PORT]", o->dns ? o->dns : "");
    if (!e)
        e = fetcher_alloc(&f->fetcher, f->lp, f->dns);
    if (!e)
        fetcher_observe(f->fetcher, load_exchange, f);
    if (!e)
        e = ua_stack_alloc(&f->stack, f->lp, f->dns, &cfg);
    if (!e)
        e = syslogger_alloc(&f->log, f->dns);
    if (!e)
        e = strpool_alloc(&f->pool);
    if (!e)
        e = picture_store_alloc(&f->pictures);
    if (e && !*err)
        snprintf(err, err_size, "%s", strerror(e));
    return e;
}

uint64_t farm_epoch_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int farm_alloc(struct farm **fp, struct loop *lp, const struct farm_options *opts,
               const struct farm_lab *lab, char *err, size_t err_size)
{
    if (!fp || !lp || !opts)
        return EINVAL;
    err[0] = '\0';
    struct farm *f = mem_zalloc(sizeof(*f), destructor);
    if (!f)
        return ENOMEM;
    f->lp = lp;
    f->goal = PHONE_REGISTERED;
    f->rss_before = farm_rss_bytes();
    f->seed = opts->has_seed ? opts->seed : random_seed();
    f->shared_sockets = opts->sockets && strcmp(opts->sockets, "shared") == 0;
    f->shard = strdup(opts->shard ? opts->shard : "1/1");
    f->start_us = clock_us(lp);
    f->started_ms = farm_epoch_ms();

    int e = f->shard ? copy_lab(f, lab) : ENOMEM;
    if (!e)
        e = open_shared_parts(f, opts, lab, err, err_size);
    if (!e)
        e = members_add(f, opts, NULL, NULL, err, err_size);
    f->web_port = opts->web_port;
    if (!e && opts->web)
        e = farm_web_open(f, f->web_port, err, err_size);
    if (e && !*err)
        snprintf(err, err_size, "%s", strerror(e));
    if (e)
        mem_deref(f);
    else
        *fp = f;
    return e;
}

int farm_add(struct farm *f, const struct farm_options *opts, unsigned *first, unsigned *count,
             char *err, size_t err_size)
{
    err[0] = '\0';
    if (opts->sockets && f->shared_sockets != (strcmp(opts->sockets, "shared") == 0)) {
        snprintf(err, err_size, "--sockets is the same for the whole farm");
        return EINVAL;
    }
    int e = members_add(f, opts, first, count, err, err_size);
    if (!e && (f->web || opts->web)) { /* the new ones have places, too */
        if (opts->web)
            f->web_port = opts->web_port;
        f->web = mem_deref(f->web);
        e = farm_web_open(f, f->web_port, err, err_size);
    }
    if (e && !*err)
        snprintf(err, err_size, "%s", strerror(e));
    return e;
}

void farm_set_goal(struct farm *f, enum phone_cond goal)
{
    f->goal = goal;
    f->goal_asked = true;
    for (size_t i = 0; i < f->n_phones; i++)
        totals_refresh(f, farm_slot_at(f, i));
}

static void forget_observers(struct farm *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n_observers; i++) {
        if (f->observers[i].h)
            f->observers[n++] = f->observers[i];
    }
    f->n_observers = n;
}

int farm_observe(struct farm *f, farm_event_h *h, void *arg)
{
    struct farm_observer *grown = realloc(f->observers, (f->n_observers + 1) * sizeof(*grown));
    if (!grown)
        return ENOMEM;
    f->observers = grown;
    f->observers[f->n_observers++] = (struct farm_observer){h, arg};
    return 0;
}

void farm_unobserve(struct farm *f, farm_event_h *h, void *arg)
{
    for (size_t i = 0; i < f->n_observers; i++) {
        if (f->observers[i].h == h && f->observers[i].arg == arg)
            f->observers[i].h = NULL;
    }
    if (!f->dispatching)
        forget_observers(f);
}

void farm_phone_handler(struct phone *ph, const struct phone_event *ev, void *arg)
{
    struct farm_slot *slot = arg;
    struct farm *f = slot->block->f;

    if (f->closing || !slot->ph)
        return;
    totals_update(f, slot, ev);
    ramp_event(f, slot, ev);
    recent_add(f, ph, ev);
    unregister_event(f, slot);
    farm_web_event(f, ph, ev);

    f->dispatching++;
    const size_t n = f->n_observers; /* those added meanwhile begin with the next event */
    for (size_t i = 0; i < n; i++) {
        if (f->observers[i].h)
            f->observers[i].h(f, ph, ev, f->observers[i].arg);
    }
    if (--f->dispatching == 0)
        forget_observers(f);
}

size_t farm_count(const struct farm *f)
{
    return f->n_phones;
}

struct farm_slot *farm_slot_at(const struct farm *f, size_t i)
{
    for (struct farm_block *b = f->blocks; b; b = b->next) {
        if (i < b->n)
            return &b->slots[i];
        i -= b->n;
    }
    return NULL;
}

void farm_keep_pages(struct farm *f, bool keep)
{
    f->keep_pages = keep;
}

struct phone *farm_phone(const struct farm *f, unsigned n)
{
    for (const struct farm_block *b = f->blocks; b; b = b->next) {
        if (n >= b->first && n - b->first < b->n)
            return b->slots[n - b->first].ph;
    }
    return NULL;
}

struct phone *farm_at(const struct farm *f, size_t i)
{
    const struct farm_slot *slot = farm_slot_at(f, i);
    return slot ? slot->ph : NULL;
}

struct loop *farm_loop(const struct farm *f)
{
    return f->lp;
}

uint64_t farm_seed(const struct farm *f)
{
    return f->seed;
}

double farm_elapsed_s(const struct farm *f)
{
    return (double)(clock_us(f->lp) - f->start_us) / 1e6;
}

const struct farm_totals *farm_totals(const struct farm *f)
{
    return &f->totals;
}

void farm_set_command(struct farm *f, int argc, char **argv)
{
    command_free(f);
    f->command = calloc((size_t)argc + 1, sizeof(*f->command));
    for (int i = 0; f->command && i < argc; i++) {
        f->command[i] = strdup(argv[i]);
        if (!f->command[i])
            break;
        f->n_command++;
    }
}
