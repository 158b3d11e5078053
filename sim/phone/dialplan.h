/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Dial plans: which keys make a number, how long to wait for the next one, and what is sent in the
 * end (devices.md 12; the grammar as the SPA administration guides print it). Pure: time is passed
 * in.
 */
#ifndef SIM_PHONE_DIALPLAN_H
#define SIM_PHONE_DIALPLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/err.h"

struct dialplan; /* compiled; const and without hidden state, so any number of phones may share it
                  */

enum {
    DIALPLAN_TEXT_MAX = 4096, /* bytes of plan text (ours) */
    DIALPLAN_DIGITS_MAX = 63, /* keys of one number (ours); more are ignored */
};

#define DIALPLAN_NEVER UINT32_MAX

struct dialplan_options {
    const char *const
        *star_codes; /* vertical service codes, appended implicitly; NULL or "" skipped */
    unsigned n_star_codes;
    bool ip_dialing; /* Enable_IP_Dialing: also take [user*]a*b*c*d[*port] */
};

/**
 * Compile a plan such as "L:8,(*xx|<8:1650>xxxxxxxS0|9,1xxx!|P5<:1000>)". Free with mem_deref().
 *
 * Spec    devices.md 12. Timers without a number mean 5 s (administration guide); more than 64 s
 * count as 64 (u). An empty text or "()" has no sequence: only what `o` adds can be dialled (DEF)
 * Errors  EBADMSG cannot be read (pe: column and reason); the caller goes on with "()", so that a
 *         broken plan rejects every number (DEF, no guide says); E2BIG over a limit; ENOMEM
 */
int dialplan_alloc(struct dialplan **planp, const char *text, const struct dialplan_options *o,
                   struct parse_err *pe);

enum dialplan_result {
    DIALPLAN_MORE,    /* no sequence is complete yet */
    DIALPLAN_MATCH,   /* dial now: dialplan_number() has what to send */
    DIALPLAN_PENDING, /* complete, but more keys could follow */
    DIALPLAN_REJECT,  /* reorder tone: nothing can match, or the number is barred */
};

struct dialplan_timers {  /* ms; DIALPLAN_NEVER = wait for ever */
    uint32_t long_ms;     /* Interdigit_Long_Timer, 10 s */
    uint32_t short_ms;    /* Interdigit_Short_Timer, 3 s */
    uint32_t off_hook_ms; /* before the first key; the guides say 5 s, a dial tone plays 10 s */
};

struct dialplan_input {          /* one number being entered; read only for others */
    const struct dialplan *plan; /* the caller holds the reference */
    struct dialplan_timers timers;
    enum dialplan_result result;
    uint32_t timeout_ms; /* call dialplan_idle() this long after the last key, or DIALPLAN_NEVER */
    bool outside_tone;   /* a comma was just passed: play Outside_Dial_Tone until the next key */
    bool barred;         /* REJECT because of '!' */
    uint8_t n;
    uint16_t winner; /* sequence that matched */
    uint16_t gap_ms[DIALPLAN_DIGITS_MAX];
    char digits[DIALPLAN_DIGITS_MAX + 1];
};

/** Begin off hook. Hot lines (P0, S0) match at once; warm lines set timeout_ms. */
enum dialplan_result dialplan_start(struct dialplan_input *in, const struct dialplan *plan,
                                    const struct dialplan_timers *t);

/**
 * A key (0-9 * #) was pressed idle_ms after the one before (or after off hook). Other keys change
 * nothing, nor does any key after MATCH or REJECT. '#' that no sequence can use ends the number
 * (u).
 */
enum dialplan_result dialplan_key(struct dialplan_input *in, char key, uint32_t idle_ms);

/** Nothing was pressed for idle_ms since the last key. */
enum dialplan_result dialplan_idle(struct dialplan_input *in, uint32_t idle_ms);

/** The user says that the number is whole ("dial", a line key): MATCH or REJECT. */
enum dialplan_result dialplan_finish(struct dialplan_input *in);

/** What to send, after MATCH. ENOENT no match; EOVERFLOW does not fit. */
int dialplan_number(const struct dialplan_input *in, char *buf, size_t size);

/** A whole number at once (on-hook dialling, redial). Text with other characters than keys is no
 *  matter of the plan and is sent as it is (u). Errors as above; ENOENT rejected. */
int dialplan_apply(const struct dialplan *plan, const char *number, char *buf, size_t size);

/* What a number says beyond the user: "123@gw0", "5@192.0.2.1:5080", "1@host;nat;uid=u;pwd=p". The
 * gateway forms belong to the SPA3000/SPA3102; phones have IP dialling only. */
struct dialplan_target {
    char user[64], host[128], uid[64], pwd[64];
    uint16_t port;  /* 0 = none */
    int8_t gateway; /* gw0..gw4, -1 = none */
    bool nat;
};

/** Errors: EBADMSG not of this form; EOVERFLOW a part is too long. */
int dialplan_target_parse(struct dialplan_target *t, const char *number);

#endif
