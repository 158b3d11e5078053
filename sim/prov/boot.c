/* SPDX-License-Identifier: BSD-3-Clause */
/* The boot files of the 7940 and 7960 over TFTP (provisioning.md 17.2). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/model.h"
#include "sim/prov/cnf.h"
#include "sim/prov/machine.h"

/* These phones have no rules of their own; one that is given goes first [DEF]. */
bool prov_boots_from_files(const struct prov *p, const struct dhcp_hint *hint)
{
    static const enum param_id rules[] = {P_Profile_Rule, P_Profile_Rule_B, P_Profile_Rule_C,
                                          P_Profile_Rule_D};

    for (unsigned i = 0; i < 4; i++) {
        if (*param_get(p->cfg.params, rules[i], 0))
            return false;
    }
    return p->cfg.model->family == FAMILY_CP79XX && hint->server[0];
}

bool prov_boot_next(struct prov *p, const struct dhcp_hint *hint, fetch_h *h, int *err)
{
    struct pass *pass = p->pass;
    char name[160] = "";

    if (!pass->boot)
        pass->boot = calloc(1, sizeof(*pass->boot));
    *err = pass->boot ? 0 : ENOMEM;
    if (*err)
        return true;
    if (pass->rule == CNF_SYNC && pass->cause != PROV_EXPLICIT)
        pass->rule++;
    if (pass->boot->in_sync)
        return false;
    for (; pass->rule < CNF_FILES && !*name; pass->rule += !*name)
        cnf_file_name(name, sizeof(name), (enum cnf_file)pass->rule, p->cfg.id->mac,
                      pass->boot->cfg_dir, pass->boot->dial_template);
    if (!*name)
        return false;
    rule_request_reset(&pass->req);
    if (asprintf(&pass->req.url, "tftp://%s/%s", hint->server, name) < 0) {
        pass->req.url = NULL;
        *err = ENOMEM;
        return true;
    }
    snprintf(pass->fetching, sizeof(pass->fetching), "%s", pass->req.url);
    *err = prov_fetch(p, h);
    return true;
}

/* Told to look (check-sync) it reads its files when SYNC is another one than theirs [U], or when
 * there is no such file [DEF]. */
static int apply_sync(struct prov *p, const struct fetch_reply *r, struct outcome *o)
{
    struct parse_err pe = {.text = ""};
    char sync[sizeof(p->sync)];

    const int err = cnf_sync(sync, sizeof(sync), r->body, r->len, p->cfg.id->firmware, &pe);
    if (err) {
        prov_corrupt(o, err, &pe);
    } else if (*p->sync && strcmp(sync, p->sync) == 0) {
        p->pass->boot->in_sync = true;
        p->pass->boot->n_found = 1;
    }
    return err;
}

int prov_boot_apply(struct prov *p, const struct fetch_reply *r, struct outcome *o)
{
    if (p->pass->rule == CNF_SYNC)
        return apply_sync(p, r, o);
    if (p->pass->rule == CNF_OS79XX) /* the name of the load; loads come with upgrades */
        return 0;
    const int err = prov_apply(p, r, o);
    p->pass->boot->n_found += !err && p->pass->rule != CNF_DIALPLAN;
    return err;
}
