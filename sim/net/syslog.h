/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines to syslog servers by UDP, each from its phone's own address (provisioning.md 12). One per
 * farm. */
#ifndef SIM_NET_SYSLOG_H
#define SIM_NET_SYSLOG_H

#include <netinet/in.h>

struct resolver;
struct syslogger;

/* local0, as facility and severity were not established [DEF] */
enum {
    SYSLOG_LOCAL0_ERROR = 16 * 8 + 3,
    SYSLOG_LOCAL0_INFO = 16 * 8 + 6,
    SYSLOG_LOCAL0_DEBUG = 16 * 8 + 7,
};

/** mem_deref() ends it; what waits for a name then is not sent. */
int syslogger_alloc(struct syslogger **sp, struct resolver *dns);

/** Send "<priority>text" to server, host[:port] with 514 as default; it is lost where that cannot
 *  be. An empty server is none. from 0 = any address. */
void syslogger_send(struct syslogger *s, const char *server, struct in_addr from, unsigned priority,
                    const char *text);

#endif
