/* SPDX-License-Identifier: BSD-3-Clause */
/* Lists of the built-in screens: numbers, highlight, digits, wrapping
 * (devices.md 8 [941], 5.3, 7). */
#include <stdio.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/loop/clock.h"
#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"
#include "sim/xml/layout.h"

enum { DIGIT_WAIT_MS = 2000, ROW_BYTES = SCREEN_COLS * 2 };

/* ---- how much is in sight */

static const struct app_list *list_of(const struct phone *ph)
{
    return app_top(ph)->app->list;
}

static bool two_lines(const struct phone *ph)
{
    return list_of(ph)->two_lines && ph->model->family == FAMILY_SPA525;
}

static unsigned visible(const struct phone *ph, unsigned top)
{
    struct xml_layout l;

    xml_layout(&l, ph->model);
    const bool title = !(l.title_scrolls && top && !list_of(ph)->plain);
    const unsigned rows = l.rows - title - (ph->apps->notice[0] != '\0');
    return two_lines(ph) ? (rows + 1) / 2 : rows ? rows : 1;
}

static void settle(struct phone *ph)
{
    struct app_frame *f = app_top(ph);
    const unsigned n = f->app->list->count(ph);

    if (f->selected >= n)
        f->selected = n ? (uint16_t)(n - 1) : 0;
    if (f->selected < f->top)
        f->top = f->selected;
    while (f->selected >= f->top + visible(ph, f->top))
        f->top++;
}

/* ---- lines to read */

/* Where a sentence that is too long goes on in the next line; 0 = it fits, or has no blank. */
static size_t fold(const char *text, unsigned columns)
{
    size_t at = strlen(text) > columns ? columns : 0;

    while (at && text[at] != ' ')
        at--;
    return at;
}

/* "name: value" where that fits, else below each other. Returns how many lines there are. */
static unsigned lines(const struct phone *ph, unsigned skip, unsigned max, struct screen *s)
{
    const struct app_list *list = list_of(ph);
    struct xml_layout l;
    unsigned n = 0;

    xml_layout(&l, ph->model);
    for (unsigned i = 0; i < list->count(ph); i++) {
        char text[ROW_BYTES] = "", line[2][ROW_BYTES + 4];
        list->row(ph, i, text, sizeof(text));
        const size_t folded = strchr(text, '\n') ? 0 : fold(text, l.columns);
        const size_t name = folded ? folded : strcspn(text, "\n");
        const char *value = text[name] ? text + name + 1 : NULL;
        const bool both = value && strlen(text) + 1 + l.mark_columns <= l.columns;
        snprintf(line[0], sizeof(line[0]), "%.*s%s%s%s", (int)name, text,
                 value && !folded ? ":" : "", both ? " " : "", both ? value : "");
        snprintf(line[1], sizeof(line[1]), "  %s", value ? value : "");
        for (unsigned k = 0; k < (value && !both ? 2 : 1); k++, n++) {
            if (s && n >= skip && s->n_rows < max)
                xml_cut(s->rows[s->n_rows++], sizeof(s->rows[0]), line[k], l.columns);
        }
    }
    return n;
}

static int scroll(struct phone *ph, int step)
{
    struct app_frame *f = app_top(ph);
    const unsigned n = lines(ph, 0, 0, NULL), rows = visible(ph, 0);
    const int at = f->top + step, last = n > rows ? (int)(n - rows) : 0;

    if (at < 0 || at > last)
        return 0;
    f->top = (uint16_t)at;
    return 1;
}

/* ---- screen */

/* Where the text begins that is highlighted and has so many columns: it moves (devices.md 8 [941];
 * not on a 79xx [DEF]). */
static const char *moved(const struct phone *ph, const char *text, unsigned columns)
{
    const uint64_t still = clock_ms(ph->env->lp) - ph->apps->moved_ms;
    const unsigned n = utf8_count(text, strlen(text));

    if (n <= columns || ph->model->family == FAMILY_CP79XX)
        return text;
    const uint32_t still_ms = (uint32_t)clock_unscaled(ph->env->lp, still);
    for (unsigned k = xml_moved(n - columns, still_ms); k; k--)
        text += utf8_len(text) ? utf8_len(text) : 1;
    return text;
}

static void put_item(const struct phone *ph, unsigned i, struct screen *s)
{
    const struct app_list *list = list_of(ph);
    char text[ROW_BYTES] = "", row[ROW_BYTES + 12];
    const char *from = text;
    struct xml_layout l;

    xml_layout(&l, ph->model);
    list->row(ph, i, text, sizeof(text));
    if (!two_lines(ph))
        text[strcspn(text, "\n")] = '\0';
    const int before =
        snprintf(row, sizeof(row), "%u ", i + (list->first_number ? list->first_number : 1));
    if (i == app_top(ph)->selected && !two_lines(ph))
        from = moved(ph, text, l.columns - (unsigned)before);
    snprintf(row + before, sizeof(row) - (size_t)before, "%s", from);
    xml_cut(s->rows[s->n_rows++], sizeof(s->rows[0]), row, two_lines(ph) ? SCREEN_COLS : l.columns);
}

static void put_items(const struct phone *ph, struct screen *s)
{
    const struct app_frame *f = app_top(ph);
    const struct app_list *list = f->app->list;
    const unsigned n = list->count(ph), rows = visible(ph, f->top);

    for (unsigned i = f->top; i < n && i < f->top + rows && s->n_rows < SCREEN_ROWS; i++) {
        if (i == f->selected)
            s->selected = (uint8_t)(s->n_rows + 1);
        put_item(ph, i, s);
    }
    s->first = f->top;
    s->total = (uint16_t)n;
    if (!n && list->empty)
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s", list->empty);
}

void app_list_screen(const struct phone *ph, struct screen *s)
{
    const struct app_frame *f = app_top(ph);
    const struct app_list *list = f->app->list;
    struct xml_layout l;
    char title[ROW_BYTES] = "";

    if (!ph->model->lcd.width_px)
        return;
    xml_layout(&l, ph->model);
    list->title(ph, title, sizeof(title));
    if (list->plain) {
        s->first = f->top;
        s->total = (uint16_t)lines(ph, f->top, visible(ph, 0), s);
    } else {
        put_items(ph, s);
    }
    if (list->plain || !l.title_scrolls || !f->top)
        xml_cut(s->title, sizeof(s->title), title, l.columns);
    xml_cut(s->prompt, sizeof(s->prompt), ph->apps->notice, l.columns);
    app_keys_show(ph, list->keys, s);
}

/* ---- keys */

static int choose(struct phone *ph, unsigned i)
{
    struct app_frame *f = app_top(ph);

    if (i >= f->app->list->count(ph))
        return 0;
    f->selected = (uint16_t)i;
    settle(ph);
    if (f->app->list->select)
        (void)f->app->list->select(ph, i);
    return 1;
}

static void digit_handler(void *arg)
{
    struct phone_apps *apps = arg;
    struct phone *ph = apps->ph;
    const unsigned first = list_of(ph)->first_number ? list_of(ph)->first_number : 1;
    const unsigned number = apps->first_digit;

    apps->first_digit = 0;
    mem_ref(apps);
    if (number >= first && choose(ph, number - first))
        phone_screen_changed(ph);
    mem_deref(apps);
}

static unsigned beyond(const struct phone *ph)
{
    const struct app_list *list = list_of(ph);
    return list->beyond ? list->beyond(ph) : 0;
}

/* Two digits within 2 s make one number, leading zeros are ignored [941]; what cannot grow counts
 * at once. */
static int press_digit(struct phone *ph, unsigned digit)
{
    struct phone_apps *apps = ph->apps;
    const struct app_list *list = list_of(ph);
    const unsigned first = list->first_number ? list->first_number : 1;
    const unsigned last = list->count(ph) + first - 1, far = beyond(ph);
    const bool second = apps->first_digit && clock_ms(ph->env->lp) < apps->digit_until_ms;
    const unsigned before = apps->first_digit;
    const unsigned number = second ? before * 10u + digit : digit;

    timer_cancel(&apps->timer);
    apps->first_digit = 0;
    if (number && number == far)
        return list->select(ph, number - 1);
    if (second && number > last && before * 10 > last) { /* it only might have been far */
        (void)choose(ph, before - first);
        (void)app_key(ph, (const char[]){(char)('0' + digit), '\0'}, (char)('0' + digit));
        return 1;
    }
    if (!number || number < first || number > last)
        return 0;
    if (second || (number * 10 > last && far / 10 != number))
        return choose(ph, number - first);
    apps->first_digit = (uint8_t)number;
    apps->digit_until_ms = clock_ms(ph->env->lp) + DIGIT_WAIT_MS;
    timer_start(ph->env->lp, &apps->timer, DIGIT_WAIT_MS, digit_handler, apps);
    app_top(ph)->selected = (uint16_t)(number - first);
    settle(ph);
    return 1;
}

static int move(struct phone *ph, int step)
{
    struct app_frame *f = app_top(ph);
    const int n = (int)f->app->list->count(ph), at = (int)f->selected + step;
    const bool wraps = ph->model->family != FAMILY_CP79XX; /* SPA [941]; 79xx [DEF] */

    if (f->app->list->plain)
        return scroll(ph, step);
    if (n < 2 || (!wraps && (at < 0 || at >= n)))
        return 0;
    f->selected = (uint16_t)((at + n) % n);
    ph->apps->first_digit = 0;
    timer_cancel(&ph->apps->timer);
    settle(ph);
    return 1;
}

static int run_softkey(struct phone *ph, const char *keyword)
{
    const struct app_frame *f = app_top(ph);
    const struct app_list *list = f->app->list;
    const unsigned i = f->selected;

    if (strcmp(keyword, "cancel") == 0 || strcmp(keyword, "exit") == 0 ||
        strcmp(keyword, "back") == 0)
        return app_close(ph);
    if (strcmp(keyword, "select") == 0)
        return choose(ph, i);
    if (strcmp(keyword, "more") == 0)
        return app_keys_turn(ph, list->keys, 1);
    const int changed = list->softkey ? list->softkey(ph, i, keyword) : 0;
    if (app_top(ph) && app_top(ph)->app->list)
        settle(ph);
    return changed;
}

static bool offers(const char *const keys[APP_KEYS], const char *keyword)
{
    for (unsigned i = 0; i < APP_KEYS; i++) {
        if (keys[i] && strcmp(keys[i], keyword) == 0)
            return true;
    }
    return false;
}

/* "**#" opens and closes the configuration of a 79x0 until its menus are left (devices.md 8.3). */
static bool turns_lock(struct phone *ph, char digit)
{
    struct phone_apps *apps = ph->apps;

    if (ph->model->family != FAMILY_CP79XX)
        return false;
    if (digit == '*' && apps->n_lock_keys < 2)
        apps->n_lock_keys++;
    else if (digit != '*')
        apps->n_lock_keys = digit == '#' && apps->n_lock_keys == 2 ? 3 : 0;
    if (apps->n_lock_keys < 3)
        return false;
    apps->n_lock_keys = 0;
    apps->unlocked = !apps->unlocked;
    return app_say(ph, apps->unlocked ? "Unlocked" : "Locked"); /* [DEF: the words] */
}

int app_list_key(struct phone *ph, const char *key, char digit)
{
    const struct app_list *list = list_of(ph);
    const char *keyword;

    if (turns_lock(ph, digit))
        return 1;
    if (digit >= '0' && digit <= '9' && !list->plain)
        return press_digit(ph, (unsigned)(digit - '0'));
    if (strcmp(key, "up") == 0 || strcmp(key, "down") == 0)
        return move(ph, key[0] == 'u' ? -1 : 1);
    if (strcmp(key, "left") == 0 || strcmp(key, "right") == 0)
        return app_keys_turn(ph, list->keys, key[0] == 'r' ? 1 : -1);
    if (strcmp(key, "select") == 0)
        return choose(ph, app_top(ph)->selected);
    if (strcmp(key, "call") == 0) /* the green key, where the list has numbers */
        return offers(list->keys, "dial") ? run_softkey(ph, "dial") : 0;
    keyword = app_keys_find(ph, list->keys, key);
    return keyword ? run_softkey(ph, keyword) : 0;
}
