/* SPDX-License-Identifier: BSD-3-Clause */
/* What the screens share: soft keys and what they do wherever they appear (devices.md 5). */
#include <stdio.h>
#include <string.h>

#include "sim/lcd/screen.h"
#include "sim/phone/calls.h"
#include "sim/phone/features.h"
#include "sim/phone/priv.h"
#include "sim/phone/softkeys.h"

static unsigned page_of(const struct phone *ph, const char *list, struct softkey_page *page)
{
    return softkeys_page(page, list, ph->model->n_softkeys, ph->softkey_page);
}

const char *app_softkey(const struct phone *ph, const char *list, unsigned i)
{
    struct softkey_page page;

    if (i >= SOFTKEYS_PER_PAGE || !page_of(ph, list, &page) || !page.keys[i])
        return NULL;
    return page.keys[i]->keyword;
}

static const char *label_of(const struct phone *ph, const struct softkey *k)
{
    const bool wide = ph->model->lcd.depth_bits > 1; /* devices.md 5.3: where the cell is wider */

    if (strcmp(k->keyword, "dnd") == 0 && param_bool(ph->params, P_DND_Setting, 0))
        return wide ? "Clr DND" : "-dnd";
    if (strcmp(k->keyword, "cfwd") == 0 && *param_get(ph->params, P_Cfwd_All_Dest, 0))
        return wide ? "Clr Fwd" : "-cfwd";
    return wide ? k->wide : k->mono;
}

void app_softkeys(const struct phone *ph, const char *list, struct screen *s)
{
    struct softkey_page page;

    const unsigned n_pages = page_of(ph, list, &page);
    if (!n_pages)
        return;
    s->more_softkeys = n_pages > 1;
    s->n_softkeys = ph->model->n_softkeys;
    for (unsigned i = 0; i < s->n_softkeys; i++) {
        if (page.keys[i])
            snprintf(s->softkeys[i], sizeof(s->softkeys[i]), "%s", label_of(ph, page.keys[i]));
    }
}

int app_turn_page(struct phone *ph, const char *list, int step)
{
    struct softkey_page page;
    const unsigned n = page_of(ph, list, &page);

    if (n < 2)
        return 0;
    ph->softkey_page = (uint8_t)((ph->softkey_page + n + (unsigned)(step + (int)n)) % n);
    return 1;
}

int app_toggle_dnd(struct phone *ph)
{
    const bool on = param_bool(ph->params, P_DND_Setting, 0);

    if (param_set_value(ph->params, P_DND_Setting, 0, on ? "No" : "Yes", PARAM_FROM_USER, NULL))
        return 0;
    phone_features_changed(ph);
    return 1;
}

int app_toggle_forward(struct phone *ph)
{
    ph->softkey_page = 0;
    if (*param_get(ph->params, P_Cfwd_All_Dest, 0))
        return phone_forward_all(ph, "") == 0;
    return phone_input_open(ph, INPUT_CFWD_ALL, 0) == 0;
}

int app_redial(struct phone *ph)
{
    return ph->calls && ph->calls->last_number[0] && phone_dial(ph, ph->calls->last_number) == 0;
}

int app_call_return(struct phone *ph)
{
    return ph->calls && ph->calls->last_caller[0] && phone_dial(ph, ph->calls->last_caller) == 0;
}

int app_off_hook(struct phone *ph, unsigned line)
{
    if (ph->dial[0] && !phone_calls_focus(ph)) {
        const struct phone_calls *calls = phone_calls_get(ph);
        char number[sizeof(ph->dial)];

        memcpy(number, ph->dial, sizeof(number));
        ph->dial[0] = '\0';
        return calls && (phone_call_number(ph, line, number, NULL) == 0 || 1);
    }
    return phone_input_open(ph, INPUT_NUMBER, line) == 0;
}
