/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs code again and again, each time with another of its allocations failing. Sees what our own
 * code asks for (the linker wraps malloc and its like), not what libraries do by themselves.
 */
#ifndef TESTS_SUPPORT_ALLOC_H
#define TESTS_SUPPORT_ALLOC_H

typedef int(alloc_sweep_h)(void *arg); /* what is tested; cleans up behind itself */

/** Call h with its first, second, third… allocation failing, until one had none left to fail.
 *  Fails the test unless all return 0 or ENOMEM, and the last 0. Returns how many were failed. */
unsigned alloc_sweep(alloc_sweep_h *h, void *arg);

#endif
