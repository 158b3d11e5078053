/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The built-in applications of a phone (devices.md 6 to 9). An application is a const struct app;
 * which one has the display and the keys is decided in apps.c. Menus lie on a stack: cancel goes
 * back by one.
 */
#ifndef SIM_PHONE_APPS_APPS_H
#define SIM_PHONE_APPS_APPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "devices/pages.h"
#include "devices/params.h"
#include "sim/keys/entry.h"
#include "sim/lcd/screen.h"
#include "sim/loop/timer.h"
#include "sim/phone/history.h"

struct phone;
struct screen;

struct app {
    const char *name; /* as the screen's: "idle", "menu" … */
    void (*screen)(const struct phone *ph, struct screen *s);
    int (*key)(struct phone *ph, const char *key, char digit); /* 1 when the screen changed */
    int (*init)(struct phone *ph);                             /* it was opened; may be NULL */
    const struct app_list *list; /* app_list_screen() and app_list_key() serve it; NULL = none */
};

enum { APP_DEPTH = 10, APP_FIELDS = 2, APP_KEYS = 8 };

struct app_frame { /* one on the stack */
    const struct app *app;
    const void *what; /* which menu, value, question …: the application's own */
    unsigned number;  /* entry, position, extension: its own */
    uint16_t selected, top;
};

struct phone_apps { /* of a phone with something open */
    struct phone *ph;
    struct app_frame stack[APP_DEPTH];
    unsigned depth;
    struct key_entry fields[APP_FIELDS]; /* of what is edited */
    uint8_t field, n_fields;
    bool unlocked;       /* "**#" of a 79x0 */
    uint8_t n_lock_keys; /* of the three, so far */
    bool above;          /* opened in a call, or while a number is entered: shown before that */
    uint64_t moved_ms;   /* the last key, or when the topmost was opened */
    uint8_t first_digit; /* of an item's number, waiting for the second; 0 = none */
    uint64_t digit_until_ms;
    struct timer timer;
    char notice[SCREEN_COLS]; /* on the display until the next key */
    char search[32];          /* what the directory is narrowed to */
};

/* A list: numbered items, one highlighted; or lines to read. */
struct app_list {
    void (*title)(const struct phone *ph, char *buf, size_t size);
    unsigned (*count)(const struct phone *ph);
    /* "text", or "text\nsecond line", which not every display has room for */
    void (*row)(const struct phone *ph, unsigned i, char *buf, size_t size);
    int (*select)(struct phone *ph, unsigned i);
    int (*softkey)(struct phone *ph, unsigned i, const char *keyword); /* "select" and "cancel" are
                                                                          the list's own */
    /* a number behind the last that can be typed, too: select() gets it less 1; 0 = none */
    unsigned (*beyond)(const struct phone *ph);
    const char *keys[APP_KEYS]; /* keywords by cell; NULL = empty */
    const char *empty;          /* in place of items */
    unsigned first_number;      /* of the first item; 0 = 1 */
    bool plain;                 /* lines to read: "name\nvalue" */
    bool two_lines;             /* items have a second line on a SPA525G (devices.md 7) */
};

/* ---- apps.c */

const struct app *app_current(const struct phone *ph);
void app_screen(const struct phone *ph, struct screen *s);
int app_key(struct phone *ph, const char *key, char digit);
/** Of the screen event: the application's title, or its name. */
void app_title(const struct phone *ph, char *buf, size_t size);

/** On top of what is open. Returns 1, or 0 without memory or place. */
int app_open(struct phone *ph, const struct app *app, const void *what, unsigned number);
struct app_frame *app_top(const struct phone *ph); /* NULL = nothing open */
int app_above(struct phone *ph);                   /* what is open lies above a call; returns 1 */
int app_close(struct phone *ph);                   /* the topmost */
void app_close_all(struct phone *ph);
int app_say(struct phone *ph, const char *text); /* until the next key */

/** Close everything and call; says why it cannot. */
int app_dial(struct phone *ph, const char *number);

/** Voice_Mail_Number is called; asked for where there is none (devices.md 4 [941]). numbers.c */
int app_call_messages(struct phone *ph);
bool app_asks_mailbox(const struct phone *ph); /* it waits for the number */

/** A parameter as the user changes it; the screen says where it is refused. */
int app_set(struct phone *ph, enum param_id id, uint16_t index, const char *value);
bool app_may_change(const struct phone *ph); /* Phone-UI-readonly */

/** What the person may do with it: everything, or with Phone-UI-user-mode what `ua` says (5.3). */
enum page_access app_access(const struct phone *ph, enum param_id id);

/* ---- list.c */

void app_list_screen(const struct phone *ph, struct screen *s);
int app_list_key(struct phone *ph, const char *key, char digit);

/* ---- cells.c */

/** Soft keys of menus, by keyword (devices.md 5.3); i from 0, NULL = none there. */
void app_keys_show(const struct phone *ph, const char *const keys[APP_KEYS], struct screen *s);
const char *app_keys_find(const struct phone *ph, const char *const keys[APP_KEYS],
                          const char *key);
int app_keys_turn(struct phone *ph, const char *const keys[APP_KEYS], int step);

/* ---- edit.c */

struct app_edit { /* one or two texts */
    const char *title;
    const char *labels[APP_FIELDS];
    /* of the first field, where it depends; NULL = labels[0] */
    void (*label)(const struct phone *ph, char *buf, size_t size);
    enum key_set sets[APP_FIELDS];
    uint8_t n_fields;
    uint8_t password; /* bit i: field i shows stars */
    const char *done; /* the first soft key; NULL = "ok" */
    /* what stands there first; NULL = nothing */
    void (*load)(const struct phone *ph, unsigned field, char *buf, size_t size);
    /* the texts are in apps->fields; 1 closes */
    int (*save)(struct phone *ph);
};
extern const struct app app_edit;                 /* what: struct app_edit */
int app_type(struct phone *ph, const char *text); /* ENOENT nothing is edited */

/* ---- menu.c */

enum menu_kind {
    MENU_LIST,   /* what: struct menu */
    MENU_APP,    /* what: struct app */
    MENU_TEXT,   /* a parameter, entered */
    MENU_NUMBER, /* the same, of digits * # */
    MENU_YES_NO, /* a parameter */
    MENU_CHOICE, /* one of choices */
    MENU_BAR,    /* LCD_Contrast */
    MENU_SHOW,   /* what value() says */
    MENU_ASK,    /* what: struct app_question */
    MENU_DO,     /* run() */
};

struct menu_item {
    const char *title;
    enum menu_kind kind;
    enum param_id param;
    const char *choices; /* "a|b" */
    const void *what;
    void (*value)(const struct phone *ph, char *buf, size_t size);
    int (*run)(struct phone *ph);
    bool guarded;                          /* User_Password opens it (devices.md 8) */
    bool (*there)(const struct phone *ph); /* NULL = always */
};

struct menu {
    const char *title;
    const struct menu_item *items;
    unsigned n;
    unsigned beyond; /* a number that opens beyond_item, which stands elsewhere; 0 = none */
    const struct menu_item *beyond_item;
    bool services; /* the configured XML application comes behind the items (xml-services.md 9.5) */
};

struct app_question {
    const char *title, *text;
    int (*run)(struct phone *ph); /* the answer was ok */
};

/** Title of the item that opened the topmost application. */
const char *app_menu_item(const struct phone *ph);

extern const struct app app_menu;     /* what: struct menu */
extern const struct app app_choice;   /* what: struct menu_item */
extern const struct app app_yes_no;   /* what: struct menu_item */
extern const struct app app_question; /* what: struct app_question */
extern const struct app app_bar;      /* what: struct menu_item */

/** A number that a bar may be trying out just now; else the parameter's. values.c */
unsigned app_bar_value(const struct phone *ph, enum param_id id);

/* ---- the others */

extern const struct app app_history;   /* history.c; number: enum history_list */
extern const struct app app_directory; /* directory.c */
extern const struct app app_speed_dial, app_ring_tones;
extern const struct app app_product_info, app_phone_status, app_lines_status, app_prov_status;
extern const struct app app_call_statistics, app_reboot_history, app_calls_status;
extern const struct app app_languages;  /* records.c */
extern const struct app app_star_codes; /* numbers.c */
extern const struct app app_parks;      /* parks.c */

/** Profile account setup of a 6800 (provisioning.md 10). setup_account.c */
int app_open_account(struct phone *ph);
bool app_has_account(const struct phone *ph);

/** The menu behind the setup key (or what the model has instead), and parts of it. setup.c */
int app_open_setup(struct phone *ph);
/** Name, number, or what stands for neither: "Anonymous Caller", "Unknown User". history.c */
const char *app_caller(const char *name, const char *number);
int app_open_directories(struct phone *ph); /* the key of a 79x0. history.c */
const struct menu *app_history_menu(void);
const struct menu *app_options_menu(void); /* of the "option" soft key */

/** "11/21 10:32a" as the phone's formats and time zone say (devices.md 6.2). idle.c */
void app_print_time(const struct phone *ph, time_t when, char *buf, size_t size);

/** Station_Display_Name, else Station_Name. */
void app_print_station(const struct phone *ph, char *buf, size_t size);

/** Name of the configured XML service: its own, else the host of its URL; "" = none. */
void app_service_name(const struct phone *ph, bool directory, char *buf, size_t size);

#endif
