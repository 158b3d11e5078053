/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/notify.h"

#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <re_types.h>
#include <re_fmt.h>

#include "sim/phone/priv.h"
#include "sim/sip/message_summary.h"
#include "sim/sip/writer.h"

enum { TEXT_MESSAGE_MAX = 4096 }; /* bytes of a text message as a page */

typedef uint16_t(judge_h)(const struct phone_line *pl, const struct ua_notify *n);
typedef void(act_h)(struct phone_line *pl, const struct ua_notify *n);

struct notify_event {
    const char *name;
    bool auth; /* challenged when Auth_Resync-Reboot = Yes (3.1) */
    judge_h *judge;
    act_h *act; /* after a 200; NULL = none */
};

/* ---- provisioning and restart */

static uint16_t judge_resync(const struct phone_line *pl, const struct ua_notify *n)
{
    const struct param_set *ps = pl->ph->params;

    (void)n;
    if (param_bool(ps, P_Resync_From_SIP, 0))
        return 200;
    return (uint16_t)param_u32(ps, P_Sim_Resync_From_SIP_No_Code, 0); /* U-10 */
}

static void act_resync(struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    if (param_bool(pl->ph->params, P_Resync_From_SIP, 0))
        (void)phone_resync(pl->ph, NULL); /* EALREADY: one is under way */
}

/* check-sync;reboot=true, and reboot=true as the whole event, as FusionPBX sends it [DEF] */
static bool wants_reboot(const struct ua_notify *n)
{
    struct pl found;

    return re_regex(n->event_value->p, n->event_value->l, "reboot[ ]*=[ ]*true", NULL, &found) == 0;
}

static uint16_t judge_check_sync(const struct phone_line *pl, const struct ua_notify *n)
{
    return wants_reboot(n) ? 200 : judge_resync(pl, n);
}

static void act_check_sync(struct phone_line *pl, const struct ua_notify *n)
{
    if (wants_reboot(n))
        phone_reboot_when_idle(pl->ph, false, "NOTIFY check-sync");
    else
        act_resync(pl, n);
}

static uint16_t judge_always(const struct phone_line *pl, const struct ua_notify *n)
{
    (void)pl;
    (void)n;
    return 200;
}

static void act_report(struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    phone_report(pl->ph);
}

/* Only the _now forms do not wait for idle lines (3.1 [UC], [DEF] for restart). */
static void act_reboot(struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    phone_reboot_when_idle(pl->ph, false, "NOTIFY reboot");
}

static void act_reboot_now(struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    phone_reboot(pl->ph, false, "NOTIFY reboot");
}

static void act_restart(struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    phone_reboot_when_idle(pl->ph, true, "NOTIFY restart");
}

static void act_restart_now(struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    phone_reboot(pl->ph, true, "NOTIFY restart");
}

/* ---- XML services (3.3) */

/* SPA below 7.4.4 and MPP take the object itself; from 7.4.4 on only a URL [CONFLICT]. */
static bool takes_xml(const struct phone *ph)
{
    const char *chosen = param_get(ph->params, P_Sim_XML_Service_Body, 0);

    if (strcmp(chosen, "auto") != 0)
        return strcmp(chosen, "url") != 0;
    return ph->model->family == FAMILY_MPP68XX || device_version_cmp(ph->firmware, "7.4.4") < 0;
}

static bool looks_like_xml(const struct pl *body)
{
    size_t i = 0;

    while (i < body->l && strchr(" \t\r\n\xef\xbb\xbf", body->p[i]) && body->p[i])
        i++;
    return i < body->l && body->p[i] == '<';
}

/* The bytes that count: "a URL followed by CR or LF is accepted and not fetched" (U-12), but where
 * the simulator is told to be lenient (xml-services.md 9.3). */
static struct pl body_of(const struct phone *ph, const struct ua_notify *n)
{
    struct pl body = *n->body;

    while (param_bool(ph->params, P_Sim_XML_Service_Trim, 0) && body.l &&
           strchr(" \t\r\n", body.p[body.l - 1]))
        body.l--;
    return body;
}

static bool ends_a_line(const struct pl *body)
{
    return body->l && (body->p[body->l - 1] == '\r' || body->p[body->l - 1] == '\n');
}

static bool has_blank(const struct pl *body)
{
    for (size_t i = 0; i < body->l; i++) {
        if ((unsigned char)body->p[i] <= ' ')
            return true;
    }
    return false;
}

/* Why nothing can be done with the body; NULL = something can. */
static const char *why_unusable(const struct phone *ph, const struct pl *body)
{
    if (looks_like_xml(body))
        return takes_xml(ph) ? NULL : "XML, and this firmware takes a URL only";
    if (ends_a_line(body))
        return "a line end behind the URL";
    if (has_blank(body))
        return "a blank in the URL";
    if (body->l >= PHONE_URL_MAX)
        return "the URL is too long";
    return re_regex(body->p, body->l, "[a-zA-Z]+://[^]+", NULL, NULL) ? "the body is no URL" : NULL;
}

static uint16_t judge_xml_service(const struct phone_line *pl, const struct ua_notify *n)
{
    const struct phone *ph = pl->ph;
    const struct pl body = body_of(ph, n);

    if (!(ph->model->features & FEATURE_XML_SERVICE))
        return 489;
    if (!body.l)
        return 400; /* [DEF] */
    return !why_unusable(ph, &body)
               ? 200
               : (uint16_t)param_u32(ph->params, P_Sim_XML_Service_Bad_Body_Code, 0);
}

static void act_xml_service(struct phone_line *pl, const struct ua_notify *n)
{
    struct phone *ph = pl->ph;
    const struct pl body = body_of(ph, n);
    const char *why = why_unusable(ph, &body);
    char text[96];

    if (why) { /* the sender is not told, but who watches the phone is */
        snprintf(text, sizeof(text), "NOTIFY XML-Service: %s: nothing is shown", why);
        phone_emit_text(ph, PHONE_EV_ERROR, text, NULL);
    } else if (looks_like_xml(&body)) {
        phone_push_object(ph, body.p, body.l);
    } else {
        (void)phone_open_url(ph, body.p, body.l);
    }
}

/* ---- message-summary (3.5), taken without a subscription, too [UC] */

static uint16_t judge_messages(const struct phone_line *pl, const struct ua_notify *n)
{
    struct mwi_summary m;
    const struct pl *type = n->content_type;

    (void)pl;
    if (type->l && re_regex(type->p, type->l, "simple-message-summary", NULL) != 0)
        return 415; /* 3.4 */
    return mwi_parse(&m, n->body->p ? n->body->p : "", n->body->l) ? 400 : 200;
}

void phone_take_messages(struct phone_line *pl, const struct pl *body)
{
    struct mwi_summary m;

    if (mwi_parse(&m, body->p, body->l))
        return;
    const bool changed = pl->message_waiting != m.waiting || pl->n_new_messages != m.n_new;
    pl->message_waiting = m.waiting;
    pl->n_new_messages = m.n_new;
    if (!changed)
        return;
    phone_emit(pl->ph, &(struct phone_event){.ev = PHONE_EV_MWI,
                                             .line = phone_line_number(pl),
                                             .on = m.waiting,
                                             .count = m.n_new});
    phone_message_lamp_changed(pl->ph);
    phone_screen_changed(pl->ph);
}

static void act_messages(struct phone_line *pl, const struct ua_notify *n)
{
    phone_take_messages(pl, n->body);
}

/* ---- packages that need a subscription, a dialog or a switch */

static uint16_t judge_subscribed(const struct phone_line *pl, const struct ua_notify *n)
{
    (void)pl;
    (void)n;
    return 481; /* no subscription of ours */
}

static uint16_t judge_package(const struct phone_line *pl, enum param_id id)
{
    return param_bool(pl->ph->params, id, 0) ? 481 : 489;
}

static uint16_t judge_talk(const struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    return judge_package(pl, P_Talk_Package);
}

static uint16_t judge_hold(const struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    return judge_package(pl, P_Hold_Package);
}

static uint16_t judge_conference(const struct phone_line *pl, const struct ua_notify *n)
{
    (void)n;
    return judge_package(pl, P_Conference_Package);
}

static uint16_t judge_cti(const struct phone_line *pl, const struct ua_notify *n)
{
    return phone_cti_judge(pl->ph, n->content_type, n->body);
}

static void act_cti(struct phone_line *pl, const struct ua_notify *n)
{
    phone_cti_obey(pl->ph, phone_line_number(pl), n->content_type, n->body);
}

static const struct notify_event events[] = {
    {"XML-Service", true, judge_xml_service, act_xml_service},
    {"resync", true, judge_resync, act_resync},
    {"check-sync", true, judge_check_sync, act_check_sync},
    {"report", true, judge_always, act_report},
    {"reboot=true", true, judge_always, act_reboot},
    {"reboot", true, judge_always, act_reboot},
    {"reboot_now", true, judge_always, act_reboot_now},
    {"restart", true, judge_always, act_restart},
    {"restart_now", true, judge_always, act_restart_now},
    {"message-summary", false, judge_messages, act_messages},
    {"keep-alive", false, judge_always, NULL}, /* [DEF] */
    {"dialog", false, judge_subscribed, NULL},
    {"refer", false, judge_subscribed, NULL},
    {"call-info", false, judge_subscribed, NULL},
    {"line-seize", false, judge_subscribed, NULL},
    {"as-feature-event", false, judge_subscribed, NULL},
    {"talk", false, judge_talk, NULL},
    {"hold", false, judge_hold, NULL},
    {"conference", false, judge_conference, NULL},
    {"x-spa-cti", true, judge_cti, act_cti}, /* challenged [DEF] */
};

static const struct notify_event *find_event(const struct pl *token)
{
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (pl_strcasecmp(token, events[i].name) == 0)
            return &events[i];
    }
    return NULL;
}

void phone_judge_notify(const struct ua_notify *n, struct ua_answer *a, void *arg)
{
    const struct phone_line *pl = arg;
    const struct param_set *ps = pl->ph->params;
    const struct notify_event *ev = find_event(n->event);

    a->scode = ev ? ev->judge(pl, n) : 489;
    a->auth = ev && ev->auth && a->scode != 489 &&
              (param_bool(ps, P_Auth_Resync_Reboot, (uint16_t)phone_line_number(pl)) ||
               (ev->act == act_xml_service &&
                param_bool(ps, P_Sim_XML_Service_Always_Challenge, 0))); /* U-9 */
}

void phone_notified(const struct ua_notify *n, uint16_t scode, void *arg)
{
    struct phone_line *pl = arg;
    struct phone *ph = pl->ph;
    const struct notify_event *ev = find_event(n->event);
    char name[64], from[INET_ADDRSTRLEN];

    pl_strcpy(n->event, name, sizeof(name));
    inet_ntop(AF_INET, &n->from, from, sizeof(from));
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_NOTIFY,
                                         .line = phone_line_number(pl),
                                         .text = name,
                                         .text2 = from,
                                         .scode = scode});
    if (ev && ev->act && scode == 200 && ph->state == PHONE_UP)
        ev->act(pl, n);
}

void phone_messaged(const struct pl *text, void *arg)
{
    static const char head[] = "<CiscoIPPhoneText><Title>Text Message</Title><Text>";
    static const char tail[] = "</Text></CiscoIPPhoneText>";
    const struct phone_line *pl = arg;
    struct phone *ph = pl->ph;
    char xml[TEXT_MESSAGE_MAX];
    struct writer w = {.buf = xml, .size = sizeof(xml) - sizeof(tail)};

    if (ph->state != PHONE_UP || !(ph->model->features & FEATURE_XML_SERVICE))
        return;
    put(&w, head);
    for (size_t i = 0; i < text->l && !w.full; i++) {
        const char ch = text->p[i];
        if (ch == '<' || ch == '&')
            put(&w, ch == '<' ? "&lt;" : "&amp;");
        else if ((unsigned char)ch >= ' ' || ch == '\n')
            put_bytes(&w, &ch, 1);
    }
    w.size = sizeof(xml); /* what is too long is cut */
    put(&w, tail);
    phone_push_object(ph, xml, w.len);
}

const char *phone_packages(const struct phone *ph, char *buf, size_t size)
{
    static const struct {
        enum param_id id;
        const char *name;
    } spa[] = {
        /* in this order (4.6 [T]) */
        {P_Talk_Package, "talk"},
        {P_Hold_Package, "hold"},
        {P_Conference_Package, "conference"},
        {P_CTI_Enable, "x-spa-cti"},
    };
    const bool mpp = ph->model->family == FAMILY_MPP68XX; /* hold first, no blanks [UC] */
    const size_t n = sizeof(spa) / sizeof(spa[0]);
    size_t len = 0;

    buf[0] = '\0';
    for (size_t i = 0; i < n && len < size; i++) {
        const size_t at = mpp && i < 2 ? 1 - i : i;
        if (param_bool(ph->params, spa[at].id, 0))
            len += (size_t)snprintf(buf + len, size - len, "%s%s",
                                    !len  ? ""
                                    : mpp ? ","
                                          : ", ",
                                    spa[at].name);
    }
    return buf;
}
