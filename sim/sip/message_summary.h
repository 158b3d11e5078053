/* SPDX-License-Identifier: BSD-3-Clause */
/* Bodies of type application/simple-message-summary (sip-behaviour.md 3.5; RFC 3842 3.5, 5.2).
 * Pure. */
#ifndef SIM_SIP_MESSAGE_SUMMARY_H
#define SIM_SIP_MESSAGE_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mwi_summary {
    bool waiting;          /* lamp and icon */
    bool counted;          /* Voice-Message was there: the counts mean something */
    uint32_t n_new, n_old; /* 999999 = that or more */
    uint32_t n_urgent_new, n_urgent_old;
    char account[128]; /* Message-Account, "" = none or longer than this */
};

/**
 * Read a body. Names and values in any case, blanks anywhere around them, lines that end in CRLF,
 * LF or CR, folded lines, unknown and unreadable lines: all taken. Of two equal lines the first
 * counts.
 *
 * Spec    without a readable Messages-Waiting, new voice messages mean yes (DEF)
 * Errors  EBADMSG neither Messages-Waiting nor Voice-Message is readable: leave the lamp alone
 */
int mwi_parse(struct mwi_summary *m, const char *body, size_t len);

#endif
