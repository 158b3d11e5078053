/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages of real services: what appears of each on every model with a screen, or which error and
 * why. The rows were written by reading the files. */
#include <errno.h>
#include <stdlib.h>

#include "sim/xml/layout.h"
#include "tests/support/corpus.h"
#include "tests/support/xml_page.h"

enum { SHOWN_MAX = 3 };

struct row {
    const char *file, *root, *title, *prompt;
    unsigned models;                /* columns that show it; the others say XML Error 5 */
    bool broken;                    /* no object of these phones: XML Error 4 */
    bool repaired;                  /* not well formed */
    unsigned n;                     /* items, entries or fields */
    const char *first[SHOWN_MAX];   /* their names or labels; a text's beginning */
    const char *targets[SHOWN_MAX]; /* their URLs, numbers or parameter names */
    unsigned n_softkeys;
    const char *latin1_first; /* first name on a 79xx, where the encoding is not declared */
};

static const struct row rows[] = {
    {.file = "finnegan-dowake.xml",
     .root = "CiscoIPPhoneText",
     .title = "Your Wake-up Call",
     .prompt = "",
     .models = XML_DISPLAYS,
     .first = {"Wake up!"},
     .n_softkeys = 3},
    {.file = "finnegan-index.xml", /* one soft key: Exit is gone, as it replaces all defaults */
     .root = "CiscoIPPhoneMenu",
     .title = "Wake-up Calls",
     .prompt = "Select an option",
     .models = XML_DISPLAYS,
     .n = 4,
     .first = {"View/Edit Alarms", "New Alarm", "Set Web Access PIN"},
     .targets = {"http://127.0.0.1/finnegan/service/wakes.php",
                 "http://127.0.0.1/finnegan/service/mkwake.php",
                 "http://127.0.0.1/finnegan/service/setpin.php"},
     .n_softkeys = 1},
    {.file = "finnegan-rmwake.xml",
     .root = "CiscoIPPhoneText",
     .title = "Confirm Deletion",
     .prompt = "Are you sure?",
     .models = XML_DISPLAYS,
     .first = {"[ON]"},
     .n_softkeys = 2},
    {.file = "fusionpbx-7940-menu.xml", /* & in the URLs is not escaped */
     .root = "CiscoIPPhoneMenu",
     .title = "Contacts",
     .prompt = "Please choose...",
     .models = XML_DISPLAYS,
     .repaired = true,
     .n = 4,
     .first = {"Our Phones", "Personal", "Enterprise"},
     .targets = {"http://pbx.example.test/app/provision/"
                 "?file=directory_extensions.xml&mac=000E08A1B2C3"}},
    {.file = "fusionpbx-7940-personal.xml", /* no prolog: 79xx read its UTF-8 as Latin-1 */
     .root = "CiscoIPPhoneDirectory",
     .title = "Personal",
     .prompt = "Please choose...",
     .models = XML_DISPLAYS,
     .n = 2,
     .first = {"J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", "Pizza & Pasta"},
     .targets = {"5550100", "5550111"},
     .latin1_first = "J\xc3\x83\xc2\xbcrgen M\xc3\x83\xc2\xbc\xc3\x83\xc2\x9fig"},
    {.file = "fusionpbx-spa504g-directory.xml",
     .root = "CiscoIPPhoneDirectory",
     .title = "",
     .prompt = "",
     .models = XML_DISPLAYS,
     .n = 3,
     .first = {"Alice Example", "J\xc3\xbcrgen M\xc3\xbc\xc3\x9fig", "Pizza & Pasta"},
     .targets = {"1001", "5550100", "5550111"}},
    {.file =
         "fusionpbx-spa504g-directory.xml.tmpl", /* its second Name and Telephone do not count */
     .root = "CiscoIPPhoneDirectory",
     .title = "",
     .prompt = "",
     .models = XML_DISPLAYS,
     .n = 1,
     .first = {"{$row.contact_name_given} {$row."},
     .targets = {"{$row.phone_number}"}},
    {.file = "montagne-iconmenu.xml",
     .root = "CiscoIPPhoneIconMenu",
     .title = "Mail",
     .prompt = "Pick one",
     .models = XML_SPA_LCD | XML_MPP_ALL,
     .n = 1,
     .first = {"Inbox"},
     .targets = {"http://127.0.0.1/inbox"}},
    {.file = "nficano-Error.xml", /* its end tag lacks the slash */
     .root = "CiscoIPPhoneError",
     .models = XML_SPA_LCD | XML_WIP,
     .repaired = true},
    {.file = "nficano-Execute.xml",
     .root = "CiscoIPPhoneExecute",
     .models = XML_SPA_LCD | XML_WIP | XML_MPP_ALL,
     .n = 1,
     .first = {""},
     .targets = {"http://127.0.0.1/svc?a=1&b=2"}},
    {.file = "nficano-GraphicFileMenu-plain.xml", /* TouchArea beside its item: ignored */
     .root = "CiscoIPPhoneGraphicFileMenu",
     .title = "Example Services",
     .prompt = "Select one",
     .models = XML_COLOR,
     .n = 2,
     .first = {"Weather", "Dial desk"},
     .targets = {"http://127.0.0.1/weather", "Dial:1001"}},
    {.file = "nficano-GraphicFileMenu.xml", /* no blank before WindowMode */
     .root = "CiscoIPPhoneGraphicFileMenu",
     .title = "Example Services",
     .prompt = "Select one",
     .models = XML_COLOR,
     .repaired = true,
     .n = 2,
     .first = {"Weather", "Dial desk"},
     .targets = {"http://127.0.0.1/weather", "Dial:1001"}},
    {.file = "nficano-GraphicMenu-plain.xml",
     .root = "CiscoIPPhoneGraphicMenu",
     .title = "Example Services",
     .prompt = "Select one",
     .models = XML_SPA_LCD | XML_CP79,
     .n = 2,
     .first = {"Weather", "Dial desk"},
     .targets = {"http://127.0.0.1/weather", "Dial:1001"}},
    {.file = "nficano-GraphicMenu.xml",
     .root = "CiscoIPPhoneGraphicMenu",
     .title = "Example Services",
     .prompt = "Select one",
     .models = XML_SPA_LCD | XML_CP79,
     .repaired = true,
     .n = 2,
     .first = {"Weather", "Dial desk"},
     .targets = {"http://127.0.0.1/weather", "Dial:1001"}},
    {.file = "nficano-IconMenu.xml",
     .root = "CiscoIPPhoneIconMenu",
     .title = "Example Services",
     .prompt = "Select one",
     .models = XML_SPA_LCD | XML_MPP_ALL,
     .n = 2,
     .first = {"Weather", "Dial desk"},
     .targets = {"http://127.0.0.1/weather", "Dial:1001"},
     .n_softkeys = 2},
    {.file = "nficano-Input.xml",
     .root = "CiscoIPPhoneInput",
     .title = "Example Services",
     .prompt = "Select one",
     .models = XML_DISPLAYS,
     .n = 2,
     .first = {"Name", "PIN"},
     .targets = {"n", "p"}},
    {.file = "nficano-Status.xml",
     .root = "CiscoIPPhoneStatus",
     .models = XML_SPA_LCD | XML_MPP,
     .first = {"Line one"}},
    {.file = "remotepi-List.xml", .broken = true},    /* a list of wallpapers for newer phones */
    {.file = "usecm-phone_help.xml", .broken = true}, /* help texts of a call manager */
    {.file = "vantomas-directory.xml",
     .root = "CiscoIPPhoneDirectory",
     .title = "Business",
     .prompt = "Select",
     .models = XML_DISPLAYS,
     .n = 3,
     .first = {"Druhe jmeno", "Prvni jmeno", "Treti jmeno"},
     .targets = {"112", "111", "123"}},
    {.file = "wazo-input.xml",
     .root = "CiscoIPPhoneInput",
     .title = "Wazo Search",
     .prompt = "Name or number",
     .models = XML_DISPLAYS,
     .n = 1,
     .first = {"Name or number"},
     .targets = {"term"}},
    {.file = "wazo-menu.xml",
     .root = "CiscoIPPhoneMenu",
     .title = "",
     .prompt = "",
     .models = XML_DISPLAYS,
     .n = 1,
     .first = {"Wazo Directory"},
     .targets = {"http://127.0.0.1:9498/0.1/directories/lookup/default/"
                 "cisco?xivo_user_uuid=6e9b3f2e-0000-4000-8000-000000000001"}},
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

static enum corpus_row row_of(const char *file)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        if (strcmp(rows[i].file, file) == 0)
            return CORPUS_ROW;
    }
    return CORPUS_NO_ROW;
}

static void every_file_has_a_row(void **state)
{
    (void)state;
    assert_int_equal(corpus_rows(row_of), N_ROWS);
}

/* The file's page on the model. */
static void shown_file(struct shown *x, const char *model, const char *file)
{
    size_t len;
    void *data = corpus_read(file, &len);

    shown_bytes(x, model, data, len, NULL, false);
    free(data);
}

static void same(const struct row *r, const struct shown *x, const char *what, const char *got,
                 const char *want)
{
    if (strcmp(got, want))
        fail_msg("%s on %s: %s \"%s\", not \"%s\"", r->file, x->model->name, what, got, want);
}

static void check_items(const struct row *r, const struct shown *x)
{
    const struct xml_page *p = x->page;

    if (p->n_items + p->n_fields != r->n)
        fail_msg("%s on %s: %u items", r->file, x->model->name, p->n_items + p->n_fields);
    for (unsigned i = 0; i < r->n && i < SHOWN_MAX && r->first[i]; i++) {
        const bool latin1 = i == 0 && r->latin1_first && xml_column(x->model) == XML_CP79;
        same(r, x, "name", p->n_fields ? p->fields[i].label : p->items[i].name,
             latin1 ? r->latin1_first : r->first[i]);
        if (r->targets[i])
            same(r, x, "target", p->n_fields ? p->fields[i].param : p->items[i].url, r->targets[i]);
    }
    if (!r->n && r->first[0] && strncmp(p->text, r->first[0], strlen(r->first[0])))
        fail_msg("%s on %s: text \"%s\"", r->file, x->model->name, p->text);
}

/* Title, first row and soft keys as the display has them. */
static void check_screen(const struct row *r, struct shown *x)
{
    const struct screen *s = screen_of(x);
    char want[400], cut[SCREEN_COLS];
    struct xml_layout l;

    xml_layout(&l, x->model);
    if (s->n_rows > l.rows || s->n_softkeys > x->model->n_softkeys)
        fail_msg("%s on %s: %u rows", r->file, x->model->name, s->n_rows);
    if (!x->page->type->displayable)
        return;
    same(r, x, "title", s->title, r->title);
    same(r, x, "prompt", s->prompt, r->prompt);
    if (x->page->type->to_screen == xml_list_screen) {
        snprintf(want, sizeof(want), "1 %s", x->page->items[0].name);
        xml_cut(cut, sizeof(cut), want, l.columns);
        /* a colour screen has the number below the name */
        snprintf(want, sizeof(want), "%.*s", (int)strcspn(s->rows[0], "\n"), s->rows[0]);
        same(r, x, "first row", want, cut);
        assert_int_equal(s->selected, 1);
    }
    assert_int_equal(x->page->n_softkeys, xml_column(x->model) == XML_CP79 ? 0 : r->n_softkeys);
    if (s->picture.width)
        assert_true(x->page->picture.data != NULL && s->n_rows == 0);
}

static void check_row(const struct row *r, const struct device_model *m)
{
    const int want = r->broken ? EBADMSG : r->models & xml_column(m) ? 0 : EPROTO;
    struct shown x;

    shown_file(&x, m->name, r->file);
    if (x.err != want)
        fail_msg("%s on %s: %d (%s), not %d", r->file, m->name, x.err, x.pe.text, want);
    if (r->repaired != (strstr(x.warnings, "not well formed") != NULL))
        fail_msg("%s on %s: repairs: %s", r->file, m->name, x.warnings);
    if (x.err) {
        const char *text = xml_error_text(m, x.err);
        assert_non_null(strstr(text, r->broken ? "[4]" : "[5]"));
        return;
    }
    same(r, &x, "object", x.page->type->root, r->root);
    check_items(r, &x);
    check_screen(r, &x);
    leave(&x);
}

static void every_model_with_a_screen_shows_what_the_table_says(void **state)
{
    (void)state;
    for (const struct device_model *const *m = device_models(); *m; m++) {
        for (size_t i = 0; (*m)->lcd.width_px && i < N_ROWS; i++)
            check_row(&rows[i], *m);
    }
}

/* Its first rows, a digit a pixel; the rest is white. */
static void has_pixels(const struct screen_picture *pic, unsigned width, unsigned height,
                       const char *want)
{
    const size_t n = strlen(want);

    assert_int_equal(pic->width, width);
    assert_int_equal(pic->height, height);
    for (unsigned i = 0; i < width * height; i++) {
        const unsigned level = i < n ? (unsigned)(want[i] - '0') : 0;
        if (screen_pixel(pic, i % width, i / width) != level)
            fail_msg("pixel %u, %u", i % width, i / width);
    }
}

static const struct screen *screen_of_file(struct shown *x, const char *model, const char *file)
{
    shown_file(x, model, file);
    return screen_of(x);
}

static void every_icon_and_picture_keeps_its_pixels(void **state)
{
    static const char *const models[] = {"SPA303", "SPA504G", "SPA525G2", "6851"};
    struct shown x;

    (void)state;
    for (unsigned i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
        const struct screen *s = screen_of_file(&x, models[i], "montagne-iconmenu.xml");
        has_pixels(&s->row_pictures[0], 16, 4, /* 0F3C 0F3C 00FF 00FF, twice */
                   "3300033033000330"
                   "0000333300003333"
                   "3300033033000330"
                   "0000333300003333");
        leave(&x);
        s = screen_of_file(&x, models[i], "nficano-IconMenu.xml"); /* 0F0F */
        has_pixels(&s->row_pictures[0], 16, 10, "33003300");
        assert_int_equal(s->row_pictures[1].width, 0); /* there is no icon 2 */
        leave(&x);
        if (i == 3) /* a 6851 knows no GraphicMenu */
            continue;
        s = screen_of_file(&x, models[i], "nficano-GraphicMenu.xml"); /* 0AF0FF */
        has_pixels(&s->picture, 16, 2, "220000333333");
        assert_int_equal(s->picture.x, -1);
        assert_int_equal(s->picture.y, -1);
        leave(&x);
    }
}

int main(void)
{
    if (!corpus_open("xml-services"))
        return CORPUS_SKIP;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_has_a_row),
        cmocka_unit_test(every_model_with_a_screen_shows_what_the_table_says),
        cmocka_unit_test(every_icon_and_picture_keeps_its_pixels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
