/* SPDX-License-Identifier: BSD-3-Clause */
/* POST /CGI/Execute without its HTTP: the form that came, the document that goes back
 * (xml-services.md 9.1, 3.12). Whoever calls has authenticated (9.2). */
#ifndef SIM_PHONE_EXECUTE_H
#define SIM_PHONE_EXECUTE_H

#include <stdbool.h>
#include <stddef.h>

struct phone;

struct phone_execute_answer {
    unsigned status;          /* of HTTP */
    const char *content_type; /* NULL = no body */
    char *body;               /* malloc()ed; NULL = none */
    bool waits;               /* it leaves when what was begun to play is over */
};

/** form: "XML=" and a percent-encoded document, Execute or anything to show. Errors: ENOMEM. */
int phone_execute(struct phone *ph, const char *form, size_t len, struct phone_execute_answer *a);

/** The field XML of a form, decoded; its name is case-sensitive. malloc()ed; NULL = none. Pure. */
char *phone_execute_document(const char *form, size_t len, size_t *n);

/** What a failed login is answered with where that is a document (79xx: Error 4, with 200). */
int phone_execute_denied(const struct phone *ph, struct phone_execute_answer *a);

#endif
