/* SPDX-License-Identifier: BSD-3-Clause */
/* syncinfo.xml of the 7940 and 7960: is there anything new (provisioning.md 17.2)? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/xmldoc.h"
#include "sim/prov/cnf.h"

struct search {
    const char *version;
    char *sync;
    size_t size;
};

static int event_handler(const struct xml_event *ev, void *arg)
{
    const struct search *s = arg;
    char version[64];

    if (ev->kind != XML_OPEN || strcmp(ev->name, "IMAGE") != 0 || *s->sync)
        return 0;
    xml_attribute(ev, "VERSION", version, sizeof(version));
    if (strcmp(version, "*") == 0 || strcmp(version, s->version) == 0)
        xml_attribute(ev, "SYNC", s->sync, s->size);
    return 0;
}

int cnf_sync(char *sync, size_t size, const uint8_t *data, size_t len, const char *version,
             struct parse_err *pe)
{
    struct search s = {.version = version, .sync = sync, .size = size};
    char *text = NULL;
    size_t text_len = 0;

    sync[0] = '\0';
    int err = xml_to_utf8(&text, &text_len, data, len);
    if (!err)
        err = xml_walk(text, text_len, event_handler, &s, pe);
    free(text);
    return err;
}
