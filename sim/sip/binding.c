/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/sip/binding.h"

#include <errno.h>
#include <string.h>
#include <re.h>

enum {
    COOKIE_AT = 4,
    TID_AT = 8,
    CHANGED_ADDRESS = 0x0005, /* RFC 3489 11.2.3; libre knows its successor only */
    ADDRESS_BYTES = 8,
    FAMILY_IPV4 = 1,
};

static uint16_t read_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

size_t binding_print(char buf[BINDING_MAX], const uint8_t tid[BINDING_TID], bool change)
{
    const struct stun_change_req both = {.ip = true, .port = true};
    struct mbuf *mb = mbuf_alloc(BINDING_MAX);
    int err = mb ? 0 : ENOMEM;

    if (!err)
        err = change ? stun_msg_encode(mb, STUN_METHOD_BINDING, STUN_CLASS_REQUEST, tid, NULL, NULL,
                                       0, false, 0x00, 1, STUN_ATTR_CHANGE_REQ, &both)
                     : stun_msg_encode(mb, STUN_METHOD_BINDING, STUN_CLASS_REQUEST, tid, NULL, NULL,
                                       0, false, 0x00, 0);
    const size_t len = !err && mb->end <= BINDING_MAX ? mb->end : 0;
    if (len)
        memcpy(buf, mb->buf, len);
    mem_deref(mb);
    return len;
}

bool binding_is(const char *data, size_t len)
{
    static const uint8_t cookie[] = {0x21, 0x12, 0xa4, 0x42};

    return len >= STUN_HEADER_SIZE && (data[0] & 0xc0) == 0 &&
           memcmp(data + COOKIE_AT, cookie, sizeof(cookie)) == 0;
}

const uint8_t *binding_tid(const char *data)
{
    return (const uint8_t *)data + TID_AT;
}

static struct sockaddr_in from_sa(const struct sa *sa)
{
    struct sockaddr_in sin = {.sin_family = AF_INET};

    if (sa_af(sa) == AF_INET) {
        sin.sin_addr.s_addr = htonl(sa_in(sa));
        sin.sin_port = htons(sa_port(sa));
    }
    return sin;
}

static struct sockaddr_in find_changed(const uint8_t *p, size_t left)
{
    struct sockaddr_in sin = {.sin_family = AF_INET};

    while (left >= STUN_ATTR_HEADER_SIZE) {
        const size_t len = read_u16(p + 2), padded = (len + 3) & ~(size_t)3;
        const uint8_t *value = p + STUN_ATTR_HEADER_SIZE;
        left -= STUN_ATTR_HEADER_SIZE;
        if (len > left)
            break;
        if (read_u16(p) == CHANGED_ADDRESS && len == ADDRESS_BYTES && value[1] == FAMILY_IPV4) {
            memcpy(&sin.sin_port, value + 2, sizeof(sin.sin_port));
            memcpy(&sin.sin_addr, value + 4, sizeof(sin.sin_addr));
            break;
        }
        if (padded > left)
            break;
        p = value + padded;
        left -= padded;
    }
    return sin;
}

static void take(struct binding *b, const struct stun_msg *msg)
{
    const struct stun_attr *mapped = stun_msg_attr(msg, STUN_ATTR_XOR_MAPPED_ADDR);
    const struct stun_attr *other = stun_msg_attr(msg, STUN_ATTR_OTHER_ADDR);

    if (!mapped)
        mapped = stun_msg_attr(msg, STUN_ATTR_MAPPED_ADDR);
    if (mapped)
        b->mapped = from_sa(&mapped->v.sa);
    if (other)
        b->other = from_sa(&other->v.sa);
}

int binding_parse(struct binding *b, const char *data, size_t len)
{
    struct stun_unknown_attr unknown = {.typec = 0};
    struct stun_msg *msg = NULL;

    memset(b, 0, sizeof(*b));
    if (!binding_is(data, len))
        return EBADMSG;
    struct mbuf *mb = mbuf_alloc(len);
    int err = mb ? mbuf_write_mem(mb, (const uint8_t *)data, len) : ENOMEM;
    if (!err) {
        mb->pos = 0;
        err = stun_msg_decode(&msg, mb, &unknown);
        err = err && err != ENOMEM ? EBADMSG : err;
    }
    if (!err && stun_msg_method(msg) != STUN_METHOD_BINDING)
        err = EPROTO;
    if (!err && stun_msg_class(msg) == STUN_CLASS_ERROR_RESP)
        b->refused = true;
    else if (!err && stun_msg_class(msg) == STUN_CLASS_SUCCESS_RESP)
        take(b, msg);
    else if (!err)
        err = EPROTO;
    if (!err) {
        memcpy(b->tid, binding_tid(data), BINDING_TID);
        const size_t body = read_u16((const uint8_t *)data + 2);
        if (!b->other.sin_port && body <= len - STUN_HEADER_SIZE)
            b->other = find_changed((const uint8_t *)data + STUN_HEADER_SIZE, body);
    }
    mem_deref(msg);
    mem_deref(mb);
    return err;
}
