/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/strpool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/base/fnv.h"
#include "sim/prov/params.h"

struct text {
    uint32_t refs;
    uint32_t hash;
    uint32_t next; /* handle of the next in the bucket, 0 = last */
    char chars[];
};

union slot {
    struct text *text;
    uintptr_t next_free;
};

struct strpool {
    union slot *slots;  /* by handle; 0 is never used */
    uint32_t n_slots;   /* handles given out so far, the free ones included */
    uint32_t size;      /* slots allocated */
    uint32_t free_head; /* 0 = none */
    uint32_t *buckets;  /* first handle of each */
    uint32_t n_buckets; /* power of two */
    uint32_t n_texts;
};

enum { FIRST_SIZE = 256 };

static void destructor(void *arg)
{
    struct strpool *sp = arg;

    for (uint32_t b = 0; b < sp->n_buckets; b++) {
        for (uint32_t h = sp->buckets[b]; h;) {
            struct text *t = sp->slots[h].text;
            h = t->next;
            free(t);
        }
    }
    free(sp->buckets);
    free(sp->slots);
}

int strpool_alloc(struct strpool **spp)
{
    struct strpool *sp;

    if (!spp)
        return EINVAL;
    sp = mem_zalloc(sizeof(*sp), destructor);
    if (!sp)
        return ENOMEM;
    sp->slots = calloc(FIRST_SIZE, sizeof(*sp->slots));
    sp->buckets = calloc(FIRST_SIZE, sizeof(*sp->buckets));
    if (!sp->slots || !sp->buckets) {
        mem_deref(sp);
        return ENOMEM;
    }
    sp->size = sp->n_buckets = FIRST_SIZE;
    sp->n_slots = 1;
    *spp = sp;
    return 0;
}

static uint32_t *bucket_of(const struct strpool *sp, uint32_t hash)
{
    return &sp->buckets[hash & (sp->n_buckets - 1)];
}

/* Failure is no harm: chains only grow longer. */
static void rehash(struct strpool *sp)
{
    const uint32_t old_n = sp->n_buckets;
    uint32_t *old = sp->buckets, *wide = calloc((size_t)old_n * 2, sizeof(*wide));

    if (!wide)
        return;
    sp->buckets = wide;
    sp->n_buckets = old_n * 2;
    for (uint32_t b = 0; b < old_n; b++) {
        for (uint32_t h = old[b], next; h; h = next) {
            struct text *t = sp->slots[h].text;
            uint32_t *head = bucket_of(sp, t->hash);
            next = t->next;
            t->next = *head;
            *head = h;
        }
    }
    free(old);
}

static int take_slot(struct strpool *sp, uint32_t *handle)
{
    if (sp->free_head) {
        *handle = sp->free_head;
        sp->free_head = (uint32_t)sp->slots[*handle].next_free;
        return 0;
    }
    if (sp->n_slots == sp->size) {
        const uint32_t size = sp->size + sp->size / 2;
        union slot *wide = size > sp->size ? realloc(sp->slots, size * sizeof(*wide)) : NULL;
        if (!wide)
            return ENOMEM;
        sp->slots = wide;
        sp->size = size;
    }
    *handle = sp->n_slots++;
    return 0;
}

static int add(struct strpool *sp, const char *text, uint32_t hash, uint32_t *handle)
{
    const size_t len = strlen(text) + 1;
    struct text *t = malloc(sizeof(*t) + len);
    uint32_t *head;

    if (!t)
        return ENOMEM;
    if (take_slot(sp, handle)) {
        free(t);
        return ENOMEM;
    }
    if (sp->n_texts >= sp->n_buckets)
        rehash(sp);
    head = bucket_of(sp, hash);
    t->refs = 1;
    t->hash = hash;
    t->next = *head;
    memcpy(t->chars, text, len);
    sp->slots[*handle].text = t;
    *head = *handle;
    sp->n_texts++;
    return 0;
}

int strpool_intern(struct strpool *sp, const char *text, uint32_t *handle)
{
    const uint32_t hash = fnv_text(FNV_START, text);

    for (uint32_t h = *bucket_of(sp, hash); h; h = sp->slots[h].text->next) {
        struct text *t = sp->slots[h].text;
        if (t->hash == hash && strcmp(t->chars, text) == 0) {
            t->refs++;
            *handle = h;
            return 0;
        }
    }
    return add(sp, text, hash, handle);
}

void strpool_release(struct strpool *sp, uint32_t handle)
{
    struct text *t;
    uint32_t *link;

    if (!handle || --sp->slots[handle].text->refs)
        return;
    t = sp->slots[handle].text;
    for (link = bucket_of(sp, t->hash); *link != handle;)
        link = &sp->slots[*link].text->next;
    *link = t->next;
    free(t);
    sp->slots[handle].next_free = sp->free_head;
    sp->free_head = handle;
    sp->n_texts--;
}

const char *strpool_text(const struct strpool *sp, uint32_t handle)
{
    return sp->slots[handle].text->chars;
}

size_t strpool_count(const struct strpool *sp)
{
    return sp->n_texts;
}
