/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptors: how many this process may have, and whether a farm gets by with them. */
#ifndef UI_LIMITS_H
#define UI_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

/** Raise the soft limit to the hard one. Returns the limit in force. */
size_t limits_raise(void);

/** EXIT_HOLDS, or EXIT_REFUSED after a line that names the limit and how to raise it. shared: the
 *  phones share their sockets already. */
int limits_check(size_t limit, size_t need, bool shared);

#endif
