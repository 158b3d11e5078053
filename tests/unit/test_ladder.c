/* SPDX-License-Identifier: BSD-3-Clause */
/* The farm remembers its last SIP messages, phone by phone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "sim/lab/lab.h"
#include "tests/support/real_farm.h"

struct seen {
    unsigned n;
    uint64_t last_id;
    char first_lines[8][24];
    bool sent[8];
};

static void seen_handler(const struct farm_message_view *m, void *arg)
{
    struct seen *s = arg;

    assert_true(m->id > s->last_id);
    assert_string_equal(m->transport, "UDP");
    s->last_id = m->id;
    if (s->n < 8) {
        s->sent[s->n] = m->sent;
        snprintf(s->first_lines[s->n], sizeof(s->first_lines[0]), "%.*s",
                 (int)(m->len < 12 ? m->len : 12), m->data);
    }
    s->n++;
}

static void the_messages_of_a_phone_come_oldest_first(void **state)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    const struct lab_config lc = {.listen = "127.131.8.250"};
    const time_t end = time(NULL) + 20;
    struct seen all = {.n = 0}, last = {.n = 0}, none = {.n = 0};
    struct loop *lp = NULL;
    struct lab *lab = NULL;
    char err[200];

    (void)state;
    assert_int_equal(loop_alloc(&lp, &cfg), 0);
    assert_int_equal(lab_open(&lab, lp, &lc, err, sizeof(err)), 0);
    const char *const options[] = {
        "count", "2", "addr", "127.131.8.0/24", "registrar", lab_registrar(lab), NULL};
    struct farm *f = real_farm(lp, options);
    farm_power_on(f, 0);
    while (farm_totals(f)->registered < 2 && time(NULL) <= end)
        loop_poll(lp);
    farm_messages_apply(f, 2, 20, seen_handler, &all);
    assert_int_equal(all.n, 4);
    assert_true(all.sent[0] && !all.sent[1] && all.sent[2] && !all.sent[3]);
    assert_string_equal(all.first_lines[0], "REGISTER sip");
    assert_string_equal(all.first_lines[1], "SIP/2.0 401 ");
    assert_string_equal(all.first_lines[3], "SIP/2.0 200 ");
    farm_messages_apply(f, 2, 1, seen_handler, &last);
    assert_int_equal(last.n, 1);
    assert_int_equal(last.last_id, all.last_id);
    farm_messages_apply(f, 9, 20, seen_handler, &none);
    assert_int_equal(none.n, 0);
    mem_deref(f);
    mem_deref(lab);
    mem_deref(lp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_messages_of_a_phone_come_oldest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
