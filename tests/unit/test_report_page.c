/* SPDX-License-Identifier: BSD-3-Clause */
/* The page of `spafarm report --html`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "sim/farm/series.h"
#include "ui/report/html.h"

#define NASTY "</td><script>alert('x')</script>&amp;\"\x01\x1f\x7f\xef\xbf\xbf\xc3\xa9"
/* as a reader sees it: what XML forbids is replaced */
#define SHOWN                                                                                      \
    "</td><script>alert('x')</script>&amp;\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xc3"  \
    "\xa9"

static json_t *latency(unsigned n)
{
    json_t *counts = json_object();
    char key[16];

    for (unsigned i = 0; i < n; i++) {
        snprintf(key, sizeof(key), "%u", 100 + 37 * i);
        json_object_set_new(counts, key, json_integer(i + 1));
    }
    return json_pack("{s:f, s:f, s:f, s:f, s:{s:s, s:o}}", "p50", 1.5, "p90", 20.0, "p99", 1234.5,
                     "max", 99999.0, "histogram", "scheme", "log2-16", "counts", counts);
}

static json_t *url_class(const char *name, unsigned n_buckets)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:{s:i}, s:{s:i}, s:{s:i}, s:o}", "class",
                     name, "scheme", "https", "method", "POST", "requests", 7, "error", 2, "bytes",
                     123456, "statuses", "200", 5, "errors", NASTY, 2, "examples", NASTY, 3, "ms",
                     latency(n_buckets));
}

static json_t *series(unsigned n)
{
    struct series s = {.n = 0};

    for (unsigned i = 0; i < n; i++) {
        struct series_row *row = series_at(&s, 1795250000 + i);
        for (unsigned c = 0; c < COLUMNS_N; c++)
            row->values[c] = (uint64_t)i * (c + 1) % 1000;
    }
    json_t *o = series_json(&s);
    series_reset(&s);
    return o;
}

static json_t *report(unsigned steps, unsigned n_classes, unsigned n_buckets)
{
    json_t *classes = json_array();

    for (unsigned i = 0; i < n_classes; i++)
        json_array_append_new(classes, url_class(i ? "/spa{mac}.cfg" : NASTY, n_buckets));
    return json_pack(
        "{s:s, s:i, s:s, s:[s], s:i, s:i, s:i, s:i, s:f, s:f, s:I, s:s, s:[s, s], s:[{s:s, s:i, "
        "s:i}], s:{s:i, s:i, s:i, s:f, s:{s:i}, s:{s:i}, s:o, s:{s:i}, s:o}, s:{s:i, s:i, s:i, "
        "s:{s:i}, s:o}, s:o}",
        "version", "0.1.0", "seed", 7, "verdict", "invalid", "reasons", NASTY, "phones", 10,
        "provisioned", 9, "registered", 8, "failed", 2, "wall_s", 12.5, "cpu_s", 1.25, "rss_bytes",
        (json_int_t)123456789, "started", "2026-11-21T01:00:00Z", "command", "run", NASTY,
        "failures", "cause", NASTY, "count", 2, "example", 4, "fetch", "ok", 20, "error", 3,
        "requests", 23, "requests_per_s", 1.84, "errors", NASTY, 3, "examples", NASTY, 5, "ms",
        latency(n_buckets), "connections", "opened", 20, "classes", classes, "register", "ok", 8,
        "error", 1, "challenged", 8, "errors", "403", 1, "ms", latency(n_buckets), "series",
        series(steps));
}

static char *page(json_t *r)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    assert_non_null(r);
    assert_non_null(f);
    report_html_print(f, r);
    fclose(f);
    json_decref(r);
    return text;
}

static xmlDocPtr parsed(const char *text)
{
    xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), "page", NULL, XML_PARSE_NONET);

    if (!doc)
        fail_msg("not well-formed: %.300s", text);
    return doc;
}

static unsigned count(const xmlNode *node, const char *name)
{
    unsigned n = 0;

    for (; node; node = node->next) {
        n += node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
        n += count(node->children, name);
    }
    return n;
}

static unsigned elements(const char *text, const char *name)
{
    xmlDocPtr doc = parsed(text);
    const unsigned n = count(xmlDocGetRootElement(doc), name);

    xmlFreeDoc(doc);
    return n;
}

static void the_page_is_well_formed_with_much_and_with_little(void **state)
{
    static const unsigned sizes[][3] = {{0, 0, 0}, {1, 1, 1}, {2, 3, 2}, {1024, 48, 24}};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = page(report(sizes[i][0], sizes[i][1], sizes[i][2]));
        xmlFreeDoc(parsed(text));
        assert_null(strstr(text, "nan"));
        assert_null(strstr(text, "inf "));
        assert_null(strstr(text, "-inf"));
        free(text);
    }
    char *text = page(json_object()); /* of something that is no report */
    xmlFreeDoc(parsed(text));
    free(text);
}

static void texts_from_anywhere_stay_texts(void **state)
{
    char *text = page(report(5, 2, 3));
    xmlDocPtr doc = parsed(text);
    xmlChar *all = xmlNodeGetContent(xmlDocGetRootElement(doc));

    (void)state;
    assert_int_equal(elements(text, "script"), 0);
    unsigned n = 0;
    for (const char *p = (const char *)all; (p = strstr(p, SHOWN)); p++)
        n++;
    /* reason, failed phones, fetch, class: name and cause of two failures, table, legend */
    assert_int_equal(n, 8);
    assert_non_null(strstr((const char *)all, "spafarm run '")); /* the command, for a shell */
    xmlFree(all);
    xmlFreeDoc(doc);
    free(text);
}

static void nothing_comes_from_a_network(void **state)
{
    static const char *const words[] = {" src=", " href=",  "url(",       "@import",
                                        "<link", "<iframe", "javascript:"};
    char *text = page(report(10, 2, 3));

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strstr(text, words[i]))
            fail_msg("%s", words[i]);
    }
    const char *once = strstr(text, "http://");
    assert_non_null(once);
    assert_memory_equal(once, "http://www.w3.org/1999/xhtml\"", 29); /* a name, not a place */
    assert_null(strstr(once + 1, "http://"));
    assert_null(strstr(text, "https://"));
    free(text);
}

static void plots_can_be_read_without_seeing_them(void **state)
{
    char *text = page(report(100, 2, 3));
    xmlDocPtr doc = parsed(text);
    unsigned n = 0;

    (void)state;
    for (const char *p = text; (p = strstr(p, "role=\"img\"")); p++)
        n++;
    assert_int_equal(count(xmlDocGetRootElement(doc), "figure"), 8);
    assert_int_equal(n, 8);
    /* each of them named, and one title of the page */
    assert_int_equal(count(xmlDocGetRootElement(doc), "title"), n + 1);
    assert_int_equal(count(xmlDocGetRootElement(doc), "figcaption"), 8);
    xmlFreeDoc(doc);
    free(text);
}

static void an_empty_run_has_no_empty_plots(void **state)
{
    char *text = page(report(0, 0, 0));

    (void)state;
    assert_int_equal(elements(text, "figure"), 0);
    assert_non_null(strstr(text, "The measurement is invalid"));
    free(text);
}

static void a_long_run_has_a_short_table(void **state)
{
    char *text = page(report(1024, 1, 1));

    (void)state;
    assert_in_range(elements(text, "tr"), 40, 80);
    assert_true(strlen(text) < 300000);
    free(text);
}

/* A second in which two phones were powered on and asked for a file. */
static json_t *short_run(void)
{
    struct series s = {.n = 0};
    json_t *r = report(0, 2, 1);

    struct series_row *row = series_at(&s, 1795250000);
    row->values[COLUMN_REQUESTS] = 2;
    row->values[COLUMN_BOOTS] = 2;
    json_object_set_new(r, "series", series_json(&s));
    json_object_set_new(r, "wall_s", json_real(0.01));
    json_object_set_new(json_object_get(r, "fetch"), "requests_per_s", json_real(200));
    json_object_set_new(json_object_get(r, "fetch"), "unfinished", json_integer(3));
    series_reset(&s);
    return r;
}

static void a_curve_that_is_alone_has_its_name(void **state)
{
    char *text = page(short_run());
    const char *figure = strstr(text, "<figcaption>Requests and registrations per second");

    (void)state;
    assert_non_null(figure);
    assert_non_null(strstr(figure, "</svg>requests</li></ul>"));
    assert_non_null(strstr(text, "0 s is 2026-11-21 08:33:20 UTC"));
    free(text);
}

static void there_are_no_halves_of_phones(void **state)
{
    char *text = page(short_run());

    (void)state;
    assert_non_null(strstr(text, ">2</text>"));
    assert_null(strstr(text, ">0.5</text>"));
    assert_null(strstr(text, ">1.5</text>"));
    free(text);
}

static void a_run_of_a_moment_has_no_peak_below_its_mean(void **state)
{
    char *text = page(short_run());

    (void)state;
    assert_non_null(strstr(text, "<dt>requests per second</dt><dd>200</dd>"));
    assert_null(strstr(text, "% of one core</small>"));
    free(text);
}

static void what_is_in_no_count_is_told(void **state)
{
    char *text = page(short_run());

    (void)state;
    assert_non_null(strstr(text, "3 fetches were under way at the end"));
    /* bodies of all classes, as in the series */
    assert_non_null(strstr(text, "<dt>bytes received</dt><dd>247 kB</dd>"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_well_formed_with_much_and_with_little),
        cmocka_unit_test(texts_from_anywhere_stay_texts),
        cmocka_unit_test(nothing_comes_from_a_network),
        cmocka_unit_test(plots_can_be_read_without_seeing_them),
        cmocka_unit_test(an_empty_run_has_no_empty_plots),
        cmocka_unit_test(a_long_run_has_a_short_table),
        cmocka_unit_test(a_curve_that_is_alone_has_its_name),
        cmocka_unit_test(there_are_no_halves_of_phones),
        cmocka_unit_test(a_run_of_a_moment_has_no_peak_below_its_mean),
        cmocka_unit_test(what_is_in_no_count_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
