/* SPDX-License-Identifier: BSD-3-Clause */
/* Multipart bodies and resource lists (RFC 2046 5.1, RFC 4662 5; sip-behaviour.md 10). */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sip/multipart.h"
#include "sim/sip/rlmi.h"
#include "tests/support/alloc.h"

/* ---- multipart */

static bool boundary_is(const char *content_type, const char *want)
{
    char buf[MULTIPART_BOUNDARY] = "";
    struct pl type;

    pl_set_str(&type, content_type);
    const bool found = multipart_boundary(&type, buf);
    return found ? want && strcmp(buf, want) == 0 : !want;
}

static void the_boundary_is_read_quoted_or_not(void **state)
{
    (void)state;
    assert_true(boundary_is("multipart/related; boundary=abc", "abc"));
    assert_true(
        boundary_is("multipart/related;type=\"application/rlmi+xml\";boundary=\"a b;c\"", "a b;c"));
    assert_true(boundary_is("multipart/related; BOUNDARY=abc ; start=x", "abc"));
    assert_true(boundary_is("multipart/related", NULL));
    assert_true(boundary_is("multipart/related; boundary=", NULL));
    assert_true(boundary_is("multipart/related; boundary=\"\"", NULL));
    assert_true(boundary_is("", NULL));
    /* 70 at most (RFC 2046 5.1.1) */
    assert_true(
        boundary_is("x;boundary="
                    "12345678901234567890123456789012345678901234567890123456789012345678901",
                    NULL));
}

static void parts_come_one_after_the_other(void **state)
{
    static const char body[] =
        "preamble\r\n--b\r\n"
        "Content-Type: application/rlmi+xml;charset=\"UTF-8\"\r\n"
        "content-id: <one@h>\r\n\r\n"
        "<list/>\r\n--b \r\n"
        "Content-ID: two\r\n\r\n"
        "first\r\nsecond--b\r\n\r\n--b\r\n\r\nbare\n--b--\r\nepilogue\r\n--b\r\n";
    struct pl rest = {body, sizeof(body) - 1};
    struct multipart_part part;

    (void)state;
    assert_true(multipart_next(&rest, "b", &part));
    assert_int_equal(pl_strcmp(&part.content_type, "application/rlmi+xml"), 0);
    assert_int_equal(pl_strcmp(&part.content_id, "one@h"), 0);
    assert_int_equal(pl_strcmp(&part.body, "<list/>"), 0);
    assert_true(multipart_next(&rest, "b", &part));
    assert_int_equal(part.content_type.l, 0);
    assert_int_equal(pl_strcmp(&part.content_id, "two"), 0);
    assert_int_equal(pl_strcmp(&part.body, "first\r\nsecond--b\r\n"), 0);
    assert_true(multipart_next(&rest, "b", &part));
    assert_int_equal(pl_strcmp(&part.body, "bare"), 0);
    assert_false(multipart_next(&rest, "b", &part));
}

static void a_body_that_is_cut_keeps_what_has_come(void **state)
{
    static const char body[] = "--b\nContent-ID: x\n\nhalf";
    struct pl rest = {body, sizeof(body) - 1};
    struct multipart_part part;

    (void)state;
    assert_true(multipart_next(&rest, "b", &part));
    assert_int_equal(pl_strcmp(&part.body, "half"), 0);
    assert_false(multipart_next(&rest, "b", &part));
    rest = (struct pl){body, 3};
    assert_false(multipart_next(&rest, "b", &part));
    rest = (struct pl){body, 4}; /* a mark with nothing behind it */
    assert_true(multipart_next(&rest, "b", &part));
    assert_int_equal(part.body.l, 0);
}

/* ---- rlmi */

static const char list[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<list xmlns=\"urn:ietf:params:xml:ns:rlmi\" uri=\"sip:blf-1001@h\" version=\"3\""
    " fullState=\"true\">\n"
    " <name>all</name>\n"
    " <resource uri=\"sip:1010@h\"><name> Desk &amp; Co</name><name>autre</name>\n"
    "  <instance id=\"i1\" state=\"active\" cid=\"c1@h\"/></resource>\n"
    " <resource uri=\"sip:1011@h\"/>\n"
    " <resource uri=\"sip:1012@h\"><instance id=\"i2\" state=\"terminated\""
    " reason=\"noresource\"/></resource>\n"
    " <resource><instance id=\"i3\" state=\"active\" cid=\"c3\"/></resource>\n"
    "</list>";

struct seen {
    unsigned n;
    struct rlmi_resource r[8];
};

static void resource_handler(const struct rlmi_list *l, const struct rlmi_resource *r, void *arg)
{
    struct seen *seen = arg;

    (void)l;
    if (seen->n < 8)
        seen->r[seen->n] = *r;
    seen->n++;
}

static int walk(const char *body, struct rlmi_list *l, struct seen *seen)
{
    struct parse_err pe = {.text = ""};

    memset(seen, 0, sizeof(*seen));
    return rlmi_walk(l, body, strlen(body), resource_handler, seen, &pe);
}

static void every_resource_is_told_with_its_instance(void **state)
{
    struct rlmi_list l;
    struct seen seen;

    (void)state;
    assert_int_equal(walk(list, &l, &seen), 0);
    assert_string_equal(l.uri, "sip:blf-1001@h");
    assert_int_equal(l.version, 3);
    assert_true(l.full);
    assert_int_equal(seen.n, 3); /* one has no address */
    assert_string_equal(seen.r[0].uri, "sip:1010@h");
    assert_string_equal(seen.r[0].name, "Desk & Co");
    assert_string_equal(seen.r[0].cid, "c1@h");
    assert_int_equal(seen.r[0].state, RLMI_ACTIVE);
    assert_false(seen.r[1].known);
    assert_true(seen.r[2].known);
    assert_int_equal(seen.r[2].state, RLMI_TERMINATED);
    assert_string_equal(seen.r[2].cid, "");
}

static void a_partial_list_says_so(void **state)
{
    struct rlmi_list l;
    struct seen seen;

    (void)state;
    assert_int_equal(walk("<list uri='u' version='9' fullState='false'/>", &l, &seen), 0);
    assert_false(l.full);
    assert_int_equal(l.version, 9);
    assert_int_equal(seen.n, 0);
}

static void what_is_no_list_is_refused(void **state)
{
    struct rlmi_list l;
    struct seen seen;
    char *big = calloc(1, RLMI_BODY_MAX + 2);

    (void)state;
    assert_int_equal(walk("", &l, &seen), EBADMSG);
    assert_int_equal(walk("<list><resource>", &l, &seen), EBADMSG);
    assert_int_equal(walk("<dialog-info/>", &l, &seen), EPROTO);
    memset(big, ' ', RLMI_BODY_MAX + 1);
    assert_int_equal(walk(big, &l, &seen), E2BIG);
    free(big);
}

static void what_does_not_fit_is_cut_between_characters(void **state)
{
    struct rlmi_list l;
    struct seen seen;
    char body[700], uri[400];

    (void)state;
    memset(uri, 0, sizeof(uri));
    for (int i = 0; i < 150; i++)
        strcat(uri, "\xc3\xa4");
    snprintf(body, sizeof(body), "<list version='1'><resource uri='%s'/></list>", uri);
    assert_int_equal(walk(body, &l, &seen), 0);
    assert_int_equal(seen.n, 1);
    assert_int_equal(strlen(seen.r[0].uri), 126);
}

static int sweep_handler(void *arg)
{
    struct rlmi_list l;
    struct seen seen;

    (void)arg;
    return walk(list, &l, &seen);
}

static void lack_of_memory_is_told(void **state)
{
    (void)state;
    alloc_sweep(sweep_handler, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_boundary_is_read_quoted_or_not),
        cmocka_unit_test(parts_come_one_after_the_other),
        cmocka_unit_test(a_body_that_is_cut_keeps_what_has_come),
        cmocka_unit_test(every_resource_is_told_with_its_instance),
        cmocka_unit_test(a_partial_list_says_so),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(what_does_not_fit_is_cut_between_characters),
        cmocka_unit_test(lack_of_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
