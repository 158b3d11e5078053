/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/dialog_info.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/xmldoc.h"

enum where { OUTSIDE, IN_STATE, IN_IDENTITY };

struct reading {
    struct blf_info *info;
    struct parse_err *pe;
    struct blf_dialog *dialog; /* under way, NULL = none */
    struct blf_party *party;
    enum where where;
    bool state_known;
    char text[128];
    size_t text_len;
};

static bool read_u32(const char *text, uint32_t *n)
{
    char *end;

    errno = 0;
    const unsigned long long v = strtoull(text, &end, 10);
    while (isspace((unsigned char)*end))
        end++;
    if (end == text || *end || errno || v > UINT32_MAX || strchr(text, '-'))
        return false;
    *n = (uint32_t)v;
    return true;
}

/* A cut must not leave half a UTF-8 character behind. */
static void drop_half_character(char *text)
{
    size_t len = strlen(text), n = 0;

    while (n < len && n < 3 && ((unsigned char)text[len - 1 - n] & 0xc0) == 0x80)
        n++;
    if (n == len)
        return;
    const unsigned char first = (unsigned char)text[len - 1 - n];
    const size_t want = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    if (first >= 0x80 && n < want)
        text[len - 1 - n] = '\0';
}

static void attribute(const struct xml_event *ev, const char *name, char *buf, size_t size)
{
    xml_attribute(ev, name, buf, size);
    drop_half_character(buf);
}

static int open_root(struct reading *r, const struct xml_event *ev)
{
    char value[32];

    if (strcmp(ev->name, "dialog-info") != 0)
        return parse_err_set(r->pe, EPROTO, ev->line, 0, "the document is no dialog-info");
    attribute(ev, "entity", r->info->entity, sizeof(r->info->entity));
    attribute(ev, "state", value, sizeof(value));
    r->info->full = strcasecmp(value, "partial") != 0;
    if (!read_u32(xml_attribute(ev, "version", value, sizeof(value)), &r->info->version))
        return parse_err_set(r->pe, EPROTO, ev->line, 0, "dialog-info has no version");
    return 0;
}

static void open_dialog(struct reading *r, const struct xml_event *ev)
{
    char value[32];

    if (r->info->n == BLF_DIALOGS_MAX) {
        r->info->n_dropped++;
        return;
    }
    struct blf_dialog *d = r->dialog = &r->info->dialogs[r->info->n];
    memset(d, 0, sizeof(*d));
    r->state_known = false;
    attribute(ev, "id", d->id, sizeof(d->id));
    attribute(ev, "call-id", d->call_id, sizeof(d->call_id));
    attribute(ev, "local-tag", d->local_tag, sizeof(d->local_tag));
    attribute(ev, "remote-tag", d->remote_tag, sizeof(d->remote_tag));
    attribute(ev, "direction", value, sizeof(value));
    d->direction = strcasecmp(value, "initiator") == 0   ? BLF_INITIATOR
                   : strcasecmp(value, "recipient") == 0 ? BLF_RECIPIENT
                                                         : BLF_DIRECTION_UNKNOWN;
}

/* A dialog counts once it has ended with a state we know. */
static void close_dialog(struct reading *r)
{
    if (r->dialog && r->state_known)
        r->info->n++;
    else if (r->dialog)
        r->info->n_dropped++;
    r->dialog = NULL;
    r->party = NULL;
}

static void open_part(struct reading *r, const struct xml_event *ev)
{
    if (strcmp(ev->name, "local") == 0)
        r->party = &r->dialog->local;
    else if (strcmp(ev->name, "remote") == 0)
        r->party = &r->dialog->remote;
    else if (strcmp(ev->name, "state") == 0)
        r->where = IN_STATE;
}

static void open_party_part(struct reading *r, const struct xml_event *ev)
{
    if (strcmp(ev->name, "identity") == 0) {
        attribute(ev, "display", r->party->display, sizeof(r->party->display));
        r->where = IN_IDENTITY;
    } else if (strcmp(ev->name, "target") == 0) {
        attribute(ev, "uri", r->party->target, sizeof(r->party->target));
    }
}

/* <param pname="+sip.rendering" pval="no"/>; servers also write it without the plus. */
static void open_param(struct reading *r, const struct xml_event *ev)
{
    char name[32], value[16];

    xml_attribute(ev, "pname", name, sizeof(name));
    xml_attribute(ev, "pval", value, sizeof(value));
    if (strcmp(ev->name, "param") == 0 &&
        strcasecmp(name[0] == '+' ? name + 1 : name, "sip.rendering") == 0)
        r->party->held = strcasecmp(value, "no") == 0;
}

static void close_text(struct reading *r)
{
    static const char *const names[] = {"terminated", "trying", "proceeding", "early", "confirmed"};
    char *text = r->text;
    size_t len = r->text_len;

    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    text[len] = '\0';
    while (isspace((unsigned char)*text))
        text++;
    drop_half_character(text);
    if (r->where == IN_IDENTITY)
        snprintf(r->party->identity, sizeof(r->party->identity), "%s", text);
    for (int i = BLF_TERMINATED; r->where == IN_STATE && i <= BLF_CONFIRMED; i++) {
        if (strcasecmp(text, names[i]) == 0) {
            r->dialog->state = (enum blf_dialog_state)i;
            r->state_known = true;
        }
    }
    r->where = OUTSIDE;
    r->text_len = 0;
}

static void add_text(struct reading *r, const char *text)
{
    if (!r->text_len)
        text += strspn(text, " \t\r\n");
    for (; *text && r->text_len + 1 < sizeof(r->text); text++)
        r->text[r->text_len++] = *text;
}

static int open_handler(struct reading *r, const struct xml_event *ev)
{
    if (ev->depth == 0)
        return open_root(r, ev);
    if (ev->depth == 1 && strcmp(ev->name, "dialog") == 0)
        open_dialog(r, ev);
    else if (ev->depth == 2 && r->dialog)
        open_part(r, ev);
    else if (ev->depth == 3 && r->party)
        open_party_part(r, ev);
    else if (ev->depth == 4 && r->party)
        open_param(r, ev);
    return 0;
}

static void close_handler(struct reading *r, unsigned depth)
{
    if (r->where == IN_STATE ? depth == 2 : r->where == IN_IDENTITY && depth == 3)
        close_text(r);
    if (depth == 2)
        r->party = NULL;
    if (depth == 1)
        close_dialog(r);
}

static int walk_handler(const struct xml_event *ev, void *arg)
{
    struct reading *r = arg;
    int err = 0;

    if (ev->kind == XML_OPEN)
        err = open_handler(r, ev);
    else if (ev->kind == XML_TEXT && r->where != OUTSIDE)
        add_text(r, ev->text);
    if (!err && (ev->kind == XML_CLOSE || (ev->kind == XML_OPEN && ev->empty)))
        close_handler(r, ev->depth);
    return err;
}

int blf_parse(struct blf_info *info, const char *body, size_t len, struct parse_err *pe)
{
    struct reading r = {.info = info, .pe = pe};

    memset(info, 0, sizeof(*info));
    return xml_walk_body(body, len, BLF_BODY_MAX, walk_handler, &r, pe);
}

/* ---- the lamp ---- */

static uint64_t hash(const char *text) /* FNV-1a */
{
    uint64_t h = 14695981039346656037ULL;

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211ULL;
    return h;
}

static void watch_dialog(struct blf_watch *w, const struct blf_dialog *d)
{
    const uint64_t id = hash(d->id);
    unsigned i = 0;

    while (i < w->n && w->dialogs[i].id != id)
        i++;
    if (d->state == BLF_TERMINATED) {
        if (i < w->n)
            w->dialogs[i] = w->dialogs[--w->n];
        return;
    }
    if (i == BLF_WATCH_MAX)
        return;
    if (i == w->n)
        w->n++;
    w->dialogs[i].id = id;
    w->dialogs[i].state = (uint8_t)d->state;
    w->dialogs[i].held = d->local.held;
}

enum blf_news blf_watch_apply(struct blf_watch *w, const struct blf_info *info)
{
    const bool gap = !info->full && (!w->known || info->version > w->version + 1ULL);

    if (w->known && info->version <= w->version)
        return BLF_STALE;
    if (info->full)
        w->n = 0;
    for (unsigned i = 0; i < info->n; i++)
        watch_dialog(w, &info->dialogs[i]);
    w->known = w->known || info->full;
    w->version = info->version;
    return gap ? BLF_GAP : BLF_APPLIED;
}

enum blf_lamp blf_watch_lamp(const struct blf_watch *w)
{
    enum blf_lamp lamp = BLF_IDLE;

    for (unsigned i = 0; i < w->n; i++) {
        const enum blf_lamp one = w->dialogs[i].state != BLF_CONFIRMED ? BLF_RINGING
                                  : w->dialogs[i].held                 ? BLF_HELD
                                                                       : BLF_BUSY;
        lamp = one > lamp ? one : lamp;
    }
    return lamp;
}
