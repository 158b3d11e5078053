/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages to look at: text, pictures, status (xml-services.md 3.2, 3.9, 3.10, 7.2). */
#include <stdio.h>
#include <string.h>

#include "devices/model.h"
#include "sim/lcd/image.h"
#include "sim/lcd/screen.h"
#include "sim/xml/layout.h"
#include "sim/xml/object.h"

/* A text that scrolls leaves room for the marks. */
static unsigned n_lines(const struct xml_view *v, unsigned *columns)
{
    struct xml_layout l;

    xml_layout(&l, v->model);
    *columns = l.columns;
    unsigned n = xml_wrap(v->page->text, *columns, 0, NULL, 0);
    if (n > xml_view_rows(v) && l.mark_columns) {
        *columns -= l.mark_columns;
        n = xml_wrap(v->page->text, *columns, 0, NULL, 0);
    }
    return n;
}

void xml_text_screen(const struct xml_view *v, struct screen *s)
{
    const unsigned rows = xml_view_rows(v);
    unsigned columns;

    const unsigned n = n_lines(v, &columns);
    xml_wrap(v->page->text, columns, v->top, s->rows, rows);
    s->n_rows = n > v->top ? n - v->top : 0;
    if (s->n_rows > rows)
        s->n_rows = rows;
    s->first = v->top;
    s->total = (uint16_t)n;
}

static enum xml_key_result scroll_to(struct xml_view *v, unsigned line)
{
    unsigned columns;
    const unsigned n = n_lines(v, &columns), rows = xml_view_rows(v);
    const unsigned last = n > rows ? n - rows : 0;
    const unsigned top = line < last ? line : last;

    if (top == v->top)
        return XML_KEY_IGNORED;
    v->top = (uint16_t)top;
    return XML_KEY_HANDLED;
}

enum xml_key_result xml_scroll_key(struct xml_view *v, const struct xml_key *k,
                                   struct xml_action *a)
{
    (void)a;
    if (strcmp(k->name, "up") == 0)
        return v->top ? scroll_to(v, v->top - 1u) : XML_KEY_IGNORED;
    if (strcmp(k->name, "down") == 0)
        return scroll_to(v, v->top + 1u);
    if (k->digit >= '1' && k->digit <= '9')
        return scroll_to(v, (unsigned)(k->digit - '1'));
    return XML_KEY_IGNORED;
}

void xml_picture_screen(const struct xml_view *v, struct screen *s)
{
    const struct xml_picture *pic = &v->page->picture;

    if (v->files[0])
        s->picture = (struct screen_picture){.x = pic->x,
                                             .y = pic->y,
                                             .width = (uint16_t)v->files[0]->width,
                                             .height = (uint16_t)v->files[0]->height,
                                             .file = v->files[0]};
    else if (pic->data)
        s->picture = (struct screen_picture){.x = pic->x,
                                             .y = pic->y,
                                             .width = pic->width,
                                             .height = pic->height,
                                             .data = pic->data};
    else if (pic->url && *pic->url)
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "(picture of a file)");
}

/* Geometry on SPA is unknown: the top two text rows (3.10 [DEF]). */
void xml_status_screen(const struct xml_view *v, struct screen *s)
{
    struct xml_layout l;

    xml_layout(&l, v->model);
    xml_picture_screen(v, s);
    s->n_rows = 0;
    if (*v->page->text)
        s->n_rows = xml_wrap(v->page->text, l.columns, 0, s->rows, 2);
    if (s->n_rows > 2)
        s->n_rows = 2;
    if (v->page->has_timer) { /* counts up from its seed ([DEF], 3.10) */
        const uint32_t at = v->page->number + v->elapsed_s;
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%02u:%02u", at / 60, at % 60);
    }
}
