/* SPDX-License-Identifier: BSD-3-Clause */
/* One XML object as a phone keeps it: flat, no tree (xml-services.md 2, 3, 11). */
#ifndef SIM_XML_PAGE_H
#define SIM_XML_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/err.h"
#include "sim/xml/warn.h"

struct device_model;
struct image;
struct xml_object_type;

enum xml_kind {
    XML_KIND_MENU,
    XML_KIND_ICON_MENU,
    XML_KIND_ICON_FILE_MENU,
    XML_KIND_DIRECTORY,
    XML_KIND_TEXT_PAGE,
    XML_KIND_INPUT,
    XML_KIND_IMAGE,
    XML_KIND_IMAGE_FILE,
    XML_KIND_GRAPHIC_MENU,
    XML_KIND_GRAPHIC_FILE_MENU,
    XML_KIND_EXECUTE,
    XML_KIND_RESPONSE,
    XML_KIND_STATUS,
    XML_KIND_STATUS_FILE,
    XML_KIND_ERROR,
};

enum {
    XML_NO_ICON = 255,
    XML_SOFTKEYS_MAX = 8, /* schema; later phones know positions up to 16 */
    XML_POSITIONS_MAX = 16,
    XML_KEYITEMS_MAX = 32,
    XML_ICONS_MAX = 10,
    XML_FIELDS_MAX = 5,
    XML_EXECUTE_MAX = 3,
    XML_FILES_MAX = XML_ICONS_MAX + 1, /* the picture's, the icons' */
    XML_FILE_SIDE_MAX = 1024,          /* pixels [DEF] */
};

struct xml_item { /* MenuItem, DirectoryEntry, ExecuteItem or ResponseItem */
    const char *name;
    const char *url;   /* target; DirectoryEntry: the number */
    const char *extra; /* ResponseItem: Data */
    uint8_t icon;      /* IconIndex or XML_NO_ICON */
    uint8_t priority;  /* ExecuteItem */
    bool touchable;
    uint16_t touch[4]; /* X1 Y1 X2 Y2 */
    int32_t number;    /* ResponseItem: Status. ExecuteItem: its Status as it is not run, else 0 */
};

struct xml_picture {
    int16_t x, y; /* -1 = centred */
    uint16_t width, height;
    const uint8_t *data; /* two bits a pixel, the leftmost lowest, rows joined; NULL = none */
    const char *url;     /* of a file; NULL = none */
};

struct xml_icon {
    uint8_t index;
    const char *shape; /* one of the phone's own (Resource:), as screen.h calls it; NULL = none */
    struct xml_picture picture;
};

enum xml_flag {
    XML_FLAG_ANY,
    XML_FLAG_PHONE,
    XML_FLAG_NUMBER,
    XML_FLAG_EQUATION,
    XML_FLAG_UPPER,
    XML_FLAG_LOWER
}; /* A T N E U L */

struct xml_field { /* InputItem */
    const char *label, *param, *value;
    enum xml_flag flag;
    bool password;
};

struct xml_softkey {
    const char *name, *url, *url_down;
    int8_t position; /* from 1; -1 = not drawn */
};

struct xml_keyitem {
    const char *key, *url, *url_down;
};

struct xml_page { /* texts are never NULL; all of it lives in the arena */
    const struct xml_object_type *type;
    const char *title, *prompt;
    const char *text; /* Text, Status, Error */
    const char *url;  /* Input: where the form goes; ImageFile */
    const char *app_id;
    struct xml_item *items;
    struct xml_field *fields;
    struct xml_icon *icons;
    struct xml_softkey *softkeys;
    struct xml_keyitem *keys;
    uint16_t n_items, n_fields, n_icons, n_softkeys, n_keys;
    struct xml_picture picture;
    uint16_t number; /* Error: Number; Status: Timer in s */
    bool has_timer;
    bool digits_to_call; /* keypadTarget="activeCall" */
    bool latin1;         /* a form sends its values in Latin-1, else UTF-8 */
    bool unsound;        /* shown, though its tags do not match or nothing in it is an object */
    struct arena arena;
};

struct xml_read_config { /* who reads, and how */
    const struct device_model *model;
    const char *firmware;     /* NULL = newest */
    const char *content_type; /* with charset, NULL = not known */
    bool strict;              /* what breaks the schema is an error */
    size_t max_bytes;         /* 0 = 65536 (8.5 [DEF]) */
    xml_warn_h *warn;         /* hears what the phone repairs, cuts or ignores; NULL = nobody */
    void *arg;
};

/**
 * Bytes of an answer → page, as this model takes it. text/html, text/plain and what is no object
 * become a Text page (8.3).
 *
 * Errors  EBADMSG not an object, or not valid (screen: error 4); EPROTO an object that the model
 *         does not know (error 5); E2BIG over max_bytes; ENODATA empty; ENOMEM. pe says why.
 */
int xml_page_parse(struct xml_page **pp, const struct xml_read_config *cfg, const uint8_t *data,
                   size_t len, struct parse_err *pe);

/** The screen a phone shows in place of a page (10): these words and Exit. ENOMEM. */
int xml_page_error(struct xml_page **pp, const struct device_model *m, const char *text);

/** URL of picture file i of the page: 0 the picture, from 1 the icons. NULL = none. */
const char *xml_page_file(const struct xml_page *p, unsigned i);

/** A picture file as it was fetched, as this model reads it; *ip by mem_deref(). EBADMSG; E2BIG. */
int xml_file_decode(struct image **ip, const struct device_model *m, const uint8_t *data,
                    size_t len);

/** Do services of this model come by HTTPS (9.5)? */
bool xml_takes_https(const struct device_model *m);

/** Words for an error of xml_page_parse() on this model. */
const char *xml_error_text(const struct device_model *m, int err);

/** Words for a request that failed: HTTP status, or 0 and fetch's own words. */
const char *xml_fetch_error_text(const struct device_model *m, unsigned status, const char *error,
                                 char *buf, size_t size);

#endif
