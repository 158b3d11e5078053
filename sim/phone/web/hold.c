/* SPDX-License-Identifier: BSD-3-Clause */
/* An answer to a push that waits until what it began to play is over (xml-services.md 5). */
#include <errno.h>
#include <stdlib.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/phone/execute.h"
#include "sim/phone/web/priv.h"

struct phone_hold {
    struct httpd_later *later;
    struct httpd_reply reply;
};

static void destructor(void *arg)
{
    struct phone_hold *h = arg;

    mem_deref(h->later);
    free(h->reply.body);
}

void phone_hold_forget(struct phone *ph)
{
    ph->hold = mem_deref(ph->hold);
}

void phone_hold_release(struct phone *ph)
{
    struct phone_hold *h = ph->hold;

    if (!h)
        return;
    ph->hold = NULL;
    httpd_answer(h->later, &h->reply);
    h->reply.body = NULL;
    mem_deref(h);
}

int web_hold(const struct web_call *c, struct phone_execute_answer *a)
{
    struct phone_hold *h = mem_zalloc(sizeof(*h), destructor);
    const int err = h ? httpd_postpone(&h->later, c->req) : ENOMEM;

    if (err) {
        mem_deref(h);
        return err;
    }
    h->reply = *c->reply;
    web_take_execute(c->ph, a, &h->reply);
    phone_hold_forget(c->ph);
    c->ph->hold = h;
    return 0;
}
