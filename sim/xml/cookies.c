/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/xml/cookies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

enum { SESSIONS = 8, PER_HOST = 4, COOKIE_MAX = 255, IDLE_MS = 30 * 60 * 1000 };

struct session {
    char *host;
    char *cookies[PER_HOST]; /* "name=value", oldest first */
    uint64_t used_ms;
};

struct cookie_jar {
    struct session sessions[SESSIONS];
};

static void forget(struct session *s)
{
    for (unsigned i = 0; i < PER_HOST; i++)
        free(s->cookies[i]);
    free(s->host);
    memset(s, 0, sizeof(*s));
}

static void destructor(void *arg)
{
    struct cookie_jar *j = arg;

    for (unsigned i = 0; i < SESSIONS; i++)
        forget(&j->sessions[i]);
}

int cookie_jar_alloc(struct cookie_jar **jp)
{
    *jp = mem_zalloc(sizeof(**jp), destructor);
    return *jp ? 0 : ENOMEM;
}

static struct session *find(struct cookie_jar *j, const char *host, uint64_t now_ms)
{
    for (unsigned i = 0; i < SESSIONS; i++) {
        struct session *s = &j->sessions[i];
        if (s->host && now_ms - s->used_ms >= IDLE_MS)
            forget(s);
        if (s->host && strcasecmp(s->host, host) == 0)
            return s;
    }
    return NULL;
}

/* A free session, else the longest-idle one. */
static struct session *take(struct cookie_jar *j, const char *host)
{
    struct session *s = &j->sessions[0];

    for (unsigned i = 0; i < SESSIONS && s->host; i++) {
        if (!j->sessions[i].host || j->sessions[i].used_ms < s->used_ms)
            s = &j->sessions[i];
    }
    forget(s);
    s->host = strdup(host);
    return s->host ? s : NULL;
}

static void put(struct session *s, const char *text, size_t len)
{
    const size_t name = strcspn(text, "=");
    unsigned at = 0;

    while (at < PER_HOST && s->cookies[at] &&
           !(strncmp(s->cookies[at], text, name) == 0 && s->cookies[at][name] == '='))
        at++;
    if (at == PER_HOST) { /* the oldest goes */
        free(s->cookies[0]);
        memmove(&s->cookies[0], &s->cookies[1], (PER_HOST - 1) * sizeof(s->cookies[0]));
        at = PER_HOST - 1;
        s->cookies[at] = NULL;
    }
    free(s->cookies[at]);
    s->cookies[at] = strndup(text, len);
}

void cookie_jar_put(struct cookie_jar *j, const char *host, const char *line, uint64_t now_ms)
{
    size_t len = strcspn(line, ";");
    struct session *s;

    while (len && line[len - 1] == ' ')
        len--;
    if (!memchr(line, '=', len) || line[0] == '=' || len > COOKIE_MAX)
        return;
    s = find(j, host, now_ms);
    if (!s)
        s = take(j, host);
    if (!s)
        return;
    s->used_ms = now_ms;
    put(s, line, len);
}

const char *cookie_jar_get(struct cookie_jar *j, const char *host, uint64_t now_ms, char *buf,
                           size_t size)
{
    struct session *s = find(j, host, now_ms);
    size_t n = 0;

    buf[0] = '\0';
    for (unsigned i = 0; s && i < PER_HOST && s->cookies[i]; i++) {
        const int len = snprintf(buf + n, size - n, "%s%s", n ? "; " : "", s->cookies[i]);
        if (len < 0 || n + (size_t)len >= size) {
            buf[n] = '\0';
            break;
        }
        n += (size_t)len;
    }
    if (s)
        s->used_ms = now_ms;
    return buf;
}
