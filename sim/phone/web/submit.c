/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * "Submit All Changes": everything is applied at once, as a profile would be, and the phone
 * restarts where that is necessary (provisioning.md 11). A form carries the names of profile
 * elements [DEF]; it may name parameters of other tabs, too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/phone/web/form.h"
#include "sim/phone/web/html.h"
#include "sim/phone/web/pages.h"

static void refuse(struct submit_result *r, const char *name, const char *why)
{
    const size_t at = strlen(r->refused);

    r->n_refused++;
    if (at + strlen(name) + strlen(why) + 6 < sizeof(r->refused))
        snprintf(r->refused + at, sizeof(r->refused) - at, "%s%s (%s)", at ? ", " : "", name, why);
}

/* What the page showed comes back as it was shown. */
static bool is_untouched(const struct phone *ph, enum param_id id, uint16_t index,
                         const char *posted)
{
    const char *value = param_get(ph->params, id, index);

    if (param_def_get(id)->type == PARAM_SECRET && strcmp(posted, web_mask) == 0)
        return true;
    char *shown = html_shown(value);
    const bool same = !shown || strcmp(shown, posted) == 0 || strcmp(value, posted) == 0;
    free(shown);
    return same;
}

static void take(const struct web_call *c, const struct form_field *field, struct submit_result *r)
{
    enum param_id id;
    uint16_t index;

    if (!param_find(c->ph->model, field->name, &id, &index) ||
        web_access(c, id, index) == PAGE_HIDDEN)
        refuse(r, field->name, "no such parameter here");
    else if (strlen(field->value) != field->value_len)
        refuse(r, field->name, "not a value for it");
    else if (is_untouched(c->ph, id, index, field->value))
        return;
    else if (web_access(c, id, index) != PAGE_WRITABLE)
        refuse(r, field->name, "read only");
    else if (phone_store(c->ph, field->name, field->value))
        refuse(r, field->name, "not a value for it");
    else
        r->n_changed++;
}

void web_submit(const struct web_call *c, struct submit_result *r)
{
    char *form = malloc(c->req->body_len + 1), *at = form;
    struct form_field field;

    *r = (struct submit_result){.n_changed = 0};
    if (!form)
        return;
    memcpy(form, c->req->body, c->req->body_len);
    form[c->req->body_len] = '\0';
    while (form_next(&at, form + c->req->body_len, &field))
        take(c, &field, r);
    free(form);
    phone_submit(c->ph);
    r->restarts =
        c->ph->restart || (c->ph->state != PHONE_UP && c->ph->state != PHONE_PROVISIONING);
}
