/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/prov/values.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "devices/model.h"
#include "sim/prov/rule.h"
#include "sim/prov/version.h"

typedef const char *(value_h)(struct macro_values *v);

const char *psn_print(char *buf, size_t size, const struct device_model *m,
                      const struct param_set *ps)
{
    const char *form = param_get(ps, P_Sim_PSN_Form, 0);
    const bool number = strcasecmp(form, "number") == 0, lower = strcasecmp(form, "lower") == 0;
    const size_t digits = strspn(m->psn, "0123456789");

    snprintf(buf, size, "%.*s", (int)(number && digits ? digits : strlen(m->psn)), m->psn);
    for (char *p = buf; lower && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return buf;
}

static const char *print_mac(struct macro_values *v, bool upper, const char *sep)
{
    char *at = v->buf;

    for (unsigned i = 0; i < 6; i++)
        at += sprintf(at, upper ? "%s%02X" : "%s%02x", i ? sep : "", v->id->mac[i]);
    return v->buf;
}

static const char *print_number(struct macro_values *v, long n)
{
    snprintf(v->buf, sizeof(v->buf), "%ld", n);
    return v->buf;
}

static const char *print_addr(struct macro_values *v, struct in_addr addr)
{
    return addr.s_addr ? inet_ntop(AF_INET, &addr, v->buf, sizeof(v->buf)) : "";
}

static const char *mac_lower(struct macro_values *v)
{
    return print_mac(v, false, "");
}

static const char *mac_upper(struct macro_values *v)
{
    return print_mac(v, true, "");
}

static const char *mac_colons(struct macro_values *v)
{
    return print_mac(v, false, ":");
}

/* The name that its certificate has (8), and its options of DHCP (1.2): "CP-6841-3PCC" */
static const char *product(struct macro_values *v)
{
    if (v->model->family != FAMILY_MPP68XX)
        return v->model->product;
    snprintf(v->buf, sizeof(v->buf), "CP-%s", v->model->psn);
    return v->buf;
}

static const char *series(struct macro_values *v)
{
    return psn_print(v->buf, sizeof(v->buf), v->model, v->params);
}

static const char *serial(struct macro_values *v)
{
    return v->id->serial;
}

static const char *firmware(struct macro_values *v)
{
    return version_macro(v->buf, sizeof(v->buf), v->model, v->id->firmware);
}

static const char *hardware(struct macro_values *v)
{
    return v->model->hwver;
}

static const char *address(struct macro_values *v)
{
    return print_addr(v, v->local);
}

static const char *external_address(struct macro_values *v)
{
    const char *set = param_get(v->params, P_EXT_IP, 0);

    return *set ? set : print_addr(v, v->external);
}

static const char *certificate(struct macro_values *v)
{
    (void)v;
    return "Installed";
}

static const char *customized(struct macro_values *v)
{
    (void)v;
    return "0";
}

static const char *prvst(struct macro_values *v)
{
    return print_number(v, v->prvst);
}

static const char *prvtmr(struct macro_values *v)
{
    return print_number(v, (long)v->prvtmr_s);
}

static const char *upgst(struct macro_values *v)
{
    return v->upgrade_retry ? "2" : "1";
}

static const char *upgtmr(struct macro_values *v)
{
    return print_number(v, (long)v->upgtmr_s);
}

static const char *upgerr(struct macro_values *v)
{
    return v->upgerr ? v->upgerr : "";
}

static const char *upgcond(struct macro_values *v)
{
    const bool text = param_bool(v->params, P_Sim_UPGCOND_Text, 0); /* [X 17] */

    return text && v->upgcond ? v->upgcond : "1";
}

static const char *err_text(struct macro_values *v)
{
    return v->err ? v->err : "";
}

static const char *regtmr1(struct macro_values *v)
{
    return print_number(v, (long)v->regtmr_s[0]);
}

static const char *regtmr2(struct macro_values *v)
{
    return print_number(v, (long)v->regtmr_s[1]);
}

enum url_part { PART_SCHEME, PART_SERVER, PART_PORT, PART_PATH };

/* Of the last URL asked for; a rule that is being read has none yet [DEF]. */
static const char *url_part(struct macro_values *v, enum url_part which)
{
    struct rule_url_parts parts;

    if (!v->url || rule_url_split(&parts, v->url))
        return "";
    if (which == PART_PATH)
        return parts.path;
    snprintf(v->buf, sizeof(v->buf), "%s",
             which == PART_SCHEME   ? parts.scheme
             : which == PART_SERVER ? parts.server
                                    : parts.port);
    return v->buf;
}

static const char *scheme(struct macro_values *v)
{
    return url_part(v, PART_SCHEME);
}

static const char *server(struct macro_values *v)
{
    return url_part(v, PART_SERVER);
}

static const char *port(struct macro_values *v)
{
    return url_part(v, PART_PORT);
}

static const char *path(struct macro_values *v)
{
    return url_part(v, PART_PATH);
}

static const char *server_address(struct macro_values *v)
{
    return print_addr(v, v->server);
}

static const struct {
    const char *name;
    value_h *value;
} table[] = {
    {"CCERT", certificate}, {"ERR", err_text},    {"EXTIP", external_address},
    {"HWVER", hardware},    {"IP", address},      {"ISCUST", customized},
    {"MA", mac_lower},      {"MAC", mac_colons},  {"MAU", mac_upper},
    {"METH", scheme},       {"PATH", path},       {"PN", product},
    {"PORT", port},         {"PRVST", prvst},     {"PRVTMR", prvtmr},
    {"PSN", series},        {"REGTMR1", regtmr1}, {"REGTMR2", regtmr2},
    {"SCHEME", scheme},     {"SERV", server},     {"SERVIP", server_address},
    {"SN", serial},         {"SWVER", firmware},  {"UPGCOND", upgcond},
    {"UPGERR", upgerr},     {"UPGST", upgst},     {"UPGTMR", upgtmr},
};

/* Value of the parameter with this element name, NULL when the model has none. */
static const char *named(const struct macro_values *v, const char *head, const char *middle,
                         const char *tail)
{
    char name[80];
    enum param_id id;
    uint16_t index;

    snprintf(name, sizeof(name), "%s%s%s", head, middle, tail);
    return param_find(v->model, name, &id, &index) && !param_lacks(v->params, id)
               ? param_get(v->params, id, index)
               : NULL;
}

const char *macro_value(const char *name, void *arg)
{
    struct macro_values *v = arg;

    if (name[0] >= 'A' && name[0] <= 'P' && !name[1])
        return named(v, "GPP_", name, "");
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(name, table[i].name) == 0)
            return table[i].value(v);
    }
    if (v->model->family == FAMILY_MPP68XX && strcmp(name, "EMS") == 0)
        return "0"; /* nobody is logged in; how it is written [DEF] */
    return strncmp(name, "UID", 3) == 0 ? named(v, "User_ID_", name + 3, "_") : NULL;
}

/* "Cisco-CP-6841-3PCC/11.0.1": what the User-Agent has before its parentheses. */
static const char *agent_version(struct macro_values *v)
{
    device_http_ua_print(v->buf, sizeof(v->buf), v->model, v->id);
    v->buf[strcspn(v->buf, " ")] = '\0';
    return v->buf;
}

const char *macro_agent_value(const char *name, void *arg)
{
    return strcmp(name, "VERSION") == 0 ? agent_version(arg) : macro_value(name, arg);
}

const char *macro_option_value(const char *name, void *arg)
{
    if (name[0] == 'S' && name[1] >= 'A' && name[1] <= 'D' && !name[2])
        return named(arg, "GPP_", name, "");
    return macro_value(name, arg);
}
