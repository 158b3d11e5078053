/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/lcd/picture.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/image.h"

enum { BUCKETS = 256 };

struct picture {
    struct picture *next;
    struct picture_store *store;
    struct image *im; /* NULL = nobody has looked yet */
    unsigned formats, side_max;
    uint64_t hash;
    size_t len;
    bool broken;
    uint8_t bytes[];
};

struct picture_store {
    struct picture *buckets[BUCKETS];
};

int picture_store_alloc(struct picture_store **sp)
{
    *sp = mem_zalloc(sizeof(**sp), NULL);
    return *sp ? 0 : ENOMEM;
}

static uint64_t hash_of(const uint8_t *bytes, size_t len)
{
    uint64_t h = 14695981039346656037U; /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        h = (h ^ bytes[i]) * 1099511628211U;
    return h;
}

static void destructor(void *arg)
{
    struct picture *p = arg, **at;

    if (!p->store)
        return;
    at = &p->store->buckets[p->hash % BUCKETS];
    while (*at && *at != p)
        at = &(*at)->next;
    if (*at)
        *at = p->next;
    mem_deref(p->im);
    mem_deref(p->store);
}

int picture_get(struct picture **pp, struct picture_store *st, const uint8_t *bytes, size_t len,
                unsigned formats, unsigned side_max)
{
    const uint64_t hash = hash_of(bytes, len);
    struct picture *p = st->buckets[hash % BUCKETS];

    for (; p; p = p->next) {
        if (p->hash == hash && p->len == len && p->formats == formats && p->side_max == side_max &&
            memcmp(p->bytes, bytes, len) == 0) {
            *pp = mem_ref(p);
            return 0;
        }
    }
    const int err = image_decode(NULL, bytes, len, formats, side_max);
    if (err)
        return err;
    p = mem_zalloc(sizeof(*p) + len, destructor);
    if (!p)
        return ENOMEM;
    p->store = mem_ref(st);
    p->formats = formats;
    p->side_max = side_max;
    p->hash = hash;
    p->len = len;
    memcpy(p->bytes, bytes, len);
    p->next = st->buckets[hash % BUCKETS];
    st->buckets[hash % BUCKETS] = p;
    *pp = p;
    return 0;
}

const struct image *picture_image(struct picture *p)
{
    if (!p->im && !p->broken)
        p->broken = image_decode(&p->im, p->bytes, p->len, p->formats, p->side_max) != 0;
    return p->im;
}

uint32_t picture_id(const struct picture *p)
{
    return (uint32_t)(p->hash ^ p->hash >> 32);
}
