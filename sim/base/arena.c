/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = sizeof(max_align_t), BLOCK_BYTES = 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used, size; /* of the bytes behind this head */
};

static const size_t HEAD = (sizeof(struct arena_block) + ALIGN - 1) / ALIGN * ALIGN;

static struct arena_block *grow(struct arena *a, size_t need)
{
    const size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
    struct arena_block *b = calloc(1, HEAD + size);

    if (!b)
        return NULL;
    b->size = size;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    struct arena_block *b = a->blocks;

    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (!b || b->size - b->used < size)
        b = grow(a, size);
    if (!b)
        return NULL;
    void *at = (char *)b + HEAD + b->used;
    b->used += size;
    return at;
}

char *arena_text(struct arena *a, const char *text, size_t len)
{
    char *copy = arena_alloc(a, len + 1);

    if (copy)
        memcpy(copy, text, len); /* the rest is zero */
    return copy;
}

void arena_reset(struct arena *a)
{
    while (a->blocks) {
        struct arena_block *next = a->blocks->next;
        free(a->blocks);
        a->blocks = next;
    }
}
