/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/farm/shard.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static bool read_unsigned(const char **p, unsigned long *n)
{
    char *end;

    if (**p < '0' || **p > '9')
        return false;
    errno = 0;
    *n = strtoul(*p, &end, 10);
    *p = end;
    return !errno && *n <= 1000000;
}

int shard_parse(const char *text, unsigned *index, unsigned *total)
{
    unsigned long i, n;

    if (!read_unsigned(&text, &i) || *text++ != '/' || !read_unsigned(&text, &n) || *text)
        return EINVAL;
    if (i < 1 || i > n)
        return EINVAL;
    *index = (unsigned)i;
    *total = (unsigned)n;
    return 0;
}

void shard_range(unsigned index, unsigned total, unsigned count, unsigned *first, unsigned *n)
{
    const uint64_t from = (uint64_t)(index - 1) * count / total;
    const uint64_t to = (uint64_t)index * count / total;

    *first = (unsigned)from + 1;
    *n = (unsigned)(to - from);
}

/* 0: *n read; ENOENT not set; EINVAL no number */
static int variable(char *(*get)(const char *), const char *name, unsigned long *n, char *err,
                    size_t err_size)
{
    const char *text = get(name), *p = text;

    if (!text || !*text) {
        snprintf(err, err_size, "%s is not set", name);
        return ENOENT;
    }
    if (read_unsigned(&p, n) && !*p)
        return 0;
    snprintf(err, err_size, "%s=%s is no number", name, text);
    return EINVAL;
}

static int slurm(char *(*get)(const char *), unsigned long *index, unsigned long *total, char *err,
                 size_t err_size)
{
    unsigned long min = 0, max = 0, step = 1;
    int e = variable(get, "SLURM_ARRAY_TASK_ID", index, err, err_size);

    if (e)
        return e;
    if (variable(get, "SLURM_ARRAY_TASK_STEP", &step, err, err_size) == EINVAL)
        return EINVAL;
    const int no_min = variable(get, "SLURM_ARRAY_TASK_MIN", &min, err, err_size);
    const int no_max =
        no_min == EINVAL ? EINVAL : variable(get, "SLURM_ARRAY_TASK_MAX", &max, err, err_size);
    if (no_min == EINVAL || no_max == EINVAL)
        return EINVAL;
    const bool spans = !no_min && !no_max && step && max >= min;
    e = variable(get, "SLURM_ARRAY_TASK_COUNT", total, err, err_size);
    if (e == ENOENT && spans)
        *total = (max - min) / step + 1; /* one less than Slurm tells is enough */
    else if (e)
        return EINVAL;
    if (no_min && !no_max && *total && step <= ULONG_MAX / *total && max >= (*total - 1) * step)
        min = max - (*total - 1) * step;
    if (step == 0 || *index < min) {
        snprintf(err, err_size, "SLURM_ARRAY_TASK_ID, _MIN and _STEP do not fit together");
        return EINVAL;
    }
    *index = (*index - min) / step + 1;
    return 0;
}

static int kubernetes(char *(*get)(const char *), unsigned long *index, unsigned long *total,
                      char *err, size_t err_size)
{
    int e = variable(get, "JOB_COMPLETION_INDEX", index, err, err_size);

    if (e)
        return e;
    *index += 1;
    e = variable(get, "JOB_COMPLETIONS", total, err, err_size);
    if (e == ENOENT)
        snprintf(err, err_size,
                 "JOB_COMPLETION_INDEX is set, JOB_COMPLETIONS is not; the job's manifest has to "
                 "set it to its spec.completions");
    return e ? EINVAL : 0;
}

int shard_from_env(char *(*get)(const char *name), char *text, size_t size, char *err,
                   size_t err_size)
{
    unsigned long index, total;
    int e = slurm(get, &index, &total, err, err_size);

    if (e == ENOENT)
        e = kubernetes(get, &index, &total, err, err_size);
    if (e == ENOENT)
        snprintf(err, err_size,
                 "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is in the environment");
    if (e)
        return e;
    if (index < 1 || index > total) {
        snprintf(err, err_size, "the environment asks for part %lu of %lu", index, total);
        return EINVAL;
    }
    snprintf(text, size, "%lu/%lu", index, total);
    return 0;
}
