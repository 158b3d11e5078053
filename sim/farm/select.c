/* SPDX-License-Identifier: BSD-3-Clause */
/* PHONES texts: "7", "1-100", "all", "mac:000E08000007", "ip:127.1.0.7", "user:1007", lists. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/farm/plan.h"
#include "sim/farm/priv.h"

enum { ITEM_MAX = 300 };

struct wanted { /* one item of the list */
    enum { WANT_ALL, WANT_RANGE, WANT_MAC, WANT_IP, WANT_USER } by;
    unsigned long first, last;
    uint64_t mac;
    struct in_addr ip;
    const char *user;
};

static bool read_number(const char **p, unsigned long *n)
{
    char *end;

    if (!isdigit((unsigned char)**p))
        return false;
    errno = 0;
    *n = strtoul(*p, &end, 10);
    *p = end;
    return !errno;
}

static bool parse_range(struct wanted *w, const char *p)
{
    w->by = WANT_RANGE;
    if (!read_number(&p, &w->first))
        return false;
    w->last = w->first;
    if (*p == '-') {
        p++;
        if (!read_number(&p, &w->last))
            return false;
    }
    return !*p && w->first >= 1 && w->first <= w->last;
}

static bool parse_item(struct wanted *w, const char *item)
{
    if (strcmp(item, "all") == 0) {
        w->by = WANT_ALL;
        return true;
    }
    if (strncmp(item, "mac:", 4) == 0) {
        w->by = WANT_MAC;
        return plan_mac_parse(&w->mac, item + 4) == 0;
    }
    if (strncmp(item, "ip:", 3) == 0) {
        w->by = WANT_IP;
        return inet_pton(AF_INET, item + 3, &w->ip) == 1;
    }
    if (strncmp(item, "user:", 5) == 0) {
        w->by = WANT_USER;
        w->user = item + 5;
        return item[5] != '\0';
    }
    return parse_range(w, item);
}

static bool is_wanted(const struct wanted *w, const struct phone *ph)
{
    uint8_t mac[6];

    switch (w->by) {
    case WANT_ALL:
        return true;
    case WANT_RANGE:
        return phone_n(ph) >= w->first && phone_n(ph) <= w->last;
    case WANT_MAC:
        return plan_mac_get(mac, w->mac, 0) == 0 && memcmp(mac, phone_mac(ph), 6) == 0;
    case WANT_IP:
        return phone_addr(ph).s_addr == w->ip.s_addr;
    case WANT_USER:
        return strcmp(phone_user(ph), w->user) == 0;
    }
    return false;
}

/* Marks the phones of one item. */
static int take_item(const struct farm *f, const char *item, bool *marks, char *err,
                     size_t err_size)
{
    struct wanted w = {.by = WANT_ALL};
    size_t at = 0;

    if (!parse_item(&w, item)) {
        snprintf(err, err_size,
                 "\"%s\" selects no phones: expected a number, 1-100, all, mac:…, ip:… or user:…",
                 item);
        return EINVAL;
    }
    for (const struct farm_block *b = f->blocks; b; b = b->next) {
        for (unsigned i = 0; i < b->n; i++, at++)
            marks[at] |= is_wanted(&w, b->slots[i].ph);
    }
    return 0;
}

static int take_list(const struct farm *f, const char *phones, bool *marks, char *err,
                     size_t err_size)
{
    char item[ITEM_MAX];
    int e = 0;

    for (const char *p = phones; !e; p++) {
        const char *start = p + strspn(p, " ");
        p = start + strcspn(start, ",");
        size_t len = (size_t)(p - start);
        while (len && start[len - 1] == ' ')
            len--;
        if (len >= sizeof(item))
            len = sizeof(item) - 1;
        memcpy(item, start, len);
        item[len] = '\0';
        e = take_item(f, item, marks, err, err_size);
        if (!*p)
            break;
    }
    return e;
}

int farm_select(const struct farm *f, const char *phones, unsigned **out, size_t *n, char *err,
                size_t err_size)
{
    bool *marks = calloc(f->n_phones + 1, sizeof(*marks));
    unsigned *numbers = calloc(f->n_phones + 1, sizeof(*numbers));
    size_t found = 0, at = 0;
    int e = marks && numbers ? 0 : ENOMEM;

    if (!e)
        e = take_list(f, phones, marks, err, err_size);
    else
        snprintf(err, err_size, "no memory");
    for (const struct farm_block *b = f->blocks; b && !e; b = b->next) {
        for (unsigned i = 0; i < b->n; i++) {
            if (marks[at++])
                numbers[found++] = b->first + i;
        }
    }
    if (!e && !found) {
        snprintf(err, err_size, "no phone is \"%.200s\"", phones);
        e = ENOENT;
    }
    free(marks);
    if (e) {
        free(numbers);
    } else {
        *out = numbers;
        *n = found;
    }
    return e;
}
