/* SPDX-License-Identifier: BSD-3-Clause */
/* A folder of the outside corpus (SPAFARM_CORPUS), each file of which has a row in a test's table.
 */
#ifndef TESTS_SUPPORT_CORPUS_H
#define TESTS_SUPPORT_CORPUS_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CORPUS_SKIP = 77 }; /* exit code */

static char corpus_folder[512];

/* False, and told, where it is not at hand: the test is skipped. */
static inline bool corpus_open(const char *name)
{
    const char *corpus = getenv("SPAFARM_CORPUS");

    snprintf(corpus_folder, sizeof(corpus_folder), "%s/%s", corpus ? corpus : "", name);
    DIR *dir = corpus ? opendir(corpus_folder) : NULL;
    if (dir)
        closedir(dir);
    else
        printf("skipped: SPAFARM_CORPUS names no folder with %s\n", name);
    return dir != NULL;
}

/* The whole file, to be freed. */
static inline void *corpus_read(const char *name, size_t *len)
{
    char path[1024];

    snprintf(path, sizeof(path), "%s/%s", corpus_folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        fail_msg("%s is gone", path);
    fseek(f, 0, SEEK_END);
    const long size = ftell(f);
    rewind(f);
    assert_true(size >= 0);
    uint8_t *data = malloc((size_t)size + !size);
    assert_non_null(data);
    *len = fread(data, 1, (size_t)size, f);
    fclose(f);
    assert_int_equal(*len, size);
    return data;
}

enum corpus_row { CORPUS_NO_ROW, CORPUS_ROW, CORPUS_NEEDS_NONE };

/* No file is without a row; the number of those that have one. Hidden files need none. */
static inline size_t corpus_rows(enum corpus_row (*row_of)(const char *file))
{
    DIR *dir = opendir(corpus_folder);
    char without[256] = "";
    size_t n = 0;

    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        const enum corpus_row row = e->d_name[0] == '.' ? CORPUS_NEEDS_NONE : row_of(e->d_name);
        n += row == CORPUS_ROW;
        if (row == CORPUS_NO_ROW)
            snprintf(without, sizeof(without), "%s", e->d_name);
    }
    closedir(dir);
    if (*without)
        fail_msg("%s has no row here", without);
    return n;
}

#endif
