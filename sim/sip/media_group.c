/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/media_group.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>
#include <re.h>

enum {
    PACKET_MAX = 1500, /* longer datagrams are cut, and then are no RTP */
    BATCH = 16,        /* datagrams in a row, before others have their turn */
};

struct media_group {
    int fd;
    bool listening;
    struct mbuf *mb;
    media_group_h *h;
    void *arg;
};

static void destructor(void *data)
{
    struct media_group *g = data;

    if (g->listening)
        fd_close(g->fd);
    if (g->fd >= 0)
        (void)close(g->fd);
    mem_deref(g->mb);
}

static bool take_one(struct media_group *g)
{
    struct sockaddr_in from = {.sin_family = AF_INET};
    socklen_t len = sizeof(from);
    struct sa src;
    const ssize_t n = recvfrom(g->fd, g->mb->buf, g->mb->size, 0, (struct sockaddr *)&from, &len);

    if (n < 0)
        return false;
    g->mb->pos = 0;
    g->mb->end = (size_t)n;
    sa_set_in(&src, ntohl(from.sin_addr.s_addr), ntohs(from.sin_port));
    g->h(&src, g->mb, g->arg);
    return true;
}

static void read_handler(int flags, void *arg)
{
    struct media_group *g = arg;
    unsigned left = BATCH;

    (void)flags;
    mem_ref(g);
    while (left-- && mem_nrefs(g) > 1 && take_one(g))
        ;
    mem_deref(g);
}

static int open_socket(struct media_group *g, struct in_addr local, const struct sockaddr_in *group)
{
    const struct ip_mreq join = {.imr_multiaddr = group->sin_addr, .imr_interface = local};
    const int on = 1;

    g->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (g->fd < 0)
        return errno;
    if (setsockopt(g->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
        bind(g->fd, (const struct sockaddr *)group, sizeof(*group)) ||
        setsockopt(g->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof(join)))
        return errno;
    return 0;
}

int media_group_join(struct media_group **gp, struct in_addr local, const struct sockaddr_in *group,
                     media_group_h *h, void *arg)
{
    struct media_group *g;
    int err;

    if (!IN_MULTICAST(ntohl(group->sin_addr.s_addr)) || !group->sin_port)
        return EINVAL;
    g = mem_zalloc(sizeof(*g), destructor);
    if (!g)
        return ENOMEM;
    g->fd = -1;
    g->h = h;
    g->arg = arg;
    g->mb = mbuf_alloc(PACKET_MAX);
    err = g->mb ? open_socket(g, local, group) : ENOMEM;
    if (!err)
        err = fd_listen(g->fd, FD_READ, read_handler, g);
    if (err) {
        mem_deref(g);
        return err;
    }
    g->listening = true;
    *gp = g;
    return 0;
}
