/* SPDX-License-Identifier: BSD-3-Clause */
/* What servers asked a phone to say again (xml-services.md 8.4): four cookies a host, eight hosts,
 * dropped after half an hour. Pure: time comes in. */
#ifndef SIM_XML_COOKIES_H
#define SIM_XML_COOKIES_H

#include <stddef.h>
#include <stdint.h>

struct cookie_jar;

/** An empty one; *jp by mem_deref(). ENOMEM. */
int cookie_jar_alloc(struct cookie_jar **jp);

/** A Set-Cookie line of a host; its attributes do not count. What is too long is not kept. */
void cookie_jar_put(struct cookie_jar *j, const char *host, const char *line, uint64_t now_ms);

/** Value of the Cookie line for a host, "" = none. Returns buf. */
const char *cookie_jar_get(struct cookie_jar *j, const char *host, uint64_t now_ms, char *buf,
                           size_t size);

#endif
