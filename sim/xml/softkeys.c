/* SPDX-License-Identifier: BSD-3-Clause */
/* The soft-key bar of a page (xml-services.md 4.1, 4.3). */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/xml/object.h"

enum { CELLS = 4 };

struct keys { /* by position, from 0 */
    const char *label[XML_POSITIONS_MAX], *uri[XML_POSITIONS_MAX], *down[XML_POSITIONS_MAX];
    unsigned n; /* highest position in use */
};

/* Labels by set, SPA and 7940/60 first, then MPP. */
static const char *const defaults[][2][CELLS] = {
    [XML_SOFTKEYS_NONE] = {{NULL}, {NULL}},
    [XML_SOFTKEYS_LIST] = {{"Select", NULL, "Exit", NULL}, {"Exit", "Select", NULL, NULL}},
    [XML_SOFTKEYS_TEXT] = {{"Update", NULL, "Exit", NULL}, {"Exit", "Update", NULL, NULL}},
    [XML_SOFTKEYS_FORM] = {{"Submit", "<<", "Cancel", "?mode"},
                           {"Cancel", "Submit", "<<", "?mode"}},
    [XML_SOFTKEYS_DIRECTORY] = {{"Dial", "EditDial", "Exit", "Next"},
                                {"Exit", "Dial", "EditDial", "Next"}},
};

static const char *uri_of(const char *label)
{
    static const struct {
        const char *label, *uri;
    } uris[] = {{"Select", "SoftKey:Select"}, {"Exit", "SoftKey:Exit"},
                {"Update", "SoftKey:Update"}, {"Submit", "SoftKey:Submit"},
                {"<<", "SoftKey:<<"},         {"Cancel", "SoftKey:Cancel"},
                {"?mode", "SoftKey:?mode"},   {"Dial", "SoftKey:Dial"},
                {"Next", "SoftKey:Next"},     {"EditDial", "SoftKey:EditDial"}};

    for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
        if (strcmp(uris[i].label, label) == 0)
            return uris[i].uri;
    }
    return "";
}

/* The mode key says what it switches to; 79xx have none, nor fields of one mode. */
static const char *mode_label(const struct xml_view *v)
{
    if (!v->values || v->model->family == FAMILY_CP79XX)
        return "";
    return key_entry_mode_label(&v->values[v->selected]);
}

static void put(struct keys *k, unsigned position, const char *label, const char *uri)
{
    k->label[position] = label;
    k->uri[position] = uri;
    if (position + 1 > k->n)
        k->n = position + 1;
}

static void default_keys(const struct xml_view *v, struct keys *k)
{
    const bool mpp = v->model->family == FAMILY_MPP68XX;
    const char *const *labels = defaults[v->page->type->softkeys][mpp];

    for (unsigned i = 0; i < CELLS; i++) {
        const char *label = labels[i];
        if (!label || (strcmp(label, "Next") == 0 && !v->has_next))
            continue;
        const char *shown = strcmp(label, "?mode") == 0 ? mode_label(v) : label;
        if (*shown) /* where there are two keys only, they stand side by side */
            put(k, v->model->n_softkeys < CELLS ? k->n : i, shown, uri_of(label));
    }
}

static void own_keys(const struct xml_page *p, struct keys *k)
{
    for (unsigned i = 0; i < p->n_softkeys; i++) {
        const struct xml_softkey *s = &p->softkeys[i];
        if (s->position <= 0)
            continue;
        put(k, (unsigned)s->position - 1, s->name, s->url);
        k->down[s->position - 1] = s->url_down;
    }
}

void xml_softkeys(const struct xml_view *v, struct xml_softkey_cells *out)
{
    const unsigned cells = v->model->n_softkeys < CELLS ? v->model->n_softkeys : CELLS;
    struct keys k = {.n = 0};
    unsigned first = 0, shown = cells;

    memset(out, 0, sizeof(*out));
    out->n = cells;
    if (v->page->n_softkeys)
        own_keys(v->page, &k);
    else
        default_keys(v, &k);
    if (!cells)
        return;
    if (k.n > cells && cells > 1) { /* the last key turns the pages */
        const unsigned per_page = cells - 1, n_pages = (k.n + per_page - 1) / per_page;
        first = v->softkey_page % n_pages * per_page;
        shown = per_page;
        out->cells[cells - 1].label = "more";
        out->cells[cells - 1].uri = "SoftKey:?more";
    }
    for (unsigned i = 0; i < shown && first + i < k.n; i++) {
        out->cells[i].label = k.label[first + i];
        out->cells[i].uri = k.uri[first + i];
        out->cells[i].down = k.down[first + i];
    }
}

bool xml_action_fits(const struct xml_object_type *t, const char *name)
{
    enum { LIST = 1, TEXT = 2, FORM = 4, DIRECTORY = 8, EVERY = 15 };
    static const struct {
        const char *name;
        unsigned sets;
    } actions[] = {{"Exit", EVERY},     {"Back", EVERY},        {"Select", LIST | DIRECTORY},
                   {"Submit", FORM},    {"Search", FORM},       {"Update", TEXT | DIRECTORY},
                   {"<<", FORM},        {"Cancel", FORM},       {"Next", DIRECTORY},
                   {"Dial", DIRECTORY}, {"EditDial", DIRECTORY}};
    static const unsigned sets[] = {[XML_SOFTKEYS_NONE] = 0,
                                    [XML_SOFTKEYS_LIST] = LIST,
                                    [XML_SOFTKEYS_TEXT] = TEXT,
                                    [XML_SOFTKEYS_FORM] = FORM,
                                    [XML_SOFTKEYS_DIRECTORY] = DIRECTORY};

    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (strcasecmp(actions[i].name, name) == 0)
            return (actions[i].sets & sets[t->softkeys]) != 0;
    }
    return false;
}
