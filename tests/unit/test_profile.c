/* SPDX-License-Identifier: BSD-3-Clause */
/* Open profiles as provisioning.md section 5 has them, and the containers of 6 and 7. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "sim/prov/profile.h"
#include "tests/support/alloc.h"

enum { MAX_ITEMS = 32, MEBI = 1 << 20, VALUE_BYTES = 64 << 10 };

struct taken {
    int err;
    struct parse_err pe;
    unsigned n;
    struct {
        char name[64], value[128], ua[4];
        bool keep;
        int line;
        size_t len;
    } items[MAX_ITEMS];
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct taken *t = arg;

    if (t->n < MAX_ITEMS) {
        snprintf(t->items[t->n].name, sizeof(t->items[0].name), "%s", item->name);
        snprintf(t->items[t->n].value, sizeof(t->items[0].value), "%s", item->value);
        snprintf(t->items[t->n].ua, sizeof(t->items[0].ua), "%s", item->ua);
        t->items[t->n].keep = item->keep;
        t->items[t->n].line = item->line;
        t->items[t->n].len = strlen(item->value);
    }
    t->n++;
}

static struct taken take_bytes(const void *data, size_t len)
{
    struct taken t = {.n = 0};
    uint8_t *exact = malloc(len ? len : 1); /* so that a byte read behind the end is noticed */

    assert_non_null(exact);
    memcpy(exact, data, len);
    t.err = profile_parse(exact, len, NULL, item_handler, &t, &t.pe);
    free(exact);
    return t;
}

static struct taken take(const char *text)
{
    return take_bytes(text, strlen(text));
}

/* The value of the one parameter in a profile around this text. */
static struct taken take_value(const char *inside)
{
    char text[512];

    snprintf(text, sizeof(text), "<flat-profile><X>%s</X></flat-profile>", inside);
    return take(text);
}

#define assert_value(inside, expected)                                                             \
    do {                                                                                           \
        const struct taken got = take_value(inside);                                               \
        assert_int_equal(got.err, 0);                                                              \
        assert_int_equal(got.n, 1);                                                                \
        assert_false(got.items[0].keep);                                                           \
        assert_string_equal(got.items[0].value, expected);                                         \
    } while (0)

static void assert_refused(const struct taken *t, int err, int line, const char *reason)
{
    assert_int_equal(t->err, err);
    assert_int_equal(t->n, 0);
    assert_int_equal(t->pe.line, line);
    if (!strstr(t->pe.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", t->pe.text, reason);
}

/* ---- values */

static void an_element_becomes_name_and_value(void **state)
{
    const struct taken t = take("<flat-profile><Proxy_1_>pbx.example.test</Proxy_1_>"
                                "<SIP-B_Enable>No</SIP-B_Enable></flat-profile>");

    (void)state;
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[0].name, "Proxy_1_");
    assert_string_equal(t.items[0].value, "pbx.example.test");
    assert_string_equal(t.items[0].ua, "");
    assert_false(t.items[0].keep);
    assert_string_equal(t.items[1].name, "SIP-B_Enable");
}

static void a_self_closing_element_keeps_the_value(void **state)
{
    const struct taken t = take("<flat-profile><A/><B group=\"x\" /></flat-profile>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_true(t.items[0].keep);
    assert_true(t.items[1].keep);
}

static void an_element_with_nothing_or_blanks_in_it_empties_the_value(void **state)
{
    (void)state;
    assert_value("", "");
    assert_value(" ", "");
    assert_value("\n\t\r\n ", "");
    assert_value("<!-- nothing -->", "");
    assert_value("<![CDATA[]]>", "");
}

static void the_five_entities_and_numbers_are_resolved(void **state)
{
    (void)state;
    assert_value("&amp;&lt;&gt;&apos;&quot;", "&<>'\"");
    assert_value("&#40;*x&#x2e;&#x2E;", "(*x..");
    assert_value("Smith &amp; Sons", "Smith & Sons");
    assert_value("&amp;lt;", "&lt;");
    assert_value("&#xfc;&#8364;", "\xc3\xbc\xe2\x82\xac");
}

static void cdata_is_taken_as_it_stands(void **state)
{
    (void)state;
    assert_value("<![CDATA[a<b&c]]>", "a<b&c");
    assert_value("x<![CDATA[ & ]]>y", "x & y");
}

static void blanks_around_a_value_are_no_part_of_it(void **state)
{
    (void)state;
    assert_value("  1001\n", "1001");
    assert_value("\r\n\t1001\t", "1001");
    assert_value(" 2 words ", "2 words");
    assert_value("two  blanks", "two  blanks");
}

static void a_newline_inside_a_value_becomes_a_blank(void **state)
{
    (void)state;
    assert_value("one\ntwo", "one two");
    assert_value("one\r\ntwo", "one two");
    assert_value("one\rtwo", "one two");
    assert_value("one\n\ntwo", "one  two");
    assert_value("one&#13;&#10;two", "one two");
}

static void comments_inside_a_value_leave_no_trace(void **state)
{
    (void)state;
    assert_value("one<!-- , --> two", "one two");
    assert_value("<!-- 1/2/3 -->1", "1");
}

static void elements_inside_a_value_are_ignored_with_what_is_in_them(void **state)
{
    const struct taken t = take("<flat-profile><X>a<b>c</b>d<e/></X><Y>f</Y></flat-profile>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[0].value, "ad");
    assert_string_equal(t.items[1].value, "f");
}

static void a_repeated_name_comes_twice_in_its_order(void **state)
{
    const struct taken t = take("<flat-profile><X>1</X><X>2</X></flat-profile>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[0].value, "1");
    assert_string_equal(t.items[1].value, "2");
}

/* ---- attributes and lines */

static void ua_says_what_the_user_may(void **state)
{
    const struct taken t = take("<flat-profile><A ua=\"na\">1</A><B ua=\"ro\"/><C ua='rw'></C>"
                                "<D>1</D><E group=\"Phone/General\" ua=\"rw\" x=\"y\">1</E>"
                                "</flat-profile>");

    (void)state;
    assert_int_equal(t.n, 5);
    assert_string_equal(t.items[0].ua, "na");
    assert_string_equal(t.items[1].ua, "ro");
    assert_true(t.items[1].keep);
    assert_string_equal(t.items[2].ua, "rw");
    assert_string_equal(t.items[3].ua, "");
    assert_string_equal(t.items[4].ua, "rw");
}

static void any_other_word_in_ua_counts_as_none(void **state)
{
    const struct taken t = take("<flat-profile><A ua=\"RW\">1</A><B ua=\"rwx\">1</B>"
                                "<C ua=\"readonly\">1</C><D ua=\"\">1</D></flat-profile>");

    (void)state;
    assert_int_equal(t.n, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_string_equal(t.items[i].ua, "");
}

static void every_parameter_knows_its_line(void **state)
{
    const struct taken t = take("<?xml version=\"1.0\"?>\n<flat-profile>\n<A>1</A><B>2</B>\n"
                                "<!-- of two\nlines -->\n<C>\n3\n</C>\n<D/>\n</flat-profile>\n");

    (void)state;
    assert_int_equal(t.n, 4);
    assert_int_equal(t.items[0].line, 3);
    assert_int_equal(t.items[1].line, 3);
    assert_int_equal(t.items[2].line, 6);
    assert_int_equal(t.items[3].line, 9);
}

/* ---- where the profile stands in the document */

static void the_profile_may_sit_inside_other_elements(void **state)
{
    const struct taken t = take("<device><mac>1</mac><more><flat-profile><X>1</X></flat-profile>"
                                "<Y>2</Y></more></device>");

    (void)state;
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 1);
    assert_string_equal(t.items[0].name, "X");
}

static void two_profiles_in_one_document_are_both_read(void **state)
{
    const struct taken t = take("<all><flat-profile><X>1</X></flat-profile><Z>0</Z>"
                                "<flat-profile><Y>2</Y></flat-profile></all>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[1].name, "Y");
}

static void a_profile_within_a_profile_is_one_odd_parameter(void **state)
{
    const struct taken t = take("<flat-profile><flat-profile><X>1</X></flat-profile><Y>2</Y>"
                                "</flat-profile>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[0].name, "flat-profile");
    assert_string_equal(t.items[1].name, "Y");
}

static void a_profile_may_be_empty(void **state)
{
    (void)state;
    assert_int_equal(take("<flat-profile/>").err, 0);
    assert_int_equal(take("<flat-profile></flat-profile>").err, 0);
    assert_int_equal(take("<flat-profile> stray text </flat-profile>").n, 0);
}

static void stray_text_between_parameters_is_passed_over(void **state)
{
    const struct taken t = take("<flat-profile>//Regional\n<X>1</X>more<Y>2</Y></flat-profile>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[0].value, "1");
    assert_string_equal(t.items[1].value, "2");
}

static void namespaces_are_ignored(void **state)
{
    const struct taken t = take("<flat-profile xmlns=\"http://www.sipura.net/xsd/SPA50x-30x-SIP\" "
                                "xmlns:a=\"urn:a\"><X>1</X><a:Y a:ua=\"ro\">2</a:Y>"
                                "</flat-profile>");

    (void)state;
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[1].name, "Y");
}

static void prefixes_that_nobody_declared_are_no_defect(void **state)
{
    const struct taken t = take("<device xsi:type=\"axl:XIPPhone\"><p:flat-profile><p:X>1</p:X>"
                                "</p:flat-profile></device>");

    (void)state;
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 1);
    assert_string_equal(t.items[0].name, "X");
}

static void a_colon_with_nothing_behind_it_is_part_of_the_name(void **state)
{
    const struct taken t = take("<flat-profile><:>1</:><a:>2</a:></flat-profile>");

    (void)state;
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[0].name, ":");
    assert_string_equal(t.items[1].name, "a:");
}

static void another_case_is_another_name(void **state)
{
    const struct taken other = take("<Flat-Profile><X>1</X></Flat-Profile>");

    (void)state;
    assert_refused(&other, EPROTO, 1, "no flat-profile element in it: names are case-sensitive");
}

/* ---- characters */

static void a_byte_order_mark_is_dropped(void **state)
{
    const struct taken t = take("\xef\xbb\xbf<?xml version=\"1.0\"?><flat-profile><X>1</X>"
                                "</flat-profile>");

    (void)state;
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 1);
}

static void utf8_stays_and_latin1_becomes_utf8(void **state)
{
    (void)state;
    assert_value("J\xc3\xbcrgen", "J\xc3\xbcrgen");
    assert_value("\xe2\x82\xac \xf0\x9f\x93\x9e", "\xe2\x82\xac \xf0\x9f\x93\x9e");
    assert_value("J\xfcrgen M\xfc\xdfig", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig");
}

static void bytes_that_only_resemble_utf8_are_latin1(void **state)
{
    (void)state;
    assert_value("\xc0\xaf", "\xc3\x80\xc2\xaf");             /* overlong */
    assert_value("\xed\xa0\xa1", "\xc3\xad\xc2\xa0\xc2\xa1"); /* half of a surrogate pair */
    assert_value("\xf4\xa0\xa0\xa0", "\xc3\xb4\xc2\xa0\xc2\xa0\xc2\xa0");
    assert_value("x\xe2\x82", "x\xc3\xa2\xc2\x82");
}

static void the_declared_encoding_is_not_honoured(void **state)
{
    static const char *const declared[] = {"ISO-8859-1", "UTF-16", "windows-1252", "none-such"};
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof(declared) / sizeof(declared[0]); i++) {
        snprintf(text, sizeof(text),
                 "<?xml version=\"1.0\" encoding=\"%s\"?><flat-profile>"
                 "<X>M\xc3\xbcller</X></flat-profile>",
                 declared[i]);
        const struct taken t = take(text);
        assert_int_equal(t.err, 0);
        assert_string_equal(t.items[0].value, "M\xc3\xbcller");
    }
}

static void a_declaration_is_ignored_whatever_it_says_and_wherever_it_stands(void **state)
{
    static const char *const texts[] = {
        "\n<?xml version=\"1.0\"?>\n<flat-profile><X>1</X></flat-profile>",
        " \r\n <?xml version='1.0' encoding='UTF-8'?><flat-profile><X>1</X></flat-profile>",
        "<?xml?><flat-profile><X>1</X></flat-profile>",
        "<?xml encoding=\"UTF-8\" version=\"1.0\"?><flat-profile><X>1</X></flat-profile>",
        "<!-- made --><?xml version=\"1.0\"?><flat-profile><X>1</X></flat-profile>",
        "<all><?xml version=\"1.0\"?><flat-profile><X>1</X></flat-profile></all>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct taken t = take(texts[i]);
        if (t.err || t.n != 1)
            fail_msg("%s: error %d, %s", texts[i], t.err, t.pe.text);
        assert_string_equal(t.items[0].value, "1");
    }
    assert_value("<![CDATA[<?xml ?>]]>", "<?xml ?>");
    assert_int_equal(
        take("\n\n<?xml version=\"1.0\"?>\n<flat-profile>\n<X/></flat-profile>").items[0].line, 5);
    assert_int_equal(take("<?xml version=\"1.0\"><flat-profile><X>1</X></flat-profile>").err,
                     EBADMSG);
}

static void utf16_is_refused_by_its_name(void **state)
{
    const struct taken little = take_bytes("\xff\xfe<\0f\0", 6);
    const struct taken big = take_bytes("\xfe\xff\0<\0f", 6);

    (void)state;
    assert_refused(&little, EPROTO, 0, "UTF-16");
    assert_refused(&big, EPROTO, 0, "UTF-16");
}

/* ---- what is refused, and with which reason */

static void a_truncated_profile_is_refused_where_it_ends(void **state)
{
    const struct taken t = take("<flat-profile>\n<X>1</X>\n<Y>2</Y>\n<Z>3");

    (void)state;
    assert_refused(&t, EBADMSG, 4, "the document ends inside <Z>");
}

static void every_beginning_of_a_profile_is_refused_with_line_and_reason(void **state)
{
    static const char text[] = "<?xml version=\"1.0\"?>\n<flat-profile><!-- c -->\n"
                               "<X ua=\"na\">a&amp;b</X>\n<Y/><![CDATA[z]]>\n</flat-profile>";

    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        const struct taken t = take_bytes(text, len);
        assert_int_equal(t.err, EBADMSG);
        assert_int_equal(t.n, 0);
        assert_true(t.pe.line >= 1 && t.pe.line <= 5);
        assert_true(t.pe.text[0] != '\0');
        assert_null(strstr(t.pe.text, "Extra content"));
    }
    assert_int_equal(take_bytes(text, sizeof(text) - 1).n, 2);
}

static void html_is_no_profile(void **state)
{
    const struct taken login = take("<!DOCTYPE html>\n<html><head><meta charset=utf-8>\n"
                                    "<title>Log in</title></head><body>Who?<br></body></html>\n");
    const struct taken tidy = take("<html><head><title>404</title></head><body/></html>");

    (void)state;
    assert_refused(&login, EBADMSG, 2, "AttValue");
    assert_refused(&tidy, EPROTO, 0, "no flat-profile");
}

static void a_raw_ampersand_names_its_line(void **state)
{
    const struct taken url = take("<flat-profile>\n<X>http://h/?a=1&b=2</X>\n</flat-profile>");
    const struct taken text = take("<flat-profile>\n\n<X>Smith & Sons</X>\n</flat-profile>");

    (void)state;
    assert_refused(&url, EBADMSG, 2, "a bare &");
    assert_refused(&text, EBADMSG, 3, "a bare &");
    assert_int_equal(text.pe.col, 11);
}

static void what_is_not_well_formed_is_refused_whole(void **state)
{
    static const char *const bad[] = {
        "<flat-profile><X>1</Y></flat-profile>",
        "<flat-profile><X>1</X></flat-profile><more/>",
        "<flat-profile><X>1</X></flat-profile>text",
        "<flat-profile><X a=\"1\" a=\"2\">1</X></flat-profile>",
        "<flat-profile><X>1</X><!------ x ------></flat-profile>",
        "<flat-profile><D>(<:1>x.)</D></flat-profile>",
        "<flat-profile><X>\x01</X></flat-profile>",
        "<flat-profile><X>&unknown;</X></flat-profile>",
        "<flat-profile><X>&#0;</X></flat-profile>",
        "Proxy pbx.example.test\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct taken t = take(bad[i]);
        if (t.err != EBADMSG || t.n || t.pe.line < 1 || !t.pe.text[0])
            fail_msg("%s: error %d, %u items, line %d, \"%s\"", bad[i], t.err, t.n, t.pe.line,
                     t.pe.text);
    }
}

static void nothing_and_blanks_are_an_empty_file(void **state)
{
    const struct taken none = take(""), blank = take(" \r\n\t\n");

    (void)state;
    assert_refused(&none, EBADMSG, 1, "empty file");
    assert_refused(&blank, EBADMSG, 1, "empty file");
}

static void formats_of_other_sections_are_named(void **state)
{
    const struct taken aes = take_bytes("Salted__12345678abcdefgh", 24);
    const struct taken spc = take_bytes("SPC\0\1\2\3\4", 8);
    static const char *const others[][2] = {
        {"Proxy[1] \"pbx.example.test\" ;\n", "plain-text SPC source"},
        {"# a comment\n\nSome_Entry ! ;\n", "plain-text SPC source"},
        {"PK\x03\x04...", "zip archive"},
        {"x\x9c\x4b\x04", "zlib stream"},
        {"BZh91AY&SY", "bzip2"},
        {"-----BEGIN CERTIFICATE-----\n", "PEM"},
        {"\x01\x02\x03\x04\x05\x06\x0e\x0f", "binary SPC"},
    };

    (void)state;
    assert_refused(&aes, EPROTO, 0, "encrypted");
    assert_refused(&spc, EPROTO, 0, "binary SPC profile, compiled without a key");
    for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        const struct taken t = take(others[i][0]);
        assert_refused(&t, EPROTO, 0, others[i][1]);
    }
}

static void the_reason_may_be_left_out(void **state)
{
    (void)state;
    assert_int_equal(profile_parse((const uint8_t *)"<a>", 3, NULL, item_handler, NULL, NULL),
                     EBADMSG);
    assert_int_equal(profile_parse((const uint8_t *)"<a/>", 4, NULL, item_handler, NULL, NULL),
                     EPROTO);
}

static void zero_bytes_are_refused_wherever_they_stand(void **state)
{
    static const char utf16[] = "<\0f\0l\0a\0t\0-\0p\0r\0o\0f\0i\0l\0e\0/\0>";
    static const char inside[] = "<flat-profile>\n<X>1\0</X></flat-profile>";
    const struct taken wide = take_bytes(utf16, sizeof(utf16)), ucs4 = take_bytes("<\0\0\0", 4);
    const struct taken one = take_bytes(inside, sizeof(inside) - 1);

    (void)state;
    assert_refused(&wide, EBADMSG, 1, "zero byte");
    assert_refused(&ucs4, EBADMSG, 1, "zero byte");
    assert_refused(&one, EBADMSG, 2, "zero byte");
}

/* ---- limits */

static char *repeat(const char *head, const char *middle, size_t n, const char *tail)
{
    const size_t size = strlen(head) + n * strlen(middle) + strlen(tail) + 1;
    char *text = malloc(size), *at = text;

    assert_non_null(text);
    at = stpcpy(at, head);
    for (size_t i = 0; i < n; i++)
        at = stpcpy(at, middle);
    stpcpy(at, tail);
    return text;
}

static void a_value_may_be_long_but_not_endless(void **state)
{
    char *fits = repeat("<flat-profile><X>", "v", VALUE_BYTES, "</X></flat-profile>");
    char *over = repeat("<flat-profile>\n<X>", "v", VALUE_BYTES + 1, "</X></flat-profile>");
    const struct taken good = take(fits), bad = take(over);

    (void)state;
    free(fits);
    free(over);
    assert_int_equal(good.err, 0);
    assert_int_equal(good.items[0].len, VALUE_BYTES);
    assert_refused(&bad, E2BIG, 2, "X is longer than 65536 bytes");
}

static void a_tree_of_another_device_may_be_of_any_size(void **state)
{
    char *text = repeat("<flat-profile><router-configuration><WAN>", "<n><a>0123456789</a></n>",
                        VALUE_BYTES / 8, "</WAN></router-configuration><X>1</X></flat-profile>");
    const struct taken t = take(text);

    (void)state;
    free(text);
    assert_int_equal(t.err, 0);
    assert_string_equal(t.items[0].value, "");
    assert_string_equal(t.items[1].value, "1");
}

static void a_value_of_many_pieces_has_the_same_limit(void **state)
{
    char *over = repeat("<flat-profile><X>", "v<!---->", VALUE_BYTES + 1, "</X></flat-profile>");
    const struct taken t = take(over);

    (void)state;
    free(over);
    assert_refused(&t, E2BIG, 1, "X is longer");
}

static void a_profile_over_sixteen_mebibytes_is_refused(void **state)
{
    char *big = repeat("<flat-profile>", "                ", MEBI, "</flat-profile>");
    const struct taken t = take(big);

    (void)state;
    free(big);
    assert_refused(&t, E2BIG, 0, "larger than 16777216 bytes");
}

static void many_parameters_are_all_taken(void **state)
{
    char *many = repeat("<flat-profile>", "<X>1</X>\n", 100000, "</flat-profile>");
    const struct taken t = take(many);

    (void)state;
    free(many);
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 100000);
}

static void elements_nested_without_end_are_refused(void **state)
{
    char *deep = repeat("<flat-profile>\n", "<a>", 10000, "");
    const struct taken t = take(deep);

    (void)state;
    free(deep);
    assert_refused(&t, EBADMSG, 2, "nested too deeply");
}

static void entities_of_the_document_are_as_unknown_as_others(void **state)
{
    const struct taken bomb = take("<!DOCTYPE f [<!ENTITY a \"aaaaaaaaaa\">"
                                   "<!ENTITY b \"&a;&a;&a;\">"
                                   "<!ENTITY c SYSTEM \"file:///etc/passwd\">]>"
                                   "<flat-profile><X>1&b;2&c;3</X></flat-profile>");

    (void)state;
    assert_refused(&bomb, EBADMSG, 1, "Entity 'b' not defined");
}

/* However libxml2 divides what it reads: no such seam may change it. */
static void the_length_of_what_stands_before_changes_nothing(void **state)
{
    static const char tail[] = "<A>x &amp; y</A><B></B><C/><D ua=\"ro\"><![CDATA[<]]></D>\n"
                               "<E> \xc3\xbc\n</E></flat-profile>";
    char text[2048];

    (void)state;
    for (int pad = 400; pad < 560; pad++) {
        snprintf(text, sizeof(text), "<flat-profile>%*s%s", pad, "", tail);
        const struct taken t = take(text);
        assert_int_equal(t.err, 0);
        assert_int_equal(t.n, 5);
        assert_string_equal(t.items[0].value, "x & y");
        assert_false(t.items[1].keep);
        assert_true(t.items[2].keep);
        assert_string_equal(t.items[3].value, "<");
        assert_string_equal(t.items[3].ua, "ro");
        assert_string_equal(t.items[4].value, "\xc3\xbc");
        assert_int_equal(t.items[4].line, 2);
    }
}

/* ---- compression */

static size_t gzip(const void *data, size_t len, int window, uint8_t **out)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
    const size_t size = len / 100 + 4096;

    *out = malloc(size);
    assert_non_null(*out);
    z.next_out = *out;
    z.avail_out = (uInt)size;
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t n = z.total_out;
    deflateEnd(&z);
    return n;
}

static struct taken take_gzip(const char *text, int window, size_t cut)
{
    uint8_t *packed;
    const size_t len = gzip(text, strlen(text), window, &packed);
    const struct taken t = take_bytes(packed, len - cut);

    free(packed);
    return t;
}

static const char small[] = "<flat-profile><X>1</X></flat-profile>";

static void gzip_is_told_by_its_first_bytes(void **state)
{
    const struct taken t = take_gzip(small, 16 + MAX_WBITS, 0);

    (void)state;
    assert_int_equal(t.err, 0);
    assert_int_equal(t.n, 1);
    assert_string_equal(t.items[0].value, "1");
}

static void deflate_without_a_gzip_header_is_not_accepted(void **state)
{
    (void)state;
    assert_int_not_equal(take_gzip(small, MAX_WBITS, 0).err, 0);
    assert_int_not_equal(take_gzip(small, -MAX_WBITS, 0).err, 0);
}

static void broken_gzip_is_refused(void **state)
{
    const struct taken cut = take_gzip(small, 16 + MAX_WBITS, 9);
    const struct taken bare = take_bytes("\x1f\x8b", 2);

    (void)state;
    assert_refused(&cut, EBADMSG, 0, "gzip data broken");
    assert_refused(&bare, EBADMSG, 0, "gzip data broken");
}

static void a_small_file_that_unpacks_to_a_huge_one_is_refused(void **state)
{
    char *big = repeat("<flat-profile>", "                ", MEBI, "</flat-profile>");
    char *full = repeat("<flat-profile>", "0123456789abcdef", MEBI - 2, " </flat-profile>");
    const struct taken bomb = take_gzip(big, 16 + MAX_WBITS, 0);
    const struct taken fits = take_gzip(full, 16 + MAX_WBITS, 0);

    (void)state;
    assert_int_equal(strlen(full), 16 * MEBI - 2);
    free(big);
    free(full);
    assert_refused(&bomb, E2BIG, 0, "larger than 16777216 bytes");
    assert_int_not_equal(fits.err, E2BIG); /* for another reason: so much text in one piece */
}

static void an_empty_gzip_is_an_empty_file(void **state)
{
    const struct taken t = take_gzip("", 16 + MAX_WBITS, 0);

    (void)state;
    assert_refused(&t, EBADMSG, 1, "empty file");
}

/* ---- out of memory */

struct bytes {
    const uint8_t *data;
    size_t len;
};

static int parse_again(void *arg)
{
    const struct bytes *b = arg;
    struct taken t = {.n = 0};
    const int err = profile_parse(b->data, b->len, NULL, item_handler, &t, &t.pe);

    assert_int_equal(t.n, err ? 0 : 1000);
    return err;
}

static void a_failing_allocation_is_enomem_and_nothing_else(void **state)
{
    char *text = repeat("<flat-profile>", "<X ua=\"na\">some value</X>", 1000, "</flat-profile>");
    struct bytes plain = {(const uint8_t *)text, strlen(text)}, packed;
    uint8_t *buf;

    (void)state;
    packed.len = gzip(text, strlen(text), 16 + MAX_WBITS, &buf);
    packed.data = buf;
    assert_true(alloc_sweep(parse_again, &plain) >= 4);
    assert_true(alloc_sweep(parse_again, &packed) >= 6);
    free(buf);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_becomes_name_and_value),
        cmocka_unit_test(a_self_closing_element_keeps_the_value),
        cmocka_unit_test(an_element_with_nothing_or_blanks_in_it_empties_the_value),
        cmocka_unit_test(the_five_entities_and_numbers_are_resolved),
        cmocka_unit_test(cdata_is_taken_as_it_stands),
        cmocka_unit_test(blanks_around_a_value_are_no_part_of_it),
        cmocka_unit_test(a_newline_inside_a_value_becomes_a_blank),
        cmocka_unit_test(comments_inside_a_value_leave_no_trace),
        cmocka_unit_test(elements_inside_a_value_are_ignored_with_what_is_in_them),
        cmocka_unit_test(a_tree_of_another_device_may_be_of_any_size),
        cmocka_unit_test(a_repeated_name_comes_twice_in_its_order),
        cmocka_unit_test(ua_says_what_the_user_may),
        cmocka_unit_test(any_other_word_in_ua_counts_as_none),
        cmocka_unit_test(every_parameter_knows_its_line),
        cmocka_unit_test(the_profile_may_sit_inside_other_elements),
        cmocka_unit_test(two_profiles_in_one_document_are_both_read),
        cmocka_unit_test(a_profile_within_a_profile_is_one_odd_parameter),
        cmocka_unit_test(a_profile_may_be_empty),
        cmocka_unit_test(stray_text_between_parameters_is_passed_over),
        cmocka_unit_test(namespaces_are_ignored),
        cmocka_unit_test(prefixes_that_nobody_declared_are_no_defect),
        cmocka_unit_test(a_colon_with_nothing_behind_it_is_part_of_the_name),
        cmocka_unit_test(another_case_is_another_name),
        cmocka_unit_test(a_byte_order_mark_is_dropped),
        cmocka_unit_test(utf8_stays_and_latin1_becomes_utf8),
        cmocka_unit_test(bytes_that_only_resemble_utf8_are_latin1),
        cmocka_unit_test(the_declared_encoding_is_not_honoured),
        cmocka_unit_test(a_declaration_is_ignored_whatever_it_says_and_wherever_it_stands),
        cmocka_unit_test(utf16_is_refused_by_its_name),
        cmocka_unit_test(a_truncated_profile_is_refused_where_it_ends),
        cmocka_unit_test(every_beginning_of_a_profile_is_refused_with_line_and_reason),
        cmocka_unit_test(html_is_no_profile),
        cmocka_unit_test(a_raw_ampersand_names_its_line),
        cmocka_unit_test(what_is_not_well_formed_is_refused_whole),
        cmocka_unit_test(nothing_and_blanks_are_an_empty_file),
        cmocka_unit_test(formats_of_other_sections_are_named),
        cmocka_unit_test(the_reason_may_be_left_out),
        cmocka_unit_test(zero_bytes_are_refused_wherever_they_stand),
        cmocka_unit_test(a_value_may_be_long_but_not_endless),
        cmocka_unit_test(a_value_of_many_pieces_has_the_same_limit),
        cmocka_unit_test(a_profile_over_sixteen_mebibytes_is_refused),
        cmocka_unit_test(many_parameters_are_all_taken),
        cmocka_unit_test(elements_nested_without_end_are_refused),
        cmocka_unit_test(entities_of_the_document_are_as_unknown_as_others),
        cmocka_unit_test(the_length_of_what_stands_before_changes_nothing),
        cmocka_unit_test(gzip_is_told_by_its_first_bytes),
        cmocka_unit_test(deflate_without_a_gzip_header_is_not_accepted),
        cmocka_unit_test(broken_gzip_is_refused),
        cmocka_unit_test(a_small_file_that_unpacks_to_a_huge_one_is_refused),
        cmocka_unit_test(an_empty_gzip_is_an_empty_file),
        cmocka_unit_test(a_failing_allocation_is_enomem_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
