/* SPDX-License-Identifier: BSD-3-Clause */
/* What a page was read from, for whoever writes such pages. */
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/xml/charset.h"
#include "sim/xml/priv.h"

struct browser_source {
    char *text;
    char url[]; /* "" = it came by itself */
};

static void destructor(void *arg)
{
    struct browser_source *s = arg;
    free(s->text);
}

void browser_source_keep(struct browser *b, const uint8_t *data, size_t len,
                         const char *content_type, const char *url)
{
    const size_t url_size = strlen(url) + 1;
    struct page_bytes bytes;
    struct browser_source *s;
    char charset[64];

    b->source = mem_deref(b->source);
    if (!b->page || !b->h->keeps || !b->h->keeps(b->arg))
        return;
    s = mem_zalloc(sizeof(*s) + url_size, destructor);
    if (!s)
        return;
    memcpy(s->url, url, url_size);
    if (page_decode(&bytes, data, len, page_charset(content_type, charset, sizeof(charset)),
                    b->cfg.model->family == FAMILY_CP79XX)) {
        mem_deref(s);
        return;
    }
    s->text = bytes.text;
    b->source = s;
}

const char *browser_source(const struct browser *b, const char **url)
{
    *url = b->source ? b->source->url : "";
    return b->source ? b->source->text : NULL;
}
