/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a phone makes of a final response that is no success: the compliance table of
 * sip-behaviour.md 6.2 with the rules of 2.3 and 5.5, and the texts of devices.md 6.4. Pure.
 */
#ifndef SIM_SIP_RESPONSE_TABLE_H
#define SIM_SIP_RESPONSE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum response_context {
    RESPONSE_TO_REGISTER,
    RESPONSE_TO_INVITE, /* outside a dialog */
    RESPONSE_IN_DIALOG, /* re-INVITE, UPDATE and the like */
    RESPONSE_TO_SUBSCRIBE,
};

enum response_action {
    RESPONSE_REDIRECT,      /* Contacts in order, at most Max Redirection */
    RESPONSE_AUTHENTICATE,  /* at most Max Auth challenges */
    RESPONSE_RAISE_EXPIRES, /* again at once with Min-Expires */
    RESPONSE_RAISE_MIN_SE,  /* again at once with Min-SE */
    RESPONSE_RETRY_AFTER,   /* again after Retry-After */
    RESPONSE_BACK_OFF,      /* again after the random time of 4.3 */
    RESPONSE_NEXT_SERVER,   /* mark the server down, next in the list at once (2.5) */
    RESPONSE_RETRY_SHORT,   /* REGISTER: Reg Retry Intvl; SUBSCRIBE: Sub Retry Intvl */
    RESPONSE_RETRY_LONG,    /* REGISTER: Reg Retry Long Intvl */
    RESPONSE_FAIL,          /* the call fails: tone and text */
    RESPONSE_END_SILENT,    /* the call ends without a word: own CANCEL */
    RESPONSE_END_DIALOG,    /* the call is gone; the subscription: begin anew at once */
    RESPONSE_KEEP_SESSION,  /* what was asked for fails, the session stays as it was */
};

enum response_tone {
    RESPONSE_TONE_NONE,
    RESPONSE_TONE_BUSY,
    RESPONSE_TONE_REORDER,
    RESPONSE_TONE_SIT1, /* SIT2 to SIT4 follow in order */
    RESPONSE_TONE_SIT2,
    RESPONSE_TONE_SIT3,
    RESPONSE_TONE_SIT4,
};

struct response_rules { /* pattern lists as in 2.4; NULL = blank */
    const char *sit_rsc[4];
    const char *try_backup_rsc, *retry_reg_rsc;
    bool retry_blank_all; /* U-2: a blank Retry Reg RSC matches every code */
    bool session_timer;   /* 422 can be answered (U-18: SPA cannot) */
};

struct response_step {
    enum response_action action;
    enum response_action
        otherwise;           /* when action cannot be: header missing, limit or list at its end */
    enum response_tone tone; /* once the call has failed or ended; NONE outside calls */
    const char *text;        /* for the screen; static */
};

/**
 * What comes next. scode 0 = no response at all (Timer B or F, 6.2 "timeout"); a code that 6.2 does
 * not list is judged as x00 (RFC 3261 8.1.3.2), but RSC patterns see the code itself; below 300 or
 * above 699 counts as 500 (DEF).
 */
struct response_step response_next(enum response_context ctx, uint16_t scode,
                                   const struct response_rules *rules);

/** Screen text of a code (devices.md 6.4), that of x00 where it has none of its own (DEF). */
const char *response_text(uint16_t scode);

/* What a 79xx does, 6.2 "79xx on receipt". */
enum response_79xx {
    RESPONSE_79XX_FOLLOW,
    RESPONSE_79XX_DISCONNECT,  /* D: busy or fast busy */
    RESPONSE_79XX_NOTIFY_USER, /* N */
    RESPONSE_79XX_AUTHENTICATE,
    RESPONSE_79XX_RESEND, /* with what was missing or after a time */
    RESPONSE_79XX_END,    /* 487: confirms its own CANCEL */
};
enum response_79xx response_79xx(uint16_t scode);

#endif
