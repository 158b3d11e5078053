/* SPDX-License-Identifier: BSD-3-Clause */
/* SEP<MAC>.cnf.xml → the settings of a .cnf file (provisioning.md 17.2). */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/xmldoc.h"
#include "sim/prov/cnf_settings.h"

enum { KEY_BYTES = 64, TEXT_BYTES = 512, DEPTH_MAX = 16 };

static const struct {
    const char *parent; /* NULL = any */
    const char *tag, *key;
} tags[] = {
    /* the public SEP files (F, W) */
    {NULL, "anonymousCallBlock", "anonymous_call_block"},
    {NULL, "authenticationURL", "authentication_url"},
    {NULL, "backupProxy", "proxy_backup"},
    {NULL, "backupProxyPort", "proxy_backup_port"},
    {NULL, "callerIdBlocking", "callerid_blocking"},
    {NULL, "dialTemplate", "dial_template"},
    {NULL, "directoryURL", "directory_url"},
    {NULL, "dndControl", "dnd_control"},
    {NULL, "dtmfAvtPayload", "dtmf_avt_payload"},
    {NULL, "dtmfOutOfBand", "dtmf_outofband"},
    {NULL, "dtmfOutofBand", "dtmf_outofband"},
    {NULL, "enableVad", "enable_vad"},
    {NULL, "idleTimeout", "idle_timeout"},
    {NULL, "idleURL", "idle_url"},
    {NULL, "informationURL", "information_url"},
    {NULL, "loadInformation", "image_version"},
    {NULL, "messagesURL", "messages_url"},
    {NULL, "natAddress", "nat_address"},
    {NULL, "natEnabled", "nat_enable"},
    {NULL, "outboundProxy", "outbound_proxy"},
    {NULL, "outboundProxyPort", "outbound_proxy_port"},
    {NULL, "phoneLabel", "phone_label"},
    {NULL, "preferredCodec", "preferred_codec"},
    {NULL, "proxyServerURL", "proxy_server_url"},
    {NULL, "registerWithProxy", "proxy_register"},
    {NULL, "remotePartyID", "remote_party_id"},
    {NULL, "servicesURL", "services_url"},
    {NULL, "startMediaPort", "start_media_port"},
    {NULL, "stopMediaPort", "end_media_port"},
    {NULL, "timerInviteExpires", "timer_invite_expires"},
    {NULL, "timerRegisterExpires", "timer_register_expires"},
    {NULL, "timerT1", "timer_t1"},
    {NULL, "timerT2", "timer_t2"},
    {NULL, "voipControlPort", "voip_control_port"},
    {"ntp", "name", "sntp_server"},
    {"line", "authName", "line%_authname"},
    {"line", "authPassword", "line%_password"},
    {"line", "displayName", "line%_displayname"},
    {"line", "featureLabel", "line%_shortname"},
    {"line", "messagesNumber", "messages_uri"},
    {"line", "name", "line%_name"},
    {"line", "port", "proxy%_port"},
    {"line", "proxy", "proxy%_address"},
};

struct device_reading {
    struct cnf_settings *s;
    char names[DEPTH_MAX][KEY_BYTES];
    unsigned depth; /* open elements */
    char text[TEXT_BYTES];
    size_t text_len;
    int line_no;
    char button;                     /* of the open line element, 0 = none */
    bool leaf, seen_device, is_line; /* is_line: featureID 9 */
    bool cut;                        /* text is longer than there is place for */
    struct parse_err *pe;
    struct call_manager {
        char name[TEXT_BYTES], port[8];
        int line_no;
    } managers[2]; /* the first two */
};

static const char *parent_of(const struct device_reading *r)
{
    return r->depth >= 2 && r->depth <= DEPTH_MAX ? r->names[r->depth - 2] : "";
}

/* What the element is called in a .cnf file; its own name otherwise. */
static const char *key_of(const struct device_reading *r, const char *tag, char key[KEY_BYTES])
{
    const char *pattern = tag;

    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (strcmp(tags[i].tag, tag) == 0 &&
            (!tags[i].parent || strcmp(tags[i].parent, parent_of(r)) == 0))
            pattern = tags[i].key;
    }
    const char *at = strchr(pattern, '%');
    if (at)
        snprintf(key, KEY_BYTES, "%.*s%c%s", (int)(at - pattern), pattern, r->button, at + 1);
    else
        snprintf(key, KEY_BYTES, "%s", pattern);
    return key;
}

static char *trim(char *text)
{
    char *end = text + strlen(text);

    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return text + strspn(text, " \t\r\n");
}

/* A processNodeName or sipPort; the ports stand before or behind their name. */
static void take_manager(struct device_reading *r, const char *tag, const char *value)
{
    const bool name = strcmp(tag, "processNodeName") == 0;

    for (unsigned i = 0; i < 2; i++) {
        struct call_manager *m = &r->managers[i];
        char *to = name ? m->name : m->port;
        if (*to)
            continue;
        snprintf(to, name ? sizeof(m->name) : sizeof(m->port), "%s", value);
        if (name)
            m->line_no = r->line_no;
        return;
    }
}

static int take_leaf(struct device_reading *r, const char *tag)
{
    char key[KEY_BYTES];
    const char *value = trim(r->text);
    const bool in_line = strcmp(parent_of(r), "line") == 0;

    if (strcmp(tag, "featureID") == 0)
        r->is_line = strcmp(value, "9") == 0;
    if (strcmp(tag, "processNodeName") == 0 || strcmp(tag, "sipPort") == 0)
        take_manager(r, tag, value);
    if (in_line && (!r->is_line || !r->button)) /* a speed dial; no place for it yet */
        return 0;
    key_of(r, tag, key);
    if (strcmp(key, tag) == 0) /* a name that nobody knows */
        return *value ? cnf_settings_set(r->s, key, r->cut ? "" : value, r->line_no) : 0;
    if (r->cut)
        return parse_err_set(r->pe, E2BIG, r->line_no, 0, "%s is longer than %d bytes", tag,
                             TEXT_BYTES);
    return cnf_settings_set(r->s, key, value, r->line_no);
}

static int open_tag(struct device_reading *r, const struct xml_event *ev)
{
    char button[4];

    if (strcmp(ev->name, "device") == 0)
        r->seen_device = true;
    if (strcmp(ev->name, "line") == 0) {
        xml_attribute(ev, "button", button, sizeof(button));
        r->button = button[0] >= '1' && button[0] <= '9' && !button[1] ? button[0] : 0;
        r->is_line = true;
    }
    if (ev->empty)
        return 0;
    if (r->depth < DEPTH_MAX)
        snprintf(r->names[r->depth], KEY_BYTES, "%s", ev->name);
    r->depth++;
    r->leaf = true;
    r->line_no = ev->line;
    r->text_len = 0;
    r->text[0] = '\0';
    r->cut = false;
    return 0;
}

static void add_text(struct device_reading *r, const char *text)
{
    const size_t room = sizeof(r->text) - r->text_len;

    r->cut |= (size_t)snprintf(r->text + r->text_len, room, "%s", text) >= room;
    r->text_len = strlen(r->text);
}

static int device_handler(const struct xml_event *ev, void *arg)
{
    struct device_reading *r = arg;
    int err = 0;

    switch (ev->kind) {
    case XML_OPEN:
        return open_tag(r, ev);
    case XML_TEXT:
        if (!r->leaf || (!r->text_len && !ev->text[strspn(ev->text, " \t\r\n")]))
            return 0;
        add_text(r, ev->text);
        return 0;
    case XML_CLOSE:
        if (r->leaf)
            err = take_leaf(r, ev->name);
        r->leaf = false;
        r->depth--;
        r->text_len = 0;
        return err;
    }
    return 0;
}

/* A server that is the call manager's: a backup is the second one, where there are two [DEF]. */
static int name_server(struct device_reading *r, const char *key, const char *port_key)
{
    const char *value = cnf_settings_get(r->s, key);
    const bool backup = strcmp(key, "proxy_backup") == 0;
    const struct call_manager *m = &r->managers[backup && r->managers[1].name[0] ? 1 : 0];

    if (!value || (strcmp(value, "USECALLMANAGER") != 0 && strcmp(value, "USE_DEFAULT") != 0))
        return 0;
    const char *port = cnf_settings_get(r->s, port_key);
    int err = cnf_settings_set(r->s, key, m->name, 0);
    if (!err && (!port || !*port) && *m->port)
        err = cnf_settings_set(r->s, port_key, m->port, m->line_no);
    return err;
}

/* Call managers may stand behind what names them. A line that names no proxy has theirs [DEF]. */
static int name_servers(struct device_reading *r)
{
    char key[KEY_BYTES], port_key[KEY_BYTES];
    int err = name_server(r, "outbound_proxy", "outbound_proxy_port");

    if (!err)
        err = name_server(r, "proxy_backup", "proxy_backup_port");
    for (unsigned n = 1; !err && n <= 9; n++) {
        snprintf(key, sizeof(key), "line%u_name", n);
        const bool used = cnf_settings_get(r->s, key) != NULL;
        snprintf(key, sizeof(key), "proxy%u_address", n);
        snprintf(port_key, sizeof(port_key), "proxy%u_port", n);
        const char *proxy = cnf_settings_get(r->s, key);
        if (used && (!proxy || !*proxy) && r->managers[0].name[0])
            err = cnf_settings_set(r->s, key, "USECALLMANAGER", r->managers[0].line_no);
        if (!err)
            err = name_server(r, key, port_key);
    }
    return err;
}

int cnf_device(struct cnf_settings *s, const char *text, size_t len, struct parse_err *pe)
{
    struct device_reading *r = calloc(1, sizeof(*r));

    if (!r)
        return ENOMEM;
    r->s = s;
    r->pe = pe;
    int err = xml_walk(text, len, device_handler, r, pe);
    if (!err && !r->seen_device)
        err = parse_err_set(pe, EBADMSG, 0, 0, "no device element in it");
    if (!err)
        err = name_servers(r);
    free(r);
    return err;
}
