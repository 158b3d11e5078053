/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A nonce is 16 hex digits of id (time of issue, counter) and 16 of a keyed hash over it, so that a
 * flood of challenges costs no memory. Only a nonce used with the right password gets an entry,
 * which remembers its last nc until the nonce has expired anyway.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/lab/priv.h"
#include "sim/loop/clock.h"

enum {
    COUNTER_BITS = 20,
    KEY_SIZE = 16,
    FIRST_SLOTS = 256,
};

struct used {
    struct used *chain; /* of the slot */
    struct used *newer; /* in order of first use */
    uint64_t id, forget_ms;
    uint32_t nc, print;
};

struct nonces {
    struct loop *lp;
    uint64_t life_ms;
    uint64_t counter;
    uint8_t key[KEY_SIZE];
    struct used **slots;
    size_t n_slots, n_used; /* n_slots a power of two */
    struct used *oldest, *newest;
};

static void destructor(void *arg)
{
    struct nonces *n = arg;

    while (n->oldest) {
        struct used *u = n->oldest;

        n->oldest = u->newer;
        free(u);
    }
    free(n->slots);
}

int nonces_alloc(struct nonces **np, struct loop *lp, uint32_t life_s)
{
    struct nonces *n = mem_zalloc(sizeof(*n), destructor);

    if (!n)
        return ENOMEM;
    n->lp = lp;
    n->life_ms = clock_scaled(lp, (uint64_t)life_s * 1000);
    n->n_slots = FIRST_SLOTS;
    n->slots = calloc(n->n_slots, sizeof(*n->slots));
    if (!n->slots) {
        mem_deref(n);
        return ENOMEM;
    }
    rand_bytes(n->key, sizeof(n->key));
    *np = n;
    return 0;
}

static void print_hex(char *p, uint64_t v)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        *p++ = "0123456789abcdef"[(v >> shift) & 15];
}

static void seal(const struct nonces *n, uint64_t id, char text[NONCE_LEN + 1])
{
    uint8_t in[KEY_SIZE + sizeof(id)], digest[16];
    uint64_t mac;

    memcpy(in, n->key, KEY_SIZE);
    memcpy(in + KEY_SIZE, &id, sizeof(id));
    md5(in, sizeof(in), digest);
    memcpy(&mac, digest, sizeof(mac));
    print_hex(text, id);
    print_hex(text + 16, mac);
    text[NONCE_LEN] = 0;
}

void nonce_print(struct nonces *n, char text[NONCE_LEN + 1])
{
    const uint64_t low = n->counter++ & ((1U << COUNTER_BITS) - 1);

    seal(n, clock_ms(n->lp) << COUNTER_BITS | low, text);
}

/* Ours? Then its id. */
static bool unseal(const struct nonces *n, const char *text, uint64_t *id)
{
    char again[NONCE_LEN + 1];
    struct pl hex = {text, 16};

    if (strlen(text) != NONCE_LEN)
        return false;
    *id = pl_x64(&hex);
    seal(n, *id, again);
    return !memcmp(again, text, NONCE_LEN);
}

static struct used **slot_of(struct nonces *n, uint64_t id)
{
    return &n->slots[(id * 0x9e3779b97f4a7c15ULL >> 32) & (n->n_slots - 1)];
}

static void forget_expired(struct nonces *n)
{
    const uint64_t now = clock_ms(n->lp);

    while (n->oldest && n->oldest->forget_ms <= now) {
        struct used *u = n->oldest, **pp = slot_of(n, u->id);

        while (*pp != u)
            pp = &(*pp)->chain;
        *pp = u->chain;
        n->oldest = u->newer;
        if (!n->oldest)
            n->newest = NULL;
        n->n_used--;
        free(u);
    }
}

/* Without memory for a larger table the old one goes on, slower. */
static void grow(struct nonces *n)
{
    const size_t n_slots = n->n_slots * 2;
    struct used **slots = calloc(n_slots, sizeof(*slots));

    if (!slots)
        return;
    free(n->slots);
    n->slots = slots;
    n->n_slots = n_slots;
    for (struct used *u = n->oldest; u; u = u->newer) {
        struct used **head = slot_of(n, u->id);

        u->chain = *head;
        *head = u;
    }
}

static struct used *remember(struct nonces *n, uint64_t id)
{
    struct used *u = calloc(1, sizeof(*u)), **head;

    if (!u)
        return NULL;
    if (n->n_used >= n->n_slots)
        grow(n);
    u->id = id;
    u->forget_ms = clock_ms(n->lp) + n->life_ms;
    head = slot_of(n, id);
    u->chain = *head;
    *head = u;
    if (n->newest)
        n->newest->newer = u;
    else
        n->oldest = u;
    n->newest = u;
    n->n_used++;
    return u;
}

enum nonce_state nonce_use(struct nonces *n, const char *text, uint32_t nc, uint32_t print)
{
    struct used *u;
    uint64_t id;

    forget_expired(n);
    if (!unseal(n, text, &id) || (id >> COUNTER_BITS) + n->life_ms <= clock_ms(n->lp))
        return NONCE_STALE;
    for (u = *slot_of(n, id); u && u->id != id; u = u->chain)
        ;
    if (!u) {
        u = remember(n, id);
        if (!u)
            return NONCE_STALE;
    } else if (nc == u->nc && print == u->print) {
        return NONCE_GOOD; /* the same request again */
    } else if (nc <= u->nc) {
        return NONCE_STALE;
    }
    u->nc = nc;
    u->print = print;
    return NONCE_GOOD;
}
