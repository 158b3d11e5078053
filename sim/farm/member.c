/* SPDX-License-Identifier: BSD-3-Clause */
/* Who a phone is: model, MAC, address; and whether that address can be had. */
#include "sim/farm/member.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "devices/model.h"
#include "sim/farm/accounts.h"
#include "sim/farm/priv.h"

int member_refuse(const struct maker *m, const struct member *w, const char *column,
                  const char *text)
{
    if (m->accounts) {
        const struct accounts_place at = accounts_place(m->accounts, w->index - 1, column);
        snprintf(m->err, m->err_size, "%s:%u:%u: %s", m->o->accounts, at.line, at.col, text);
    } else {
        snprintf(m->err, m->err_size, "%s", text);
    }
    return EINVAL;
}

const char *member_pick(const struct maker *m, const struct member *w, const char *column,
                        const char *option)
{
    const char *cell = m->accounts ? accounts_cell(m->accounts, w->index - 1, column) : NULL;
    return cell && *cell ? cell : option;
}

static int choose_model(struct maker *m, struct member *w)
{
    char text[128];
    const char *name = member_pick(m, w, "model", m->o->model ? m->o->model : "SPA504G");

    w->model = device_model_find(name);
    if (w->model)
        return 0;
    snprintf(text, sizeof(text), "there is no model \"%.60s\" (see spafarm models)", name);
    return member_refuse(m, w, "model", text);
}

static int choose_firmware(struct maker *m, struct member *w)
{
    char text[160];

    w->firmware = member_pick(m, w, "firmware", m->o->firmware);
    if (!w->firmware || device_version_valid(w->model, w->firmware))
        return 0;
    snprintf(text, sizeof(text),
             "--firmware: \"%.60s\" is no firmware version of a %s (newest: %s)", w->firmware,
             w->model->name, device_model_newest(w->model));
    return member_refuse(m, w, "firmware", text);
}

/* First OUI of the model (devices.md 1.5), else Cisco's 00:0E:08, then 000001. */
static uint64_t model_mac(const struct device_model *model)
{
    static const uint8_t fallback[3] = {0x00, 0x0e, 0x08};
    const uint8_t *oui = model->n_ouis ? model->ouis[0] : fallback;

    return (uint64_t)oui[0] << 40 | (uint64_t)oui[1] << 32 | (uint64_t)oui[2] << 24 | 1;
}

static int choose_mac(struct maker *m, struct member *w)
{
    const char *cell = member_pick(m, w, "mac", NULL);
    uint64_t mac;
    char text[128];

    if (cell) {
        if (plan_mac_parse(&mac, cell) == 0)
            return plan_mac_get(w->mac, mac, 0);
        snprintf(text, sizeof(text), "\"%.40s\" is no MAC address", cell);
        return member_refuse(m, w, "mac", text);
    }
    const int err = m->has_mac ? plan_mac_get(w->mac, m->mac_base, m->mac_used + w->index - 1)
                               : plan_mac_get(w->mac, model_mac(w->model), w->n - 1);
    return err ? member_refuse(m, w, NULL,
                               "the MAC addresses behind --mac run into the next vendor's")
               : 0;
}

static int choose_place(struct maker *m, struct member *w)
{
    const char *cell = member_pick(m, w, "ip", member_pick(m, w, "addr", NULL));

    if (!cell)
        return plan_place_get(&w->place, &m->range, m->o->port_base, m->addr_used + w->index,
                              m->err, m->err_size);
    if (inet_pton(AF_INET, cell, &w->place.addr) == 1)
        return 0;
    char text[128];
    snprintf(text, sizeof(text), "\"%.40s\" is no IPv4 address", cell);
    return member_refuse(m, w, member_pick(m, w, "ip", NULL) ? "ip" : "addr", text);
}

static int choose_transport(struct maker *m, struct member *w)
{
    const char *t = member_pick(m, w, "transport", m->o->transport);

    if (t && strcasecmp(t, "UDP") && strcasecmp(t, "TCP") && strcasecmp(t, "TLS"))
        return member_refuse(m, w, "transport", "the transport is UDP, TCP or TLS");
    w->transport = t;
    return 0;
}

int member_identify(struct maker *m, struct member *w)
{
    int err = choose_model(m, w);
    if (!err)
        err = choose_firmware(m, w);
    if (!err)
        err = choose_mac(m, w);
    if (!err)
        err = choose_place(m, w);
    if (!err)
        err = choose_transport(m, w);
    return err;
}

/* Can its address and SIP port be taken? Asked before anything runs, so that a farm which cannot
 * work says so at once. */
int member_probe(const struct maker *m, const struct member *w, bool with_port)
{
    const struct sockaddr_in own = {
        .sin_family = AF_INET,
        .sin_addr = w->place.addr,
        .sin_port = with_port ? htons(w->place.port_base ? w->place.port_base : 5060) : 0};
    const int one = 1;
    char addr[INET_ADDRSTRLEN];
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int err = fd < 0 ? errno : 0;

    if (!err && m->f->shared_sockets)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (!err && bind(fd, (const struct sockaddr *)&own, sizeof(own)))
        err = errno;
    if (fd >= 0)
        close(fd);
    inet_ntop(AF_INET, &w->place.addr, addr, sizeof(addr));
    if (err == EADDRNOTAVAIL)
        snprintf(m->err, m->err_size,
                 "address %s of phone %u is not local to this machine (give --addr a network that "
                 "is, or add it: ip addr add %s/32 dev lo)",
                 addr, w->n, addr);
    else if (err == EADDRINUSE)
        snprintf(m->err, m->err_size,
                 "UDP port %u of %s (phone %u) is taken, maybe by another farm; give --addr "
                 "another network",
                 ntohs(own.sin_port), addr, w->n);
    else if (err)
        snprintf(m->err, m->err_size, "no socket on %s port %u for phone %u: %s", addr,
                 ntohs(own.sin_port), w->n, strerror(err));
    return err == EACCES ? EPERM : err; /* EACCES is a file's */
}
