/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/limits.h"

#include <stdint.h>
#include <sys/resource.h>

#include "ui/sub.h"

size_t limits_raise(void)
{
    struct rlimit l;

    if (getrlimit(RLIMIT_NOFILE, &l))
        return 1024;
    if (l.rlim_cur != l.rlim_max) {
        const rlim_t soft = l.rlim_cur;
        l.rlim_cur = l.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &l))
            l.rlim_cur = soft;
    }
    return l.rlim_cur == RLIM_INFINITY ? SIZE_MAX : (size_t)l.rlim_cur;
}

int limits_check(size_t limit, size_t need, bool shared)
{
    if (need <= limit)
        return EXIT_HOLDS;
    return sub_error(EXIT_REFUSED,
                     "this farm needs %zu descriptors and RLIMIT_NOFILE allows %zu: raise it "
                     "(ulimit -Hn %zu as root, or LimitNOFILE=%zu in a systemd unit)%s",
                     need, limit, need, need,
                     shared ? " or run several --shard"
                            : ", run several --shard, or use --sockets shared");
}
