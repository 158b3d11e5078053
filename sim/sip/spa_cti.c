/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/spa_cti.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/base/xmldoc.h"

struct reading {
    struct cti_command *c;
    struct parse_err *pe;
    bool found;
};

static unsigned number_of(const struct xml_event *ev, const char *name)
{
    char value[16];
    char *end;
    const unsigned long n = strtoul(xml_attribute(ev, name, value, sizeof(value)), &end, 10);

    return *value && isdigit((unsigned char)*value) && !*end && n < 1000000 ? (unsigned)n : 0;
}

static void take_command(struct reading *r, const struct xml_event *ev)
{
    static const struct {
        const char *name;
        enum cti_verb verb;
    } verbs[] = {{"answer", CTI_ANSWER},
                 {"hold", CTI_HOLD},
                 {"resume", CTI_RESUME},
                 {"endcall", CTI_END_CALL},
                 {"newcall", CTI_NEW_CALL}};
    static const char *const numbers[] = {"number", "target", "dest"};
    char value[64];

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]) && !r->found; i++) {
        if (strcasecmp(ev->name, verbs[i].name) != 0)
            continue;
        r->found = true;
        r->c->verb = verbs[i].verb;
        r->c->call = number_of(ev, "call");
        r->c->ext = number_of(ev, "ext");
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]) && !r->c->number[0]; k++)
            utf8_clean(r->c->number, sizeof(r->c->number),
                       xml_attribute(ev, numbers[k], value, sizeof(value)));
    }
}

static int walk_handler(const struct xml_event *ev, void *arg)
{
    struct reading *r = arg;

    if (ev->kind != XML_OPEN)
        return 0;
    if (ev->depth == 0 && strcmp(ev->name, "spa-control") != 0)
        return parse_err_set(r->pe, EPROTO, ev->line, 0, "the document is no spa-control");
    if (ev->depth == 1)
        take_command(r, ev);
    return 0;
}

int cti_parse(struct cti_command *c, const char *body, size_t len, struct parse_err *pe)
{
    struct reading r = {.c = c, .pe = pe};

    memset(c, 0, sizeof(*c));
    int err = xml_walk_body(body, len, CTI_BODY_MAX, walk_handler, &r, pe);
    if (!err && !r.found)
        err = parse_err_set(pe, EPROTO, 0, 0, "there is no command we know");
    return err;
}

int cti_print_status(char *buf, size_t size, unsigned id, unsigned ref, unsigned ext,
                     const char *state)
{
    const int n = snprintf(
        buf, size, "<spa-status><call id=\"%u\" ref=\"%u\" ext=\"%u\" state=\"%s\"/></spa-status>",
        id, ref, ext, state);

    return n < 0 || (size_t)n >= size ? EOVERFLOW : 0;
}
