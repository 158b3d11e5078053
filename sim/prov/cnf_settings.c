/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/cnf_settings.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"

enum { SETTINGS_MAX = 4096, NAME_BYTES = 96, VALUE_BYTES = 300 };

struct cnf_setting {
    char *key, *value;
    int line;
};

static struct cnf_setting *find(const struct cnf_settings *s, const char *key)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->rows[i].key, key) == 0)
            return &s->rows[i];
    }
    return NULL;
}

static int grow(struct cnf_settings *s)
{
    const size_t size = s->size ? s->size * 2 : 64;
    struct cnf_setting *rows;

    if (s->n < s->size)
        return 0;
    if (s->n >= SETTINGS_MAX)
        return E2BIG;
    rows = realloc(s->rows, size * sizeof(*rows));
    if (!rows)
        return ENOMEM;
    s->rows = rows;
    s->size = size;
    return 0;
}

int cnf_settings_set(struct cnf_settings *s, const char *key, const char *value, int line)
{
    struct cnf_setting *row = find(s, key);
    char *copy = strdup(value), *name = row ? NULL : strdup(key);
    int err = copy && (row || name) ? 0 : ENOMEM;

    if (!err && !row)
        err = grow(s);
    if (err) {
        free(copy);
        free(name);
        return err;
    }
    if (!row) {
        row = &s->rows[s->n++];
        *row = (struct cnf_setting){.key = name};
    }
    free(row->value);
    row->value = copy;
    if (line)
        row->line = line;
    return 0;
}

const char *cnf_settings_get(const struct cnf_settings *s, const char *key)
{
    const struct cnf_setting *row = find(s, key);
    return row ? row->value : NULL;
}

void cnf_settings_reset(struct cnf_settings *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free(s->rows[i].key);
        free(s->rows[i].value);
    }
    free(s->rows);
    *s = (struct cnf_settings){.rows = NULL};
}

/* ---- names and values */

enum how {
    AS_IT_IS,
    YES_NO,     /* 0 or 1, true or false */
    CONTROL,    /* 0 off, 1 on, 2 off and 3 on for good */
    THOUSANDTH, /* ms → s */
    CODEC,
    CLOCK,
    DTMF,
};

static const struct mapping {
    const char *key;  /* "%" = line number */
    const char *name; /* "%" in it without one in key: every line */
    enum how how;
} mappings[] = {
    /* key: the public boot files (F, W); name: provisioning.md 16 */
    {"anonymous_call_block", "Block_ANC_Setting", CONTROL},
    {"authentication_url", "Authentication_URL", AS_IT_IS}, /* xml-services.md 9.2 */
    {"call_waiting", "CW_Setting", CONTROL},
    {"callerid_blocking", "Block_CID_Setting", CONTROL},
    {"dial_plan", "Dial_Plan_%_", AS_IT_IS}, /* made of dialplan.xml */
    {"directory_url", "XML_Directory_Service_URL", AS_IT_IS},
    {"dnd_control", "DND_Setting", CONTROL},
    {"dtmf_avt_payload", "AVT_Dynamic_Payload", AS_IT_IS},
    {"dtmf_outofband", "DTMF_Tx_Method_%_", DTMF},
    {"enable_vad", "Silence_Supp_Enable_%_", YES_NO},
    {"end_media_port", "RTP_Port_Max", AS_IT_IS},
    {"idle_timeout", "Idle_URL_Timeout", AS_IT_IS}, /* these URLs: xml-services.md 9.5 */
    {"idle_url", "Idle_URL", AS_IT_IS},
    {"information_url", "Information_URL", AS_IT_IS},
    {"line%_displayname", "Display_Name_%_", AS_IT_IS},
    {"line%_name", "User_ID_%_", AS_IT_IS},
    {"line%_password", "Password_%_", AS_IT_IS},
    {"line%_shortname", "Short_Name_%_", AS_IT_IS},
    {"logo_url", "BMP_Picture_Download_URL", AS_IT_IS},
    {"messages_url", "Messages_URL", AS_IT_IS},
    {"messages_uri", "Voice_Mail_Number", AS_IT_IS},
    {"nat_address", "EXT_IP", AS_IT_IS},
    {"nat_enable", "NAT_Mapping_Enable_%_", YES_NO},
    {"phone_label", "Station_Name", AS_IT_IS},
    {"preferred_codec", "Preferred_Codec_%_", CODEC},
    {"proxy_register", "Register_%_", YES_NO},
    {"proxy_server_url", "HTTP_Proxy", AS_IT_IS},
    {"remote_party_id", "SIP_Remote-Party-ID_%_", YES_NO},
    {"services_url", "XML_Application_Service_URL", AS_IT_IS},
    {"sntp_server", "Primary_NTP_Server", AS_IT_IS},
    {"start_media_port", "RTP_Port_Min", AS_IT_IS},
    {"time_format_24hr", "Time_Format", CLOCK},
    {"timer_invite_expires", "INVITE_Expires", AS_IT_IS},
    {"timer_register_expires", "Register_Expires_%_", AS_IT_IS},
    {"timer_t1", "SIP_T1", THOUSANDTH},
    {"timer_t2", "SIP_T2", THOUSANDTH},
    {"voip_control_port", "SIP_Port_%_", AS_IT_IS}, /* one for all lines */
};

/* Line number of a key such as "line2_name" against "line%_name"; 0 = another key. */
static unsigned line_of(const char *key, const char *pattern)
{
    const char *at = strchr(pattern, '%');
    const size_t head = (size_t)(at - pattern);

    if (strncmp(key, pattern, head) != 0 || key[head] < '1' || key[head] > '9' ||
        strcmp(key + head + 1, at + 1) != 0)
        return 0;
    return (unsigned)(key[head] - '0');
}

static const struct mapping *mapping_of(const char *key, unsigned *line)
{
    for (size_t i = 0; i < sizeof(mappings) / sizeof(mappings[0]); i++) {
        const char *pattern = mappings[i].key;
        *line = strchr(pattern, '%') ? line_of(key, pattern) : 0;
        if (*line || strcmp(key, pattern) == 0)
            return &mappings[i];
    }
    return NULL;
}

static const char *yes_no(bool yes)
{
    return yes ? "Yes" : "No";
}

/* Is it one of these words, in any case? */
static bool one_of(const char *words, const char *value)
{
    const size_t n = strlen(value);

    for (const char *p = words; *p; p += strspn(p, " ")) {
        const size_t len = strcspn(p, " ");
        if (len == n && strncasecmp(p, value, n) == 0)
            return true;
        p += len;
    }
    return false;
}

/* The value in the words of the parameter; what has none stays, to be refused. */
static const char *translate(enum how how, const char *value, char buf[VALUE_BYTES])
{
    switch (how) {
    case YES_NO:
        return one_of("1 true yes", value)                            ? "Yes"
               : !*value || one_of("0 false no unprovisioned", value) ? "No"
                                                                      : value;
    case CONTROL:
        return one_of("1 3 true yes", value)                            ? "Yes"
               : !*value || one_of("0 2 false no unprovisioned", value) ? "No"
                                                                        : value;
    case THOUSANDTH:
        if (!*value || value[strspn(value, "0123456789")] || strlen(value) > 8)
            return value;
        snprintf(buf, VALUE_BYTES, "%lu.%03lu", strtoul(value, NULL, 10) / 1000,
                 strtoul(value, NULL, 10) % 1000);
        return buf;
    case CODEC:
        return strcasecmp(value, "g711ulaw") == 0   ? "G711u"
               : strcasecmp(value, "g711alaw") == 0 ? "G711a"
               : strncasecmp(value, "g729", 4) == 0 ? "G729a"
               : strcasecmp(value, "none") == 0     ? "" /* no preference */
                                                    : value;
    case CLOCK:
        return strcmp(value, "0") == 0 ? "12hr" : "24hr";
    case DTMF:
        return strncasecmp(value, "avt", 3) == 0 ? "AVT" : "InBand";
    case AS_IT_IS:
        break;
    }
    return strcmp(value, "UNPROVISIONED") == 0 ? "" : value;
}

struct delivery {
    const struct cnf_settings *s;
    const struct device_model *m;
    profile_item_h *h;
    void *arg;
};

static void tell(const struct delivery *d, const char *name, const char *value, int line)
{
    d->h(&(struct profile_item){.name = name, .value = value, .ua = "", .line = line}, d->arg);
}

static void tell_line(const struct delivery *d, const char *pattern, unsigned n, const char *value,
                      int line)
{
    const char *at = strchr(pattern, '%');
    char name[NAME_BYTES];

    snprintf(name, sizeof(name), "%.*s%u%s", (int)(at - pattern), pattern, n, at + 1);
    tell(d, name, value, line);
}

static void tell_mapped(const struct delivery *d, const struct cnf_setting *row,
                        const struct mapping *map, unsigned line)
{
    char buf[VALUE_BYTES];
    const char *value = translate(map->how, row->value, buf);

    if (!strchr(map->name, '%'))
        tell(d, map->name, value, row->line);
    else if (line)
        tell_line(d, map->name, line, value, row->line);
    for (unsigned n = 1; n <= d->m->n_lines && !line && strchr(map->name, '%'); n++)
        tell_line(d, map->name, n, value, row->line);
}

/* "host" or "host:port"; the usual port is left out, and one that the host already has. */
static void print_server(const struct delivery *d, char buf[VALUE_BYTES], const char *host,
                         const char *port_key)
{
    const char *port = cnf_settings_get(d->s, port_key);
    const bool usual = !port || !*port || strcmp(port, "5060") == 0 || !*host || strchr(host, ':');

    snprintf(buf, VALUE_BYTES, "%.200s%s%.10s", host, usual ? "" : ":", usual ? "" : port);
}

/* A line without a proxy of its own has that of line 1 [DEF]. */
static void tell_proxies(const struct delivery *d)
{
    char key[NAME_BYTES], value[VALUE_BYTES];

    for (unsigned n = 1; n <= d->m->n_lines; n++) {
        unsigned from = n;
        snprintf(key, sizeof(key), "proxy%u_address", n);
        const struct cnf_setting *row = find(d->s, key);
        if (!row || !*row->value) {
            row = find(d->s, "proxy1_address");
            from = 1;
        }
        if (!row)
            continue;
        snprintf(key, sizeof(key), "proxy%u_port", from);
        print_server(d, value, strcmp(row->value, "UNPROVISIONED") == 0 ? "" : row->value, key);
        tell_line(d, "Proxy_%_", n, value, row->line);
    }
}

static void tell_other_servers(const struct delivery *d)
{
    const struct cnf_setting *outbound = find(d->s, "outbound_proxy");
    const struct cnf_setting *backup = find(d->s, "proxy_backup");
    char value[VALUE_BYTES];

    for (unsigned n = 1; n <= d->m->n_lines && outbound; n++) {
        print_server(d, value, outbound->value, "outbound_proxy_port");
        tell_line(d, "Outbound_Proxy_%_", n, value, outbound->line);
        tell_line(d, "Use_Outbound_Proxy_%_", n, yes_no(*value), outbound->line);
    }
    for (unsigned n = 1; n <= d->m->n_lines && backup; n++) {
        print_server(d, value, backup->value, "proxy_backup_port");
        tell_line(d, "Alternate_Proxy_%_", n, value, backup->line);
    }
}

static void tell_auth(const struct delivery *d, const struct cnf_setting *row, unsigned n)
{
    const bool used = *row->value && strcmp(row->value, "UNPROVISIONED") != 0;

    tell_line(d, "Auth_ID_%_", n, used ? row->value : "", row->line);
    tell_line(d, "Use_Auth_ID_%_", n, yes_no(used), row->line);
}

static bool is_server_key(const char *key)
{
    return line_of(key, "proxy%_address") || line_of(key, "proxy%_port") ||
           strncmp(key, "outbound_proxy", 14) == 0 || strncmp(key, "proxy_backup", 12) == 0;
}

void cnf_settings_deliver(const struct cnf_settings *s, const struct device_model *m,
                          profile_item_h *h, void *arg)
{
    const struct delivery d = {.s = s, .m = m, .h = h, .arg = arg};

    tell_proxies(&d);
    tell_other_servers(&d);
    for (size_t i = 0; i < s->n; i++) {
        const struct cnf_setting *row = &s->rows[i];
        unsigned line = line_of(row->key, "line%_authname");
        if (is_server_key(row->key))
            continue;
        if (line) {
            tell_auth(&d, row, line);
        } else {
            const struct mapping *map = mapping_of(row->key, &line);
            if (map)
                tell_mapped(&d, row, map, line);
            else
                tell(&d, row->key, row->value, row->line);
        }
    }
}
