/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parameters of an extension say of its calls (sip-behaviour.md 1.1, 1.2, 5.1, 5.2). */
#include <errno.h>
#include <stdint.h>
#include <re.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/sip/call.h"
#include "sim/sip/media_source.h"
#include "sim/sip/message.h"

enum {
    SHOWN_MAX = 512,         /* a display name with its quotes */
    SHARED_PORT_MIN = 16384, /* phones that share an address share its ports */
    SHARED_PORT_MAX = 65534,
};

static const char *line_text(const struct phone *ph, enum param_id id, unsigned line)
{
    return param_get(ph->params, id, (uint16_t)line);
}

/* A model that has no such switch has the codec on. */
static bool enabled(const struct phone *ph, enum param_id id, unsigned line)
{
    const char *text = line_text(ph, id, line);
    return !*text || param_bool(ph->params, id, (uint16_t)line);
}

static void choose_codecs(const struct phone *ph, unsigned line, struct codec_choice *c)
{
    static const struct {
        enum codec_id id;
        enum param_id enable;
    } switches[] = {
        {CODEC_PCMU, P_G711u_Enable},      {CODEC_PCMA, P_G711a_Enable},
        {CODEC_G722, P_G722_Enable},       {CODEC_G729A, P_G729a_Enable},
        {CODEC_G726_16, P_G726_16_Enable}, {CODEC_G726_24, P_G726_24_Enable},
        {CODEC_G726_32, P_G726_32_Enable}, {CODEC_G726_40, P_G726_40_Enable},
    };
    static const struct {
        enum codec_id id;
        enum param_id name, payload;
    } dynamic[] = {
        {CODEC_G726_16, P_G726r16_Codec_Name, P_G726r16_Dynamic_Payload},
        {CODEC_G726_24, P_G726r24_Codec_Name, P_G726r24_Dynamic_Payload},
        {CODEC_G726_32, P_G726r32_Codec_Name, P_G726r32_Dynamic_Payload},
        {CODEC_G726_40, P_G726r40_Codec_Name, P_G726r40_Dynamic_Payload},
        {CODEC_G729AB, P_G729b_Codec_Name, P_G729b_Dynamic_Payload},
    };

    *c = (struct codec_choice){.enabled = CODEC_BIT_ALL};
    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        if (!enabled(ph, switches[i].enable, line))
            c->enabled &= ~(1U << switches[i].id);
    }
    for (size_t i = 0; i < sizeof(dynamic) / sizeof(dynamic[0]); i++) {
        const uint32_t payload = param_u32(ph->params, dynamic[i].payload, 0);
        c->names[dynamic[i].id] = param_get(ph->params, dynamic[i].name, 0);
        c->payloads[dynamic[i].id] = payload < 128 ? (uint8_t)payload : 0;
    }
    c->names[CODEC_PCMU] = param_get(ph->params, P_G711u_Codec_Name, 0);
    c->names[CODEC_PCMA] = param_get(ph->params, P_G711a_Codec_Name, 0);
    c->names[CODEC_G722] = param_get(ph->params, P_G722_Codec_Name, 0);
    c->names[CODEC_G729A] = param_get(ph->params, P_G729a_Codec_Name, 0);
    c->preferred[0] = codec_find_param(line_text(ph, P_Preferred_Codec, line));
    c->preferred[1] = codec_find_param(line_text(ph, P_Second_Preferred_Codec, line));
    c->preferred[2] = codec_find_param(line_text(ph, P_Third_Preferred_Codec, line));
    c->preferred_only = param_bool(ph->params, P_Use_Pref_Codec_Only, (uint16_t)line);
}

static void set_session(const struct phone *ph, unsigned line, struct ua_call_config *c)
{
    const struct param_set *ps = ph->params;
    const char *annexb = line_text(ph, P_Set_G729_annexb, line);
    struct codec_choice choice;

    choose_codecs(ph, line, &choice);
    c->n_codecs = (unsigned)codec_list(c->codecs, ph->model, &choice);
    c->session = (struct session_config){
        .style = session_style(ph->model),
        .ptime_ms = (uint16_t)param_ms(ps, P_RTP_Packet_Size, 0),
        .dtmf_payload = (uint8_t)param_u32(ps, P_AVT_Dynamic_Payload, 0),
        .dtmf_name = param_get(ps, P_AVT_Codec_Name, 0),
        .hold_2543 = param_bool(ps, P_RFC_2543_Call_Hold, 0),
        .silence_supp = param_bool(ps, P_Silence_Supp_Enable, (uint16_t)line),
        .list_all = strcasecmp(line_text(ph, P_Codec_Negotiation, line), "List All") == 0,
        .annexb = strcasecmp(annexb, "yes") == 0  ? SESSION_ANNEXB_YES
                  : strcasecmp(annexb, "no") == 0 ? SESSION_ANNEXB_NO
                                                  : SESSION_ANNEXB_NONE,
    };
    c->srtp = phone_call_secures(ph, 0);
}

bool phone_call_secures(const struct phone *ph, uint16_t wishes)
{
    const bool wanted = wishes & CALL_SECURE  ? true
                        : wishes & CALL_CLEAR ? false
                                              : param_bool(ph->params, P_Secure_Call_Setting, 0);

    return wanted && (ph->model->features & FEATURE_SRTP) &&
           strcasecmp(param_get(ph->params, P_SRTP_Method, 0), "s-descriptor") == 0;
}

void phone_call_config_wishes(const struct phone *ph, unsigned line, uint16_t wishes,
                              struct ua_call_config *c)
{
    const enum codec_id wished = (enum codec_id)(wishes / CALL_CODEC);
    struct codec_choice choice;

    c->srtp = phone_call_secures(ph, wishes);
    if (!wished)
        return;
    choose_codecs(ph, line, &choice);
    choice.preferred_only = wishes & CALL_ONE_CODEC;
    for (unsigned i = CODEC_PREFERRED_MAX - 1; i > 0; i--)
        choice.preferred[i] = choice.preferred[i - 1];
    choice.preferred[0] = wished;
    c->n_codecs = (unsigned)codec_list(c->codecs, ph->model, &choice);
}

int phone_media_source(struct phone *ph, struct media_source **sp)
{
    struct phone_calls *calls = phone_calls_get(ph);
    const char *text = param_get(ph->params, P_Sim_Media_Source, 0);

    if (!calls)
        return ENOMEM;
    if (!calls->source_text || strcmp(calls->source_text, text) != 0) {
        struct media_source *s = NULL;
        char *copy = strdup(text);
        const int err = copy ? media_source_alloc(&s, text) : ENOMEM;
        if (err) {
            free(copy);
            phone_emit_text(ph, PHONE_EV_ERROR, "Sim_Media_Source cannot be used", NULL);
            return err == ENOMEM ? err : 0; /* silence then */
        }
        mem_deref(calls->source);
        free(calls->source_text);
        calls->source = s;
        calls->source_text = copy;
    }
    *sp = mem_ref(calls->source);
    return 0;
}

static void set_media(struct phone *ph, unsigned line, struct ua_call_config *c)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)line;

    c->media = (struct media_config){
        .port_min = ph->port_base ? SHARED_PORT_MIN : (uint16_t)param_u32(ps, P_RTP_Port_Min, 0),
        .port_max = ph->port_base ? SHARED_PORT_MAX : (uint16_t)param_u32(ps, P_RTP_Port_Max, 0),
        .rtcp_interval_ms = param_u32(ps, P_RTCP_Tx_Interval, 0) * 1000,
        .mark_all_avt = param_bool(ps, P_Mark_All_AVT_Packets, 0),
        .dtmf_volume = (uint8_t)param_u32(ps, P_DTMF_Tx_Volume_for_AVT_Packet, n),
        .ignore_avt = !param_bool(ps, P_DTMF_Process_AVT, n),
        .symmetric = param_bool(ps, P_Symmetric_RTP, 0),
        .tos = (uint8_t)strtoul(param_get(ps, P_RTP_TOS_DiffServ_Value, n), NULL, 0),
    };
    c->dtmf_info = strcasestr(param_get(ps, P_DTMF_Tx_Method, n), "INFO") != NULL;
    snprintf(c->dtmf_type, sizeof(c->dtmf_type), "%.63s", param_get(ps, P_DTMF_Relay_MIME_Type, 0));
    snprintf(c->flash_type, sizeof(c->flash_type), "%.63s",
             param_get(ps, P_Hook_Flash_MIME_Type, 0));
}

int phone_call_config(struct phone *ph, unsigned line, struct ua_call_config *c)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)line;

    memset(c, 0, sizeof(*c));
    set_session(ph, line, c);
    set_media(ph, line, c);
    c->media_on = ph->env->media_on;
    c->sticky_183 = param_bool(ps, P_Sticky_183, n);
    c->rel100 = param_bool(ps, P_SIP_100REL_Enable, n);
    c->sdp_in_update = ph->model->family != FAMILY_CP79XX;
    c->notify_1xx = param_bool(ps, P_Ntfy_Refer_On_1xx_To_Inv, n);
    c->stats_in_bye = param_bool(ps, P_Stats_In_BYE, 0);
    c->hide_private =
        ph->model->family != FAMILY_CP79XX && !param_bool(ps, P_Display_Anonymous_From_Header, 0);
    c->target_contact = param_bool(ps, P_Refer_To_Target_Contact, n);
    c->ob_in_dialog = param_bool(ps, P_Use_Outbound_Proxy, n) &&
                      *param_get(ps, P_Outbound_Proxy, n) &&
                      param_bool(ps, P_Use_OB_Proxy_In_Dialog, n);
    c->invite_expires_s = param_u32(ps, P_INVITE_Expires, 0);
    c->reinvite_expires_s = param_u32(ps, P_ReINVITE_Expires, 0);
    if (ph->model->family != FAMILY_CP79XX)
        c->session_timer_s = param_u32(ps, P_Sim_Session_Timer, 0); /* U-18 */
    c->ring_limit_s = param_u32(ps, P_Sim_Ring_Limit, 0);
    c->ring_limit_scode = ph->model->family == FAMILY_CP79XX
                              ? 408 /* 5.4: 79v6, 79v8 */
                              : (uint16_t)param_u32(ps, P_Sim_Ring_Limit_Code, 0);
    snprintf(c->caller_id, sizeof(c->caller_id), "%.31s", param_get(ps, P_Caller_ID_Header, 0));
    return c->media_on && !ph->muted ? phone_media_source(ph, &c->source) : 0;
}

void phone_print_display(char *buf, size_t size, const char *name, bool always)
{
    struct writer w = {.buf = buf, .size = size - 1};

    if (*name || always)
        put_display(&w, name);
    buf[w.full ? 0 : w.len] = '\0';
}

/* 1.2: Privacy_Header, P-Early-Media_Support (RFC 3323, 5009), behind Remote-Party-ID [DEF] */
static int add_mpp_lines(const struct phone *ph, unsigned line, char **lines)
{
    const char *privacy = line_text(ph, P_Privacy_Header, line);
    const bool early = param_bool(ph->params, P_P_Early_Media_Support, (uint16_t)line);
    const bool tells = *privacy && strcasecmp(privacy, "Disabled") != 0;
    char *all;

    if (!tells && !early)
        return 0;
    if (asprintf(&all, "%s%s%s%s%s", *lines ? *lines : "", tells ? "Privacy: " : "",
                 tells ? privacy : "", tells ? "\r\n" : "",
                 early ? "P-Early-Media: supported\r\n" : "") < 0)
        return ENOMEM;
    free(*lines);
    *lines = all;
    return 0;
}

/* 5.1 [UC]: Remote-Party-ID; a blocked caller ID makes From anonymous. 79xx has its form [T]. */
int phone_call_identity(const struct phone *ph, unsigned line, uint16_t wishes, char **from,
                        char **lines)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)line;
    const char *name = param_get(ps, P_Display_Name, n), *user = param_get(ps, P_User_ID, n);
    const char *proxy = phone_proxy(ph, line);
    const bool blocked = wishes & CALL_HIDES   ? true
                         : wishes & CALL_SHOWS ? false
                                               : param_bool(ps, P_Block_CID_Setting, 0);
    const bool rpid = param_bool(ps, P_SIP_Remote_Party_ID, n);
    const bool hide = blocked && (!rpid || param_bool(ps, P_Use_Anonymous_With_RPID, n));
    char shown[SHOWN_MAX];
    int len = 0;

    phone_print_display(shown, sizeof(shown), name, ph->model->family == FAMILY_CP79XX);

    *from = hide ? strdup("\"Anonymous\" <sip:anonymous@localhost>") : NULL;
    if (ph->model->family == FAMILY_CP79XX)
        len = asprintf(lines,
                       "Remote-Party-ID: %s<sip:%s@%s>;party=calling;id-type=subscriber;"
                       "privacy=%s;screen=yes\r\n",
                       shown, user, proxy, blocked ? "full" : "off");
    else if (rpid)
        len = asprintf(lines, "Remote-Party-ID: %s<sip:%s@%s>;screen=yes;party=calling%s\r\n",
                       shown, user, proxy, blocked ? ";privacy=full" : "");
    else
        *lines = NULL;
    if (len < 0)
        *lines = NULL;
    if (len < 0 || (hide && !*from))
        return ENOMEM;
    return ph->model->family == FAMILY_MPP68XX ? add_mpp_lines(ph, line, lines) : 0;
}
