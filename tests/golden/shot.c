/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/golden/shot.h"

#include <stdio.h>
#include <stdlib.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "sim/xml/object.h"
#include "tests/support/scene.h"

enum { FILE_MAX = 1 << 20, PATH_SIZE = 512 };

char *shot_read_file(const char *path, size_t *len)
{
    FILE *f = fopen(path, "rb");
    char *buf = f ? malloc(FILE_MAX) : NULL;

    if (buf) {
        *len = fread(buf, 1, FILE_MAX - 1, f);
        buf[*len] = '\0';
    }
    if (f)
        fclose(f);
    return buf;
}

/* The header is the phone's, not the page's. */
static bool open_page(struct shot *shot, const struct device_model *m, const char *path,
                      const char *text, size_t len)
{
    const struct xml_read_config cfg = {.model = m};
    struct parse_err pe = {.text = ""};

    if (xml_page_parse(&shot->page, &cfg, (const uint8_t *)text, len, &pe)) {
        printf("%s:%d: %s\n", path, pe.line, pe.text);
        return false;
    }
    if (xml_view_init(&shot->view, shot->page, m)) {
        shot->page = mem_deref(shot->page);
        return false;
    }
    xml_view_screen(&shot->view, &shot->s);
    snprintf(shot->s.date, sizeof(shot->s.date), "01/21 10:32a");
    snprintf(shot->s.station, sizeof(shot->s.station), "Front Desk");
    return true;
}

static bool open_scene(struct shot *shot, const char *path, const char *text)
{
    const unsigned line = text ? scene_parse(&shot->s, text) : 1;

    if (line)
        printf("%s:%u: not understood\n", path, line);
    return !line;
}

struct shot *shot_open(const struct device_model *m, const char *base)
{
    struct shot *shot = calloc(1, sizeof(*shot));
    char path[PATH_SIZE];
    size_t len = 0;

    if (!shot)
        return NULL;
    snprintf(path, sizeof(path), "%s.xml", base);
    char *text = shot_read_file(path, &len);
    bool ok;
    if (text) {
        ok = open_page(shot, m, path, text, len);
    } else {
        snprintf(path, sizeof(path), "%s.scene", base);
        text = shot_read_file(path, &len);
        ok = open_scene(shot, path, text);
    }
    free(text);
    if (ok)
        return shot;
    free(shot);
    return NULL;
}

void shot_close(struct shot *shot)
{
    if (!shot)
        return;
    if (shot->page)
        xml_view_reset(&shot->view);
    mem_deref(shot->page);
    free(shot);
}
