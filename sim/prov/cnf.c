/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/cnf.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/xmldoc.h"
#include "sim/prov/cnf_settings.h"

enum { KEY_BYTES = 64, TEXT_BYTES = 512, DEPTH_MAX = 16, FILE_MAX = 1 << 20 };

static bool is_xml(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '<';
}

bool cnf_is(const uint8_t *data, size_t len)
{
    size_t at = 0;

    if (memmem(data, len, "<flat-profile", 13) || memchr(data, 0, len))
        return false;
    while (at < len && isspace(data[at]))
        at++;
    if (at < len && data[at] == '<')
        return memmem(data, len, "<device", 7) || memmem(data, len, "<DIALTEMPLATE", 13);
    return at < len;
}

/* ---- key: value */

/* Value at p, to the end of the line: quotes, comment and blanks taken off. In place. */
static char *read_value(char *p)
{
    char *end;

    p += strspn(p, " \t");
    if (*p == '"') {
        end = strchr(++p, '"');
        if (end)
            *end = '\0';
        return p;
    }
    p[strcspn(p, ";")] = '\0';
    for (end = p + strlen(p); end > p && isspace((unsigned char)end[-1]); end--)
        ;
    *end = '\0';
    return p;
}

static int read_line(struct cnf_settings *s, char *p, int line)
{
    char key[KEY_BYTES];
    size_t len = 0;

    p += strspn(p, " \t");
    while (isalnum((unsigned char)p[len]) || p[len] == '_')
        len++;
    char *colon = p + len + strspn(p + len, " \t");
    if (!len || len >= sizeof(key) || *colon != ':')
        return 0; /* a comment, or what these phones pass over */
    memcpy(key, p, len);
    key[len] = '\0';
    return cnf_settings_set(s, key, read_value(colon + 1), line);
}

static int read_text(struct cnf_settings *s, char *text)
{
    int line = 0, err = 0;

    for (char *p = text, *next; p && !err; p = next) {
        line++;
        next = strchr(p, '\n');
        if (next)
            *next++ = '\0';
        p[strcspn(p, "\r")] = '\0';
        err = read_line(s, p, line);
    }
    return err;
}

/* ---- SEP<MAC>.cnf.xml */

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
    {NULL, "loadInformation", "image_version"},
    {NULL, "natAddress", "nat_address"},
    {NULL, "natEnabled", "nat_enable"},
    {NULL, "outboundProxy", "outbound_proxy"},
    {NULL, "outboundProxyPort", "outbound_proxy_port"},
    {NULL, "phoneLabel", "phone_label"},
    {NULL, "preferredCodec", "preferred_codec"},
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
    struct parse_err *pe;
    char server[TEXT_BYTES]; /* of the first call manager */
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

static int take_leaf(struct device_reading *r, const char *tag)
{
    char key[KEY_BYTES];
    const char *value = trim(r->text);
    const bool in_line = strcmp(parent_of(r), "line") == 0;

    if (strcmp(tag, "featureID") == 0)
        r->is_line = strcmp(value, "9") == 0;
    if (strcmp(tag, "processNodeName") == 0 && !r->server[0])
        snprintf(r->server, sizeof(r->server), "%s", value);
    if (in_line && (!r->is_line || !r->button)) /* a speed dial; no place for it yet */
        return 0;
    if (strcmp(value, "USECALLMANAGER") == 0)
        value = r->server;
    key_of(r, tag, key);
    if (!*value && strcmp(key, tag) == 0) /* nothing, of a name that nobody knows */
        return 0;
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
    return 0;
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
        if (r->text_len + strlen(ev->text) >= sizeof(r->text))
            return parse_err_set(r->pe, E2BIG, r->line_no, 0, "longer than %d bytes", TEXT_BYTES);
        strcpy(r->text + r->text_len, ev->text);
        r->text_len += strlen(ev->text);
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

static int read_device(struct cnf_settings *s, const char *text, size_t len, struct parse_err *pe)
{
    struct device_reading *r = calloc(1, sizeof(*r));

    if (!r)
        return ENOMEM;
    r->s = s;
    r->pe = pe;
    int err = xml_walk(text, len, device_handler, r, pe);
    if (!err && !r->seen_device)
        err = parse_err_set(pe, EBADMSG, 0, 0, "no device element in it");
    free(r);
    return err;
}

/* ---- the whole */

static int read_xml(struct cnf_settings *s, const char *text, size_t len, struct parse_err *pe)
{
    char *plan = NULL;

    if (!strstr(text, "<DIALTEMPLATE"))
        return read_device(s, text, len, pe);
    int err = cnf_dialplan(&plan, text, len, pe);
    if (!err)
        err = cnf_settings_set(s, "dial_plan", plan, 1);
    free(plan);
    return err;
}

int cnf_parse(const uint8_t *data, size_t len, const struct device_model *m, profile_item_h *h,
              void *arg, struct parse_err *pe)
{
    struct cnf_settings s = {.rows = NULL};
    char *text = NULL;
    size_t text_len = 0;

    if (len > FILE_MAX)
        return parse_err_set(pe, E2BIG, 0, 0, "larger than %d bytes", FILE_MAX);
    if (memchr(data, 0, len))
        return parse_err_set(pe, EBADMSG, 0, 0, "a zero byte: no boot file");
    int err = xml_to_utf8(&text, &text_len, data, len);
    if (!err && !text[strspn(text, " \t\r\n")])
        err = parse_err_set(pe, EBADMSG, 1, 1, "empty file");
    if (!err)
        err = is_xml(text) ? read_xml(&s, text, text_len, pe) : read_text(&s, text);
    if (!err)
        cnf_settings_deliver(&s, m, h, arg);
    else if (err == E2BIG && pe && !pe->text[0])
        parse_err_set(pe, err, 0, 0, "too many settings");
    cnf_settings_reset(&s);
    free(text);
    return err;
}

void cnf_file_name(char *buf, size_t size, enum cnf_file file, const uint8_t mac[6],
                   const char *cfg_dir, const char *dial_template)
{
    const char *template = dial_template && *dial_template ? dial_template : NULL;
    const size_t len = template ? strlen(template) : 0;
    const bool slash = *cfg_dir && cfg_dir[strlen(cfg_dir) - 1] != '/';
    char hex[13];

    snprintf(hex, sizeof(hex), "%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2], mac[3], mac[4],
             mac[5]);
    switch (file) {
    case CNF_SYNC:
        snprintf(buf, size, "syncinfo.xml");
        return;
    case CNF_OS79XX:
        snprintf(buf, size, "OS79XX.TXT");
        return;
    case CNF_SEP:
        snprintf(buf, size, "SEP%s.cnf.xml", hex);
        return;
    case CNF_DEFAULT:
        snprintf(buf, size, "SIPDefault.cnf");
        return;
    case CNF_PHONE:
        snprintf(buf, size, "%s%sSIP%s.cnf", cfg_dir, slash ? "/" : "", hex);
        return;
    case CNF_DIALPLAN:
        if (template)
            snprintf(buf, size, "%s%s", template,
                     len > 4 && strcmp(template + len - 4, ".xml") == 0 ? "" : ".xml");
        else
            buf[0] = '\0';
        return;
    case CNF_FILES:
        break;
    }
    buf[0] = '\0';
}
