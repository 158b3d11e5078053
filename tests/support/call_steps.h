/* SPDX-License-Identifier: BSD-3-Clause */
/* Setup and the steps that the tests of calls share; a step that goes wrong fails the test. */
#ifndef TESTS_SUPPORT_CALL_STEPS_H
#define TESTS_SUPPORT_CALL_STEPS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/callrig.h"

/* A callrig whose configuration is still to be changed: its line opens by open_line(). */
static inline int calls_setup(void **state)
{
    struct callrig *c = calloc(1, sizeof(*c));

    *state = c;
    return callrig_open(c);
}

static inline int calls_line_setup(void **state)
{
    return calls_setup(state) ? -1 : callrig_line(*state);
}

static inline int calls_teardown(void **state)
{
    callrig_close(*state);
    free(*state);
    return 0;
}

static inline void open_line(struct callrig *c)
{
    assert_int_equal(callrig_line(c), 0);
}

/* The phone's next message. */
static inline const char *expect(struct callrig *c, const char *start)
{
    const char *message = callrig_next(c, start);

    assert_non_null(message);
    return message;
}

/* Its INVITE to sip:1002, whose dialog the peer takes. */
static inline const char *dial(struct callrig *c)
{
    assert_int_equal(callrig_dial(c, NULL), 0);
    const char *invite = expect(c, "INVITE ");
    callrig_join(c, invite);
    return invite;
}

static inline const char *hold(struct callrig *c)
{
    assert_int_equal(ua_call_hold(c->call, true), 0);
    return expect(c, "INVITE ");
}

static inline const char *answer(struct callrig *c)
{
    assert_int_equal(ua_call_answer(c->call), 0);
    const char *ok = expect(c, "SIP/2.0 200");
    callrig_learn(c, ok);
    return ok;
}

static inline void up(struct callrig *c, bool outgoing)
{
    assert_true(outgoing ? callrig_call_out(c) : callrig_call_in(c));
}

static inline struct ua_call_info info_of(const struct callrig *c)
{
    struct ua_call_info info;

    ua_call_info(c->call, &info);
    return info;
}

static inline void progress(struct callrig *c, uint16_t scode, bool early)
{
    const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_PROGRESS);

    assert_non_null(n);
    assert_int_equal(n->scode, scode);
    assert_int_equal(n->early, early);
}

/* The next news, and the last one. */
static inline void over(struct callrig *c, uint16_t scode, const char *text)
{
    const struct callrig_news *n = callrig_heard(c, UA_CALL_EV_OVER);

    assert_non_null(n);
    assert_int_equal(n->scode, scode);
    assert_string_equal(n->text, text);
    assert_int_equal(c->n_heard, c->n_news);
}

/* A number of seconds that a sender may be asked to wait for (RFC 3261 14.2). */
static inline void put_off_for(const char *response)
{
    const char *line = callrig_header(response, "Retry-After");

    assert_int_equal(strncmp(line, "Retry-After: ", 13), 0);
    assert_in_range(strtoul(line + 13, NULL, 10), 0, 10);
}

#endif
