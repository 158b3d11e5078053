/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/dtmf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    EVENT_FLASH = 16,
    END_BIT = 0x80,
};

static const char digits[] = "0123456789*#ABCD!";

int dtmf_event(char digit)
{
    const char *at = digit ? strchr(digits, toupper((unsigned char)digit)) : NULL;

    return at ? (int)(at - digits) : -1;
}

char dtmf_digit(unsigned event)
{
    return event <= EVENT_FLASH ? digits[event] : 0;
}

int dtmf_send(struct dtmf_sender *s, char digit, unsigned ms)
{
    const int event = dtmf_event(digit);

    if (event < 0)
        return EINVAL;
    if (s->n == DTMF_QUEUE_MAX)
        return EOVERFLOW;
    s->queue[s->n].event = (uint8_t)event;
    s->queue[s->n].ms = (uint16_t)(ms < DTMF_TONE_MAX_MS ? ms : DTMF_TONE_MAX_MS);
    if (!ms)
        s->queue[s->n].ms = DTMF_TONE_MS;
    s->n++;
    return 0;
}

bool dtmf_sender_busy(const struct dtmf_sender *s)
{
    return s->n || s->gap_ms;
}

static void advance(struct dtmf_sender *s, unsigned step_ms)
{
    s->duration = (uint16_t)(s->duration + step_ms * 8);
    if (s->left_ms > step_ms) {
        s->left_ms = (uint16_t)(s->left_ms - step_ms);
    } else {
        s->left_ms = 0;
        s->ends = DTMF_ENDS;
    }
}

bool dtmf_sender_step(struct dtmf_sender *s, uint32_t ts, unsigned step_ms, unsigned volume,
                      struct dtmf_packet *p)
{
    p->first = false;
    if (s->gap_ms) {
        s->gap_ms = (uint16_t)(s->gap_ms > step_ms ? s->gap_ms - step_ms : 0);
        return false;
    }
    if (!s->n)
        return false;
    if (!s->sounding) {
        s->sounding = p->first = true;
        s->ts = ts;
        s->duration = 0;
        s->left_ms = s->queue[0].ms;
    }
    if (!s->ends)
        advance(s, step_ms); /* an end packet repeats the last duration */
    p->ts = s->ts;
    p->payload[0] = s->queue[0].event;
    p->payload[1] = (uint8_t)((volume & 0x3f) | (s->ends ? END_BIT : 0));
    p->payload[2] = (uint8_t)(s->duration >> 8);
    p->payload[3] = (uint8_t)s->duration;
    if (s->ends && !--s->ends) {
        s->sounding = false;
        s->gap_ms = DTMF_GAP_MS;
        memmove(&s->queue[0], &s->queue[1], --s->n * sizeof(s->queue[0]));
    }
    return true;
}

int dtmf_receive(struct dtmf_receiver *r, uint32_t ts, const uint8_t *data, size_t len, char *digit)
{
    *digit = 0;
    if (len < DTMF_EVENT_BYTES)
        return EBADMSG;
    if (r->any && (int32_t)(ts - r->ts) <= 0)
        return 0; /* another packet of this event, or of an older one */
    r->any = true;
    r->ts = ts;
    *digit = dtmf_digit(data[0]);
    return 0;
}

size_t dtmf_info_print(char *buf, size_t size, char digit, unsigned ms)
{
    int n;

    if (dtmf_event(digit) < 0)
        return 0;
    n = snprintf(buf, size, "Signal=%c\r\nDuration=%u\r\n", toupper((unsigned char)digit), ms);
    return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

/* "name = value" of a line; value without blanks at either end. */
static bool field(const char *line, size_t len, const char *name, const char **value, size_t *vlen)
{
    const size_t n = strlen(name);

    while (len && isspace((unsigned char)*line)) {
        line++;
        len--;
    }
    if (len < n || strncasecmp(line, name, n))
        return false;
    line += n;
    len -= n;
    while (len && (isspace((unsigned char)*line) || *line == '=')) {
        line++;
        len--;
    }
    while (len && isspace((unsigned char)line[len - 1]))
        len--;
    *value = line;
    *vlen = len;
    return true;
}

static unsigned number(const char *text, size_t len, unsigned max)
{
    unsigned n = 0;

    for (size_t i = 0; i < len && isdigit((unsigned char)text[i]); i++) {
        n = n * 10 + (unsigned)(text[i] - '0');
        if (n > max)
            return max;
    }
    return n;
}

static char signal_digit(const char *value, size_t len)
{
    if (len == 1)
        return dtmf_event(*value) < 0 ? 0 : (char)toupper((unsigned char)*value);
    if (len == 2 && isdigit((unsigned char)value[0]) && isdigit((unsigned char)value[1]))
        return dtmf_digit(number(value, len, 99));
    return 0;
}

int dtmf_info_parse(const char *body, size_t len, char *digit, unsigned *ms)
{
    const char *p = body, *end = body + len, *value;
    size_t vlen;

    *digit = 0;
    *ms = DTMF_TONE_MS;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const size_t n = (size_t)((nl ? nl : end) - p);

        if (field(p, n, "Signal", &value, &vlen))
            *digit = signal_digit(value, vlen);
        else if (field(p, n, "Duration", &value, &vlen) && vlen)
            *ms = number(value, vlen, DTMF_TONE_MAX_MS);
        p = nl ? nl + 1 : end;
    }
    return *digit ? 0 : EBADMSG;
}
