/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/lab/priv.h"
#include "sim/loop/clock.h"

enum {
    FIRST_SLOTS = 256,
};

struct bindings {
    struct loop *lp;
    struct binding **slots;
    size_t n_slots, n; /* n_slots a power of two */
};

static void destructor(void *arg)
{
    struct bindings *t = arg;

    for (size_t i = 0; t->slots && i < t->n_slots; i++) {
        while (t->slots[i])
            binding_remove(t->slots[i]);
    }
    free(t->slots);
}

int bindings_alloc(struct bindings **tp, struct loop *lp)
{
    struct bindings *t = mem_zalloc(sizeof(*t), destructor);

    if (!t)
        return ENOMEM;
    t->lp = lp;
    t->n_slots = FIRST_SLOTS;
    t->slots = calloc(t->n_slots, sizeof(struct binding *));
    if (!t->slots) {
        mem_deref(t);
        return ENOMEM;
    }
    *tp = t;
    return 0;
}

static uint32_t hash_user(const struct pl *user)
{
    return hash_joaat((const uint8_t *)user->p, user->l);
}

static struct binding **slot_of(const struct bindings *t, uint32_t hash)
{
    return &t->slots[hash & (t->n_slots - 1)];
}

static struct binding *next_of_user(struct binding *b, uint32_t hash, const struct pl *user)
{
    while (b && (b->hash != hash || pl_cmp(&b->user, user)))
        b = b->next;
    return b;
}

struct binding *binding_first(struct bindings *t, const struct pl *user)
{
    const uint32_t hash = hash_user(user);

    return next_of_user(*slot_of(t, hash), hash, user);
}

struct binding *binding_next(const struct binding *b)
{
    return next_of_user(b->next, b->hash, &b->user);
}

struct binding *binding_find(struct bindings *t, const struct binding_key *key)
{
    struct binding *b = binding_first(t, &key->user);

    while (b && pl_cmp(&b->contact, &key->contact))
        b = binding_next(b);
    return b;
}

void binding_remove(struct binding *b)
{
    struct binding **pp = slot_of(b->table, b->hash);

    while (*pp != b)
        pp = &(*pp)->next;
    *pp = b->next;
    b->table->n--;
    timer_cancel(&b->expiry);
    free(b);
}

static void expired_handler(void *arg)
{
    binding_remove(arg);
}

static void grow(struct bindings *t)
{
    const size_t old_n = t->n_slots;
    struct binding **old = t->slots;
    struct binding **slots = calloc(old_n * 2, sizeof(struct binding *));

    if (!slots)
        return;
    t->slots = slots;
    t->n_slots = old_n * 2;
    for (size_t i = 0; i < old_n; i++) {
        for (struct binding *b = old[i], *next; b; b = next) {
            struct binding **head = slot_of(t, b->hash);

            next = b->next;
            b->next = *head;
            *head = b;
        }
    }
    free(old);
}

static struct pl keep_text(char **p, const struct pl *text)
{
    const struct pl kept = {*p, text->l};

    memcpy(*p, text->p, text->l);
    *p += text->l;
    return kept;
}

static struct binding *binding_alloc(struct bindings *t, const struct binding_key *key,
                                     const struct pl *callid)
{
    struct binding *b = calloc(1, sizeof(*b) + key->user.l + key->contact.l + callid->l);
    struct binding **head;
    char *p;

    if (!b)
        return NULL;
    p = b->text;
    b->user = keep_text(&p, &key->user);
    b->contact = keep_text(&p, &key->contact);
    b->callid = keep_text(&p, callid);
    b->hash = hash_user(&key->user);
    b->table = t;
    if (t->n >= t->n_slots)
        grow(t);
    head = slot_of(t, b->hash);
    b->next = *head;
    *head = b;
    t->n++;
    return b;
}

int binding_put(struct bindings *t, const struct binding_key *key,
                const struct binding_request *req)
{
    struct binding *b = binding_find(t, key);
    uint64_t ms;

    if (b && pl_cmp(&b->callid, &req->callid)) {
        binding_remove(b);
        b = NULL;
    }
    if (!b)
        b = binding_alloc(t, key, &req->callid);
    if (!b)
        return ENOMEM;
    ms = clock_scaled(t->lp, (uint64_t)req->expires_s * 1000);
    b->cseq = req->cseq;
    b->conn = req->conn;
    b->expires_ms = clock_ms(t->lp) + ms;
    timer_start(t->lp, &b->expiry, ms, expired_handler, b);
    return 0;
}

uint32_t binding_left_s(const struct binding *b)
{
    const uint64_t now = clock_ms(b->table->lp);
    const uint64_t left = b->expires_ms > now ? b->expires_ms - now : 0;

    return (uint32_t)((clock_unscaled(b->table->lp, left) + 999) / 1000);
}

size_t bindings_count(const struct bindings *t)
{
    return t->n;
}
