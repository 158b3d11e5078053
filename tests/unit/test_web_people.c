/* SPDX-License-Identifier: BSD-3-Clause */
/* Call History and Personal Directory on the phone's own pages (devices.md 14). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/history.h"
#include "tests/support/webrig.h"

struct fixture {
    struct webrig web;
    char text[60000]; /* of the last answer */
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    *state = f;
    return f ? webrig_open(&f->web) : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    webrig_close(&f->web);
    free(f);
    return 0;
}

static void use(struct fixture *f, const char *model)
{
    webrig_phone(&f->web, model, 149);
}

#define CALLS    "/?tab=Call_History"
#define BOOK     "/?tab=Personal_Directory"
#define CONSOLES "/?tab=Attendant_Console_Status"

static unsigned ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    const unsigned status = webrig_ask(&f->web, "", method, path, body);
    const struct httpd_reply *r = &f->web.reply;

    snprintf(f->text, sizeof(f->text), "%.*s", (int)r->len, r->body ? (char *)r->body : "");
    return status;
}

static void shows(struct fixture *f, const char *text)
{
    if (!strstr(f->text, text))
        fail_msg("\"%s\" is not in\n%s", text, f->text);
}

static void post(struct fixture *f, const char *path, const char *body, const char *said)
{
    assert_int_equal(ask(f, "POST", path, body), 200);
    shows(f, said);
}

static void reads(const struct phone *ph, const char *want)
{
    char got[1000] = "";

    for (unsigned i = 0; i < phone_book_count(ph); i++) {
        const struct history_entry *e = phone_book_get(ph, i);
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s=%s;", e->name, e->number);
    }
    assert_string_equal(got, want);
}

static void calls_are_listed_and_what_callers_write_is_text(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    phone_history_add(f->web.ph, HISTORY_MISSED, "1\"><b>2", "<script>alert('x')</script>&", "");
    phone_history_add(f->web.ph, HISTORY_PLACED, "1002", "", "");
    assert_int_equal(ask(f, "GET", CALLS, ""), 200);
    shows(f, "<h2>Missed Calls</h2>\n<table>");
    shows(f, "<td>&#60;script&#62;alert(&#39;x&#39;)&#60;/script&#62;&#38;</td>"
             "<td>1&#34;&#62;&#60;b&#62;2</td>");
    shows(f, "<td>1002</td>");
    shows(f, "<h2>Answered Calls</h2>\n<p>No calls</p>");
    assert_null(strstr(f->text, "<script>"));
    assert_null(strstr(f->text, "<b>2"));
}

static void a_call_is_deleted_as_long_as_it_is_that_call(void **state)
{
    struct fixture *f = *state;
    char body[100];

    use(f, "SPA504G");
    phone_history_add(f->web.ph, HISTORY_ANSWERED, "1", "", "");
    phone_history_add(f->web.ph, HISTORY_ANSWERED, "2", "", "");
    const struct history_entry *e = phone_history_get(f->web.ph, HISTORY_ANSWERED, 1);
    snprintf(body, sizeof(body), "remove=answered+1+%lld", (long long)e->when);
    post(f, CALLS, body, "1 entry has changed.");
    assert_int_equal(phone_history_count(f->web.ph, HISTORY_ANSWERED), 1);
    assert_string_equal(phone_history_get(f->web.ph, HISTORY_ANSWERED, 0)->number, "2");
    post(f, CALLS, body, "Not taken: remove (no such call)");
    post(f, CALLS, "remove=answered+0+1", "Not taken: remove (no such call)");
    post(f, CALLS, "remove=nonsense&clear=all&x=y", "0 entries have changed.");
    post(f, CALLS, "remove=answered+99999999999+0", "0 entries have changed.");
    assert_int_equal(phone_history_count(f->web.ph, HISTORY_ANSWERED), 1);
    post(f, CALLS, "clear=answered", "1 entry has changed.");
    assert_int_equal(phone_history_count(f->web.ph, HISTORY_ANSWERED), 0);
}

static void the_directory_is_added_to_changed_and_deleted_from(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA525G2");
    post(f, BOOK, "name_1=Zo%C3%AB&number_1=12&name_2=Ann&number_2=%2A34&name_3=&number_3=56",
         "3 entries have changed.");
    reads(f->web.ph, "56=56;Ann=*34;Zo\xc3\xab=12;");
    assert_int_equal(ask(f, "GET", BOOK, ""), 200);
    shows(f, "name=\"name_2\" aria-label=\"Name 2\" value=\"Ann\"");
    shows(f, "id=\"name_6\"");
    assert_null(strstr(f->text, "name_7"));
    post(f, BOOK, "name_1=56&number_1=56&name_2=Bob&number_2=%2A34&name_3=&number_3=&name_4=",
         "2 entries have changed.");
    reads(f->web.ph, "56=56;Bob=*34;");
    post(f, BOOK, "number_2=77", "1 entry has changed.");
    reads(f->web.ph, "56=56;Bob=77;");
}

static void what_is_no_entry_is_not_taken(void **state)
{
    static const struct {
        const char *body, *said;
    } cases[] = {
        {"name_1=Ann&number_1=", "Ann (no number)"},
        {"name_1=%3Ci%3E&number_1=sip%3Ax", "&#60;i&#62; (not a number)"},
        {"name_0=A&number_0=1", "name_0 (no such entry)"},
        {"name_101=A&number_101=1", "name_101 (no such entry)"},
        {"name_x=A&other=1", "other (no such entry)"},
        {"name_1=A%00B&number_1=1", "name_1 (not a value for it)"},
        {"name_1=A&number_1=0123456789012345678901234567890123456789012345678901234567890123",
         "A (too long)"},
        {"book=1&name_1=A&number_1=1", "Directory (it has changed meanwhile)"},
    };
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(phone_book_add(f->web.ph, "Old", "5"), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        post(f, BOOK, cases[i].body, cases[i].said);
        if (phone_book_count(f->web.ph) == 2) /* what of it could be taken was */
            phone_book_remove(f->web.ph, 0);
        else if (strcmp(phone_book_get(f->web.ph, 0)->name, "Old") != 0)
            fail_msg("%s: %s", cases[i].body, phone_book_get(f->web.ph, 0)->name);
    }
}

static void a_full_directory_takes_no_more(void **state)
{
    struct fixture *f = *state;
    char name[16];

    use(f, "SPA504G");
    for (unsigned i = 0; i < BOOK_MAX; i++) {
        snprintf(name, sizeof(name), "n%03u", i);
        assert_int_equal(phone_book_add(f->web.ph, name, "1"), 0);
    }
    assert_int_equal(ask(f, "GET", BOOK, ""), 200);
    shows(f, "id=\"name_100\"");
    assert_null(strstr(f->text, "name_101"));
    post(f, BOOK, "name_100=last&number_100=2", "1 entry has changed.");
    assert_int_equal(phone_book_count(f->web.ph), BOOK_MAX);
}

static void foreign_pages_change_nothing(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    phone_history_add(f->web.ph, HISTORY_PLACED, "1", "", "");
    f->web.origin = "http://evil.test";
    assert_int_equal(ask(f, "POST", CALLS, "clear=placed"), 403);
    assert_int_equal(ask(f, "POST", BOOK, "name_1=A&number_1=1"), 403);
    assert_int_equal(phone_history_count(f->web.ph, HISTORY_PLACED), 1);
    assert_int_equal(phone_book_count(f->web.ph), 0);
}

static void without_log_in_there_is_nothing_to_see(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(phone_set(f->web.ph, "User_Password", "secret"), 0);
    assert_int_equal(ask(f, "GET", BOOK, ""), 401);
    assert_int_equal(ask(f, "POST", BOOK, "name_1=A&number_1=1"), 401);
    assert_int_equal(phone_book_count(f->web.ph), 0);
}

static void phones_without_lists_have_no_such_pages(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA301");
    assert_int_equal(ask(f, "GET", BOOK, ""), 200);
    assert_null(strstr(f->text, "Personal"));
    post(f, BOOK, "name_1=A&number_1=1", "name_1 (no such parameter here)");
}

static void the_keys_of_a_console_are_told_with_whom_they_watch(void **state)
{
    struct fixture *f = *state;

    use(f, "SPA504G");
    assert_int_equal(phone_set(f->web.ph, "Unit_1_Enable", "No"), 0);
    assert_int_equal(phone_set(f->web.ph, "Unit_2_Enable", "No"), 0);
    assert_int_equal(ask(f, "GET", "/", ""), 200);
    assert_null(strstr(f->text, "Attendant Console Status"));
    assert_int_equal(phone_set(f->web.ph, "Unit_1_Enable", "Yes"), 0);
    assert_int_equal(phone_set(f->web.ph, "Unit_1_Key_3", "fnc=sd;ext=1002@h;nme=<Desk>"), 0);
    assert_int_equal(ask(f, "GET", CONSOLES, ""), 200);
    shows(f, "<h2>Unit 1</h2>");
    shows(f, "<tr id=\"unit1_key3\"><td>3</td><td>&#60;Desk&#62;</td>");
    assert_null(strstr(f->text, "<h2>Unit 2</h2>"));
    assert_null(strstr(f->text, "unit1_key4"));
    assert_int_equal(ask(f, "POST", CONSOLES, "Unit_1_Enable=0"), 200);
    assert_string_equal(phone_get(f->web.ph, "Unit_1_Enable"), "Yes");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(calls_are_listed_and_what_callers_write_is_text),
        CASE(a_call_is_deleted_as_long_as_it_is_that_call),
        CASE(the_directory_is_added_to_changed_and_deleted_from),
        CASE(what_is_no_entry_is_not_taken),
        CASE(a_full_directory_takes_no_more),
        CASE(the_keys_of_a_console_are_told_with_whom_they_watch),
        CASE(foreign_pages_change_nothing),
        CASE(without_log_in_there_is_nothing_to_see),
        CASE(phones_without_lists_have_no_such_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
