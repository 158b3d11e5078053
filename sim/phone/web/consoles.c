/* SPDX-License-Identifier: BSD-3-Clause */
/* Attendant Console Status (devices.md 14 (u)): what the keys of the consoles are, whom they watch,
 * how they look now. What the page looks like is ours [DEF]. */
#include <stdlib.h>

#include "sim/phone/keyfunc.h"
#include "sim/phone/priv.h"
#include "sim/phone/web/html.h"
#include "sim/phone/web/pages.h"

bool web_has_consoles(const struct phone *ph)
{
    return phone_unit_keys(ph, 1) || phone_unit_keys(ph, 2);
}

static void put_cell(FILE *f, const char *text)
{
    fputs("<td>", f);
    html_put(f, text);
    fputs("</td>", f);
}

static void put_key(const struct phone *ph, FILE *f, unsigned unit, unsigned key)
{
    const struct phone_watch *w = phone_watch_of(ph, unit, key);
    const char *color = "off", *pattern = "steady";
    struct keyfunc k;
    char name[24];

    if (!phone_key_function(ph, unit, key, &k))
        return;
    phone_key_name(name, sizeof(name), unit, key);
    (void)phone_lamp(ph, name, &color, &pattern);
    char *label = phone_key_label(ph, unit, key, &k);
    fprintf(f, "<tr id=\"%s\"><td>%u</td>", name, key);
    put_cell(f, label ? label : "");
    put_cell(f, w ? w->who : "");
    put_cell(f, w ? watch_state_name(phone_watch_state(w)) : "");
    fprintf(f, "<td>%s %s</td></tr>\n", color, pattern);
    free(label);
}

void web_put_consoles(const struct phone *ph, FILE *f)
{
    for (unsigned unit = 1; unit <= PHONE_UNITS; unit++) {
        if (!phone_unit_keys(ph, unit))
            continue;
        fprintf(f,
                "<section id=\"unit%u\"><h2>Unit %u</h2>\n<table><tr><th>Key</th><th>Name</th>"
                "<th>Watches</th><th>State</th><th>Lamp</th></tr>\n",
                unit, unit);
        for (unsigned key = 1; key <= PHONE_UNIT_KEYS; key++)
            put_key(ph, f, unit, key);
        fputs("</table></section>\n", f);
    }
}
