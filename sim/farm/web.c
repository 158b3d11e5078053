/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The phones' own web servers (--web): one listener for all of them where the port is free on every
 * address, told apart by the address that was called; else one on each phone's own.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/farm/priv.h"
#include "sim/net/httpd.h"

enum { DEFAULT_PORT = 80, PORTS_MAX = 64 };

struct place { /* where a phone is called */
    uint32_t addr;
    uint16_t port; /* of a farm on one address; 0 = any that is listened on */
    struct phone *ph;
};

struct farm_web {
    struct farm *f;
    struct httpd *httpd;
    struct place *places; /* sorted */
    size_t n_places;
    uint16_t port;             /* of --web; 0 = each phone's Web_Server_Port */
    bool shared;               /* phones share an address */
    bool wildcard;             /* one listener a port hears for all addresses */
    uint16_t ports[PORTS_MAX]; /* listened on, when wildcard */
    unsigned n_ports;
};

static int compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->addr != y->addr)
        return x->addr < y->addr ? -1 : 1;
    return (x->port > y->port) - (x->port < y->port);
}

static struct phone *find(const struct farm_web *w, struct in_addr addr, uint16_t port)
{
    struct place key = {.addr = ntohl(addr.s_addr)};

    struct place *p = bsearch(&key, w->places, w->n_places, sizeof(key), compare);
    if (!p) {
        key.port = port;
        p = bsearch(&key, w->places, w->n_places, sizeof(key), compare);
    }
    return p ? p->ph : NULL;
}

static void request_handler(const struct httpd_req *req, struct httpd_reply *reply, void *arg)
{
    const struct farm_web *w = arg;
    struct phone *ph = find(w, req->local, req->local_port);

    if (!ph || (!w->port && phone_web_port(ph) != req->local_port))
        reply->status = 0; /* nobody is there */
    else
        phone_web(ph, req, reply);
}

static void destructor(void *arg)
{
    struct farm_web *w = arg;

    mem_deref(w->httpd);
    free(w->places);
}

/* Phones that share an address have a port each, by their numbers [DEF]. */
static int number_ports(struct farm_web *w, char *err, size_t err_size)
{
    const unsigned base = w->port ? w->port : DEFAULT_PORT;

    for (size_t i = 0; i < w->n_places; i++) {
        struct place *p = &w->places[i];
        const unsigned port = base + phone_n(p->ph) - 1;
        const bool alone =
            (!i || p[-1].addr != p->addr) && (i + 1 == w->n_places || p[1].addr != p->addr);
        if (alone)
            continue;
        if (port > UINT16_MAX) {
            snprintf(err, err_size,
                     "--web: phones that share an address have a port each, and that of phone %u "
                     "would be %u; give a lower PORT",
                     phone_n(p->ph), port);
            return EINVAL;
        }
        p->port = (uint16_t)port;
        w->shared = true;
    }
    return 0;
}

static int make_places(struct farm_web *w, char *err, size_t err_size)
{
    const struct farm *f = w->f;

    w->places = calloc(f->n_phones + 1, sizeof(*w->places));
    if (!w->places)
        return ENOMEM;
    for (size_t i = 0; i < f->n_phones; i++) {
        struct phone *ph = farm_slot_at(f, i)->ph;
        w->places[i] = (struct place){ntohl(phone_addr(ph).s_addr), 0, ph};
    }
    w->n_places = f->n_phones;
    qsort(w->places, w->n_places, sizeof(*w->places), compare);
    const int e = number_ports(w, err, err_size);
    qsort(w->places, w->n_places, sizeof(*w->places), compare);
    return e;
}

static int listen_on(struct farm_web *w, const char *addr, uint16_t port)
{
    return w->httpd ? httpd_add(w->httpd, addr, port)
                    : httpd_open(&w->httpd, w->f->lp, addr, port, request_handler, w);
}

static int listen_each(struct farm_web *w, char *err, size_t err_size)
{
    int e = 0;

    for (size_t i = 0; i < w->n_places && !e; i++) {
        const struct place *p = &w->places[i];
        const struct in_addr addr = {htonl(p->addr)};
        const uint16_t port = p->port ? p->port : w->port ? w->port : phone_web_port(p->ph);
        char text[INET_ADDRSTRLEN];
        inet_ntop(AF_INET, &addr, text, sizeof(text));
        if (port)
            e = listen_on(w, text, port);
        if (e)
            snprintf(err, err_size, "--web: port %u of %s (phone %u) cannot be had: %s", port, text,
                     phone_n(p->ph), strerror(e));
    }
    return e;
}

/* The port on every address, unless somebody else has it on one of them. */
static int listen_wildcard(struct farm_web *w, uint16_t port)
{
    for (unsigned i = 0; i < w->n_ports; i++) {
        if (w->ports[i] == port)
            return 0;
    }
    if (w->n_ports == PORTS_MAX)
        return EADDRINUSE;
    const int err = listen_on(w, "0.0.0.0", port);
    if (!err)
        w->ports[w->n_ports++] = port;
    return err;
}

static int open_listeners(struct farm_web *w, char *err, size_t err_size)
{
    const uint16_t port = w->port ? w->port : DEFAULT_PORT;
    int e = w->shared ? EADDRINUSE : listen_wildcard(w, port);

    w->wildcard = !e;
    if (e == EADDRINUSE)
        e = listen_each(w, err, err_size);
    else if (e)
        snprintf(err, err_size, "--web: port %u cannot be had: %s%s", port, strerror(e),
                 e == EACCES ? " (ports below 1024 take a privilege; give --web PORT)" : "");
    return e == EACCES ? EPERM : e; /* EACCES is a file's */
}

int farm_web_open(struct farm *f, uint16_t port, char *err, size_t err_size)
{
    struct farm_web *w = mem_zalloc(sizeof(*w), destructor);
    if (!w)
        return ENOMEM;
    w->f = f;
    w->port = port;
    int e = make_places(w, err, err_size);
    if (!e)
        e = open_listeners(w, err, err_size);
    if (e)
        mem_deref(w);
    else
        f->web = w;
    return e;
}

/* A phone that starts may have another Web_Server_Port than the others. */
void farm_web_event(struct farm *f, const struct phone *ph, const struct phone_event *ev)
{
    struct farm_web *w = f->web;

    if (w && ev->ev == PHONE_EV_SCREEN && w->wildcard && !w->port && phone_web_port(ph))
        (void)listen_wildcard(w, phone_web_port(ph)); /* taken by others: nobody answers there */
}
