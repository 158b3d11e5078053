/* SPDX-License-Identifier: BSD-3-Clause */
/* "Profile account setup" of the 6800: what a provisioning server that challenges is answered with
 * (provisioning.md 10, M1). */
#include <stdio.h>

#include "sim/phone/apps/apps.h"
#include "sim/phone/priv.h"
#include "sim/prov/prov.h"

static enum prov_account kind(const struct phone *ph)
{
    return prov_account_kind(ph->model, ph->params);
}

static void load(const struct phone *ph, unsigned field, char *buf, size_t size)
{
    if (field == 0 && ph->prov)
        snprintf(buf, size, "%s", prov_account_uid(ph->prov));
}

static int save(struct phone *ph)
{
    int err = phone_set_account(ph, ph->apps->fields[0].text, ph->apps->fields[1].text);

    (void)app_close(ph);
    if (!err)
        err = phone_resync(ph, NULL);
    return app_say(ph, err ? "Service Not Available" : "Resync In Progress");
}

static const struct app_edit basic = {.title = "Profile account setup",
                                      .labels = {"Username:", "Password:"},
                                      .sets = {KEY_SET_ANY, KEY_SET_ANY},
                                      .n_fields = 2,
                                      .password = 2,
                                      .load = load,
                                      .save = save};
static const struct app_edit xsi = {.title = "Profile account setup",
                                    .labels = {"XSI user ID:", "XSI password:"},
                                    .sets = {KEY_SET_ANY, KEY_SET_ANY},
                                    .n_fields = 2,
                                    .password = 2,
                                    .load = load,
                                    .save = save};

bool app_has_account(const struct phone *ph)
{
    return kind(ph) != PROV_ACCOUNT_NONE;
}

int app_open_account(struct phone *ph)
{
    const bool is_xsi = kind(ph) == PROV_ACCOUNT_XSI;

    if (!app_has_account(ph))
        return 0;
    const int opened = app_open(ph, &app_edit, is_xsi ? &xsi : &basic, 0);
    phone_screen_changed(ph);
    return opened;
}
