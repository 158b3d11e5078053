/* SPDX-License-Identifier: BSD-3-Clause */
/* The tab Info: what the phone tells of itself, group by group (devices.md 14). */
#include <string.h>

#include "sim/phone/web/html.h"
#include "sim/phone/web/pages.h"

struct info {
    FILE *f;
    char group[64]; /* that is open; "" = none yet */
};

static void put_words(FILE *f, const char *name)
{
    char text[64];

    snprintf(text, sizeof(text), "%s", name);
    for (char *p = text; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    html_put(f, text);
}

static void info_handler(const char *group, const char *name, const char *value, void *arg)
{
    struct info *in = arg;

    if (strcmp(group, in->group) != 0) {
        const char *slash = strchr(group, '/');
        fputs(in->group[0] ? "</dl></section>\n<section><h2>" : "<section><h2>", in->f);
        put_words(in->f, slash ? slash + 1 : group);
        fputs("</h2>\n<dl>\n", in->f);
        snprintf(in->group, sizeof(in->group), "%s", group);
    }
    fputs("<div><dt>", in->f);
    put_words(in->f, name);
    fputs("</dt><dd>", in->f);
    html_put(in->f, value);
    fputs("</dd></div>\n", in->f);
}

void web_put_info(const struct phone *ph, FILE *f)
{
    struct info in = {.f = f};

    phone_info(ph, &(struct phone_info_sink){info_handler, &in});
    if (in.group[0])
        fputs("</dl></section>\n", f);
}
