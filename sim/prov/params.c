/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/params.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "devices/model.h"
#include "sim/prov/param_text.h"
#include "sim/prov/strpool.h"

struct override { /* 8 bytes a stored value; the text is shared through the pool */
    uint32_t key; /* access << 28 | id << 8 | index << 1 | locked */
    uint32_t text;
};

_Static_assert(sizeof(struct override) == 8, "an override costs eight bytes");

enum {
    INDEX_MAX = 127,
    ACCESS_SHIFT = 28, /* 0 = as ever, else enum page_access + 1 */
    PLACE_MASK = 0x0ffffffe,
};

struct param_set {
    const struct device_model *model;
    const struct device_identity *owner; /* NULL = of the newest firmware */
    struct strpool *pool;
    struct override *items; /* sorted by key */
    uint32_t n_items, size;
};

static uint32_t key_of(enum param_id id, uint16_t index)
{
    return (uint32_t)id << 8 | (uint32_t)index << 1;
}

static bool locked_item(const struct override *o)
{
    return o->key & 1;
}

/* Position of the key, or where it belongs. */
static bool search(const struct param_set *ps, uint32_t key, uint32_t *at)
{
    uint32_t low = 0, high = ps->n_items;

    while (low < high) {
        const uint32_t mid = (low + high) / 2;
        if ((ps->items[mid].key & PLACE_MASK) < (key & PLACE_MASK))
            low = mid + 1;
        else
            high = mid;
    }
    *at = low;
    return low < ps->n_items && (ps->items[low].key & PLACE_MASK) == (key & PLACE_MASK);
}

static void destructor(void *arg)
{
    struct param_set *ps = arg;

    for (uint32_t i = 0; i < ps->n_items; i++)
        strpool_release(ps->pool, ps->items[i].text);
    free(ps->items);
    mem_deref(ps->pool);
}

int param_set_alloc(struct param_set **psp, const struct device_model *m, struct strpool *pool)
{
    struct param_set *ps;

    if (!psp || !m || !pool)
        return EINVAL;
    ps = mem_zalloc(sizeof(*ps), destructor);
    if (!ps)
        return ENOMEM;
    ps->model = m;
    ps->pool = mem_ref(pool);
    *psp = ps;
    return 0;
}

void param_set_owner(struct param_set *ps, const struct device_identity *id)
{
    ps->owner = id;
}

const char *param_factory(const struct param_set *ps, enum param_id id, uint16_t index)
{
    return ps->owner ? param_default_of(ps->model, ps->owner->firmware, id, index)
                     : param_default(ps->model, id, index);
}

const char *param_get(const struct param_set *ps, enum param_id id, uint16_t index)
{
    uint32_t at;

    if (search(ps, key_of(id, index), &at))
        return strpool_text(ps->pool, ps->items[at].text);
    return param_factory(ps, id, index);
}

bool param_bool(const struct param_set *ps, enum param_id id, uint16_t index)
{
    bool v = false;

    if (!param_text_bool(param_get(ps, id, index), &v))
        (void)param_text_bool(param_factory(ps, id, index), &v);
    return v;
}

bool param_lacks(const struct param_set *ps, enum param_id id)
{
    const enum device_family family = ps->model->family;

    return id >= P_GPP_SA && id <= P_GPP_SD &&
           (family == FAMILY_SPA5XX || family == FAMILY_SPA525) &&
           !param_bool(ps, P_Sim_SPA500_Has_GPP_SA, 0);
}

uint32_t param_u32(const struct param_set *ps, enum param_id id, uint16_t index)
{
    uint32_t v = 0;

    if (!param_text_number(param_get(ps, id, index), &v))
        (void)param_text_number(param_factory(ps, id, index), &v);
    return v;
}

uint32_t param_ms(const struct param_set *ps, enum param_id id, uint16_t index)
{
    uint64_t v = 0;

    if (!param_text_ms(param_get(ps, id, index), &v) &&
        !param_text_ms(param_factory(ps, id, index), &v))
        v = 0;
    return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

static bool index_fits(enum param_scope scope, uint16_t index)
{
    if (scope == PARAM_PHONE || scope == PARAM_SIM)
        return index == 0;
    return index >= 1 && index <= INDEX_MAX;
}

static int insert(struct param_set *ps, uint32_t at, uint32_t key, uint32_t text)
{
    if (ps->n_items == ps->size) {
        const uint32_t size = ps->size + ps->size / 8 + 4;
        struct override *wide = realloc(ps->items, size * sizeof(*wide));
        if (!wide)
            return ENOMEM;
        ps->items = wide;
        ps->size = size;
    }
    memmove(&ps->items[at + 1], &ps->items[at], (ps->n_items - at) * sizeof(*ps->items));
    ps->items[at] = (struct override){.key = key, .text = text};
    ps->n_items++;
    return 0;
}

static void take_out(struct param_set *ps, uint32_t at)
{
    strpool_release(ps->pool, ps->items[at].text);
    ps->n_items--;
    memmove(&ps->items[at], &ps->items[at + 1], (ps->n_items - at) * sizeof(*ps->items));
}

static int store(struct param_set *ps, uint32_t at, bool found, uint32_t key, const char *value)
{
    uint32_t text;
    int err = strpool_intern(ps->pool, value, &text);

    if (err)
        return err;
    if (found) { /* the new text first: value may be the old one */
        strpool_release(ps->pool, ps->items[at].text);
        key |= ps->items[at].key & ~(uint32_t)(PLACE_MASK | 1);
        ps->items[at] = (struct override){.key = key, .text = text};
        return 0;
    }
    err = insert(ps, at, key, text);
    if (err)
        strpool_release(ps->pool, text);
    return err;
}

int param_set_value(struct param_set *ps, enum param_id id, uint16_t index, const char *value,
                    enum param_source from, bool *changed)
{
    const struct param_def *def;
    const char *factory;
    uint32_t at;
    bool found, differs, locked;
    int err = 0;

    if (changed)
        *changed = false;
    if (!ps || !value || (unsigned)id >= PARAM_COUNT)
        return EINVAL;
    def = param_def_get(id);
    if (!index_fits(def->scope, index) || !param_text_fits(def->type, value))
        return EINVAL;
    found = search(ps, key_of(id, index), &at);
    locked = found && locked_item(&ps->items[at]);
    if (locked && from == PARAM_FROM_PROFILE)
        return 0;
    locked |= from == PARAM_FROM_OPTION;
    value = param_text_canonical(def->type, value);
    factory = param_factory(ps, id, index);
    differs = strcmp(value, found ? strpool_text(ps->pool, ps->items[at].text) : factory) != 0;
    const bool kept = found && ps->items[at].key >> ACCESS_SHIFT;
    if (locked || kept || strcmp(value, factory) != 0) {
        if (differs || locked)
            err = store(ps, at, found, key_of(id, index) | (locked ? 1 : 0), value);
    } else if (found) {
        take_out(ps, at);
    }
    if (changed)
        *changed = !err && differs;
    return err;
}

int param_set_name(struct param_set *ps, const char *name, const char *value,
                   enum param_source from, bool *changed)
{
    enum param_id id;
    uint16_t index;

    if (changed)
        *changed = false;
    if (!ps || !name)
        return EINVAL;
    if (!param_find(ps->model, name, &id, &index) || param_lacks(ps, id))
        return ENOENT;
    return param_set_value(ps, id, index, value, from, changed);
}

enum page_access param_user_access(const struct param_set *ps, enum param_id id, uint16_t index)
{
    uint32_t at;

    if (search(ps, key_of(id, index), &at) && ps->items[at].key >> ACCESS_SHIFT)
        return (enum page_access)((ps->items[at].key >> ACCESS_SHIFT) - 1);
    return page_user_access(id);
}

int param_set_user_access(struct param_set *ps, enum param_id id, uint16_t index,
                          enum page_access access)
{
    const bool own = access != page_user_access(id);
    uint32_t at;

    if (!index_fits(param_def_get(id)->scope, index))
        return EINVAL;
    if (!search(ps, key_of(id, index), &at)) {
        const int err =
            own ? store(ps, at, false, key_of(id, index), param_factory(ps, id, index)) : 0;
        if (err || !own)
            return err;
    }
    struct override *o = &ps->items[at];
    o->key = (o->key & (PLACE_MASK | 1)) | (own ? (uint32_t)(access + 1) << ACCESS_SHIFT : 0);
    if (!own && !locked_item(o) &&
        strcmp(strpool_text(ps->pool, o->text), param_factory(ps, id, index)) == 0)
        take_out(ps, at);
    return 0;
}

void param_set_reset(struct param_set *ps)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < ps->n_items; i++) {
        ps->items[i].key &= PLACE_MASK | 1;
        if (locked_item(&ps->items[i]))
            ps->items[kept++] = ps->items[i];
        else
            strpool_release(ps->pool, ps->items[i].text);
    }
    ps->n_items = kept;
}

void param_set_reset_user(struct param_set *ps)
{
    for (uint32_t i = ps->n_items; i--;) { /* from behind: a value may leave the table */
        const struct override *o = &ps->items[i];
        const enum param_id id = (enum param_id)((o->key & PLACE_MASK) >> 8);
        const uint16_t index = (o->key >> 1) & INDEX_MAX;
        if (!locked_item(o) && param_user_access(ps, id, index) == PAGE_WRITABLE)
            (void)param_set_value(ps, id, index, param_factory(ps, id, index), PARAM_FROM_USER,
                                  NULL);
    }
}

void param_set_apply(const struct param_set *ps, param_visit_h *h, void *arg)
{
    for (uint32_t i = 0; i < ps->n_items; i++) {
        const struct override *o = &ps->items[i];
        const enum param_id id = (enum param_id)((o->key & PLACE_MASK) >> 8);
        const uint16_t index = (o->key >> 1) & INDEX_MAX;
        const char *value = strpool_text(ps->pool, o->text);

        if (strcmp(value, param_factory(ps, id, index)) != 0)
            h(id, index, value, arg);
    }
}
