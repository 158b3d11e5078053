/* SPDX-License-Identifier: BSD-3-Clause */
/* Off hook and dialling (devices.md 6.3, 5.2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

static const char *key_list(const struct phone *ph)
{
    return app_key_list(ph, phone_input_empty(ph) ? P_Off_Hook_Key_List : P_Dialing_Input_Key_List);
}

static void header(const struct phone *ph, const struct phone_input *in, struct screen *s)
{
    const unsigned key = in->key ? in->key : in->line;
    char *label = phone_expand(ph, param_get(ph->params, P_Short_Name, (uint16_t)key), in->line);

    if (in->about) /* the held call, summarised */
        snprintf(s->title, sizeof(s->title), "Holding %.50s", in->about->number);
    else
        utf8_clean(s->title, sizeof(s->title), label ? label : "");
    free(label);
}

void app_dialing_screen(const struct phone *ph, struct screen *s)
{
    static const char *const prompts[] = {
        [INPUT_NUMBER] = "Enter Number:",
        [INPUT_BLIND_TRANSFER] = "Enter Blind Transfer Target:",
        [INPUT_ATTENDED_TRANSFER] = "Enter Number:",
        [INPUT_CONFERENCE] = "Enter Number:",
        [INPUT_PAGE] = "Enter Page Target:",
        [INPUT_PARK] = "Enter Number to Park:",
        [INPUT_PICKUP] = "Enter Pick Up Number:",
        [INPUT_GROUP_PICKUP] = "Enter Pick Up Group:",
        [INPUT_UNPARK] = "Enter Number to UnPark:",
        [INPUT_CFWD_ALL] = "Enter CFWD All Number:",
        [INPUT_CFWD_BUSY] = "Enter CFWD Busy Number:",
        [INPUT_CFWD_NO_ANSWER] = "Enter CFWD No Answer Number:",
    };
    const struct phone_input *in = &ph->calls->input;
    const struct phone_shared *sh = phone_shared_line(ph, in->line);
    const bool calls = in->mode == INPUT_NUMBER || in->mode == INPUT_ATTENDED_TRANSFER ||
                       in->mode == INPUT_CONFERENCE;
    const bool claiming = sh && sh->seize == SEIZE_ASKED;

    if (!ph->model->lcd.width_px)
        return;
    header(ph, in, s);
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s",
             claiming ? "Trying Line Seizure"
             : in->in.result == DIALPLAN_REJECT
                 ? phone_input_empty(ph) ? "Timeout" : "Invalid Number"
             : calls && !phone_input_empty(ph) ? "Dialing"
                                               : prompts[in->mode]);
    phone_input_print(ph, s->rows[s->n_rows++], sizeof(s->rows[0]));
    snprintf(s->mode, sizeof(s->mode), "%s", phone_input_mode(ph));
    s->icons |= phone_audio_icons(ph); /* 6.3: "line label, audio icon" */
    app_softkeys(ph, key_list(ph), s);
}

static int press_softkey(struct phone *ph, const char *keyword)
{
    if (strcmp(keyword, "dial") == 0 || strcmp(keyword, "call") == 0)
        return phone_input_finish(ph);
    if (strcmp(keyword, "delchar") == 0 || strcmp(keyword, "delchr") == 0)
        return phone_input_erase(ph, false);
    if (strcmp(keyword, "clear") == 0)
        return phone_input_erase(ph, true);
    if (strcmp(keyword, "left") == 0 || strcmp(keyword, "right") == 0)
        return phone_input_move(ph, keyword[0] == 'l' ? -1 : 1);
    if (strcmp(keyword, "alpha") == 0)
        return phone_input_turn(ph);
    if (strcmp(keyword, "cancel") == 0 || strcmp(keyword, "endcall") == 0) {
        phone_input_close(ph);
        return 1;
    }
    if (strcmp(keyword, "bxfer") == 0) { /* where a call has no room for it [DEF] */
        ph->calls->input.mode = INPUT_BLIND_TRANSFER;
        return phone_input_empty(ph) ? 1 : phone_input_finish(ph);
    }
    return app_run_softkey(ph, keyword);
}

static int press_line(struct phone *ph, unsigned key)
{
    return key != ph->calls->input.key && app_press_line(ph, key);
}

/** Returns 1 when the screen changed. */
int app_dialing_key(struct phone *ph, const char *key, char digit)
{
    const char *keyword = NULL;

    if (digit) {
        const struct phone_input *in = &ph->calls->input;
        if (!in->alpha && !in->right) /* whoever edits needs its keys again */
            ph->softkey_page = 0;
        return phone_input_key(ph, digit);
    }
    if (strncmp(key, "soft", 4) == 0)
        keyword = app_softkey(ph, key_list(ph), (unsigned)(key[4] - '1'));
    if (keyword)
        return press_softkey(ph, keyword);
    if (strcmp(key, "right") == 0 || strcmp(key, "left") == 0)
        return app_turn_page(ph, key_list(ph), key[0] == 'r' ? 1 : -1);
    if (strcmp(key, "hook") == 0 || strcmp(key, "speaker") == 0 || strcmp(key, "headset") == 0 ||
        strcmp(key, "back") == 0 || strcmp(key, "end") == 0) {
        phone_input_close(ph);
        return 1;
    }
    if (strncmp(key, "line", 4) == 0) /* another one than that which has the dial tone */
        return press_line(ph, (unsigned)strtoul(key + 4, NULL, 10));
    if (strcmp(key, "cancel") == 0) /* SPA501G: "clear the dial string" (devices.md 1.2 [D]) */
        return phone_input_erase(ph, true);
    if (strcmp(key, "redial") == 0)
        return app_redial(ph);
    if (strcmp(key, "directory") == 0)
        return app_open_directories(ph);
    if (strcmp(key, "messages") == 0 && !phone_has_messages_page(ph))
        return app_call_messages(ph);
    return strcmp(key, "select") == 0 || strcmp(key, "call") == 0 ? phone_input_finish(ph) : 0;
}
