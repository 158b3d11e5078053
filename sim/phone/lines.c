/* SPDX-License-Identifier: BSD-3-Clause */
/* Extensions: what the parameters say of each becomes a SIP line (sip-behaviour.md 1.1, 1.2). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/features.h"
#include "sim/phone/notify.h"
#include "sim/loop/clock.h"
#include "sim/phone/priv.h"
#include "sim/prov/domains.h"

enum { TEXTS_MAX = 4 }; /* expanded texts of one configuration */

struct texts {
    char *owned[TEXTS_MAX];
    unsigned n;
};

struct line_texts { /* written for one configuration */
    char allow[128], supported[96], events[96];
};

static const char *expanded(struct texts *t, const struct phone *ph, const char *text,
                            unsigned line)
{
    if (!strchr(text, '$') || t->n == TEXTS_MAX)
        return text;
    char *out = phone_expand(ph, text, line);
    if (!out)
        return text;
    t->owned[t->n++] = out;
    return out;
}

static void texts_free(struct texts *t)
{
    while (t->n)
        free(t->owned[--t->n]);
}

static enum ua_transport transport_of(const char *name)
{
    if (strcasecmp(name, "TLS") == 0)
        return UA_TLS;
    return strcasecmp(name, "TCP") == 0 ? UA_TCP : UA_UDP;
}

static void set_timers(const struct phone *ph, struct ua_line_config *c)
{
    const struct param_set *ps = ph->params;

    c->t1_ms = param_ms(ps, P_SIP_T1, 0);
    c->t2_ms = param_ms(ps, P_SIP_T2, 0);
    c->t4_ms = param_ms(ps, P_SIP_T4, 0);
    c->timer_b_ms = param_ms(ps, P_SIP_Timer_B, 0);
    c->timer_f_ms = param_ms(ps, P_SIP_Timer_F, 0);
    c->timer_h_ms = param_ms(ps, P_SIP_Timer_H, 0);
    c->timer_d_ms = param_ms(ps, P_SIP_Timer_D, 0);
    c->timer_j_ms = param_ms(ps, P_SIP_Timer_J, 0);
    c->reg_min_s = param_u32(ps, P_Reg_Min_Expires, 0);
    c->reg_max_s = param_u32(ps, P_Reg_Max_Expires, 0);
    c->retry_s = param_u32(ps, P_Reg_Retry_Intvl, 0);
    c->retry_long_s = param_u32(ps, P_Reg_Retry_Long_Intvl, 0);
    c->retry_random_s = param_u32(ps, P_Reg_Retry_Random_Delay, 0);
    c->retry_long_random_s = param_u32(ps, P_Reg_Retry_Long_Random_Delay, 0);
    c->retry_cap_s = param_u32(ps, P_Reg_Retry_Intvl_Cap, 0);
    c->retry_rsc = param_get(ps, P_Retry_Reg_RSC, 0);
    c->retry_blank_all = param_bool(ps, P_Sim_Retry_Blank_Matches_All, 0);
    c->renewal_factor = strtod(param_get(ps, P_Sim_Renewal_Factor, 0), NULL);
    c->renewal_minus_f = param_bool(ps, P_Sim_Renewal_Minus_Timer_F, 0);
    /* 79xx renew timer_register_delta (5 s) before expiry, sip-behaviour.md 2.2 [UC] */
    c->renewal_delta_s = ph->model->family == FAMILY_CP79XX ? 5 : 0;
}

/* 4.6 [UC] for 100rel; 13, U-18 for timer */
static const char *supported(const struct phone *ph, unsigned line, char *buf, size_t size)
{
    const bool rel = param_bool(ph->params, P_SIP_100REL_Enable, (uint16_t)line);
    const bool timer =
        ph->model->family != FAMILY_CP79XX && param_u32(ph->params, P_Sim_Session_Timer, 0) > 0;
    const char *precondition = param_get(ph->params, P_Precondition_Support, (uint16_t)line);
    const bool conditions = ph->model->family == FAMILY_MPP68XX && *precondition &&
                            strcasecmp(precondition, "Disabled") != 0; /* 1.2: the tag alone */

    snprintf(buf, size, "%s%s%s%s", rel ? "100rel, " : "", conditions ? "precondition, " : "",
             rel || timer ? "replaces" : ph->model->supported, timer ? ", timer" : "");
    return buf;
}

static void set_wire(const struct phone *ph, struct ua_line_config *c, struct texts *t,
                     struct line_texts *lt)
{
    const struct param_set *ps = ph->params;

    c->wire = ph->model->family == FAMILY_CP79XX ? UA_WIRE_79XX : UA_WIRE_SPA;
    c->user_agent = expanded(t, ph, param_get(ps, P_SIP_User_Agent_Name, 0), c->index + 1);
    c->reg_user_agent = expanded(t, ph, param_get(ps, P_SIP_Reg_User_Agent_Name, 0), c->index + 1);
    c->server = expanded(t, ph, param_get(ps, P_SIP_Server_Name, 0), c->index + 1);
    c->allow = device_allow(ph->model, ph->firmware, lt->allow, sizeof(lt->allow));
    c->supported = supported(ph, c->index + 1, lt->supported, sizeof(lt->supported));
    c->station_name = param_get(ps, P_Station_Name, 0);
    c->proxy_require = param_get(ps, P_SIP_Proxy_Require, (uint16_t)(c->index + 1));
    c->accept_language = param_get(ps, P_SIP_Accept_Language, 0);
    c->compact = param_bool(ps, P_Use_Compact_Header, 0);
    c->echo_session_id = ph->model->family == FAMILY_MPP68XX;
    c->add_rport = param_bool(ps, P_Handle_VIA_rport, 0);
    c->max_auth = param_u32(ps, P_Max_Auth, 0);
    c->max_forward = param_u32(ps, P_Max_Forward, 0);
    c->max_redirect = param_u32(ps, P_Max_Redirection, 0);
    if (!ph->port_base) { /* phones that share an address take any free port for a connection */
        c->tcp_min = (uint16_t)param_u32(ps, P_SIP_TCP_Port_Min, 0);
        c->tcp_max = (uint16_t)param_u32(ps, P_SIP_TCP_Port_Max, 0);
    }
}

/* sip-behaviour.md 2.5 to 2.7 */
static void set_redundancy(const struct phone *ph, struct ua_line_config *c)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)(c->index + 1);

    c->backup_rsc = param_get(ps, P_Try_Backup_RSC, 0);
    c->fallback_s = param_u32(ps, P_Proxy_Fallback_Intvl, n);
    c->auto_register = param_bool(ps, P_Auto_Register_When_Failover, n);
    c->use_srv = param_bool(ps, P_Use_DNS_SRV, n);
    c->auto_prefix = param_bool(ps, P_DNS_SRV_Auto_Prefix, n);
    c->by_srv_port =
        param_bool(ps, P_Sim_Based_On_SRV_Port, 0) &&
        strcasecmp(param_get(ps, P_Proxy_Redundancy_Method, n), "Based on SRV Port") == 0;
    c->icmp_waits = !param_bool(ps, P_Sim_ICMP_Failover, 0);
    c->reconnect_waits = !param_bool(ps, P_Sim_Reconnect_Registers, 0);
    c->srv_weighted = param_bool(ps, P_Sim_SRV_Weighted, 0);
    c->transport_auto = (ph->model->features & FEATURE_NAPTR) &&
                        strcasecmp(param_get(ps, P_SIP_Transport, n), "AUTO") == 0;
}

/* sip-behaviour.md 3.2: how this line asks for a password, and what section 13 lets choose */
static void set_notify(const struct phone *ph, struct ua_line_config *c, char *events, size_t size)
{
    const struct param_set *ps = ph->params;

    c->shared_user = param_get(ps, P_Shared_User_ID, (uint16_t)(c->index + 1));
    c->packages = phone_packages(ph, events, size);
    c->any_user = param_bool(ps, P_Sim_Any_User, 0);
    c->update_scode = (uint16_t)param_u32(ps, P_Sim_UPDATE_Refused_Code, 0);
    c->message_max = param_u32(ps, P_Sim_Message_Max, 0);
    c->notify_realm = param_get(ps, P_Sim_Notify_Realm, 0);
    c->notify_no_qop = !param_bool(ps, P_Sim_Notify_Qop, 0);
    c->notify_digits = param_u32(ps, P_Sim_Notify_Nonce_Digits, 0);
    c->notify_wrong_scode = (uint16_t)param_u32(ps, P_Sim_Notify_Wrong_Password_Code, 0);
}

static void set_account(const struct phone *ph, struct ua_line_config *c)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)(c->index + 1);

    c->user = param_get(ps, P_User_ID, n);
    c->password = param_get(ps, P_Password, n);
    c->auth_id = param_bool(ps, P_Use_Auth_ID, n) ? param_get(ps, P_Auth_ID, n) : "";
    c->display_name = param_get(ps, P_Display_Name, n);
    c->proxy = param_get(ps, P_Proxy, n);
    c->outbound_proxy =
        param_bool(ps, P_Use_Outbound_Proxy, n) ? param_get(ps, P_Outbound_Proxy, n) : "";
    c->reg_enable = param_bool(ps, P_Register, n) && /* 1: provisioning.md 13 */
                    (n != 1 || domain_allowed(ps, param_get(ps, P_Proxy, n)));
    c->ans_without_reg = param_bool(ps, P_Ans_Call_Without_Reg, n);
    c->unregistered_scode = (uint16_t)param_u32(ps, P_Sim_Ans_Without_Reg_Code, 0);
    c->text_message = ph->model->family != FAMILY_MPP68XX && /* 6.1 */
                      ph->model->family != FAMILY_CP79XX && param_bool(ps, P_Text_Message, 0);
    c->auth_invite = param_bool(ps, P_Auth_INVITE, n);
    c->expires_s = param_u32(ps, P_Register_Expires, n);
    c->transport = transport_of(param_get(ps, P_SIP_Transport, n));
    c->tls_verify_host = param_bool(ps, P_TLS_Name_Validate, n);
    c->port = ph->port_base ? (uint16_t)(ph->port_base + c->index)
                            : (uint16_t)param_u32(ps, P_SIP_Port, n);
}

/* FNV-1a over everything the line depends on: tells whether a changed parameter touches it. */
static uint64_t mix_bytes(uint64_t h, const void *data, size_t len)
{
    for (const uint8_t *p = data; len--; p++)
        h = (h ^ *p) * 0x100000001b3ULL;
    return h;
}

static uint64_t fingerprint(const struct ua_line_config *c)
{
    const char *const texts[] = {c->user,           c->password,        c->auth_id,
                                 c->display_name,   c->proxy,           c->outbound_proxy,
                                 c->user_agent,     c->reg_user_agent,  c->server,
                                 c->station_name,   c->retry_rsc,       c->shared_user,
                                 c->packages,       c->notify_realm,    c->backup_rsc,
                                 c->supported,      c->nat.stun_server, c->proxy_require,
                                 c->accept_language};
    const uint32_t numbers[] = {c->port,
                                c->tcp_min,
                                c->tcp_max,
                                c->transport,
                                c->reg_enable,
                                c->compact,
                                c->add_rport,
                                c->ans_without_reg,
                                c->expires_s,
                                c->reg_min_s,
                                c->reg_max_s,
                                c->t1_ms,
                                c->t2_ms,
                                c->t4_ms,
                                c->timer_b_ms,
                                c->timer_f_ms,
                                c->timer_h_ms,
                                c->timer_d_ms,
                                c->timer_j_ms,
                                c->retry_s,
                                c->retry_long_s,
                                c->retry_random_s,
                                c->retry_long_random_s,
                                c->retry_cap_s,
                                c->retry_blank_all,
                                c->renewal_minus_f,
                                c->max_auth,
                                c->max_forward,
                                c->max_redirect,
                                c->tls_verify_host,
                                c->fallback_s,
                                c->auto_register,
                                c->use_srv,
                                c->auto_prefix,
                                c->by_srv_port,
                                c->srv_weighted,
                                c->transport_auto,
                                c->any_user,
                                c->icmp_waits,
                                c->reconnect_waits,
                                c->update_scode,
                                c->message_max,
                                c->notify_no_qop,
                                c->notify_digits,
                                c->notify_wrong_scode,
                                c->auth_invite,
                                c->text_message,
                                c->unregistered_scode,
                                c->nat.ext_ip.s_addr,
                                c->nat.ext_sip_port,
                                c->nat.ext_rtp_min,
                                c->nat.rtp_min,
                                c->nat.mapping,
                                c->nat.substitute_via,
                                c->nat.handle_received,
                                c->nat.insert_received,
                                c->nat.insert_rport,
                                c->nat.answer_source,
                                c->nat.stun,
                                c->nat.stun_test};
    uint64_t h = 0xcbf29ce484222325ULL;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        h = mix_bytes(h, texts[i], strlen(texts[i]) + 1);
    h = mix_bytes(h, &c->renewal_factor, sizeof(c->renewal_factor));
    return mix_bytes(h, numbers, sizeof(numbers));
}

unsigned phone_line_number(const struct phone_line *pl)
{
    return (unsigned)(pl - pl->ph->lines) + 1;
}

void phone_note_registration(struct phone *ph, const struct ua_reg_status *st)
{
    if (st->state == UA_REG_FAILED) {
        char text[128];
        if (st->scode)
            snprintf(text, sizeof(text), "%u %s", st->scode, st->reason ? st->reason : "");
        else
            snprintf(text, sizeof(text), "%s", st->reason ? st->reason : "no answer");
        phone_set_error(ph, text);
    } else if (st->state == UA_REG_OK && ph->provisioned == ph->provision) {
        phone_set_error(ph, NULL);
    }
}

static void registered_handler(const struct ua_reg_status *st, void *arg)
{
    struct phone_line *pl = arg;
    struct phone *ph = pl->ph;
    const unsigned line = phone_line_number(pl);

    if (st->state == UA_REG_OK) {
        pl->lost_ms = 0;
        pl->registered_at_s = (uint32_t)(clock_wall_ms(ph->env->lp) / 1000);
    } else if (!pl->lost_ms) {
        pl->lost_ms = clock_ms(ph->env->lp);
    }
    phone_note_registration(ph, st);
    phone_emit(ph, &(struct phone_event){.ev = PHONE_EV_REGISTER, .line = line, .reg = st});
    phone_lamps_changed(ph, line);
    if (st->state != UA_REG_OK)
        phone_line_left(pl);
    if (st->state == UA_REG_OK && ph->state == PHONE_UP && pl->ua)
        phone_watches_start(ph, line);
}

uint32_t phone_unregistered_s(const struct phone *ph, unsigned n)
{
    struct ua_reg_status st = {.state = UA_REG_FAILED};

    if (!n || n > ph->model->n_lines)
        return 0;
    const struct phone_line *pl = &ph->lines[n - 1];
    if (pl->ua)
        ua_line_status(pl->ua, &st);
    if (st.state == UA_REG_OK || st.granted_s)
        return 0;
    const uint64_t since = pl->lost_ms > ph->on_since_ms ? pl->lost_ms : ph->on_since_ms;
    const uint64_t gone = clock_ms(ph->env->lp) - since;
    return (uint32_t)(clock_unscaled(ph->env->lp, gone) / 1000);
}

const char *phone_proxy(const struct phone *ph, unsigned line)
{
    const struct ua_line *ua = line && line <= ph->model->n_lines ? ph->lines[line - 1].ua : NULL;

    return ua ? ua_line_proxy(ua) : param_get(ph->params, P_Proxy, (uint16_t)line);
}

void phone_line_traced(const struct ua_trace *t, void *arg)
{
    const struct phone_line *pl = arg;
    const struct phone_env *env = pl->ph->env;
    struct phone_traffic *sip = &pl->ph->sip;

    sip->n_sent += t->sent;
    sip->n_received += !t->sent;
    sip->bytes_sent += t->sent ? t->len : 0;
    sip->bytes_received += t->sent ? 0 : t->len;
    if (env->trace)
        env->trace(pl->ph, t, env->trace_arg);
}

void phone_line_moved(const struct ua_move *m, void *arg)
{
    struct phone_line *pl = arg;

    phone_emit(pl->ph,
               &(struct phone_event){.ev = m->fallback ? PHONE_EV_FALLBACK : PHONE_EV_FAILOVER,
                                     .line = phone_line_number(pl),
                                     .text = m->from,
                                     .text2 = m->to,
                                     .why = m->why});
}

static const char *open_error(int err)
{
    switch (err) {
    case EADDRNOTAVAIL:
        return "address not local";
    case EADDRINUSE:
        return "SIP port taken";
    case EMFILE:
    case ENFILE:
        return "no descriptors left";
    default:
        return strerror(err);
    }
}

static void open_line(struct phone *ph, struct phone_line *pl, const struct ua_line_config *c)
{
    static const struct ua_line_handlers handlers = {
        .registered = registered_handler,
        .moved = phone_line_moved,
        .traced = phone_line_traced,
        .judge_notify = phone_judge_notify,
        .notified = phone_notified,
        .messaged = phone_messaged,
        .called = phone_called,
        .referred = phone_referred,
    };

    const int err = ua_line_alloc(&pl->ua, ph->env->stack, &ph->rng, c, &handlers, pl);
    pl->error = err ? open_error(err) : NULL;
    if (err) {
        const struct ua_reg_status st = {.state = UA_REG_FAILED, .reason = pl->error, .server = ""};
        registered_handler(&st, pl);
        phone_emit_text(ph, PHONE_EV_ERROR, pl->error, NULL);
        return;
    }
    if (pl->mem.call_id[0] && ph->was_warm &&
        !param_bool(ph->params, P_Random_REG_CID_On_Reboot, 0))
        ua_line_recall(pl->ua, &pl->mem);
    ua_line_start(pl->ua);
    phone_alternate_open(pl, c);
}

void phone_line_close(struct phone_line *pl)
{
    phone_alternate_close(pl);
    pl->leaving = LINE_STAYS;
    if (!pl->ua)
        return;
    phone_watches_stop(pl->ph, phone_line_number(pl));
    ua_line_remember(pl->ua, &pl->mem);
    ua_line_close(pl->ua);
    pl->ua = mem_deref(pl->ua);
}

static void refresh(struct phone *ph, unsigned index)
{
    struct phone_line *pl = &ph->lines[index];
    const uint16_t n = (uint16_t)(index + 1);
    struct texts t = {.n = 0};
    struct line_texts lt;

    /* A line without an account has nothing to say; its socket is spared [DEF]. */
    if (!param_bool(ph->params, P_Line_Enable, n) || !*param_get(ph->params, P_User_ID, n)) {
        if (!pl->ua || !phone_line_leave(pl))
            phone_line_close(pl);
        pl->error = NULL;
        return;
    }
    struct ua_line_config c = {.index = index, .addr = ph->addr};
    memcpy(c.mac, ph->id.mac, sizeof(c.mac));
    set_account(ph, &c);
    set_timers(ph, &c);
    set_redundancy(ph, &c);
    set_wire(ph, &c, &t, &lt);
    set_notify(ph, &c, lt.events, sizeof(lt.events));
    c.nat = phone_nat(ph, n);
    const uint64_t print = fingerprint(&c);
    if (!pl->ua || (print != pl->fingerprint && !phone_line_leave(pl))) {
        phone_line_close(pl);
        pl->ph = ph;
        pl->fingerprint = print;
        open_line(ph, pl, &c);
    }
    if (pl->ua)
        phone_keep_alive(ph, pl->ua, n);
    if (pl->alternate)
        phone_keep_alive(ph, pl->alternate, n);
    texts_free(&t);
}

void phone_lines_refresh(struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++)
        refresh(ph, i);
    phone_watches_refresh(ph);
    if (ph->state == PHONE_UP)
        phone_features_changed(ph);
}

void phone_lines_close(struct phone *ph)
{
    for (unsigned i = 0; i < ph->model->n_lines; i++) {
        phone_line_close(&ph->lines[i]);
        ph->lines[i].error = NULL;
    }
}
