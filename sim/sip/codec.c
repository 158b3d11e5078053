/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/codec.h"

#include <string.h>
#include <strings.h>

#include "devices/model.h"

#define BIT(id) (1u << (id))

/* sip-behaviour.md 5.2; iLBC and OPUS with the numbers of common practice [DEF] */
static const struct codec_info table[CODEC_COUNT] = {
    [CODEC_NONE] = {"Unspecified", "", 0, 0, 0, false},
    [CODEC_PCMU] = {"G711u", "PCMU", 8000, 0, 0, true},
    [CODEC_PCMA] = {"G711a", "PCMA", 8000, 8, 0, true},
    [CODEC_G722] = {"G722", "G722", 8000, 9, 0, true},
    [CODEC_G729A] = {"G729a", "G729a", 8000, 18, 0, false},
    [CODEC_G729AB] = {"G729ab", "G729ab", 8000, 99, 0, false},
    [CODEC_G726_16] = {"G726-16", "G726-16", 8000, 98, 0, false},
    [CODEC_G726_24] = {"G726-24", "G726-24", 8000, 97, 0, false},
    [CODEC_G726_32] = {"G726-32", "G726-32", 8000, 2, 0, false},
    [CODEC_G726_40] = {"G726-40", "G726-40", 8000, 96, 0, false},
    [CODEC_ILBC] = {"iLBC", "iLBC", 8000, 102, 0, false},
    [CODEC_OPUS] = {"OPUS", "OPUS", 48000, 116, 2, false},
};

static const struct {
    const char *name;
    enum codec_id id;
} aliases[] = {
    {"G729", CODEC_G729A},
    {"G729AB", CODEC_G729AB},
    {"AAL2-G726-32", CODEC_NONE}, /* other packing: not the same codec */
};

const struct codec_info *codec_info(enum codec_id id)
{
    return &table[(unsigned)id < CODEC_COUNT ? id : CODEC_NONE];
}

enum codec_id codec_find_param(const char *text)
{
    for (unsigned id = 1; text && id < CODEC_COUNT; id++)
        if (!strcasecmp(text, table[id].param))
            return id;
    return text && !strcasecmp(text, "G729") ? CODEC_G729A : CODEC_NONE; /* MPP spelling [UC] */
}

enum codec_id codec_find_static(uint8_t payload)
{
    for (unsigned id = 1; id < CODEC_COUNT; id++)
        if (table[id].payload < 96 && table[id].payload == payload)
            return id;
    return CODEC_NONE;
}

static bool same(const char *a, const char *b, size_t len)
{
    return strlen(a) == len && !strncasecmp(a, b, len);
}

enum codec_id codec_find_name(const char *name, size_t len, uint32_t rate)
{
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (same(aliases[i].name, name, len))
            return rate == 8000 ? aliases[i].id : CODEC_NONE;
    for (unsigned id = 1; id < CODEC_COUNT; id++)
        if (table[id].rate == rate && same(table[id].name, name, len))
            return id;
    return CODEC_NONE;
}

uint32_t codec_model_bits(const struct device_model *m)
{
    const uint32_t common = BIT(CODEC_PCMU) | BIT(CODEC_PCMA) | BIT(CODEC_G729A);
    const uint32_t g726 =
        BIT(CODEC_G726_16) | BIT(CODEC_G726_24) | BIT(CODEC_G726_32) | BIT(CODEC_G726_40);

    switch (m->family) {
    case FAMILY_SPA3XX:
    case FAMILY_SPA5XX:
        return common | BIT(CODEC_G722) | g726;
    case FAMILY_SPA525:
        return common | BIT(CODEC_G722) | BIT(CODEC_G726_32);
    case FAMILY_WIP310: /* (u) */
        return common | BIT(CODEC_G726_32);
    case FAMILY_MPP68XX: /* (u) */
        return common | BIT(CODEC_G722) | BIT(CODEC_ILBC) | BIT(CODEC_OPUS);
    case FAMILY_CP79XX:
        return common;
    }
    return common;
}

static void add(struct session_codec *out, size_t *n, enum codec_id id,
                const struct codec_choice *c)
{
    const char *name = c->names[id];

    out[*n].id = id;
    out[*n].payload = c->payloads[id] ? c->payloads[id] : table[id].payload;
    out[*n].name = name && name[0] ? name : NULL;
    (*n)++;
}

static void sort_by_payload(struct session_codec *list, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const struct session_codec c = list[i];
        size_t k = i;

        for (; k > 0 && list[k - 1].payload > c.payload; k--)
            list[k] = list[k - 1];
        list[k] = c;
    }
}

size_t codec_list(struct session_codec *out, const struct device_model *m,
                  const struct codec_choice *c)
{
    const uint32_t able = codec_model_bits(m);
    uint32_t done = 0;
    size_t n = 0, n_preferred;

    for (unsigned i = 0; i < CODEC_PREFERRED_MAX; i++) {
        const enum codec_id id = c->preferred[i];

        if ((unsigned)id >= CODEC_COUNT || !(able & BIT(id) & ~done))
            continue;
        add(out, &n, id, c);
        done |= BIT(id);
        if (c->preferred_only)
            return n; /* 5.2: only the preferred codec, and 101 */
    }
    n_preferred = n;
    for (unsigned id = 1; id < CODEC_COUNT; id++)
        if (able & c->enabled & ~done & BIT(id))
            add(out, &n, id, c);
    sort_by_payload(out + n_preferred, n - n_preferred);
    if (n == 0)
        add(out, &n, CODEC_PCMU, c);
    return n;
}
