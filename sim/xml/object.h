/* SPDX-License-Identifier: BSD-3-Clause */
/* One kind of XML object: a file obj_<name>.c and a row in objects.c. */
#ifndef SIM_XML_OBJECT_H
#define SIM_XML_OBJECT_H

#include "sim/xml/page.h"
#include "sim/xml/view.h"

struct screen;
struct xml_node;
struct xml_reader;

enum {                         /* columns of the support table, xml-services.md 3.13 */
       XML_BLIND = 1 << 0,     /* SPA301, SPA501G: nothing to show on */
       XML_MONO = 1 << 1,      /* SPA303, SPA502G to 514G */
       XML_COLOR = 1 << 2,     /* SPA525G, G2 */
       XML_WIP = 1 << 3,       /* WIP310 */
       XML_MPP = 1 << 4,       /* 6851, 6861, 6871 */
       XML_MPP_SMALL = 1 << 5, /* 6821, 6841 */
       XML_CP79 = 1 << 6,      /* 7940, 7960 with SIP */
       XML_SPA_LCD = XML_MONO | XML_COLOR,
       XML_MPP_ALL = XML_MPP | XML_MPP_SMALL,
       XML_DISPLAYS = XML_SPA_LCD | XML_WIP | XML_MPP_ALL | XML_CP79,
};

enum xml_softkey_set { /* defaults of section 4.3 */
                       XML_SOFTKEYS_NONE,
                       XML_SOFTKEYS_LIST,
                       XML_SOFTKEYS_TEXT,
                       XML_SOFTKEYS_FORM,
                       XML_SOFTKEYS_DIRECTORY,
};

struct xml_object_type {
    const char *root; /* "CiscoIPPhoneMenu" */
    enum xml_kind kind;
    unsigned models; /* columns that know it */
    enum xml_softkey_set softkeys;
    bool displayable; /* has Title, Prompt, keys (section 2) */
    /** Fill the page from the element. Errors: EBADMSG (said in r), ENOMEM. */
    int (*parse)(struct xml_reader *r, const struct xml_node *root, struct xml_page *p);
    /** Body of the screen: rows, selection, picture. NULL = nothing to show. */
    void (*to_screen)(const struct xml_view *v, struct screen *s);
    /** A key with no other meaning; soft keys and KeyItems are dealt with before. NULL = none. */
    enum xml_key_result (*key)(struct xml_view *v, const struct xml_key *k, struct xml_action *a);
};

/** Does this action of "SoftKey:" mean something on the object (5.4)? Nothing to show: none does.
 */
bool xml_action_fits(const struct xml_object_type *t, const char *name);

/** Column of the support table. */
unsigned xml_column(const struct device_model *m);

extern const struct xml_object_type xml_object_menu, xml_object_icon_menu,
    xml_object_icon_file_menu, xml_object_directory, xml_object_text, xml_object_input,
    xml_object_image, xml_object_image_file, xml_object_graphic_menu, xml_object_graphic_file_menu,
    xml_object_execute, xml_object_response, xml_object_error, xml_object_status,
    xml_object_status_file;

#endif
