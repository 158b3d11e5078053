/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/call_info.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/base/xmldoc.h"
#include "sim/sip/multipart.h"

static const char *const state_names[] = {
    "idle", "seized",       "progressing",   "alerting",    "active",
    "held", "held-private", "bridge-active", "bridge-held",
};

struct span {
    const char *p, *end;
};

static void trim(struct span *s)
{
    while (s->p < s->end && isspace((unsigned char)*s->p))
        s->p++;
    while (s->end > s->p && isspace((unsigned char)s->end[-1]))
        s->end--;
}

static bool equals(const struct span *s, const char *word)
{
    const size_t len = (size_t)(s->end - s->p);

    return len == strlen(word) && strncasecmp(s->p, word, len) == 0;
}

/* Up to the next separator outside of quotes and angle brackets; false at the end. */
static bool next_piece(struct span *rest, char separator, struct span *piece)
{
    bool quoted = false, bracket = false;
    const char *p = rest->p;

    if (!p || p > rest->end)
        return false;
    for (; p < rest->end; p++) {
        if (quoted && *p == '\\' && p + 1 < rest->end)
            p++;
        else if (*p == '"')
            quoted = !quoted;
        else if (!quoted && (*p == '<' || *p == '>'))
            bracket = *p == '<';
        else if (!quoted && !bracket && *p == separator)
            break;
    }
    *piece = (struct span){rest->p, p};
    rest->p = p < rest->end ? p + 1 : NULL;
    trim(piece);
    return true;
}

static bool split_parameter(const struct span *piece, struct span *name, struct span *value)
{
    const char *equal = memchr(piece->p, '=', (size_t)(piece->end - piece->p));

    if (!equal)
        return false;
    *name = (struct span){piece->p, equal};
    *value = (struct span){equal + 1, piece->end};
    trim(name);
    trim(value);
    if (value->end - value->p >= 2 && *value->p == '"' && value->end[-1] == '"') {
        value->p++;
        value->end--;
    }
    return true;
}

static bool read_number(const struct span *s, uint32_t max, uint32_t *n)
{
    uint32_t v = 0;

    if (s->p == s->end)
        return false;
    for (const char *p = s->p; p < s->end; p++) {
        if (!isdigit((unsigned char)*p))
            return false;
        v = v * 10 + (uint32_t)(*p - '0');
        if (v > max)
            return false;
    }
    *n = v;
    return true;
}

static enum sca_state read_state(const struct span *s)
{
    int i = SCA_IDLE;

    while (i < SCA_UNKNOWN && !equals(s, state_names[i]))
        i++;
    return (enum sca_state)i;
}

/* A quoted value without its backslashes; what is too long is left out. */
static void read_quoted(char *buf, size_t size, const struct span *s)
{
    size_t len = 0;

    for (const char *p = s->p; p < s->end; p++) {
        if (*p == '\\' && p + 1 < s->end)
            p++;
        if (!*p || len + 1 == size) {
            len = 0;
            break;
        }
        buf[len++] = *p;
    }
    buf[len] = '\0';
}

/* ---- shared line appearances ---- */

static bool read_appearance(struct sca_appearance *a, struct span piece)
{
    struct span parameter, name, value;
    bool indexed = false;
    uint32_t n;

    *a = (struct sca_appearance){.state = SCA_UNKNOWN};
    while (next_piece(&piece, ';', &parameter)) {
        if (!split_parameter(&parameter, &name, &value))
            continue;
        if (equals(&name, "appearance-index")) {
            if (equals(&value, "*"))
                n = SCA_INDEX_OTHERS;
            else if (!read_number(&value, UINT8_MAX, &n) || !n)
                return false;
            a->index = (uint8_t)n;
            indexed = true;
        } else if (equals(&name, "appearance-state")) {
            a->state = read_state(&value);
        } else if (equals(&name, "appearance-uri")) {
            read_quoted(a->uri, sizeof(a->uri), &value);
        }
    }
    return indexed;
}

static void add_appearance(struct sca_list *list, const struct sca_appearance *a)
{
    unsigned i = 0;

    while (i < list->n && list->appearances[i].index != a->index)
        i++;
    if (i == SCA_APPEARANCES_MAX) {
        list->n_dropped++;
        return;
    }
    list->appearances[i] = *a;
    if (i == list->n)
        list->n++;
}

void sca_parse(struct sca_list *list, const char *value, size_t len)
{
    struct span rest = {value, value + len}, piece;
    struct sca_appearance a;

    while (next_piece(&rest, ',', &piece)) {
        if (read_appearance(&a, piece))
            add_appearance(list, &a);
    }
}

enum sca_state sca_state_of(const struct sca_list *list, unsigned index)
{
    enum sca_state others = SCA_UNKNOWN;

    for (unsigned i = 0; i < list->n; i++) {
        if (list->appearances[i].index == index)
            return list->appearances[i].state;
        if (list->appearances[i].index == SCA_INDEX_OTHERS)
            others = list->appearances[i].state;
    }
    return others;
}

const char *sca_state_name(enum sca_state state)
{
    return state < SCA_UNKNOWN ? state_names[state] : "unknown";
}

int sca_print(char *buf, size_t size, const char *host, unsigned index, enum sca_state state)
{
    char number[16] = "*";

    if (index != SCA_INDEX_OTHERS)
        snprintf(number, sizeof(number), "%u", index);
    const int n = snprintf(buf, size, "<sip:%s>;appearance-index=%s%s%s", host, number,
                           state < SCA_UNKNOWN ? ";appearance-state=" : "",
                           state < SCA_UNKNOWN ? state_names[state] : "");
    return n < 0 || (size_t)n >= size ? EOVERFLOW : 0;
}

/* ---- as-feature-event ---- */

enum field { F_NONE, F_DEVICE, F_DND, F_TYPE, F_STATUS, F_TARGET, F_RINGS, FIELDS };

struct feature_reading {
    struct parse_err *pe;
    enum field field;
    bool dnd;
    char value[FIELDS][128];
    size_t len;
};

static enum field field_of(const char *name)
{
    static const struct {
        const char *name;
        enum field field;
    } names[] = {
        {"device", F_DEVICE},        {"doNotDisturbOn", F_DND},     {"forwardingType", F_TYPE},
        {"forwardStatus", F_STATUS}, {"activateForward", F_STATUS}, {"forwardTo", F_TARGET},
        {"forwardDN", F_TARGET},     {"ringCount", F_RINGS},
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(names[i].name, name) == 0)
            return names[i].field;
    }
    return F_NONE;
}

static int open_document(struct feature_reading *r, const struct xml_event *ev)
{
    r->dnd = strcmp(ev->name, "DoNotDisturbEvent") == 0 || strcmp(ev->name, "SetDoNotDisturb") == 0;
    if (!r->dnd && strcmp(ev->name, "ForwardingEvent") != 0 &&
        strcmp(ev->name, "SetForwarding") != 0)
        return parse_err_set(r->pe, EPROTO, ev->line, 0, "the document is no feature event");
    return 0;
}

static int feature_handler(const struct xml_event *ev, void *arg)
{
    struct feature_reading *r = arg;

    if (ev->kind == XML_OPEN && ev->depth == 0)
        return open_document(r, ev);
    if (ev->kind == XML_OPEN && ev->depth == 1) {
        r->field = ev->empty ? F_NONE : field_of(ev->name);
        r->len = 0;
    } else if (ev->kind == XML_CLOSE && ev->depth == 1) {
        r->field = F_NONE;
    } else if (ev->kind == XML_TEXT && r->field != F_NONE) {
        char *value = r->value[r->field];
        for (const char *p = ev->text; *p && r->len + 1 < sizeof(r->value[0]); p++) {
            if (!isspace((unsigned char)*p)) /* no field has blanks of its own */
                value[r->len++] = *p;
        }
        value[r->len] = '\0';
    }
    return 0;
}

static bool read_switch(const char *text, bool *on)
{
    *on = strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
    return *on || strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

static int kind_of(const struct feature_reading *r)
{
    static const char *const types[] = {"forwardImmediate", "forwardBusy", "forwardNoAns"};

    for (int i = 0; !r->dnd && i < 3; i++) {
        if (strcasecmp(types[i], r->value[F_TYPE]) == 0)
            return FEATURE_FORWARD_ALL + i;
    }
    return r->dnd ? FEATURE_DND : FEATURE_KINDS;
}

static int take_feature(struct feature_state *f, const struct feature_reading *r)
{
    const struct span rings = {r->value[F_RINGS], r->value[F_RINGS] + strlen(r->value[F_RINGS])};
    const int kind = kind_of(r);
    bool on;

    if (kind == FEATURE_KINDS || !read_switch(r->value[r->dnd ? F_DND : F_STATUS], &on))
        return parse_err_set(r->pe, EPROTO, 0, 0, "a field of the feature event is missing");
    f->told[kind] = true;
    f->on[kind] = on;
    snprintf(f->target[kind], sizeof(f->target[kind]), "%s", r->dnd ? "" : r->value[F_TARGET]);
    if (r->value[F_DEVICE][0])
        snprintf(f->device, sizeof(f->device), "%s", r->value[F_DEVICE]);
    if (kind == FEATURE_FORWARD_NO_ANSWER && !read_number(&rings, 100, &f->rings))
        f->rings = 0;
    return 0;
}

int feature_parse(struct feature_state *f, const char *body, size_t len, struct parse_err *pe)
{
    struct feature_reading r = {.pe = pe};
    const int err = xml_walk_body(body, len, FEATURE_BODY_MAX, feature_handler, &r, pe);

    return err ? err : take_feature(f, &r);
}

int feature_parse_multipart(struct feature_state *f, const char *body, size_t len,
                            const char *boundary, struct parse_err *pe)
{
    struct pl rest = {body, len};
    struct multipart_part part;
    int err = ENOENT;

    if (!*boundary || strlen(boundary) >= MULTIPART_BOUNDARY)
        return EBADMSG;
    while (multipart_next(&rest, boundary, &part)) {
        const int one = feature_parse(f, part.body.p, part.body.l, pe);
        if (one == ENOMEM)
            return one;
        err = one == 0 ? 0 : err;
    }
    return err;
}

/* Text for an XML element; false when it does not fit. */
static bool escape(char *buf, size_t size, const char *text)
{
    size_t len = 0;

    for (; *text; text++) {
        const char one[2] = {*text, '\0'};
        const char *s = *text == '&'   ? "&amp;"
                        : *text == '<' ? "&lt;"
                        : *text == '>' ? "&gt;"
                                       : one;
        if (len + strlen(s) >= size)
            return false;
        memcpy(buf + len, s, strlen(s));
        len += strlen(s);
    }
    buf[len] = '\0';
    return true;
}

int feature_print_set(char *buf, size_t size, enum feature_kind kind, const char *device, bool on,
                      const char *target)
{
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n";
    static const char ns[] =
        "xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\"";
    static const char *const types[] = {"", "forwardImmediate", "forwardBusy", "forwardNoAns"};
    char who[256], to[256];
    int n;

    if (!escape(who, sizeof(who), device) || !escape(to, sizeof(to), target ? target : ""))
        return EOVERFLOW;
    if (kind == FEATURE_DND)
        n = snprintf(buf, size,
                     "%s<SetDoNotDisturb %s>\r\n<device>%s</device>\r\n"
                     "<doNotDisturbOn>%s</doNotDisturbOn>\r\n</SetDoNotDisturb>\r\n",
                     head, ns, who, on ? "true" : "false");
    else
        n = snprintf(buf, size,
                     "%s<SetForwarding %s>\r\n<device>%s</device>\r\n%s%s%s"
                     "<forwardingType>%s</forwardingType>\r\n"
                     "<activateForward>%s</activateForward>\r\n</SetForwarding>\r\n",
                     head, ns, who, *to ? "<forwardDN>" : "", to, *to ? "</forwardDN>\r\n" : "",
                     types[kind], on ? "true" : "false");
    return n < 0 || (size_t)n >= size ? EOVERFLOW : 0;
}
