/* SPDX-License-Identifier: BSD-3-Clause */
#include "ui/sdl/ladder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

enum {
    MESSAGES = 60,
    ROW_H = 34,
    HEAD_H = 44,
    TIME_W = 62,
    EDGE = 12,
    TEXT_LINE_H = 13,
    TEXT_SIZE = 6000,
};

struct message {
    uint64_t id;
    double t;
    bool sent, request;
    unsigned scode;
    char label[48], method[16], peer[32];
};

struct ladder {
    struct message messages[MESSAGES];
    unsigned n;
    uint64_t last_id, chosen; /* message ids, 0 = none */
    int scroll, text_scroll;  /* px up from the newest; lines */
    bool dirty;
    struct fb_rect rows, text; /* where they were drawn last */
    char raw[TEXT_SIZE];       /* the chosen message */
};

int ladder_alloc(struct ladder **lp)
{
    *lp = mem_zalloc(sizeof(**lp), NULL);
    return *lp ? 0 : ENOMEM;
}

void ladder_forget(struct ladder *l)
{
    memset(l, 0, sizeof(*l));
}

/* ---- what a message is called */

static size_t word(char *buf, size_t size, const char *p, const char *end)
{
    size_t n = 0;

    while (p + n < end && p[n] > ' ' && p[n] != 0x7f)
        n++;
    snprintf(buf, size, "%.*s", (int)(n < size ? n : size - 1), p);
    return n;
}

static void find_method(struct message *m, const char *p, const char *end)
{
    while ((p = memchr(p, '\n', (size_t)(end - p))) && end - ++p > 6) {
        if (strncasecmp(p, "CSeq:", 5) != 0)
            continue;
        for (p += 5; p < end && (*p == ' ' || (*p >= '0' && *p <= '9')); p++)
            ;
        word(m->method, sizeof(m->method), p, end);
        return;
    }
}

/* "INVITE 1002": the user of the Request-URI, or its host. */
static void name_request(struct message *m, const char *p, const char *end)
{
    char method[16], uri[80] = "";
    const size_t n = word(method, sizeof(method), p, end);

    if (p + n < end)
        word(uri, sizeof(uri), p + n + 1, end);
    char *user = strchr(uri, ':') ? strchr(uri, ':') + 1 : uri;
    user[strcspn(user, "@;")] = '\0';
    snprintf(m->label, sizeof(m->label), "%s %.30s", method, user);
    m->request = true;
}

static void name_response(struct message *m, const char *p, const char *end)
{
    size_t n = 0;

    m->scode = (unsigned)strtoul(p + 8, NULL, 10);
    for (p += 8; p + n < end && p[n] != '\r' && p[n] != '\n'; n++)
        ;
    snprintf(m->label, sizeof(m->label), "%.*s", (int)(n < 40 ? n : 40), p);
    find_method(m, p, end);
}

static void clean(char *s)
{
    for (; *s; s++) {
        if ((unsigned char)*s < ' ' || (unsigned char)*s >= 0x7f)
            *s = '?';
    }
}

static void message_handler(const struct farm_message_view *v, void *arg)
{
    struct ladder *l = arg;
    struct message *m = &l->messages[l->n];
    char addr[INET_ADDRSTRLEN];
    const char *end = v->data + v->len;

    if (l->n == MESSAGES)
        return;
    *m = (struct message){.id = v->id, .t = v->t, .sent = v->sent};
    if (v->len > 12 && memcmp(v->data, "SIP/2.0 ", 8) == 0)
        name_response(m, v->data, end);
    else
        name_request(m, v->data, end);
    clean(m->label);
    clean(m->method);
    inet_ntop(AF_INET, &v->remote.sin_addr, addr, sizeof(addr));
    snprintf(m->peer, sizeof(m->peer), "%s:%u", addr, ntohs(v->remote.sin_port));
    l->last_id = v->id;
    if (v->id == l->chosen)
        snprintf(l->raw, sizeof(l->raw), "%.*s",
                 (int)(v->len < sizeof(l->raw) ? v->len : sizeof(l->raw) - 1), v->data);
    l->n++;
}

/* ---- drawing */

static uint32_t color_of(const struct message *m, const struct theme *t)
{
    if (m->request)
        return t->accent;
    return m->scode < 200 ? t->soft : m->scode < 300 ? t->good : m->scode < 500 ? t->warn : t->bad;
}

static void draw_message(const struct ladder *l, struct canvas *c, const struct theme *t, int i,
                         struct fb_rect r)
{
    const struct message *m = &l->messages[i];
    const uint32_t color = color_of(m, t);
    const double left = r.x + TIME_W + 8, right = r.x + r.w - 16, y = r.y + 23;
    const struct canvas_words time = {.px = 11, .color = t->soft};
    const struct canvas_words label = {.px = 12, .color = t->ink, .bold = m->request};
    const struct canvas_words method = {.px = 11, .color = t->soft, .align = TEXT_RIGHT};
    const struct canvas_words peer = {.px = 10, .color = t->soft, .align = TEXT_RIGHT};
    const bool other = i == 0 || strcmp(m->peer, l->messages[i - 1].peer) != 0;
    char text[32];

    if (m->id == l->chosen)
        canvas_round(c, (struct fb_rect){r.x, r.y + 2, r.w, ROW_H - 3}, 6, t->accent, 36);
    snprintf(text, sizeof(text), "%.3f", m->t);
    canvas_text(c, (struct fb_rect){r.x + 6, r.y + 11, TIME_W, 22}, &time, text);
    canvas_fill(c, (struct fb_rect){(int)left, r.y, 1, ROW_H}, t->line);
    canvas_fill(c, (struct fb_rect){(int)right, r.y, 1, ROW_H}, t->line);
    canvas_line(c, left + 5, y, right - 5, y, 1.6, color);
    if (m->sent)
        canvas_tip(c, right - 1, y, 9, 1, color);
    else
        canvas_tip(c, left + 1, y, 9, -1, color);
    const struct fb_rect words = {(int)left + 14, r.y + 3, (int)(right - left) - 28, 18};
    const int used = m->request ? 0 : canvas_text(c, words, &method, m->method) + 8;
    canvas_text(c, (struct fb_rect){words.x, words.y, words.w - used, words.h}, &label, m->label);
    if (other) /* who is at the other end */
        canvas_text(c, (struct fb_rect){words.x, (int)y + 1, words.w, 12}, &peer, m->peer);
}

static void draw_head(struct canvas *c, const struct theme *t, struct fb_rect r)
{
    const struct canvas_words title = {.px = 13, .color = t->ink, .bold = true};
    const struct canvas_words end = {.px = 11, .color = t->soft};
    const struct canvas_words right = {.px = 11, .color = t->soft, .align = TEXT_RIGHT};
    const int y = r.y + 4;

    canvas_text(c, (struct fb_rect){r.x + EDGE, y, 120, 20}, &title, "SIP messages");
    canvas_text(c, (struct fb_rect){r.x + TIME_W + 10, y + 19, 60, 18}, &end, "phone");
    canvas_text(c, (struct fb_rect){r.x + r.w - 108, y + 19, 100, 18}, &right, "others");
}

static void draw_rows(struct ladder *l, struct canvas *c, const struct theme *t, struct fb_rect r)
{
    const int visible = r.h / ROW_H, most = ((int)l->n - visible) * ROW_H;

    l->scroll = l->scroll > most ? most : l->scroll;
    l->scroll = l->scroll < 0 ? 0 : l->scroll;
    const int first = (int)l->n - visible - l->scroll / ROW_H;
    for (int k = 0; k < visible; k++) {
        const int i = first < 0 ? k : first + k;
        if (i < (int)l->n)
            draw_message(l, c, t, i, (struct fb_rect){r.x, r.y + k * ROW_H, r.w, ROW_H});
    }
}

/* The message as it was on the wire, line by line. */
static void draw_text(struct ladder *l, struct canvas *c, const struct theme *t, struct fb_rect r)
{
    const struct canvas_words words = {.px = 12, .color = t->ink, .mono = true};
    const int lines = r.h / TEXT_LINE_H;
    const char *p = l->raw;
    char line[200];
    int n = 0;

    for (const char *q = p; (q = strchr(q, '\n')); q++)
        n++;
    l->text_scroll = l->text_scroll > n - lines ? n - lines : l->text_scroll;
    l->text_scroll = l->text_scroll < 0 ? 0 : l->text_scroll;
    for (int skip = l->text_scroll; skip > 0 && strchr(p, '\n'); skip--)
        p = strchr(p, '\n') + 1;
    for (int i = 0; i < lines && *p; i++) {
        const size_t len = strcspn(p, "\r\n");
        snprintf(line, sizeof(line), "%.*s", (int)(len < 190 ? len : 190), p);
        clean(line);
        canvas_text(c, (struct fb_rect){r.x, r.y + i * TEXT_LINE_H, r.w, TEXT_LINE_H}, &words,
                    line);
        p += len;
        p += *p == '\r';
        p += *p == '\n';
    }
}

static void draw(struct ladder *l, struct canvas *c, const struct theme *t, struct fb_rect r)
{
    const bool split = l->chosen && l->raw[0] && r.h > 300;
    const int text_h = split ? r.h * 5 / 11 : 0;

    canvas_fill(c, r, t->panel);
    canvas_outline(c, r, 10, 1, t->line, t->card);
    draw_head(c, t, r);
    l->rows = (struct fb_rect){r.x, r.y + HEAD_H, r.w, r.h - HEAD_H - text_h - 6};
    l->text = (struct fb_rect){r.x + EDGE, r.y + r.h - text_h + 8, r.w - 2 * EDGE, text_h - 16};
    draw_rows(l, c, t, l->rows);
    if (split) {
        canvas_fill(c, (struct fb_rect){r.x + 1, r.y + r.h - text_h, r.w - 2, 1}, t->line);
        draw_text(l, c, t, l->text);
    } else {
        l->text.h = 0;
    }
}

bool ladder_draw(struct ladder *l, struct canvas *c, const struct theme *t, const struct farm *f,
                 unsigned phone, struct fb_rect r, bool anew)
{
    const uint64_t last = l->last_id;

    if (r.h < HEAD_H + ROW_H)
        return false;
    l->n = 0;
    farm_messages_apply(f, phone, MESSAGES, message_handler, l);
    if (l->last_id == last && !anew && !l->dirty)
        return false;
    l->dirty = false;
    draw(l, c, t, r);
    return true;
}

void ladder_scroll(struct ladder *l, int y, int px)
{
    if (l->text.h && y >= l->text.y)
        l->text_scroll += px / 20;
    else
        l->scroll -= px;
    l->dirty = true;
}

void ladder_click(struct ladder *l, int x, int y)
{
    const int visible = l->rows.h / ROW_H;
    const int first = (int)l->n - visible - l->scroll / ROW_H;
    const int k = (y - l->rows.y) / ROW_H, i = first < 0 ? k : first + k;

    (void)x;
    if (y < l->rows.y || k >= visible || i < 0 || i >= (int)l->n)
        return;
    l->chosen = l->chosen == l->messages[i].id ? 0 : l->messages[i].id;
    l->raw[0] = '\0';
    l->text_scroll = 0;
    l->dirty = true;
}
