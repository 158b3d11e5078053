/* SPDX-License-Identifier: BSD-3-Clause */
/* A small site of XML objects (xml-services.md 3) under /services/. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/lab/priv.h"

enum {
    IMAGE_WIDTH = 66,
    IMAGE_HEIGHT = 33,
};

struct page {
    const char *path; /* below /services */
    void (*put)(FILE *fp, const struct lab_site *s, const char *query);
};

static void put_title(FILE *fp, const char *title, const char *prompt)
{
    fprintf(fp, "  <Title>%s</Title>\n  <Prompt>%s</Prompt>\n", title, prompt);
}

static void put_item(FILE *fp, const struct lab_site *s, const char *name, const char *path)
{
    fprintf(fp, "  <MenuItem><Name>%s</Name><URL>http://%s/services/%s</URL></MenuItem>\n", name,
            s->http_host, path);
}

static void put_menu(FILE *fp, const struct lab_site *s, const char *query)
{
    (void)query;
    fputs("<CiscoIPPhoneMenu>\n", fp);
    put_title(fp, "Lab services", "Select a service");
    put_item(fp, s, "Directory", "directory.xml");
    put_item(fp, s, "Text", "text.xml");
    put_item(fp, s, "Greeting", "input.xml");
    put_item(fp, s, "Picture", "image.xml");
    fputs("</CiscoIPPhoneMenu>\n", fp);
}

static void put_directory(FILE *fp, const struct lab_site *s, const char *query)
{
    static const char *const names[] = {"Archive", "Bakery", "Canteen", "Dispatch", "Reception"};

    (void)s;
    (void)query;
    fputs("<CiscoIPPhoneDirectory>\n", fp);
    put_title(fp, "Lab directory", "Select a number");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        fprintf(fp, "  <DirectoryEntry><Name>%s</Name><Telephone>%u</Telephone></DirectoryEntry>\n",
                names[i], (unsigned)(1001 + i));
    fputs("</CiscoIPPhoneDirectory>\n", fp);
}

static void put_text(FILE *fp, const struct lab_site *s, const char *query)
{
    (void)s;
    (void)query;
    fputs("<CiscoIPPhoneText>\n", fp);
    put_title(fp, "Lab text", "Read, then press Exit");
    fputs("  <Text>This page comes from the embedded lab. It is long enough to need more than one "
          "line on every display, and a small one has to scroll to show its end.</Text>\n"
          "</CiscoIPPhoneText>\n",
          fp);
}

static void put_input(FILE *fp, const struct lab_site *s, const char *query)
{
    (void)query;
    fputs("<CiscoIPPhoneInput>\n", fp);
    put_title(fp, "Lab greeting", "Enter a name");
    fprintf(fp,
            "  <URL>http://%s/services/greet.xml</URL>\n"
            "  <InputItem>\n"
            "    <DisplayName>Name</DisplayName>\n"
            "    <QueryStringParam>name</QueryStringParam>\n"
            "    <DefaultValue></DefaultValue>\n"
            "    <InputFlags>A</InputFlags>\n"
            "  </InputItem>\n"
            "</CiscoIPPhoneInput>\n",
            s->http_host);
}

static void put_greeting(FILE *fp, const struct lab_site *s, const char *query)
{
    char name[128];

    (void)s;
    if (!query_get(query, "name", name, sizeof(name)))
        *name = 0;
    fputs("<CiscoIPPhoneText>\n", fp);
    put_title(fp, "Lab greeting", "Read, then press Exit");
    fputs("  <Text>Good day, ", fp);
    lab_put_xml(fp, *name ? name : "stranger");
    fputs(".</Text>\n</CiscoIPPhoneText>\n", fp);
}

/* A frame with both diagonals and the grey levels between them. */
static unsigned pixel(int x, int y)
{
    const int down = x * (IMAGE_HEIGHT - 1) / (IMAGE_WIDTH - 1);

    if (!x || !y || x == IMAGE_WIDTH - 1 || y == IMAGE_HEIGHT - 1)
        return 3;
    if (y == down || y == IMAGE_HEIGHT - 1 - down)
        return 3;
    return y > down ? 1 : 0;
}

/* Section 3.9: four pixels a byte, the leftmost in the two lowest bits, rows without padding. */
static void put_image(FILE *fp, const struct lab_site *s, const char *query)
{
    unsigned byte = 0, n = 0;

    (void)s;
    (void)query;
    fputs("<CiscoIPPhoneImage>\n", fp);
    put_title(fp, "Lab picture", "Look, then press Exit");
    fprintf(fp,
            "  <LocationX>-1</LocationX>\n  <LocationY>-1</LocationY>\n"
            "  <Width>%d</Width>\n  <Height>%d</Height>\n  <Depth>2</Depth>\n  <Data>",
            IMAGE_WIDTH, IMAGE_HEIGHT);
    for (int y = 0; y < IMAGE_HEIGHT; y++) {
        for (int x = 0; x < IMAGE_WIDTH; x++) {
            byte |= pixel(x, y) << (2 * (n % 4));
            if (++n % 4 == 0) {
                fprintf(fp, "%02X", byte);
                byte = 0;
            }
        }
    }
    if (n % 4)
        fprintf(fp, "%02X", byte);
    fputs("</Data>\n</CiscoIPPhoneImage>\n", fp);
}

static const struct page pages[] = {
    {"/", put_menu},           {"/menu.xml", put_menu},   {"/directory.xml", put_directory},
    {"/text.xml", put_text},   {"/input.xml", put_input}, {"/greet.xml", put_greeting},
    {"/image.xml", put_image},
};

int service_get(const struct lab_site *s, const char *path, const char *query, struct lab_file *f)
{
    static const char prefix[] = "/services";
    const char *below = path + sizeof(prefix) - 1;

    if (strncmp(path, prefix, sizeof(prefix) - 1))
        return ENOENT;
    if (s->services_dir)
        return file_read(s->services_dir, below, f);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        char *text = NULL;
        FILE *fp;

        if (strcmp(pages[i].path, below))
            continue;
        fp = open_memstream(&text, &f->len);
        if (!fp)
            return ENOMEM;
        pages[i].put(fp, s, query);
        if (fclose(fp)) {
            free(text);
            return ENOMEM;
        }
        f->body = (uint8_t *)text;
        f->content_type = "text/xml";
        return 0;
    }
    return ENOENT;
}
