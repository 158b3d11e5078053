/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libre's event core on libuv. libre keeps its poll descriptor to itself, so the functions that its
 * own modules call (fd_listen, tmr_start and their like) are defined here; the program's symbols
 * come before the library's in the dynamic linker's search. The only file that knows both loops.
 *
 * Signatures are those of libre 1.1 (Debian 12) and 2.0 (Debian 13). From 2.9 on tmr_start() is a
 * macro, from 3.0 fd_listen() differs: neither is supported.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <re.h>

#include "sim/loop/priv.h"

struct re_fd {
    uv_poll_t poll;
    fd_h *fh;
    void *arg;
    int fd;
};

struct re_timer { /* what a running struct tmr of libre hangs on; kept in its le.data */
    struct timer timer;
    struct tmr *tmr;
};

static int grow_table(struct loop *lp, size_t fd)
{
    size_t n = lp->n_fds ? lp->n_fds : 64;

    while (n <= fd)
        n *= 2;
    struct re_fd **fds = realloc(lp->fds, n * sizeof(struct re_fd *));
    if (!fds)
        return ENOMEM;
    memset(fds + lp->n_fds, 0, (n - lp->n_fds) * sizeof(struct re_fd *));
    lp->fds = fds;
    lp->n_fds = n;
    return 0;
}

static void closed_handler(uv_handle_t *handle)
{
    free(handle->data);
}

static void poll_handler(uv_poll_t *poll, int status, int events)
{
    struct re_fd *rf = poll->data;
    int flags = 0;

    if (events & UV_READABLE)
        flags |= FD_READ;
    if (events & UV_WRITABLE)
        flags |= FD_WRITE;
    if (status < 0)
        flags |= FD_EXCEPT | FD_READ;
    if (flags && rf->fh)
        rf->fh(flags, rf->arg);
}

static int open_fd(struct loop *lp, int fd, struct re_fd **rfp)
{
    struct re_fd *rf = calloc(1, sizeof(*rf));
    if (!rf)
        return ENOMEM;

    const int status = uv_poll_init(&lp->uv, &rf->poll, fd);
    if (status) {
        free(rf);
        return err_from_uv(status);
    }
    rf->poll.data = rf;
    rf->fd = fd;
    lp->fds[fd] = rf;
    lp->n_listening++;
    *rfp = rf;
    return 0;
}

int fd_listen(int fd, int flags, fd_h *fh, void *arg)
{
    struct loop *lp = loop_current();
    int events = 0;

    if (!lp || fd < 0)
        return EBADF;
    if (!flags) {
        fd_close(fd);
        return 0;
    }
    if ((size_t)fd >= lp->n_fds) {
        const int err = grow_table(lp, (size_t)fd);
        if (err)
            return err;
    }
    struct re_fd *rf = lp->fds[fd];
    if (!rf) {
        const int err = open_fd(lp, fd, &rf);
        if (err)
            return err;
    }
    rf->fh = fh;
    rf->arg = arg;
    if (flags & (FD_READ | FD_EXCEPT))
        events |= UV_READABLE;
    if (flags & FD_WRITE)
        events |= UV_WRITABLE;
    return err_from_uv(uv_poll_start(&rf->poll, events, poll_handler));
}

void fd_close(int fd)
{
    struct loop *lp = loop_current();

    if (!lp || fd < 0 || (size_t)fd >= lp->n_fds || !lp->fds[fd])
        return;
    struct re_fd *rf = lp->fds[fd];
    lp->fds[fd] = NULL;
    lp->n_listening--;
    rf->fh = NULL;
    uv_poll_stop(&rf->poll);
    uv_close((uv_handle_t *)&rf->poll, closed_handler);
}

int fd_setsize(int maxfds)
{
    (void)maxfds; /* the table grows by itself */
    return 0;
}

void fd_debug(void)
{
}

static void timer_handler(void *arg)
{
    struct re_timer *rt = arg;
    struct tmr *tmr = rt->tmr;
    tmr_h *th = tmr->th;

    tmr->le.data = NULL;
    tmr->th = NULL;
    free(rt);
    if (th)
        th(tmr->arg);
}

void tmr_init(struct tmr *tmr)
{
    if (tmr)
        memset(tmr, 0, sizeof(*tmr));
}

void tmr_cancel(struct tmr *tmr)
{
    if (!tmr || !tmr->th)
        return;
    struct re_timer *rt = tmr->le.data;
    tmr->th = NULL;
    tmr->le.data = NULL;
    if (rt) {
        timer_cancel(&rt->timer);
        free(rt);
    }
}

void tmr_start(struct tmr *tmr, uint64_t delay, tmr_h *th, void *arg)
{
    struct loop *lp = loop_current();

    if (!tmr)
        return;
    tmr_cancel(tmr);
    if (!th || !lp)
        return;
    struct re_timer *rt = calloc(1, sizeof(*rt));
    if (!rt)
        return;
    rt->tmr = tmr;
    tmr->le.data = rt;
    tmr->th = th;
    tmr->arg = arg;
    tmr->jfs = clock_ms(lp) + delay;
    timer_start(lp, &rt->timer, delay, timer_handler, rt);
}

uint64_t tmr_get_expire(const struct tmr *tmr)
{
    const struct re_timer *rt = tmr && tmr->th ? tmr->le.data : NULL;
    return rt ? timer_left_ms(&rt->timer) : 0;
}

uint64_t tmr_jiffies(void)
{
    const struct loop *lp = loop_current();
    struct timespec now;

    if (lp)
        return clock_ms(lp);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void queue_handler(int id, void *data, void *arg)
{
    (void)id;
    (void)data;
    (void)arg;
}

bool re_port_self_test(struct loop *lp)
{
    const unsigned before = lp->n_listening;
    struct mqueue *mq = NULL;

    /* A message queue makes libre listen on its pipe: that has to arrive here. */
    const bool ours = !mqueue_alloc(&mq, queue_handler, NULL) && lp->n_listening == before + 1;
    mem_deref(mq);
    return ours && lp->n_listening == before;
}

void re_port_close(struct loop *lp)
{
    for (size_t fd = 0; fd < lp->n_fds; fd++)
        fd_close((int)fd);
}
