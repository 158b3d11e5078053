/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/syslog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/dns/dns.h"

enum {
    PORT = 514,
    LINE_MAX_BYTES = 1024, /* RFC 3164 4.1 */
    HOST_BYTES = 256,
    WAITING_MAX = 10000, /* lines whose server has no address yet; more are lost */
};

struct line { /* waits for the address of its server */
    struct line *next, **pprev;
    struct syslogger *s;
    struct resolver_query *query;
    struct in_addr from;
    uint16_t port;
    char text[];
};

struct syslogger {
    struct resolver *dns;
    struct line *waiting;
    unsigned n_waiting;
    int fd; /* -1 = not yet */
};

static void drop(struct line *l)
{
    *l->pprev = l->next;
    if (l->next)
        l->next->pprev = l->pprev;
    l->s->n_waiting--;
    mem_deref(l->query);
    free(l);
}

static void destructor(void *arg)
{
    struct syslogger *s = arg;

    while (s->waiting)
        drop(s->waiting);
    if (s->fd >= 0)
        close(s->fd);
    mem_deref(s->dns);
}

int syslogger_alloc(struct syslogger **sp, struct resolver *dns)
{
    struct syslogger *s = mem_zalloc(sizeof(*s), destructor);
    if (!s)
        return ENOMEM;
    s->fd = -1;
    s->dns = mem_ref(dns);
    *sp = s;
    return 0;
}

/* One socket for all phones; each datagram says which address it comes from. */
static void send_from(struct syslogger *s, const struct sockaddr_in *to, struct in_addr from,
                      const char *text)
{
    union {
        char buf[CMSG_SPACE(sizeof(struct in_pktinfo))];
        struct cmsghdr align;
    } control = {.buf = ""};
    struct sockaddr_in dest = *to;
    struct iovec iov = {.iov_base = (void *)(uintptr_t)text, .iov_len = strlen(text)};
    struct msghdr msg = {
        .msg_name = &dest, .msg_namelen = sizeof(dest), .msg_iov = &iov, .msg_iovlen = 1};

    if (s->fd < 0)
        s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return;
    if (from.s_addr) {
        const struct in_pktinfo info = {.ipi_spec_dst = from};
        msg.msg_control = control.buf;
        msg.msg_controllen = sizeof(control.buf);
        struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
        c->cmsg_level = IPPROTO_IP;
        c->cmsg_type = IP_PKTINFO;
        c->cmsg_len = CMSG_LEN(sizeof(info));
        memcpy(CMSG_DATA(c), &info, sizeof(info));
    }
    if (sendmsg(s->fd, &msg, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED)
        (void)sendmsg(s->fd, &msg, MSG_NOSIGNAL); /* that was an earlier one's ICMP answer */
}

static void resolved_handler(int err, const struct in_addr *addrs, size_t n, uint32_t ttl_s,
                             void *arg)
{
    struct line *l = arg;

    (void)ttl_s;
    if (!err && n) {
        const struct sockaddr_in to = {
            .sin_family = AF_INET, .sin_addr = addrs[0], .sin_port = htons(l->port)};
        send_from(l->s, &to, l->from, l->text);
    }
    drop(l);
}

static void await_address(struct syslogger *s, const char *host, uint16_t port, struct in_addr from,
                          const char *text)
{
    struct line *l = s->n_waiting < WAITING_MAX ? malloc(sizeof(*l) + strlen(text) + 1) : NULL;

    if (!l)
        return;
    *l = (struct line){.s = s, .from = from, .port = port};
    strcpy(l->text, text);
    l->pprev = &s->waiting;
    l->next = s->waiting;
    if (l->next)
        l->next->pprev = &l->next;
    s->waiting = l;
    s->n_waiting++;
    if (resolver_query_a(&l->query, s->dns, host, resolved_handler, l))
        drop(l);
}

void syslogger_send(struct syslogger *s, const char *server, struct in_addr from, unsigned priority,
                    const char *text)
{
    const size_t len = strcspn(server, ": ");
    const unsigned long port = server[len] == ':' ? strtoul(server + len + 1, NULL, 10) : PORT;
    struct sockaddr_in to = {.sin_family = AF_INET};
    char host[HOST_BYTES], line[LINE_MAX_BYTES];

    if (!len || len >= sizeof(host) || port < 1 || port > UINT16_MAX)
        return;
    memcpy(host, server, len);
    host[len] = '\0';
    snprintf(line, sizeof(line), "<%u>%s", priority, text);
    to.sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, host, &to.sin_addr) == 1)
        send_from(s, &to, from, line);
    else
        await_address(s, host, (uint16_t)port, from, line);
}
