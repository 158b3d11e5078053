/* SPDX-License-Identifier: BSD-3-Clause */
/* Extended_Function of a line key: "fnc=blf+sd+cp;sub=1010@$PROXY;nme=Desk" (sip-behaviour.md 10).
 */
#ifndef SIM_PHONE_KEYFUNC_H
#define SIM_PHONE_KEYFUNC_H

#include <stdbool.h>

enum { KEYFUNC_TEXT = 256 };

struct keyfunc {
    bool blf, sd, cp; /* monitor, speed dial, call pickup */
    bool dnd, xml, prk;
    unsigned vid; /* extension used for the subscription, 0 = not given */
    /* what the parameters say, macros as they stand; "" = not given */
    char sub[KEYFUNC_TEXT], usr[KEYFUNC_TEXT], ext[KEYFUNC_TEXT], nme[KEYFUNC_TEXT];
    char url[KEYFUNC_TEXT]; /* of fnc=xml */
};

/** Read; names in any case, unknown ones and over-long values are passed over. False: no function.
 */
bool keyfunc_parse(struct keyfunc *k, const char *text);

#endif
