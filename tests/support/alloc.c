/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support/alloc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <re_types.h>
#include <re_mem.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__real_mem_alloc(size_t size, mem_destroy_h *dh);
void *__real_mem_zalloc(size_t size, mem_destroy_h *dh);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);
int __wrap_asprintf(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *__wrap_mem_alloc(size_t size, mem_destroy_h *dh);
void *__wrap_mem_zalloc(size_t size, mem_destroy_h *dh);

enum { SWEEP_MAX = 100000 };

static unsigned left; /* 1 = the next one fails; 0 = none does */

static bool fails(void)
{
    return left && !--left;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

char *__wrap_strdup(const char *s)
{
    return fails() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n)
{
    return fails() ? NULL : __real_strndup(s, n);
}

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list ap;

    if (fails())
        return -1;
    va_start(ap, format);
    const int n = vasprintf(out, format, ap);
    va_end(ap);
    return n;
}

void *__wrap_mem_alloc(size_t size, mem_destroy_h *dh)
{
    return fails() ? NULL : __real_mem_alloc(size, dh);
}

void *__wrap_mem_zalloc(size_t size, mem_destroy_h *dh)
{
    return fails() ? NULL : __real_mem_zalloc(size, dh);
}

unsigned alloc_sweep(alloc_sweep_h *h, void *arg)
{
    for (unsigned n = 0; n < SWEEP_MAX; n++) {
        left = n + 1;
        const int err = h(arg);
        const bool failed = !left;
        left = 0;
        if (err && !(failed && err == ENOMEM))
            fail_msg("with allocation %u failing: error %d", n, err);
        if (!failed)
            return n;
    }
    fail_msg("allocations without end");
    return 0;
}
