/* SPDX-License-Identifier: BSD-3-Clause */
/* The profile account of a 6800: what its user gave for servers that challenge, where the rule has
 * no credentials (provisioning.md 10, M1). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/prov/machine.h"

struct account {
    char *uid, *pwd;
    enum prov_account kind; /* when it was given */
};

enum prov_account prov_account_kind(const struct device_model *m, const struct param_set *ps)
{
    const char *type = param_get(ps, P_Profile_Authentication_Type, 0);

    if (m->family != FAMILY_MPP68XX || strcasecmp(type, "Disabled") == 0)
        return PROV_ACCOUNT_NONE;
    return strncasecmp(type, "XSI", 3) == 0 ? PROV_ACCOUNT_XSI : PROV_ACCOUNT_BASIC;
}

static enum prov_account kind(const struct prov *p)
{
    return prov_account_kind(p->cfg.model, p->cfg.params);
}

void prov_account_close(struct prov *p)
{
    if (p->account) {
        free(p->account->uid);
        free(p->account->pwd);
    }
    free(p->account);
    p->account = NULL;
}

int prov_account_set(struct prov *p, const char *uid, const char *pwd)
{
    struct account *a = *uid ? calloc(1, sizeof(*a)) : NULL;

    prov_account_close(p);
    p->account = a;
    p->account_wanted = false;
    if (!a)
        return *uid ? ENOMEM : 0;
    a->kind = kind(p);
    a->uid = strdup(uid);
    a->pwd = strdup(pwd);
    if (a->uid && a->pwd)
        return 0;
    prov_account_close(p);
    return ENOMEM;
}

/* One of another type is none [DEF]. */
static const struct account *account_of(const struct prov *p)
{
    return p->account && p->account->kind == kind(p) ? p->account : NULL;
}

const char *prov_account_uid(const struct prov *p)
{
    const struct account *a = account_of(p);

    return a ? a->uid : "";
}

void prov_account_give(const struct prov *p, const char **uid, const char **pwd)
{
    const struct account *a = *uid ? NULL : account_of(p);

    if (!a)
        return;
    *uid = a->uid;
    *pwd = a->pwd;
}

void prov_account_refused(struct prov *p, unsigned status)
{
    if (status == 401 && !p->pass->req.uid && kind(p) != PROV_ACCOUNT_NONE && !account_of(p) &&
        !p->account_asked)
        p->account_wanted = true;
}

bool prov_account_wanted(struct prov *p)
{
    const bool wanted = p->account_wanted;

    p->account_asked |= wanted;
    p->account_wanted = false;
    return wanted;
}
