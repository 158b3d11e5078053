/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One extension as a SIP user agent: its local port, identity, registration and the requests that
 * arrive for it. sip-behaviour.md sections 1.2, 2, 3, 6, 7 and 9.
 */
#ifndef SIM_SIP_LINE_H
#define SIM_SIP_LINE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng;
struct pl;
struct ua_stack;
struct ua_line;

enum ua_transport { UA_UDP, UA_TCP, UA_TLS };
enum ua_wire { UA_WIRE_SPA, UA_WIRE_79XX }; /* header order and identifiers, sip-behaviour.md 9 */

struct ua_nat {                         /* sip-behaviour.md 8 */
    const char *stun_server;            /* STUN_Server, host[:port]; "" = none */
    struct in_addr ext_ip;              /* EXT_IP, 0 = none */
    uint16_t ext_sip_port, ext_rtp_min; /* EXT_SIP_Port, EXT_RTP_Port_Min; 0 = none */
    uint16_t rtp_min;                   /* RTP_Port_Min */
    bool mapping;                       /* NAT_Mapping_Enable */
    bool substitute_via;                /* Substitute_VIA_Addr */
    bool handle_received;               /* Handle_VIA_received; its rport is add_rport */
    bool insert_received, insert_rport; /* Insert_VIA_received, Insert_VIA_rport */
    bool answer_source;                 /* Send_Resp_To_Src_Port */
    bool stun, stun_test;               /* STUN_Enable, STUN_Test_Enable */
    /* what Contact, and perhaps Via, say instead of the line's own; 0 = that. Kept by nat.c */
    struct in_addr shown_addr;
    uint16_t shown_port;
};

struct ua_line_config { /* strings are copied */
    unsigned index;     /* 0-based line; tag suffix oN */
    struct in_addr addr;
    uint16_t port;             /* local SIP port */
    uint16_t tcp_min, tcp_max; /* SIP_TCP_Port_Min/Max; 0 = any */
    enum ua_transport transport;
    enum ua_wire wire;
    uint8_t mac[6];
    const char *user, *password, *auth_id /* NULL or "" = user */, *display_name;
    const char *proxy;          /* host[:port], perhaps with records (server_record.h) */
    const char *outbound_proxy; /* "" = none */
    const char *user_agent, *reg_user_agent /* "" = user_agent */, *server;
    const char *allow, *supported;
    const char *station_name;
    const char *proxy_require, *accept_language; /* SIP_Proxy-Require, SIP_Accept_Language */
    bool reg_enable;                             /* Register */
    bool alternate;              /* it only registers: requests are its sibling's (2.8) */
    bool tls_verify_host;        /* TLS_Name_Validate; default true */
    bool compact;                /* Use_Compact_Header */
    bool echo_session_id;        /* Session-ID of a request comes back (6.3) */
    bool add_rport;              /* Handle_VIA_rport: ";rport" in Via */
    bool ans_without_reg;        /* Ans_Call_Without_Reg */
    bool auth_invite;            /* Auth_INVITE */
    bool text_message;           /* Text_Message: MESSAGE is taken */
    uint16_t unregistered_scode; /* U-7: 480 */
    uint32_t expires_s, reg_min_s, reg_max_s;
    uint32_t t1_ms, t2_ms, t4_ms, timer_b_ms, timer_f_ms, timer_h_ms, timer_d_ms, timer_j_ms;
    uint32_t retry_s, retry_long_s, retry_random_s, retry_long_random_s, retry_cap_s;
    const char *retry_rsc;     /* Retry_Reg_RSC, 2.4 */
    const char *backup_rsc;    /* Try_Backup_RSC, 2.4; "BT" as in 2.6 */
    uint32_t fallback_s;       /* Proxy_Fallback_Intvl */
    bool auto_register;        /* Auto_Register_When_Failover */
    bool transport_auto;       /* SIP_Transport AUTO: NAPTR decides; transport is the one in use */
    bool use_srv, auto_prefix; /* Use_DNS_SRV, DNS_SRV_Auto_Prefix */
    bool by_srv_port;          /* Proxy_Redundancy_Method "Based on SRV Port", U-4 */
    bool icmp_waits;           /* Sim_ICMP_Failover = No, U-22: only the timer ends it */
    bool reconnect_waits;      /* Sim_Reconnect_Registers = No, U-20: until renewal is due */
    uint16_t update_scode;     /* Sim_UPDATE_Refused_Code, U-13: 405 or 501; 0 = 405 */
    uint32_t message_max;      /* Sim_Message_Max, U-21, of a body; 0 = UA_MESSAGE_MAX */
    bool srv_weighted;         /* Sim_SRV_Weighted, U-3 */
    const char *shared_user;   /* Shared_User_ID, "" = none */
    const char *packages;      /* Allow-Events: those that are on, "" = none (4.6, 11) */
    const char *notify_realm;  /* U-11: "" = host of proxy, "ip" = own address, else literal */
    bool notify_no_qop;        /* U-11 */
    bool any_user;             /* U-8: requests for any user are this line's */
    unsigned notify_digits;    /* of a nonce, U-11 */
    uint16_t notify_wrong_scode; /* U-16: 401 or 403 */
    bool retry_blank_all;        /* Sim_Retry_Blank_Matches_All, U-2 */
    double renewal_factor;       /* Sim_Renewal_Factor, U-1: 0.78 */
    bool renewal_minus_f;        /* subtract Timer F first; false for tests and 79xx */
    uint32_t renewal_delta_s;    /* 79xx: renew this long before expiry instead; 0 = formula */
    unsigned max_auth, max_forward, max_redirect;
    struct ua_nat nat;
};

enum ua_reg_state { UA_REG_OFF, UA_REG_TRYING, UA_REG_OK, UA_REG_FAILED };

struct ua_reg_status { /* borrowed */
    enum ua_reg_state state;
    uint16_t scode;     /* last final status, 0 = none (timeout, transport) */
    const char *reason; /* reason phrase, or the cause in words: "timeout", "connection refused",
                           "certificate: self-signed …", "host name does not match" … */
    const char *server; /* "127.0.0.1:5060" in use or last tried, "" = none */
    uint32_t granted_s; /* 0 when not registered */
    uint32_t next_s;    /* phone seconds to renewal or retry; 0 = none */
    bool challenged;    /* since the attempt began */
    uint32_t us;        /* duration of the attempt that just ended */
    uint32_t since_s;   /* phone seconds since it moved to this server; 0 = it never moved */
    const char *why;    /* it moved: "fallback", or what the one before did; "" = it never moved */
};

struct ua_notify {                 /* an out-of-dialog NOTIFY that reads well; borrowed */
    const struct pl *event;        /* token, its parameters cut off */
    const struct pl *event_value;  /* the whole header */
    const struct pl *content_type; /* may be empty */
    const struct pl *body;
    struct in_addr from;
};

struct ua_answer {
    uint16_t scode;
    bool auth; /* holds only once the sender has proved the line's password: 401 before that */
};

struct ua_move { /* to another server; borrowed */
    bool fallback;
    const char *from, *to; /* "127.0.0.1:5060" */
    const char *why;       /* "timeout", "503 Service Unavailable", "connection refused" … */
};

struct ua_trace { /* one message as it travels, TLS in the clear; borrowed */
    bool sent;
    enum ua_transport transport;
    struct sockaddr_in local, remote;
    const char *data;
    size_t len;
};

struct ua_call;
struct ua_call_offer;

struct ua_line_handlers {
    /** An INVITE that reads well: ua_call_take() and then ring, answer or refuse; a call that is
     *  not taken gets 480. NULL = 480 for all. */
    void (*called)(struct ua_call *call, const struct ua_call_offer *o, void *arg);

    /** A REFER outside dialogs: dial, and tell by ua_call_referred_progress(). */
    void (*referred)(struct ua_call *call, const char *refer_to, const char *referred_by,
                     void *arg);

    /** Every message sent and received, retransmissions included. NULL = not told. */
    void (*traced)(const struct ua_trace *t, void *arg);

    /** Every end of a REGISTER attempt (success, renewal, failure, unregistered). */
    void (*registered)(const struct ua_reg_status *st, void *arg);

    /** Failover, or fallback to a better server (2.6, 2.7). NULL = not told. */
    void (*moved)(const struct ua_move *m, void *arg);

    /** What a NOTIFY is worth (sip-behaviour.md 3.1). Must change nothing: the sender may be
     * anybody. */
    void (*judge_notify)(const struct ua_notify *n, struct ua_answer *a, void *arg);

    /** A MESSAGE, answered with 200: plain text. NULL = not told. */
    void (*messaged)(const struct pl *text, void *arg);

    /** The answer scode is on its way: effects may begin, closing the line included. */
    void (*notified)(const struct ua_notify *n, uint16_t scode, void *arg);
};

/**
 * Open the line's socket (or its place on the shared one) and answer requests from then on. h is
 * borrowed for the line's life; NULL, or a handler that is NULL: that news is nobody's.
 *
 * Errors  EADDRNOTAVAIL address not local; EADDRINUSE; EMFILE; ENOMEM; EINVAL
 */
int ua_line_alloc(struct ua_line **lp, struct ua_stack *s, struct rng *rng,
                  const struct ua_line_config *cfg, const struct ua_line_handlers *h, void *arg);

/** Begin registering (no-op with reg_enable false or proxy empty). */
void ua_line_start(struct ua_line *l);

/** Remove the binding (Contact with expires=0) and report UA_REG_OFF; the line stays open. */
void ua_line_unregister(struct ua_line *l);

/** Close at once without a word on the wire. Then mem_deref(). */
void ua_line_close(struct ua_line *l);

/** How its registration stands; the texts are valid until something happens to the line. */
void ua_line_status(const struct ua_line *l, struct ua_reg_status *st);

/** Proxy as it stands in URIs: host[:port]. */
const char *ua_line_proxy(const struct ua_line *l);

struct ua_line_notice { /* borrowed; one line each but the body */
    const char *event, *type, *body;
};

/** Send a NOTIFY out of dialogs to the line's own address at its server (3.6); what comes back is
 *  not told. ENOTCONN not registered; EINVAL a line end in a text; E2BIG. */
int ua_line_notify(struct ua_line *l, const struct ua_line_notice *n);

/** What survives a warm reboot (Random_REG_CID_On_Reboot = No): Call-ID, CSeq. */
struct ua_line_memory {
    char call_id[64];
    uint32_t cseq;
};
void ua_line_remember(const struct ua_line *l, struct ua_line_memory *m);
void ua_line_recall(struct ua_line *l, const struct ua_line_memory *m); /* before ua_line_start() */

#endif
