/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The compliance matrix: every status code from 300 to 606 as the answer to REGISTER, INVITE,
 * re-INVITE, REFER, BYE and SUBSCRIBE of a real phone, in virtual time. What it sends next and
 * when, what its screen says and which tone it plays (sip-behaviour.md 2.3, 4.3, 5.5, 6.2, 10;
 * devices.md 6.4). The tables below are those of the reference, not the program's.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "sim/loop/clock.h"
#include "sim/phone/priv.h"
#include "tests/support/peer.h"
#include "tests/support/real_farm.h"
#include "tests/support/rig.h"

enum { FIRST = 300, LAST = 606, LOG = 64 };

/* devices.md 6.4 [DICT] */
static const struct {
    uint16_t scode;
    const char *text;
} dictionary[] = {
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {423, "Interval Too Brief"},
    {480, "Temporarily not available"},
    {481, "Call Leg/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "SIP Version not supported"},
    {513, "Message Too Large"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does not exist anywhere"},
    {606, "Not Acceptable"},
};

static const char *text_of(uint16_t scode)
{
    for (size_t i = 0; i < sizeof(dictionary) / sizeof(dictionary[0]); i++) {
        if (dictionary[i].scode == scode)
            return dictionary[i].text;
    }
    return text_of((uint16_t)(scode / 100 * 100)); /* as x00 (DEF) */
}

struct seen { /* a request of the phone */
    uint64_t at_ms;
    bool second; /* it went to the other server */
    char text[2200];
};

struct peer { /* how it answers, by method */
    const char *method;
    uint16_t scode;    /* 0 = 200 */
    const char *extra; /* header lines */
    int left;          /* so many times, then 200; < 0 = always */
};

struct fixture {
    struct loop *lp;
    struct farm *f;
    struct phone *ph;
    struct udp_peer *peer, *other;
    struct peer rules[3];
    struct seen seen[LOG];
    unsigned n_seen; /* ACKs, and what the table is not about, are left out */
    char skip[16];   /* a method that is answered but not kept; "" = none */
};

static const char *sdp_of(const char *request)
{
    static char text[200];
    snprintf(text, sizeof(text),
             "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
             "m=audio 4000 RTP/AVP 0\r\n%s",
             strstr(request, "a=sendonly") ? "a=recvonly\r\n" : "");
    return text;
}

static const struct peer *rule_of(struct fixture *f, const char *text)
{
    for (size_t i = 0; i < 3; i++) {
        struct peer *p = &f->rules[i];
        if (!p->method || !p->left || strncmp(text, p->method, strlen(p->method)) != 0 ||
            text[strlen(p->method)] != ' ')
            continue;
        p->left -= p->left > 0;
        return p;
    }
    return NULL;
}

static void answer(struct fixture *f, struct udp_peer *p, const struct sockaddr_in *from,
                   const char *request)
{
    const struct peer *rule = rule_of(f, request);
    const uint16_t scode = rule && rule->scode ? rule->scode : 200;
    const bool sdp = scode == 200 && strstr(request, "application/sdp");
    const char *body = sdp ? sdp_of(request) : "";
    char buf[3000], line[512];
    int n = snprintf(buf, sizeof(buf), "SIP/2.0 %u Answer\r\n", scode);

    for (unsigned i = 0; i < 5; i++) {
        static const char *const names[] = {"Via", "From", "To", "Call-ID", "CSeq"};
        rig_header(request, names[i], line, sizeof(line));
        n += snprintf(buf + n, sizeof(buf) - (size_t)n, "%s%s\r\n", line,
                      i == 2 && !strstr(line, ";tag=") ? ";tag=peer" : "");
    }
    n += snprintf(buf + n, sizeof(buf) - (size_t)n, "%s%s%sContent-Length: %zu\r\n\r\n%s",
                  scode != 200 && rule->extra ? rule->extra : "",
                  scode == 200 ? "Contact: <sip:1002@127.0.0.1>\r\nExpires: 600\r\n" : "",
                  sdp ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
    if (scode == 200 && strncmp(request, "INVITE", 6) == 0) { /* by way of this peer */
        char contact[80];
        snprintf(contact, sizeof(contact), "<sip:1002@127.0.0.1:%u>", udp_peer_port(p));
        char *at = strstr(buf, "<sip:1002@127.0.0.1>\r\nExpires");
        memmove(at + strlen(contact), at + 20, strlen(at + 20) + 1);
        memcpy(at, contact, strlen(contact));
    }
    udp_peer_send(p, from, buf, strlen(buf));
}

static void peer_handler(struct udp_peer *p, const uint8_t *data, size_t len,
                         const struct sockaddr_in *from, void *arg)
{
    struct fixture *f = arg;
    char text[2200];

    snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)data);
    if (strncmp(text, "SIP/2.0", 7) == 0 || strncmp(text, "ACK", 3) == 0)
        return;
    if (!f->skip[0] || strncmp(text, f->skip, strlen(f->skip)) != 0) {
        struct seen *s = &f->seen[f->n_seen++ % LOG];
        s->at_ms = clock_ms(f->lp);
        s->second = p == f->other;
        memcpy(s->text, text, sizeof(text));
    }
    answer(f, p, from, text);
}

static void run(struct fixture *f, uint64_t ms, uint64_t step_ms)
{
    for (uint64_t t = 0; t < ms; t += step_ms) {
        loop_advance(f->lp, step_ms);
        for (unsigned i = 0; i < 4; i++)
            loop_poll(f->lp);
    }
}

/* The next request of the phone after `since`, within so much time; NULL = none. */
static const struct seen *await(struct fixture *f, unsigned since, uint64_t ms, uint64_t step_ms)
{
    for (uint64_t t = 0; t < ms && f->n_seen == since; t += step_ms)
        run(f, step_ms, step_ms);
    return f->n_seen == since ? NULL : &f->seen[since % LOG];
}

static int setup(void **state)
{
    static const struct loop_config cfg = {.clock = CLOCK_VIRTUAL};
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    if (loop_alloc(&f->lp, &cfg))
        return -1;
    f->peer = udp_peer_open(f->lp, peer_handler, f);
    f->other = udp_peer_open(f->lp, peer_handler, f);
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->f);
    udp_peer_close(f->peer);
    udp_peer_close(f->other);
    mem_deref(f->lp);
    free(f);
    return 0;
}

/* A SPA504G with two servers and these settings ("NAME=VALUE", ended by NULL). */
static void boot(struct fixture *f, const char *const *settings)
{
    char proxy[120];
    const char *options[40] = {"model",        "SPA504G",
                               "addr",         "127.102.1.0/24",
                               "set",          proxy,
                               "set",          "Sim_Release_Seconds=1",
                               "set",          "Dial_Plan_1_=(x.)",
                               "no-provision", ""};
    size_t n = 12;

    snprintf(proxy, sizeof(proxy), "Proxy_1_=site:SRV=127.0.0.1:%u:p=1|127.0.0.1:%u:p=2",
             udp_peer_port(f->peer), udp_peer_port(f->other));
    for (; *settings; settings++) {
        options[n++] = "set";
        options[n++] = *settings;
    }
    options[n] = NULL;
    f->f = mem_deref(f->f);
    run(f, 5, 1); /* what it sent last */
    f->n_seen = 0;
    f->f = real_farm_up(f->lp, options);
    f->ph = farm_phone(f->f, 1);
    run(f, 100, 1);
}

static void rule(struct fixture *f, const char *method, uint16_t scode, const char *extra, int left)
{
    f->rules[0] = (struct peer){method, scode, extra, left};
}

static const struct seen *last(const struct fixture *f)
{
    return &f->seen[(f->n_seen - 1) % LOG];
}

/* ---- what the phone shows */

struct shown {
    char title[64], rows[200];
    char state[16], tone[16], reason[64];
    int code, n_calls;
};

static void copy_text(char *to, size_t size, const json_t *o, const char *name)
{
    const char *text = json_string_value(json_object_get(o, name));
    snprintf(to, size, "%s", text ? text : "");
}

static struct shown look(const struct fixture *f)
{
    json_t *o = phone_snapshot(f->ph), *screen = json_object_get(o, "screen"), *row;
    json_t *line = json_array_get(json_object_get(o, "lines"), 0);
    json_t *calls = json_object_get(line, "calls"), *call = json_array_get(calls, 0);
    struct shown s = {.n_calls = (int)json_array_size(calls)};
    size_t i;

    copy_text(s.title, sizeof(s.title), screen, "title");
    json_array_foreach(json_object_get(screen, "rows"), i, row)
    {
        strncat(s.rows, json_string_value(row), sizeof(s.rows) - strlen(s.rows) - 2);
        strcat(s.rows, "|");
    }
    if (call) {
        copy_text(s.state, sizeof(s.state), call, "state");
        copy_text(s.tone, sizeof(s.tone), call, "tone");
        copy_text(s.reason, sizeof(s.reason), call, "reason");
        s.code = (int)json_integer_value(json_object_get(call, "code"));
    } else {
        copy_text(s.state, sizeof(s.state), line, "status");
        s.code = (int)json_integer_value(json_object_get(line, "code"));
    }
    json_decref(o);
    return s;
}

#define CHECK(scode, holds)                                                                        \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            const struct shown now = look(f);                                                      \
            fail_msg("%u: not %s: title '%s' rows '%s' state %s tone '%s' reason '%s' code %d, "   \
                     "last %.300s",                                                                \
                     scode, #holds, now.title, now.rows, now.state, now.tone, now.reason,          \
                     now.code, last(f)->text);                                                     \
        }                                                                                          \
    } while (0)

static bool is_redirect(uint16_t scode)
{
    return scode < 400; /* unknown ones as 300 */
}

static const char challenge_401[] =
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5\r\n";
static const char challenge_407[] =
    "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5\r\n";

static const char *contact_of(struct fixture *f, const char *user)
{
    static char text[100];
    snprintf(text, sizeof(text), "Contact: <sip:%s@127.0.0.1:%u>\r\n", user,
             udp_peer_port(f->peer));
    return text;
}

/* ---- REGISTER (2.3) */

/* Every code answers the attempt that the one before led to. */
static void every_code_to_register_waits(struct fixture *f, uint64_t wait_ms)
{
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        const uint64_t began = last(f)->at_ms;
        rule(f, "REGISTER", scode, NULL, -1);
        const struct seen *next = await(f, f->n_seen, wait_ms + 2000, 1000);
        CHECK(scode,
              next && next->at_ms - began >= wait_ms && next->at_ms - began <= wait_ms + 1000);
        CHECK(scode, !next->second && look(f).code == scode);
        CHECK(scode,
              strcmp(look(f).state, "failed") == 0 && strstr(look(f).rows, "Not Registered"));
    }
}

static void register_waits_long_after_every_code(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {"Reg_Retry_Long_Intvl=1200", NULL};

    rule(f, "REGISTER", 403, NULL, -1);
    boot(f, settings);
    every_code_to_register_waits(f, 1200000);
}

static void register_waits_briefly_where_retry_reg_rsc_says_so(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {"Retry_Reg_RSC=3??,4??,5??,6??", NULL};

    rule(f, "REGISTER", 403, NULL, -1);
    boot(f, settings);
    every_code_to_register_waits(f, 30000);
}

static void register_moves_where_try_backup_rsc_says_so(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {"Try_Backup_RSC=4??,5??,6??",
                                           "Auto_Register_When_Failover_1_=Yes", NULL};

    for (uint16_t scode = 400; scode <= LAST; scode++) {
        rule(f, "REGISTER", scode, NULL, 1);
        boot(f, settings);
        CHECK(scode, f->n_seen == 2 && last(f)->second);
        CHECK(scode, strcmp(look(f).state, "registered") == 0);
    }
}

static void register_does_at_once_what_some_codes_ask_for(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};
    static const struct {
        uint16_t scode;
        const char *extra, *name, *want; /* in the next request */
    } rows[] = {
        {401, challenge_401, "Authorization", "nonce=\"n\""},
        {407, challenge_407, "Proxy-Authorization", "nonce=\"n\""},
        {423, "Min-Expires: 7100\r\n", "Contact", ";expires=7100"},
        {300, NULL, "Contact", ";expires="},
        {301, NULL, "Contact", ";expires="},
        {302, NULL, "Contact", ";expires="},
        {305, NULL, "Contact", ";expires="},
        {380, NULL, "Contact", ";expires="},
        {399, NULL, "Contact", ";expires="},
    };
    char line[512];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        rule(f, "REGISTER", rows[i].scode, rows[i].extra ? rows[i].extra : contact_of(f, "moved"),
             1);
        boot(f, settings);
        CHECK(rows[i].scode, f->n_seen == 2 && !last(f)->second);
        rig_header(last(f)->text, rows[i].name, line, sizeof(line));
        CHECK(rows[i].scode, strstr(line, rows[i].want) != NULL);
        CHECK(rows[i].scode, strcmp(look(f).state, "registered") == 0);
    }
}

static void register_gives_up_what_leads_nowhere(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};
    static const struct {
        uint16_t scode;
        const char *extra;
        unsigned n; /* requests until it gives up */
    } rows[] = {
        {401, challenge_401, 3},         {407, challenge_407, 3}, {423, "Min-Expires: 7100\r\n", 2},
        {423, "Min-Expires: 60\r\n", 1}, {302, NULL, 6},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        rule(f, "REGISTER", rows[i].scode, rows[i].extra ? rows[i].extra : contact_of(f, "moved"),
             -1);
        boot(f, settings);
        run(f, 1000, 10);
        CHECK(rows[i].scode, f->n_seen == rows[i].n);
        CHECK(rows[i].scode, look(f).code == rows[i].scode);
        const uint64_t began = last(f)->at_ms;
        const struct seen *next = await(f, f->n_seen, 1300000, 1000);
        CHECK(rows[i].scode, next && next->at_ms - began >= 1200000);
    }
}

static void a_503_waits_as_long_as_it_says(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    rule(f, "REGISTER", 503, "Retry-After: 17\r\n", -1);
    boot(f, settings);
    const uint64_t began = last(f)->at_ms;
    const struct seen *next = await(f, f->n_seen, 20000, 100);
    CHECK(503, next && next->at_ms - began >= 17000 && next->at_ms - began <= 17200);
}

/* ---- INVITE (6.2) */

static void dial(struct fixture *f)
{
    assert_int_equal(phone_dial(f->ph, "1002"), 0);
    run(f, 20, 1);
}

static void the_call_has_failed(struct fixture *f, uint16_t scode, const char *tone)
{
    const struct shown s = look(f);

    CHECK(scode, strcmp(s.title, text_of(scode)) == 0);
    CHECK(scode, strcmp(s.reason, text_of(scode)) == 0 && strcmp(s.state, "ended") == 0);
    CHECK(scode, s.code == scode && strcmp(s.tone, tone) == 0);
    run(f, 1100, 20);
    CHECK(scode, look(f).n_calls == 0 && look(f).title[0] == '\0'); /* idle again */
}

static void the_phone_is_idle(struct fixture *f, uint16_t scode)
{
    run(f, 10, 1);
    CHECK(scode, look(f).n_calls == 0 && look(f).title[0] == '\0');
}

static const char *tone_of(uint16_t scode)
{
    const bool known = scode == 603 || scode == 604 || scode == 606;

    return scode == 486 || (scode >= 600 && !known) ? "busy" : "reorder"; /* unknown ones as 600 */
}

static void invite_fails_with_text_and_tone(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    strcpy(f->skip, "REGISTER");
    boot(f, settings);
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        const unsigned before = f->n_seen;
        if (scode == 491)
            continue; /* below */
        rule(f, "INVITE", scode, NULL, -1);
        dial(f);
        CHECK(scode, f->n_seen == before + 1 && !last(f)->second);
        if (scode == 487)
            the_phone_is_idle(f, scode); /* ends without a word */
        else
            the_call_has_failed(f, scode, tone_of(scode));
        CHECK(scode, f->n_seen == before + 1);
    }
}

static void invite_plays_the_sit_that_names_the_code(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {"SIT1_RSC=48?, 600", "SIT2_RSC=4??", "SIT3_RSC=503,5??",
                                           "SIT4_RSC=3??,603", NULL};

    boot(f, settings);
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        if (scode == 487 || scode == 491)
            continue;
        rule(f, "INVITE", scode, NULL, -1);
        dial(f);
        the_call_has_failed(f, scode,
                            scode / 10 == 48 || scode == 600   ? "sit1"
                            : scode / 100 == 4                 ? "sit2"
                            : scode / 100 == 5                 ? "sit3"
                            : scode / 100 == 3 || scode == 603 ? "sit4"
                                                               : tone_of(scode));
    }
}

static void invite_moves_where_try_backup_rsc_says_so(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {"Try_Backup_RSC=3??,4??,5??,6??",
                                           "Auto_Register_When_Failover_1_=No",
                                           "Proxy_Fallback_Intvl_1_=0", NULL};

    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        const bool moves = !is_redirect(scode) && scode != 401 && scode != 407 && scode != 487;
        rule(f, "INVITE", 0, NULL, -1);
        boot(f, settings);
        const unsigned before = f->n_seen;
        rule(f, "INVITE", scode, NULL, 1);
        dial(f);
        if (moves) {
            CHECK(scode, f->n_seen == before + 2 && last(f)->second);
            CHECK(scode, strcmp(look(f).title, "Connected") == 0);
        } else {
            CHECK(scode, f->n_seen == before + 1);
        }
    }
}

static void invite_follows_every_3xx_with_a_contact(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    boot(f, settings);
    for (uint16_t scode = FIRST; is_redirect(scode); scode++) {
        rule(f, "INVITE", scode, contact_of(f, "1003"), 1);
        dial(f);
        CHECK(scode, strncmp(last(f)->text, "INVITE sip:1003@", 16) == 0);
        CHECK(scode, strcmp(look(f).title, "Connected") == 0);
        assert_int_equal(phone_hang_up(f->ph, 0), 0);
        run(f, 10, 1);
        rule(f, "INVITE", scode, contact_of(f, "1003"), -1);
        const unsigned before = f->n_seen;
        dial(f);
        CHECK(scode, f->n_seen == before + 6); /* Max Redirection 5 */
        the_call_has_failed(f, scode, "reorder");
    }
}

static void invite_answers_challenges_max_auth_times(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    for (uint16_t scode = 401; scode <= 407; scode = (uint16_t)(scode + 6)) {
        const char *extra = scode == 401 ? challenge_401 : challenge_407;
        boot(f, settings);
        rule(f, "INVITE", scode, extra, 1);
        dial(f);
        CHECK(scode, strcmp(look(f).title, "Connected") == 0);
        CHECK(scode, strstr(last(f)->text, "uthorization: Digest") != NULL);
        assert_int_equal(phone_hang_up(f->ph, 0), 0);
        run(f, 10, 1);
        rule(f, "INVITE", scode, extra, -1);
        const unsigned before = f->n_seen;
        dial(f);
        CHECK(scode, f->n_seen == before + 3);
        the_call_has_failed(f, scode, "reorder");
    }
}

static void invite_backs_off_after_491(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    boot(f, settings);
    rule(f, "INVITE", 491, NULL, 1);
    dial(f);
    const uint64_t began = last(f)->at_ms;
    CHECK(491, strcmp(look(f).title, "Calling") == 0);
    const struct seen *next = await(f, f->n_seen, 5000, 10);
    CHECK(491, next && next->at_ms - began >= 2100 && next->at_ms - began <= 4030);
    run(f, 10, 1);
    CHECK(491, strcmp(look(f).title, "Connected") == 0);
    assert_int_equal(phone_hang_up(f->ph, 0), 0);
    rule(f, "INVITE", 491, NULL, -1);
    dial(f);
    for (unsigned i = 0; i < 40 && strcmp(look(f).title, "Calling") == 0; i++)
        run(f, 500, 10);
    the_call_has_failed(f, 491, "reorder");
}

/* ---- within a call: re-INVITE, REFER, BYE (4.3, 5.5, 6.2) */

static void call(struct fixture *f)
{
    f->rules[0] = (struct peer){.method = NULL};
    dial(f);
    assert_string_equal(look(f).title, "Connected");
}

static void end(struct fixture *f)
{
    f->rules[0] = (struct peer){.method = NULL};
    while (phone_hang_up(f->ph, 0) == 0)
        run(f, 10, 1);
    run(f, 20, 1);
}

static void reinvite_keeps_the_call_but_after_408_and_481(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    strcpy(f->skip, "REGISTER");
    boot(f, settings);
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        const bool ends = scode == 408 || scode == 481;
        if (scode == 491)
            continue;
        call(f);
        const unsigned before = f->n_seen;
        rule(f, "INVITE", scode, NULL, -1);
        assert_int_equal(phone_hold(f->ph, 0), 0);
        run(f, 20, 1);
        if (ends) {
            CHECK(scode, f->n_seen == before + 2 && strncmp(last(f)->text, "BYE", 3) == 0);
            the_call_has_failed(f, scode, "reorder");
        } else {
            CHECK(scode, f->n_seen == before + 1);
            CHECK(scode, strcmp(look(f).title, "Connected") == 0);
            CHECK(scode, strcmp(look(f).state, "connected") == 0 && !look(f).tone[0]);
            CHECK(scode, strstr(look(f).rows, text_of(scode)) != NULL);
        }
        end(f);
    }
}

static void reinvite_comes_again_after_some(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};
    static const struct {
        uint16_t scode;
        const char *extra;
        uint64_t min_ms, max_ms;
    } rows[] = {
        {401, challenge_401, 0, 10},
        {407, challenge_407, 0, 10},
        {491, NULL, 2100, 4030},
        {500, "Retry-After: 6\r\n", 6000, 6030},
        {503, "Retry-After: 6\r\n", 6000, 6030},
        {599, "Retry-After: 6\r\n", 6000, 6030}, /* as 500 */
    };

    boot(f, settings);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const uint16_t scode = rows[i].scode;
        call(f);
        const unsigned before = f->n_seen;
        rule(f, "INVITE", scode, rows[i].extra, 1);
        assert_int_equal(phone_hold(f->ph, 0), 0);
        CHECK(scode, await(f, before, 100, 1) != NULL);
        const uint64_t began = f->seen[before % LOG].at_ms;
        const struct seen *next = await(f, before + 1, 8000, 1);
        CHECK(scode, next && next->at_ms - began >= rows[i].min_ms &&
                         next->at_ms - began <= rows[i].max_ms);
        run(f, 20, 1);
        CHECK(scode, strcmp(look(f).title, "Holding") == 0);
        end(f);
    }
}

static void refer_that_is_refused_leaves_the_call_on_hold(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    strcpy(f->skip, "REGISTER");
    boot(f, settings);
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        call(f);
        const unsigned before = f->n_seen;
        rule(f, "REFER", scode, NULL, -1);
        assert_int_equal(phone_transfer(f->ph, "1003", false), 0);
        run(f, 30, 1);
        CHECK(scode, f->n_seen == before + 2); /* hold and REFER */
        CHECK(scode, strcmp(look(f).title, "Holding") == 0);
        CHECK(scode, strstr(look(f).rows, "Transfer Failed") != NULL && !look(f).tone[0]);
        CHECK(scode, look(f).code == scode);
        run(f, 6000, 100);
        CHECK(scode, f->n_seen == before + 2); /* no BYE */
        end(f);
    }
}

static void refer_answers_challenges_max_auth_times(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    for (uint16_t scode = 401; scode <= 407; scode = (uint16_t)(scode + 6)) {
        boot(f, settings);
        call(f);
        const unsigned before = f->n_seen;
        rule(f, "REFER", scode, scode == 401 ? challenge_401 : challenge_407, -1);
        assert_int_equal(phone_transfer(f->ph, "1003", false), 0);
        run(f, 30, 1);
        CHECK(scode, f->n_seen == before + 4);
        CHECK(scode, strstr(look(f).rows, "Transfer Failed") != NULL);
    }
}

static void bye_ends_the_call_whatever_the_answer_is(void **state)
{
    struct fixture *f = *state;
    static const char *const settings[] = {NULL};

    strcpy(f->skip, "REGISTER");
    boot(f, settings);
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        call(f);
        const unsigned before = f->n_seen;
        rule(f, "BYE", scode, "Retry-After: 1\r\nMin-Expires: 90\r\n", -1);
        assert_int_equal(phone_hang_up(f->ph, 0), 0);
        the_phone_is_idle(f, scode);
        run(f, 3000, 100);
        CHECK(scode, f->n_seen == before + 1 && strncmp(last(f)->text, "BYE", 3) == 0);
        end(f);
    }
    for (uint16_t scode = 401; scode <= 407; scode = (uint16_t)(scode + 6)) {
        call(f);
        const unsigned before = f->n_seen;
        rule(f, "BYE", scode, scode == 401 ? challenge_401 : challenge_407, -1);
        assert_int_equal(phone_hang_up(f->ph, 0), 0);
        run(f, 1000, 10);
        CHECK(scode, f->n_seen == before + 3);
    }
}

/* ---- SUBSCRIBE (10) */

static const char *const watching[] = {
    "Extension_2_=Disabled",       "Extended_Function_2_=fnc=blf;sub=1002@$PROXY",
    "Subscribe_Retry_Interval=30", "Register_Expires_1_=604800",
    "Reg_Max_Expires=604800",      NULL};

static void subscribe_waits_its_interval_after_every_code(void **state)
{
    struct fixture *f = *state;

    strcpy(f->skip, "REGISTER");
    rule(f, "SUBSCRIBE", 403, NULL, -1);
    boot(f, watching);
    run(f, 3000, 10);
    assert_int_equal(f->n_seen, 1);
    for (uint16_t scode = FIRST; scode <= LAST; scode++) {
        char call_id[200], before[200];
        const uint64_t began = last(f)->at_ms;
        rig_header(last(f)->text, "Call-ID", before, sizeof(before));
        rule(f, "SUBSCRIBE", scode, NULL, -1);
        const struct seen *next = await(f, f->n_seen, 31000, 100);
        CHECK(scode, next && next->at_ms - began >= 30000 && next->at_ms - began <= 30200);
        rig_header(next->text, "Call-ID", call_id, sizeof(call_id));
        CHECK(scode, strcmp(call_id, before) != 0 && !strstr(next->text, "To: <sip:1002>;tag"));
        CHECK(scode, look(f).title[0] == '\0' && strcmp(look(f).state, "registered") == 0);
    }
}

static void subscribe_does_at_once_what_some_codes_ask_for(void **state)
{
    struct fixture *f = *state;
    static const struct {
        uint16_t scode;
        const char *extra, *want;
    } rows[] = {
        {401, challenge_401, "\r\nAuthorization: Digest"},
        {407, challenge_407, "\r\nProxy-Authorization: Digest"},
        {423, "Min-Expires: 7100\r\n", "\r\nExpires: 7100\r\n"},
    };

    strcpy(f->skip, "REGISTER");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        rule(f, "SUBSCRIBE", rows[i].scode, rows[i].extra, 1);
        boot(f, watching);
        run(f, 3000, 10);
        CHECK(rows[i].scode, f->n_seen == 2 && strstr(last(f)->text, rows[i].want) != NULL);
    }
}

static void a_refresh_that_is_refused_begins_anew(void **state)
{
    struct fixture *f = *state;

    strcpy(f->skip, "REGISTER");
    boot(f, watching);
    run(f, 3000, 10);
    assert_int_equal(f->n_seen, 1);
    for (uint16_t scode = FIRST; scode <= LAST;
         scode = (uint16_t)(scode + (scode < 480 ? 20 : 1))) {
        const unsigned before = f->n_seen;
        rule(f, "SUBSCRIBE", scode, NULL, 1);
        CHECK(scode, await(f, before, 700000, 1000) != NULL); /* the refresh */
        const uint64_t began = f->seen[before % LOG].at_ms;
        const struct seen *next = await(f, before + 1, 40000, 100);
        const uint64_t wait_ms = scode == 481 ? 0 : 30000; /* RFC 6665 4.1.2.2 */
        CHECK(scode,
              next && next->at_ms - began >= wait_ms && next->at_ms - began <= wait_ms + 1200);
        CHECK(scode, strstr(f->seen[before % LOG].text, ";tag=peer") != NULL);
        CHECK(scode, strstr(next->text, ";tag=peer") == NULL);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(register_waits_long_after_every_code),
        T(register_waits_briefly_where_retry_reg_rsc_says_so),
        T(register_moves_where_try_backup_rsc_says_so),
        T(register_does_at_once_what_some_codes_ask_for),
        T(register_gives_up_what_leads_nowhere),
        T(a_503_waits_as_long_as_it_says),
        T(invite_fails_with_text_and_tone),
        T(invite_plays_the_sit_that_names_the_code),
        T(invite_moves_where_try_backup_rsc_says_so),
        T(invite_follows_every_3xx_with_a_contact),
        T(invite_answers_challenges_max_auth_times),
        T(invite_backs_off_after_491),
        T(reinvite_keeps_the_call_but_after_408_and_481),
        T(reinvite_comes_again_after_some),
        T(refer_that_is_refused_leaves_the_call_on_hold),
        T(refer_answers_challenges_max_auth_times),
        T(bye_ends_the_call_whatever_the_answer_is),
        T(subscribe_waits_its_interval_after_every_code),
        T(subscribe_does_at_once_what_some_codes_ask_for),
        T(a_refresh_that_is_refused_begins_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
