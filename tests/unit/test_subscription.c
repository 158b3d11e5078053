/* SPDX-License-Identifier: BSD-3-Clause */
/* A subscription's life (sip-behaviour.md 10; RFC 6665), against a notifier in this process. */
#include <errno.h>
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
    const char *then;   /* the answers after the next one; NULL = the same */
    bool untagged;      /* the answers have no To tag, as RFC 2543 allows */
    char sent[200];     /* Content-Types of the SUBSCRIBEs */
    unsigned n;         /* SUBSCRIBEs seen */
    uint64_t at_ms;     /* the last one */
    char request[1500], answered[600]; /* last SUBSCRIBE; last answer of ours */
    char body[200];
    unsigned n_notified, n_changes;
    bool drop_on_change;
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
        rig_header(text, "Content-Type", buf, sizeof(buf));
        snprintf(f->sent + strlen(f->sent), sizeof(f->sent) - strlen(f->sent), "%.20s|", buf);
        how = f->answer;
        f->answer = f->then ? f->then : f->answer;
    }
    if (!how)
        return;
    const size_t first = strcspn(how, "\n");
    snprintf(status, sizeof(status), "%.*s", (int)first, how);
    size_t n = rig_answer(buf, sizeof(buf), text, status, how[first] ? how + first + 1 : "");
    char *tag = f->untagged ? strstr(buf, ";tag=peer") : NULL;
    if (tag) {
        memmove(tag, tag + 9, n - (size_t)(tag + 9 - buf));
        n -= 9;
    }
    udp_peer_send(p, from, buf, n);
}

static void body_handler(const struct raw_message *msg, void *arg)
{
    struct fixture *f = arg;

    f->n_notified++;
    if (msg->body.l)
        snprintf(f->body, sizeof(f->body), "%.*s", (int)msg->body.l, msg->body.p);
}

static void changed_handler(void *arg)
{
    struct fixture *f = arg;

    f->n_changes++;
    if (f->drop_on_change)
        f->sub = mem_deref(f->sub);
}

static const struct ua_subscription_handlers handlers = {.notified = body_handler,
                                                         .changed = changed_handler};

static int setup(void **state)
{
    static const struct ua_subscription_config c = {.event = "dialog",
                                                    .uri = "sip:1010@pbx.example.com",
                                                    .accept = "application/dialog-info+xml",
                                                    .body_types = "application/dialog-info+xml",
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
static void notify_numbered(struct fixture *f, unsigned cseq, const char *state, const char *type,
                            const char *body)
{
    char text[1500], call_id[200], from[300];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(f->rig.cfg.port)};

    to.sin_addr = f->rig.cfg.addr;
    rig_header(f->request, "Call-ID", call_id, sizeof(call_id));
    rig_header(f->request, "From", from, sizeof(from));
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

static void notify(struct fixture *f, const char *state, const char *type, const char *body)
{
    static unsigned cseq;

    notify_numbered(f, ++cseq, state, type, body);
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

/* The names of a message's headers, a blank between. */
static void names_of(const char *message, char *names, size_t size)
{
    size_t len = 0;

    for (const char *line = strstr(message, "\r\n"); line && strncmp(line, "\r\n\r\n", 4) != 0;
         line = strstr(line + 2, "\r\n"))
        len += (size_t)snprintf(names + len, size - len, "%.*s ", (int)strcspn(line + 2, ":"),
                                line + 2);
}

static void its_headers_are_short_and_in_the_models_order(void **state)
{
    struct fixture *f = *state;
    char names[300];

    f->rig.line->cfg.compact = true; /* section 4: short names everywhere */
    begin(f, NULL);
    names_of(f->request, names, sizeof(names));
    assert_string_equal(names, "v f t i CSeq Max-Forwards m Accept Expires o User-Agent l ");
    f->rig.line->cfg.compact = false;
    f->rig.line->cfg.wire = UA_WIRE_79XX;
    ua_subscription_refresh(f->sub);
    rig_run(&f->rig, 60000, 2);
    assert_true(f->n > 1);
    names_of(f->request, names, sizeof(names));
    assert_string_equal(names, "Via From To Call-ID Max-Forwards CSeq User-Agent Contact Accept "
                               "Expires Event Content-Length ");
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

static void an_answer_without_a_tag_begins_the_dialog_that_its_notify_names(void **state)
{
    struct fixture *f = *state;

    f->untagged = true;
    begin(f, "200 OK\nExpires: 600\r\n");
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
    rig_run(&f->rig, 575000, 1000);
    assert_int_equal(f->n, 2);
    assert_string_equal(header(f, "To"), "To: <sip:1010@pbx.example.com>");
    notify(f, "active", DIALOG_INFO, "<x/>");
    assert_int_equal(f->n_notified, 1);
    rig_run(&f->rig, 575000, 1000);
    assert_string_equal(header(f, "To"), "To: <sip:1010@pbx.example.com>;tag=peer");
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

static void what_comes_folded_goes_out_in_one_line(void **state)
{
    struct fixture *f = *state;

    begin(f, "200 OK\nExpires: 600\r\nRecord-Route: <sip:a;lr\r\n ;x=y>\r\n"
             "Contact: <sip:blf\r\n @127.0.0.1>\r\n");
    ua_subscription_refresh(f->sub);
    rig_run(&f->rig, 50, 1);
    assert_int_equal(f->n, 2);
    assert_non_null(strstr(f->request, "\r\nRoute: <sip:a;lr   ;x=y>\r\n"));
    const char *first = strstr(f->request, "\r\n");
    assert_int_equal(strncmp(first - 8, " SIP/2.0", 8), 0);
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

static void refreshes_do_not_become_a_storm(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    for (int i = 0; i < 40; i++) {
        ua_subscription_refresh(f->sub);
        rig_run(&f->rig, 100, 10);
    }
    assert_int_equal(f->n, 2);
    rig_run(&f->rig, 2000, 10);
    assert_int_equal(f->n, 3);
}

/* ---- content, the end by the phone, one-shot subscriptions */

static void content_goes_out_in_the_dialog_one_by_one(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    assert_int_equal(ua_subscription_send(f->sub, "text/a", "first"), 0);
    assert_int_equal(ua_subscription_send(f->sub, "text/b", "second"), 0);
    rig_run(&f->rig, 50, 1);
    assert_int_equal(f->n, 3);
    assert_string_equal(f->sent, "|Content-Type: text/a|Content-Type: text/b|");
    assert_string_equal(header(f, "To"), "To: <sip:1010@pbx.example.com>;tag=peer");
    assert_string_equal(header(f, "Content-Length"), "Content-Length: 6");
    assert_non_null(strstr(f->request, "\r\n\r\nsecond"));
    ua_subscription_refresh(f->sub);
    rig_run(&f->rig, 50, 1);
    assert_string_equal(header(f, "Content-Type"), ""); /* said once */
}

static void content_that_is_refused_is_dropped(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    f->then = f->answer;
    f->answer = "400 Bad Request";
    assert_int_equal(ua_subscription_send(f->sub, "text/a", "x"), 0);
    rig_run(&f->rig, 50, 1);
    assert_string_equal(f->sent, "|Content-Type: text/a||");
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
}

static void content_outlives_a_silent_notifier(void **state)
{
    struct fixture *f = *state;

    begin(f, NULL);
    assert_int_equal(ua_subscription_send(f->sub, "text/a", "x"), 0);
    rig_run(&f->rig, 40000, 100); /* Timer F */
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
    f->answer = "200 OK\nExpires: 600\r\n";
    rig_run(&f->rig, 41000, 100);
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
    rig_run(&f->rig, 50, 1);
    assert_string_equal(header(f, "Content-Type"), "Content-Type: text/a");
}

static void too_much_content_is_refused(void **state)
{
    struct fixture *f = *state;
    int err = 0;

    for (int i = 0; i < 8 && !err; i++)
        err = ua_subscription_send(f->sub, "text/a", "x");
    assert_int_equal(err, 0);
    assert_int_equal(ua_subscription_send(f->sub, "text/a", "x"), E2BIG);
}

static void leaving_says_so_and_hears_the_last_notify(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    const unsigned n_notified = f->n_notified;
    f->sub = ua_subscription_leave(f->sub);
    assert_null(f->sub);
    rig_run(&f->rig, 20, 1);
    assert_int_equal(f->n, 2);
    assert_string_equal(header(f, "Expires"), "Expires: 0");
    assert_null(ua_line_subscription(f->rig.line, NULL));
    notify(f, "terminated;reason=timeout", DIALOG_INFO, "");
    assert_int_equal(strncmp(f->answered, "SIP/2.0 200", 11), 0);
    notify(f, "active", DIALOG_INFO, "");
    assert_int_equal(strncmp(f->answered, "SIP/2.0 481", 11), 0);
    assert_int_equal(f->n_notified, n_notified);
    rig_run(&f->rig, 40000, 1000);
    assert_int_equal(f->n, 2);
}

static void leaving_before_the_answer_waits_for_it(void **state)
{
    struct fixture *f = *state;

    f->answer = NULL;
    rig_run(&f->rig, 2, 1);
    assert_int_equal(f->n, 1);
    f->sub = ua_subscription_leave(f->sub);
    f->answer = "200 OK\nExpires: 600\r\n";
    rig_run(&f->rig, 1500, 10); /* the retransmission is answered */
    assert_string_equal(header(f, "Expires"), "Expires: 0");
    rig_run(&f->rig, 40000, 1000);
}

static void leaving_with_the_line_leaks_nothing(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    f->answer = NULL;
    f->sub = ua_subscription_leave(f->sub);
    rig_run(&f->rig, 20, 1);
    ua_line_close(f->rig.line);
    rig_run(&f->rig, 40000, 1000);
}

static void begin_once(struct fixture *f)
{
    static const struct ua_subscription_config c = {.event = "dialog",
                                                    .uri = "sip:1010@pbx.example.com",
                                                    .extra =
                                                        "Call-Info: <sip:h>;appearance-index=1\r\n",
                                                    .supported = "eventlist",
                                                    .expires_s = 15,
                                                    .retry_s = 10,
                                                    .once = true};

    f->sub = mem_deref(f->sub);
    f->n = 0;
    assert_int_equal(ua_subscribe(&f->sub, f->rig.line, &c, &handlers, f), 0);
    rig_run(&f->rig, 20, 1);
}

static void a_passing_one_is_neither_renewed_nor_tried_again(void **state)
{
    struct fixture *f = *state;

    f->answer = "200 OK\nExpires: 15\r\n";
    begin_once(f);
    assert_string_equal(header(f, "Call-Info"), "Call-Info: <sip:h>;appearance-index=1");
    assert_string_equal(header(f, "Supported"), "Supported: eventlist");
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_ACTIVE);
    rig_run(&f->rig, 60000, 1000);
    assert_int_equal(f->n, 1);
    assert_int_equal(ua_subscription_state(f->sub), UA_SUB_FAILED);
    f->answer = "480 Temporarily Unavailable";
    begin_once(f);
    rig_run(&f->rig, 60000, 1000);
    assert_int_equal(f->n, 1);
    assert_int_equal(ua_subscription_scode(f->sub), 480);
}

static void its_owner_hears_of_every_change_and_may_drop_it_then(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    assert_int_equal(f->n_changes, 1); /* active */
    notify(f, "terminated;reason=deactivated", DIALOG_INFO, "");
    assert_int_equal(f->n_changes, 3); /* asking again, active */
    f->drop_on_change = true;
    notify(f, "terminated;reason=rejected", DIALOG_INFO, "");
    assert_null(f->sub);
}

static void an_older_notify_changes_nothing(void **state)
{
    struct fixture *f = *state;

    begin(f, f->answer);
    notify_numbered(f, 500000, "active", DIALOG_INFO, "<new/>");
    notify_numbered(f, 499999, "active", DIALOG_INFO, "<old/>");
    assert_int_equal(strncmp(f->answered, "SIP/2.0 500", 11), 0);
    assert_string_equal(f->body, "<new/>");
}

static void its_status_tells_when_it_goes_on(void **state)
{
    struct fixture *f = *state;
    struct ua_subscription_status st;

    ua_subscription_status(f->sub, &st);
    assert_int_equal(st.state, UA_SUB_ASKING);
    begin(f, f->answer);
    const struct ua_subscription *s = ua_line_subscription(f->rig.line, NULL);
    assert_ptr_equal(s, f->sub);
    assert_null(ua_line_subscription(f->rig.line, s));
    ua_subscription_status(s, &st);
    assert_string_equal(st.event, "dialog");
    assert_string_equal(st.uri, "sip:1010@pbx.example.com");
    assert_int_equal(st.granted_s, 600);
    assert_int_equal(st.scode, 200);
    assert_in_range(st.next_s, 565, 570);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(it_asks_as_the_traces_do),
        T(its_headers_are_short_and_in_the_models_order),
        T(it_renews_ahead_of_the_granted_expiry_in_its_dialog),
        T(an_answer_without_a_tag_begins_the_dialog_that_its_notify_names),
        T(bodies_reach_the_phone_once_answered),
        T(a_notify_of_another_dialog_is_481),
        T(deactivated_means_again_at_once),
        T(rejected_means_after_the_retry_interval),
        T(a_refusal_is_tried_again_later),
        T(challenges_are_bounded),
        T(a_lost_dialog_is_begun_anew),
        T(record_routes_are_followed_backwards),
        T(what_comes_folded_goes_out_in_one_line),
        T(it_outlives_its_line_in_silence),
        T(refreshes_do_not_become_a_storm),
        T(content_goes_out_in_the_dialog_one_by_one),
        T(content_that_is_refused_is_dropped),
        T(content_outlives_a_silent_notifier),
        T(too_much_content_is_refused),
        T(leaving_says_so_and_hears_the_last_notify),
        T(leaving_before_the_answer_waits_for_it),
        T(leaving_with_the_line_leaks_nothing),
        T(a_passing_one_is_neither_renewed_nor_tried_again),
        T(its_owner_hears_of_every_change_and_may_drop_it_then),
        T(an_older_notify_changes_nothing),
        T(its_status_tells_when_it_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
