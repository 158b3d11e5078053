/* SPDX-License-Identifier: BSD-3-Clause */
/* What options and account row set on a phone: servers, account, --set. */
#include "sim/farm/member.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "devices/params.h"
#include "sim/farm/accounts.h"
#include "sim/farm/priv.h"
#include "sim/farm/template.h"

enum { OWN_SETS = 5 }; /* User_ID, Password, Proxy, Profile_Rule, SIP_Transport */

static bool knows(const struct device_model *model, const char *name)
{
    enum param_id id;
    uint16_t index;
    return param_find(model, name, &id, &index);
}

static void choose_servers(struct maker *m, struct member *w)
{
    w->registrar = member_pick(m, w, "registrar", m->o->registrar);
    w->profile_rule = member_pick(m, w, "profile-rule", m->o->profile_rule);
    w->lab = m->f->lab_registrar && !w->registrar && !w->profile_rule;
    w->provision = !m->o->no_provision && (w->lab || w->profile_rule);
    /* Without a known factory rule the phone goes straight to the lab's second file, unless it was
     * told by DHCP where its boot files are; one that reads no flat profiles is set up by hand. */
    const bool told = m->o->dhcp_options && w->model->family == FAMILY_CP79XX;
    if (w->lab && w->provision && !*w->model->default_rule && !told) {
        if (knows(w->model, "Profile_Rule") && *m->f->lab_rule)
            w->profile_rule = m->f->lab_rule;
        else
            w->provision = false;
    }
    if (w->lab && !w->provision)
        w->registrar = m->f->lab_registrar;
    if (w->profile_rule && !w->provision)
        w->profile_rule = NULL;
}

/* name ends at a "=", if there is one. */
static int push_set(struct member *w, const char *name, const char *value)
{
    char *text;

    if (asprintf(&text, "%.*s=%s", (int)strcspn(name, "="), name, value) < 0)
        return ENOMEM;
    w->sets[w->n_sets++] = text;
    return 0;
}

/* Prints the template of an option; a fault is told with both. */
static int print_template(struct maker *m, struct member *w, const struct template_vars *v,
                          const char *option, const char *tmpl, char **value)
{
    char why[200], text[400];
    const int e = template_print(value, tmpl, v, why, sizeof(why));

    if (e != EINVAL)
        return e;
    snprintf(text, sizeof(text), "--%s \"%.100s\": %s", option, tmpl, why);
    return member_refuse(m, w, option, text);
}

static int push_template(struct maker *m, struct member *w, const struct template_vars *v,
                         const char *option, const char *name, const char *tmpl)
{
    char *value;
    const int e = print_template(m, w, v, option, tmpl, &value);

    if (e)
        return e;
    const int pushed = push_set(w, name, value);
    free(value);
    return pushed;
}

/* {user} of this phone: its cell as it is, else the template. */
static int make_user(struct maker *m, struct member *w, struct template_vars *v, char **user)
{
    const char *cell = member_pick(m, w, "user", NULL);

    if (cell) {
        *user = strdup(cell);
        return *user ? 0 : ENOMEM;
    }
    return print_template(m, w, v, "user", m->o->user ? m->o->user : "{1000+n}", user);
}

static int set_account(struct maker *m, struct member *w, const struct template_vars *v)
{
    const char *cell = member_pick(m, w, "password", NULL);
    const char *tmpl = m->o->password;
    /* A profile that names the account is not overruled by a default nobody asked for. */
    const bool defaults = !w->provision || w->lab || w->registrar;
    int err = 0;

    if (defaults || m->o->user || member_pick(m, w, "user", NULL))
        err = push_set(w, "User_ID_1_", v->user);
    if (!err && cell)
        err = push_set(w, "Password_1_", cell);
    else if (!err && (tmpl || defaults))
        err = push_template(m, w, v, "password", "Password_1_", tmpl ? tmpl : "pw-{user}");
    return err;
}

int member_make_sets(struct maker *m, struct member *w)
{
    struct template_vars v = {.n = w->n, .mac = w->mac, .ip = w->place.addr};
    size_t n = 0;
    char *user = NULL;

    choose_servers(m, w);
    if (m->accounts) {
        v.n_columns = m->accounts->n_columns;
        v.columns = m->accounts->columns;
        v.values = &m->accounts->cells[(w->index - 1) * v.n_columns];
    }
    while (m->o->sets && m->o->sets[n])
        n++;
    w->sets = calloc(n + OWN_SETS + 1, sizeof(*w->sets));
    if (!w->sets)
        return ENOMEM;
    int err = make_user(m, w, &v, &user);
    v.user = user;
    if (!err)
        err = set_account(m, w, &v);
    if (!err && w->registrar)
        err = push_set(w, "Proxy_1_", w->registrar);
    if (!err && w->profile_rule)
        err = push_set(w, "Profile_Rule", w->profile_rule);
    if (!err && w->transport)
        err = push_set(w, "SIP_Transport_1_", w->transport);
    for (size_t i = 0; i < n && !err; i++) {
        const char *eq = strchr(m->o->sets[i], '=');
        err = push_template(m, w, &v, "set", m->o->sets[i], eq + 1);
    }
    free(user);
    return err;
}

void member_sets_free(struct member *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        free(w->sets[i]);
    free(w->sets);
}
