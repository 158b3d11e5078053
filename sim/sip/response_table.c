/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/response_table.h"

#include <stddef.h>

#include "sim/sip/message.h"

enum { NOT_LISTED = 0xff }; /* no 79xx appendix has it: as x00 */

enum invite_rule { FAILS, REDIRECTS, CHALLENGES, MIN_SE, GLARE, SILENT };
enum dialog_rule { KEEPS, DIALOG_CHALLENGES, ENDS, DIALOG_GLARE, WAITS, DIALOG_MIN_SE };

struct row {
    uint16_t scode;
    uint8_t invite;   /* enum invite_rule: "Sim rule as UAC (INVITE)" */
    uint8_t dialog;   /* enum dialog_rule: the same column, and 5.5 "failed re-INVITE" */
    uint8_t old;      /* enum response_79xx or NOT_LISTED */
    const char *text; /* devices.md 6.4 [DICT]; NULL = not in the dictionary */
};

#define D RESPONSE_79XX_DISCONNECT
#define N RESPONSE_79XX_NOTIFY_USER
#define F RESPONSE_79XX_FOLLOW
#define R RESPONSE_79XX_RESEND
#define A RESPONSE_79XX_AUTHENTICATE
#define X NOT_LISTED

/* 6.2 in its order. A redirection of a re-INVITE is a failure that keeps the session (DEF). */
static const struct row rows[] = {
    {300, REDIRECTS, KEEPS, F, "Multiple Choices"},
    {301, REDIRECTS, KEEPS, F, "Moved Permanently"},
    {302, REDIRECTS, KEEPS, F, "Moved Temporarily"},
    {305, REDIRECTS, KEEPS, F, "Use Proxy"},
    {380, REDIRECTS, KEEPS, F, "Alternative Service"},
    {400, FAILS, KEEPS, D, "Bad Request"},
    {401, CHALLENGES, DIALOG_CHALLENGES, A, "Unauthorized"}, /* 79xx before v6: REGISTER only */
    {402, FAILS, KEEPS, X, "Payment Required"},
    {403, FAILS, KEEPS, N, "Forbidden"},
    {404, FAILS, KEEPS, N, "Not Found"},
    {405, FAILS, KEEPS, N, "Method Not Allowed"},
    {406, FAILS, KEEPS, D, "Not Acceptable"},
    {407, CHALLENGES, DIALOG_CHALLENGES, A, "Proxy Authentication Required"},
    {408, FAILS, ENDS, D, "Request Timeout"},
    {409, FAILS, KEEPS, N, NULL},
    {410, FAILS, KEEPS, N, "Gone"},
    {411, FAILS, KEEPS, R, NULL},
    {413, FAILS, KEEPS, R, "Request Entity Too Large"}, /* 79xx: the user may, after Retry-After */
    {414, FAILS, KEEPS, N, "Request-URI Too Large"},
    {415, FAILS, KEEPS, N, "Unsupported Media Type"},
    {416, FAILS, KEEPS, X, "Unsupported URI Scheme"},
    {420, FAILS, KEEPS, N, "Bad Extension"},
    {421, FAILS, KEEPS, X, "Extension Required"},
    {422, MIN_SE, DIALOG_MIN_SE, X, NULL},
    {423, FAILS, KEEPS, X, "Interval Too Brief"}, /* REGISTER and SUBSCRIBE: below */
    {480, FAILS, KEEPS, N, "Temporarily not available"},
    {481, FAILS, ENDS, N, "Call Leg/Transaction Does Not Exist"},
    {482, FAILS, KEEPS, N, "Loop Detected"},
    {483, FAILS, KEEPS, N, "Too Many Hops"},
    {484, FAILS, KEEPS, N, "Address Incomplete"},
    {485, FAILS, KEEPS, R, "Ambiguous"}, /* 79xx: may retry with a new Contact */
    {486, FAILS, KEEPS, N, "Busy Here"},
    {487, SILENT, KEEPS, RESPONSE_79XX_END, "Request Terminated"},
    {488, FAILS, KEEPS, N, "Not Acceptable Here"}, /* 79xx: "handled" */
    {489, FAILS, KEEPS, X, "Bad Event"},
    {491, GLARE, DIALOG_GLARE, R, "Request Pending"},
    {493, FAILS, KEEPS, X, "Undecipherable"},
    {494, FAILS, KEEPS, X, NULL},
    {500, FAILS, WAITS, D, "Internal Server Error"}, /* in a dialog: 4.3, also 503 */
    {501, FAILS, KEEPS, D, "Not Implemented"},
    {502, FAILS, KEEPS, D, "Bad Gateway"},
    {503, FAILS, WAITS, D, "Service Unavailable"},
    {504, FAILS, KEEPS, D, "Server Time-out"},
    {505, FAILS, KEEPS, D, "SIP Version not supported"},
    {513, FAILS, KEEPS, X, "Message Too Large"},
    {600, FAILS, KEEPS, D, "Busy Everywhere"},
    {603, FAILS, KEEPS, D, "Decline"},
    {604, FAILS, KEEPS, D, "Does not exist anywhere"},
    {606, FAILS, KEEPS, D, "Not Acceptable"},
};

#undef D
#undef N
#undef F
#undef R
#undef A
#undef X

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

static const struct row *find_row(uint16_t scode)
{
    for (unsigned i = 0; i < N_ROWS; i++) {
        if (rows[i].scode == scode)
            return &rows[i];
    }
    return NULL;
}

static uint16_t x00(uint16_t scode)
{
    return scode < 300 || scode > 699 ? 500 : (uint16_t)(scode / 100 * 100);
}

static const struct row *get_row(uint16_t scode)
{
    const struct row *row = find_row(scode);

    return row ? row : find_row(x00(scode));
}

const char *response_text(uint16_t scode)
{
    const struct row *row = get_row(scode);

    if (!scode)
        return "No Response";
    return row->text ? row->text : find_row(x00(scode))->text;
}

enum response_79xx response_79xx(uint16_t scode)
{
    const struct row *row = get_row(scode);

    return (enum response_79xx)(row->old != NOT_LISTED ? row->old : find_row(x00(scode))->old);
}

static bool matches(const char *patterns, uint16_t scode)
{
    return patterns && scode && rsc_match(patterns, scode);
}

/* 6.2: busy for 486 and 600, reorder otherwise, unless a SIT RSC names the code. */
static enum response_tone tone_of(const struct row *row, uint16_t scode,
                                  const struct response_rules *rules)
{
    for (int i = 0; i < 4; i++) {
        if (matches(rules->sit_rsc[i], scode))
            return (enum response_tone)(RESPONSE_TONE_SIT1 + i);
    }
    return scode && (row->scode == 486 || row->scode == 600) ? RESPONSE_TONE_BUSY
                                                             : RESPONSE_TONE_REORDER;
}

/* 2.3 in its order. */
static void step_register(struct response_step *st, const struct row *row, uint16_t scode,
                          const struct response_rules *rules)
{
    const char *retry = rules->retry_reg_rsc;
    const bool blank = !retry || !*retry;

    st->otherwise = matches(retry, scode) || (blank && rules->retry_blank_all)
                        ? RESPONSE_RETRY_SHORT
                        : RESPONSE_RETRY_LONG;
    if (!scode) { /* rules 4 and 7 */
        st->action = RESPONSE_NEXT_SERVER;
        st->otherwise = RESPONSE_RETRY_SHORT;
    } else if (row->invite == CHALLENGES) {
        st->action = RESPONSE_AUTHENTICATE;
    } else if (row->scode == 423) {
        st->action = RESPONSE_RAISE_EXPIRES;
    } else if (row->invite == REDIRECTS) { /* [UC] */
        st->action = RESPONSE_REDIRECT;
    } else if (matches(rules->try_backup_rsc, scode)) {
        st->action = RESPONSE_NEXT_SERVER;
    } else if (row->scode == 503) {
        st->action = RESPONSE_RETRY_AFTER;
    } else {
        st->action = st->otherwise;
    }
}

static void step_invite(struct response_step *st, const struct row *row, uint16_t scode,
                        const struct response_rules *rules)
{
    st->tone = tone_of(row, scode, rules);
    st->otherwise = st->action = RESPONSE_FAIL;
    if (row->invite == CHALLENGES) {
        st->action = RESPONSE_AUTHENTICATE;
    } else if (row->invite == REDIRECTS) {
        st->action = RESPONSE_REDIRECT;
    } else if (row->invite == SILENT) {
        st->otherwise = st->action = RESPONSE_END_SILENT;
        st->tone = RESPONSE_TONE_NONE;
    } else if (!scode || matches(rules->try_backup_rsc, scode)) {
        st->action = RESPONSE_NEXT_SERVER;
    } else if (row->invite == MIN_SE && rules->session_timer) {
        st->action = RESPONSE_RAISE_MIN_SE;
    } else if (row->invite == GLARE) {
        st->action = RESPONSE_BACK_OFF;
    }
}

/* A call does not change its server, so Try Backup RSC has no say here (2.6, MPP-N). */
static void step_dialog(struct response_step *st, const struct row *row, uint16_t scode,
                        const struct response_rules *rules)
{
    static const enum response_action actions[] = {
        [KEEPS] = RESPONSE_KEEP_SESSION, [DIALOG_CHALLENGES] = RESPONSE_AUTHENTICATE,
        [ENDS] = RESPONSE_END_DIALOG,    [DIALOG_GLARE] = RESPONSE_BACK_OFF,
        [WAITS] = RESPONSE_RETRY_AFTER,  [DIALOG_MIN_SE] = RESPONSE_RAISE_MIN_SE,
    };

    st->otherwise = RESPONSE_KEEP_SESSION;
    st->action = actions[row->dialog];
    if (row->dialog == DIALOG_MIN_SE && !rules->session_timer)
        st->action = RESPONSE_KEEP_SESSION;
    if (!scode) /* as 408 (RFC 3261 12.2.1.2) */
        st->action = RESPONSE_END_DIALOG;
    if (st->action == RESPONSE_END_DIALOG) {
        st->otherwise = RESPONSE_END_DIALOG;
        st->tone = tone_of(row, scode, rules); /* as for a call that failed (DEF) */
    }
}

/* It goes where the line registers: it neither moves nor follows redirects by itself (DEF). */
static void step_subscribe(struct response_step *st, const struct row *row, uint16_t scode)
{
    st->action = st->otherwise = RESPONSE_RETRY_SHORT;
    if (!scode)
        return;
    if (row->invite == CHALLENGES)
        st->action = RESPONSE_AUTHENTICATE;
    else if (row->scode == 423)
        st->action = RESPONSE_RAISE_EXPIRES;
    else if (row->scode == 481) /* RFC 6665 4.1.2.2 */
        st->action = RESPONSE_END_DIALOG;
}

struct response_step response_next(enum response_context ctx, uint16_t scode,
                                   const struct response_rules *rules)
{
    struct response_step st = {.tone = RESPONSE_TONE_NONE, .text = response_text(scode)};
    const struct row *row = get_row(scode);

    switch (ctx) {
    case RESPONSE_TO_REGISTER:
        step_register(&st, row, scode, rules);
        break;
    case RESPONSE_TO_INVITE:
        step_invite(&st, row, scode, rules);
        break;
    case RESPONSE_IN_DIALOG:
        step_dialog(&st, row, scode, rules);
        break;
    case RESPONSE_TO_SUBSCRIBE:
        step_subscribe(&st, row, scode);
        break;
    }
    return st;
}
