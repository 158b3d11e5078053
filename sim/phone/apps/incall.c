/* SPDX-License-Identifier: BSD-3-Clause */
/* The screens of a call, from ringing to its end, and their keys (devices.md 4, 5.2, 6.3, 6.4). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"
#include "sim/sip/call.h"

static void row(struct screen *s, const char *text)
{
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", text);
}

/* "From Name", or the number alone where there is no name */
static void party(struct screen *s, const char *word, const struct phone_call *pc)
{
    char text[SCREEN_COLS];
    const char *name = app_caller(pc->name, pc->number);

    snprintf(text, sizeof(text), "%s%s%.50s", word, *word ? " " : "", name);
    row(s, text);
    if (name == pc->name && pc->number[0] && strcmp(pc->name, pc->number) != 0)
        row(s, pc->number);
}

/* The timer, and at its right the lock of a call whose sound is encrypted. */
static void timer_row(struct screen *s, const struct phone_call *pc)
{
    struct phone_call_view v;
    char text[SCREEN_COLS];

    phone_call_view(pc, &v);
    snprintf(text, sizeof(text), "%02u:%02u:%02u", v.seconds / 3600, v.seconds / 60 % 60,
             v.seconds % 60);
    row(s, text);
    if (v.secure)
        s->icons |= SCREEN_ICON_SECURE;
}

static void conference_rows(const struct phone_call *pc, struct screen *s)
{
    const struct phone_call *first = pc->ph->calls->list;

    snprintf(s->title, sizeof(s->title), "Conference");
    for (; first; first = first->next) {
        if (first->conference)
            party(s, "", first);
    }
    timer_row(s, pc);
}

/* Which of several lines it is, where nothing else on the glass tells (6.3: "Ringing + line"). */
static void put_line(const struct phone_call *pc, struct screen *s)
{
    const struct phone *ph = pc->ph;
    const bool labelled = ph->model->family == FAMILY_SPA525 || ph->model->family == FAMILY_MPP68XX;
    const uint16_t key = (uint16_t)(pc->key ? pc->key : 1);

    if (labelled || ph->model->n_lines < 2)
        return;
    char *label = phone_expand(ph, param_get(ph->params, P_Short_Name, key), pc->line);
    utf8_clean(s->mode, sizeof(s->mode), label ? label : "");
    free(label);
}

/* What the user asked for, which the other side may still have to hear of. */
static bool wants_hold(const struct phone_call *pc)
{
    struct ua_call_info info = {.holding = false};

    if (pc->ua)
        ua_call_info(pc->ua, &info);
    return info.wants_hold;
}

static void call_rows(const struct phone_call *pc, struct screen *s)
{
    static const struct {
        const char *title, *word;
        bool timed;
    } looks[] = {
        [PHONE_CALL_CALLING] = {"Calling", "To", false},
        [PHONE_CALL_PROGRESS] = {"Called Party Ringing", "To", false},
        [PHONE_CALL_RINGING] = {"Ringing", "From", false},
        [PHONE_CALL_CONNECTED] = {"Connected", "", true},
        [PHONE_CALL_HOLDING] = {"Holding", "", true},
        [PHONE_CALL_ENDED] = {"", "", false},
    };
    const bool ended = pc->state == PHONE_CALL_ENDED;
    const char *title = ended ? pc->reason : looks[pc->state].title;

    if (pc->state == PHONE_CALL_CONNECTED && wants_hold(pc))
        title = "Trying to Hold";
    else if (pc->state == PHONE_CALL_HOLDING && !wants_hold(pc))
        title = "Trying to Resume";
    if (pc->transferring)
        title = "Transferring";
    else if (pc->state == PHONE_CALL_CALLING && !pc->ua) /* a shared line */
        title = "Trying Line Seizure";
    else if (pc->state == PHONE_CALL_PROGRESS && pc->scode == 183)
        title = "Session Progress";
    snprintf(s->title, sizeof(s->title), "%s", title);
    party(s, pc->call_back ? "To" : looks[pc->state].word, pc);
    if (pc->state == PHONE_CALL_RINGING && pc->diverted_by[0]) {
        char text[SCREEN_COLS];
        snprintf(text, sizeof(text), "By: %.56s", pc->diverted_by);
        row(s, text);
    }
    if (looks[pc->state].timed || (ended && pc->was_connected))
        timer_row(s, pc);
    if (!ended && pc->reason[0]) /* a re-INVITE or transfer was refused */
        row(s, pc->reason);
}

static const char *key_list(const struct phone *ph, const struct phone_call *pc)
{
    enum param_id id = P_Connected_Key_List;

    switch (pc->state) {
    case PHONE_CALL_CALLING:
    case PHONE_CALL_PROGRESS:
        id = P_Progressing_Key_List;
        break;
    case PHONE_CALL_RINGING:
        id = P_Ringing_Key_List;
        break;
    case PHONE_CALL_CONNECTED:
        id = pc->conference                             ? P_Conferencing_Key_List
             : pc->consultation && pc->wants_conference ? P_Start_Conf_Key_List
             : pc->consultation                         ? P_Start_Xfer_Key_List
                                                        : P_Connected_Key_List;
        break;
    case PHONE_CALL_HOLDING:
        id = P_Hold_Key_List;
        break;
    case PHONE_CALL_ENDED:
        id = P_Releasing_Key_List;
        break;
    }
    return app_key_list(ph, id);
}

void app_incall_screen(const struct phone *ph, struct screen *s)
{
    const struct phone_call *pc = phone_calls_focus(ph);

    if (!ph->model->lcd.width_px || !pc)
        return;
    if (phone_conference_partner(pc))
        conference_rows(pc, s);
    else
        call_rows(pc, s);
    put_line(pc, s);
    if (pc->state != PHONE_CALL_RINGING)
        s->icons |= phone_audio_icons(ph);
    app_softkeys(ph, key_list(ph, pc), s);
}

static int begin_transfer(struct phone_call *pc, enum input_mode mode)
{
    struct phone *ph = pc->ph;

    if (mode == INPUT_ATTENDED_TRANSFER && !param_bool(ph->params, P_Attn_Transfer_Serv, 0))
        return 0;
    if (pc->state == PHONE_CALL_CONNECTED)
        (void)ua_call_hold(pc->ua, true);
    if (phone_input_open(ph, mode, pc->line))
        return 0;
    ph->calls->input.about = pc;
    ph->softkey_page = 0;
    return 1;
}

static int transfer(struct phone_call *pc)
{
    if (pc->consultation)
        return phone_transfer_complete(pc) == 0;
    return begin_transfer(pc, INPUT_ATTENDED_TRANSFER);
}

/* A conference is held as a whole. */
static int hold_all(struct phone_call *pc)
{
    struct phone_call *partner = phone_conference_partner(pc);

    if (partner && partner->ua) /* it may still be on its way back */
        (void)ua_call_hold(partner->ua, true);
    return phone_hold(pc->ph, pc->id) == 0;
}

static int resume_all(struct phone_call *pc)
{
    struct phone_call *partner = phone_conference_partner(pc);
    const int changed = phone_call_resume(pc) == 0;

    if (partner && partner->ua)
        (void)ua_call_hold(partner->ua, false);
    return changed;
}

static int confer(struct phone_call *pc)
{
    if (pc->consultation && pc->wants_conference)
        return phone_conference_join(pc) == 0;
    if (!param_bool(pc->ph->params, P_Conference_Serv, 0) || pc->conference)
        return 0;
    return begin_transfer(pc, INPUT_CONFERENCE);
}

/* Both parties of a conference, or the one call. */
static int end_call(struct phone_call *pc)
{
    struct phone_call *partner = phone_conference_partner(pc);

    if (partner)
        (void)phone_hang_up(pc->ph, partner->id);
    return phone_hang_up(pc->ph, pc->id) == 0;
}

/* With the call that is held beside it: a conference, or a transfer of that one to this. */
static int join_waiting(struct phone_call *pc, bool conference)
{
    struct phone_call *waiting = phone_calls_waiting(pc);

    if (!waiting)
        return 0;
    pc->about = waiting;
    pc->consultation = true;
    return (conference ? phone_conference_join(pc) : phone_transfer_complete(pc)) == 0;
}

static int flash(struct phone_call *pc)
{
    return pc->ua && ua_call_flash(pc->ua) == 0;
}

/* The key of a SPA301, which has no other for it: the call is held and another one made, then it is
 * a conference (devices.md 1.2 [DEF]). */
static int press_flash(struct phone_call *pc)
{
    if (pc->state == PHONE_CALL_HOLDING)
        return phone_input_open(pc->ph, INPUT_NUMBER, 0) == 0;
    return pc->state == PHONE_CALL_CONNECTED ? confer(pc) : 0;
}

static int press_softkey(struct phone *ph, struct phone_call *pc, const char *keyword)
{
    static const struct {
        const char *keyword;
        int (*run)(struct phone_call *pc);
    } runs[] = {{"ignore", end_call}, {"endcall", end_call},         {"hold", hold_all},
                {"conf", confer},     {"resume", resume_all},        {"xfer", transfer},
                {"flash", flash},     {"toggle", phone_calls_toggle}};

    if (strcmp(keyword, "more") != 0)
        ph->softkey_page = 0;
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        if (strcmp(keyword, runs[i].keyword) == 0)
            return runs[i].run(pc);
    }
    if (strcmp(keyword, "answer") == 0)
        return phone_answer(ph, pc->id) == 0;
    if (strcmp(keyword, "join") == 0)
        return phone_conference_leave(pc) == 0;
    if (strcmp(keyword, "newcall") == 0)
        return phone_input_open(ph, INPUT_NUMBER, 0) == 0;
    if (strcmp(keyword, "bxfer") == 0)
        return begin_transfer(pc, INPUT_BLIND_TRANSFER);
    if (strcmp(keyword, "park") == 0)
        return begin_transfer(pc, INPUT_PARK);
    if (strcmp(keyword, "confLx") == 0 || strcmp(keyword, "xferLx") == 0)
        return join_waiting(pc, keyword[0] == 'c');
    return app_run_softkey(ph, keyword);
}

/* devices.md 4: a line key answers, resumes, or starts a call there; the active one is held. */
int app_press_line(struct phone *ph, unsigned key)
{
    static const enum phone_call_state order[] = {PHONE_CALL_RINGING, PHONE_CALL_HOLDING,
                                                  PHONE_CALL_CONNECTED};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        struct phone_call *pc = ph->calls->list;
        while (pc && !(pc->key == key && pc->state == order[i]))
            pc = pc->next;
        if (!pc)
            continue;
        phone_input_close(ph);
        if (order[i] == PHONE_CALL_RINGING)
            return phone_answer(ph, pc->id) == 0;
        return order[i] == PHONE_CALL_HOLDING ? phone_call_resume(pc) == 0 : 0;
    }
    const unsigned line = phone_key_line(ph, key);
    return line ? phone_input_open(ph, INPUT_NUMBER, line) == 0 : 0;
}

static int press_hold(struct phone_call *pc)
{
    return pc->state == PHONE_CALL_HOLDING ? resume_all(pc) : hold_all(pc);
}

/* An audio device answers, or ends what it is used for. */
static int press_device(struct phone *ph, struct phone_call *pc)
{
    const bool sticky =
        phone_shared_line(ph, pc->line) && param_bool(ph->params, P_SCA_Sticky_Auto_Line_Seize, 0);

    if (pc->state == PHONE_CALL_RINGING)
        return sticky ? phone_input_open(ph, INPUT_NUMBER, 0) == 0 : phone_answer(ph, pc->id) == 0;
    /* held calls cannot be ended until resumed [941] */
    if (pc->state == PHONE_CALL_HOLDING && wants_hold(pc))
        return phone_input_open(ph, INPUT_NUMBER, 0) == 0;
    return end_call(pc);
}

/** Returns 1 when the screen changed. */
int app_incall_key(struct phone *ph, const char *key, char digit)
{
    struct phone_call *pc = phone_calls_focus(ph);
    const char *keyword;

    if (!pc)
        return 0;
    if (digit) {
        if (pc->state == PHONE_CALL_CONNECTED)
            (void)ua_call_digit(pc->ua, digit, 0);
        return 0;
    }
    if (strncmp(key, "soft", 4) == 0) {
        keyword = app_softkey(ph, key_list(ph, pc), (unsigned)(key[4] - '1'));
        return keyword ? press_softkey(ph, pc, keyword) : 0;
    }
    if (strncmp(key, "line", 4) == 0)
        return app_press_line(ph, (unsigned)strtoul(key + 4, NULL, 10));
    if (strcmp(key, "hold") == 0)
        return press_hold(pc);
    if (strcmp(key, "redial") == 0)
        return app_redial(ph);
    if (strcmp(key, "flash") == 0)
        return press_flash(pc);
    if (strcmp(key, "call") == 0)
        return pc->state == PHONE_CALL_RINGING ? phone_answer(ph, pc->id) == 0
               : pc->state == PHONE_CALL_ENDED ? phone_input_open(ph, INPUT_NUMBER, 0) == 0
                                               : 0;
    if (strcmp(key, "end") == 0 || strcmp(key, "cancel") == 0) /* devices.md 1.2 */
        return end_call(pc);
    if (strcmp(key, "transfer") == 0)
        return transfer(pc);
    if (strcmp(key, "conference") == 0)
        return confer(pc);
    if (strcmp(key, "right") == 0 || strcmp(key, "left") == 0)
        return app_turn_page(ph, key_list(ph, pc), key[0] == 'r' ? 1 : -1);
    if (strcmp(key, "up") == 0 || strcmp(key, "down") == 0)
        return phone_calls_walk(pc, key[0] == 'd' ? 1 : -1);
    if (strcmp(key, "messages") == 0)
        return app_call_messages(ph);
    if (strcmp(key, "directory") == 0)
        return app_open_directories(ph);
    if (strcmp(key, "setup") == 0 && app_open_setup(ph))
        return app_above(ph);
    if (strcmp(key, "hook") == 0 || strcmp(key, "speaker") == 0 || strcmp(key, "headset") == 0)
        return press_device(ph, pc);
    return 0;
}
