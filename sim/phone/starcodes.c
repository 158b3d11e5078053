/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Vertical service codes that the phone itself serves: forwards, do not disturb, caller ID, call
 * waiting, secure calls, codecs, call return, call back, blind transfer, paging (devices.md 11.4).
 * Where the service is off the code is a number like any other; those of the server (park, pickup
 * …) always are.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/calls.h"
#include "sim/phone/features.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/codec.h"

enum { STARCODE_BYTES = 32 };

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
    {P_Secure_All_Call_Act_Code, P_Secure_Call_Serv, P_Secure_Call_Setting, "Yes", 0},
    {P_Secure_No_Call_Act_Code, P_Secure_Call_Serv, P_Secure_Call_Setting, "No", 0},
};

/* A service the family has no parameter for is on. */
static bool serves(const struct phone *ph, enum param_id service)
{
    return !*param_get(ph->params, service, 0) || param_bool(ph->params, service, 0);
}

static bool in_service(const struct phone *ph, const struct starcode *c)
{
    return c->service == c->target || serves(ph, c->service);
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

/* ---- for the call that follows */

static const struct {
    enum param_id code;
    enum call_wish wish, against;
} of_calls[] = {
    {P_Block_CID_Per_Call_Act_Code, CALL_HIDES, CALL_SHOWS},
    {P_Block_CID_Per_Call_Deact_Code, CALL_SHOWS, CALL_HIDES},
    {P_CW_Per_Call_Act_Code, CALL_WAITS, CALL_ALONE},
    {P_CW_Per_Call_Deact_Code, CALL_ALONE, CALL_WAITS},
    {P_Secure_One_Call_Act_Code, CALL_SECURE, CALL_CLEAR},
    {P_Secure_One_Call_Deact_Code, CALL_CLEAR, CALL_SECURE},
};

static const struct {
    enum param_id prefer, force;
    enum codec_id codec;
} of_codecs[] = {
    {P_Prefer_G711u_Code, P_Force_G711u_Code, CODEC_PCMU},
    {P_Prefer_G711a_Code, P_Force_G711a_Code, CODEC_PCMA},
    {P_Prefer_G722_Code, P_Force_G722_Code, CODEC_G722},
    {P_Prefer_G726r16_Code, P_Force_G726r16_Code, CODEC_G726_16},
    {P_Prefer_G726r24_Code, P_Force_G726r24_Code, CODEC_G726_24},
    {P_Prefer_G726r32_Code, P_Force_G726r32_Code, CODEC_G726_32},
    {P_Prefer_G726r40_Code, P_Force_G726r40_Code, CODEC_G726_40},
    {P_Prefer_G729a_Code, P_Force_G729a_Code, CODEC_G729A},
};

/* Length of the code that the number begins with, 0 = it does not. */
static size_t begins(const struct phone *ph, const char *number, enum param_id id)
{
    const char *code = param_get(ph->params, id, 0);
    const size_t n = strlen(code);

    return strncmp(number, code, n) == 0 ? n : 0;
}

/* Which code is it, and what are the wishes then? Codecs the model has not are no codes. */
static size_t find_wish(const struct phone *ph, const char *number, uint16_t *wishes)
{
    const uint32_t able = codec_model_bits(ph->model);
    size_t n;

    for (size_t i = 0; i < sizeof(of_calls) / sizeof(of_calls[0]); i++) {
        if (!(n = begins(ph, number, of_calls[i].code)))
            continue;
        *wishes = (uint16_t)((*wishes & ~of_calls[i].against) | of_calls[i].wish);
        return n;
    }
    for (size_t i = 0; i < sizeof(of_codecs) / sizeof(of_codecs[0]); i++) {
        const size_t forced = begins(ph, number, of_codecs[i].force);
        if (!(able & 1U << of_codecs[i].codec) ||
            !(n = forced ? forced : begins(ph, number, of_codecs[i].prefer)))
            continue;
        *wishes = (uint16_t)((*wishes & (CALL_ONE_CODEC - 1)) | CALL_CODEC * of_codecs[i].codec |
                             (forced ? CALL_ONE_CODEC : 0));
        return n;
    }
    return 0;
}

/* Dial tone again, or the number behind it at once. */
static bool wish(struct phone *ph, unsigned line, const char *number)
{
    uint16_t wishes = ph->calls->wishes;
    const size_t n = find_wish(ph, number, &wishes);

    if (!n)
        return false;
    if (!number[n] && phone_input_open(ph, INPUT_NUMBER, line))
        return true;
    ph->calls->wishes = wishes;
    if (number[n])
        (void)phone_call_number(ph, line, number + n, NULL);
    return true;
}

/* The call that is held, or about to be, is the one to be transferred [DEF]. */
bool phone_starcode_transfer(struct phone *ph, const char *number)
{
    const size_t n = begins(ph, number, P_Blind_Transfer_Code);
    struct phone_call *pc = phone_calls_in(ph, PHONE_CALL_HOLDING);

    if (!pc)
        pc = phone_calls_in(ph, PHONE_CALL_CONNECTED);
    if (!n || !pc || !pc->ua || !param_bool(ph->params, P_Blind_Transfer_Serv, 0))
        return false;
    if (number[n])
        return phone_transfer_blind(pc, number + n) == 0;
    if (phone_input_open(ph, INPUT_BLIND_TRANSFER, pc->line))
        return false;
    ph->calls->input.about = pc;
    return true;
}

/* The number behind the code, or the one that is asked for [DEF: that the phone itself serves it].
 */
static bool page(struct phone *ph, unsigned line, const char *number)
{
    const size_t n = begins(ph, number, P_Paging_Code);
    const struct phone_call_order o = {.line = line, .number = number + n};

    if (!n || !serves(ph, P_Paging_Serv))
        return false;
    return number[n] ? phone_page(ph, &o) == 0 : phone_input_open(ph, INPUT_PAGE, line) == 0;
}

static bool is_code(const struct phone *ph, const char *number, enum param_id id)
{
    const char *code = param_get(ph->params, id, 0);
    return *code && strcmp(number, code) == 0;
}

/* Of the number called last; a server may have it for a shared line [DEF]. */
static bool call_back(struct phone *ph, unsigned line, const char *number)
{
    if (!serves(ph, P_Call_Back_Serv))
        return false;
    if (is_code(ph, number, P_Call_Back_Act_Code))
        return phone_call_back_begin(ph, line) != EPROTO;
    if (!is_code(ph, number, P_Call_Back_Deact_Code) || phone_shared_line(ph, line))
        return false;
    phone_call_back_end(ph);
    return true;
}

size_t phone_starcodes(const struct phone *ph, const char *list[STARCODES_MAX])
{
    static const enum param_id others[] = {P_Call_Return_Code,    P_Blind_Transfer_Code,
                                           P_Call_Back_Act_Code,  P_Call_Back_Deact_Code,
                                           P_Paging_Code,         P_Call_Park_Code,
                                           P_Call_UnPark_Code,    P_Call_Pickup_Code,
                                           P_Media_Loopback_Code, P_Group_Call_Pickup_Code};
    size_t n = 0;

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        list[n++] = param_get(ph->params, codes[i].code, 0);
    for (size_t i = 0; i < sizeof(of_calls) / sizeof(of_calls[0]); i++)
        list[n++] = param_get(ph->params, of_calls[i].code, 0);
    for (size_t i = 0; i < sizeof(of_codecs) / sizeof(of_codecs[0]); i++) {
        list[n++] = param_get(ph->params, of_codecs[i].prefer, 0);
        list[n++] = param_get(ph->params, of_codecs[i].force, 0);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        list[n++] = param_get(ph->params, others[i], 0);
    for (size_t i = 0; i < n;) {
        if (*list[i] && strlen(list[i]) < STARCODE_BYTES)
            i++;
        else
            list[i] = list[--n];
    }
    return n;
}

bool phone_starcode(struct phone *ph, unsigned line, const char *number)
{
    const char *back = param_get(ph->params, P_Call_Return_Code, 0);
    size_t len;
    const struct starcode *c = find(ph, number, &len);

    if (*back && strcmp(number, back) == 0)
        return ph->calls->last_caller[0] && phone_dial(ph, ph->calls->last_caller) == 0;
    if (!c)
        return wish(ph, line, number) || phone_starcode_transfer(ph, number) ||
               call_back(ph, line, number) || page(ph, line, number);
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
