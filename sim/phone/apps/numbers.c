/* SPDX-License-Identifier: BSD-3-Clause */
/* Speed dial positions, the mailbox, star codes, ring tones of the extensions (devices.md 8, 11.4).
 */
#include <stdio.h>
#include <string.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"

/* ---- speed dial: 2 to 9, 1 belongs to voice mail (u) */

enum { FIRST_POSITION = 2, POSITIONS = 8 };

/* Of a 6800 it has a name beside the number (provisioning.md 5.2). */
static const enum param_id spa_numbers[POSITIONS] = {P_Speed_Dial_2, P_Speed_Dial_3, P_Speed_Dial_4,
                                                     P_Speed_Dial_5, P_Speed_Dial_6, P_Speed_Dial_7,
                                                     P_Speed_Dial_8, P_Speed_Dial_9};
static const enum param_id mpp_numbers[POSITIONS] = {
    P_Speed_Dial_2_Number, P_Speed_Dial_3_Number, P_Speed_Dial_4_Number, P_Speed_Dial_5_Number,
    P_Speed_Dial_6_Number, P_Speed_Dial_7_Number, P_Speed_Dial_8_Number, P_Speed_Dial_9_Number};
static const enum param_id mpp_names[POSITIONS] = {
    P_Speed_Dial_2_Name, P_Speed_Dial_3_Name, P_Speed_Dial_4_Name, P_Speed_Dial_5_Name,
    P_Speed_Dial_6_Name, P_Speed_Dial_7_Name, P_Speed_Dial_8_Name, P_Speed_Dial_9_Name};

static enum param_id number_id(const struct phone *ph, unsigned i)
{
    return (ph->model->family == FAMILY_MPP68XX ? mpp_numbers : spa_numbers)[i];
}

static const char *position(const struct phone *ph, unsigned i)
{
    return param_get(ph->params, number_id(ph, i), 0);
}

const char *phone_speed_dial(const struct phone *ph, const char *digits)
{
    const unsigned i = (unsigned)(*digits - '0') - FIRST_POSITION;

    return *digits && !digits[1] && i < POSITIONS ? position(ph, i) : "";
}

static void speed_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Speed Dial");
}

static unsigned speed_count(const struct phone *ph)
{
    (void)ph;
    return POSITIONS;
}

static void speed_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const char *text = position(ph, i);
    const char *name = param_get(ph->params, mpp_names[i], 0);

    if (*text && *name) /* only a 6800 can have one */
        text = name;
    snprintf(buf, size, "%s", *text ? text : "<Not Assigned>");
}

static void load(const struct phone *ph, unsigned field, char *buf, size_t size)
{
    (void)field;
    snprintf(buf, size, "%s", position(ph, app_top(ph)->number));
}

static int save(struct phone *ph)
{
    return !app_set(ph, number_id(ph, app_top(ph)->number), 0, ph->apps->fields[0].text);
}

static void position_label(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "Enter Speed Dial %u:", app_top(ph)->number + FIRST_POSITION);
}

static const struct app_edit edit_position = {.title = "Speed Dial",
                                              .labels = {"Enter Number:"},
                                              .label = position_label,
                                              .sets = {KEY_SET_DIAL},
                                              .n_fields = 1,
                                              .load = load,
                                              .save = save};

static int speed_select(struct phone *ph, unsigned i)
{
    return app_open(ph, &app_edit, &edit_position, i);
}

static int speed_key(struct phone *ph, unsigned i, const char *keyword)
{
    char number[64];

    if (strcmp(keyword, "edit") == 0)
        return speed_select(ph, i);
    if (strcmp(keyword, "delete") == 0)
        return app_set(ph, number_id(ph, i), 0, ""), 1;
    snprintf(number, sizeof(number), "%.63s", position(ph, i));
    return app_dial(ph, number);
}

static const struct app_list speed_list = {.title = speed_title,
                                           .count = speed_count,
                                           .row = speed_row,
                                           .select = speed_select,
                                           .softkey = speed_key,
                                           .keys = {"edit", "dial", "delete", "cancel"},
                                           .first_number = FIRST_POSITION};

const struct app app_speed_dial = {.name = "speed-dial", .list = &speed_list};

/* ---- the mailbox */

static int save_mailbox(struct phone *ph)
{
    char number[64];

    snprintf(number, sizeof(number), "%.63s", ph->apps->fields[0].text);
    return *number && !app_set(ph, P_Voice_Mail_Number, 0, number) && app_dial(ph, number);
}

static const struct app_edit ask_mailbox = {.title = "Voice Mail",
                                            .labels = {"Enter Number:"},
                                            .sets = {KEY_SET_DIAL},
                                            .n_fields = 1,
                                            .save = save_mailbox};

bool app_asks_mailbox(const struct phone *ph)
{
    const struct app_frame *top = app_top(ph);

    return top && top->app == &app_edit && top->what == &ask_mailbox;
}

/* The messages key asks for the number it does not know (devices.md 4 [941]). */
int app_call_messages(struct phone *ph)
{
    const char *number = param_get(ph->params, P_Voice_Mail_Number, 0);

    if (!ph->model->lcd.width_px || *number)
        return *number && app_dial(ph, number);
    app_close_all(ph);
    return app_open(ph, &app_edit, &ask_mailbox, 0) && app_above(ph);
}

/* ---- ring tones: one per extension */

/* Choices 1 to 10, on a 525G 12; then these. */
static const char *const others[] = {"No Ring", "User 1", "User 2"};

static unsigned n_tones(const struct phone *ph)
{
    return ph->model->family == FAMILY_SPA3XX || ph->model->family == FAMILY_SPA5XX ? 10 : 12;
}

static void tone_value(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    if (i < n_tones(ph))
        snprintf(buf, size, "%u", i + 1);
    else
        snprintf(buf, size, "%s", others[i - n_tones(ph)]);
}

/* "n=Classic-1;w=3;c=1" has the name of the tone. */
static void tone_name(const struct phone *ph, const char *value, char *buf, size_t size)
{
    static const enum param_id ids[] = {P_Ring1, P_Ring2, P_Ring3, P_Ring4,  P_Ring5,  P_Ring6,
                                        P_Ring7, P_Ring8, P_Ring9, P_Ring10, P_Ring11, P_Ring12};
    unsigned n = 0;

    (void)sscanf(value, "%2u", &n);
    const char *script = n && n <= 12 ? param_get(ph->params, ids[n - 1], 0) : "";
    const char *name = strncmp(script, "n=", 2) == 0 ? script + 2 : NULL;
    if (name)
        snprintf(buf, size, "%.*s", (int)strcspn(name, ";"), name);
    else
        snprintf(buf, size, "%s", value);
}

static void tone_title(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "Ext %u", app_top(ph)->number);
}

static unsigned tone_count(const struct phone *ph)
{
    return n_tones(ph) + sizeof(others) / sizeof(others[0]);
}

static void tone_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    char value[16];

    tone_value(ph, i, value, sizeof(value));
    tone_name(ph, value, buf, size);
}

static int tone_select(struct phone *ph, unsigned i)
{
    char value[16];

    tone_value(ph, i, value, sizeof(value));
    return app_set(ph, P_Default_Ring, (uint16_t)app_top(ph)->number, value) ? 1 : app_close(ph);
}

/* "play previews" */
static int tone_key(struct phone *ph, unsigned i, const char *keyword)
{
    char value[16], name[24];

    if (strcmp(keyword, "play") != 0 || i >= n_tones(ph))
        return 0;
    tone_value(ph, i, value, sizeof(value));
    snprintf(name, sizeof(name), "Ring%s", value);
    (void)phone_play_ring(ph, name);
    return 1;
}

static int tone_init(struct phone *ph)
{
    const char *now = param_get(ph->params, P_Default_Ring, (uint16_t)app_top(ph)->number);
    char value[16];

    for (unsigned i = 0; i < tone_count(ph); i++) {
        tone_value(ph, i, value, sizeof(value));
        if (strcmp(value, now) == 0)
            app_top(ph)->selected = (uint16_t)i;
    }
    return 1;
}

static const struct app_list tone_list = {.title = tone_title,
                                          .count = tone_count,
                                          .row = tone_row,
                                          .select = tone_select,
                                          .softkey = tone_key,
                                          .keys = {"select", "play", NULL, "cancel"}};
static const struct app tone_choice = {.name = "ring-tone", .init = tone_init, .list = &tone_list};

static void ring_title(const struct phone *ph, char *buf, size_t size)
{
    snprintf(buf, size, "%s", app_menu_item(ph)); /* Ring Tone, Ring Type, Ringtone */
}

static unsigned ring_count(const struct phone *ph)
{
    return ph->model->n_lines;
}

static void ring_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    char name[40];

    tone_name(ph, param_get(ph->params, P_Default_Ring, (uint16_t)(i + 1)), name, sizeof(name));
    snprintf(buf, size, "Ext %u: %s", i + 1, name);
}

static int ring_select(struct phone *ph, unsigned i)
{
    return app_open(ph, &tone_choice, NULL, i + 1);
}

static const struct app_list ring_list = {.title = ring_title,
                                          .count = ring_count,
                                          .row = ring_row,
                                          .select = ring_select,
                                          .keys = {"select", NULL, NULL, "cancel"}};

const struct app app_ring_tones = {.name = "ring-tone", .list = &ring_list};

/* ---- star codes: picked from a list instead of known by heart (devices.md 5.3, 11.4) */

static const struct {
    const char *name;
    enum param_id code;
} star_codes[] = {
    {"Call Return", P_Call_Return_Code},
    {"Forward All", P_Cfwd_All_Act_Code},
    {"Forward All Off", P_Cfwd_All_Deact_Code},
    {"Forward Busy", P_Cfwd_Busy_Act_Code},
    {"Forward Busy Off", P_Cfwd_Busy_Deact_Code},
    {"Forward No Ans", P_Cfwd_No_Ans_Act_Code},
    {"Forward No Ans Off", P_Cfwd_No_Ans_Deact_Code},
    {"Do Not Disturb", P_DND_Act_Code},
    {"Do Not Disturb Off", P_DND_Deact_Code},
    {"Block Caller ID", P_Block_CID_Act_Code},
    {"Block CID Off", P_Block_CID_Deact_Code},
    {"Block Anonymous", P_Block_ANC_Act_Code},
    {"Block Anon Off", P_Block_ANC_Deact_Code},
    {"Call Waiting", P_CW_Act_Code},
    {"Call Waiting Off", P_CW_Deact_Code},
    {"Pickup", P_Call_Pickup_Code},
    {"Group Pickup", P_Group_Call_Pickup_Code},
    {"Park", P_Call_Park_Code},
    {"Unpark", P_Call_UnPark_Code},
    {"Paging", P_Paging_Code},
    {"Call Back", P_Call_Back_Act_Code},
    {"Call Back Off", P_Call_Back_Deact_Code},
};

static void codes_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Star Codes");
}

static unsigned codes_count(const struct phone *ph)
{
    (void)ph;
    return sizeof(star_codes) / sizeof(star_codes[0]);
}

/* The code comes first: a small display cuts the name. */
static void codes_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    snprintf(buf, size, "%.15s %s", param_get(ph->params, star_codes[i].code, 0),
             star_codes[i].name);
}

/* As if it were dialled. */
static int codes_select(struct phone *ph, unsigned i)
{
    char code[32];

    snprintf(code, sizeof(code), "%.31s", param_get(ph->params, star_codes[i].code, 0));
    app_close_all(ph);
    if (!(ph->calls && ph->calls->input.open) && phone_input_open(ph, INPUT_NUMBER, 0))
        return 1;
    for (const char *p = code; *p && ph->calls->input.open; p++)
        (void)phone_input_key(ph, *p);
    return 1;
}

static const struct app_list codes_list = {.title = codes_title,
                                           .count = codes_count,
                                           .row = codes_row,
                                           .select = codes_select,
                                           .keys = {"select", NULL, NULL, "cancel"}};
const struct app app_star_codes = {.name = "star-codes", .list = &codes_list};

/* What the "option" key of the wide displays offers beside dialling [DEF]. */
const struct menu *app_options_menu(void)
{
    static const struct menu_item items[] = {
        {.title = "Star Codes", .kind = MENU_APP, .what = &app_star_codes},
        {.title = "Directories", .kind = MENU_APP, .what = &app_directory},
        {.title = "Speed Dial", .kind = MENU_APP, .what = &app_speed_dial},
    };
    static const struct menu menu = {
        .title = "Options", .items = items, .n = sizeof(items) / sizeof(items[0])};

    return &menu;
}
