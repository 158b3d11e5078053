/* SPDX-License-Identifier: BSD-3-Clause */
/* "Dial:12,,34": what stands behind the first comma is sent as digits once the call is answered,
 * each comma is a second's pause (xml-services.md 5; that they are sent so is [DEF]). */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <re.h>

#include "sim/loop/clock.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/call.h"

enum { PAUSE_MS = 1000, DIGIT_MS = 200 /* tone and gap */ };

struct phone_post_dial {
    struct phone_call *pc;
    struct timer timer;
    size_t at;
    char text[];
};

static void destructor(void *arg)
{
    struct phone_post_dial *p = arg;
    timer_cancel(&p->timer);
}

int phone_post_dial(struct phone_call *pc, const char *text)
{
    struct phone_post_dial *p = mem_zalloc(sizeof(*p) + strlen(text) + 1, destructor);

    if (!p)
        return ENOMEM;
    p->pc = pc;
    strcpy(p->text, text);
    mem_deref(pc->post_dial);
    pc->post_dial = p;
    return 0;
}

static void step_handler(void *arg)
{
    struct phone_post_dial *p = arg;
    struct loop *lp = p->pc->ph->env->lp;
    const char c = p->text[p->at];

    if (!c || !p->pc->ua) {
        p->pc->post_dial = mem_deref(p);
        return;
    }
    p->at++;
    if (c != ',')
        (void)ua_call_digit(p->pc->ua, c, 0); /* ENOTSUP where nothing was agreed: lost */
    timer_start(lp, &p->timer, clock_scaled(lp, c == ',' ? PAUSE_MS : DIGIT_MS), step_handler, p);
}

void phone_post_dial_begin(struct phone_call *pc)
{
    if (pc->post_dial)
        timer_start(pc->ph->env->lp, &pc->post_dial->timer, 0, step_handler, pc->post_dial);
}
