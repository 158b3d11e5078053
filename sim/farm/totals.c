/* SPDX-License-Identifier: BSD-3-Clause */
/* What the phones add up to, kept event by event. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/farm/priv.h"
#include "sim/prov/prov.h"
#include "sim/sip/line.h"

static const struct {
    uint8_t flag;
    size_t offset;
} counters[] = {
    {FARM_POWERED, offsetof(struct farm_totals, powered)},
    {FARM_BOOTING, offsetof(struct farm_totals, booting)},
    {FARM_PROVISIONED, offsetof(struct farm_totals, provisioned)},
    {FARM_REGISTERED, offsetof(struct farm_totals, registered)},
    {FARM_IDLE, offsetof(struct farm_totals, idle)},
    {FARM_FAILED, offsetof(struct farm_totals, failed)},
};

enum {
    COUNTED =
        FARM_POWERED | FARM_BOOTING | FARM_PROVISIONED | FARM_REGISTERED | FARM_IDLE | FARM_FAILED,
};

static void set_flags(struct farm *f, struct farm_slot *slot, uint8_t flags)
{
    const uint8_t changed = (slot->flags ^ flags) & COUNTED;

    for (size_t i = 0; changed && i < sizeof(counters) / sizeof(counters[0]); i++) {
        unsigned *n = (unsigned *)(void *)((uint8_t *)&f->totals + counters[i].offset);
        if (changed & counters[i].flag)
            *n += flags & counters[i].flag ? 1U : -1U;
    }
    slot->flags = (uint16_t)((slot->flags & ~COUNTED) | (flags & COUNTED));
}

static uint8_t flags_of(const struct farm *f, const struct phone *ph)
{
    if (!phone_powered(ph))
        return 0;
    unsigned flags = FARM_POWERED;
    flags |= phone_is(ph, PHONE_IDLE) ? FARM_IDLE : FARM_BOOTING;
    if (phone_is(ph, PHONE_PROVISIONED))
        flags |= FARM_PROVISIONED;
    if (phone_is(ph, PHONE_REGISTERED))
        flags |= FARM_REGISTERED;
    if (phone_last_error(ph) && !phone_is(ph, f->goal))
        flags |= FARM_FAILED;
    return (uint8_t)flags;
}

void totals_refresh(struct farm *f, struct farm_slot *slot)
{
    set_flags(f, slot, flags_of(f, slot->ph));
}

/* The last place is for what finds no place of its own. */
void farm_cause_add(struct farm_op *op, const char *text, uint64_t n, unsigned example)
{
    struct farm_cause *const rest = &op->causes[FARM_CAUSES - 1];
    struct farm_cause *c = op->causes;
    char key[sizeof(c->text)];

    utf8_tame(utf8_clean(key, sizeof(key), text)); /* a name in the report, a line in the table */
    while (c < op->causes + op->n_causes && strcmp(c->text, key) != 0)
        c++;
    if (c == rest || strcmp(key, "other") == 0) {
        c = rest;
        snprintf(key, sizeof(key), "other");
    } else if (c == op->causes + op->n_causes) {
        op->n_causes++;
    }
    if (!c->n) {
        memcpy(c->text, key, sizeof(key));
        c->example = example;
    }
    c->n += n;
}

static void count_fetch(struct farm_op *op, const struct prov_fetch_event *e, unsigned n)
{
    op->bytes += e->bytes;
    if (e->error) {
        op->error++;
        farm_cause_add(op, e->error, 1, n);
        return;
    }
    op->ok++;
    hist_add(&op->latency, e->us);
}

static bool is_refresh(const struct farm_slot *slot, unsigned line)
{
    return line >= 1 && line <= 16 && (slot->registered_lines & 1U << (line - 1));
}

static void count_register(struct farm *f, const struct farm_slot *slot,
                           const struct phone_event *ev)
{
    const struct ua_reg_status *st = ev->reg;
    struct farm_op *op = &f->totals.reg;
    const unsigned n = phone_n(slot->ph);

    if (st->state != UA_REG_OK && st->state != UA_REG_FAILED)
        return;
    op->challenged += st->challenged;
    if (st->state == UA_REG_OK) {
        op->ok++;
        hist_add(&op->latency, st->us);
        load_count(f, is_refresh(slot, ev->line) ? COLUMN_REFRESHES : COLUMN_REGISTRATIONS, 1);
        return;
    }
    char text[96];
    if (st->scode)
        snprintf(text, sizeof(text), "%u", st->scode);
    else
        snprintf(text, sizeof(text), "%s", st->reason && *st->reason ? st->reason : "no answer");
    op->error++;
    load_count(f, COLUMN_REGISTER_ERRORS, 1);
    farm_cause_add(op, text, 1, n);
}

static void note_line(struct farm_slot *slot, const struct phone_event *ev)
{
    if (ev->line < 1 || ev->line > 16)
        return;
    const uint32_t bit = 1U << (ev->line - 1 + (ev->alternate ? 16 : 0));
    if (ev->reg->state == UA_REG_OK)
        slot->registered_lines |= bit;
    else
        slot->registered_lines &= ~bit;
}

static void count_notify(struct farm_notifies *t, uint16_t scode)
{
    t->received++;
    if (scode == 401)
        t->challenged++;
    else if (scode < 300)
        t->accepted++;
    else
        t->refused++;
}

static void count_media(struct farm_calls *t, const struct phone_media *m)
{
    t->streams++;
    t->tx_packets += m->tx_packets;
    t->rx_packets += m->rx_packets;
    t->rx_lost += m->rx_lost > 0 ? (uint64_t)m->rx_lost : 0;
    hist_add(&t->jitter, m->jitter_us);
}

static void count_call(struct farm_calls *t, const struct phone_event *ev, unsigned n)
{
    char cause[96];

    if (ev->media)
        count_media(t, ev->media);
    if (!ev->on) /* incoming */
        return;
    if (ev->call == PHONE_CALL_NEWS_PLACED) {
        t->placed++;
    } else if (ev->call == PHONE_CALL_NEWS_ANSWERED) {
        t->ops.ok++;
        hist_add(&t->ops.latency, ev->us > UINT32_MAX ? UINT32_MAX : (uint32_t)ev->us);
    } else if (ev->call == PHONE_CALL_NEWS_FAILED) {
        snprintf(cause, sizeof(cause), ev->scode ? "%u %s" : "%.0u%s", ev->scode,
                 ev->why ? ev->why : "");
        t->ops.error++;
        farm_cause_add(&t->ops, cause, 1, n);
    }
}

void totals_update(struct farm *f, struct farm_slot *slot, const struct phone_event *ev)
{
    const unsigned n = phone_n(slot->ph);

    switch (ev->ev) {
    case PHONE_EV_LAMP:
    case PHONE_EV_KEY:
        return;
    case PHONE_EV_DTMF:
    case PHONE_EV_SPOKEN:
        return;
    case PHONE_EV_CALL:
        count_call(&f->totals.calls, ev, n);
        break; /* a phone in a call is not idle */
    case PHONE_EV_NOTIFY:
        count_notify(&f->totals.notify, ev->scode);
        return;
    case PHONE_EV_FETCH:
        if (ev->fetch)
            count_fetch(&f->totals.fetch, ev->fetch, n);
        break;
    case PHONE_EV_REGISTER:
        if (ev->reg) {
            count_register(f, slot, ev);
            note_line(slot, ev);
        }
        break;
    case PHONE_EV_POWER:
        load_count(f, COLUMN_BOOTS, ev->on);
        slot->registered_lines = 0;
        break;
    case PHONE_EV_REBOOT: /* leaves before the phone goes down */
        load_count(f, COLUMN_BOOTS, 1);
        slot->registered_lines = 0;
        set_flags(f, slot, FARM_POWERED | FARM_BOOTING);
        return;
    default:
        break;
    }
    totals_refresh(f, slot);
}
