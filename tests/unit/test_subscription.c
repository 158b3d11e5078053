/* SPDX-License-Identifier: BSD-3-Clause */
/* A subscription's life (sip-behaviour.md 10; RFC 6665), against a notifier in this process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/loop/clock.h"
#include "sim/loop/loop.h"
#include "sim/sip/priv.h"
#include "sim/sip/subscription.h"
#include "tests/support/rig.h"

struct fixture {
    struct rig rig;
    struct ua_subscription *sub;
    const char *answer; /* to SUBSCRIBE: "200 OK", extra lines behind a newline; NULL = silence */
    unsigned n;         /* SUBSCRIBEs seen */
    uint64_t at_ms;     /* the last one */
    char request[1500], answered[600]; /* last SUBSCRIBE; last answer of ours */
    char body[200];
};

static void peer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    char text[1500], buf[1500], status[64];

    snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)data);
    if (strncmp(text, "SIP/2.0", 7) == 0) {
        snprintf(f->answered, sizeof(f->answered), "%.599s", text);
        return;
    }
    const char *how = "200 OK";
    if (strncmp(text, "SUBSCRIBE", 9) == 0) {
        f->n++;
        f->at_ms = clock_ms(f->rig.lp);
        memcpy(f->request, text, sizeof(f->request));
        how = f->answer;
    }
    if (!how)
        return;
    const size_t first = strcspn(how, "\n");
    snprintf(status, sizeof(status), "%.*s", (int)first, how);
    const size_t n = rig_answer(buf, sizeof(buf), text, status, how[first] ? how + first + 1 : "");
    udp_peer_send(p, from, buf, n);
}

static void body_handler(const struct pl *body, void *arg)
{
    struct fixture *f = arg;
    snprintf(f->body, sizeof(f->body), "%.*s", (int)body->l, body->p);
}

static int setup(void **state)
{
    static const struct ua_subscription_handlers handlers = {.notified = body_handler};
    static const struct ua_subscription_config c = {.event = "dialog",
                                                    .uri = "sip:1010@pbx.example.com",
                                                    .accept = "application/dialog-info+xml",
                                                    .body_type = "application/dialog-info+xml",
                                                    .expires_s = 1800,
                                                    .ahead_s = 30,
                                                    .retry_s = 40};
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    f->answer = "200 OK\nExpires: 600\r\n";
    if (rig_open(&f->rig, peer_handler, f) || rig_line(&f->rig))
        return -1;
    ua_line_start(f->rig.line);
    rig_run(&f->rig, 50, 1);
    return ua_subscribe(&f->sub, f->rig.line, &c, &handlers, f);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->sub);
    rig_close(&f->rig);
    free(f);
    return 0;
}

static void begin(struct fixture *f, const char *answer)
{
    f->answer = answer;
    rig_run(&f->rig, 50, 1);
}

static const char *header(const struct fixture *f, const char *name)
{
    static char buf[512];
    return rig_header(f->request, name, buf, sizeof(buf));
}

/* A NOTIFY of the dialog that the last SUBSCRIBE began. */
static void notify(struct fixture *f, const char *state, const char *type, const char *body)
{
    char text[1500], call_id[200], from[300];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(f->rig.cfg.port)};
    static unsigned cseq;

    to.sin_addr = f->rig.cfg.addr;
    rig_header(f->request, "Call-ID", call_id, sizeof(call_id));
    rig_header(f->request, "From", from, sizeof(from));
    cseq++;
    const int n =
        snprintf(text, sizeof(text),
                 "NOTIFY sip:%s@127.0.0.1 SIP/2.0\r\n"
                 "Via: SIP/2.0/UDP %s;branch=z9hG4bKn%u\r\n"
                 "From: <sip:1010@pbx.example.com>;tag=peer\r\nTo%s\r\n%s\r\nCSeq: %u NOTIFY\r\n"
                 "Event: dialog\r\nSubscription-State: %s\r\nContent-Type: %s\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 f->rig.cfg.user, f->rig.proxy, cseq, from + 4, call_id, cseq, state, type,
                 strlen(body), body);
    f->answered[0] = '\0';
    udp_peer_send(f->rig.peer, &to, text, (size_t)n);
    rig_run(&f->rig, 20, 1);
}

#define DIALOG_INFO "application/dialog-info+xml"

static void it_asks_as_the_traces_do(void **state)
{
    struct fixture *f = *state;
    char tag[64], rest[8];

    begin(f, f->answer);
    assert_int_equal(f->n, 1);
    assert_int_equal(strncmp(f->request, "SUBSCRIBE sip:1010@pbx.example.com SIP/2.0\r\n", 43), 0);
    assert_string_equal(header(f, "Event"), "Event: dialog");
    assert_string_equal(header(f, "Expires"), "Expires: 1800");
    assert_string_equal(header(f, "Accept"), "Accept: " DIALOG_INFO);
    assert_string_equal(header(f, "To"), "To: <sip:1010@pbx.example.com>");
    assert_string_equal(header(f, "Allow"), "");
    const char *at = strstr(header(f, "From"), ";tag=");
    assert_non_null(at);
    assert_int_equal(sscanf(at, ";tag=%63[0-9a-f]%1s", tag, rest), 1); /* no suffix (9.2 [T]) */
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
}

static void it_renews_ahead_of_the_granted_expiry_in_its_dialog(void **state)
{
    struct fixture *f = *state;
    char call_id[200];

    begin(f, "200 OK\nExpires: 600\r\nContact: <sip:blf@127.0.0.1:7777>\r\n");
    rig_header(f->request, "Call-ID", call_id, sizeof(call_id));
    const uint64_t first = f->at_ms;
    rig_run(&f->rig, 575000, 1000);
    assert_int_equal(f->n, 2);
    assert_in_range(f->at_ms - first, 569000, 571500);
    assert_int_equal(strncmp(f->request, "SUBSCRIBE sip:blf@127.0.0.1:7777 ", 33), 0);
    assert_string_equal(header(f, "To"), "To: <sip:1010@pbx.example.com>;tag=peer");
    assert_string_equal(header(f, "Call-ID"), call_id);
}

static void bodies_reach_the_phone_once_answered(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    notify(f, "active;expires=600", DIALOG_INFO, "<dialog-info/>");
    assert_int_equal(strncmp(f->answered, "SIP/2.0 200", 11), 0);
    assert_string_equal(f->body, "<dialog-info/>");
    f->body[0] = '\0';
    notify(f, "active", "text/plain", "hello");
    assert_int_equal(strncmp(f->answered, "SIP/2.0 415", 11), 0);
    assert_string_equal(f->body, "");
}

static void a_notify_of_another_dialog_is_481(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    char *tag = strstr(f->request, ";tag=");
    tag[5] = tag[5] == '0' ? '1' : '0';
    notify(f, "active", DIALOG_INFO, "<dialog-info/>");
    assert_int_equal(strncmp(f->answered, "SIP/2.0 481", 11), 0);
    assert_string_equal(f->body, "");
}

static void deactivated_means_again_at_once(void **state)
{
    struct fixture *f = *state;
    char call_id[200];

    begin(f, f->answer);
    rig_header(f->request, "Call-ID", call_id, sizeof(call_id));
    notify(f, "terminated;reason=deactivated", DIALOG_INFO, "");
    assert_int_equal(f->n, 2);
    assert_string_not_equal(header(f, "Call-ID"), call_id); /* a new dialog */
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
}

static void rejected_means_after_the_retry_interval(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    notify(f, "terminated;reason=rejected", DIALOG_INFO, "");
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
    rig_run(&f->rig, 39000, 1000);
    assert_int_equal(f->n, 1);
    rig_run(&f->rig, 2000, 100);
    assert_int_equal(f->n, 2);
}

static void a_refusal_is_tried_again_later(void **state)
{
    struct fixture *f = *state;

    begin(f, "403 Forbidden");
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
    assert_int_equal(ua_subscription_scode(f->sub), 403);
    f->answer = "200 OK\n";
    rig_run(&f->rig, 41000, 1000);
    assert_int_equal(f->n, 2);
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
}

static void challenges_are_bounded(void **state)
{
    struct fixture *f = *state;

    begin(f, "401 Unauthorized\nWWW-Authenticate: Digest realm=\"r\",nonce=\"n\"\r\n");
    assert_int_equal(f->n, 1 + f->rig.cfg.max_auth);
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
    assert_non_null(strstr(f->request, "\r\nAuthorization: Digest username="));
}

static void a_lost_dialog_is_begun_anew(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    f->answer = "481 Subscription Does Not Exist";
    ua_subscription_refresh(f->sub);
    rig_run(&f->rig, 50, 1);
    assert_int_equal(f->n, 3); /* in the dialog, then without one, which fails */
    assert_string_equal(header(f, "To"), "To: <sip:1010@pbx.example.com>");
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
}

static void record_routes_are_followed_backwards(void **state)
{
    struct fixture *f = *state;

    begin(f, "200 OK\nExpires: 600\r\nRecord-Route: <sip:a;lr>\r\nRecord-Route: <sip:b;lr>\r\n");
    ua_subscription_refresh(f->sub);
    rig_run(&f->rig, 50, 1);
    const char *b = strstr(f->request, "Route: <sip:b;lr>\r\n");
    assert_non_null(b);
    assert_non_null(strstr(b, "Route: <sip:a;lr>\r\n"));
}

static void it_outlives_its_line_in_silence(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    ua_line_close(f->rig.line);
    rig_run(&f->rig, 700000, 10000);
    assert_int_equal(f->n, 1);
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
    ua_subscription_refresh(f->sub);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(it_asks_as_the_traces_do),
        T(it_renews_ahead_of_the_granted_expiry_in_its_dialog),
        T(bodies_reach_the_phone_once_answered),
        T(a_notify_of_another_dialog_is_481),
        T(deactivated_means_again_at_once),
        T(rejected_means_after_the_retry_interval),
        T(a_refusal_is_tried_again_later),
        T(challenges_are_bounded),
        T(a_lost_dialog_is_begun_anew),
        T(record_routes_are_followed_backwards),
        T(it_outlives_its_line_in_silence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
