/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/execute.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <re_types.h>
#include <re_mem.h>

#include "sim/base/utf8.h"
#include "sim/phone/priv.h"
#include "sim/phone/streams.h"
#include "sim/phone/web/form.h"
#include "sim/xml/browser.h"
#include "sim/xml/object.h"
#include "sim/xml/page.h"

enum { ITEMS_MAX = 3, BODY_MAX = 65536 /* xml-services.md 8.5 [DEF] */ };

struct result { /* of one ExecuteItem */
    unsigned status;
    const char *url;
    uint16_t port; /* that the phone chose for a stream; 0 = it did not */
};

/* ---- the form */

char *phone_execute_document(const char *form, size_t len, size_t *n)
{
    const char *end = form + len;

    while (form < end) {
        const char *stop = memchr(form, '&', (size_t)(end - form));
        const size_t size = (size_t)((stop ? stop : end) - form);
        if (size >= 4 && memcmp(form, "XML=", 4) == 0) {
            char *text = malloc(size - 4 + 1);
            if (text) {
                memcpy(text, form + 4, size - 4);
                *n = form_decode(text, size - 4);
            }
            return text;
        }
        form += size + 1;
    }
    return NULL;
}

/* ---- the answer */

/* The document says iso-8859-1: what is not ASCII goes as a reference. */
static void put_text(FILE *fp, const char *text)
{
    for (const char *p = text; *p;) {
        const unsigned char c = (unsigned char)*p;
        const size_t n = utf8_len(p);
        uint32_t code = c;
        if (n > 1) {
            code = c & (0xffu >> (n + 1));
            for (size_t i = 1; i < n; i++)
                code = code << 6 | ((unsigned char)p[i] & 0x3f);
        }
        if (n == 0 || (c < 0x20 && c != '\t'))
            fputc('?', fp);
        else if (n > 1 || strchr("&<>\"'", c))
            fprintf(fp, "&#%u;", (unsigned)code);
        else
            fputc(c, fp);
        p += n ? n : 1;
    }
}

static const char *data_of(const struct phone *ph, unsigned status)
{
    if (status == 0)
        return ph->model->family == FAMILY_CP79XX ? "Success" : "";
    return status == 1 ? "Invalid URI" : "URI not found";
}

/* SPA: always three items (3.12 [FIELD]). */
static void put_response(const struct phone *ph, const struct result *results, unsigned n, FILE *fp)
{
    const unsigned shown = ph->model->family == FAMILY_CP79XX ? (n ? n : 1) : ITEMS_MAX;

    fputs("<CiscoIPPhoneResponse>", fp);
    for (unsigned i = 0; i < shown; i++) {
        const unsigned status = i < n ? results[i].status : 0;
        const char *data = i < n || ph->model->family == FAMILY_CP79XX ? data_of(ph, status) : "";
        char port[8];
        if (i < n && results[i].port) {
            snprintf(port, sizeof(port), "%u", results[i].port);
            data = port;
        }
        fprintf(fp, "<ResponseItem Status=\"%u\" Data=\"%s\" URL=\"", status, data);
        put_text(fp, i < n ? results[i].url : "");
        fputs("\"/>", fp);
    }
    fputs("</CiscoIPPhoneResponse>\n", fp);
}

/* error 0: a response. 6800: neither is supported, 200 without a body [DEF]. */
static int answer(const struct phone *ph, const struct result *results, unsigned n, unsigned error,
                  struct phone_execute_answer *a)
{
    size_t len = 0;

    *a = (struct phone_execute_answer){.status = 200};
    if (ph->model->family == FAMILY_MPP68XX)
        return 0;
    FILE *fp = open_memstream(&a->body, &len);
    if (!fp)
        return ENOMEM;
    a->content_type = ph->model->family == FAMILY_CP79XX ? "text/xml" : "text/html";
    fputs("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n", fp);
    if (error)
        fprintf(fp, "<CiscoIPPhoneError Number=\"%u\"/>\n", error);
    else
        put_response(ph, results, n, fp);
    if (!fclose(fp))
        return 0;
    free(a->body);
    *a = (struct phone_execute_answer){.status = 500};
    return ENOMEM;
}

/* ---- what it does */

/* "Play:": a response only after playback (5); a 6800 sends none. */
static bool plays(const struct phone *ph, const struct result *results, unsigned n)
{
    const char *name;
    uint64_t since;
    bool asked = false;

    for (unsigned i = 0; i < n; i++)
        asked |= !results[i].status && strncasecmp(results[i].url, "Play:", 5) == 0;
    return asked && ph->model->family != FAMILY_MPP68XX && phone_playing(ph, &name, &since);
}

/* "RTPRx:IP" names no port: Data says which it is (5). Without --media there is none. */
static uint16_t chosen_port(const struct phone *ph, const char *url)
{
    struct phone_stream st;
    struct xuri u;

    if (xuri_parse(&u, url, ph->model) || u.kind != XURI_RTP || !u.receive || u.stop || u.port)
        return 0;
    return phone_stream_get(ph, true, &st) ? st.local_port : 0;
}

/* The page is kept while the answer names its URLs. */
static unsigned run(struct phone *ph, const struct xml_page *p, const char *xml, size_t len,
                    struct result results[ITEMS_MAX], unsigned *error)
{
    unsigned status[BROWSER_STATUSES] = {0}, n = 0;
    const bool execute = p->type->kind == XML_KIND_EXECUTE;

    if (phone_push(ph, xml, len, status)) {
        *error = 1;
        return 0;
    }
    for (; execute && n < p->n_items && n < ITEMS_MAX; n++) {
        results[n] = (struct result){.status = status[n], .url = p->items[n].url};
        if (!status[n])
            results[n].port = chosen_port(ph, results[n].url);
        if (status[n] & XURI_ERROR)
            *error = status[n] & ~(unsigned)XURI_ERROR;
    }
    return n;
}

/* An object to show, on a phone without a screen: Status 6 (3.13 [DEF]). */
static unsigned say_unknown(struct result results[ITEMS_MAX], unsigned *n)
{
    results[0] = (struct result){.status = 6, .url = ""};
    *n = 1;
    return 0;
}

/* A SPA525G and a 6800 have a switch for it; the others are always open (9.2). */
static bool enabled(const struct phone *ph)
{
    const bool has_switch =
        ph->model->family == FAMILY_SPA525 || ph->model->family == FAMILY_MPP68XX;

    return !has_switch || param_bool(ph->params, P_CISCO_XML_EXE_Enable, 0);
}

int phone_execute(struct phone *ph, const char *form, size_t len, struct phone_execute_answer *a)
{
    const struct xml_read_config cfg = {.model = ph->model,
                                        .firmware = ph->firmware,
                                        .content_type = "text/xml", /* words are no object */
                                        .max_bytes = BODY_MAX};
    struct result results[ITEMS_MAX];
    struct parse_err pe = {.text = ""};
    struct xml_page *p = NULL;
    size_t n = 0;
    unsigned error = 1, n_results = 0;

    *a = (struct phone_execute_answer){.status = 503};
    if (ph->state != PHONE_UP)
        return 0;
    a->status = 403;
    if (!enabled(ph))
        return 0;
    char *xml = phone_execute_document(form, len, &n);
    /* plain text is a page where it is fetched (8.3), not here [DEF] */
    if (xml && xml[strspn(xml, " \t\r\n\xef\xbb\xbf")] == '<') {
        const int wrong = xml_page_parse(&p, &cfg, (const uint8_t *)xml, n, &pe);
        error = wrong != 0;
        if (!wrong)
            n_results = run(ph, p, xml, n, results, &error);
        else if (wrong == EPROTO && !ph->model->lcd.width_px)
            error = say_unknown(results, &n_results);
    }
    const int err = answer(ph, results, n_results, error, a);
    a->waits = !err && !error && plays(ph, results, n_results);
    mem_deref(p);
    free(xml);
    return err;
}

int phone_execute_denied(const struct phone *ph, struct phone_execute_answer *a)
{
    *a = (struct phone_execute_answer){.status = 401};
    return ph->model->family == FAMILY_CP79XX ? answer(ph, NULL, 0, 4, a) : 0;
}
