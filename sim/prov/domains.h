/* SPDX-License-Identifier: BSD-3-Clause */
/* Restricted_Access_Domains: where a phone may resync, upgrade and register line 1 (provisioning.md
 * 13). */
#ifndef SIM_PROV_DOMAINS_H
#define SIM_PROV_DOMAINS_H

#include <stdbool.h>

struct param_set;

/**
 * Up to five names, with commas, semicolons or blanks between; a name stands for what lies under
 * it, too, an address for itself only [DEF]. Without any everything is allowed.
 *
 * host: "name" or "name:port"
 */
bool domain_allowed(const struct param_set *ps, const char *host);

#endif
