/* SPDX-License-Identifier: BSD-3-Clause */
/* What a phone tells its syslog server of resyncs and upgrades (provisioning.md 12). */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/net/syslog.h"
#include "sim/prov/machine.h"

/* Names of SPA phones and of MPP ones (5.2) */
static enum param_id template_of(const struct prov *p, enum prov_message m)
{
    const bool mpp = p->cfg.model->family == FAMILY_MPP68XX;

    switch (m) {
    case PROV_MSG_RESYNC_REQUEST:
        return mpp ? P_Log_Request_Msg : P_Log_Resync_Request_Msg;
    case PROV_MSG_RESYNC_SUCCESS:
        return mpp ? P_Log_Success_Msg : P_Log_Resync_Success_Msg;
    case PROV_MSG_RESYNC_FAILURE:
        return mpp ? P_Log_Failure_Msg : P_Log_Resync_Failure_Msg;
    case PROV_MSG_UPGRADE_REQUEST:
        return P_Log_Upgrade_Request_Msg;
    case PROV_MSG_UPGRADE_SUCCESS:
        return P_Log_Upgrade_Success_Msg;
    case PROV_MSG_UPGRADE_FAILURE:
        break;
    }
    return P_Log_Upgrade_Failure_Msg;
}

static void one_line(char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < ' ')
            *text = ' ';
    }
}

void prov_log(struct prov *p, enum prov_message m, const char *url, struct in_addr server,
              const char *err_text)
{
    const struct param_set *ps = p->cfg.params;
    const char *template = param_get(ps, template_of(p, m), 0);
    const char *syslog = param_get(ps, P_Syslog_Server, 0);
    const char *debug = param_get(ps, P_Debug_Server, 0);
    const bool failed = m == PROV_MSG_RESYNC_FAILURE || m == PROV_MSG_UPGRADE_FAILURE;
    struct reading r;
    char *text = NULL;

    if (!p->cfg.log || !*template || !*syslog)
        return;
    prov_reading_init(&r, p);
    r.values.url = url;
    r.values.server = server;
    r.values.err = err_text;
    if (macro_expand(&text, template, macro_value, &r))
        return;
    one_line(text);
    const unsigned priority = failed ? SYSLOG_LOCAL0_ERROR : SYSLOG_LOCAL0_INFO;
    syslogger_send(p->cfg.log, syslog, p->cfg.local, priority, text);
    syslogger_send(p->cfg.log, debug, p->cfg.local, priority, text); /* too, if both are set */
    free(text);
}

void prov_debug(struct prov *p, unsigned level, const char *format, ...)
{
    const char *debug = param_get(p->cfg.params, P_Debug_Server, 0);
    const uint8_t *m = p->cfg.id->mac;
    char text[512];
    va_list ap;

    if (!p->cfg.log || !*debug || param_u32(p->cfg.params, P_Debug_Level, 0) < level)
        return;
    const int n = snprintf(text, sizeof(text), "%s %02x:%02x:%02x:%02x:%02x:%02x -- ",
                           p->cfg.model->product, m[0], m[1], m[2], m[3], m[4], m[5]);
    va_start(ap, format);
    (void)vsnprintf(text + n, sizeof(text) - (size_t)n, format, ap);
    va_end(ap);
    one_line(text);
    syslogger_send(p->cfg.log, debug, p->cfg.local, SYSLOG_LOCAL0_DEBUG, text);
}
