/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/net/meter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <openssl/ssl.h>

#include "sim/loop/clock.h"

enum meter_outcome { ENDED, REPEATED, CANCELLED };

static bool is_tls(const struct meter *m)
{
    return strncasecmp(m->url, "https", 5) == 0;
}

/* An errno of ours, not of the server: no descriptor, no port, no buffer. */
static bool is_own_lack(long sys)
{
    return sys == EMFILE || sys == ENFILE || sys == EADDRNOTAVAIL || sys == EADDRINUSE ||
           sys == ENOBUFS || sys == ENOMEM;
}

static void tell(struct meter *m, const char *error, enum meter_outcome outcome, size_t bytes)
{
    const uint64_t now = clock_us(m->lp), took = now - m->since_us;
    long n = m->n_connects, sys = 0;

    if (!m->sent) { /* it got as far as a connection, or not even there */
        curl_easy_getinfo(m->easy, CURLINFO_NUM_CONNECTS, &n);
        curl_easy_getinfo(m->easy, CURLINFO_OS_ERRNO, &sys);
        if (m->own_errno)
            sys = m->own_errno;
    }
    const bool connected = m->opened || n > m->n_connects;
    const struct fetch_exchange x = {
        .url = m->url,
        .scheme = is_tls(m) ? "https" : "http",
        .method = m->method,
        .owner = m->owner,
        .status = m->status,
        .error = error,
        .cancelled = outcome == CANCELLED,
        .challenged = outcome == REPEATED && (m->status == 401 || m->status == 407),
        .sent = m->sent,
        .opened = connected,
        .reused = m->sent && !m->opened,
        .unconnected = !m->sent && !connected && error,
        .no_socket = !m->sent && !connected && error && is_own_lack(sys),
        .tls_done = m->opened && is_tls(m),
        .tls_resumed = m->opened && m->resumed,
        .tls_failed = !m->sent && connected && is_tls(m) && outcome == ENDED,
        .bytes = bytes,
        .us = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took,
    };
    m->since_us = now;
    m->sent = m->opened = false;
    m->status = 0;
    m->h(&x, m->arg);
}

static bool is_resumed(CURL *easy)
{
    struct curl_tlssessioninfo *info = NULL;

    return curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) == CURLE_OK && info &&
           info->backend == CURLSSLBACKEND_OPENSSL && info->internals &&
           SSL_session_reused(info->internals);
}

/* A connection is there and a request is about to leave. */
static int request_handler(void *arg, char *peer, char *local, int peer_port, int local_port)
{
    struct meter *m = arg;
    long n = 0;

    (void)peer;
    (void)local;
    (void)peer_port;
    (void)local_port;
    if (!m->h)
        return CURL_PREREQFUNC_OK;
    if (m->sent) /* curl says it again: with credentials, or after a connection that died */
        tell(m, m->status ? NULL : "connection closed without an answer", REPEATED, 0);
    curl_easy_getinfo(m->easy, CURLINFO_NUM_CONNECTS, &n);
    m->opened = n > m->n_connects;
    m->resumed = m->opened && is_tls(m) && is_resumed(m->easy);
    m->n_connects = n;
    m->sent = true;
    return CURL_PREREQFUNC_OK;
}

static size_t header_handler(char *data, size_t one, size_t len, void *arg)
{
    struct meter *m = arg;
    const char *blank;

    len *= one;
    m->head_done = len <= 2 && data[0] != ' '; /* the blank line */
    if (len > 12 && memcmp(data, "HTTP/", 5) == 0 && (blank = memchr(data, ' ', len - 4))) {
        const char digits[] = {blank[1], blank[2], blank[3], '\0'};
        const unsigned long status = strtoul(digits, NULL, 10);
        if (status >= 200) /* 1xx: the answer is yet to come */
            m->status = (uint16_t)status;
    }
    return len;
}

void meter_start(struct meter *m, struct loop *lp, CURL *easy, const struct fetch_req *req,
                 const char *url, fetch_exchange_h *h, void *arg)
{
    *m = (struct meter){.lp = lp,
                        .easy = easy,
                        .h = h,
                        .arg = arg,
                        .url = url,
                        .owner = req->owner,
                        .method = !req->post_body ? "GET"
                                  : req->put      ? "PUT"
                                                  : "POST",
                        .since_us = clock_us(lp)};
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_handler);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, m);
    if (!h)
        return;
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, request_handler);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, m);
}

void meter_end(struct meter *m, const char *error, bool cancelled, size_t bytes)
{
    if (!m->h)
        return;
    tell(m, error, cancelled ? CANCELLED : ENDED, bytes);
    m->h = NULL;
}

void meter_repeat(struct meter *m)
{
    if (!m->h)
        return;
    tell(m, NULL, REPEATED, 0);
    m->h = NULL;
}
