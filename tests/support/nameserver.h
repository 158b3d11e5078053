/* SPDX-License-Identifier: BSD-3-Clause */
/* An in-process name server for unit tests: a small zone, counted questions, answers by hand. */
#ifndef TESTS_SUPPORT_NAMESERVER_H
#define TESTS_SUPPORT_NAMESERVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct nameserver;

enum { NAMESERVER_BYTES = 2048 };

struct nameserver *nameserver_open(struct loop *lp);
void nameserver_close(struct nameserver *s);

/** "127.0.0.1:PORT", borrowed. */
const char *nameserver_text(const struct nameserver *s);

/* Fill the zone. Who asks for what is not there is told "no such name". */
void nameserver_a(struct nameserver *s, const char *name, uint32_t ttl_s, const char *addr);
void nameserver_srv(struct nameserver *s, const char *name, uint32_t ttl_s, unsigned priority,
                    unsigned weight, unsigned port, const char *target);
void nameserver_naptr(struct nameserver *s, const char *name, unsigned order, unsigned preference,
                      const char *flags, const char *service, const char *regexp,
                      const char *replacement);
void nameserver_clear(struct nameserver *s);

/** Send the A records of SRV targets along. */
void nameserver_additional(struct nameserver *s, bool on);

/** Answer nothing (the last question is kept). */
void nameserver_silent(struct nameserver *s, bool on);

/** Send datagrams with one answer record alone, marked as cut short; tcp: all of them by TCP on the
 *  same port. */
void nameserver_truncate(struct nameserver *s, bool tcp);

/** Questions so far: of all kinds, or for one name (either case). */
unsigned nameserver_asked(const struct nameserver *s, const char *name);

/** The answer the last question would have got, and sending it, or what was made of it. */
size_t nameserver_print(const struct nameserver *s, uint8_t answer[NAMESERVER_BYTES]);
void nameserver_send(struct nameserver *s, const uint8_t *answer, size_t len);

#endif
