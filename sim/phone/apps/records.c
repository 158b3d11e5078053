/* SPDX-License-Identifier: BSD-3-Clause */
/* What the phone has kept of itself: calls that are up and the last one, reboots; and the languages
 * it may be set to (devices.md 2.1, 8, 8.1, wording [DICT]). */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"

#define LINES(text_title, n_lines, print_line)                                                     \
    {                                                                                              \
        .title = text_title, .count = n_lines, .row = print_line, .keys = {[3] = "cancel"},        \
        .plain = true                                                                              \
    }

/* ---- calls: their words */

struct call_words { /* of one call, up or over */
    struct phone_call_view v;
    const char *name, *number;
    bool outgoing;
};

enum { HEAD_ROWS = 2, CALL_ROWS = 8, STATISTICS_ROWS = 10 };

static void call_row(const struct call_words *w, unsigned i, char *buf, size_t size)
{
    const char *codec = w->v.codec ? w->v.codec : "None";
    const uint32_t s = w->v.seconds;

    switch (i) {
    case 0:
        snprintf(buf, size, "Enc\n%s", codec);
        break;
    case 1:
        snprintf(buf, size, "Dec\n%s", codec);
        break;
    case 2:
        snprintf(buf, size, "Type\n%s", w->outgoing ? "Outbound" : "Inbound");
        break;
    case 3:
        snprintf(buf, size, "Peer Name\n%.60s", w->name);
        break;
    case 4:
        snprintf(buf, size, "Peer Ph\n%s", w->number);
        break;
    case 5:
        snprintf(buf, size, "Dur\n%02u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
        break;
    case 6:
        snprintf(buf, size, "Tx\n%uP", w->v.tx_packets);
        break;
    case 7:
        snprintf(buf, size, "Rx\n%uP", w->v.rx_packets);
        break;
    case 8: /* from here on the words are ours [DEF] */
        snprintf(buf, size, "Lost\n%lldP", (long long)w->v.rx_lost);
        break;
    default:
        snprintf(buf, size, "Jitter\n%.0f ms", w->v.jitter_ms);
        break;
    }
}

static void words_of(const struct phone_call *pc, struct call_words *w)
{
    phone_call_view(pc, &w->v);
    w->name = pc->name;
    w->number = pc->number;
    w->outgoing = pc->outgoing;
}

/* ---- Ln Status: the calls there are, one after the other */

static const struct phone_call *live_call(const struct phone *ph, unsigned i)
{
    const struct phone_call *pc = ph->calls ? ph->calls->list : NULL;

    while (pc && (!phone_call_live(pc) || i--))
        pc = pc->next;
    return pc;
}

static void calls_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Ln Status");
}

static unsigned calls_count(const struct phone *ph)
{
    const unsigned n = phone_calls_live(ph);
    return n ? n * (HEAD_ROWS + CALL_ROWS) : HEAD_ROWS;
}

/* Its state in the words of the call screens (6.3). */
static const char *state_of(const struct phone_call *pc)
{
    const char *name = phone_call_state_name(pc);
    static const char *const words[][2] = {
        {"calling", "Calling"}, {"progressing", "Called Party Ringing"},
        {"ringing", "Ringing"}, {"connected", "Connected"},
        {"holding", "Holding"}, {"held", "Connected"},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(name, words[i][0]) == 0)
            return words[i][1];
    }
    return name;
}

static void calls_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const struct phone_call *pc = live_call(ph, i / (CALL_ROWS + HEAD_ROWS));
    struct call_words w;

    i %= CALL_ROWS + HEAD_ROWS;
    if (i == 0 && pc)
        snprintf(buf, size, "Ln %u Call %u\n%s", pc->line, pc->id, state_of(pc));
    else if (i == 0)
        snprintf(buf, size, "Call 1\nIdle");
    else if (i == 1)
        snprintf(buf, size, "Tone\n%s", pc ? phone_call_tone(ph, pc) : "None");
    if (i < HEAD_ROWS || !pc)
        return;
    words_of(pc, &w);
    call_row(&w, i - HEAD_ROWS, buf, size);
}

static const struct app_list calls_list = LINES(calls_title, calls_count, calls_row);
const struct app app_calls_status = {.name = "status", .list = &calls_list};

/* ---- Call Statistics: of the call that is up, else of the last */

static void statistics_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Call Statistics");
}

static bool statistics(const struct phone *ph, struct call_words *w)
{
    const struct phone_call *pc = phone_calls_focus(ph);

    if (pc && pc->was_connected && phone_call_live(pc)) {
        words_of(pc, w);
        return true;
    }
    if (!ph->calls || !ph->calls->last)
        return false;
    w->v = ph->calls->last->v;
    w->name = "";
    w->number = ph->calls->last->number;
    w->outgoing = ph->calls->last->outgoing;
    return true;
}

static unsigned statistics_count(const struct phone *ph)
{
    struct call_words w;
    return statistics(ph, &w) ? STATISTICS_ROWS : 1;
}

static void statistics_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    struct call_words w;

    if (statistics(ph, &w))
        call_row(&w, i, buf, size);
    else
        snprintf(buf, size, "None");
}

static const struct app_list statistics_list =
    LINES(statistics_title, statistics_count, statistics_row);
const struct app app_call_statistics = {.name = "statistics", .list = &statistics_list};

/* ---- Reboot History: the last five, the newest first (devices.md 2.1 [MPPMON]) */

static void reboots_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Reboot History");
}

static unsigned reboots_count(const struct phone *ph)
{
    const unsigned n = ph->reboots ? ph->reboots->n : 0;
    return n > REBOOTS_KEPT ? REBOOTS_KEPT : n ? n : 1;
}

static void reboots_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    const struct phone_reboots *r = ph->reboots;
    struct tm tm;

    if (!r) {
        snprintf(buf, size, "None");
        return;
    }
    const unsigned place = (r->n - 1 - i) % REBOOTS_KEPT;
    const time_t at = r->last[place].local_s;
    char when[80] = "";
    if (gmtime_r(&at, &tm))
        snprintf(when, sizeof(when), "%02d/%02d/%02d %02d:%02d:%02d", tm.tm_mon + 1, tm.tm_mday,
                 tm.tm_year % 100, tm.tm_hour, tm.tm_min, tm.tm_sec);
    snprintf(buf, size, "%s\n%s", when, r->last[place].why);
}

static const struct app_list reboots_list = LINES(reboots_title, reboots_count, reboots_row);
const struct app app_reboot_history = {.name = "reboots", .list = &reboots_list};

/* ---- languages: "serv=…;d0=English;x0=a.xml;d1=French;x1=b.xml" (provisioning.md 16.4) */

static bool language(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    char key[8];
    const int len = snprintf(key, sizeof(key), "d%u=", i);

    for (const char *p = param_get(ph->params, P_Dictionary_Server_Script, 0); *p;) {
        p += strspn(p, "; \t\r\n");
        const size_t item = strcspn(p, ";");
        if (item > (size_t)len && strncmp(p, key, (size_t)len) == 0) {
            snprintf(buf, size, "%.*s", (int)item - len, p + len);
            return true;
        }
        p += item;
    }
    return false;
}

static void languages_title(const struct phone *ph, char *buf, size_t size)
{
    (void)ph;
    snprintf(buf, size, "Language");
}

static unsigned languages_count(const struct phone *ph)
{
    char name[48];
    unsigned n = 0;

    while (n < 100 && language(ph, n, name, sizeof(name)))
        n++;
    return n;
}

static void languages_row(const struct phone *ph, unsigned i, char *buf, size_t size)
{
    (void)language(ph, i, buf, size);
}

static int languages_select(struct phone *ph, unsigned i)
{
    char name[48];

    if (language(ph, i, name, sizeof(name)) && !app_set(ph, P_Language_Selection, 0, name) &&
        ph->apps)
        (void)app_close(ph);
    return 1;
}

static const struct app_list languages_list = {.title = languages_title,
                                               .count = languages_count,
                                               .row = languages_row,
                                               .select = languages_select,
                                               .keys = {"select", NULL, NULL, "cancel"}};
const struct app app_languages = {.name = "languages", .list = &languages_list};
