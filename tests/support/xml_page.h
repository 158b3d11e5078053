/* SPDX-License-Identifier: BSD-3-Clause */
/* One page in front of one model: for tests of sim/xml. Included once per test program. */
#ifndef TESTS_SUPPORT_XML_PAGE_H
#define TESTS_SUPPORT_XML_PAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "sim/xml/object.h"
#include "sim/xml/page.h"
#include "sim/xml/view.h"

struct shown {
    const struct device_model *model;
    struct xml_page *page; /* NULL: err and pe say why */
    struct xml_view view;
    struct xml_action action;
    struct screen s;
    struct parse_err pe;
    int err;
    uint64_t now_ms;
    char warnings[2048]; /* "line: text" each, a line each */
};

static void shown_warn(int line, const char *text, void *arg)
{
    struct shown *x = arg;
    const size_t len = strlen(x->warnings);

    snprintf(x->warnings + len, sizeof(x->warnings) - len, "%d: %s\n", line, text);
}

static void shown_bytes(struct shown *x, const char *model, const void *data, size_t len,
                        const char *content_type, bool strict)
{
    memset(x, 0, sizeof(*x));
    x->model = device_model_find(model);
    assert_non_null(x->model);
    x->now_ms = 1000000;
    const struct xml_read_config cfg = {.model = x->model,
                                        .content_type = content_type,
                                        .strict = strict,
                                        .warn = shown_warn,
                                        .arg = x};
    x->err = xml_page_parse(&x->page, &cfg, data, len, &x->pe);
    if (!x->err)
        assert_int_equal(xml_view_init(&x->view, x->page, x->model), 0);
}

/* The page on the model, taken without an error. */
static inline void show(struct shown *x, const char *model, const char *xml)
{
    shown_bytes(x, model, xml, strlen(xml), NULL, false);
    if (x->err)
        fail_msg("%s refuses it: line %d: %s", model, x->pe.line, x->pe.text);
}

static inline void show_strict(struct shown *x, const char *model, const char *xml)
{
    shown_bytes(x, model, xml, strlen(xml), NULL, true);
}

/* The page is refused with this errno. */
static inline void refused(struct shown *x, const char *model, const char *xml, int err)
{
    shown_bytes(x, model, xml, strlen(xml), NULL, false);
    assert_int_equal(x->err, err);
    assert_true(x->pe.text[0]);
}

static inline void leave(struct shown *x)
{
    xml_view_reset(&x->view);
    mem_deref(x->page);
    x->page = NULL;
}

static inline const struct screen *screen_of(struct shown *x)
{
    xml_view_screen(&x->view, &x->s);
    return &x->s;
}

/* The whole screen as text. */
static inline void reads(struct shown *x, const char *text)
{
    char got[4096];

    screen_text(screen_of(x), got, sizeof(got));
    assert_string_equal(got, text);
}

static inline void warned(const struct shown *x, const char *text)
{
    if (!strstr(x->warnings, text))
        fail_msg("no warning says \"%s\":\n%s", text, x->warnings);
}

static inline void no_warning(const struct shown *x)
{
    assert_string_equal(x->warnings, "");
}

static inline enum xml_key_result press(struct shown *x, const char *key)
{
    const struct xml_key k = {.name = key,
                              .digit = !key[1] && strchr("0123456789*#", key[0]) ? key[0] : '\0',
                              .now_ms = x->now_ms};
    return xml_view_key(&x->view, &k, &x->action);
}

/* The key makes the page ask for this. */
static inline void asks(struct shown *x, const char *key, enum xml_do what, const char *uri)
{
    assert_int_equal(press(x, key), XML_KEY_ACTION);
    assert_int_equal(x->action.what, what);
    if (uri)
        assert_string_equal(x->action.uri, uri);
}

/* Which models know the object: every one with that column, and no other. */
static inline void known_to(const char *xml, unsigned columns)
{
    for (const struct device_model *const *m = device_models(); *m; m++) {
        struct shown x;
        shown_bytes(&x, (*m)->name, xml, strlen(xml), NULL, false);
        const int want = columns & xml_column(*m) ? 0 : EPROTO;
        if (x.err != want)
            fail_msg("%s: %d (%s), not %d", (*m)->name, x.err, x.pe.text, want);
        leave(&x);
    }
}

#endif
