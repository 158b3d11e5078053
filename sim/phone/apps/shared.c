/* SPDX-License-Identifier: BSD-3-Clause */
/* A shared line that another phone uses: the Shared screens and their keys (devices.md
 * 4, 5.2, 6.3).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/utf8.h"
#include "sim/lcd/screen.h"
#include "sim/phone/calls.h"
#include "sim/phone/priv.h"
#include "sim/phone/shared.h"

/* "\"Name\" <sip:user@host>", or the address alone. */
void phone_shared_party(const char *uri, char *name, size_t name_size, char *number,
                        size_t number_size)
{
    const char *address = strchr(uri, '<');
    const char *user = address ? address + 1 : uri;
    char text[128];

    if (strncasecmp(user, "sip:", 4) == 0)
        user += 4;
    snprintf(text, sizeof(text), "%.*s", (int)strcspn(user, "@;>"), user);
    utf8_clean(number, number_size, text);
    snprintf(text, sizeof(text), "%.*s", address ? (int)(address - uri) : 0, uri);
    size_t len = strlen(text);
    while (len && (text[len - 1] == ' ' || text[len - 1] == '"'))
        text[--len] = '\0';
    utf8_clean(name, name_size, text + strspn(text, " \""));
}

static bool is_held(const struct phone_shared *sh, unsigned index)
{
    const enum sca_state state = (enum sca_state)sh->states[index];
    return state == SCA_HELD || state == SCA_HELD_PRIVATE || state == SCA_BRIDGE_HELD;
}

bool app_shared_shown(const struct phone *ph)
{
    const struct phone_shared *sh = phone_shared_line(ph, ph->shared_line);

    return sh && ph->shared_index && sh->states[ph->shared_index] != SCA_IDLE &&
           sh->states[ph->shared_index] != SCA_UNKNOWN && !phone_shared_own(sh, ph->shared_index);
}

static const char *key_list(const struct phone *ph)
{
    const struct phone_shared *sh = phone_shared_line(ph, ph->shared_line);

    return app_key_list(ph, is_held(sh, ph->shared_index) ? P_Shared_Held_Key_List
                                                          : P_Shared_Active_Key_List);
}

void app_shared_screen(const struct phone *ph, struct screen *s)
{
    const struct phone_shared *sh = phone_shared_line(ph, ph->shared_line);
    const char *uri = sh->uris[ph->shared_index];
    char name[64] = "", number[64] = "";

    if (!ph->model->lcd.width_px)
        return;
    if (uri)
        phone_shared_party(uri, name, sizeof(name), number, sizeof(number));
    snprintf(s->title, sizeof(s->title), "Shared");
    if (uri)
        snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "By: %.50s", name[0] ? name : number);
    snprintf(s->rows[s->n_rows++], sizeof(s->rows[0]), "%s",
             is_held(sh, ph->shared_index) ? "held" : "in-use");
    app_softkeys(ph, key_list(ph), s);
}

static int press_softkey(struct phone *ph, struct phone_shared *sh, const char *keyword)
{
    const unsigned index = ph->shared_index;
    const bool barge = strcmp(keyword, "barge") == 0, resume = strcmp(keyword, "resume") == 0;

    if (strcmp(keyword, "newcall") == 0) {
        ph->shared_index = 0;
        return phone_input_open(ph, INPUT_NUMBER, sh->line) == 0;
    }
    if ((barge && param_bool(ph->params, P_SCA_Barge_In_Enable, 0)) ||
        (resume && sh->states[index] != SCA_HELD_PRIVATE)) {
        ph->shared_index = 0;
        return phone_shared_take(sh, index) == 0;
    }
    return app_run_softkey(ph, keyword);
}

/** Returns 1 when the screen changed. */
int app_shared_key(struct phone *ph, const char *key, char digit)
{
    struct phone_shared *sh = phone_shared_line(ph, ph->shared_line);

    if (!digit && strncmp(key, "soft", 4) == 0) {
        const char *keyword = app_softkey(ph, key_list(ph), (unsigned)(key[4] - '1'));
        return keyword ? press_softkey(ph, sh, keyword) : 0;
    }
    if (strcmp(key, "right") == 0 || strcmp(key, "left") == 0)
        return app_turn_page(ph, key_list(ph), key[0] == 'r' ? 1 : -1);
    ph->shared_index = 0; /* any other key leaves it [DEF] */
    ph->softkey_page = 0;
    return 1;
}

/* devices.md 4: what is held there is resumed here; what is active there is not seized. */
bool phone_shared_pressed(struct phone *ph, unsigned key)
{
    const unsigned line = phone_key_line(ph, key);
    struct phone_shared *sh = phone_shared_line(ph, line);
    const unsigned index = sh ? phone_shared_remote(sh, key) : 0;

    if (!index)
        return false;
    for (const struct phone_call *pc = ph->calls ? ph->calls->list : NULL; pc; pc = pc->next) {
        if (pc->key == key && pc->line == line && phone_call_live(pc))
            return false; /* our own call on this key comes first */
    }
    if (sh->states[index] == SCA_HELD && phone_shared_take(sh, index) == 0)
        return true;
    ph->shared_line = (uint8_t)line;
    ph->shared_index = (uint8_t)index;
    ph->softkey_page = 0;
    return true;
}
