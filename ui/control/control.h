/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON-RPC 2.0 over a unix socket, one object a line (interface.md section 5). */
#ifndef UI_CONTROL_CONTROL_H
#define UI_CONTROL_CONTROL_H

#include <stddef.h>

struct loop;
struct farm;
struct control;

/**
 * Listen on path, or on spafarm.sock in the user's runtime directory (the next free spafarm-N.sock
 * where a farm holds that one). Mode 0600. mem_deref() closes it and removes the socket.
 * Errors  EADDRINUSE a farm listens there; EACCES, ENOENT as the file system says (err has the
 * path)
 */
int control_open(struct control **cp, struct loop *lp, struct farm *f, const char *path, char *err,
                 size_t size);

const char *control_path(const struct control *c);

/** The default path; number 1 for spafarm.sock, 2 for spafarm-2.sock … Length as snprintf; < 0
 * where its folder is another user's. */
int control_default_path(char *buf, size_t size, unsigned number);

/** A file of that name in the user's runtime directory; result as above. */
int control_runtime_path(char *buf, size_t size, const char *name);

#endif
