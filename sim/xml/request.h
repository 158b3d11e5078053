/* SPDX-License-Identifier: BSD-3-Clause */
/* What a model says when it asks for a page (xml-services.md 8.1). Pure. */
#ifndef SIM_XML_REQUEST_H
#define SIM_XML_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct device_identity;
struct device_model;
struct fetch_req;

enum { XML_HEADERS_MAX = 10, XML_COOKIE_BYTES = 4 * 260 };

struct xml_request {
    char agent[160], display[64], model[64], cookie[XML_COOKIE_BYTES + 16];
    const char *headers[XML_HEADERS_MAX];
};

struct xml_request_extra {
    const char *cookie; /* value of the Cookie line; NULL or "" = none */
    bool names_model;   /* a SPA or 6800 tells its model as a 79xx does (8.1) */
};

/** Fill user_agent, headers and the limits of req; its strings live in out. extra may be NULL. */
void xml_request_fill(struct xml_request *out, struct fetch_req *req, const struct device_model *m,
                      const struct device_identity *id, const struct xml_request_extra *extra);

#endif
