/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "\n" written in a scene is a line end of the row. */
static void put_row(char *row, size_t size, const char *text)
{
    size_t n = 0;

    for (; *text && n + 1 < size; text++) {
        const bool end = text[0] == '\\' && text[1] == 'n';
        row[n++] = end ? '\n' : *text;
        text += end;
    }
    row[n] = '\0';
}

static void put_label(struct screen *s, const char *text)
{
    const size_t icon = strcspn(text, " ");
    const unsigned i = s->n_labels++;

    if (strncmp(text, "-", icon) != 0)
        snprintf(s->label_icons[i], sizeof(s->label_icons[i]), "%.*s", (int)icon, text);
    snprintf(s->labels[i], sizeof(s->labels[i]), "%s", text[icon] ? text + icon + 1 : "");
}

static uint16_t icon_bits(const char *text)
{
    static const char *const names[] = {"message", "dnd",     "forward", "missed",
                                        "secure",  "network", "wifi",    "battery",
                                        "speaker", "headset", "mute"};
    uint16_t bits = 0;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strstr(text, names[i]))
            bits |= (uint16_t)(1 << i);
    }
    return bits;
}

static bool put(struct screen *s, const char *name, const char *value)
{
    const unsigned long n = strtoul(value, NULL, 10);

    if (strcmp(name, "app") == 0)
        snprintf(s->app, sizeof(s->app), "%s", value);
    else if (strcmp(name, "title") == 0)
        snprintf(s->title, sizeof(s->title), "%s", value);
    else if (strcmp(name, "row") == 0 && s->n_rows < SCREEN_ROWS)
        put_row(s->rows[s->n_rows++], SCREEN_COLS, value);
    else if (strcmp(name, "label") == 0 && s->n_labels < SCREEN_LABELS)
        put_label(s, value);
    else if (strcmp(name, "softkey") == 0 && s->n_softkeys < SCREEN_SOFTKEYS)
        snprintf(s->softkeys[s->n_softkeys++], sizeof(s->softkeys[0]), "%s", value);
    else if (strcmp(name, "more-softkeys") == 0)
        s->more_softkeys = true;
    else if (strcmp(name, "selected") == 0)
        s->selected = (uint8_t)n;
    else if (strcmp(name, "first") == 0)
        s->first = (uint16_t)n;
    else if (strcmp(name, "total") == 0)
        s->total = (uint16_t)n;
    else if (strcmp(name, "input") == 0)
        s->input = (uint8_t)n;
    else if (strcmp(name, "cursor") == 0)
        s->cursor = (uint8_t)n;
    else if (strcmp(name, "bar") == 0 && s->n_rows) { /* of the last row: "8/15" */
        const char *of = strchr(value, '/');
        s->bar = (uint8_t)s->n_rows;
        s->bar_at = (uint8_t)n;
        s->bar_of = (uint8_t)strtoul(of ? of + 1 : "0", NULL, 10);
    } else if (strcmp(name, "contrast") == 0)
        s->contrast = (int8_t)strtol(value, NULL, 10);
    else if (strcmp(name, "saver") == 0) {
        s->saver = (uint8_t)n;
        s->saver_step = (uint8_t)strtoul(value + strcspn(value, " "), NULL, 10);
    } else if (strcmp(name, "saver-icon") == 0)
        snprintf(s->saver_icon, sizeof(s->saver_icon), "%s", value);
    else if (strcmp(name, "logo") == 0)
        snprintf(s->logo[s->logo[0][0] != '\0'], sizeof(s->logo[0]), "%s", value);
    else if (strcmp(name, "unlit") == 0)
        s->unlit = true;
    else if (strcmp(name, "mode") == 0)
        snprintf(s->mode, sizeof(s->mode), "%s", value);
    else if (strcmp(name, "prompt") == 0)
        snprintf(s->prompt, sizeof(s->prompt), "%s", value);
    else if (strcmp(name, "date") == 0)
        snprintf(s->date, sizeof(s->date), "%s", value);
    else if (strcmp(name, "station") == 0)
        snprintf(s->station, sizeof(s->station), "%s", value);
    else if (strcmp(name, "icons") == 0)
        s->icons = icon_bits(value);
    else
        return false;
    return true;
}

unsigned scene_parse(struct screen *s, const char *text)
{
    unsigned number = 0;

    screen_clear(s, "");
    while (*text) {
        const size_t len = strcspn(text, "\n");
        char line[128];

        number++;
        snprintf(line, sizeof(line), "%.*s", (int)len, text);
        text += len + (text[len] == '\n');
        char *colon = strchr(line, ':');
        if (!line[0] || line[0] == '#')
            continue;
        if (!colon)
            return number;
        *colon = '\0';
        if (!put(s, line, colon[1] == ' ' ? colon + 2 : colon + 1))
            return number;
    }
    return 0;
}
