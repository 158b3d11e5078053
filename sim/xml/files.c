/* SPDX-License-Identifier: BSD-3-Clause */
/* Picture files of a page: fetched one after the other, drawn as they come (xml-services.md 3.4,
 * 3.8), from HTTP servers and by TFTP: */
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/lcd/image.h"
#include "sim/loop/clock.h"
#include "sim/net/fetch.h"
#include "sim/xml/priv.h"
#include "sim/xml/reply.h"
#include "sim/xml/resource.h"

enum { FILE_BYTES = 256 * 1024 }; /* 8.5 [DEF] */

int xml_file_decode(struct image **ip, const struct device_model *m, const uint8_t *data,
                    size_t len)
{
    /* PNG (3.8). A SPA525G reads the others for its background (devices.md 7), so here, too [DEF]
     */
    const unsigned formats =
        m->family == FAMILY_SPA525 ? IMAGE_PNG | IMAGE_BMP | IMAGE_JPEG : IMAGE_PNG;

    return image_decode(ip, data, len, formats, XML_FILE_SIDE_MAX);
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

/* Where a picture is fetched from: beside its page, or from the phone's TFTP server. */
static bool locate(struct browser *b, const char *base, const char *name, char url[XML_URI_BYTES])
{
    const char *file = xml_tftp_file(name);

    if (!file) {
        page_resolve(url, XML_URI_BYTES, base, name);
        return browser_is_web(url); /* else: no such picture */
    }
    if (*file && b->h->tftp && !b->h->tftp(file, url, XML_URI_BYTES, b->arg))
        return true;
    browser_complain(b, name, "there is no TFTP server");
    return false;
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
    if (!err && xml_file_decode(&b->files[i], b->cfg.model, r->body, r->len))
        browser_complain(b, r->url, "no picture that this phone could draw");
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
        if (locate(b, b->url ? b->url : "", name, url) &&
            !browser_request(b, &b->file_fetch, url, FILE_BYTES, fetched_handler))
            return;
    }
}

void browser_files_start(struct browser *b)
{
    b->file_at = 0;
    next(b);
}

/* ---- of a Status (3.10) */

static void status_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct browser *b = arg;

    mem_ref(b);
    b->status_fetch = mem_deref(b->status_fetch);
    if (b->h->fetched)
        b->h->fetched(r, b->arg);
    if (!err && xml_file_decode(&b->status_file, b->cfg.model, r->body, r->len))
        browser_complain(b, r->url, "no picture that this phone could draw");
    browser_changed(b);
    mem_deref(b);
}

void browser_status_show(struct browser *b, struct xml_page *p, const char *base)
{
    const char *name = xml_page_file(p, 0);
    char url[XML_URI_BYTES];

    browser_status_drop(b);
    b->status = mem_ref(p);
    b->status_since_ms = clock_ms(b->cfg.lp);
    if (!name)
        return;
    if (locate(b, base, name, url))
        (void)browser_request(b, &b->status_fetch, url, FILE_BYTES, status_handler);
}

void browser_status_drop(struct browser *b)
{
    b->status_fetch = mem_deref(b->status_fetch);
    b->status_file = mem_deref(b->status_file);
    b->status = mem_deref(b->status);
}
