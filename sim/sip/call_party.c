/* SPDX-License-Identifier: BSD-3-Clause */
/* Who the other one is: P-Asserted-Identity, Remote-Party-ID and From in the order that
 * Caller_ID_Header names (sip-behaviour.md 1.1, 4.5). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/base/utf8.h"
#include "sim/sip/call_priv.h"

static bool take(struct ua_call_party *p, const struct pl *value)
{
    struct pl rest = *value, element;
    struct sip_addr addr;
    char text[sizeof(p->name)] = "";

    if (!raw_element(&rest, &element) || sip_addr_decode(&addr, &element))
        return false;
    memset(p, 0, sizeof(*p));
    if (addr.dname.l < sizeof(text))
        (void)pl_strcpy(&addr.dname, text, sizeof(text));
    utf8_clean(p->name, sizeof(p->name), text);
    text[0] = '\0';
    if (addr.uri.user.l < sizeof(text))
        (void)pl_strcpy(&addr.uri.user, text, sizeof(text));
    utf8_clean(p->number, sizeof(p->number), text);
    if (addr.auri.l < sizeof(p->uri))
        (void)pl_strcpy(&addr.auri, p->uri, sizeof(p->uri));
    return true;
}

/* The next header the setting names: "PAID-RPID-FROM", or one in full. */
static const char *next_header(const char **order)
{
    static const struct {
        const char *word, *header;
    } words[] = {
        {"P-ASSERTED-IDENTITY", "P-Asserted-Identity"},
        {"REMOTE-PARTY-ID", "Remote-Party-ID"},
        {"PAID", "P-Asserted-Identity"},
        {"RPID", "Remote-Party-ID"},
        {"FROM", "From"},
    };

    for (const char *p = *order; *p; p++) {
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            const size_t len = strlen(words[i].word);
            if (strncasecmp(p, words[i].word, len) == 0) {
                *order = p + len;
                return words[i].header;
            }
        }
    }
    return NULL;
}

void party_from_raw(struct ua_call_party *p, const struct raw_message *raw, const char *order)
{
    const char *header;
    struct pl value;

    while ((header = next_header(&order))) {
        if (strcmp(header, "From") == 0 ? take(p, &raw->from)
                                        : raw_header(raw, header, 0, 0, &value) && take(p, &value))
            return;
    }
    (void)take(p, &raw->from);
}

bool party_from_update(struct ua_call_party *p, const struct raw_message *raw, const char *order)
{
    const char *header;
    struct pl value;

    while ((header = next_header(&order))) {
        struct ua_call_party now;
        if (strcmp(header, "From") == 0 || !raw_header(raw, header, 0, 0, &value) ||
            !take(&now, &value))
            continue;
        const bool changed = strcmp(now.name, p->name) != 0 || strcmp(now.number, p->number) != 0;
        *p = now;
        return changed;
    }
    return false;
}

bool party_from_response(struct ua_call_party *p, const struct sip_msg *msg, const char *order)
{
    const char *header;

    while ((header = next_header(&order))) {
        const struct sip_hdr *hdr = strcmp(header, "From") == 0 ? NULL : sip_msg_xhdr(msg, header);
        if (hdr && take(p, &hdr->val))
            return true;
    }
    return false;
}
