/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a picture of a page comes from beside HTTP: a phone's own icons, its TFTP server
 * (xml-services.md 3.4). Pure. */
#ifndef SIM_XML_RESOURCE_H
#define SIM_XML_RESOURCE_H

#include <stdbool.h>

enum { XML_RESOURCE_PX = 18 }; /* icons of a file menu: 18x18 [DNMPP] */

/** Behind "Resource:", NULL = another source. */
const char *xml_resource_name(const char *url);

/** The shape of an icon's name, as screens call it (screen.h); "unknown" for one that no phone has,
 *  which *known says. */
const char *xml_resource_shape(const char *name, bool *known);

/** The file behind "TFTP:", NULL = another source. */
const char *xml_tftp_file(const char *url);

#endif
