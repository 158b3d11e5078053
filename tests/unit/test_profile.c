/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile bytes to parameters (provisioning.md section 5), and what is refused whole. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "sim/prov/profile.h"

enum { TEXT_MAX = 1000 };

struct taken {
    char text[TEXT_MAX]; /* "NAME=value;" each, "NAME;" where the value is kept */
    unsigned n;
    int last_line;
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct taken *t = arg;
    const size_t len = strlen(t->text);

    snprintf(t->text + len, sizeof(t->text) - len, item->keep ? "%s;" : "%s=%s;", item->name,
             item->value);
    t->n++;
    t->last_line = item->line;
}

static int take(struct taken *t, const char *profile, struct parse_err *pe)
{
    memset(t, 0, sizeof(*t));
    return profile_parse((const uint8_t *)profile, strlen(profile), item_handler, t, pe);
}

static void assert_takes(const char *profile, const char *items)
{
    struct taken t;
    struct parse_err pe = {.text = ""};

    assert_int_equal(take(&t, profile, &pe), 0);
    assert_string_equal(t.text, items);
}

static void assert_refuses(const char *profile, int err, int line, const char *reason)
{
    struct taken t;
    struct parse_err pe = {.text = ""};

    assert_int_equal(take(&t, profile, &pe), err);
    assert_int_equal(t.n, 0);
    assert_int_equal(pe.line, line);
    if (!strstr(pe.text, reason))
        fail_msg("\"%s\" does not say \"%s\"", pe.text, reason);
}

static void elements_are_parameters_in_document_order(void **state)
{
    (void)state;
    assert_takes("<flat-profile><B>1</B><A ua=\"na\" group=\"x/y\">2</A><B>3</B></flat-profile>",
                 "B=1;A=2;B=3;");
}

static void empty_and_self_closing_differ(void **state)
{
    (void)state;
    assert_takes("<flat-profile><A></A><B/><C ua=\"rw\" /><D> \n </D></flat-profile>",
                 "A=;B;C;D=;");
}

static void entities_are_resolved(void **state)
{
    (void)state;
    assert_takes("<flat-profile><A>&lt;a&gt; &amp; &quot;b&quot; &apos;c&apos;</A>"
                 "<B>&#40;x&#x2e;&#41;</B><C><![CDATA[<&>]]></C></flat-profile>",
                 "A=<a> & \"b\" 'c';B=(x.);C=<&>;");
}

static void blanks_around_go_and_newlines_inside_are_blanks(void **state)
{
    (void)state;
    assert_takes("<flat-profile><A>\n  one\ntwo \r\n three\t</A></flat-profile>",
                 "A=one two   three;");
}

static void the_profile_may_be_wrapped(void **state)
{
    (void)state;
    assert_takes("<?xml version=\"1.0\" encoding=\"ISO-8859-5\"?><!-- x --><device xmlns:x=\"u\">"
                 "<Other>1</Other><flat-profile xmlns=\"v\" a=\"b\"><A>2</A></flat-profile>"
                 "<After>3</After></device>",
                 "A=2;");
}

static void deeper_elements_are_no_parameters(void **state)
{
    (void)state;
    assert_takes("<flat-profile><A>1<sub>x</sub>2</A><router-configuration><B>1</B>"
                 "</router-configuration><C>3</C></flat-profile>",
                 "A=1x2;router-configuration=1;C=3;");
}

static void comments_inside_a_value_are_left_out(void **state)
{
    (void)state;
    assert_takes("<flat-profile><A>1<!-- no -->2</A></flat-profile>", "A=12;");
}

static void a_byte_order_mark_and_latin1_are_tolerated(void **state)
{
    (void)state;
    assert_takes("\xef\xbb\xbf<flat-profile><A>J\xc3\xbcrgen</A></flat-profile>",
                 "A=J\xc3\xbcrgen;");
    assert_takes("<flat-profile><A>J\xfcrgen</A></flat-profile>", "A=J\xc3\xbcrgen;");
}

static void the_line_of_an_element_is_known(void **state)
{
    struct taken t;

    (void)state;
    assert_int_equal(take(&t, "<flat-profile>\n\n<A>\n1</A></flat-profile>", NULL), 0);
    assert_int_equal(t.last_line, 3);
}

static void what_is_not_well_formed_is_refused_whole(void **state)
{
    (void)state;
    assert_refuses("<flat-profile>\n<A>1</A>\n<B>a & b</B></flat-profile>", EBADMSG, 3, "EntityRef");
    assert_refuses("<flat-profile>\n<A>1</A>\n<B>cut", EBADMSG, 3, "");
    assert_refuses("<flat-profile><A>1</B></flat-profile>", EBADMSG, 1, "mismatch");
    assert_refuses("<flat-profile><A>1</A></flat-profile><x", EBADMSG, 1, "");
    assert_refuses("User_ID_1_ \"1001\" ;", EBADMSG, 1, "");
    assert_refuses("", EBADMSG, 1, "empty file");
}

static void other_documents_are_named(void **state)
{
    (void)state;
    assert_refuses("<html><body>Please log in</body></html>", EPROTO, 0, "no flat-profile");
    assert_refuses("Salted__12345678xxxxxxxx", EPROTO, 0, "encrypted");
}

static void binary_profiles_are_named(void **state)
{
    static const uint8_t spc[] = {0x01, 'S', 'P', 'C', 0, 0, 0x7f, 0};
    struct taken t = {.n = 0};
    struct parse_err pe = {.text = ""};

    (void)state;
    assert_int_equal(profile_parse(spc, sizeof(spc), item_handler, &t, &pe), EPROTO);
    assert_non_null(strstr(pe.text, "binary"));
}

static void nothing_outside_the_document_is_read(void **state)
{
    struct taken t;

    (void)state;
    /* an external entity is never opened, an internal bomb never grows */
    (void)take(&t, "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
                   "<flat-profile><A>&x;</A></flat-profile>", NULL);
    assert_null(strstr(t.text, "root:"));
    (void)take(&t, "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;\">"
                   "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;\">]>"
                   "<flat-profile><A>&d;</A></flat-profile>", NULL);
    assert_true(strlen(t.text) < 100);
}

static size_t pack(uint8_t *out, size_t size, const char *text)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)strlen(text),
                  .next_out = out, .avail_out = (uInt)size};

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return size - z.avail_out;
}

static void gzip_is_unpacked(void **state)
{
    uint8_t packed[300];
    struct taken t = {.n = 0};
    struct parse_err pe = {.text = ""};

    (void)state;
    const size_t len = pack(packed, sizeof(packed), "<flat-profile><A>1</A></flat-profile>");
    assert_int_equal(profile_parse(packed, len, item_handler, &t, &pe), 0);
    assert_string_equal(t.text, "A=1;");
    assert_int_equal(profile_parse(packed, len - 4, item_handler, &t, &pe), EBADMSG);
    assert_non_null(strstr(pe.text, "gzip"));
}

static void a_long_value_does_not_grow_without_limit(void **state)
{
    static const char head[] = "<flat-profile><A>", tail[] = "</A></flat-profile>";
    const size_t body = 1 << 20;
    char *profile = calloc(1, sizeof(head) + body + sizeof(tail));
    struct taken t = {.n = 0};

    (void)state;
    memcpy(profile, head, sizeof(head) - 1);
    memset(profile + sizeof(head) - 1, 'x', body);
    memcpy(profile + sizeof(head) - 1 + body, tail, sizeof(tail));
    const int err = profile_parse((uint8_t *)profile, strlen(profile), item_handler, &t, NULL);
    assert_true(err == 0 || err == E2BIG || err == EBADMSG);
    free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_parameters_in_document_order),
        cmocka_unit_test(empty_and_self_closing_differ),
        cmocka_unit_test(entities_are_resolved),
        cmocka_unit_test(blanks_around_go_and_newlines_inside_are_blanks),
        cmocka_unit_test(the_profile_may_be_wrapped),
        cmocka_unit_test(deeper_elements_are_no_parameters),
        cmocka_unit_test(comments_inside_a_value_are_left_out),
        cmocka_unit_test(a_byte_order_mark_and_latin1_are_tolerated),
        cmocka_unit_test(the_line_of_an_element_is_known),
        cmocka_unit_test(what_is_not_well_formed_is_refused_whole),
        cmocka_unit_test(other_documents_are_named),
        cmocka_unit_test(binary_profiles_are_named),
        cmocka_unit_test(nothing_outside_the_document_is_read),
        cmocka_unit_test(gzip_is_unpacked),
        cmocka_unit_test(a_long_value_does_not_grow_without_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
