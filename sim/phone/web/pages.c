/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The pages for people: tabs of rows, for the user and for the administrator, basic and advanced
 * (devices.md 14). Each tab is a page and a form of its own: going to another drops what was not
 * submitted (provisioning.md 11). How a page names its tabs is not established: "?tab=Ext_1" [DEF].
 */
#include <stdlib.h>
#include <string.h>

#include "sim/phone/web/html.h"
#include "sim/phone/web/pages.h"

enum { RESTART_REFRESH_S = 8 };

/* ---- tabs */

static void print_tab(char *buf, size_t size, const struct page_tab_at *at)
{
    static const char *const titles[] = {"Info", "Call History", "Personal Directory",
                                         "Attendant Console Status"};
    const unsigned own = at->tab - (unsigned)TAB_INFO; /* of those that are no tab of parameters */

    if (own < sizeof(titles) / sizeof(titles[0]))
        snprintf(buf, size, "%s", titles[own]);
    else if (at->n)
        snprintf(buf, size, "%s %u", page_tab_title((enum page_tab)at->tab), at->n);
    else
        snprintf(buf, size, "%s", page_tab_title((enum page_tab)at->tab));
}

/* As a query has it: "Ext_1" */
static void print_tab_name(char *buf, size_t size, const struct page_tab_at *at)
{
    print_tab(buf, size, at);
    for (char *p = buf; *p; p++)
        *p = *p == ' ' ? '_' : *p;
}

static bool has_rows(const struct web_call *c, const struct page_tab_at *at)
{
    unsigned in = PAGE_TABS;

    for (const struct page_row *row = page_rows(); row->tab != PAGE_TABS; row++) {
        if (row->title)
            in = row->tab;
        else if (in == at->tab && web_row_shown(c, row, at))
            return true;
    }
    return false;
}

static struct page_tab_at tab_at(unsigned tab)
{
    return (struct page_tab_at){.tab = tab, .n = tab == PAGE_EXT};
}

/* The tab after this one; tab TAB_INFO begins, those beside Voice come last; false: there are no
 * more. */
static bool next_tab(const struct web_call *c, struct page_tab_at *at)
{
    if (at->tab > TAB_INFO)
        return ++at->tab < (web_has_consoles(c->ph) ? TABS_END : TAB_CONSOLES);
    do {
        if (at->tab == PAGE_EXT && at->n < c->ph->model->n_lines)
            at->n++;
        else
            *at = tab_at(at->tab == TAB_INFO ? 0 : at->tab + 1);
    } while (at->tab < PAGE_TABS && !has_rows(c, at));
    if (at->tab == PAGE_TABS)
        *at = (struct page_tab_at){web_has_people(c->ph) ? TAB_CALLS : TABS_END, 0};
    return at->tab < TABS_END;
}

/* "tab=NAME" of the query; anything else is the first. */
static struct page_tab_at wanted_tab(const struct web_call *c)
{
    struct page_tab_at at = {TAB_INFO, 0};

    if (strncmp(c->query, "tab=", 4) != 0)
        return at;
    do {
        char name[32];
        print_tab_name(name, sizeof(name), &at);
        if (strcmp(name, c->query + 4) == 0)
            return at;
    } while (next_tab(c, &at));
    return (struct page_tab_at){TAB_INFO, 0};
}

static void put_tabs(const struct web_call *c, FILE *f, const struct page_tab_at *here)
{
    struct page_tab_at at = {TAB_INFO, 0};
    char name[32], title[32];

    fputs("<nav aria-label=\"Pages\">\n", f);
    do {
        print_tab_name(name, sizeof(name), &at);
        print_tab(title, sizeof(title), &at);
        fprintf(f, "<a%s href=\"?tab=%s\"%s>%s</a>\n",
                at.tab == TAB_CALLS ? " class=\"beside\"" : "", name,
                at.tab == here->tab && at.n == here->n ? " aria-current=\"page\"" : "", title);
    } while (next_tab(c, &at));
    fputs("</nav>\n", f);
}

/* ---- the frame */

static void put_view(FILE *f, const char *path, const char *tab, const char *text, bool here)
{
    if (here)
        fprintf(f, "<b>%s</b>\n", text);
    else
        fprintf(f, "<a href=\"%s?tab=%s\">%s</a>\n", path, tab, text);
}

static void put_head(const struct web_call *c, FILE *f, const struct page_tab_at *at)
{
    const struct phone *ph = c->ph;
    const char *user = phone_user(ph);
    char tab[32], mac[24];

    snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", ph->id.mac[0], ph->id.mac[1],
             ph->id.mac[2], ph->id.mac[3], ph->id.mac[4], ph->id.mac[5]);
    print_tab_name(tab, sizeof(tab), at);
    fprintf(f, "<header><div class=\"top\"><h1>%s</h1><span class=\"who\">", ph->model->product);
    html_put(f, user);
    fprintf(f, "%s%s &middot; %s</span>\n<span class=\"views\">", *user ? " &middot; " : "", mac,
            ph->firmware);
    put_view(f, c->advanced ? "/advanced" : "/", tab, "User Login", !c->admin);
    put_view(f, c->advanced ? "/admin/advanced" : "/admin/", tab, "Admin Login", c->admin);
    put_view(f, c->admin ? "/admin/" : "/", tab, "basic", !c->advanced);
    put_view(f, c->admin ? "/admin/advanced" : "/advanced", tab, "advanced", c->advanced);
    fputs("</span></div>\n", f);
    put_tabs(c, f, at);
    fputs("</header>\n<main>\n", f);
}

static void put_result(FILE *f, const struct submit_result *r, bool people)
{
    fprintf(f, "<p class=\"note\" id=\"note\">%u %s%s changed.%s</p>\n", r->n_changed,
            people ? "entr" : "parameter",
            people              ? r->n_changed == 1 ? "y has" : "ies have"
            : r->n_changed == 1 ? " has"
                                : "s have",
            r->restarts ? " The phone restarts when it is not in use." : "");
    if (r->n_refused) {
        fputs("<p class=\"note bad\" id=\"refused\">Not taken: ", f);
        html_put(f, r->refused);
        fputs(".</p>\n", f);
    }
}

static void put_form(const struct web_call *c, FILE *f, const struct page_tab_at *at)
{
    char tab[32];

    print_tab_name(tab, sizeof(tab), at);
    fprintf(f, "<form method=\"post\" action=\"?tab=%s\" autocomplete=\"off\">\n", tab);
    web_put_fields(c, f, at);
    fputs("<div class=\"send\"><button type=\"reset\">Undo All Changes</button>"
          "<button type=\"submit\" class=\"go\">Submit All Changes</button></div>\n</form>\n",
          f);
}

static void submit(const struct web_call *c, const struct page_tab_at *at, struct submit_result *r)
{
    if (at->tab == TAB_CALLS)
        web_submit_calls(c, r);
    else if (at->tab == TAB_BOOK)
        web_submit_book(c, r);
    else if (at->tab != TAB_CONSOLES)
        web_submit(c, r);
}

static void put_tab(const struct web_call *c, FILE *f, const struct page_tab_at *at)
{
    if (at->tab == TAB_INFO)
        web_put_info(c->ph, f);
    else if (at->tab == TAB_CALLS)
        web_put_calls(c->ph, f);
    else if (at->tab == TAB_BOOK)
        web_put_book(c->ph, f);
    else if (at->tab == TAB_CONSOLES)
        web_put_consoles(c->ph, f);
    else
        put_form(c, f, at);
}

static void show(const struct web_call *c)
{
    const struct page_tab_at at = wanted_tab(c);
    const bool posted = strcmp(c->req->method, "POST") == 0;
    struct submit_result result = {.n_changed = 0};
    struct web_stream s;
    char tab[32], title[100];

    if (posted)
        submit(c, &at, &result);
    FILE *f = web_stream_open(&s, c->reply);
    if (!f)
        return;
    print_tab(tab, sizeof(tab), &at);
    snprintf(title, sizeof(title), "%s %s - %s", c->ph->model->product, phone_user(c->ph), tab);
    html_begin(f, title, result.restarts ? RESTART_REFRESH_S : 0);
    put_head(c, f, &at);
    if (posted)
        put_result(f, &result, at.tab > TAB_INFO);
    put_tab(c, f, &at);
    fputs("</main>\n", f);
    html_end(f);
    web_stream_take(&s, c->reply, "text/html; charset=utf-8");
    html_headers(c->reply);
}

void web_user_basic(const struct web_call *c)
{
    show(c);
}

void web_user_advanced(const struct web_call *c)
{
    const struct web_call view = {c->ph, c->req, c->query, c->reply, .advanced = true};

    show(&view);
}

void web_admin_basic(const struct web_call *c)
{
    const struct web_call view = {c->ph, c->req, c->query, c->reply, .admin = true};

    show(&view);
}

void web_admin_advanced(const struct web_call *c)
{
    const struct web_call view = {c->ph,    c->req,        c->query,
                                  c->reply, .admin = true, .advanced = true};

    show(&view);
}
