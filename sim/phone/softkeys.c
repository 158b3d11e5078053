/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/softkeys.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define PSK(n)                                                                                     \
    {                                                                                              \
        "psk" n, "psk" n, "psk" n, true                                                            \
    }

/* devices.md 5.3; `shown` is false for keys that need a login or call-centre service, and for what
 * nobody has told how it works: private hold. */
static const struct softkey keys[] = {
    {"acd_login", "login", "Login", false},
    {"acd_logout", "logout", "Logout", false},
    {"alpha", "alpha", "Alpha", true},
    {"answer", "answer", "Answer", true},
    {"astate", "astate", "Agt Status", false},
    {"avail", "avail", "Avail", false},
    {"barge", "barge", "Barge", true},
    {"bargesilent", "barge", "BargeSlnt", false},
    {"bxfer", "bxfer", "BlindXfer", true},
    {"call", "call", "Call", true},
    {"cancel", "cancel", "Cancel", true},
    {"cfwd", "cfwd", "Forward", true},
    {"clear", "clear", "Clear", true},
    {"conf", "conf", "Conf", true},
    {"confLx", "confLx", "Conf Line", true},
    {"crdstart", "record", "Record", false},
    {"crdstop", "stopRec", "StopRec", false},
    {"delchar", "delChr", "DelChar", true},
    {"delchr", "delChr", "DelChar", true}, /* spelling of the 525 lists */
    {"dial", "dial", "Dial", true},
    {"dir", "dir", "Dir", true},
    {"dnd", "dnd", "DND", true},
    {"em_login", "login", "Login", false},
    {"em_logout", "logout", "Logout", false},
    {"endcall", "endCall", "EndCall", true},
    {"flash", "flash", "Flash", true},
    {"gpickup", "grPick", "GrPickup", true},
    {"guestin", "gstIn", "Guest In", false},
    {"guestout", "gstOut", "Guest Out", false},
    {"hold", "hold", "Hold", true},
    {"ignore", "ignore", "Ignore", true},
    {"ignoresilent", "ignore", "IgnoreSlnt", false},
    {"join", "join", "Join", true},
    {"lcr", "lcr", "Call Rtn", true},
    {"left", "<", "<", true},
    {"miss", "miss", "Miss", true},
    {"more", "more", "More", true},
    {"newcall", "newCall", "NewCall", true},
    {"option", "option", "Option", true},
    {"park", "park", "Park", true},
    {"phold", "prvHld", "PrvHld", false},
    {"pickup", "pickup", "Pickup", true},
    PSK("1"),
    PSK("2"),
    PSK("3"),
    PSK("4"),
    PSK("5"),
    PSK("6"),
    PSK("7"),
    PSK("8"),
    PSK("9"),
    PSK("10"),
    PSK("11"),
    PSK("12"),
    PSK("13"),
    PSK("14"),
    PSK("15"),
    PSK("16"),
    {"recents", "recents", "Recents", true},
    {"redial", "redial", "Redial", true},
    {"resume", "resume", "Resume", true},
    {"right", ">", ">", true},
    {"starcode", "*code", "*Code", true},
    {"toggle", "toggle", "Toggle", true},
    {"unavail", "unavail", "Unavail", false},
    {"unpark", "unpark", "Unpark", true},
    {"xfer", "xfer", "Transfer", true},
    {"xferLx", "xferLx", "Xfer Line", true},
};

unsigned softkey_psk(const char *keyword)
{
    return strncmp(keyword, "psk", 3) == 0 ? (unsigned)strtoul(keyword + 3, NULL, 10) : 0;
}

const struct softkey *softkey_find(const char *keyword, size_t len)
{
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strlen(keys[i].keyword) == len && memcmp(keys[i].keyword, keyword, len) == 0)
            return &keys[i];
    }
    return NULL;
}

/* One "keyword|slot" item; slot 0 = next free. Returns where the next item begins. */
static const char *read_item(const char *p, const struct softkey **key, unsigned *slot)
{
    while (isspace((unsigned char)*p))
        p++;
    const size_t item = strcspn(p, ";");
    size_t word = strcspn(p, "|; \t");

    if (word > item)
        word = item;
    *key = softkey_find(p, word);
    const char *bar = memchr(p, '|', item);
    *slot = bar ? (unsigned)strtoul(bar + 1, NULL, 10) : 0;
    p += item;
    return *p == ';' ? p + 1 : p;
}

static void place(const struct softkey **cells, const struct softkey *key, unsigned slot)
{
    if (slot > SOFTKEYS_MAX)
        return;
    if (slot) {
        if (!cells[slot - 1])
            cells[slot - 1] = key;
        return;
    }
    for (unsigned i = 0; i < SOFTKEYS_MAX; i++) {
        if (!cells[i]) {
            cells[i] = key;
            return;
        }
    }
}

static bool page_empty(const struct softkey *const *cells, unsigned per_page)
{
    for (unsigned i = 0; i < per_page; i++) {
        if (cells[i])
            return false;
    }
    return true;
}

static bool offered(const struct softkey *key, const struct softkey_rules *rules)
{
    return key && key->shown && (!rules || !rules->offered || rules->offered(key, rules->arg));
}

/* Without gaps, and "more" behind each page [DEF: which keys come first when slots leave gaps]. */
static unsigned more_pages(struct softkey_page *out, const struct softkey *const *cells,
                           unsigned per_page, unsigned page)
{
    const struct softkey *all[SOFTKEYS_MAX];
    const unsigned per = per_page - 1;
    unsigned n = 0;

    for (unsigned i = 0; i < SOFTKEYS_MAX; i++) {
        if (cells[i])
            all[n++] = cells[i];
    }
    const unsigned n_pages = (n + per - 1) / per, first = page % n_pages * per;
    for (unsigned i = 0; i < per && first + i < n; i++)
        out->keys[i] = all[first + i];
    out->keys[per] = softkey_find("more", 4);
    return n_pages;
}

unsigned softkeys_page(struct softkey_page *out, const char *list, unsigned per_page, unsigned page,
                       const struct softkey_rules *rules)
{
    const struct softkey *cells[SOFTKEYS_MAX + SOFTKEYS_PER_PAGE] = {NULL};
    unsigned starts[SOFTKEYS_MAX], n_pages = 0;

    memset(out, 0, sizeof(*out));
    if (!per_page || per_page > SOFTKEYS_PER_PAGE)
        return 0;
    for (const char *p = list; *p;) {
        const struct softkey *key;
        unsigned slot;
        p = read_item(p, &key, &slot);
        if (offered(key, rules))
            place(cells, key, slot);
    }
    for (unsigned i = 0; i < SOFTKEYS_MAX; i += per_page) {
        if (!page_empty(&cells[i], per_page))
            starts[n_pages++] = i;
    }
    if (n_pages > 1 && rules && rules->more && per_page > 1)
        return more_pages(out, cells, per_page, page);
    if (n_pages)
        memcpy(out->keys, &cells[starts[page % n_pages]], per_page * sizeof(out->keys[0]));
    return n_pages;
}
