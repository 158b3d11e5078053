/* SPDX-License-Identifier: BSD-3-Clause */
/* Picture files of a page: fetched one after the other, drawn as they come (xml-services.md 3.4,
 * 3.8). */
#include <errno.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/lcd/image.h"
#include "sim/net/fetch.h"
#include "sim/xml/priv.h"
#include "sim/xml/reply.h"

int xml_file_decode(struct image **ip, const uint8_t *data, size_t len)
{
    unsigned width, height;
    const int err = image_png_size(data, len, &width, &height);

    if (err)
        return err;
    return width > XML_FILE_SIDE_MAX || height > XML_FILE_SIDE_MAX
               ? E2BIG
               : image_decode_png(ip, data, len);
}

const char *xml_page_file(const struct xml_page *p, unsigned i)
{
    const struct xml_picture *pic = i == 0               ? &p->picture
                                    : i - 1 < p->n_icons ? &p->icons[i - 1].picture
                                                         : NULL;

    return pic && pic->url && *pic->url ? pic->url : NULL;
}

void browser_files_drop(struct browser *b)
{
    b->file_fetch = mem_deref(b->file_fetch);
    for (unsigned i = 0; i < XML_FILES_MAX; i++)
        b->files[i] = mem_deref(b->files[i]);
}

static void next(struct browser *b);

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct browser *b = arg;
    const unsigned i = b->file_at;

    mem_ref(b);
    b->file_fetch = mem_deref(b->file_fetch);
    if (b->h->fetched)
        b->h->fetched(r, b->arg);
    if (!err && xml_file_decode(&b->files[i], r->body, r->len))
        browser_complain(b, r->url, "no PNG picture that this phone could draw");
    if (b->page) {
        b->view.files[i] = b->files[i];
        b->file_at++;
        next(b);
        browser_changed(b);
    }
    mem_deref(b);
}

static void next(struct browser *b)
{
    char url[XML_URI_BYTES];

    for (; b->file_at < XML_FILES_MAX; b->file_at++) {
        const char *name = xml_page_file(b->page, b->file_at);
        if (!name)
            continue;
        page_resolve(url, sizeof(url), b->url ? b->url : "", name);
        if (browser_is_web(url) &&
            !browser_request(b, &b->file_fetch, url, fetched_handler)) /* else: no such picture */
            return;
    }
}

void browser_files_start(struct browser *b)
{
    b->file_at = 0;
    next(b);
}
