/* SPDX-License-Identifier: BSD-3-Clause */
/* The last events of the farm: plain copies, made into JSON only for those who ask. */
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "sim/farm/priv.h"

/* Copies text behind the others; NULL stays NULL. */
static const char *keep(struct farm_note *note, size_t *at, const char *text)
{
    if (!text)
        return NULL;
    const size_t len = strlen(text) + 1;
    char *copy = memcpy(note->texts + *at, text, len);
    *at += len;
    return copy;
}

static size_t room(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static bool make_room(struct farm_note *note, size_t size)
{
    if (size <= note->size)
        return true;
    char *texts = realloc(note->texts, size * 2);
    if (!texts)
        return false;
    note->texts = texts;
    note->size = size * 2;
    return true;
}

static bool fill(struct farm_note *note, const struct phone_event *ev)
{
    size_t at = 0;

    note->ev = *ev;
    note->ev.media = NULL; /* nobody asks for that later */
    if (ev->fetch) {
        if (!make_room(note, room(ev->fetch->url) + room(ev->fetch->error)))
            return false;
        note->payload.fetch = *ev->fetch;
        note->payload.fetch.url = keep(note, &at, ev->fetch->url);
        note->payload.fetch.error = keep(note, &at, ev->fetch->error);
        note->ev.fetch = &note->payload.fetch;
    } else if (ev->prov) {
        if (!make_room(note, room(ev->prov->error)))
            return false;
        note->payload.prov = *ev->prov;
        note->payload.prov.error = keep(note, &at, ev->prov->error);
        note->ev.prov = &note->payload.prov;
    } else if (ev->reg) {
        if (!make_room(note, room(ev->reg->reason) + room(ev->reg->server)))
            return false;
        note->payload.reg = *ev->reg;
        note->payload.reg.reason = keep(note, &at, ev->reg->reason);
        note->payload.reg.server = keep(note, &at, ev->reg->server);
        note->ev.reg = &note->payload.reg;
    } else {
        if (!make_room(note, room(ev->text) + room(ev->text2) + room(ev->why)))
            return false;
        note->ev.text = keep(note, &at, ev->text);
        note->ev.text2 = keep(note, &at, ev->text2);
        note->ev.why = keep(note, &at, ev->why);
    }
    return true;
}

void recent_add(struct farm *f, const struct phone *ph, const struct phone_event *ev)
{
    struct farm_note *note = &f->recent[f->n_events % FARM_RECENT];

    note->n = 0; /* nobody's, should there be no memory */
    f->n_events++;
    if (!fill(note, ev))
        return;
    note->n = phone_n(ph);
    note->t = farm_elapsed_s(f);
}

void recent_reset(struct farm *f)
{
    for (size_t i = 0; i < FARM_RECENT; i++)
        free(f->recent[i].texts);
}

static int by_number(const void *a, const void *b)
{
    const unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return x < y ? -1 : x > y;
}

json_t *farm_recent_json(const struct farm *f, const unsigned *phones, size_t n)
{
    json_t *list = json_array();
    const uint64_t first = f->n_events > FARM_RECENT ? f->n_events - FARM_RECENT : 0;

    for (uint64_t i = first; i < f->n_events; i++) {
        const struct farm_note *note = &f->recent[i % FARM_RECENT];
        if (note->n && bsearch(&note->n, phones, n, sizeof(*phones), by_number))
            json_array_append_new(list, event_json(note->t, note->n, &note->ev));
    }
    return list;
}
