/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/xuri.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/xml/object.h"

enum { RTP_PORT_MIN = 20480, RTP_PORT_MAX = 32768 };

/* ---- keys (5.1) */

static bool numbered(const char *name, const char *prefix, const char *format, unsigned max,
                     char *out, size_t size)
{
    const size_t n = strlen(prefix);
    unsigned i = 0;

    if (strncasecmp(name, prefix, n) != 0 || !isdigit((unsigned char)name[n]))
        return false;
    for (name += n; isdigit((unsigned char)*name) && i < 1000; name++)
        i = i * 10 + (unsigned)(*name - '0');
    if (*name || i > max)
        return false;
    snprintf(out, size, "%s%u", format, i);
    return true;
}

/* Name of the key in the model's table; false: no such name. *mpp: a 6800 has it on its list. */
static bool read_key(const char *name, char *out, size_t size, bool *mpp)
{
    static const struct {
        const char *name, *key;
        bool mpp;
    } keys[] = {
        {"KeyPadStar", "*", true},
        {"KeyPadPound", "#", true},
        {"NavUp", "up", true},
        {"NavDwn", "down", true},
        {"NavDown", "down", true},
        {"NavLeft", "left", false},
        {"NavRight", "right", false},
        {"NavSelect", "select", true},
        {"NavBack", "back", false},
        {"VolUp", "volup", true},
        {"VolDwn", "voldown", true},
        {"VolDown", "voldown", true},
        {"Headset", "headset", true},
        {"Speaker", "speaker", true},
        {"Mute", "mute", true},
        {"Hold", "hold", true},
        {"Info", "info", true},
        {"Messages", "messages", true},
        {"Directories", "directory", true},
        {"Services", "services", false},
        {"Settings", "setup", false},
        {"Applications", "setup", false},
        {"Contacts", "directory", false},
        {"Release", "release", false},
        {"AppMenu", "setup", false},
        {"PTT", "ptt", false},
    };

    *mpp = true;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcasecmp(keys[i].name, name) == 0) {
            snprintf(out, size, "%s", keys[i].key);
            *mpp = keys[i].mpp;
            return true;
        }
    }
    return numbered(name, "KeyPad", "", 9, out, size) ||
           numbered(name, "Soft", "soft", 5, out, size) ||
           numbered(name, "Line", "line", 120, out, size);
}

/* ---- the schemes' own texts */

static int parse_key(struct xuri *u, const char *rest)
{
    bool mpp;

    if (!read_key(rest, u->text, sizeof(u->text), &mpp))
        return EINVAL;
    return u->mpp && !mpp ? ENOTSUP : 0;
}

static int copy(struct xuri *u, const char *rest, size_t n)
{
    if (!n || n >= sizeof(u->text))
        return EINVAL;
    memcpy(u->text, rest, n);
    u->text[n] = '\0';
    return 0;
}

static int parse_text(struct xuri *u, const char *rest)
{
    u->stop = u->kind == XURI_PLAY && strcasecmp(rest, "Stop") == 0;
    return copy(u, rest, strlen(rest));
}

static int parse_rule(struct xuri *u, const char *rest)
{
    u->web = rest;
    return *rest ? 0 : EINVAL;
}

/* The first field; the others are for applications (SPA: first field only). */
static int parse_dial(struct xuri *u, const char *rest)
{
    const size_t n = strcspn(rest, ":");

    if (strspn(rest, "0123456789#*+ABCDabcd,-.() ") < n)
        return EINVAL;
    return copy(u, rest, n);
}

static int parse_init(struct xuri *u, const char *rest)
{
    static const char *const names[] = {"CallHistory", "Services", "Messages", "Directories",
                                        "AppStatus"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcasecmp(names[i], rest) == 0) {
            snprintf(u->text, sizeof(u->text), "%s", names[i]);
            return 0;
        }
    }
    return EINVAL;
}

static bool read_number(const char **p, unsigned long max, unsigned long *n)
{
    char *end;

    if (!isdigit((unsigned char)**p))
        return false;
    *n = strtoul(*p, &end, 10);
    *p = end;
    return *n <= max;
}

/* ip:port:vol to receive, ip:port to send; no port: the phone chooses. */
static int parse_rtp(struct xuri *u, const char *rest)
{
    const size_t n = strcspn(rest, ":");
    unsigned long port = 0, volume = 100;
    struct in_addr addr;

    if (strcasecmp(rest, "Stop") == 0) {
        u->stop = true;
        return 0;
    }
    if (n >= sizeof(u->addr))
        return EINVAL;
    memcpy(u->addr, rest, n);
    u->addr[n] = '\0';
    if (n ? inet_pton(AF_INET, u->addr, &addr) != 1 : !u->receive || u->multicast)
        return EINVAL;
    if (u->multicast && !IN_MULTICAST(ntohl(addr.s_addr)))
        return EINVAL;
    rest += n;
    if (*rest == ':' && *++rest != ':' && *rest && !read_number(&rest, RTP_PORT_MAX, &port))
        return EINVAL;
    if (port && (port < RTP_PORT_MIN || port % 2))
        return EINVAL;
    if (*rest == ':' && *++rest && (!u->receive || !read_number(&rest, 100, &volume)))
        return EINVAL;
    if (*rest || (!port && (!u->receive || u->multicast)))
        return EINVAL;
    u->port = (uint16_t)port;
    u->volume = (uint8_t)volume;
    return 0;
}

/* ---- the table of section 5 */

struct scheme {
    const char *name;
    enum xuri_kind kind;
    unsigned models;
    bool receive, multicast;
    int (*parse)(struct xuri *u, const char *rest);
};

enum {
    SPA_ALL = XML_BLIND | XML_SPA_LCD | XML_WIP,
    SPA_DESK = XML_BLIND | XML_SPA_LCD,
    ALL = SPA_ALL | XML_MPP_ALL | XML_CP79,
    NO_CP79 = SPA_ALL | XML_MPP_ALL,
};

static const struct scheme schemes[] = {
    {"Key", XURI_KEY, NO_CP79, false, false, parse_key},
    {"SoftKey", XURI_SOFTKEY, XML_SPA_LCD | XML_WIP | XML_MPP_ALL, false, false, parse_text},
    {"Init", XURI_INIT, NO_CP79, false, false, parse_init},
    {"Dial", XURI_DIAL, ALL, false, false, parse_dial},
    {"EditDial", XURI_EDIT_DIAL, XML_SPA_LCD | XML_WIP | XML_MPP_ALL, false, false, parse_dial},
    {"Play", XURI_PLAY, NO_CP79, false, false, parse_text},
    {"QueryStringParam", XURI_QUERY, XML_SPA_LCD | XML_WIP, false, false, parse_text},
    {"RTPRx", XURI_RTP, SPA_DESK, true, false, parse_rtp},
    {"RTPTx", XURI_RTP, SPA_DESK, false, false, parse_rtp},
    {"RTPMRx", XURI_RTP, SPA_DESK, true, true, parse_rtp},
    {"RTPMTx", XURI_RTP, SPA_DESK, false, true, parse_rtp},
    {"Resync", XURI_RESYNC, NO_CP79, false, false, parse_rule}, /* of SPA phones [I] */
    {"Device", XURI_DEVICE, XML_MPP_ALL, false, false, parse_text},
};

int xuri_parse(struct xuri *u, const char *uri, const struct device_model *m)
{
    const size_t n = strcspn(uri, ":");

    memset(u, 0, sizeof(*u));
    if (strncasecmp(uri, "http://", 7) == 0 || strncasecmp(uri, "https://", 8) == 0) {
        u->kind = XURI_WEB;
        u->web = uri;
        return 0;
    }
    if (!uri[n] || !n)
        return EINVAL;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        const struct scheme *s = &schemes[i];
        if (strlen(s->name) != n || strncasecmp(s->name, uri, n) != 0)
            continue;
        if (!(s->models & xml_column(m)))
            return ENOTSUP;
        u->kind = s->kind;
        u->receive = s->receive;
        u->multicast = s->multicast;
        u->mpp = (xml_column(m) & XML_MPP_ALL) != 0;
        return s->parse(u, uri + n + 1);
    }
    return ENOTSUP;
}

unsigned xuri_status(int err)
{
    return !err              ? 0
           : err == EALREADY ? XURI_ERROR | 1 /* stream already active */
           : err == EBUSY    ? XURI_ERROR | 4 /* a call is */
           : err == EINVAL   ? 1
                             : 6;
}

bool xuri_is_listed(const struct xuri *u)
{
    return u->kind == XURI_KEY    ? strcmp(u->text, "headset") == 0
           : u->kind == XURI_INIT ? strcmp(u->text, "CallHistory") == 0
                                  : true;
}

void xuri_dialable(char *out, unsigned size, const char *number, bool pauses)
{
    unsigned n = 0;

    for (; *number && n + 1 < size && (pauses || *number != ','); number++) {
        const char c = (char)toupper((unsigned char)*number);
        if (isdigit((unsigned char)c) || strchr("*#+ABCD,", c))
            out[n++] = c;
    }
    out[n] = '\0';
}
