/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parameters say of a NAT in front of the phone (sip-behaviour.md 8). */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/phone/priv.h"
#include "sim/sip/keepalive.h"
#include "sim/sip/nat.h"

/* Names of requests, and $PROXY as a destination, are no macros to be expanded. */
static bool is_keyword(const char *text)
{
    static const char *const words[] = {"$NOTIFY", "$REGISTER", "$PING", "$OPTIONS", "$PROXY"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0)
            return true;
    }
    return false;
}

/* malloc()ed; NULL = no memory. */
static char *expanded(const struct phone *ph, const char *text, unsigned line)
{
    return is_keyword(text) ? strdup(text) : phone_expand(ph, text, line);
}

/* An address, or none: blank, 0.0.0.0, and what is no address (section 8). */
static struct in_addr address(const char *text)
{
    struct in_addr addr = {.s_addr = 0};

    (void)inet_pton(AF_INET, text, &addr);
    return addr;
}

static uint16_t port(const struct param_set *ps, enum param_id id, uint16_t line)
{
    const uint32_t n = param_u32(ps, id, line);
    return n <= UINT16_MAX ? (uint16_t)n : 0;
}

struct ua_nat phone_nat(const struct phone *ph, unsigned line)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)line;

    return (struct ua_nat){
        .stun_server = param_get(ps, P_STUN_Server, 0),
        .ext_ip = address(param_get(ps, P_EXT_IP, 0)),
        .ext_sip_port = port(ps, P_EXT_SIP_Port, n),
        .ext_rtp_min = port(ps, P_EXT_RTP_Port_Min, 0),
        .rtp_min = port(ps, P_RTP_Port_Min, 0),
        .mapping = param_bool(ps, P_NAT_Mapping_Enable, n),
        .substitute_via = param_bool(ps, P_Substitute_VIA_Addr, 0),
        .handle_received = param_bool(ps, P_Handle_VIA_received, 0),
        .insert_received = param_bool(ps, P_Insert_VIA_received, 0),
        .insert_rport = param_bool(ps, P_Insert_VIA_rport, 0),
        .answer_source = param_bool(ps, P_Send_Resp_To_Src_Port, 0),
        .stun = param_bool(ps, P_STUN_Enable, 0),
        .stun_test = param_bool(ps, P_STUN_Test_Enable, 0),
    };
}

struct in_addr phone_external(const struct phone *ph)
{
    struct in_addr addr = address(param_get(ph->params, P_EXT_IP, 0));

    for (unsigned i = 0; i < ph->model->n_lines && !addr.s_addr; i++) {
        const struct ua_line *ua = ph->lines[i].ua;
        if (ua && ua_line_contact(ua).sin_addr.s_addr != ph->addr.s_addr)
            addr = ua_line_contact(ua).sin_addr;
    }
    return addr;
}

void phone_keep_alive(struct phone *ph, struct ua_line *ua, unsigned line)
{
    const struct param_set *ps = ph->params;
    const uint16_t n = (uint16_t)line;

    if (!param_bool(ps, P_NAT_Keep_Alive_Enable, n)) {
        (void)ua_line_keep_alive(ua, NULL);
        return;
    }
    char *message = expanded(ph, param_get(ps, P_NAT_Keep_Alive_Msg, n), line);
    char *dest = expanded(ph, param_get(ps, P_NAT_Keep_Alive_Dest, n), line);
    const struct ua_keepalive_config c = {
        .message = message,
        .dest = dest,
        .interval_s = param_u32(ps, P_NAT_Keep_Alive_Intvl, 0),
    };
    if (message && dest)
        (void)ua_line_keep_alive(ua, &c); /* no memory: none is sent */
    free(message);
    free(dest);
}
