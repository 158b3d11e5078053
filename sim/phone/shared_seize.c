/* SPDX-License-Identifier: BSD-3-Clause */
/* The right to an appearance of a shared line: line-seize, and the calls that need it
 * (sip-behaviour.md 10). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/message.h"
#include "sim/sip/response_table.h"
#include "sim/sip/subscription.h"

enum {
    SEIZE_EXPIRES_S = 15, /* [UC] */
    AGAIN_MS = 10000,     /* a grant that lasted this long may be asked for again (ours) */
};

static void forget_order(struct phone_shared *sh)
{
    free(sh->uri);
    free(sh->extra);
    sh->uri = sh->extra = NULL;
    sh->call = NULL;
}

static void let_go(struct phone_shared *sh, bool say)
{
    sh->claim = say ? ua_subscription_leave(sh->claim) : mem_deref(sh->claim);
    sh->seize = SEIZE_NONE;
    sh->index = 0;
}

struct phone_call *phone_shared_seize_stop(struct phone_shared *sh, bool say)
{
    struct phone_call *waiting = sh->call;

    timer_cancel(&sh->timer);
    let_go(sh, say);
    forget_order(sh);
    return waiting;
}

/* No dial tone (10). */
static void refused(struct phone_shared *sh, uint16_t scode)
{
    struct phone *ph = sh->ph;
    struct phone_call *pc = sh->call;

    forget_order(sh);
    let_go(sh, false);
    if (pc)
        phone_call_end(pc, scode, scode ? response_text(scode) : NULL, true);
    if (ph->calls && ph->calls->input.open && ph->calls->input.line == sh->line)
        phone_input_close(ph);
    phone_shared_changed(sh);
}

/* The INVITE carries the appearance, and uses the grant up: the server ends the claim [UC]. */
static int send_invite(struct phone_shared *sh, struct phone_call *pc, const char *uri,
                       const char *extra)
{
    const char *proxy = phone_proxy(sh->ph, sh->line);
    char host[200], info[300], *lines = NULL;

    snprintf(host, sizeof(host), "%.*s", (int)strcspn(proxy, ";"), proxy);
    int err = sca_print(info, sizeof(info), host, sh->index, SCA_UNKNOWN);
    if (!err && asprintf(&lines, "Call-Info: %s\r\n%s", info, extra ? extra : "") < 0)
        err = ENOMEM;
    pc->appearance = sh->index;
    pc->key = phone_shared_key(sh, sh->index);
    sh->seize = SEIZE_NONE;
    sh->index = 0;
    if (!err)
        err = phone_call_invite(pc, uri, lines);
    free(lines);
    return err;
}

static void granted(struct phone_shared *sh, unsigned index)
{
    struct phone_call *pc = sh->call;
    char *uri = sh->uri, *extra = sh->extra;

    sh->seize = SEIZE_GRANTED;
    sh->index = (uint8_t)index;
    sh->granted_ms = clock_ms(sh->ph->env->lp);
    if (pc) {
        sh->uri = sh->extra = NULL;
        forget_order(sh);
        if (send_invite(sh, pc, uri, extra))
            phone_call_end(pc, 0, "Call Failed", true);
        else
            phone_call_changed(pc);
        free(uri);
        free(extra);
    }
    phone_shared_changed(sh);
}

static void claim_handler(const struct raw_message *msg, void *arg)
{
    struct phone_shared *sh = arg;
    const struct pl *value = &msg->subscription_state;
    struct sca_list list;

    if (sh->seize != SEIZE_ASKED ||
        (value->l >= 10 && strncasecmp(value->p, "terminated", 10) == 0))
        return;
    phone_shared_read(msg, &list);
    for (unsigned i = 0; i < list.n; i++) {
        if (list.appearances[i].index && list.appearances[i].index <= SCA_APPEARANCES_MAX) {
            granted(sh, list.appearances[i].index);
            return;
        }
    }
    granted(sh, sh->index); /* it names none: the one asked for [DEF] */
}

static void claim(struct phone_shared *sh, unsigned index);

/* It is refused, taken away, or its time is over; used up, that is as it should be. */
static void claim_changed_handler(void *arg)
{
    struct phone_shared *sh = arg;
    const uint64_t held_ms = clock_ms(sh->ph->env->lp) - sh->granted_ms;
    const unsigned index = sh->index;

    if (ua_subscription_state(sh->claim) != UA_SUB_FAILED)
        return;
    const uint16_t scode = ua_subscription_scode(sh->claim);
    if (sh->seize == SEIZE_NONE) {
        let_go(sh, false);
    } else if (sh->seize == SEIZE_GRANTED && held_ms >= AGAIN_MS) {
        let_go(sh, false);
        claim(sh, index); /* still off hook [DEF] */
    } else {
        refused(sh, scode);
    }
}

static void claim(struct phone_shared *sh, unsigned index)
{
    static const struct ua_subscription_handlers handlers = {.notified = claim_handler,
                                                             .changed = claim_changed_handler};
    const char *proxy = phone_proxy(sh->ph, sh->line);
    char *uri = phone_shared_aor(sh->ph, sh->line);
    char host[200], info[300], extra[330];

    snprintf(host, sizeof(host), "%.*s", (int)strcspn(proxy, ";"), proxy);
    (void)sca_print(info, sizeof(info), host, index, SCA_UNKNOWN);
    snprintf(extra, sizeof(extra), "Call-Info: %s\r\n", info);
    const struct ua_subscription_config c = {.event = "line-seize",
                                             .uri = uri,
                                             .extra = extra,
                                             .expires_s = SEIZE_EXPIRES_S,
                                             .once = true};
    sh->claim = ua_subscription_leave(sh->claim);
    sh->seize = SEIZE_ASKED;
    sh->index = (uint8_t)index;
    if (!uri || ua_subscribe(&sh->claim, phone_watch_line(sh->ph, sh->line), &c, &handlers, sh))
        sh->seize = SEIZE_NONE;
    free(uri);
}

void phone_shared_off_hook(struct phone *ph, unsigned line)
{
    struct phone_shared *sh = phone_shared_line(ph, line);
    const unsigned index = sh ? phone_shared_choose(sh, ph->pressed_key) : 0;

    if (sh && sh->seize == SEIZE_NONE && index) {
        claim(sh, index);
        phone_shared_changed(sh);
    }
}

static void idle_handler(void *arg)
{
    struct phone_shared *sh = arg;
    const struct phone_calls *calls = sh->ph->calls;

    if (sh->seize == SEIZE_NONE || sh->call ||
        (calls && calls->input.open && calls->input.line == sh->line))
        return;
    let_go(sh, true);
    phone_shared_changed(sh);
}

void phone_shared_on_hook(struct phone *ph, unsigned line)
{
    struct phone_shared *sh = phone_shared_line(ph, line);

    if (sh && sh->seize != SEIZE_NONE)
        timer_start(ph->env->lp, &sh->timer, 0, idle_handler, sh);
}

/* ---- calls */

int phone_shared_invite(struct phone_call *pc, const char *uri, const char *extra)
{
    struct phone_shared *sh = phone_shared_line(pc->ph, pc->line);

    if (sh->call)
        return EBUSY;
    if (sh->seize == SEIZE_GRANTED)
        return send_invite(sh, pc, uri, extra);
    phone_shared_off_hook(pc->ph, pc->line);
    if (sh->seize == SEIZE_NONE)
        return EBUSY;
    sh->uri = strdup(uri);
    sh->extra = extra ? strdup(extra) : NULL;
    if (!sh->uri || (extra && !sh->extra)) {
        forget_order(sh);
        return ENOMEM;
    }
    sh->call = pc;
    pc->appearance = sh->index;
    return 0;
}

void phone_shared_called(struct phone_call *pc, unsigned index)
{
    const struct phone_shared *sh = phone_shared_line(pc->ph, pc->line);

    if (!sh || !index || index > SCA_APPEARANCES_MAX)
        return;
    pc->appearance = (uint8_t)index;
    pc->key = phone_shared_key(sh, index);
}

void phone_shared_call_over(struct phone_call *pc)
{
    struct phone_shared *sh = phone_shared_line(pc->ph, pc->line);

    if (!sh || sh->call != pc)
        return;
    forget_order(sh);
    phone_shared_on_hook(pc->ph, pc->line);
}

int phone_shared_take(struct phone_shared *sh, unsigned index)
{
    struct phone *ph = sh->ph;
    struct phone_call *pc = NULL;

    if (!phone_calls_get(ph))
        return ENOMEM;
    if (sh->seize != SEIZE_NONE || sh->call || phone_shared_own(sh, index))
        return EBUSY;
    char *aor = phone_shared_aor(ph, sh->line);
    if (!aor)
        return ENOMEM;
    phone_input_close(ph);
    claim(sh, index);
    const struct phone_call_order o = {.line = sh->line, .number = aor};
    const int err = sh->seize == SEIZE_ASKED ? phone_call_place(ph, &o, &pc) : ENOTCONN;
    if (!err && sh->uris[index])
        phone_shared_party(sh->uris[index], pc->name, sizeof(pc->name), pc->number,
                           sizeof(pc->number));
    free(aor);
    return err;
}
