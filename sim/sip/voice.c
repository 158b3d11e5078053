/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/voice.h"

#include <errno.h>
#include <string.h>

enum {
    MAX_DROPOUT = 3000, /* RFC 3550 A.1 */
    MAX_MISORDER = 100,
    TYPE_SR = 200,
    TYPE_RR = 201,
    TYPE_SDES = 202,
    TYPE_BYE = 203,
    BLOCK_BYTES = 24,
    SENDER_BYTES = 20,
};

static uint16_t get16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void set16(uint8_t *p, uint32_t n)
{
    p[0] = (uint8_t)(n >> 8);
    p[1] = (uint8_t)n;
}

static void set32(uint8_t *p, uint32_t n)
{
    set16(p, n >> 16);
    set16(p + 2, n);
}

int voice_parse(struct voice_packet *p, const uint8_t *buf, size_t len)
{
    size_t at;

    if (len < VOICE_HEADER_BYTES || buf[0] >> 6 != 2)
        return EBADMSG;
    at = VOICE_HEADER_BYTES + 4u * (buf[0] & 0x0f);
    if (buf[0] & 0x10) { /* header extension */
        if (len < at + 4)
            return EBADMSG;
        at += 4 + 4u * get16(buf + at + 2);
    }
    if (len < at)
        return EBADMSG;
    if (buf[0] & 0x20) { /* padding, its length in the last byte */
        if (len == at || buf[len - 1] == 0 || buf[len - 1] > len - at)
            return EBADMSG;
        len -= buf[len - 1];
    }
    p->marker = buf[1] & 0x80;
    p->payload = buf[1] & 0x7f;
    p->seq = get16(buf + 2);
    p->ts = get32(buf + 4);
    p->ssrc = get32(buf + 8);
    p->data = buf + at;
    p->len = len - at;
    return 0;
}

void voice_print(uint8_t *buf, const struct voice_packet *p)
{
    buf[0] = 0x80;
    buf[1] = (uint8_t)((p->marker ? 0x80 : 0) | p->payload);
    set16(buf + 2, p->seq);
    set32(buf + 4, p->ts);
    set32(buf + 8, p->ssrc);
}

static uint32_t expected(const struct voice_reception *r)
{
    return r->started ? r->cycles + r->max_seq - r->base_seq + 1 : 0;
}

static void begin(struct voice_reception *r, const struct voice_packet *p)
{
    if (r->started)
        r->lost_elsewhere += (int64_t)expected(r) - r->received;
    r->started = true;
    r->n_begun++;
    r->ssrc = p->ssrc;
    r->base_seq = r->max_seq = p->seq;
    r->cycles = 0;
    r->seen = 1;
    r->received = 1;
    r->expected_before = r->received_before = 0;
    r->timed = r->bad_set = r->candidate_set = false;
    r->n_received++;
}

/* A source other than the one we listen to counts once two of its packets came in order. */
static enum voice_verdict foreign(struct voice_reception *r, const struct voice_packet *p)
{
    if (r->candidate_set && r->candidate == p->ssrc && p->seq == (uint16_t)(r->candidate_seq + 1)) {
        begin(r, p);
        return VOICE_NEXT;
    }
    r->candidate_set = true;
    r->candidate = p->ssrc;
    r->candidate_seq = p->seq;
    r->n_foreign++;
    return VOICE_FOREIGN;
}

static enum voice_verdict behind(struct voice_reception *r, const struct voice_packet *p)
{
    const uint16_t age = (uint16_t)(r->max_seq - p->seq);

    if (age < 64 && (r->seen >> age & 1)) {
        r->n_duplicate++;
        return VOICE_DUPLICATE;
    }
    if (age < 64)
        r->seen |= (uint64_t)1 << age;
    if (r->cycles + r->max_seq - r->base_seq < age) { /* older than the first: count from it */
        if (p->seq > r->max_seq)
            r->cycles += 65536;
        r->base_seq = p->seq;
    }
    r->received++;
    r->n_received++;
    r->n_late++;
    return VOICE_LATE;
}

enum voice_verdict voice_received(struct voice_reception *r, const struct voice_packet *p)
{
    const uint16_t ahead = (uint16_t)(p->seq - r->max_seq);

    if (!r->started) {
        begin(r, p);
        return VOICE_NEXT;
    }
    if (p->ssrc != r->ssrc)
        return foreign(r, p);
    r->candidate_set = false;
    if (ahead == 0 || ahead > UINT16_MAX - MAX_MISORDER)
        return behind(r, p);
    if (ahead >= MAX_DROPOUT) { /* the peer may have started over: believe the second such packet */
        if (r->bad_set && p->seq == r->bad_seq) {
            begin(r, p);
            return VOICE_NEXT;
        }
        r->bad_set = true;
        r->bad_seq = (uint16_t)(p->seq + 1);
        r->n_foreign++;
        return VOICE_FOREIGN;
    }
    if (p->seq < r->max_seq)
        r->cycles += 65536;
    r->seen = ahead < 64 ? r->seen << ahead | 1 : 1;
    r->max_seq = p->seq;
    r->received++;
    r->n_received++;
    return VOICE_NEXT;
}

void voice_timed(struct voice_reception *r, uint32_t ts, uint64_t arrival_us, uint32_t rate)
{
    const uint32_t transit = (uint32_t)(arrival_us * rate / 1000000) - ts;

    if (r->timed) {
        const int32_t d = (int32_t)(transit - r->transit);
        const uint32_t size = d < 0 ? 0 - (uint32_t)d : (uint32_t)d;

        r->jitter_16 += size - ((r->jitter_16 + 8) >> 4);
    }
    r->timed = true;
    r->transit = transit;
}

int64_t voice_lost(const struct voice_reception *r)
{
    return r->lost_elsewhere + (int64_t)expected(r) - r->received;
}

void voice_fill_block(struct voice_report *rep, struct voice_reception *r)
{
    const uint32_t now = expected(r);
    const uint32_t wanted = now - r->expected_before;
    const int64_t lost = (int64_t)wanted - (r->received - r->received_before);
    const int64_t all = (int64_t)now - r->received;

    rep->has_block = true;
    rep->about = r->ssrc;
    rep->fraction = (uint8_t)(wanted && lost > 0 ? lost * 256 / wanted : 0);
    rep->lost = (int32_t)(all > 0x7fffff ? 0x7fffff : all < -0x800000 ? -0x800000 : all);
    rep->max_seq = r->cycles + r->max_seq;
    rep->jitter = r->jitter_16 >> 4;
    r->expected_before = now;
    r->received_before = r->received;
}

static void print_block(uint8_t *p, const struct voice_report *rep)
{
    set32(p, rep->about);
    set32(p + 4, (uint32_t)rep->fraction << 24 | ((uint32_t)rep->lost & 0xffffff));
    set32(p + 8, rep->max_seq);
    set32(p + 12, rep->jitter);
    set32(p + 16, rep->last_sr);
    set32(p + 20, rep->delay);
}

static size_t head(uint8_t *p, unsigned count, unsigned type, size_t bytes)
{
    p[0] = (uint8_t)(0x80 | count);
    p[1] = (uint8_t)type;
    set16(p + 2, (uint32_t)(bytes / 4 - 1));
    return bytes;
}

size_t voice_report_print(uint8_t *buf, size_t size, const struct voice_report *rep,
                          const char *cname, bool bye)
{
    const size_t name_len = strlen(cname) < 64 ? strlen(cname) : 64;
    const size_t sdes = (4 + 4 + 2 + name_len + 1 + 3) & ~(size_t)3;
    size_t at = 8;

    if (size < VOICE_REPORT_MAX)
        return 0;
    memset(buf, 0, VOICE_REPORT_MAX);
    set32(buf + 4, rep->ssrc);
    if (rep->sender) {
        set32(buf + at, (uint32_t)(rep->ntp >> 32));
        set32(buf + at + 4, (uint32_t)rep->ntp);
        set32(buf + at + 8, rep->ts);
        set32(buf + at + 12, rep->packets);
        set32(buf + at + 16, rep->octets);
        at += SENDER_BYTES;
    }
    if (rep->has_block) {
        print_block(buf + at, rep);
        at += BLOCK_BYTES;
    }
    head(buf, rep->has_block, rep->sender ? TYPE_SR : TYPE_RR, at);
    set32(buf + at + 4, rep->ssrc);
    buf[at + 8] = 1; /* CNAME */
    buf[at + 9] = (uint8_t)name_len;
    memcpy(buf + at + 10, cname, name_len);
    at += head(buf + at, 1, TYPE_SDES, sdes);
    if (bye) {
        set32(buf + at + 4, rep->ssrc);
        at += head(buf + at, 1, TYPE_BYE, 8);
    }
    return at;
}

static int32_t signed24(uint32_t n)
{
    return n & 0x800000 ? (int32_t)(n & 0xffffff) - 0x1000000 : (int32_t)(n & 0xffffff);
}

static void parse_block(struct voice_report *rep, const uint8_t *p)
{
    rep->has_block = true;
    rep->fraction = p[4];
    rep->lost = signed24(get32(p + 4));
    rep->max_seq = get32(p + 8);
    rep->jitter = get32(p + 12);
    rep->last_sr = get32(p + 16);
    rep->delay = get32(p + 20);
}

/* One SR or RR of `len` bytes, header included. */
static int parse_report(struct voice_report *rep, const uint8_t *p, size_t len)
{
    const unsigned count = p[0] & 0x1f;
    size_t at = 8;

    rep->sender = p[1] == TYPE_SR;
    if (len < at + (rep->sender ? SENDER_BYTES : 0))
        return EBADMSG;
    rep->ssrc = get32(p + 4);
    if (rep->sender) {
        rep->ntp = (uint64_t)get32(p + 8) << 32 | get32(p + 12);
        rep->ts = get32(p + 16);
        rep->packets = get32(p + 20);
        rep->octets = get32(p + 24);
        at += SENDER_BYTES;
    }
    for (unsigned i = 0; i < count && at + BLOCK_BYTES <= len; i++, at += BLOCK_BYTES)
        if (get32(p + at) == rep->about)
            parse_block(rep, p + at);
    return 0;
}

int voice_report_parse(struct voice_report *rep, const uint8_t *buf, size_t len, uint32_t about)
{
    memset(rep, 0, sizeof(*rep));
    rep->about = about;
    if (len < 8 || buf[0] >> 6 != 2 || buf[1] < 192 || buf[1] > 223)
        return EBADMSG;
    while (len >= 8 && buf[0] >> 6 == 2) {
        const size_t bytes = 4u * (get16(buf + 2) + 1u);

        if (bytes > len)
            return EBADMSG;
        if ((buf[1] == TYPE_SR || buf[1] == TYPE_RR) && bytes >= 8)
            return parse_report(rep, buf, bytes);
        buf += bytes;
        len -= bytes;
    }
    return ENOENT;
}
