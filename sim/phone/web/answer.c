/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "sim/phone/web/priv.h"

void web_text(struct httpd_reply *reply, const char *type, const char *text)
{
    char *copy = strdup(text);

    if (!copy) {
        reply->status = 500;
        return;
    }
    reply->content_type = type;
    reply->body = (uint8_t *)copy;
    reply->len = strlen(copy);
}

void web_refuse(struct httpd_reply *reply, uint16_t status, const char *text)
{
    char page[160];

    snprintf(page, sizeof(page), "<html><body>%u %s</body></html>\n", status, text);
    reply->status = status;
    web_text(reply, "text/html", page);
}

FILE *web_stream_open(struct web_stream *s, struct httpd_reply *reply)
{
    *s = (struct web_stream){.f = NULL};
    s->f = open_memstream(&s->text, &s->len);
    if (!s->f)
        reply->status = 500;
    return s->f;
}

void web_stream_take(struct web_stream *s, struct httpd_reply *reply, const char *type)
{
    const int failed = ferror(s->f);

    if (fclose(s->f) || failed) {
        free(s->text);
        reply->status = 500;
        return;
    }
    reply->content_type = type;
    reply->body = (uint8_t *)s->text;
    reply->len = s->len;
}
