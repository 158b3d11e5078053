/* SPDX-License-Identifier: BSD-3-Clause */
/* Any page: encodings, repairs, errors, soft keys, key items (xml-services.md 2, 4, 5, 8.3, 10,
 * 11). */
#include <errno.h>
#include "tests/support/xml_page.h"

#include "tests/support/alloc.h"

#define MENU_ITEM "<MenuItem><Name>a</Name><URL>http://h/a</URL></MenuItem>"

/* The menu, and what was told about it. */
static void show_told(struct shown *x, const char *xml, const char *warning)
{
    show(x, "SPA504G", xml);
    warned(x, warning);
    struct shown strict;
    show_strict(&strict, "SPA504G", xml);
    assert_int_equal(strict.err, EBADMSG);
}

/* ---- repairs */

static void bare_ampersands_are_repaired(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x,
              "<CiscoIPPhoneMenu>\n<MenuItem><Name>A & B &amp; C</Name>"
              "<URL>http://h/?a=1&b=2</URL></MenuItem></CiscoIPPhoneMenu>",
              "2: bare & read as &amp;");
    assert_string_equal(x.page->items[0].name, "A & B & C");
    assert_string_equal(x.page->items[0].url, "http://h/?a=1&b=2");
    leave(&x);
}

static void html_names_are_characters_and_unknown_ones_stay(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText><Text>J&uuml;rg&nbsp;&bogus; &#x20ac;</Text>"
         "</CiscoIPPhoneText>");
    assert_string_equal(x.page->text, "J\xc3\xbcrg\xc2\xa0&bogus; \xe2\x82\xac");
    leave(&x);
}

static void an_unknown_entity_is_told_by_its_name(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x, "<CiscoIPPhoneText>\n<Text>a &hellip; b</Text></CiscoIPPhoneText>",
              "2: &hellip; is no entity that is known: kept as it is");
    assert_string_equal(x.page->text, "a &hellip; b");
    leave(&x);
}

/* No Content-Type, as with a file (8.3). */
static void an_object_is_found_behind_what_servers_leave_before_it(void **state)
{
    static const char *const before[] = {
        "XML=",
        "<%@ Language=JavaScript %>\n<% if (a < b) { %>\n",
        "<? require \"a.inc\"; if ($a > 3) echo 'x'; ?>\n",
        "<!DOCTYPE CiscoIPPhoneMenu SYSTEM \"x.dtd\" [ <!ENTITY a \"> b\"> ]>\n",
        "<!-- no <br> -->\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        char xml[512];
        struct shown x;
        snprintf(xml, sizeof(xml), "%s<x:CiscoIPPhoneMenu>%s</x:CiscoIPPhoneMenu>", before[i],
                 MENU_ITEM);
        show(&x, "SPA504G", xml);
        assert_int_equal(x.err, 0);
        assert_string_equal(x.page->type->root, "CiscoIPPhoneMenu");
        assert_int_equal(x.page->n_items, 1);
        leave(&x);
    }
}

static void an_object_behind_other_elements_is_none(void **state)
{
    struct shown x;

    (void)state;
    refused(&x, "SPA504G",
            "<br />\n<b>Notice</b>: x <br />\n<CiscoIPPhoneMenu>" MENU_ITEM "</CiscoIPPhoneMenu>",
            EBADMSG);
    warned(&x, "3: an object begins here, but the document began with <br> on line 1");
}

static void what_is_passed_over_is_told(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x,
              "<CiscoIPPhoneMenu>\n<MenuItem><Name>a</Name>\n<Name>b</Name><URL>http://h/a</URL>"
              "</MenuItem></CiscoIPPhoneMenu>",
              "3: a second <Name>: the first that says something counts");
    assert_string_equal(x.page->items[0].name, "a");
    leave(&x);
    show_told(&x, "\n<CiscoIPPhoneText>some words<Text>a</Text></CiscoIPPhoneText>",
              "2: words in <CiscoIPPhoneText> outside its elements: ignored");
    leave(&x);
    show(&x, "SPA504G", "<html><body>404</body></html>");
    warned(&x, "1: no object of these phones in it: shown as plain text");
    leave(&x);
}

static void a_number_without_a_default_is_ignored(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x,
              "<CiscoIPPhoneIconMenu>\n<MenuItem><IconIndex>which</IconIndex><Name>a</Name>"
              "</MenuItem></CiscoIPPhoneIconMenu>",
              "2: IconIndex \"which\" is no number: ignored");
    leave(&x);
}

static void white_space_and_bom_before_the_root_do_not_count(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "\xef\xbb\xbf \r\n\n<?xml version=\"1.0\"?><CiscoIPPhoneMenu><bad/>"
         "</CiscoIPPhoneMenu>");
    warned(&x, "3: <bad> has no place");
    leave(&x);
}

static void attributes_are_taken_as_they_come(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x,
              "<CiscoIPPhoneExecute><ExecuteItem Priority=\"0\"URL=\"Key:Mute\"/>"
              "</CiscoIPPhoneExecute>",
              "blank missing between attributes");
    assert_string_equal(x.page->items[0].url, "Key:Mute");
    leave(&x);
    show_told(&x,
              "<CiscoIPPhoneExecute><ExecuteItem URL=\xe2\x80\x9cKey:Mute\xe2\x80\x9d "
              "Priority=1/></CiscoIPPhoneExecute>",
              "typographic quotes read as straight ones");
    warned(&x, "attribute value without quotes");
    assert_string_equal(x.page->items[0].url, "Key:Mute");
    assert_int_equal(x.page->items[0].priority, 1);
    leave(&x);
    show_told(&x, "<CiscoIPPhoneTextWindowMode=\"Wide\"><Text>a</Text></CiscoIPPhoneText>",
              "blank missing before the attribute");
    assert_string_equal(x.page->text, "a");
    leave(&x);
}

static void elements_that_are_not_closed_end_in_time(void **state)
{
    static const struct {
        const char *xml, *told;
    } cases[] = {
        {"<CiscoIPPhoneMenu><MenuItem><Name>a<Name/><URL>http://h/a</URL></MenuItem>" MENU_ITEM
         "</CiscoIPPhoneMenu>",
         "<Name/> read as </Name>"},
        {"<CiscoIPPhoneMenu><MenuItem><Name>a<URL>http://h/a</MenuItem>" MENU_ITEM
         "</CiscoIPPhoneMenu>",
         "<Name> is not closed"},
        {"<CiscoIPPhoneMenu><MenuItem><Name>a</Name><URL>http://h/a</URL>" MENU_ITEM
         "</CiscoIPPhoneMenu>",
         "<MenuItem> is not closed"},
        {"<CiscoIPPhoneMenu>" MENU_ITEM "</Item>" MENU_ITEM, "</Item> ends nothing"},
        {"<CiscoIPPhoneMenu>" MENU_ITEM "<MenuItem><Name>a</Name><URL>http://h/a",
         "the document ends inside <URL>"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct shown x;
        show_told(&x, cases[i].xml, cases[i].told);
        assert_int_equal(x.page->n_items, 2);
        for (unsigned item = 0; item < 2; item++) {
            assert_string_equal(x.page->items[item].name, "a");
            assert_string_equal(x.page->items[item].url, "http://h/a");
        }
        leave(&x);
    }
}

static void an_end_that_is_missing_is_told_once(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x, "<CiscoIPPhoneText>\n<Text>a", "2: not well formed: the document ends inside");
    assert_null(strstr(x.warnings, "\n2: the document ends inside"));
    leave(&x);
}

static void line_ends_of_any_kind_are_line_ends_where_a_page_is_repaired(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneMenu>\r\n<MenuItem><Name>a & b\r\n c<![CDATA[\r\nd]]></Name></MenuItem>\r\n"
         "</CiscoIPPhoneMenu>");
    assert_string_equal(x.page->items[0].name, "a & b c d");
    leave(&x);
}

static void a_carriage_return_divides_names_of_items_only(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneMenu><Title>a&#13;b</Title><Prompt>c&#13;&#10;d</Prompt>"
         "<MenuItem><Name>e&#13;&#10;f</Name></MenuItem></CiscoIPPhoneMenu>");
    assert_string_equal(x.page->title, "a b");
    assert_string_equal(x.page->prompt, "c d");
    assert_string_equal(x.page->items[0].name, "e\rf");
    leave(&x);
    show(&x, "7960", "<CiscoIPPhoneText><Text>a&#13;&#10;b&#13;c</Text></CiscoIPPhoneText>");
    assert_string_equal(x.page->text, "a b c");
    leave(&x);
}

static void the_first_of_two_titles_that_says_something_wins(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneMenu><Title> </Title>" MENU_ITEM "<Title>One</Title>"
         "<Title>Two</Title><Prompt/></CiscoIPPhoneMenu>");
    assert_string_equal(x.page->title, "One");
    leave(&x);
}

static void names_in_the_wrong_case_are_taken_and_told(void **state)
{
    struct shown x;

    (void)state;
    show_told(&x, "<ciscoipphonemenu><title>T</title></ciscoipphonemenu>",
              "<ciscoipphonemenu> is not spelt as the phones spell it");
    assert_string_equal(x.page->title, "T");
    leave(&x);
}

static void tags_inside_a_text_go_and_their_words_stay(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G", "<CiscoIPPhoneText><Text>a<br>b <b>c</b></Text></CiscoIPPhoneText>");
    assert_string_equal(x.page->text, "ab c");
    warned(&x, "<br> inside <Text> ignored");
    leave(&x);
}

static void cdata_comments_and_doctype_are_xml_as_usual(void **state)
{
    static const char *const documents[] = {
        "<!DOCTYPE CiscoIPPhoneText [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
        "<CiscoIPPhoneText><!-- no --><Text><![CDATA[a & <b>]]></Text></CiscoIPPhoneText>",
        "<!DOCTYPE CiscoIPPhoneText [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>\n"
        "<CiscoIPPhoneText><!-- no --><Title>&</Title><?pi x?><Text><![CDATA[a & <b>]]></Text>"
        "</CiscoIPPhoneText>",
    };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct shown x;
        show(&x, "SPA504G", documents[i]);
        assert_string_equal(x.page->text, "a & <b>");
        leave(&x);
    }
}

static void a_doctype_with_nothing_behind_it_is_refused_in_words(void **state)
{
    struct shown x;

    (void)state;
    refused(&x, "SPA504G", "<!DOCTYPE x [<!ENTITY a \"b\">)><CiscoIPPhone\xff", EBADMSG);
    leave(&x);
}

static void bombs_are_refused(void **state)
{
    static char xml[60000];
    struct shown x;
    size_t n = (size_t)sprintf(xml, "<CiscoIPPhoneText>");

    (void)state;
    for (int i = 0; i < 16; i++)
        n += (size_t)sprintf(xml + n, "<x%d>", i);
    refused(&x, "SPA504G", xml, EBADMSG);
    assert_string_equal(x.pe.text, "nested deeper than 16 elements");
    n = (size_t)sprintf(xml, "<CiscoIPPhoneText>");
    for (int i = 0; i < 12000; i++)
        n += (size_t)sprintf(xml + n, "<a/>");
    strcpy(xml + n, "</CiscoIPPhoneText>");
    shown_bytes(&x, "SPA504G", xml, n, NULL, false);
    leave(&x);
    show(&x, "SPA504G",
         "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
         "<CiscoIPPhoneText><Text>&b;&b;&b;&b;</Text></CiscoIPPhoneText>");
    assert_true(strlen(x.page->text) < 20); /* entities are never expanded */
    leave(&x);
}

/* ---- encodings */

static void the_prolog_wins_over_content_type_and_family(void **state)
{
    struct shown x;
    static const char declared[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
                                   "<CiscoIPPhoneText><Text>\xfc</Text></CiscoIPPhoneText>";
    static const char plain[] = "<CiscoIPPhoneText><Text>\xc3\xbc</Text></CiscoIPPhoneText>";
    static const char greek[] = "<CiscoIPPhoneText><Text>\xe1</Text></CiscoIPPhoneText>";

    (void)state;
    shown_bytes(&x, "SPA504G", declared, strlen(declared), "text/xml; charset=utf-8", false);
    assert_string_equal(x.page->text, "\xc3\xbc");
    leave(&x);
    shown_bytes(&x, "7960", plain, strlen(plain), "text/xml; charset=\"utf-8\"", false);
    assert_string_equal(x.page->text, "\xc3\xbc");
    leave(&x);
    shown_bytes(&x, "7960", plain, strlen(plain), "text/xml", false); /* Latin-1, deliberately */
    assert_string_equal(x.page->text, "\xc3\x83\xc2\xbc");
    leave(&x);
    shown_bytes(&x, "SPA504G", plain, strlen(plain), "text/xml", false);
    assert_string_equal(x.page->text, "\xc3\xbc");
    leave(&x);
    shown_bytes(&x, "SPA504G", greek, strlen(greek), "text/xml; charset=ISO-8859-7", false);
    assert_string_equal(x.page->text, "\xce\xb1");
    leave(&x);
}

/* ---- errors */

static void each_refusal_has_its_errno_and_words(void **state)
{
    const struct device_model *spa = device_model_find("SPA504G");
    const struct device_model *cp = device_model_find("7960");
    static char large[65537];
    struct shown x;

    (void)state;
    refused(&x, "SPA504G", "<CiscoIPPhoneHelp/>", EBADMSG);
    assert_string_equal(xml_error_text(spa, EBADMSG), "XML Error [4]: Parse Error");
    assert_string_equal(xml_error_text(cp, EBADMSG), "XML Error[4]");
    refused(&x, "SPA504G", "<CiscoIPPhoneImageFile><URL>a</URL></CiscoIPPhoneImageFile>", EPROTO);
    assert_string_equal(xml_error_text(spa, EPROTO), "XML Error [5]");
    refused(&x, "SPA504G", "", ENODATA);
    refused(&x, "SPA504G", "\xef\xbb\xbf\r\n \n", ENODATA);
    assert_string_equal(xml_error_text(spa, ENODATA), "No services configured");
    shown_bytes(&x, "SPA504G", large, sizeof(large), NULL, false);
    assert_int_equal(x.err, E2BIG);
    assert_string_equal(xml_error_text(spa, E2BIG), "Data too large!");
    shown_bytes(&x, "SPA504G", "no xml", 6, "text/xml", false);
    assert_int_equal(x.err, EBADMSG);
}

static void failed_requests_have_their_words(void **state)
{
    static const struct {
        unsigned status;
        const char *error, *spa, *cp;
    } cases[] = {
        {0, "dns failed: no such host", "Host Not Found", "Host not Found"},
        {0, "connection refused", "Connection failed", "HTTP Error[10]"},
        {0, "timeout", "Connection failed", "HTTP Error[10]"},
        {0, "timeout: no connection", "Connection failed", "HTTP Error[10]"},
        {0, "too large", "Data too large!", "Data too large!"},
        {0, "not an HTTP answer", "Unknown Error", "HTTP Error[8]"},
        {404, "HTTP 404", "File Not Found", "HTTP Error[404]"},
        {500, "HTTP 500", "HTTP connection failed", "HTTP Error[8]"},
        {503, "HTTP 503", "Server Busy!", "HTTP Error[8]"},
        {403, "HTTP 403", "Unknown Error", "HTTP Error[8]"},
    };
    char buf[64];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(xml_fetch_error_text(device_model_find("SPA504G"), cases[i].status,
                                                 cases[i].error, buf, sizeof(buf)),
                            cases[i].spa);
        assert_string_equal(xml_fetch_error_text(device_model_find("7940"), cases[i].status,
                                                 cases[i].error, buf, sizeof(buf)),
                            cases[i].cp);
    }
}

static void an_error_screen_has_its_words_and_exit(void **state)
{
    const struct device_model *m = device_model_find("SPA504G");
    struct shown x = {.model = m};

    (void)state;
    assert_int_equal(xml_page_error(&x.page, m, "File Not Found"), 0);
    assert_int_equal(xml_view_init(&x.view, x.page, m), 0);
    reads(&x, "File Not Found\n[] [] [Exit] []\n");
    asks(&x, "soft3", XML_DO_EXIT, NULL);
    leave(&x);
}

/* ---- soft keys and key items */

#define KEY_AT(name, position, url)                                                                \
    "<SoftKeyItem><Name>" name "</Name><Position>" position "</Position><URL>" url                 \
    "</URL></SoftKeyItem>"

static void own_soft_keys_replace_all_defaults(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneMenu>" MENU_ITEM KEY_AT("Go", "2", "SoftKey:Select")
             KEY_AT("Site", "4", "http://h/s") "</CiscoIPPhoneMenu>");
    reads(&x, "> 1 a\n[] [Go] [] [Site]\n");
    asks(&x, "soft2", XML_DO_URI, "http://h/a");
    asks(&x, "soft4", XML_DO_URI, "http://h/s");
    assert_int_equal(press(&x, "soft1"), XML_KEY_IGNORED);
    leave(&x);
}

static void positions_are_given_out_and_taken_away(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText><SoftKeyItem><Name>a</Name></SoftKeyItem>" KEY_AT("b", "1", "x")
             KEY_AT("c", "3", "x") KEY_AT("d", "3", "x")
                 KEY_AT("e", "-1", "x") "</CiscoIPPhoneText>");
    reads(&x, "[b] [a] [d] []\n");
    warned(&x, "SoftKeyItem without Position: the lowest free one taken");
    warned(&x, "two soft keys at position 3: the later wins");
    leave(&x);
}

static void position_minus_one_is_the_key_of_the_menus(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "6851",
         "<CiscoIPPhoneText>" KEY_AT("a", "1", "SoftKey:Exit")
             KEY_AT("m", "-1", "http://h/m") "</CiscoIPPhoneText>");
    reads(&x, "[a] [] [] []\n");
    asks(&x, "setup", XML_DO_URI, "http://h/m");
    leave(&x);
    show(&x, "6851", "<CiscoIPPhoneText/>");
    assert_int_equal(press(&x, "setup"), XML_KEY_IGNORED);
    leave(&x);
}

static void more_than_four_turn_their_pages(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText>" KEY_AT("a", "1", "x") KEY_AT("b", "2", "x") KEY_AT("c", "3", "x")
             KEY_AT("d", "4", "x") KEY_AT("e", "5", "http://h/e") "</CiscoIPPhoneText>");
    reads(&x, "[a] [b] [c] [more]\n");
    assert_int_equal(press(&x, "soft4"), XML_KEY_HANDLED);
    reads(&x, "[d] [e] [] [more]\n");
    asks(&x, "soft2", XML_DO_URI, "http://h/e");
    press(&x, "soft4");
    reads(&x, "[a] [b] [c] [more]\n");
    leave(&x);
}

static void eight_soft_keys_are_taken_and_79xx_sip_takes_none(void **state)
{
    char xml[1200];
    size_t n = (size_t)sprintf(xml, "<CiscoIPPhoneText>");
    struct shown x;

    (void)state;
    for (int i = 1; i <= 9; i++)
        n += (size_t)sprintf(xml + n, KEY_AT("k", "%d", "x"), i);
    strcpy(xml + n, "</CiscoIPPhoneText>");
    show(&x, "SPA504G", xml);
    assert_int_equal(x.page->n_softkeys, 8);
    warned(&x, "more than 8 SoftKeyItem");
    leave(&x);
    show(&x, "7940", xml);
    warned(&x, "this model knows no SoftKeyItem: ignored");
    reads(&x, "[Update] [] [Exit] []\n");
    leave(&x);
}

static void a_key_item_replaces_what_the_key_does(void **state)
{
    static const char xml[] = "<CiscoIPPhoneMenu>" MENU_ITEM
                              "<KeyItem><Key>KeyPad1</Key><URL>http://h/one</URL></KeyItem>"
                              "<KeyItem><Key>NavDown</Key><URLDown>Key:Mute</URLDown></KeyItem>"
                              "<KeyItem><Key>KeyPadPound</Key><URL>http://h/pound</URL></KeyItem>"
                              "<KeyItem><Key>Hook</Key></KeyItem></CiscoIPPhoneMenu>";
    struct shown x;

    (void)state;
    show(&x, "SPA504G", xml);
    asks(&x, "1", XML_DO_URI, "http://h/one");
    asks(&x, "down", XML_DO_NOTHING, ""); /* but what is for the press */
    assert_string_equal(x.action.down, "Key:Mute");
    asks(&x, "#", XML_DO_URI, "http://h/pound");
    warned(&x, "KeyItem: there is no key \"Hook\"");
    leave(&x);
    show(&x, "7960", xml);
    asks(&x, "1", XML_DO_URI, "http://h/a");
    leave(&x);
}

static void query_string_params_join_item_and_soft_key(void **state)
{
    static const char xml[] =
        "<CiscoIPPhoneMenu><MenuItem><Name>a</Name><URL>QueryStringParam:id=1</URL></MenuItem>"
        "<MenuItem><Name>b</Name><URL>http://h/b?x</URL></MenuItem>" KEY_AT(
            "Del", "1", "http://h/del") KEY_AT("Mod", "2", "queryStringParam:op=m")
            KEY_AT("Sel", "3", "SoftKey:Select") "</CiscoIPPhoneMenu>";
    struct shown x;

    (void)state;
    show(&x, "SPA504G", xml);
    asks(&x, "soft1", XML_DO_URI, "http://h/del?id=1");
    assert_int_equal(press(&x, "soft2"), XML_KEY_IGNORED);
    assert_int_equal(press(&x, "soft3"), XML_KEY_HANDLED); /* nothing to select */
    assert_int_equal(press(&x, "2"), XML_KEY_ACTION);
    asks(&x, "soft2", XML_DO_URI, "http://h/b?x&op=m");
    assert_int_equal(press(&x, "1"), XML_KEY_HANDLED); /* only moves the cursor */
    assert_int_equal(x.view.selected, 0);
    leave(&x);
    show(&x, "6851", xml);
    asks(&x, "soft1", XML_DO_URI, "http://h/del"); /* not supported */
    leave(&x);
}

static void actions_that_do_not_fit_are_ignored(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "SPA504G",
         "<CiscoIPPhoneText>" KEY_AT("a", "1", "SoftKey:Select") KEY_AT("b", "2", "SoftKey:Submit")
             KEY_AT("c", "3", "SoftKey:Dial")
                 KEY_AT("d", "4", "softkey:back") "</CiscoIPPhoneText>");
    assert_int_equal(press(&x, "soft1"), XML_KEY_IGNORED);
    assert_int_equal(press(&x, "soft2"), XML_KEY_IGNORED);
    assert_int_equal(press(&x, "soft3"), XML_KEY_IGNORED);
    asks(&x, "soft4", XML_DO_EXIT, NULL);
    leave(&x);
}

static void event_handlers_are_told_and_run_nothing(void **state)
{
    struct shown x;

    (void)state;
    show(&x, "6851",
         "<CiscoIPPhoneText appID=\"a/b\" onAppClosed=\"Key:Mute\" strange=\"1\" "
         "keypadTarget=\"activeCall\"/>");
    assert_string_equal(x.page->app_id, "a/b");
    warned(&x, "onAppClosed: this model runs no event handlers");
    warned(&x, "attribute strange is not known: ignored");
    leave(&x);
}

/* ---- memory */

static int parse_once(void *arg)
{
    const struct xml_read_config cfg = {.model = device_model_find("SPA504G")};
    struct parse_err pe;
    struct xml_page *p = NULL;
    const int err = xml_page_parse(&p, &cfg, arg, strlen(arg), &pe);

    mem_deref(p);
    return err;
}

static void every_allocation_may_fail(void **state)
{
    static char whole[] =
        "<CiscoIPPhoneIconMenu><Title>T</Title>" MENU_ITEM
        "<IconItem><Index>1</Index><Width>4</Width><Height>1</Height><Data>2D</Data></IconItem>"
        "<KeyItem><Key>NavUp</Key></KeyItem>" KEY_AT("a", "1", "x") "</CiscoIPPhoneIconMenu>";
    static char broken[] =
        "<CiscoIPPhoneInput><URL>a&b</URL><InputItem><QueryStringParam>a</QueryStringParam>";

    (void)state;
    alloc_sweep(parse_once, whole);
    alloc_sweep(parse_once, broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_ampersands_are_repaired),
        cmocka_unit_test(html_names_are_characters_and_unknown_ones_stay),
        cmocka_unit_test(an_unknown_entity_is_told_by_its_name),
        cmocka_unit_test(an_object_is_found_behind_what_servers_leave_before_it),
        cmocka_unit_test(an_object_behind_other_elements_is_none),
        cmocka_unit_test(what_is_passed_over_is_told),
        cmocka_unit_test(a_number_without_a_default_is_ignored),
        cmocka_unit_test(white_space_and_bom_before_the_root_do_not_count),
        cmocka_unit_test(attributes_are_taken_as_they_come),
        cmocka_unit_test(elements_that_are_not_closed_end_in_time),
        cmocka_unit_test(an_end_that_is_missing_is_told_once),
        cmocka_unit_test(line_ends_of_any_kind_are_line_ends_where_a_page_is_repaired),
        cmocka_unit_test(a_carriage_return_divides_names_of_items_only),
        cmocka_unit_test(the_first_of_two_titles_that_says_something_wins),
        cmocka_unit_test(names_in_the_wrong_case_are_taken_and_told),
        cmocka_unit_test(tags_inside_a_text_go_and_their_words_stay),
        cmocka_unit_test(cdata_comments_and_doctype_are_xml_as_usual),
        cmocka_unit_test(a_doctype_with_nothing_behind_it_is_refused_in_words),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(the_prolog_wins_over_content_type_and_family),
        cmocka_unit_test(each_refusal_has_its_errno_and_words),
        cmocka_unit_test(failed_requests_have_their_words),
        cmocka_unit_test(an_error_screen_has_its_words_and_exit),
        cmocka_unit_test(own_soft_keys_replace_all_defaults),
        cmocka_unit_test(positions_are_given_out_and_taken_away),
        cmocka_unit_test(position_minus_one_is_the_key_of_the_menus),
        cmocka_unit_test(more_than_four_turn_their_pages),
        cmocka_unit_test(eight_soft_keys_are_taken_and_79xx_sip_takes_none),
        cmocka_unit_test(a_key_item_replaces_what_the_key_does),
        cmocka_unit_test(query_string_params_join_item_and_soft_key),
        cmocka_unit_test(actions_that_do_not_fit_are_ignored),
        cmocka_unit_test(event_handlers_are_told_and_run_nothing),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
