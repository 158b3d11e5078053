/* SPDX-License-Identifier: BSD-3-Clause */
/* Final answers to a REGISTER, and the request that may follow. Nothing is sent. */
#include <arpa/inet.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <re.h>

#include "sim/base/rng.h"
#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "sim/sip/priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct bench { /* made once */
    struct loop *lp;
    struct ua_stack *stack;
    struct ua_line line; /* without a socket: sending fails */
    struct rng rng;
} *bench;

static const struct ua_line_config config = {
    .port = 5060,
    .user = "1001",
    .password = "pw-1001",
    .auth_id = "",
    .display_name = "Desk",
    .proxy = "192.0.2.1",
    .outbound_proxy = "",
    .user_agent = "Cisco/SPA504G-7.6.2c",
    .reg_user_agent = "",
    .allow = "ACK, BYE",
    .supported = "replaces",
    .station_name = "",
    .backup_rsc = "5??", .retry_rsc = "5??",
    .expires_s = 3600,
    .reg_min_s = 1,
    .reg_max_s = 7200,
    .timer_f_ms = 16000,
    .retry_s = 30,
    .retry_long_s = 1200,
    .renewal_factor = 0.78,
    .renewal_minus_f = true,
    .max_auth = 2,
    .max_forward = 70,
    .max_redirect = 5,
};

static void open_bench(void)
{
    const struct loop_config lc = {.clock = CLOCK_VIRTUAL};
    const struct ua_stack_config sc = {.shared_sockets = false};

    bench = calloc(1, sizeof(*bench));
    if (!bench || loop_alloc(&bench->lp, &lc) ||
        ua_stack_alloc(&bench->stack, bench->lp, NULL, &sc) ||
        resolver_alloc(&bench->stack->dns, bench->lp, "127.0.0.1:9"))
        abort();
    rng_init(&bench->rng, 1, 1);
}

static struct ua_line *waiting_line(size_t size)
{
    struct ua_line *l = &bench->line;

    memset(l, 0, sizeof(*l));
    l->stack = bench->stack;
    l->rng = &bench->rng;
    l->cfg = config;
    inet_pton(AF_INET, "192.0.2.10", &l->cfg.addr);
    l->fd = -1;
    l->reg.step = STEP_WAITING;
    l->reg.state = size & 1 ? UA_REG_OK : UA_REG_TRYING;
    l->reg.removing = (size & 3) == 3;
    l->reg.expires_s = 3600;
    strcpy(l->reg.call_id, "ae75b30c-16372ea@192.0.2.10");
    strcpy(l->reg.from_tag, "84d082c75cd9738ao0");
    memset(bench->stack->tx, 0, sizeof(bench->stack->tx));
    return l;
}

/* No name but ours stands at the head of a line, whatever the server wrote. */
static void check_request(const char *text)
{
    static const char *const names[] = {"Via: ",       "From: ",     "To: ",
                                        "Call-ID: ",   "CSeq: ",     "Max-Forwards: ",
                                        "Contact: ",   "Allow: ",    "Authorization: ",
                                        "Supported: ", "User-Agent", "Content-Length: ",
                                        "\r\n",        "Proxy-Authorization: "};

    for (const char *p = text; (p = strpbrk(p, "\r\n")) && strcmp(p, "\r\n") != 0; p += 2) {
        size_t i = 0;
        while (i < 14 && strncmp(p + 2, names[i], strlen(names[i])) != 0)
            i++;
        if (i == 14 || strncmp(p, "\r\n", 2) != 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mbuf *mb = mbuf_alloc(size + 1);
    struct sip_msg *msg = NULL;

    if (!bench)
        open_bench();
    if (!mb)
        return 0;
    mbuf_write_mem(mb, data, size);
    mb->pos = 0;
    if (sip_msg_decode(&msg, mb) == 0 && !msg->req && msg->scode >= 200) {
        struct ua_line *l = waiting_line(size);
        registration_answer(NULL, 0, NULL, msg, l);
        if (bench->stack->tx[0])
            check_request(bench->stack->tx);
        registration_stop(l);
        loop_advance(bench->lp, 1000); /* look-ups left behind come to their end */
    }
    mem_deref(msg);
    mem_deref(mb);
    return 0;
}
