/* SPDX-License-Identifier: BSD-3-Clause */
/* Alias maps of --alias (provisioning.md 5.6). Pure, private to sim/prov. */
#ifndef SIM_PROV_ALIAS_H
#define SIM_PROV_ALIAS_H

#include "sim/base/err.h"

enum { ALIAS_MAX = 30 };

struct alias_map; /* free() it */

/**
 * "/a/b = /flat-profile/Name ; /c = /flat-profile/Other ;"
 * Errors: EBADMSG cannot be read; E2BIG more than 30 entries; ENOMEM.
 */
int alias_map_parse(struct alias_map **mapp, const char *text, struct parse_err *pe);

/** Parameter whose left side is the tail of path ("/x/a/b"), NULL = none. The first entry wins. */
const char *alias_map_find(const struct alias_map *map, const char *path);

#endif
