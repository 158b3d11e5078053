/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages over HTTP: what is asked for, shown, remembered and left (xml-services.md 3.11, 5, 7.4, 8,
 * 10). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/dns/dns.h"
#include "sim/lcd/screen.h"
#include "sim/loop/loop.h"
#include "sim/net/fetch.h"
#include "sim/xml/browser.h"
#include "tests/support/peer.h"

struct fixture {
    struct loop *lp;
    struct resolver *dns;
    struct fetcher *fetcher;
    struct tcp_peer *server;
    struct browser *b;
    struct device_identity id;
    char request[4096]; /* the last one */
    bool fetched;       /* an answer came */
    bool busy;          /* the phone has a call */
    bool keeps;         /* somebody wants to see what pages were read from */
    unsigned n_changed;
    char error[300], key[32], dialed[64], edited[64], init[32];
    char file[64]; /* asked of the TFTP server */
    bool no_tftp, strict, https, named;
    size_t sound; /* bytes of the one that was played last */
};

/* ---- server */

#define MENU(title, items) "<CiscoIPPhoneMenu><Title>" title "</Title>" items "</CiscoIPPhoneMenu>"
#define ITEM(name, url)    "<MenuItem><Name>" name "</Name><URL>" url "</URL></MenuItem>"
#define TEXT_PAGE(title)                                                                           \
    "<CiscoIPPhoneText><Title>" title "</Title><Text>words</Text></CiscoIPPhoneText>"

static const struct {
    const char *path, *head, *body;
} pages[] = {
    {"/menu", "", MENU("Menu", ITEM("Text", "/text") ITEM("More", "sub/more") ITEM("Gone", "/x"))},
    {"/text", "", TEXT_PAGE("Text")},
    {"/sub/more", "", "<CiscoIPPhoneText><Text>untitled</Text></CiscoIPPhoneText>"},
    {"/expired", "Expires: -1\r\n", TEXT_PAGE("Expired")},
    {"/lasting", "Expires: Fri, 01 Jan 2100 00:00:00 GMT\r\n", TEXT_PAGE("Lasting")},
    {"/refresh", "Refresh: 5; url=/text\r\n", TEXT_PAGE("Wait")},
    {"/page1", "Refresh: 0; url=/page2\r\n",
     "<CiscoIPPhoneDirectory><Title>Page 1</Title><DirectoryEntry><Name>a</Name>"
     "<Telephone>(0)1-2</Telephone></DirectoryEntry></CiscoIPPhoneDirectory>"},
    {"/page2", "", "<CiscoIPPhoneDirectory><Title>Page 2</Title></CiscoIPPhoneDirectory>"},
    {"/bye", "Refresh: 0; url=SoftKey:Exit\r\n", TEXT_PAGE("Bye")},
    {"/cookie", "Set-Cookie: sid=42; path=/\r\nSet-Cookie: lang=en\r\n", TEXT_PAGE("Cookie")},
    {"/execute", "", "<CiscoIPPhoneExecute><ExecuteItem URL=\"Key:Mute\"/></CiscoIPPhoneExecute>"},
    {"/again", "",
     "<CiscoIPPhoneExecute><ExecuteItem URL=\"http://127.0.0.1:@/again\"/></CiscoIPPhoneExecute>"},
    {"/status", "", "<CiscoIPPhoneStatus><Text>Away</Text><Timer>5</Timer></CiscoIPPhoneStatus>"},
    {"/broken", "", "<CiscoIPPhoneHelp/>"},
    {"/file", "", "<CiscoIPPhoneImageFile><URL>a</URL></CiscoIPPhoneImageFile>"},
    {"/status-file", "",
     "<CiscoIPPhoneStatusFile><Text>Away</Text><URL>/picture</URL></CiscoIPPhoneStatusFile>"},
    {"/picture", "Content-Type: image/png\r\n", "no picture"},
    {"/icons", "",
     "<CiscoIPPhoneIconFileMenu><Title>Icons</Title><MenuItem><IconIndex>1</IconIndex>"
     "<Name>Star</Name></MenuItem><IconItem><Index>0</Index><URL>Resource:Icon.OnHook</URL>"
     "</IconItem><IconItem><Index>1</Index><URL>TFTP:star.png</URL></IconItem>"
     "</CiscoIPPhoneIconFileMenu>"},
    {"/sound", "Content-Type: audio/basic\r\n", "~~~~"},
    {"/sound-then", "Content-Type: audio/basic\r\nRefresh: 3; url=text\r\n", "~~~~~"},
    {"/song", "Content-Type: audio/mpeg\r\n", "~~~~"},
    {"/as-xml", "Content-Type: application/xml\r\n", TEXT_PAGE("XML")},
    {"/search", "",
     "<CiscoIPPhoneInput><Title>Find</Title><URL>/text</URL><InputItem><DisplayName>Name"
     "</DisplayName><QueryStringParam>n</QueryStringParam></InputItem><SoftKeyItem><Name>Search"
     "</Name><Position>1</Position><URL>SoftKey:Search</URL></SoftKeyItem></CiscoIPPhoneInput>"},
    {"/keys", "",
     "<CiscoIPPhoneText><Title>Keys</Title><SoftKeyItem><Name>Talk</Name><Position>1</Position>"
     "<URL>/text</URL><URLDown>Key:Mute</URLDown></SoftKeyItem><SoftKeyItem><Name>Down</Name>"
     "<Position>2</Position><URLDown>Dial:12</URLDown></SoftKeyItem><SoftKeyItem><Name>Web</Name>"
     "<Position>3</Position><URLDown>http://127.0.0.1/</URLDown></SoftKeyItem><KeyItem>"
     "<Key>NavUp</Key><URL>SoftKey:Exit</URL><URLDown>EditDial:7</URLDown></KeyItem>"
     "</CiscoIPPhoneText>"},
    {"/latin1", "Content-Type: text/xml; charset=iso-8859-1\r\n",
     "<CiscoIPPhoneText><Text>\xfc</Text></CiscoIPPhoneText>"},
    {"/moved", NULL, "/text"},
    {"/leave", "", MENU("Leave", ITEM("Exit", "SoftKey:Exit"))},
    {"/dial", "",
     MENU("Dial", ITEM("Call", "Dial:1 (2)") ITEM("Edit", "EditDial:34") ITEM("Mute", "Key:Mute")
                      ITEM("Odd", "Display:On:1") ITEM("Close", "Init:Services"))},
};

static void answer(const char *request, unsigned n, struct tcp_answer *a, void *arg)
{
    struct fixture *f = arg;
    char path[200] = "", body[1000];

    (void)n;
    snprintf(f->request, sizeof(f->request), "%s", request);
    sscanf(request, "GET %199[^ ?]", path);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        if (strcmp(pages[i].path, path) != 0)
            continue;
        if (!pages[i].head) {
            snprintf(a->head, sizeof(a->head),
                     "HTTP/1.1 303 See Other\r\nLocation: %s\r\nSet-Cookie: in=1; path=/\r\n"
                     "Content-Length: 0\r\n\r\n",
                     pages[i].body);
            return;
        }
        const char *at = strchr(pages[i].body, '@');
        if (at)
            snprintf(body, sizeof(body), "%.*s%u%s", (int)(at - pages[i].body), pages[i].body,
                     tcp_peer_port(f->server), at + 1);
        else
            snprintf(body, sizeof(body), "%s", pages[i].body);
        snprintf(a->head, sizeof(a->head), "HTTP/1.1 200 OK\r\n%sContent-Length: %zu\r\n\r\n%s",
                 pages[i].head, strlen(body), body);
        return;
    }
    snprintf(a->head, sizeof(a->head), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

/* ---- phone */

static void changed_handler(void *arg)
{
    ((struct fixture *)arg)->n_changed++;
}

static void fetched_handler(const struct fetch_reply *r, void *arg)
{
    (void)r;
    ((struct fixture *)arg)->fetched = true;
}

static void error_handler(const char *text, void *arg)
{
    struct fixture *f = arg;
    snprintf(f->error, sizeof(f->error), "%s", text);
}

static bool idle_handler(void *arg)
{
    return !((struct fixture *)arg)->busy;
}

static int key_handler(const char *key, void *arg)
{
    struct fixture *f = arg;
    snprintf(f->key, sizeof(f->key), "%s", key);
    return strcmp(key, "soft3") == 0 && !browser_key(f->b, key, 0) ? ENOTSUP : 0;
}

static int dial_handler(const char *number, void *arg)
{
    struct fixture *f = arg;
    snprintf(f->dialed, sizeof(f->dialed), "%s", number);
    return 0;
}

static int edit_handler(const char *number, void *arg)
{
    struct fixture *f = arg;
    snprintf(f->edited, sizeof(f->edited), "%s", number);
    return 0;
}

static int init_handler(const char *what, void *arg)
{
    struct fixture *f = arg;
    snprintf(f->init, sizeof(f->init), "%s", what);
    return 0;
}

static int sound_handler(const uint8_t *data, size_t len, void *arg)
{
    (void)data;
    ((struct fixture *)arg)->sound = len;
    return 0;
}

static bool strict_handler(void *arg)
{
    return ((struct fixture *)arg)->strict;
}

static bool named_handler(void *arg)
{
    return ((struct fixture *)arg)->named;
}

static bool https_handler(void *arg)
{
    return ((struct fixture *)arg)->https;
}

static bool keeps_handler(void *arg)
{
    return ((struct fixture *)arg)->keeps;
}

/* The TFTP server's files are those of the HTTP server. */
static int tftp_handler(const char *file, char *out, size_t size, void *arg)
{
    struct fixture *f = arg;

    snprintf(f->file, sizeof(f->file), "%s", file);
    snprintf(out, size, "http://127.0.0.1:%u/picture?%s", tcp_peer_port(f->server), file);
    return f->no_tftp ? ENOENT : 0;
}

static const struct browser_handlers handlers = {
    .changed = changed_handler,
    .fetched = fetched_handler,
    .error = error_handler,
    .idle = idle_handler,
    .key = key_handler,
    .dial = dial_handler,
    .edit_dial = edit_handler,
    .init = init_handler,
    .keeps = keeps_handler,
    .tftp = tftp_handler,
    .strict = strict_handler,
    .named = named_handler,
    .https = https_handler,
    .sound = sound_handler,
};

static void use_model(struct fixture *f, const char *name)
{
    static const uint8_t mac[6] = {0x00, 0x0e, 0x08, 0xaa, 0xbb, 0xcc};
    const struct device_model *m = device_model_find(name);

    mem_deref(f->b);
    memcpy(f->id.mac, mac, sizeof(mac));
    f->id.firmware = "7.5.5";
    f->id.serial = "CCQ15100ABC";
    const struct browser_config cfg = {
        .lp = f->lp, .fetcher = f->fetcher, .model = m, .id = &f->id};
    assert_int_equal(browser_alloc(&f->b, &cfg, &handlers, f), 0);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f || loop_alloc(&f->lp, &(struct loop_config){.clock = CLOCK_VIRTUAL}) ||
        resolver_alloc(&f->dns, f->lp, NULL) || fetcher_alloc(&f->fetcher, f->lp, f->dns))
        return -1;
    f->server = tcp_peer_open(f->lp, answer, f);
    use_model(f, "SPA504G");
    *state = f;
    return f->server ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    mem_deref(f->b);
    mem_deref(f->fetcher);
    mem_deref(f->dns);
    tcp_peer_close(f->server);
    mem_deref(f->lp);
    free(f);
    return 0;
}

static void await(struct fixture *f)
{
    assert_true(peer_wait(f->lp, &f->fetched));
    f->fetched = false;
}

static const char *url(struct fixture *f, const char *path)
{
    static char text[200];
    snprintf(text, sizeof(text), "http://127.0.0.1:%u%s", tcp_peer_port(f->server), path);
    return text;
}

static void open_page(struct fixture *f, const char *path)
{
    assert_int_equal(browser_open(f->b, url(f, path), BROWSER_SERVICE), 0);
    await(f);
}

static void key(struct fixture *f, const char *name)
{
    assert_true(browser_key(f->b, name, name[1] ? '\0' : name[0]));
}

static void key_loads(struct fixture *f, const char *name)
{
    key(f, name);
    await(f);
}

static void shows(struct fixture *f, const char *text)
{
    char got[4096];
    struct screen s;

    browser_screen(f->b, &s);
    screen_text(&s, got, sizeof(got));
    if (!strstr(got, text))
        fail_msg("\"%s\" is not in:\n%s", text, got);
}

static bool asked(const struct fixture *f, const char *line)
{
    return strstr(f->request, line) != NULL;
}

/* ---- requests */

static void a_page_is_asked_for_as_the_model_asks(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu?a=1");
    assert_true(asked(f, "GET /menu?a=1 HTTP/1.1\r\n"));
    assert_true(asked(f, "\r\nUser-Agent: Cisco/SPA504G-7.5.5 (000E08AABBCC)(CCQ15100ABC)\r\n"));
    assert_true(asked(f, "\r\nAccept: */*\r\n"));
    assert_true(asked(f, "\r\nConnection: close\r\n"));
    assert_false(asked(f, "x-Cisco") || asked(f, "Accept-") || asked(f, "Cookie"));
    shows(f, "Menu\n> 1 Text\n");
}

static void a_79xx_says_who_it_is_on_the_first_request(void **state)
{
    struct fixture *f = *state;

    use_model(f, "7960");
    open_page(f, "/menu");
    assert_true(asked(f, "GET /menu?locale=English_United_States&name=SEP000E08AABBCC HTTP/1.1"));
    assert_true(asked(f, "\r\nUser-Agent: Allegro-Software-WebClient/4.34\r\n"));
    assert_true(asked(f, "\r\nAccept: x-CiscoIPPhone/*, text/*,image/png,*/*\r\n"));
    assert_true(asked(f, "\r\nAccept-Charset: iso-8859-1,utf-8;q=0.8\r\n"));
    assert_true(asked(f, "\r\nx-CiscoIPPhoneModelName: CP-7960G\r\n"));
    assert_true(asked(f, "\r\nx-CiscoIPPhoneDisplay: 133,65,2,G\r\n"));
    key_loads(f, "1");
    assert_true(asked(f, "GET /text HTTP/1.1"));
    assert_int_equal(browser_open(f->b, url(f, "/menu?x"), BROWSER_SERVICE), 0);
    await(f);
    assert_true(asked(f, "GET /menu?x&locale="));
}

static void an_mpp_tells_its_display(void **state)
{
    struct fixture *f = *state;

    use_model(f, "6851");
    open_page(f, "/menu");
    assert_true(asked(f, "\r\nx-CiscoIPPhoneDisplay: 396,101,4,G\r\n"));
    assert_true(asked(f, "GET /menu HTTP/1.1"));
}

static void cookies_go_back_to_the_host_they_came_from(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/cookie");
    assert_false(asked(f, "Cookie:"));
    key_loads(f, "soft1");
    assert_true(asked(f, "\r\nCookie: sid=42; lang=en\r\n"));
    loop_advance(f->lp, 31 * 60 * 1000);
    key_loads(f, "soft1");
    assert_false(asked(f, "Cookie:"));
}

static void redirects_are_followed_and_the_last_url_counts(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/moved");
    shows(f, "Text\nwords\n");
    key_loads(f, "soft1");
    assert_true(asked(f, "GET /text "));
}

static void a_cookie_of_a_redirect_goes_with_the_request_it_leads_to(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/moved"); /* as a log-in does */
    assert_true(asked(f, "GET /text "));
    assert_true(asked(f, "\r\nCookie: in=1\r\n"));
}

static void a_spa_tells_its_model_where_it_is_to(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/text");
    assert_false(asked(f, "x-CiscoIPPhoneModelName"));
    f->named = true;
    open_page(f, "/text");
    assert_true(asked(f, "\r\nx-CiscoIPPhoneModelName: SPA504G\r\n"));
}

static void the_charset_of_the_answer_counts(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/latin1");
    shows(f, "\xc3\xbc\n");
}

/* ---- history */

static void exit_goes_back_and_closes_at_the_first_page(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    key_loads(f, "1");
    shows(f, "Text\nwords\n");
    key_loads(f, "soft3");
    assert_true(asked(f, "GET /menu ")); /* nothing is cached */
    shows(f, "> 1 Text\n");
    const unsigned before = f->n_changed;
    key(f, "soft3");
    assert_false(browser_shown(f->b));
    assert_true(f->n_changed > before);
    assert_false(browser_key(f->b, "soft3", 0));
}

static void relative_urls_and_missing_titles_come_from_the_page_before(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    key_loads(f, "2");
    assert_true(asked(f, "GET /sub/more "));
    shows(f, "More\nuntitled\n");
    assert_string_equal(browser_title(f->b), "More");
}

static void a_page_that_had_expired_is_not_gone_back_to(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    assert_int_equal(browser_run(f->b, url(f, "/expired")), 0);
    await(f);
    assert_int_equal(browser_run(f->b, url(f, "/lasting")), 0);
    await(f);
    key_loads(f, "soft3");
    assert_true(asked(f, "GET /menu "));
    assert_int_equal(browser_run(f->b, url(f, "/expired")), 0);
    await(f);
    key_loads(f, "soft3");
    assert_true(asked(f, "GET /menu "));
    key(f, "soft3");
    assert_false(browser_shown(f->b));
}

static void ten_pages_are_remembered(void **state)
{
    struct fixture *f = *state;
    char path[32];

    for (int i = 0; i < 13; i++) {
        snprintf(path, sizeof(path), "/text?%d", i);
        assert_int_equal(browser_run(f->b, url(f, path)), 0);
        await(f);
        key(f, "up"); /* somebody is there */
    }
    for (int i = 11; i > 2; i--) {
        key_loads(f, "soft3");
        snprintf(path, sizeof(path), "GET /text?%d ", i);
        assert_true(asked(f, path));
    }
    key(f, "soft3");
    assert_false(browser_shown(f->b));
}

static void exit_gives_up_a_request_under_way(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    key(f, "1");
    shows(f, "Requesting...");
    key(f, "soft3");
    shows(f, "> 1 Text\n");
    peer_settle(f->lp);
    assert_false(f->fetched);
    assert_int_equal(browser_open(f->b, url(f, "/text"), BROWSER_SERVICE), 0);
    shows(f, "Requesting...\n[] [] [Exit] []\n");
    key(f, "soft3");
    assert_false(browser_shown(f->b));
}

/* ---- Refresh */

static void push(struct fixture *f, unsigned priority, const char *uri, unsigned *status)
{
    char xml[400];

    snprintf(xml, sizeof(xml),
             "<CiscoIPPhoneExecute><ExecuteItem Priority=\"%u\" URL=\"%s\"/></CiscoIPPhoneExecute>",
             priority, uri);
    assert_int_equal(browser_push(f->b, (const uint8_t *)xml, strlen(xml), status), 0);
}

static void a_page_goes_on_by_itself_after_its_seconds(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    assert_int_equal(browser_run(f->b, url(f, "/refresh")), 0);
    await(f);
    loop_advance(f->lp, 4900);
    shows(f, "Wait\n");
    loop_advance(f->lp, 200);
    await(f);
    shows(f, "Text\nwords\n");
    key_loads(f, "soft3"); /* it took the place of the page before */
    assert_true(asked(f, "GET /menu "));
}

static void another_page_cancels_the_refresh(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/refresh");
    assert_int_equal(browser_run(f->b, url(f, "/menu")), 0);
    await(f);
    loop_advance(f->lp, 60000);
    peer_settle(f->lp);
    assert_false(f->fetched);
    shows(f, "> 1 Text\n");
}

static void what_is_no_page_leaves_the_refresh_alone(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/refresh");
    push(f, 0, url(f, "/execute"), NULL);
    await(f);
    assert_string_equal(f->key, "mute");
    shows(f, "Wait\n");
    loop_advance(f->lp, 5000);
    await(f);
    shows(f, "Text\n");
    use_model(f, "7960");
    open_page(f, "/refresh");
    assert_int_equal(browser_run(f->b, url(f, "/gone")), 0);
    await(f);
    shows(f, "HTTP Error[404]"); /* and the page stays */
    loop_advance(f->lp, 5000);
    await(f);
    shows(f, "Text\n");
}

static void zero_seconds_wait_for_next(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/page1");
    loop_advance(f->lp, 60000);
    shows(f, "Page 1\n> 1 a\n[Dial] [EditDial] [Exit] [Next]\n");
    key_loads(f, "soft4");
    shows(f, "Page 2\n[Dial] [EditDial] [Exit] []\n");
    key(f, "soft3"); /* the first page was replaced */
    assert_false(browser_shown(f->b));
}

static void an_internal_uri_runs_at_once(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    assert_int_equal(browser_run(f->b, url(f, "/bye")), 0);
    await(f);
    await(f); /* back to the menu */
    assert_true(asked(f, "GET /menu "));
    shows(f, "> 1 Text\n");
}

/* ---- URIs */

static void uris_reach_the_phone(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/dial");
    key(f, "1");
    assert_string_equal(f->dialed, "12");
    assert_int_equal(browser_run(f->b, "Dial:1-2,,3#:1:app"), 0);
    assert_string_equal(f->dialed, "12,,3#");
    assert_int_equal(browser_run(f->b, "Dial:,1"), EINVAL);
    assert_int_equal(browser_run(f->b, "Dial:*7aD#"), 0);
    assert_string_equal(f->dialed, "*7AD#");
    key(f, "2");
    assert_string_equal(f->edited, "34");
    key(f, "3");
    assert_string_equal(f->key, "mute");
    key(f, "4");
    assert_string_equal(f->error, "XML service: Display:On:1: this phone does not do that");
    assert_int_equal(browser_run(f->b, "Init:CallHistory"), 0);
    assert_string_equal(f->init, "CallHistory");
    assert_int_equal(browser_run(f->b, "Key:Soft9"), EINVAL);
    assert_int_equal(browser_run(f->b, "Play:Ring.raw"), ENOTSUP);
    key(f, "5");
    assert_false(browser_shown(f->b));
}

static void init_closes_the_application_it_names(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/dial");
    assert_int_equal(browser_run(f->b, "Init:Directories"), 0);
    assert_true(browser_shown(f->b));
    assert_int_equal(browser_run(f->b, "Init:Messages"), 0);
    assert_true(browser_shown(f->b));
    assert_int_equal(browser_run(f->b, "Init:Services"), 0);
    assert_false(browser_shown(f->b));
}

static void a_79xx_runs_dial_and_http_only(void **state)
{
    struct fixture *f = *state;

    use_model(f, "7960");
    open_page(f, "/leave");
    key(f, "1");
    shows(f, "> 1 Exit");
    assert_string_equal(f->error, "XML service: SoftKey:Exit: this phone does not do that");
    assert_int_equal(browser_run(f->b, "SoftKey:Exit"), ENOTSUP);
    key(f, "soft3"); /* its own */
    assert_false(browser_shown(f->b));
    use_model(f, "SPA504G");
    open_page(f, "/leave");
    key(f, "1");
    assert_false(browser_shown(f->b));
}

static void strictly_a_page_presses_the_headset_key_alone(void **state)
{
    struct fixture *f = *state;

    f->strict = true;
    assert_int_equal(browser_run(f->b, "Key:Headset"), 0);
    assert_string_equal(f->key, "headset");
    assert_int_equal(browser_run(f->b, "Key:Mute"), ENOTSUP);
    assert_string_equal(f->key, "headset");
    assert_int_equal(browser_run(f->b, "Init:CallHistory"), 0);
    assert_int_equal(browser_run(f->b, "Init:Services"), ENOTSUP);
    assert_int_equal(browser_run(f->b, "Init:AppStatus"), ENOTSUP);
    f->strict = false;
    assert_int_equal(browser_run(f->b, "Key:Mute"), 0);
}

static void a_phone_without_https_says_that_it_is_trouble(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(browser_open(f->b, "https://127.0.0.1:1/a", BROWSER_SERVICE), ENOTSUP);
    shows(f, "Unknown Error\n[] [] [Exit] []");
    use_model(f, "7960");
    open_page(f, "/menu");
    assert_int_equal(browser_run(f->b, "https://127.0.0.1:1/a"), ENOTSUP);
    shows(f, "> 1 Text");
    shows(f, "HTTP Error[8]");
    f->https = true;
    assert_int_equal(browser_run(f->b, "https://127.0.0.1:1/a"), 0);
    await(f);
    shows(f, "HTTP Error[10]"); /* nobody listens there */
}

static void a_directory_dials_what_can_be_dialled(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/page1");
    key(f, "soft1");
    assert_string_equal(f->dialed, "012");
    key(f, "soft2");
    assert_string_equal(f->edited, "012");
}

static void keys_that_press_themselves_end(void **state)
{
    struct fixture *f = *state;
    static const char loop[] = "<CiscoIPPhoneText><SoftKeyItem><Name>a</Name><Position>3</Position>"
                               "<URL>Key:Soft3</URL></SoftKeyItem></CiscoIPPhoneText>";

    assert_int_equal(browser_push(f->b, (const uint8_t *)loop, strlen(loop), NULL), 0);
    key(f, "soft3");
    assert_non_null(strstr(f->error, "Key:Soft3"));
}

/* ---- Execute and Status */

static void an_execute_leaves_the_screen_in_place(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    assert_int_equal(browser_run(f->b, url(f, "/execute")), 0);
    await(f);
    assert_string_equal(f->key, "mute");
    shows(f, "> 1 Text\n");
    browser_close(f->b);
    f->key[0] = '\0';
    open_page(f, "/execute");
    assert_string_equal(f->key, "mute");
    assert_false(browser_shown(f->b));
}

static void pages_that_fetch_themselves_are_given_up(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/again");
    while (!f->error[0])
        await(f);
    assert_non_null(strstr(f->error, "given up"));
    assert_int_equal(tcp_peer_requests(f->server), 10);
    assert_false(browser_shown(f->b));
}

static void priorities_decide_when_a_page_comes(void **state)
{
    struct fixture *f = *state;

    f->busy = true;
    push(f, 2, url(f, "/text?2"), NULL);
    push(f, 1, url(f, "/text?1"), NULL);
    push(f, 1, "Key:Mute", NULL); /* always at once */
    assert_string_equal(f->key, "mute");
    peer_settle(f->lp);
    assert_int_equal(tcp_peer_requests(f->server), 0);
    push(f, 0, url(f, "/text?0"), NULL);
    await(f);
    assert_true(asked(f, "GET /text?0 "));
    f->busy = false;
    key(f, "soft3"); /* closes the page: now it is idle */
    await(f);
    assert_true(asked(f, "GET /text?1 "));
    assert_int_equal(tcp_peer_requests(f->server), 2);
}

static void a_pushed_page_that_nobody_touched_leaves_the_phone_idle(void **state)
{
    struct fixture *f = *state;
    static const char xml[] = TEXT_PAGE("Pushed");

    assert_int_equal(browser_push(f->b, (const uint8_t *)xml, strlen(xml), NULL), 0);
    push(f, 2, url(f, "/text?2"), NULL);
    await(f);
    assert_true(asked(f, "GET /text?2 "));
    push(f, 1, url(f, "/menu"), NULL);
    await(f);
    key(f, "down"); /* somebody reads it */
    push(f, 2, url(f, "/text?3"), NULL);
    push(f, 1, url(f, "/text?4"), NULL);
    peer_settle(f->lp);
    shows(f, "Menu\n");
    key_loads(f, "soft3"); /* back to the first page */
    key(f, "soft3");
    await(f);
    assert_true(asked(f, "GET /text?4 "));
}

static void a_push_tells_what_came_of_it(void **state)
{
    struct fixture *f = *state;
    unsigned status[BROWSER_STATUSES] = {9, 9, 9};
    static const char xml[] = "<CiscoIPPhoneExecute><ExecuteItem URL=\"Key:Mute\"/>"
                              "<ExecuteItem URL=\"nonsense\"/><ExecuteItem URL=\"Vibrate:1:1:1\"/>"
                              "</CiscoIPPhoneExecute>";

    assert_int_equal(browser_push(f->b, (const uint8_t *)xml, strlen(xml), status), 0);
    assert_int_equal(status[0], 0);
    assert_int_equal(status[1], 1);
    assert_int_equal(status[2], 6);
    assert_int_equal(browser_push(f->b, (const uint8_t *)"<CiscoIPPhoneHelp/>", 19, NULL), EBADMSG);
    assert_non_null(strstr(f->error, "pushed object: line 1: <CiscoIPPhoneHelp>"));
}

static void a_pushed_page_is_shown_and_not_remembered(void **state)
{
    struct fixture *f = *state;
    static const char xml[] = TEXT_PAGE("Pushed");

    open_page(f, "/menu");
    assert_int_equal(browser_push(f->b, (const uint8_t *)xml, strlen(xml), NULL), 0);
    shows(f, "Pushed\nwords\n");
    key_loads(f, "soft3");
    assert_true(asked(f, "GET /menu "));
}

static void a_status_lies_above_the_phones_own_screen(void **state)
{
    struct fixture *f = *state;
    struct screen s;

    open_page(f, "/status");
    assert_false(browser_shown(f->b));
    screen_clear(&s, "idle");
    loop_advance(f->lp, 3000);
    browser_overlay(f->b, &s);
    assert_string_equal(s.rows[0], "Away");
    assert_string_equal(s.rows[1], "00:08");
    assert_int_equal(browser_run(f->b, "Init:AppStatus"), 0);
    screen_clear(&s, "idle");
    browser_overlay(f->b, &s);
    assert_int_equal(s.n_rows, 0);
}

static void the_file_of_a_status_is_fetched(void **state)
{
    struct fixture *f = *state;
    struct screen s;

    use_model(f, "SPA525G2");
    open_page(f, "/status-file");
    await(f);
    assert_true(asked(f, "GET /picture "));
    assert_non_null(strstr(f->error, "/picture: no picture that this phone could draw"));
    screen_clear(&s, "idle");
    browser_overlay(f->b, &s);
    assert_string_equal(s.rows[0], "Away");
}

static void an_icon_comes_from_the_phones_tftp_server(void **state)
{
    struct fixture *f = *state;

    use_model(f, "SPA525G2");
    open_page(f, "/icons");
    assert_string_equal(f->file, "star.png");
    await(f);
    assert_true(asked(f, "GET /picture?star.png "));
    assert_false(asked(f, "Resource"));
    f->no_tftp = true;
    open_page(f, "/icons");
    assert_non_null(strstr(f->error, "TFTP:star.png: there is no TFTP server"));
    shows(f, "1 Star");
}

static void sound_plays_and_the_page_stays(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    assert_int_equal(browser_open(f->b, url(f, "/sound"), BROWSER_PUSH), 0);
    await(f);
    shows(f, "1 Text");
    assert_int_equal(f->sound, 4);
    open_page(f, "/sound");
    assert_false(browser_shown(f->b));
    assert_string_equal(f->error, "");
    open_page(f, "/song");
    assert_non_null(strstr(f->error, "/song: this kind of sound is not played"));
}

static void sound_may_lead_to_a_page(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/sound-then");
    assert_int_equal(f->sound, 5);
    assert_false(browser_shown(f->b));
    loop_advance(f->lp, 3000);
    await(f);
    shows(f, "Text\nwords\n");
}

static void a_79xx_reads_text_xml_only(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/as-xml");
    shows(f, "words");
    use_model(f, "7960");
    open_page(f, "/as-xml");
    shows(f, "XML Error[4]");
}

static void a_long_file_name_is_not_asked_for(void **state)
{
    struct fixture *f = *state;
    char name[160];

    memset(name, 'a', sizeof(name));
    name[0] = '/';
    name[128] = '\0'; /* 127 behind the slash */
    open_page(f, name);
    shows(f, "File Not Found");
    name[128] = 'a';
    name[129] = '\0';
    assert_int_equal(browser_open(f->b, url(f, name), BROWSER_SERVICE), ENAMETOOLONG);
    shows(f, "Filename too long!");
    use_model(f, "7960");
    open_page(f, name);
    shows(f, "HTTP Error[404]");
}

static void the_directories_key_of_a_79xx_wants_a_menu(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(browser_open(f->b, url(f, "/page1"), BROWSER_DIRECTORIES), 0);
    await(f);
    shows(f, "1 a");
    use_model(f, "7960");
    assert_int_equal(browser_open(f->b, url(f, "/page1"), BROWSER_DIRECTORIES), 0);
    await(f);
    shows(f, "XML Error[4]");
    assert_non_null(strstr(f->error, "the Directories key wants a Menu"));
    assert_int_equal(browser_open(f->b, url(f, "/menu"), BROWSER_DIRECTORIES), 0);
    await(f);
    shows(f, "1 Text");
    open_page(f, "/page1"); /* elsewhere it may come */
    shows(f, "1 a");
}

static void search_submits_under_directories_only(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/search");
    key(f, "soft1");
    shows(f, "Find");
    assert_int_equal(browser_open(f->b, url(f, "/search"), BROWSER_DIRECTORIES), 0);
    await(f);
    key_loads(f, "soft1");
    assert_true(asked(f, "GET /text?n= "));
}

/* ---- keys of a page */

static void the_press_runs_its_own_url_before_the_release(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/keys");
    key(f, "soft2");
    assert_string_equal(f->dialed, "12");
    shows(f, "Keys");
    key(f, "soft3"); /* a press takes internal URIs only */
    shows(f, "Keys");
    key_loads(f, "soft1");
    assert_string_equal(f->key, "mute");
    shows(f, "words");
    open_page(f, "/keys");
    key(f, "up");
    assert_string_equal(f->edited, "7");
    assert_false(browser_shown(f->b));
}

/* ---- errors */

static void an_error_is_a_screen_with_exit(void **state)
{
    struct fixture *f = *state;

    open_page(f, "/menu");
    key_loads(f, "3");
    shows(f, "File Not Found\n[] [] [Exit] []\n");
    key_loads(f, "soft3");
    assert_true(asked(f, "GET /menu "));
    assert_int_equal(browser_run(f->b, url(f, "/broken")), 0);
    await(f);
    shows(f, "XML Error [4]: Parse");
    assert_non_null(strstr(f->error, "/broken: line 1: <CiscoIPPhoneHelp> is no object"));
    assert_int_equal(browser_run(f->b, url(f, "/file")), 0);
    await(f);
    shows(f, "XML Error [5]");
}

static void a_79xx_says_errors_on_the_prompt_line(void **state)
{
    struct fixture *f = *state;

    use_model(f, "7960");
    open_page(f, "/menu");
    key_loads(f, "3");
    shows(f, "  2 More\n> 3 Gone\nHTTP Error[404]\n"); /* the page stays */
    key(f, "down");
    struct screen s;
    browser_screen(f->b, &s);
    assert_string_equal(s.prompt, "");
}

static void nobody_listens_there(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(browser_open(f->b, "http://127.0.0.1:1/", BROWSER_SERVICE), 0);
    await(f);
    shows(f, "Connection failed\n");
    key(f, "soft3");
    assert_false(browser_shown(f->b));
    assert_int_equal(browser_open(f->b, "gopher://h/", BROWSER_PUSH), EINVAL);
    assert_false(browser_shown(f->b));
}

static void a_form_without_url_finds_no_host(void **state)
{
    struct fixture *f = *state;
    static const char xml[] = "<CiscoIPPhoneInput><InputItem><QueryStringParam>a"
                              "</QueryStringParam></InputItem></CiscoIPPhoneInput>";

    assert_int_equal(browser_push(f->b, (const uint8_t *)xml, strlen(xml), NULL), 0);
    key(f, "soft1");
    shows(f, "Host Not Found");
}

static const char *source(const struct fixture *f)
{
    const char *from, *text = browser_source(f->b, &from);
    return text ? text : "(none)";
}

static void the_source_of_a_page_is_kept_where_somebody_looks(void **state)
{
    struct fixture *f = *state;
    const char *from;

    open_page(f, "/text");
    assert_null(browser_source(f->b, &from));
    f->keeps = true;
    open_page(f, "/latin1");
    assert_string_equal(source(f), "<CiscoIPPhoneText><Text>\xc3\xbc</Text></CiscoIPPhoneText>");
    (void)browser_source(f->b, &from);
    assert_string_equal(from, url(f, "/latin1"));
    open_page(f, "/broken"); /* an error is on the screen: this is why */
    assert_string_equal(source(f), "<CiscoIPPhoneHelp/>");
    open_page(f, "/text");
    assert_int_equal(browser_run(f->b, url(f, "/execute")), 0);
    await(f); /* shows nothing, so the page is still the other one */
    assert_string_equal(source(f), TEXT_PAGE("Text"));
    assert_int_equal(browser_push(f->b, (const uint8_t *)TEXT_PAGE("Pushed"),
                                  sizeof(TEXT_PAGE("Pushed")) - 1, NULL),
                     0);
    assert_string_equal(source(f), TEXT_PAGE("Pushed"));
    browser_close(f->b);
    assert_string_equal(source(f), "(none)");
}

static void a_phone_without_screen_runs_and_shows_nothing(void **state)
{
    struct fixture *f = *state;

    use_model(f, "SPA301");
    assert_int_equal(browser_open(f->b, url(f, "/text"), BROWSER_PUSH), 0);
    await(f);
    assert_false(browser_shown(f->b));
    assert_non_null(strstr(f->error, "a SPA301 knows no CiscoIPPhoneText"));
    assert_int_equal(browser_open(f->b, url(f, "/execute"), BROWSER_PUSH), 0);
    await(f);
    assert_string_equal(f->key, "mute");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page_is_asked_for_as_the_model_asks),
        CASE(a_79xx_says_who_it_is_on_the_first_request),
        CASE(an_mpp_tells_its_display),
        CASE(cookies_go_back_to_the_host_they_came_from),
        CASE(redirects_are_followed_and_the_last_url_counts),
        CASE(a_cookie_of_a_redirect_goes_with_the_request_it_leads_to),
        CASE(a_spa_tells_its_model_where_it_is_to),
        CASE(the_charset_of_the_answer_counts),
        CASE(exit_goes_back_and_closes_at_the_first_page),
        CASE(relative_urls_and_missing_titles_come_from_the_page_before),
        CASE(a_page_that_had_expired_is_not_gone_back_to),
        CASE(ten_pages_are_remembered),
        CASE(exit_gives_up_a_request_under_way),
        CASE(a_page_goes_on_by_itself_after_its_seconds),
        CASE(another_page_cancels_the_refresh),
        CASE(what_is_no_page_leaves_the_refresh_alone),
        CASE(zero_seconds_wait_for_next),
        CASE(an_internal_uri_runs_at_once),
        CASE(uris_reach_the_phone),
        CASE(init_closes_the_application_it_names),
        CASE(a_79xx_runs_dial_and_http_only),
        CASE(strictly_a_page_presses_the_headset_key_alone),
        CASE(a_phone_without_https_says_that_it_is_trouble),
        CASE(a_directory_dials_what_can_be_dialled),
        CASE(keys_that_press_themselves_end),
        CASE(an_execute_leaves_the_screen_in_place),
        CASE(pages_that_fetch_themselves_are_given_up),
        CASE(priorities_decide_when_a_page_comes),
        CASE(a_pushed_page_that_nobody_touched_leaves_the_phone_idle),
        CASE(a_push_tells_what_came_of_it),
        CASE(a_pushed_page_is_shown_and_not_remembered),
        CASE(a_status_lies_above_the_phones_own_screen),
        CASE(the_file_of_a_status_is_fetched),
        CASE(an_icon_comes_from_the_phones_tftp_server),
        CASE(sound_plays_and_the_page_stays),
        CASE(sound_may_lead_to_a_page),
        CASE(a_79xx_reads_text_xml_only),
        CASE(a_long_file_name_is_not_asked_for),
        CASE(the_directories_key_of_a_79xx_wants_a_menu),
        CASE(search_submits_under_directories_only),
        CASE(the_press_runs_its_own_url_before_the_release),
        CASE(an_error_is_a_screen_with_exit),
        CASE(a_79xx_says_errors_on_the_prompt_line),
        CASE(nobody_listens_there),
        CASE(a_form_without_url_finds_no_host),
        CASE(the_source_of_a_page_is_kept_where_somebody_looks),
        CASE(a_phone_without_screen_runs_and_shows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
