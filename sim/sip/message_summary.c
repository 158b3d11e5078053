/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/message_summary.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { COUNT_MAX = 999999 };

struct span {
    const char *p, *end;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(struct span *s)
{
    while (s->p < s->end && is_blank(*s->p))
        s->p++;
    while (s->end > s->p && is_blank(s->end[-1]))
        s->end--;
}

static bool equals(const struct span *s, const char *word)
{
    const size_t len = (size_t)(s->end - s->p);

    return len == strlen(word) && strncasecmp(s->p, word, len) == 0;
}

static const char *line_end(const char *p, const char *end)
{
    while (p < end && *p != '\r' && *p != '\n')
        p++;
    return p;
}

/* The next line with what is folded behind it; false at the end. */
static bool next_line(struct span *rest, struct span *line)
{
    while (rest->p < rest->end && (*rest->p == '\r' || *rest->p == '\n'))
        rest->p++;
    if (rest->p == rest->end)
        return false;
    line->p = rest->p;
    for (;;) {
        line->end = line_end(rest->p, rest->end);
        rest->p = line->end;
        if (rest->end - rest->p > 1 && rest->p[0] == '\r' && rest->p[1] == '\n')
            rest->p++;
        if (rest->p < rest->end)
            rest->p++;
        if (rest->p == rest->end || (*rest->p != ' ' && *rest->p != '\t'))
            return true;
    }
}

static bool read_count(struct span *s, uint32_t *count)
{
    uint32_t n = 0;

    trim(s);
    if (s->p == s->end || *s->p < '0' || *s->p > '9')
        return false;
    for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++) {
        n = n * 10 + (uint32_t)(*s->p - '0');
        if (n > COUNT_MAX)
            n = COUNT_MAX;
    }
    *count = n;
    trim(s);
    return true;
}

static bool read_char(struct span *s, char c)
{
    if (s->p == s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

/* new/old (urgent/old-urgent); what follows the new ones may be missing. */
static void read_voice(struct mwi_summary *m, struct span value)
{
    if (!read_count(&value, &m->n_new))
        return;
    m->counted = true;
    if (!read_char(&value, '/') || !read_count(&value, &m->n_old) || !read_char(&value, '('))
        return;
    if (read_count(&value, &m->n_urgent_new) && read_char(&value, '/'))
        (void)read_count(&value, &m->n_urgent_old);
}

static void read_account(struct mwi_summary *m, const struct span *value)
{
    const size_t len = (size_t)(value->end - value->p);

    if (len < sizeof(m->account) && !memchr(value->p, '\0', len)) {
        memcpy(m->account, value->p, len);
        m->account[len] = '\0';
    }
}

static void read_line(struct mwi_summary *m, const struct span *line, bool *told)
{
    const char *colon = memchr(line->p, ':', (size_t)(line->end - line->p));

    if (!colon)
        return;
    struct span name = {line->p, colon}, value = {colon + 1, line->end};
    trim(&name);
    trim(&value);
    if (equals(&name, "Messages-Waiting") && !*told) {
        m->waiting = equals(&value, "yes");
        *told = m->waiting || equals(&value, "no");
    } else if (equals(&name, "Voice-Message") && !m->counted) {
        read_voice(m, value);
    } else if (equals(&name, "Message-Account") && !m->account[0]) {
        read_account(m, &value);
    }
}

int mwi_parse(struct mwi_summary *m, const char *body, size_t len)
{
    struct span rest = {body, body + len}, line;
    bool told = false;

    memset(m, 0, sizeof(*m));
    while (next_line(&rest, &line))
        read_line(m, &line, &told);
    if (!told)
        m->waiting = m->n_new > 0;
    return told || m->counted ? 0 : EBADMSG;
}
