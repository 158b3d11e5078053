/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/phone/web/html.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/net/httpd.h"

char *html_shown(const char *value)
{
    const size_t size = strlen(value) + 1;
    char *clean = malloc(size);

    if (!clean)
        return NULL;
    utf8_clean(clean, size, value);
    for (char *p = clean; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = ' ';
    }
    return clean;
}

void html_put(FILE *f, const char *text)
{
    char *clean = html_shown(text);

    for (const char *p = clean ? clean : ""; *p; p++) {
        if (strchr("&<>\"'", *p))
            fprintf(f, "&#%d;", *p);
        else
            fputc(*p, f);
    }
    free(clean);
}

void html_begin(FILE *f, const char *title, unsigned refresh_s)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
          f);
    if (refresh_s)
        fprintf(f, "<meta http-equiv=\"refresh\" content=\"%u\">\n", refresh_s);
    fputs("<title>", f);
    html_put(f, title);
    fprintf(f, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", html_style);
}

void html_end(FILE *f)
{
    fputs("</body>\n</html>\n", f);
}

void html_headers(struct httpd_reply *reply)
{
    snprintf(reply->headers, sizeof(reply->headers),
             "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
             "Referrer-Policy: same-origin\r\nX-Frame-Options: DENY\r\n"
             "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
             "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n");
}
