/* SPDX-License-Identifier: BSD-3-Clause */
/* Which address, port and MAC the n-th phone of a farm has. Pure, but for plan_addr_towards(). */
#ifndef SIM_FARM_PLAN_H
#define SIM_FARM_PLAN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PLAN_PORT_BASE = 10000, /* --port-base */
    PLAN_PORT_STEP = 16,    /* ports of one phone on a shared address */
};

struct plan_range {
    uint32_t first, last; /* host order; phone 1 has first */
    bool single;          /* one address for all, told apart by port */
};

/** "10.0.0.0/16" (network and broadcast address left out), "10.0.0.5-10.0.0.90" or "10.0.0.5".
 *  Errors: EINVAL, err says what is wrong. */
int plan_range_parse(struct plan_range *r, const char *text, char *err, size_t err_size);

struct plan_place {
    struct in_addr addr;
    uint16_t port_base; /* 0 = ports of a real phone; else port of line 1 */
};

/** Place of the index-th phone (from 1) of a range. Errors: EINVAL the range or the ports end. */
int plan_place_get(struct plan_place *p, const struct plan_range *r, uint32_t port_base,
                   unsigned index, char *err, size_t err_size);

/** 12 hexadecimal digits, separated by nothing, ':', '-' or '.'. Errors: EINVAL. */
int plan_mac_parse(uint64_t *mac, const char *text);

/** base + offset; EINVAL past the last address of the vendor (the upper half must not change). */
int plan_mac_get(uint8_t mac[6], uint64_t base, unsigned offset);

/** The address the kernel would use towards host ("" or a name nobody knows: the default route).
 *  Blocks for the look-up of a name. Errors: EADDRNOTAVAIL. */
int plan_addr_towards(struct in_addr *addr, const char *host);

#endif
