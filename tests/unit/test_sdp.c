/* SPDX-License-Identifier: BSD-3-Clause */
/* Offers of each family to the byte, answers, hold, what peers get wrong (sip-behaviour.md 5.2). */
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "devices/model.h"
#include "sim/sip/session.h"

#define HEAD  "v=0\r\no=x 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
#define KEY64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd"

static const struct codec_choice factory = {.enabled = CODEC_BIT_ALL & ~(1u << CODEC_G729AB),
                                            .preferred = {CODEC_PCMU}};

struct own {
    struct session_config c;
    struct session_codec codecs[CODEC_COUNT];
    uint8_t key[SESSION_KEY_BYTES];
};

static void own_init(struct own *o, const char *model, const struct codec_choice *choice)
{
    const struct device_model *m = device_model_find(model);

    memset(o, 0, sizeof(*o));
    o->c = (struct session_config){.style = session_style(m),
                                   .addr.s_addr = inet_addr("192.0.2.10"),
                                   .port = 16384,
                                   .id = 123456789,
                                   .version = 123456789,
                                   .codecs = o->codecs,
                                   .ptime_ms = 30,
                                   .dtmf_payload = 101,
                                   .dir = SESSION_SENDRECV};
    o->c.n_codecs = codec_list(o->codecs, m, choice);
    for (unsigned i = 0; i < SESSION_KEY_BYTES; i++)
        o->key[i] = (uint8_t)i;
}

static void offer_is(const struct own *o, const char *expected)
{
    char buf[SESSION_TEXT_MAX];
    const size_t len = session_print_offer(buf, sizeof(buf), &o->c);

    assert_int_not_equal(len, 0);
    buf[len] = 0;
    assert_string_equal(buf, expected);
}

static int judge(struct session_result *res, struct session_remote *r, const struct own *o,
                 const char *offer)
{
    const int err = session_parse(r, offer, strlen(offer));

    return err ? err : session_judge_offer(res, &o->c, r);
}

static void answer_is(const struct own *o, const char *offer, const char *expected)
{
    struct session_remote r;
    struct session_result res;
    char buf[SESSION_TEXT_MAX];
    size_t len;

    assert_int_equal(judge(&res, &r, o, offer), 0);
    len = session_print_answer(buf, sizeof(buf), &o->c, &r, &res);
    assert_int_not_equal(len, 0);
    buf[len] = 0;
    assert_string_equal(buf, expected);
}

#define SPA_HEAD                                                                                   \
    "v=0\r\no=- 123456789 123456789 IN IP4 192.0.2.10\r\ns=-\r\n"                                  \
    "c=IN IP4 192.0.2.10\r\nt=0 0\r\n"
#define DTMF_LINES "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
#define G504_MAPS                                                                                  \
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:2 G726-32/8000\r\na=rtpmap:8 PCMA/8000\r\n"                  \
    "a=rtpmap:9 G722/8000\r\na=rtpmap:18 G729a/8000\r\na=rtpmap:96 G726-40/8000\r\n"               \
    "a=rtpmap:97 G726-24/8000\r\na=rtpmap:98 G726-16/8000\r\n" DTMF_LINES

static void spa504g_offers_what_the_trace_shows(void **state)
{
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    offer_is(&o, SPA_HEAD "m=audio 16384 RTP/AVP 0 2 8 9 18 96 97 98 101\r\n" G504_MAPS
                          "a=ptime:30\r\na=sendrecv\r\n");
    o.c.srtp_key = o.key; /* trace A */
    offer_is(&o, SPA_HEAD "m=audio 16384 RTP/SAVP 0 2 8 9 18 96 97 98 101\r\n" G504_MAPS
                          "a=ptime:30\r\na=sendrecv\r\n"
                          "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" KEY64 "\r\n"
                          "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" KEY64 "\r\n");
}

static void spa525g2_offers_one_g726_rate(void **state)
{
    struct own o;

    (void)state;
    own_init(&o, "SPA525G2", &factory);
    o.c.ptime_ms = 20;
    o.c.annexb = SESSION_ANNEXB_YES;
    offer_is(&o, SPA_HEAD "m=audio 16384 RTP/AVP 0 2 8 9 18 101\r\n"
                          "a=rtpmap:0 PCMU/8000\r\na=rtpmap:2 G726-32/8000\r\n"
                          "a=rtpmap:8 PCMA/8000\r\na=rtpmap:9 G722/8000\r\n"
                          "a=rtpmap:18 G729a/8000\r\na=fmtp:18 annexb=yes\r\n" DTMF_LINES
                          "a=ptime:20\r\na=sendrecv\r\n");
}

static void cp6851_offers_ilbc_and_opus_last(void **state)
{
    struct own o;

    (void)state;
    own_init(&o, "6851", &factory);
    o.c.ptime_ms = 20;
    offer_is(&o, SPA_HEAD "m=audio 16384 RTP/AVP 0 8 9 18 102 116 101\r\n"
                          "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:9 G722/8000\r\n"
                          "a=rtpmap:18 G729a/8000\r\na=rtpmap:102 iLBC/8000\r\n"
                          "a=rtpmap:116 OPUS/48000/2\r\n" DTMF_LINES "a=ptime:20\r\n"
                          "a=sendrecv\r\n");
}

static void cp7960_offers_in_its_own_layout(void **state)
{
    struct own o;

    (void)state;
    own_init(&o, "7960", &factory);
    o.c.version = 0;
    offer_is(&o, "v=0\r\no=Cisco-SIPUA 123456789 0 IN IP4 192.0.2.10\r\ns=SIP Call\r\nt=0 0\r\n"
                 "m=audio 16384 RTP/AVP 0 8 18 101\r\nc=IN IP4 192.0.2.10\r\n"
                 "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:18 G729/8000\r\n"
                 "a=fmtp:18 annexb=no\r\n" DTMF_LINES "a=sendrecv\r\n");
}

static void preferred_codec_comes_first_and_may_be_alone(void **state)
{
    struct codec_choice c = factory;
    struct own o;

    (void)state;
    c.preferred[0] = codec_find_param("g729a");
    c.preferred[1] = codec_find_param("G722");
    own_init(&o, "SPA525G2", &c);
    assert_int_equal(o.c.n_codecs, 5);
    assert_int_equal(o.codecs[0].payload, 18);
    assert_int_equal(o.codecs[1].payload, 9);
    assert_int_equal(o.codecs[2].payload, 0);
    c.preferred_only = true;
    c.names[CODEC_G729A] = "G729";
    own_init(&o, "SPA525G2", &c);
    o.c.silence_supp = true;
    offer_is(&o, SPA_HEAD "m=audio 16384 RTP/AVP 18 101\r\na=rtpmap:18 G729/8000\r\n" DTMF_LINES
                          "a=silenceSupp:on - - - -\r\na=ptime:30\r\na=sendrecv\r\n");
    c = (struct codec_choice){.preferred = {CODEC_OPUS}}; /* which this model has not */
    own_init(&o, "SPA525G2", &c);
    assert_int_equal(o.c.n_codecs, 1);
    assert_int_equal(o.codecs[0].id, CODEC_PCMU);
    assert_int_equal(codec_find_param("Unspecified"), CODEC_NONE);
    c = factory;
    c.payloads[CODEC_G726_40] = 115;
    own_init(&o, "SPA303", &c);
    assert_int_equal(o.codecs[7].payload, 115);
}

static void hold_offer_has_sendonly_and_the_zero_address(void **state)
{
    struct own o;
    char buf[SESSION_TEXT_MAX] = "";

    (void)state;
    own_init(&o, "SPA504G", &factory);
    o.c.dir = SESSION_SENDONLY;
    o.c.hold_2543 = true;
    session_print_offer(buf, sizeof(buf), &o.c);
    assert_non_null(strstr(buf, "\r\nc=IN IP4 0.0.0.0\r\n"));
    assert_non_null(strstr(buf, " IN IP4 192.0.2.10\r\ns=-"));
    assert_non_null(strstr(buf, "\r\na=sendonly\r\n"));
    o.c.dir = SESSION_SENDRECV;
    memset(buf, 0, sizeof(buf));
    session_print_offer(buf, sizeof(buf), &o.c);
    assert_null(strstr(buf, "0.0.0.0"));
    o.c.dir = SESSION_SENDONLY;
    o.c.hold_2543 = false;
    memset(buf, 0, sizeof(buf));
    session_print_offer(buf, sizeof(buf), &o.c);
    assert_null(strstr(buf, "0.0.0.0"));
    assert_non_null(strstr(buf, "\r\na=sendonly\r\n"));
}

static void offer_that_does_not_fit_gives_zero(void **state)
{
    char buf[SESSION_TEXT_MAX];
    struct own o;
    size_t len;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    o.c.srtp_key = o.key;
    len = session_print_offer(buf, sizeof(buf), &o.c);
    for (size_t size = 0; size < len; size++) {
        char *small = malloc(size + 1);

        assert_int_equal(session_print_offer(small, size, &o.c), 0);
        free(small);
    }
}

static void answer_takes_the_first_codec_of_the_offer(void **state)
{
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    answer_is(&o,
              HEAD "m=audio 4000 RTP/AVP 3 8 0 100\r\na=rtpmap:3 GSM/8000\r\n"
                   "a=rtpmap:100 telephone-event/8000\r\n",
              SPA_HEAD "m=audio 16384 RTP/AVP 8 100\r\na=rtpmap:8 PCMA/8000\r\n"
                       "a=rtpmap:100 telephone-event/8000\r\na=fmtp:100 0-15\r\n"
                       "a=ptime:30\r\na=sendrecv\r\n");
    o.c.list_all = true;
    answer_is(&o, HEAD "m=audio 4000 RTP/AVP 99 8 0\r\na=rtpmap:99 g726-40/8000\r\n",
              SPA_HEAD "m=audio 16384 RTP/AVP 99 8 0\r\na=rtpmap:99 G726-40/8000\r\n"
                       "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
                       "a=ptime:30\r\na=sendrecv\r\n");
}

static void other_media_are_refused_with_port_0(void **state)
{
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    answer_is(&o,
              HEAD "m=video 5000 RTP/AVP 96 97\r\nm=audio 0 RTP/AVP 0\r\n"
                   "m=audio 4000/2 RTP/AVP 0\r\nc=IN IP4 192.0.2.77\r\na=sendonly\r\n"
                   "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
              SPA_HEAD "m=video 0 RTP/AVP 96 97\r\nm=audio 0 RTP/AVP 0\r\n"
                       "m=audio 16384 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:30\r\n"
                       "a=recvonly\r\nm=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n");
}

static void offers_without_common_ground_are_refused(void **state)
{
    static const char *const bad[] = {
        HEAD,
        HEAD "m=audio 4000 RTP/AVP 3 34\r\n",
        HEAD "m=audio 4000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" KEY64 "\r\n",
        HEAD "m=audio 4000 UDP/TLS/RTP/SAVPF 0\r\n",
        HEAD "m=audio 0 RTP/AVP 0\r\n",
        HEAD "m=audio 4000 RTP/AVP 96\r\n",
        HEAD "m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        HEAD "m=video 4000 RTP/AVP 0\r\n",
        HEAD "m=audio 4000 RTP/AVP 0\r\nc=IN IP6 ::1\r\n",
        "v=0\r\nm=audio 4000 RTP/AVP 0\r\n",
        HEAD "m=audio 4000 RTP/AVP 96\r\na=rtpmap:96 PCMU/16000\r\n",
    };
    struct session_remote r;
    struct session_result res;
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(judge(&res, &r, &o, bad[i]), EPROTO);
}

static void static_types_need_no_name_and_ignore_a_wrong_one(void **state)
{
    struct session_remote r;
    struct session_result res;
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    assert_int_equal(judge(&res, &r, &o, HEAD "m=audio 4000 RTP/AVP 18\n"), 0);
    assert_int_equal(res.codec, CODEC_G729A);
    assert_int_equal(judge(&res, &r, &o, HEAD "m=audio 4000 RTP/AVP 8\r\na=rtpmap:8 PCMU/8000\r\n"),
                     0);
    assert_int_equal(res.codec, CODEC_PCMA);
    assert_int_equal(
        judge(&res, &r, &o, HEAD "m=audio 4000 RTP/AVP 110\r\na=rtpmap:110 pcmu/8000/1\r\n"), 0);
    assert_int_equal(res.codec, CODEC_PCMU);
    assert_int_equal(res.payload, 110);
}

static void both_hold_styles_are_seen(void **state)
{
    static const struct {
        const char *tail;
        enum session_dir dir;
        bool held;
    } t[] = {
        {"m=audio 4000 RTP/AVP 0\r\n", SESSION_SENDRECV, false},
        {"m=audio 4000 RTP/AVP 0\r\na=sendonly\r\n", SESSION_RECVONLY, true},
        {"a=sendonly\r\nm=audio 4000 RTP/AVP 0\r\n", SESSION_RECVONLY, true},
        {"a=sendonly\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n", SESSION_SENDRECV, false},
        {"m=audio 4000 RTP/AVP 0\r\na=inactive\r\n", SESSION_INACTIVE, true},
        {"m=audio 4000 RTP/AVP 0\r\na=recvonly\r\n", SESSION_SENDONLY, false},
        {"m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n", SESSION_RECVONLY, true},
        {"m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=sendonly\r\n", SESSION_RECVONLY, true},
        {"m=audio 4000 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\n", SESSION_INACTIVE, true},
    };
    struct session_remote r;
    struct session_result res;
    struct own o;
    char text[512];

    (void)state;
    own_init(&o, "SPA504G", &factory);
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        strcpy(text, HEAD);
        strcat(text, t[i].tail);
        assert_int_equal(judge(&res, &r, &o, text), 0);
        assert_int_equal(res.dir, t[i].dir);
        assert_int_equal(res.held, t[i].held);
        assert_int_equal(res.send, !t[i].held);
        assert_int_equal(res.receive, !!(t[i].dir & SESSION_RECVONLY));
    }
    o.c.dir = SESSION_SENDONLY; /* we hold, and are silent */
    strcpy(text, HEAD "m=audio 4000 RTP/AVP 0\r\n");
    assert_int_equal(judge(&res, &r, &o, text), 0);
    assert_int_equal(res.dir, SESSION_SENDONLY);
    assert_false(res.send);
    strcat(text, "a=sendonly\r\n");
    assert_int_equal(judge(&res, &r, &o, text), 0);
    assert_int_equal(res.dir, SESSION_INACTIVE);
}

static void addresses_ports_and_ptime_are_read(void **state)
{
    struct session_remote r;
    struct session_result res;
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    assert_int_equal(judge(&res, &r, &o,
                           "v=0\no=- 77 78 IN IP4 h\ns=x\nt=0 0\na=ptime:10\n"
                           "m=audio 4000 RTP/AVP 0\nc=IN IP4 192.0.2.5/127\n"
                           "a=rtcp:4500 IN IP4 192.0.2.6\na=ptime:20\n"),
                     0);
    assert_int_equal(r.id, 77);
    assert_int_equal(r.version, 78);
    assert_int_equal(res.rtp.sin_addr.s_addr, inet_addr("192.0.2.5"));
    assert_int_equal(ntohs(res.rtp.sin_port), 4000);
    assert_int_equal(res.rtcp.sin_addr.s_addr, inet_addr("192.0.2.6"));
    assert_int_equal(ntohs(res.rtcp.sin_port), 4500);
    assert_int_equal(res.ptime_ms, 20);
    assert_int_equal(judge(&res, &r, &o, HEAD "m=audio 4000 RTP/AVP 0\r\na=ptime:25\r\n"), 0);
    assert_int_equal(res.ptime_ms, 30);
    assert_int_equal(ntohs(res.rtcp.sin_port), 4001);
    assert_int_equal(judge(&res, &r, &o, HEAD "m=audio 4000 RTP/AVP 0\r\na=rtcp:4500\r\n"), 0);
    assert_int_equal(res.rtcp.sin_addr.s_addr, inet_addr("192.0.2.1"));
    assert_int_equal(ntohs(res.rtcp.sin_port), 4500);
}

static void srtp_keys_are_exchanged(void **state)
{
    static const char offer[] =
        HEAD "m=audio 4000 RTP/SAVP 0\r\n"
             "a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:" KEY64 "\r\n"
             "a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:" KEY64 "|2^20|1:4\r\n"
             "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:short\r\n"
             "a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:" KEY64 " UNENCRYPTED_SRTP\r\n"
             "a=crypto:5 AES_CM_128_HMAC_SHA1_80 inline:" KEY64 "|2^20\r\n";
    static const char expected[] =
        SPA_HEAD "m=audio 16384 RTP/SAVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:30\r\n"
                 "a=sendrecv\r\na=crypto:5 AES_CM_128_HMAC_SHA1_80 "
                 "inline:/wECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd\r\n";
    struct session_remote r;
    struct session_result res;
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    o.c.srtp_key = o.key;
    o.key[0] = 0xff;
    answer_is(&o, offer, expected);
    assert_int_equal(judge(&res, &r, &o, offer), 0);
    assert_int_equal(res.suite, SESSION_SUITE_80);
    assert_int_equal(res.rx_key[29], 29);
    assert_int_equal(res.rx_key[0], 0);
    assert_int_equal(res.tx_key[0], 0xff);
    /* plain RTP is taken too */
    assert_int_equal(judge(&res, &r, &o, HEAD "m=audio 4000 RTP/AVP 0\r\n"), 0);
    assert_int_equal(res.suite, SESSION_SUITE_NONE);
}

static int judge_answer(struct session_result *res, const struct own *o, const char *text)
{
    struct session_remote r;
    const int err = session_parse(&r, text, strlen(text));

    return err ? err : session_judge_answer(res, &o->c, &r);
}

static void answers_are_held_against_the_offer(void **state)
{
    struct session_result res;
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    assert_int_equal(judge_answer(&res, &o,
                                  HEAD "m=audio 4000 RTP/AVP 9 101\r\n"
                                       "a=rtpmap:101 telephone-event/8000\r\n"),
                     0);
    assert_int_equal(res.codec, CODEC_G722);
    assert_int_equal(res.dtmf_payload, 101);
    assert_true(res.send && res.receive && !res.held);
    assert_int_equal(judge_answer(&res, &o, HEAD "m=audio 0 RTP/AVP 0\r\n"), EPROTO);
    assert_int_equal(judge_answer(&res, &o, HEAD "m=audio 4000 RTP/AVP 3\r\n"), EPROTO);
    assert_int_equal(judge_answer(&res, &o, HEAD "m=audio 4000 RTP/SAVP 0\r\n"), EPROTO);
    o.c.dir = SESSION_SENDONLY;
    assert_int_equal(judge_answer(&res, &o, HEAD "m=audio 4000 RTP/AVP 0\r\na=recvonly\r\n"), 0);
    assert_int_equal(res.dir, SESSION_SENDONLY);
    assert_false(res.send || res.receive || res.held);
    o.c.srtp_key = o.key;
    assert_int_equal(judge_answer(&res, &o,
                                  HEAD "m=audio 4000 RTP/SAVP 0\r\n"
                                       "a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:" KEY64 "\r\n"),
                     0);
    assert_int_equal(res.suite, SESSION_SUITE_32);
    assert_int_equal(judge_answer(&res, &o,
                                  HEAD "m=audio 4000 RTP/SAVP 0\r\n"
                                       "a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:" KEY64 "\r\n"),
                     EPROTO);
    assert_int_equal(judge_answer(&res, &o, HEAD "m=audio 4000 RTP/AVP 0\r\n"), EPROTO);
}

static void garbage_is_told_from_descriptions(void **state)
{
    static const char *const bad[] = {
        "",
        "\r\n",
        "hello",
        "v=1\r\n",
        "o=- 1 1 IN IP4 1.2.3.4\r\n",
        HEAD "m=audio\r\n",
        HEAD "m=audio x RTP/AVP 0\r\n",
        HEAD "m=audio 70000 RTP/AVP 0\r\n",
        HEAD "m=audio 4000 RTP/AVP\r\n",
        HEAD "m=audio 4000 RTP/AVP \r\n",
        "v=",
    };
    static const char odd[] =
        "\n\nv=0\nx\no=\ns\nc=IN IP4 192.0.2.1\nb=AS:64\na=\na=:\na=rtpmap:0 PCMU/8000\n"
        "m=audio 4000 RTP/AVP 999 x -1 0 0\na=rtpmap:\na=rtpmap:0\na=rtpmap:0 /\na=fmtp\n"
        "a=rtpmap:55 X/1\na=crypto:\na=crypto:1 2 3\na=rtcp:\na=ptime:\na=ptime:99999999999999\n=";
    char many[1024] = HEAD;
    struct session_remote r;
    struct session_result res;
    struct own o;

    (void)state;
    own_init(&o, "SPA504G", &factory);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(session_parse(&r, bad[i], strlen(bad[i])), EBADMSG);
    assert_int_equal(session_parse(&r, HEAD "m=audio 1 RTP/AVP 0\0", sizeof(HEAD) + 19), EBADMSG);
    assert_int_equal(judge(&res, &r, &o, odd), 0);
    assert_int_equal(r.media[0].n_formats, 2);
    for (unsigned i = 0; i <= SESSION_MEDIA_MAX; i++)
        strcat(many, "m=audio 4000 RTP/AVP 0\r\n");
    assert_int_equal(session_parse(&r, many, strlen(many)), E2BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spa504g_offers_what_the_trace_shows),
        cmocka_unit_test(spa525g2_offers_one_g726_rate),
        cmocka_unit_test(cp6851_offers_ilbc_and_opus_last),
        cmocka_unit_test(cp7960_offers_in_its_own_layout),
        cmocka_unit_test(preferred_codec_comes_first_and_may_be_alone),
        cmocka_unit_test(hold_offer_has_sendonly_and_the_zero_address),
        cmocka_unit_test(offer_that_does_not_fit_gives_zero),
        cmocka_unit_test(answer_takes_the_first_codec_of_the_offer),
        cmocka_unit_test(other_media_are_refused_with_port_0),
        cmocka_unit_test(offers_without_common_ground_are_refused),
        cmocka_unit_test(static_types_need_no_name_and_ignore_a_wrong_one),
        cmocka_unit_test(both_hold_styles_are_seen),
        cmocka_unit_test(addresses_ports_and_ptime_are_read),
        cmocka_unit_test(srtp_keys_are_exchanged),
        cmocka_unit_test(answers_are_held_against_the_offer),
        cmocka_unit_test(garbage_is_told_from_descriptions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
