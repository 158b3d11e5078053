/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Parts of a farm for several processes. The parts are contiguous, so that a machine can own the
 * addresses of its part: part I of N plays the phones from floor((I-1)*count/N)+1 to
 * floor(I*count/N). Pure.
 */
#ifndef SIM_FARM_SHARD_H
#define SIM_FARM_SHARD_H

#include <stddef.h>

/** "I/N" with 1 <= I <= N. Errors: EINVAL. */
int shard_parse(const char *text, unsigned *index, unsigned *total);

/** First phone number (from 1) and how many phones part index of total has; n may be 0. */
void shard_range(unsigned index, unsigned total, unsigned count, unsigned *first, unsigned *n);

/**
 * What `--shard env` means: the array variables of Slurm (SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _STEP)
 * or an indexed Kubernetes job (JOB_COMPLETION_INDEX from 0; JOB_COMPLETIONS, which its manifest
 * has to set). text gets "I/N", from the variables read. get is getenv or a test's own. Errors:
 * ENOENT none is set; EINVAL they make no sense; err says which.
 */
int shard_from_env(char *(*get)(const char *name), char *text, size_t size, char *err,
                   size_t err_size);

#endif
