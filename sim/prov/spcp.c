/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The files of a Cisco UC server, which a phone may ask for before it acts as a SIP phone
 * (provisioning.md 1.1 step 3). What they say is not taken: it stays a SIP phone [DEF].
 */
#include <stdio.h>
#include <stdlib.h>

#include "devices/model.h"
#include "sim/prov/machine.h"

enum { PROBES = 3 };

static bool probes(const struct prov *p, const struct dhcp_hint *hint)
{
    const struct param_set *ps = p->cfg.params;
    const enum device_family family = p->cfg.model->family;

    if (p->pass->cause != PROV_BOOT || p->pass->n_probes >= PROBES || !hint->server[0] ||
        !param_bool(ps, P_Sim_SPCP_Probe, 0))
        return false;
    if (family == FAMILY_SPA525)
        return param_bool(ps, P_SPA525_auto_detect_sccp, 0);
    return (family == FAMILY_SPA3XX || family == FAMILY_SPA5XX) &&
           param_bool(ps, P_SPCP_Auto_detect, 0);
}

bool prov_spcp_next(struct prov *p, const struct dhcp_hint *hint, fetch_h *h)
{
    static const struct {
        const char *head, *tail;
        bool has_mac;
    } names[PROBES] = {
        {"SEP", ".cnf.xml", true}, {"CTLSEP", ".tlv", true}, {"XMLDefault", ".cnf.xml", false}};
    const uint8_t *m = p->cfg.id->mac;
    char mac[13], agent[PROV_AGENT_BYTES];
    char *url = NULL;

    if (!probes(p, hint))
        return false;
    snprintf(mac, sizeof(mac), "%02X%02X%02X%02X%02X%02X", m[0], m[1], m[2], m[3], m[4], m[5]);
    const unsigned n = p->pass->n_probes++;
    if (asprintf(&url, "tftp://%s/%s%s%s", hint->server, names[n].head, names[n].has_mac ? mac : "",
                 names[n].tail) < 0)
        return false;
    struct fetch_req fr = prov_request(p, url, agent);
    fr.bare_path = true;
    const int err = fetch_start(&p->fetch, p->cfg.fetcher, &fr, h, p);
    free(url);
    return !err;
}
