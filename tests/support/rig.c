/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/support/rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <re.h>

#include "sim/dns/dns.h"
#include "sim/loop/loop.h"

struct ua_line_config rig_spa504g(void)
{
    struct ua_line_config c = {
        .port = 5060,
        .tcp_min = 5060,
        .tcp_max = 5080,
        .mac = {0x00, 0x0e, 0x84, 0xc0, 0x60, 0xa6},
        .user = "1001",
        .password = "pw-1001",
        .display_name = "",
        .proxy = "pbx.example.com",
        .user_agent = "Cisco/SPA504G-7.6.2c",
        .server = "Cisco/SPA504G-7.6.2c",
        .allow = "ACK, BYE, CANCEL, INFO, INVITE, NOTIFY, OPTIONS, REFER, UPDATE",
        .supported = "replaces",
        .packages = "",
        .proxy_require = "",
        .accept_language = "",
        .reg_enable = true,
        .expires_s = 3600,
        .reg_min_s = 1,
        .reg_max_s = 7200,
        .t1_ms = 500,
        .t2_ms = 4000,
        .t4_ms = 5000,
        .timer_b_ms = 16000,
        .timer_f_ms = 16000,
        .timer_h_ms = 16000,
        .timer_d_ms = 16000,
        .timer_j_ms = 16000,
        .retry_s = 30,
        .retry_long_s = 1200,
        .retry_rsc = "",
        .renewal_factor = 0.78,
        .renewal_minus_f = true,
        .max_auth = 2,
        .unregistered_scode = 480,
        .max_forward = 70,
        .max_redirect = 5,
    };

    inet_pton(AF_INET, "192.0.2.10", &c.addr);
    return c;
}

uint16_t rig_free_port(int type)
{
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(sin);
    const int fd = socket(AF_INET, type, 0);

    if (fd < 0 || bind(fd, (const struct sockaddr *)&sin, sizeof(sin)) ||
        getsockname(fd, (struct sockaddr *)&sin, &len))
        sin.sin_port = 0;
    if (fd >= 0)
        close(fd);
    return ntohs(sin.sin_port);
}

int rig_open_alone(struct rig *r)
{
    const struct loop_config lc = {.clock = CLOCK_VIRTUAL};
    const struct ua_stack_config sc = {.shared_sockets = false};

    memset(r, 0, sizeof(*r));
    rng_init(&r->rng, 1, 1);
    int err = loop_alloc(&r->lp, &lc);
    if (!err)
        err = resolver_alloc(&r->dns, r->lp, "127.0.0.1:9");
    if (!err)
        err = ua_stack_alloc(&r->stack, r->lp, r->dns, &sc);
    r->cfg = rig_spa504g();
    return err;
}

int rig_open(struct rig *r, udp_peer_h *h, void *arg)
{
    const int err = rig_open_alone(r);

    if (err)
        return err;
    r->peer = udp_peer_open(r->lp, h, arg);
    snprintf(r->proxy, sizeof(r->proxy), "127.0.0.1:%u", udp_peer_port(r->peer));
    r->cfg.addr.s_addr = htonl(INADDR_LOOPBACK);
    r->cfg.port = rig_free_port(SOCK_DGRAM);
    r->cfg.proxy = r->proxy;
    return 0;
}

static void registered_handler(const struct ua_reg_status *st, void *arg)
{
    struct rig *r = arg;

    r->n_reports++;
    r->reported = true;
    r->last = *st;
    snprintf(r->reason, sizeof(r->reason), "%s", st->reason);
    snprintf(r->server, sizeof(r->server), "%s", st->server);
    r->last.reason = r->reason;
    r->last.server = r->server;
}

int rig_line(struct rig *r)
{
    static const struct ua_line_handlers handlers = {.registered = registered_handler};

    return ua_line_alloc(&r->line, r->stack, &r->rng, &r->cfg, &handlers, r);
}

void rig_run(struct rig *r, uint64_t ms, uint64_t step_ms)
{
    while (ms) {
        const uint64_t step = ms < step_ms ? ms : step_ms;
        loop_advance(r->lp, step);
        for (unsigned i = 0; i < 4; i++) /* there, answered, back, sent again */
            loop_poll(r->lp);
        ms -= step;
    }
}

const char *rig_header(const char *message, const char *name, char *buf, size_t size)
{
    const size_t len = strlen(name);

    buf[0] = '\0';
    for (const char *p = message; p && *p && *p != '\r'; p = strstr(p, "\r\n"), p = p ? p + 2 : p) {
        if (strncasecmp(p, name, len) == 0 && p[len] == ':') {
            snprintf(buf, size, "%.*s", (int)strcspn(p, "\r"), p);
            break;
        }
    }
    return buf;
}

size_t rig_answer(char *buf, size_t size, const char *request, const char *status,
                  const char *extra)
{
    static const char *const names[] = {"Via", "From", "To", "Call-ID", "CSeq"};
    char line[512];
    int n = snprintf(buf, size, "SIP/2.0 %s\r\n", status);

    for (unsigned i = 0; i < 5; i++)
        n += snprintf(buf + n, size - (size_t)n, "%s%s\r\n",
                      rig_header(request, names[i], line, sizeof(line)), i == 2 ? ";tag=peer" : "");
    n += snprintf(buf + n, size - (size_t)n, "%sContent-Length: 0\r\n\r\n", extra);
    return (size_t)n;
}

void rig_close(struct rig *r)
{
    if (r->line)
        ua_line_close(r->line);
    mem_deref(r->line);
    if (r->peer)
        udp_peer_close(r->peer);
    mem_deref(r->stack);
    mem_deref(r->dns);
    mem_deref(r->lp);
}
