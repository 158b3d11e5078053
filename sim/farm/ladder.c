/* SPDX-License-Identifier: BSD-3-Clause */
/* The last SIP messages of the farm, told as a ladder. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sim/farm/priv.h"
#include "sim/sip/line.h"

int farm_observe_trace(struct farm *f, farm_trace_h *h, void *arg)
{
    if (f->trace)
        return EALREADY;
    f->trace = h;
    f->trace_arg = arg;
    return 0;
}

void farm_unobserve_trace(struct farm *f)
{
    f->trace = NULL;
}

static void keep(struct farm *f, const struct phone *ph, const struct ua_trace *t)
{
    if (!f->messages)
        f->messages = calloc(FARM_MESSAGES, sizeof(*f->messages));
    if (!f->messages)
        return;
    struct farm_message *m = &f->messages[f->n_messages++ % FARM_MESSAGES];
    m->n = 0; /* nobody's, should there be no memory */
    if (t->len > m->size) {
        char *data = realloc(m->data, t->len);
        if (!data)
            return;
        m->data = data;
        m->size = t->len;
    }
    memcpy(m->data, t->data, t->len);
    m->len = t->len;
    m->n = phone_n(ph);
    m->t = farm_elapsed_s(f);
    m->sent = t->sent;
    m->transport = (uint8_t)t->transport;
    m->local = t->local;
    m->remote = t->remote;
}

void ladder_add(struct phone *ph, const struct ua_trace *t, void *arg)
{
    struct farm *f = arg;

    keep(f, ph, t);
    if (f->trace)
        f->trace(f, ph, t, f->trace_arg);
}

void ladder_reset(struct farm *f)
{
    for (size_t i = 0; f->messages && i < FARM_MESSAGES; i++)
        free(f->messages[i].data);
    free(f->messages);
}

static void print_addr(FILE *out, const struct sockaddr_in *sin)
{
    char addr[INET_ADDRSTRLEN], text[32];

    inet_ntop(AF_INET, &sin->sin_addr, addr, sizeof(addr));
    snprintf(text, sizeof(text), "%s:%u", addr, ntohs(sin->sin_port));
    fprintf(out, "%-21s", text);
}

/* Up to the line end; control characters of strangers stay away from the terminal. */
static void print_line(FILE *out, const char *p, const char *end)
{
    for (; p < end && *p != '\r' && *p != '\n'; p++)
        fputc((unsigned char)*p < ' ' ? '?' : *p, out);
}

static const char *find_cseq(const struct farm_message *m)
{
    const char *end = m->data + m->len;

    for (const char *p = m->data; (p = memchr(p, '\n', (size_t)(end - p))) && end - ++p > 5;) {
        if (strncasecmp(p, "CSeq:", 5) == 0)
            return p;
    }
    return NULL;
}

static const char *const transports[] = {[UA_UDP] = "UDP", [UA_TCP] = "TCP", [UA_TLS] = "TLS"};

static void print_message(FILE *out, const struct farm_message *m, bool whole)
{
    const char *end = m->data + m->len;
    const char *cseq = find_cseq(m);

    fprintf(out, "%10.3f  ", m->t);
    print_addr(out, &m->local);
    fputs(m->sent ? " --> " : " <-- ", out);
    print_addr(out, &m->remote);
    fprintf(out, " %s  ", transports[m->transport]);
    print_line(out, m->data, end);
    if (cseq) {
        fputs("  (", out);
        print_line(out, cseq, end);
        fputc(')', out);
    }
    fputc('\n', out);
    for (const char *p = m->data; whole && p < end;) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        fputs("            | ", out);
        print_line(out, p, nl ? nl : end);
        fputc('\n', out);
        p = nl ? nl + 1 : end;
    }
}

typedef void(kept_h)(const struct farm_message *m, uint64_t id, void *arg);

/* The last messages of phone n, oldest first. */
static void apply(const struct farm *f, unsigned n, unsigned last, kept_h *h, void *arg)
{
    const uint64_t begin = f->n_messages > FARM_MESSAGES ? f->n_messages - FARM_MESSAGES : 0;
    unsigned left = 0; /* of this phone, from here on */

    for (uint64_t i = begin; i < f->n_messages; i++)
        left += f->messages[i % FARM_MESSAGES].n == n;
    for (uint64_t i = begin; i < f->n_messages; i++) {
        const struct farm_message *m = &f->messages[i % FARM_MESSAGES];
        if (m->n == n && left-- <= last)
            h(m, i + 1, arg);
    }
}

struct viewer {
    farm_message_h *h;
    void *arg;
};

static void view_handler(const struct farm_message *m, uint64_t id, void *arg)
{
    const struct viewer *v = arg;

    v->h(&(struct farm_message_view){.id = id,
                                     .t = m->t,
                                     .sent = m->sent,
                                     .transport = transports[m->transport],
                                     .local = m->local,
                                     .remote = m->remote,
                                     .data = m->data,
                                     .len = m->len},
         v->arg);
}

void farm_messages_apply(const struct farm *f, unsigned n, unsigned last, farm_message_h *h,
                         void *arg)
{
    apply(f, n, last, view_handler, &(struct viewer){h, arg});
}

struct printer {
    FILE *out;
    bool whole;
};

static void print_handler(const struct farm_message *m, uint64_t id, void *arg)
{
    const struct printer *p = arg;

    (void)id;
    print_message(p->out, m, p->whole);
}

char *farm_ladder(const struct farm *f, unsigned n, unsigned last, bool whole)
{
    char *text = NULL;
    size_t size;
    struct printer p = {.out = open_memstream(&text, &size), .whole = whole};

    if (!p.out)
        return NULL;
    apply(f, n, last, print_handler, &p);
    if (fclose(p.out)) {
        free(text);
        return NULL;
    }
    return text;
}
