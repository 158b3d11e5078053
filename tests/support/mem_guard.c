/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sanitized builds only: libre counts references in memory that no sanitizer watches, as Debian's
 * libre is not built with one. A reference that is taken or dropped after the last one went is
 * found here, by touching the object first.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <re_types.h>
#include <re_mem.h>

typedef void *(mem_h)(void *data);

static mem_h *find(const char *name)
{
    mem_h *found;

    *(void **)&found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

static void touch(void *data)
{
    if (data)
        (void)((volatile char *)data)[-1]; /* of libre's head; an object may be empty */
}

void *mem_ref(void *data)
{
    touch(data);
    return find("mem_ref")(data);
}

void *mem_deref(void *data)
{
    touch(data);
    return find("mem_deref")(data);
}
