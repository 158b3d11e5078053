/* SPDX-License-Identifier: BSD-3-Clause */
/* `spafarm render`: what a model shows for an XML object, and what it makes of it. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <jansson.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/base/utf8.h"
#include "sim/lcd/paint.h"
#include "sim/lcd/screen.h"
#include "sim/net/fetch.h"
#include "sim/xml/object.h"
#include "sim/xml/page.h"
#include "sim/xml/reply.h"
#include "sim/xml/request.h"
#include "sim/xml/resource.h"
#include "sim/xml/view.h"
#include "ui/args.h"
#include "ui/picture.h"
#include "ui/source.h"
#include "ui/sub.h"

enum { WARNINGS_MAX = 100, TEXT_BYTES = 8192, SCALE_MAX = 16 };

struct job {
    const char *source;
    const struct device_model *model;
    const char *firmware;
    const char *picture; /* file for it, - = stdout; NULL = none */
    unsigned scale;
    bool json, strict, text;
    struct device_identity id;
    char serial[16];
    json_t *warnings;
    unsigned n_warnings;
};

static json_t *clean_json(const char *text)
{
    char clean[512];
    return json_string(utf8_clean(clean, sizeof(clean), text));
}

static void warn_handler(int line, const char *text, void *arg)
{
    struct job *job = arg;

    if (job->n_warnings++ >= WARNINGS_MAX)
        return;
    json_array_append_new(job->warnings,
                          json_pack("{s:i, s:o}", "line", line, "text", clean_json(text)));
}

static void print_place(const struct job *job, int line, const char *text)
{
    if (line)
        fprintf(stderr, "%s:%d: %s\n", job->source, line, text);
    else
        fprintf(stderr, "%s: %s\n", job->source, text);
}

static void print_warnings(const struct job *job)
{
    size_t i;
    json_t *w;

    json_array_foreach(job->warnings, i, w)
        print_place(job, (int)json_integer_value(json_object_get(w, "line")),
                    json_string_value(json_object_get(w, "text")));
    if (job->n_warnings > WARNINGS_MAX)
        fprintf(stderr, "%s: %u more warnings\n", job->source, job->n_warnings - WARNINGS_MAX);
}

static json_t *lines_json(char (*lines)[SCREEN_COLS], unsigned n)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < n; i++)
        json_array_append_new(list, clean_json(lines[i]));
    return list;
}

static json_t *picture_json(const struct screen_picture *pic)
{
    return pic->width ? json_pack("{s:i, s:i, s:i, s:i}", "x", (int)pic->x, "y", (int)pic->y,
                                  "width", (int)pic->width, "height", (int)pic->height)
                      : json_null();
}

/* What an Execute would do. */
static json_t *runs_json(const struct xml_page *p)
{
    json_t *runs = json_array();

    for (unsigned i = 0; p && p->type->kind == XML_KIND_EXECUTE && i < p->n_items; i++)
        if (!p->items[i].number)
            json_array_append_new(runs, clean_json(p->items[i].url));
    return runs;
}

static void print_json(const struct job *job, const struct xml_page *p, struct screen *s,
                       const char *error)
{
    const char *object = p ? p->type->root : NULL;
    json_t *softkeys = json_array();

    for (unsigned i = 0; i < s->n_softkeys; i++)
        json_array_append_new(softkeys, clean_json(s->softkeys[i]));
    json_t *o = json_pack(
        "{s:s, s:s?, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:O, s:o}", "model",
        job->model->name, "object", object, "title", clean_json(s->title), "rows",
        lines_json(s->rows, s->n_rows), "prompt", clean_json(s->prompt), "selected",
        (int)s->selected, "input", (int)s->input, "first", (int)s->first, "total", (int)s->total,
        "softkeys", softkeys, "picture", picture_json(&s->picture), "runs", runs_json(p),
        "warnings", job->warnings, "error", error ? clean_json(error) : json_null());
    json_dumpf(o, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(o);
}

static void print(const struct job *job, const struct xml_page *p, struct screen *s,
                  const char *error)
{
    char text[TEXT_BYTES];

    if (job->json) {
        print_json(job, p, s, error);
        return;
    }
    print_warnings(job);
    if (job->picture && !job->text)
        return;
    screen_text(s, text, sizeof(text));
    fputs(text, stdout);
}

static int draw(const struct job *job, const struct screen *s)
{
    struct image *im = NULL;
    struct fonts *f = NULL;
    int code = EXIT_HOLDS, err;

    if (!job->picture)
        return EXIT_HOLDS;
    err = fonts_alloc(&f);
    if (!err)
        err = paint_picture(&im, job->model, s, f, job->scale);
    if (err == ENOENT)
        code = sub_error(EXIT_FAILS, "a %s has no screen", job->model->name);
    else
        code = err ? sub_error(EXIT_REFUSED, "no picture: %s", strerror(err))
                   : picture_write(im, job->picture);
    mem_deref(im);
    mem_deref(f);
    return code;
}

/* What a phone shows in place of an object it cannot take (section 10). */
static int show_error(const struct job *job, int err, const struct parse_err *pe)
{
    struct screen s;
    struct xml_view v;
    struct xml_page *p = NULL;

    screen_clear(&s, "xml");
    if (job->model->lcd.width_px &&
        xml_page_error(&p, job->model, xml_error_text(job->model, err)) == 0 &&
        xml_view_init(&v, p, job->model) == 0) {
        xml_view_screen(&v, &s);
        xml_view_reset(&v);
    }
    print(job, NULL, &s, pe->text);
    const int code = draw(job, &s);
    if (!job->json)
        print_place(job, pe->line, pe->text);
    mem_deref(p);
    return code ? code : EXIT_FAILS;
}

/* A URL, or a file beside the page's own. */
static void picture_name(const struct job *job, const char *url, char *out, size_t size)
{
    const char *slash = strrchr(job->source, '/'), *file = xml_tftp_file(url);

    if (file) /* the phone's TFTP server is not known here: as if it served the page, too */
        url = file;
    if (strstr(url, "://") || strstr(job->source, "://"))
        page_resolve(out, size, job->source, url);
    else
        snprintf(out, size, "%.*s%s", *url == '/' || !slash ? 0 : (int)(slash - job->source + 1),
                 job->source, url);
}

static struct image *read_picture(struct job *job, const char *url)
{
    struct xml_request request;
    struct fetch_req req = {.timeout_ms = 0};
    char name[XML_URI_BYTES], text[XML_URI_BYTES + 300];
    struct image *im = NULL;
    struct source src;

    if (xml_resource_name(url)) { /* icons of a menu are not among the files */
        snprintf(text, sizeof(text), "%s: the phone's own icons are for menus", url);
        warn_handler(0, text, job);
        return NULL;
    }
    picture_name(job, url, name, sizeof(name));
    xml_request_fill(&request, &req, job->model, &job->id, NULL);
    const int err = source_read(&src, name, &req);
    if (err || xml_file_decode(&im, job->model, src.data, src.len)) {
        snprintf(text, sizeof(text), "%s: %s", name, err ? src.error : "no picture of use");
        warn_handler(0, text, job);
    }
    source_reset(&src);
    return im;
}

/* What of the pictures has no room (xml-services.md 3.4, 3.9). */
static void check_pictures(struct job *job, const struct xml_view *v, const struct screen *s)
{
    const struct screen_picture *pic = &s->picture;
    struct fb_rect pane;
    char text[120];

    for (unsigned i = 1; i < XML_FILES_MAX; i++) {
        const struct image *im = v->files[i];
        if (!im || (im->width <= XML_RESOURCE_PX && im->height <= XML_RESOURCE_PX))
            continue;
        snprintf(text, sizeof(text), "icon of %ux%u: %dx%d of it are drawn", im->width, im->height,
                 XML_RESOURCE_PX, XML_RESOURCE_PX);
        warn_handler(0, text, job);
    }
    if (!pic->file || !paint_pane(job->model, s, &pane))
        return;
    if ((pic->x > 0 ? pic->x : 0) + pic->width <= pane.w &&
        (pic->y > 0 ? pic->y : 0) + pic->height <= pane.h)
        return;
    snprintf(text, sizeof(text), "picture of %ux%u, the display has %dx%d for it: clipped",
             pic->width, pic->height, pane.w, pane.h);
    warn_handler(0, text, job);
}

static int show(struct job *job, const struct xml_page *p)
{
    struct image *files[XML_FILES_MAX] = {NULL};
    struct screen s;
    struct xml_view v;

    if (xml_view_init(&v, p, job->model))
        return sub_error(EXIT_REFUSED, "out of memory");
    for (unsigned i = 0; i < XML_FILES_MAX; i++) {
        if (xml_page_file(p, i) && p->type->to_screen)
            v.files[i] = files[i] = read_picture(job, xml_page_file(p, i));
    }
    xml_view_screen(&v, &s);
    if (p->type->to_screen && !p->type->displayable) { /* a Status, above the idle screen */
        snprintf(s.app, sizeof(s.app), "idle");
        s.overlay = (uint8_t)s.n_rows;
    }
    check_pictures(job, &v, &s);
    print(job, p, &s, NULL);
    const int code = draw(job, &s);
    if (!job->json && !p->type->to_screen)
        fprintf(stderr, "%s: %s shows nothing by itself\n", job->source, p->type->root);
    if (!job->json && p->type->kind == XML_KIND_EXECUTE) {
        for (unsigned i = 0; i < p->n_items; i++) {
            if (!p->items[i].number)
                fprintf(stderr, "%s: it runs %s\n", job->source, p->items[i].url);
        }
    }
    xml_view_reset(&v);
    for (unsigned i = 0; i < XML_FILES_MAX; i++)
        mem_deref(files[i]);
    return code ? code : p->unsound ? EXIT_FAILS : EXIT_HOLDS;
}

static int render(struct job *job)
{
    struct xml_request request;
    struct fetch_req req = {.timeout_ms = 0};
    struct parse_err pe = {.text = ""};
    struct xml_page *page = NULL;
    struct source src;
    int code;

    device_serial(job->serial, job->model, job->id.mac);
    job->id.firmware = job->firmware;
    job->id.serial = job->serial;
    xml_request_fill(&request, &req, job->model, &job->id, NULL);
    if (source_read(&src, job->source, &req))
        return sub_error(EXIT_USAGE, "%s: %s", job->source, src.error);
    const struct xml_read_config cfg = {
        .model = job->model,
        .firmware = job->firmware,
        .content_type = src.content_type[0] ? src.content_type : NULL,
        .strict = job->strict,
        .warn = warn_handler,
        .arg = job,
    };
    const int err = xml_page_parse(&page, &cfg, src.data, src.len, &pe);
    code = err == ENOMEM ? sub_error(EXIT_REFUSED, "out of memory")
           : err         ? show_error(job, err, &pe)
                         : show(job, page);
    mem_deref(page);
    source_reset(&src);
    return code;
}

static const struct farm_option own_options[] = {
    {"model", "M", "SPA504G without it", false},
    {"firmware", "V", "the model's newest without it", false},
    {"text", NULL, "the screen as text", false},
    {"json", NULL, "machine-readable", false},
    {"o", "F.png", "the screen as a picture", false},
    {"scale", "N", "the lit glass, 2 to 16 times", false},
    {"strict", NULL, "what breaks the schema is an error", false},
};

static int take_scale(struct job *job, const char *value)
{
    char *end;
    const long scale = strtol(value, &end, 10);

    if (*end || !*value || scale < 1 || scale > SCALE_MAX)
        return sub_error(EXIT_USAGE, "--scale: \"%s\" is no number from 1 to %d", value, SCALE_MAX);
    job->scale = (unsigned)scale;
    return EXIT_HOLDS;
}

static int take_option(const char *name, const char *value, void *arg)
{
    struct job *job = arg;

    if (strcmp(name, "json") == 0)
        job->json = true;
    else if (strcmp(name, "strict") == 0)
        job->strict = true;
    else if (strcmp(name, "o") == 0)
        job->picture = value;
    else if (strcmp(name, "text") == 0)
        job->text = true;
    else if (strcmp(name, "scale") == 0)
        return take_scale(job, value);
    else if (strcmp(name, "firmware") == 0)
        job->firmware = value;
    else if (strcmp(name, "model") == 0 && !(job->model = device_model_find(value)))
        return sub_error(EXIT_USAGE, "--model: there is no model \"%s\" (see spafarm models)",
                         value);
    return EXIT_HOLDS;
}

static int read_options(struct job *job, int argc, char **argv)
{
    struct args a = {.argc = argc,
                     .argv = argv,
                     .next = 1,
                     .sub = "render",
                     .tables = {own_options},
                     .n = {sizeof(own_options) / sizeof(own_options[0])}};

    return args_read_one(&a, &job->source, "one object", take_option, job);
}

static int run(int argc, char **argv)
{
    struct job job = {.model = device_model_find("SPA504G"),
                      .scale = 1,
                      .id = {.mac = {0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}}};
    int code = read_options(&job, argc, argv);

    if (code)
        return code;
    if (!job.firmware)
        job.firmware = device_model_newest(job.model);
    if (!device_version_valid(job.model, job.firmware))
        return sub_error(EXIT_USAGE, "--firmware: \"%s\" is no firmware version of a %s",
                         job.firmware, job.model->name);
    if (!job.source)
        return sub_error(EXIT_USAGE, "render wants a FILE, a URL or -");
    if (job.scale > 1 && !job.picture)
        return sub_error(EXIT_USAGE, "--scale is for a picture: give -o F.png as well");
    if (job.picture && strcmp(job.picture, "-") == 0 && (job.json || job.text))
        return sub_error(EXIT_USAGE, "-o - and the words cannot both go to stdout");
    job.warnings = json_array();
    code = render(&job);
    json_decref(job.warnings);
    return code;
}

const struct sub sub_render = {
    .name = "render",
    .args = "[FILE|URL|-] [--model M] [-o F.png] [--text]",
    .help = "what a model shows for an XML object, and what it refuses or cuts",
    .details =
        "  --model M      SPA504G without it\n"
        "  --firmware V   the model's newest without it\n"
        "  --text         the screen as text (the default; with -o: as well)\n"
        "  -o F.png       the screen as a picture (- = stdout)\n"
        "  --scale N      the picture as lit glass, 2 to 16 pixels for one\n"
        "  --json         machine-readable\n"
        "  --strict       what breaks the schema is an error\n"
        "\nThe screen goes to stdout, warnings with line and reason to stderr. Exit code 1: "
        "the phone\nshows an error in place of the object, or the object's tags do not match.\n",
    .run = run,
};
