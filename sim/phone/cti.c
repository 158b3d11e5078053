/* SPDX-License-Identifier: BSD-3-Clause */
/* x-spa-cti (sip-behaviour.md 3.6): a controller's commands, and what it is told of the calls. */
#include "sim/sip/spa_cti.h"

#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"

enum { REF_BASE = 128, BODY_MAX = 160 }; /* a trace has id 1, ref 129; the rule is ours */

/* "answering" and "idle" were seen [T]; the other words are ours [DEF]. */
static const char *word(const struct phone_call *pc)
{
    switch (pc->state) {
    case PHONE_CALL_CALLING:
        return "calling";
    case PHONE_CALL_PROGRESS:
        return "proceeding";
    case PHONE_CALL_RINGING:
        return "ringing";
    case PHONE_CALL_CONNECTED:
        return "connected";
    case PHONE_CALL_HOLDING:
        return "holding";
    case PHONE_CALL_ENDED:
        break;
    }
    return "idle";
}

static void tell(const struct phone_call *pc, const char *state)
{
    struct ua_line *ua = phone_route(pc->ph, pc->line, 0);
    char body[BODY_MAX];

    if (!ua || cti_print_status(body, sizeof(body), pc->id, REF_BASE + pc->id, pc->line, state))
        return;
    (void)ua_line_notify(
        ua, &(struct ua_line_notice){.event = "x-spa-cti", .type = CTI_STATUS_TYPE, .body = body});
}

void phone_cti_call(struct phone_call *pc)
{
    const char *state = word(pc);

    if (!param_bool(pc->ph->params, P_CTI_Enable, 0) ||
        (pc->cti_state && strcmp(pc->cti_state, state) == 0))
        return;
    if (pc->cti_state && strcmp(pc->cti_state, "ringing") == 0 && strcmp(state, "connected") == 0)
        tell(pc, "answering");
    pc->cti_state = state;
    tell(pc, state);
}

static uint16_t read_body(const struct pl *type, const struct pl *body, struct cti_command *c)
{
    struct parse_err pe = {.text = ""};

    if (type->l < sizeof(CTI_CONTROL_TYPE) - 1 ||
        strncasecmp(type->p, CTI_CONTROL_TYPE, sizeof(CTI_CONTROL_TYPE) - 1) != 0)
        return 415;                                                        /* 3.4 */
    return cti_parse(c, body->p ? body->p : "", body->l, &pe) ? 400 : 200; /* [DEF] */
}

uint16_t phone_cti_judge(const struct phone *ph, const struct pl *type, const struct pl *body)
{
    struct cti_command c;

    return param_bool(ph->params, P_CTI_Enable, 0) ? read_body(type, body, &c) : 489;
}

static void new_call(struct phone *ph, unsigned line, const struct cti_command *c)
{
    if (c->number[0])
        (void)phone_call_number(ph, c->ext && c->ext <= ph->model->n_lines ? c->ext : line,
                                c->number, NULL);
    else
        (void)phone_input_open(ph, INPUT_NUMBER, line);
}

void phone_cti_obey(struct phone *ph, unsigned line, const struct pl *type, const struct pl *body)
{
    struct cti_command c;

    if (read_body(type, body, &c) != 200)
        return;
    switch (c.verb) {
    case CTI_ANSWER:
        (void)phone_answer(ph, c.call);
        break;
    case CTI_HOLD:
        (void)phone_hold(ph, c.call);
        break;
    case CTI_RESUME:
        (void)phone_resume(ph, c.call);
        break;
    case CTI_END_CALL:
        (void)phone_hang_up(ph, c.call);
        break;
    case CTI_NEW_CALL:
        new_call(ph, line, &c);
        break;
    }
    phone_screen_changed(ph);
}
