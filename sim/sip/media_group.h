/* SPDX-License-Identifier: BSD-3-Clause */
/* A multicast group that a phone listens to: a socket of its own on the group's address and port,
 * beside those of the other phones of the process. */
#ifndef SIM_SIP_MEDIA_GROUP_H
#define SIM_SIP_MEDIA_GROUP_H

#include <netinet/in.h>

struct mbuf;
struct media_group;
struct sa;

typedef void(media_group_h)(const struct sa *src, struct mbuf *mb, void *arg);

/**
 * Join on the interface that has `local`; mem_deref() leaves.
 *
 * Errors  EINVAL no multicast address; EADDRINUSE; ENODEV, EADDRNOTAVAIL no such interface; ENOMEM
 */
int media_group_join(struct media_group **gp, struct in_addr local, const struct sockaddr_in *group,
                     media_group_h *h, void *arg);

#endif
