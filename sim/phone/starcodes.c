/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Vertical service codes that the phone itself serves: forwards, do not disturb, caller ID, call
 * waiting, call return (devices.md 11.4). Where the service is off the code is a number like any
 * other; those of the server (park, pickup …) always are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/features.h"
#include "sim/phone/priv.h"

static const struct starcode {
    enum param_id code, service, target;
    const char *value;    /* what target becomes; NULL = the digits behind the code */
    enum input_mode mode; /* value NULL and no digits: ask for them */
} codes[] = {
    {P_Cfwd_All_Act_Code, P_Cfwd_All_Serv, P_Cfwd_All_Dest, NULL, INPUT_CFWD_ALL},
    {P_Cfwd_All_Deact_Code, P_Cfwd_All_Serv, P_Cfwd_All_Dest, "", 0},
    {P_Cfwd_Busy_Act_Code, P_Cfwd_Busy_Serv, P_Cfwd_Busy_Dest, NULL, INPUT_CFWD_BUSY},
    {P_Cfwd_Busy_Deact_Code, P_Cfwd_Busy_Serv, P_Cfwd_Busy_Dest, "", 0},
    {P_Cfwd_No_Ans_Act_Code, P_Cfwd_No_Ans_Serv, P_Cfwd_No_Ans_Dest, NULL, INPUT_CFWD_NO_ANSWER},
    {P_Cfwd_No_Ans_Deact_Code, P_Cfwd_No_Ans_Serv, P_Cfwd_No_Ans_Dest, "", 0},
    {P_DND_Act_Code, P_DND_Serv, P_DND_Setting, "Yes", 0},
    {P_DND_Deact_Code, P_DND_Serv, P_DND_Setting, "No", 0},
    {P_Block_CID_Act_Code, P_Block_CID_Serv, P_Block_CID_Setting, "Yes", 0},
    {P_Block_CID_Deact_Code, P_Block_CID_Serv, P_Block_CID_Setting, "No", 0},
    {P_Block_ANC_Act_Code, P_Block_ANC_Serv, P_Block_ANC_Setting, "Yes", 0},
    {P_Block_ANC_Deact_Code, P_Block_ANC_Serv, P_Block_ANC_Setting, "No", 0},
    {P_CW_Act_Code, P_CW_Setting, P_CW_Setting, "Yes", 0},
    {P_CW_Deact_Code, P_CW_Setting, P_CW_Setting, "No", 0},
};

static bool in_service(const struct phone *ph, const struct starcode *c)
{
    const char *text = param_get(ph->params, c->service, 0);

    return c->service == c->target || !*text || param_bool(ph->params, c->service, 0);
}

/* The longest code that number begins with; NULL = none. */
static const struct starcode *find(const struct phone *ph, const char *number, size_t *len)
{
    const struct starcode *found = NULL;

    *len = 0;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        const char *code = param_get(ph->params, codes[i].code, 0);
        const size_t n = strlen(code);
        if (n > *len && strncmp(number, code, n) == 0 && in_service(ph, &codes[i]) &&
            (!number[n] || !codes[i].value)) {
            found = &codes[i];
            *len = n;
        }
    }
    return found;
}

static void set(struct phone *ph, enum param_id target, const char *value)
{
    (void)param_set_value(ph->params, target, 0, value, PARAM_FROM_USER, NULL);
    phone_features_changed(ph);
    phone_screen_changed(ph);
}

bool phone_starcode(struct phone *ph, unsigned line, const char *number)
{
    const char *back = param_get(ph->params, P_Call_Return_Code, 0);
    size_t len;
    const struct starcode *c = find(ph, number, &len);

    if (*back && strcmp(number, back) == 0)
        return app_call_return(ph) > 0;
    if (!c)
        return false;
    if (c->value || number[len])
        set(ph, c->target, c->value ? c->value : number + len);
    else
        (void)phone_input_open(ph, c->mode, line);
    return true;
}

void phone_starcode_target(struct phone *ph, enum input_mode mode, const char *number)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (!codes[i].value && codes[i].mode == mode)
            set(ph, codes[i].target, number);
    }
}
