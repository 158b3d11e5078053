/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIM_XML_WARN_H
#define SIM_XML_WARN_H

/** What a phone repairs, cuts or ignores in a document; text is borrowed. */
typedef void(xml_warn_h)(int line, const char *text, void *arg);

#endif
