/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a number goes when it is more than a user: IP dialling and gateways. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/dialplan_priv.h"

/* A first part over 255 is a user; of five parts the last is a port when it is over 255. */
static enum ip_form ip_finish(struct ip_address *ip, bool last_empty)
{
    const unsigned *v = ip->value, last = v[ip->n - 1];

    for (unsigned i = 1; i < ip->n && i < 4; i++) {
        if (v[i] > 255)
            return IP_NO;
    }
    ip->user = ip->n == 6 || (ip->n == 5 && (v[0] > 255 || last <= 255));
    ip->port = ip->n == 6 || (ip->n == 5 && !ip->user);
    if ((ip->user && v[4] > 255) || (ip->port && last > UINT16_MAX))
        return IP_NO;
    if (ip->n < 4 || last_empty || (ip->n == 4 && v[0] > 255) || (ip->port && last <= 255))
        return IP_BEGUN;
    return IP_WHOLE;
}

enum ip_form dialplan_address_parse(struct ip_address *ip, const char *digits)
{
    const char *p = digits;

    memset(ip, 0, sizeof(*ip));
    if (!*p || *p == '*')
        return IP_NO;
    for (;;) {
        if (ip->n == 6)
            return IP_NO;
        const char *part = p;
        for (; isdigit((unsigned char)*p); p++) {
            const unsigned v = ip->value[ip->n] * 10 + (unsigned)(*p - '0');
            ip->value[ip->n] = v < 99999 ? v : 99999;
        }
        const bool empty = p == part;
        ip->n++;
        if (!*p)
            return ip_finish(ip, empty);
        if (*p != '*' || empty)
            return IP_NO;
        p++;
    }
}

void dialplan_address_print(const struct ip_address *ip, const char *digits, char *buf, size_t size)
{
    size_t len = 0;
    unsigned part = 0;

    for (const char *p = digits; *p && len + 1 < size; p++) {
        char c = *p;
        if (c == '*') {
            c = part == 0 && ip->user ? '@' : ip->port && part + 1U == ip->n - 1U ? ':' : '.';
            part++;
        }
        buf[len++] = c;
    }
    buf[len] = '\0';
}

static int copy_part(char *buf, size_t size, const char *text, size_t len)
{
    if (len >= size)
        return EOVERFLOW;
    memcpy(buf, text, len);
    buf[len] = '\0';
    return 0;
}

static int read_parameter(struct dialplan_target *t, const char *p, size_t len)
{
    if (len > 4 && memcmp(p, "uid=", 4) == 0)
        return copy_part(t->uid, sizeof(t->uid), p + 4, len - 4);
    if (len > 4 && memcmp(p, "pwd=", 4) == 0)
        return copy_part(t->pwd, sizeof(t->pwd), p + 4, len - 4);
    if (len == 3 && memcmp(p, "nat", 3) == 0)
        t->nat = true;
    return 0;
}

int dialplan_target_parse(struct dialplan_target *t, const char *number)
{
    const char *at = strchr(number, '@');
    const size_t user_len = at ? (size_t)(at - number) : strcspn(number, ";");
    const char *p = at ? at + 1 : number + user_len;

    memset(t, 0, sizeof(*t));
    t->gateway = -1;
    int err = copy_part(t->user, sizeof(t->user), number, user_len);
    if (err || !at)
        return err ? err : *p ? EBADMSG : 0;
    size_t len = strcspn(p, ":;");
    if (!len)
        return EBADMSG;
    err = copy_part(t->host, sizeof(t->host), p, len);
    if (!err && len == 3 && p[0] == 'g' && p[1] == 'w' && p[2] >= '0' && p[2] <= '4')
        t->gateway = (int8_t)(p[2] - '0');
    p += len;
    if (*p == ':') {
        char *end;
        const unsigned long port = strtoul(p + 1, &end, 10);
        if (!isdigit((unsigned char)p[1]) || !port || port > UINT16_MAX || (*end && *end != ';'))
            return EBADMSG;
        t->port = (uint16_t)port;
        p = end;
    }
    for (; !err && *p == ';'; p += len) {
        len = strcspn(++p, ";");
        err = read_parameter(t, p, len);
    }
    return err;
}
