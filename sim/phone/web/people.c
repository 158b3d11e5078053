/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The tabs beside Voice (devices.md 14): calls placed, answered and missed, and the phone's own
 * directory, to read and to change. What they look like and how they name things is ours [DEF]; the
 * names in them are those of callers, who may write what they like.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/history.h"
#include "sim/phone/web/form.h"
#include "sim/phone/web/html.h"
#include "sim/phone/web/pages.h"

enum {
    BLANK_ROWS = 3, /* of the directory, for new entries */
    NAME_BYTES = 64,
    NUMBER_BYTES = 64,
};

bool web_has_people(const struct phone *ph)
{
    return ph->model->lcd.width_px && ph->model->family != FAMILY_CP79XX;
}

static void refuse(struct submit_result *r, const char *name, const char *why)
{
    const size_t at = strlen(r->refused);

    r->n_refused++;
    snprintf(r->refused + at, sizeof(r->refused) - at, "%s%.40s (%s)", at ? ", " : "", name, why);
}

typedef void(field_h)(struct phone *ph, struct form_field *field, void *data,
                      struct submit_result *r);

/* Every field of the form in the body; what the fields point at lives until free(). */
static char *read_form(const struct web_call *c, field_h *h, void *data, struct submit_result *r)
{
    char *form = malloc(c->req->body_len + 1), *at = form;
    struct form_field field;

    *r = (struct submit_result){.n_changed = 0};
    if (!form)
        return NULL;
    memcpy(form, c->req->body, c->req->body_len);
    form[c->req->body_len] = '\0';
    while (form_next(&at, form + c->req->body_len, &field))
        h(c->ph, &field, data, r);
    return form;
}

/* ---- call history */

static const struct {
    const char *title, *name;
} lists[HISTORY_LISTS] = {
    [HISTORY_PLACED] = {"Redial List", "placed"},
    [HISTORY_ANSWERED] = {"Answered Calls", "answered"},
    [HISTORY_MISSED] = {"Missed Calls", "missed"},
};

static void put_call(const struct phone *ph, FILE *f, unsigned list, unsigned i)
{
    const struct history_entry *e = phone_history_get(ph, (enum history_list)list, i);
    char when[24];

    app_print_time(ph, e->when, when, sizeof(when));
    fputs("<tr><td>", f);
    html_put(f, e->name);
    fputs("</td><td>", f);
    html_put(f, e->number);
    fprintf(f,
            "</td><td>%s</td><td><button name=\"remove\" value=\"%s %u %lld\">Delete</button>"
            "</td></tr>\n",
            when, lists[list].name, i, (long long)e->when);
}

void web_put_calls(const struct phone *ph, FILE *f)
{
    fputs("<form method=\"post\" action=\"?tab=Call_History\">\n", f);
    for (unsigned list = 0; list < HISTORY_LISTS; list++) {
        const unsigned n = phone_history_count(ph, (enum history_list)list);
        fprintf(f, "<section id=\"%s\"><h2>%s</h2>\n", lists[list].name, lists[list].title);
        if (!n)
            fputs("<p>No calls</p>", f);
        else
            fputs("<table><tr><th>Name</th><th>Number</th><th>Time</th><th></th></tr>\n", f);
        for (unsigned i = 0; i < n; i++)
            put_call(ph, f, list, i);
        if (n)
            fprintf(f, "</table>\n<p><button name=\"clear\" value=\"%s\">Delete all</button></p>",
                    lists[list].name);
        fputs("</section>\n", f);
    }
    fputs("</form>\n", f);
}

static unsigned find_list(const char *name, size_t len)
{
    unsigned list = 0;

    while (list < HISTORY_LISTS &&
           (strlen(lists[list].name) != len || memcmp(lists[list].name, name, len) != 0))
        list++;
    return list;
}

/* "missed 2 1700000000": the third of the list, if it is still that call. */
static bool remove_call(struct phone *ph, const char *value)
{
    const unsigned list = find_list(value, strcspn(value, " "));
    const char *p = value + strcspn(value, " ");
    char *end = NULL;

    if (list == HISTORY_LISTS)
        return false;
    const unsigned long i = strtoul(p, &end, 10);
    const struct history_entry *e =
        i < HISTORY_MAX ? phone_history_get(ph, (enum history_list)list, (unsigned)i) : NULL;
    if (end == p || !e || strtoll(end, NULL, 10) != (long long)e->when)
        return false;
    phone_history_remove(ph, (enum history_list)list, (unsigned)i);
    return true;
}

static void take_call(struct phone *ph, struct form_field *field, void *data,
                      struct submit_result *r)
{
    const unsigned list = find_list(field->value, field->value_len);

    (void)data;
    if (strcmp(field->name, "remove") == 0 && remove_call(ph, field->value)) {
        r->n_changed++;
    } else if (strcmp(field->name, "clear") == 0 && list < HISTORY_LISTS) {
        r->n_changed += phone_history_count(ph, (enum history_list)list);
        phone_history_clear(ph, (enum history_list)list);
    } else {
        refuse(r, field->name, "no such call");
    }
    if (ph->calls && !phone_history_count(ph, HISTORY_MISSED))
        ph->calls->n_missed = 0;
}

void web_submit_calls(const struct web_call *c, struct submit_result *r)
{
    free(read_form(c, take_call, NULL, r));
    phone_screen_changed(c->ph);
}

/* ---- directory */

static void put_entry(FILE *f, unsigned n, const struct history_entry *e)
{
    fprintf(f,
            "<tr><td>%u</td><td><input id=\"name_%u\" name=\"name_%u\" aria-label=\"Name %u\" "
            "value=\"",
            n, n, n, n);
    html_put(f, e ? e->name : "");
    fprintf(f,
            "\"></td><td><input id=\"number_%u\" name=\"number_%u\" aria-label=\"Number %u\" "
            "value=\"",
            n, n, n);
    html_put(f, e ? e->number : "");
    fputs("\"></td></tr>\n", f);
}

/* Whether it is still the book that the page showed. */
static uint32_t book_print(const struct phone *ph)
{
    uint32_t hash = 2166136261u;

    for (unsigned i = 0; i < phone_book_count(ph); i++) {
        const struct history_entry *e = phone_book_get(ph, i);
        const char *texts[] = {e->name, e->number};
        for (unsigned k = 0; k < 2; k++) {
            for (const char *p = texts[k]; *p; p++)
                hash = (hash ^ (unsigned char)*p) * 16777619u;
            hash = (hash ^ 0xffu) * 16777619u;
        }
    }
    return hash;
}

void web_put_book(const struct phone *ph, FILE *f)
{
    const unsigned n = phone_book_count(ph);

    fprintf(f,
            "<form method=\"post\" action=\"?tab=Personal_Directory\" autocomplete=\"off\">\n"
            "<input type=hidden name=\"book\" value=\"%u\">\n"
            "<section><h2>Personal Directory</h2>\n<table><tr><th></th><th>Name</th>"
            "<th>Number</th></tr>\n",
            book_print(ph));
    for (unsigned i = 0; i < n; i++)
        put_entry(f, i + 1, phone_book_get(ph, i));
    for (unsigned i = n; i < n + BLANK_ROWS && i < BOOK_MAX; i++)
        put_entry(f, i + 1, NULL);
    fputs("</table>\n<p>An entry without name and number is deleted.</p></section>\n"
          "<div class=\"send\"><button type=\"reset\">Undo All Changes</button>"
          "<button type=\"submit\" class=\"go\">Submit All Changes</button></div>\n</form>\n",
          f);
}

struct book_edit {
    const char *name[BOOK_MAX + BLANK_ROWS], *number[BOOK_MAX + BLANK_ROWS]; /* NULL = not sent */
    bool stale;
};

static void take_book_field(struct phone *ph, struct form_field *field, void *data,
                            struct submit_result *r)
{
    struct book_edit *edit = data;
    const bool is_name = strncmp(field->name, "name_", 5) == 0;
    const char *digits = field->name + (is_name ? 5 : 7);

    if (strcmp(field->name, "book") == 0) {
        edit->stale = strtoul(field->value, NULL, 10) != book_print(ph);
        return;
    }
    char *end = NULL;
    const unsigned long n =
        is_name || strncmp(field->name, "number_", 7) == 0 ? strtoul(digits, &end, 10) : 0;
    if (!n || *end || n > BOOK_MAX)
        refuse(r, field->name, "no such entry");
    else if (strlen(field->value) != field->value_len)
        refuse(r, field->name, "not a value for it");
    else
        (is_name ? edit->name : edit->number)[n - 1] = field->value;
}

/* The way into the phone is one: what a person could enter there with more patience. */
static const char *unfit(const char *name, const char *number)
{
    if (!*number)
        return "no number";
    if (number[strspn(number, "0123456789*#+")])
        return "not a number";
    return strlen(name) >= NAME_BYTES || strlen(number) >= NUMBER_BYTES ? "too long" : NULL;
}

static bool is_same(const struct history_entry *e, const char *name, const char *number)
{
    char *shown = html_shown(e->name); /* as the browser sends back what it was shown */
    const bool same = !shown || strcmp(shown, name) == 0 || strcmp(e->name, name) == 0;

    free(shown);
    return same && strcmp(e->number, number) == 0;
}

static unsigned place_of(const struct phone *ph, const struct history_entry *e)
{
    unsigned i = 0;

    while (phone_book_get(ph, i) && phone_book_get(ph, i) != e)
        i++;
    return i;
}

/* e NULL: a new entry. */
static void change_entry(struct phone *ph, const struct history_entry *e, const char *name,
                         const char *number, struct submit_result *r)
{
    const bool gone = !*name && !*number;
    const char *why = gone ? NULL : unfit(name, number), *shown = *name ? name : number;
    int err = 0;

    if (e ? is_same(e, name, number) : gone)
        return;
    if (why) {
        refuse(r, shown, why);
        return;
    }
    if (gone)
        phone_book_remove(ph, place_of(ph, e));
    else if (e)
        err = phone_book_change(ph, place_of(ph, e), shown, number);
    else
        err = phone_book_add(ph, shown, number);
    if (err)
        refuse(r, shown, err == E2BIG ? "the directory is full" : strerror(err));
    else
        r->n_changed++;
}

static void take_entry(struct phone *ph, const struct history_entry *e, const char *name,
                       const char *number, struct submit_result *r)
{
    if (!name && !number)
        return;
    if (!name)
        name = e ? e->name : "";
    if (!number)
        number = e ? e->number : "";
    change_entry(ph, e, name, number, r);
}

void web_submit_book(const struct web_call *c, struct submit_result *r)
{
    const struct history_entry *before[BOOK_MAX];
    const unsigned n = phone_book_count(c->ph);
    struct book_edit edit = {.stale = false};
    char *form = read_form(c, take_book_field, &edit, r);

    for (unsigned i = 0; i < n; i++)
        before[i] = phone_book_get(c->ph, i);
    if (edit.stale)
        refuse(r, "Directory", "it has changed meanwhile");
    for (unsigned i = 0; form && !edit.stale && i < BOOK_MAX; i++)
        take_entry(c->ph, i < n ? before[i] : NULL, edit.name[i], edit.number[i], r);
    free(form);
    phone_screen_changed(c->ph);
}
