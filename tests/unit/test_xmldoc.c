/* SPDX-License-Identifier: BSD-3-Clause */
/* XML walked: where it stops, and that hostile documents cost no time. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/base/xmldoc.h"
#include "sim/base/xmlscan.h"

enum { MANY = 200000 };

struct walked {
    int err;
    unsigned n_open, n_close;
    char text[256], attribute[64];
    struct parse_err pe;
};

static int event_handler(const struct xml_event *ev, void *arg)
{
    struct walked *w = arg;

    if (ev->kind == XML_OPEN) {
        w->n_open++;
        xml_attribute(ev, "a", w->attribute, sizeof(w->attribute));
    } else if (ev->kind == XML_CLOSE) {
        w->n_close++;
    } else {
        snprintf(w->text + strlen(w->text), sizeof(w->text) - strlen(w->text), "%.100s", ev->text);
    }
    return 0;
}

static struct walked walk_bytes(const char *text, size_t len)
{
    struct walked w = {.n_open = 0};

    w.err = xml_walk(text, len, event_handler, &w, &w.pe);
    return w;
}

static struct walked walk(const char *text)
{
    return walk_bytes(text, strlen(text));
}

static struct walked walk_mended(const char *text)
{
    struct walked w = {.n_open = 0};

    w.err = xml_walk_mended(text, strlen(text), event_handler, &w, &w.pe);
    return w;
}

static void assert_refused(struct walked w, int line, const char *reason)
{
    assert_int_equal(w.err, EBADMSG);
    assert_int_equal(w.pe.line, line);
    assert_string_equal(w.pe.text, reason);
}

/* What, MANY times, between two texts. */
static char *repeated(const char *before, const char *what, const char *after)
{
    const size_t n = strlen(what), size = strlen(before) + MANY * n + strlen(after) + 1;
    char *text = malloc(size), *to = text;

    assert_non_null(text);
    to += sprintf(to, "%s", before);
    for (unsigned i = 0; i < MANY; i++, to += n)
        memcpy(to, what, n);
    sprintf(to, "%s", after);
    return text;
}

static void a_comment_of_nothing_but_hyphens_costs_no_time(void **state)
{
    char *text = repeated("<r>\n", "<!--", "--></r>");
    const struct walked w = walk(text), mended = walk_mended(text);

    (void)state;
    assert_refused(w, 2, "-- inside a comment");
    assert_int_equal(mended.err, 0);
    assert_int_equal(mended.n_open, 1);
    free(text);
}

static void a_tag_with_very_many_attributes_is_refused(void **state)
{
    char *text = repeated("<r>\n<x ", "a=\"1\" ", "/></r>");

    (void)state;
    assert_refused(walk(text), 2, "a tag of more than 16384 bytes");
    free(text);
}

static void long_values_comments_and_quotes_are_no_long_tag(void **state)
{
    char *value = repeated("<r><x>", "it's > ", "</x></r>");
    char *comment = repeated("<r><!--", " \"<a ", "--></r>");
    char *data = repeated("<r><![CDATA[", "<a b='", "]]></r>");

    (void)state;
    assert_int_equal(walk(value).err, 0);
    assert_int_equal(walk(comment).err, 0);
    assert_int_equal(walk(data).err, 0);
    free(value);
    free(comment);
    free(data);
}

static void what_a_doctype_declares_is_not_read(void **state)
{
    static const char declared[] = "<!DOCTYPE r [\n<!ENTITY e \"no ]> end\"> <!-- ' -->\n]>\n";
    char text[256];

    (void)state;
    snprintf(text, sizeof(text), "%s<r>&e;</r>", declared);
    assert_refused(walk(text), 4, "Entity 'e' not defined");
    snprintf(text, sizeof(text), "%s<r>a&amp;b</r>", declared);
    assert_string_equal(walk(text).text, "a&b");
    assert_refused(walk("<!DOCTYPE r SYSTEM \"r.dtd\">\n<r>\n&e;</r>"), 3,
                   "Entity 'e' not defined");
    assert_int_equal(walk("<!DOCTYPE r [<!ATTLIST r a CDATA \"x\">]><r/>").err, 0);
    assert_string_equal(walk("<!DOCTYPE r [<!ATTLIST r a CDATA \"x\">]><r/>").attribute, "");
}

static void a_defect_is_named_in_plain_words(void **state)
{
    (void)state;
    assert_refused(walk("<r>\na?b=1&c=2</r>"), 2,
                   "EntityRef: expecting ';' (a bare & is written &amp;)");
    assert_refused(walk("<r>\nR & D</r>"), 2,
                   "xmlParseEntityRef: no name (a bare & is written &amp;)");
    assert_refused(walk("{\"r\": 1}"), 1, "no XML: it does not begin with <");
    assert_refused(walk("<r/>\n<s/>"), 2,
                   "something stands behind the end of <r>, which is the whole document");
    assert_refused(walk("<r>\n<s>"), 2, "the document ends inside <s>");
}

static void the_first_defect_counts(void **state)
{
    (void)state;
    assert_refused(walk("<r>\n&\n<!-- -- -->\n</s>"), 2,
                   "xmlParseEntityRef: no name (a bare & is written &amp;)");
}

static void mending_tells_empty_elements_with_and_without_comments(void **state)
{
    (void)state;
    assert_int_equal(walk_mended("<r><x/></r>").n_close, 1);
    assert_int_equal(walk_mended("<r><x></x></r>").n_close, 2);
    assert_int_equal(walk_mended("<r><x><!------></x></r>").n_close, 2);
    assert_string_equal(walk_mended("<r>a<!-- -- -->b").text, "ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comment_of_nothing_but_hyphens_costs_no_time),
        cmocka_unit_test(a_tag_with_very_many_attributes_is_refused),
        cmocka_unit_test(long_values_comments_and_quotes_are_no_long_tag),
        cmocka_unit_test(what_a_doctype_declares_is_not_read),
        cmocka_unit_test(a_defect_is_named_in_plain_words),
        cmocka_unit_test(the_first_defect_counts),
        cmocka_unit_test(mending_tells_empty_elements_with_and_without_comments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
