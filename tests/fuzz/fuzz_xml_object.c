/* SPDX-License-Identifier: BSD-3-Clause */
/* What an XML service may answer: the first byte picks the model and the mode, the second how many
 * of the bytes behind the document are keys. Whatever is taken can be shown and used. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/lcd/screen.h"
#include "sim/xml/layout.h"
#include "sim/xml/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const keys[] = {"1",     "2",     "3",      "4",     "5",      "6",
                                   "7",     "8",     "9",      "0",     "*",      "#",
                                   "up",    "down",  "left",   "right", "soft1",  "soft2",
                                   "soft3", "soft4", "select", "back",  "speaker"};

static void check_screen(const struct xml_view *v)
{
    struct xml_layout l;
    struct screen s;
    char text[8192];

    xml_layout(&l, v->model);
    xml_view_screen(v, &s);
    if (s.n_rows > l.rows || s.n_softkeys > v->model->n_softkeys || s.selected > s.n_rows)
        abort();
    if (s.picture.width)
        (void)screen_pixel(&s.picture, s.picture.width - 1u, s.picture.height - 1u);
    for (unsigned i = 0; i < s.n_rows; i++) {
        if (s.row_pictures[i].width)
            (void)screen_pixel(&s.row_pictures[i], s.row_pictures[i].width - 1u,
                               s.row_pictures[i].height - 1u);
    }
    if (screen_text(&s, text, sizeof(text)) >= sizeof(text))
        abort();
}

static void use(const struct xml_page *p, const struct device_model *m, const uint8_t *pressed,
                size_t n)
{
    struct xml_view v;
    struct xml_action a;
    uint64_t now = 1;

    if (xml_view_init(&v, p, m))
        return;
    check_screen(&v);
    for (size_t i = 0; i < n; i++) {
        const char *name = keys[pressed[i] % (sizeof(keys) / sizeof(keys[0]))];
        const struct xml_key k = {.name = name, .digit = name[1] ? '\0' : name[0], .now_ms = now};
        now += pressed[i] * 16u;
        (void)xml_view_tick(&v, now, &a);
        if (xml_view_key(&v, &k, &a) == XML_KEY_ACTION && strlen(a.uri) >= sizeof(a.uri))
            abort();
        check_screen(&v);
    }
    xml_view_reset(&v);
}

static void warn_handler(int line, const char *text, void *arg)
{
    (void)arg;
    if (line < 0 || !text[0])
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct device_model *const *m = device_models();
    struct xml_page *p = NULL;
    struct parse_err pe = {.text = ""};
    size_t n_models = 0, n_keys;

    if (size < 2)
        return 0;
    while (m[n_models])
        n_models++;
    n_keys = data[1] < size - 2 ? data[1] : size - 2;
    const struct xml_read_config cfg = {
        .model = m[data[0] % n_models], .strict = data[0] > 250, .warn = warn_handler};
    const int err = xml_page_parse(&p, &cfg, data + 2, size - 2 - n_keys, &pe);
    if (err) {
        if (err != ENOMEM && !pe.text[0])
            abort();
        return 0;
    }
    use(p, cfg.model, data + size - n_keys, n_keys);
    mem_deref(p);
    return 0;
}
