/* SPDX-License-Identifier: BSD-3-Clause */
/* For the obj_*.c files: fields of an element, with limits, defaults and warnings. */
#ifndef SIM_XML_READ_H
#define SIM_XML_READ_H

#include "sim/xml/page.h"
#include "sim/xml/tree.h"

struct xml_reader {
    const struct xml_read_config *cfg;
    struct xml_page *page;
    struct parse_err *pe;
    unsigned column; /* of the support table */
    int line_offset;
    int err; /* first one; what is read after it does not count */
};

enum xml_space {
    XML_TRIM,
    XML_COLLAPSE, /* runs become one blank */
    XML_NAME,     /* the same, but a carriage return begins another line (3.3) */
    XML_KEEP_LINES
};

struct xml_text_rule {
    const char *name;
    unsigned max; /* characters */
    enum xml_space space;
};

/** Something the phone repairs, cuts or ignores; an error in strict mode. */
void xml_note(struct xml_reader *r, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** Something worth a word in either mode. */
void xml_advise(struct xml_reader *r, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** The document is refused in either mode. */
void xml_refuse(struct xml_reader *r, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** Is the element called so? Case does not count. */
bool xml_is(const struct xml_node *n, const char *name);

/** First child of that name that is not empty, else the first, else NULL. */
const struct xml_node *xml_child(const struct xml_node *parent, const char *name);

/** Text of a child, trimmed and cut to the rule; "" when absent. Lives as long as the page. */
const char *xml_text(struct xml_reader *r, const struct xml_node *parent,
                     const struct xml_text_rule *rule);

/** The same of the element itself; the rule's name is for messages. */
const char *xml_own_text(struct xml_reader *r, const struct xml_node *n,
                         const struct xml_text_rule *rule);

/** The same of an attribute. */
const char *xml_attr_text(struct xml_reader *r, const struct xml_node *n, const char *name,
                          unsigned max);

/** Tell of attributes that are none of these (ended by NULL). */
void xml_check_attrs(struct xml_reader *r, const struct xml_node *n, const char *const *names);

/** Whole number of a child; def when absent, not a number or outside (which is told). */
int32_t xml_int(struct xml_reader *r, const struct xml_node *parent, const char *name, int32_t min,
                int32_t max, int32_t def);
/** The same of an attribute. */
int32_t xml_attr_int(struct xml_reader *r, const struct xml_node *n, const char *name, int32_t min,
                     int32_t max, int32_t def);

/** Children of that name, cut to max with a word about the rest; 0 = none. */
unsigned xml_count(struct xml_reader *r, const struct xml_node *parent, const char *name,
                   unsigned max);

/** Tell of children that are none of these (ended by NULL) nor common to displayable objects. */
void xml_check_children(struct xml_reader *r, const struct xml_node *parent,
                        const char *const *names, bool common);

/* check.c: a word to the author */

/** About a URI that this model does not run, or not here. what: where it stands. */
void xml_check_uri(struct xml_reader *r, int line, const char *what, const char *uri);
void xml_check_down(struct xml_reader *r, int line, const char *uri); /* a URLDown */

enum xml_room { XML_ROOM_ROW, XML_ROOM_SOFTKEY };
/** About a text that the display has no room for. */
void xml_check_width(struct xml_reader *r, int line, const char *what, const char *text,
                     enum xml_room room);

/** Zeroed memory that lives as long as the page. NULL: r->err is ENOMEM. */
void *xml_alloc(struct xml_reader *r, size_t size);

/** Title, Prompt, soft keys, key items, attributes (section 2). */
void xml_read_common(struct xml_reader *r, const struct xml_node *root);

struct xml_menu_rule {
    unsigned max_items;
    unsigned max_name; /* characters */
    bool icons;        /* IconIndex counts */
    bool touch;        /* TouchArea counts */
};
/** MenuItems of a menu, into r->page; what goes wrong is in r->err. */
void xml_read_menu_items(struct xml_reader *r, const struct xml_node *root,
                         const struct xml_menu_rule *rule);

/** LocationX, LocationY. */
void xml_read_location(struct xml_reader *r, const struct xml_node *n, int max_x, int max_y,
                       struct xml_picture *pic);

/** Width, Height, Depth, Data (section 3.9), unpacked; max sizes from the schema. */
void xml_read_picture(struct xml_reader *r, const struct xml_node *n, int max_w, int max_h,
                      struct xml_picture *pic);

#endif
