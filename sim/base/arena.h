/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory of things that die together: many small pieces, freed in one call. */
#ifndef SIM_BASE_ARENA_H
#define SIM_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first; NULL = empty */
};

/** Zeroed bytes, aligned for any type; NULL when memory ran out. */
void *arena_alloc(struct arena *a, size_t size);

/** A terminated copy of len bytes; NULL when memory ran out. */
char *arena_text(struct arena *a, const char *text, size_t len);

/** Free all that came from it; it is empty then. */
void arena_reset(struct arena *a);

#endif
