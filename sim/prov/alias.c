/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/alias.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct alias {
    const char *path, *name; /* within the map's text */
};

struct alias_map {
    unsigned n;
    struct alias rows[ALIAS_MAX];
    char text[];
};

static int bad(const struct alias_map *map, const char *p, struct parse_err *pe, const char *what)
{
    return parse_err_set(pe, EBADMSG, 0, 0, "alias map, column %d: %s", (int)(p - map->text) + 1,
                         what);
}

static char *skip_blank(char *p)
{
    while (isspace((unsigned char)*p))
        p++;
    return p;
}

/* A path at *p ends at a blank, at stop or at the end of the text; it is cut off there. */
static char *read_path(char **p, char stop, bool *ended)
{
    char *from = skip_blank(*p), *end = from;

    while (*end && !isspace((unsigned char)*end) && *end != '=' && *end != ';')
        end++;
    *p = skip_blank(end);
    *ended = **p == stop || (stop == ';' && !**p);
    if (**p)
        (*p)++;
    *end = '\0';
    return from;
}

static int read_row(struct alias_map *map, char **p, struct parse_err *pe)
{
    struct alias *a = &map->rows[map->n];
    bool ended;

    a->path = read_path(p, '=', &ended);
    if (*a->path != '/' || !ended)
        return bad(map, a->path, pe, "wants /path = /flat-profile/Name ;");
    char *target = read_path(p, ';', &ended);
    if (*target != '/' || !ended || !strrchr(target, '/')[1])
        return bad(map, target, pe, "wants /path = /flat-profile/Name ;");
    a->name = strrchr(target, '/') + 1;
    map->n++;
    return 0;
}

int alias_map_parse(struct alias_map **mapp, const char *text, struct parse_err *pe)
{
    const size_t size = strlen(text) + 1;
    struct alias_map *map = calloc(1, sizeof(*map) + size);
    int err = 0;

    if (!map)
        return ENOMEM;
    memcpy(map->text, text, size);
    for (char *p = skip_blank(map->text); !err && *p; p = skip_blank(p)) {
        if (map->n == ALIAS_MAX)
            err = parse_err_set(pe, E2BIG, 0, 0, "alias map: more than %d entries", ALIAS_MAX);
        else
            err = read_row(map, &p, pe);
    }
    if (err)
        free(map);
    else
        *mapp = map;
    return err;
}

const char *alias_map_find(const struct alias_map *map, const char *path)
{
    const size_t len = strlen(path);

    for (unsigned i = 0; i < map->n; i++) {
        const size_t n = strlen(map->rows[i].path);
        if (n <= len && strcmp(path + len - n, map->rows[i].path) == 0)
            return map->rows[i].name;
    }
    return NULL;
}
