/* SPDX-License-Identifier: BSD-3-Clause */
/* `spafarm profile`: what a phone takes from a profile, or how it reads a rule. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <re_types.h>
#include <re_fmt.h>
#include <re_mem.h>

#include "devices/model.h"
#include "devices/params.h"
#include "sim/base/utf8.h"
#include "sim/farm/plan.h"
#include "sim/net/fetch.h"
#include "sim/prov/cnf.h"
#include "sim/prov/params.h"
#include "sim/prov/profile.h"
#include "sim/prov/rule.h"
#include "ui/args.h"
#include "ui/explain_rule.h"
#include "ui/source.h"
#include "ui/sub.h"

enum { SETS_MAX = 64 };

struct job {
    const char *source, *rule, *as, *key, *alias;
    char dhcp[1024]; /* "N=VALUE", a line each */
    const char *sets[SETS_MAX];
    unsigned n_sets;
    int prvst; /* $PRVST */
    const struct device_model *model;
    struct device_identity id;
    struct in_addr local;
    char serial[16];
    bool strict, json;
};

struct taken { /* what came of a profile */
    struct param_set *params;
    struct profile_summary sum;
    struct profile_facts facts;
    json_t *unknown, *bad;
};

static void item_handler(const struct profile_item *item, void *arg)
{
    struct taken *t = arg;

    t->sum.n_items++;
    if (item->keep) {
        t->sum.n_kept++;
        return;
    }
    switch (param_set_name(t->params, item->name, item->value, PARAM_FROM_PROFILE, NULL)) {
    case 0:
        t->sum.n_known++;
        break;
    case EINVAL:
        t->sum.n_bad_values++;
        json_array_append_new(t->bad, json_pack("{s:s, s:s, s:i}", "name", item->name, "value",
                                                item->value, "line", item->line));
        break;
    default:
        t->sum.n_unknown++;
        json_array_append_new(t->unknown,
                              json_pack("{s:s, s:i}", "name", item->name, "line", item->line));
    }
}

static void value_handler(enum param_id id, uint16_t index, const char *value, void *arg)
{
    char name[128];

    param_name_print(name, sizeof(name), id, index);
    json_object_set_new(arg, name,
                        param_def_get(id)->type == PARAM_SECRET ? json_string("(secret)")
                                                                : json_string_nocheck(value));
}

static void print_list(const char *title, json_t *list)
{
    if (!json_array_size(list))
        return;
    printf("%s:\n", title);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        const char *value = json_string_value(json_object_get(row, "value"));
        printf("  line %-5lld %s%s%s%s\n",
               (long long)json_integer_value(json_object_get(row, "line")),
               json_string_value(json_object_get(row, "name")), value ? " = \"" : "",
               value ? value : "", value ? "\"" : "");
    }
}

static void print_taken(const struct job *job, const struct taken *t)
{
    json_t *values = json_object(), *value;
    const char *name;

    param_set_apply(t->params, value_handler, values);
    if (job->json) {
        json_t *obj = json_pack("{s:s, s:n, s:s?, s:b, s:i, s:i, s:i, s:i, s:i, s:O, s:O, s:O}",
                                "model", job->model->name, "error", "encrypted",
                                !t->facts.encrypted                     ? NULL
                                : t->facts.digest == PROFILE_DIGEST_MD5 ? "md5"
                                                                        : "sha256",
                                "gzip", t->facts.gzip, "items", t->sum.n_items, "known",
                                t->sum.n_known, "kept", t->sum.n_kept, "unknown", t->sum.n_unknown,
                                "bad_values", t->sum.n_bad_values, "values", values,
                                "unknown_names", t->unknown, "refused_values", t->bad);
        json_dumpf(obj, stdout, JSON_INDENT(2));
        printf("\n");
        json_decref(obj);
    } else {
        if (t->facts.encrypted)
            printf("encrypted with AES-256-CBC, key derived by %s\n",
                   t->facts.digest == PROFILE_DIGEST_MD5 ? "MD5" : "SHA-256");
        if (t->facts.gzip)
            printf("packed by gzip\n");
        printf("%s takes %u of %u parameters (%u kept as they are, %u not known to it, %u values "
               "refused); differing from the defaults:\n",
               job->model->name, t->sum.n_known, t->sum.n_items, t->sum.n_kept, t->sum.n_unknown,
               t->sum.n_bad_values);
        json_object_foreach(values, name, value)
            printf("  %-40s %s\n", name, json_string_value(value));
        print_list(job->strict ? "not known (errors with --strict)" : "not known (notes)",
                   t->unknown);
        print_list("values refused", t->bad);
    }
    json_decref(values);
}

static void print_refusal(const struct job *job, const struct parse_err *pe, const char *text)
{
    char clean[sizeof(pe->text)]; /* a text that was cut may end inside a character */
    json_t *obj =
        json_pack("{s:s, s:s, s:i, s:i}", "model", job->model->name, "error",
                  utf8_clean(clean, sizeof(clean), text), "line", pe->line, "col", pe->col);

    json_dumpf(obj, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(obj);
}

/* Simulator switches count here, too: --set Sim_Profile_Digest=md5 */
static int read_file(const struct job *job, struct taken *t, const struct source *src)
{
    const struct profile_options o = {
        .key = job->key,
        .digest = profile_digest_named(param_get(t->params, P_Sim_Profile_Digest, 0)),
        .key_strict = param_bool(t->params, P_Sim_Profile_Key_Strict, 0),
        .empty_clears = param_bool(t->params, P_Sim_Profile_Empty_Clears, 0),
        .mend = param_bool(t->params, P_Sim_Profile_Mend, 0),
        .preserve = job->model->family == FAMILY_MPP68XX,
        .alias = job->alias ? param_get(t->params, (enum param_id)(P_GPP_A + *job->alias - 'a'), 0)
                            : NULL,
        .facts = &t->facts,
    };
    struct parse_err pe = {.text = ""};
    const uint8_t *data = src->data ? src->data : (const uint8_t *)"";
    int err;

    if (job->model->family == FAMILY_CP79XX && !job->key && cnf_is(data, src->len))
        err = cnf_parse(data, src->len, job->model, item_handler, t, &pe);
    else
        err = profile_parse(data, src->len, &o, item_handler, t, &pe);

    if (!err && t->facts.plain_with_key) /* provisioning.md 7.1 R: */
        fprintf(stderr, "%s: there is a key, and the profile is not encrypted\n", job->source);
    if (!err)
        return EXIT_HOLDS;
    if (job->json)
        print_refusal(job, &pe, pe.text[0] ? pe.text : strerror(err));
    if (pe.line)
        return sub_error(EXIT_FAILS, "%s:%d:%d: %s; a phone refuses the whole profile", job->source,
                         pe.line, pe.col, pe.text);
    return sub_error(EXIT_FAILS, "%s: %s", job->source, pe.text[0] ? pe.text : strerror(err));
}

static int take_profile(const struct job *job, struct taken *t)
{
    char agent[160];
    struct source src;
    int code;

    device_http_ua_print(agent, sizeof(agent), job->model, &job->id);
    if (source_read(&src, job->source, &(struct fetch_req){.user_agent = agent}))
        return sub_error(EXIT_USAGE, "%s: %s", job->source, src.error);
    code = read_file(job, t, &src);
    source_reset(&src);
    return code;
}

static int take_sets(const struct job *job, struct taken *t)
{
    char name[96];

    for (unsigned i = 0; i < job->n_sets; i++) {
        const char *eq = strchr(job->sets[i], '=');
        snprintf(name, sizeof(name), "%.*s", eq ? (int)(eq - job->sets[i]) : 0, job->sets[i]);
        if (!eq || param_set_name(t->params, name, eq + 1, PARAM_FROM_OPTION, NULL))
            return sub_error(EXIT_USAGE, "--set: \"%s\" sets nothing on a %s", job->sets[i],
                             job->model->name);
    }
    return EXIT_HOLDS;
}

static int explain(const struct job *job, const struct taken *t)
{
    const struct rule_question q = {.rule = job->rule,
                                    .as = job->as,
                                    .dhcp = *job->dhcp ? job->dhcp : NULL,
                                    .model = job->model,
                                    .id = &job->id,
                                    .local = job->local,
                                    .cause = (enum prov_cause)job->prvst,
                                    .params = t->params,
                                    .json = job->json};
    return explain_rule(&q);
}

static int answer(const struct job *job)
{
    struct taken t = {.unknown = json_array(), .bad = json_array()};
    struct strpool *pool = NULL;
    int code = EXIT_HOLDS;

    if (strpool_alloc(&pool) || param_set_alloc(&t.params, job->model, pool))
        code = sub_error(EXIT_REFUSED, "out of memory");
    if (!code) {
        param_set_owner(t.params, &job->id);
        code = take_sets(job, &t);
    }
    if (!code && job->source)
        code = take_profile(job, &t);
    if (!code && job->rule)
        code = explain(job, &t);
    else if (!code)
        print_taken(job, &t);
    if (!code && !job->rule && (t.sum.n_bad_values || (job->strict && t.sum.n_unknown)))
        code = EXIT_FAILS;
    mem_deref(t.params);
    mem_deref(pool);
    json_decref(t.unknown);
    json_decref(t.bad);
    return code;
}

static bool read_mac(struct device_identity *id, const char *text)
{
    uint64_t mac;

    return plan_mac_parse(&mac, text) == 0 && plan_mac_get(id->mac, mac, 0) == 0;
}

static const struct farm_option own_options[] = {
    {"model", "M", "SPA504G without it", false},
    {"firmware", "V", "the model's newest without it", false},
    {"mac", "MAC", "for $MA and its like", false},
    {"ip", "ADDR", "for $IP", false},
    {"set", "NAME=VALUE", "a parameter as it stands on the phone", true},
    {"rule", "RULE", "explain a rule", false},
    {"as", "KIND", "profile, upgrade, report or trigger", false},
    {"cause", "CAUSE", "boot, explicit, periodic or retry", false},
    {"server", "HOST", "what DHCP would name in option 66", false},
    {"dhcp-option", "N=VALUE", "what DHCP would say", true},
    {"key", "K", "pass phrase of an encrypted profile", false},
    {"alias", "LETTER", "GPP_A to GPP_P (a to p) that maps elements to parameters", false},
    {"strict", NULL, "names the model does not know are errors", false},
    {"json", NULL, "machine-readable", false},
};

static int take_cause(struct job *job, const char *value)
{
    static const char *const words[] = {"explicit", "boot", "periodic", "retry"};

    for (int i = 0; i < 4; i++) {
        if (strcmp(value, words[i]) == 0) {
            job->prvst = i - 1;
            return EXIT_HOLDS;
        }
    }
    return sub_error(EXIT_USAGE, "--cause: \"%s\" is none of boot, explicit, periodic, retry",
                     value);
}

static int take_kind(struct job *job, const char *value)
{
    static const char *const words[] = {"profile", "upgrade", "report", "trigger"};

    for (int i = 0; i < 4; i++) {
        if (strcmp(value, words[i]) == 0) {
            job->as = words[i];
            return EXIT_HOLDS;
        }
    }
    return sub_error(EXIT_USAGE, "--as: \"%s\" is none of profile, upgrade, report, trigger",
                     value);
}

static int take_identity(struct job *job, const char *name, const char *value)
{
    if (strcmp(name, "mac") == 0 && !read_mac(&job->id, value))
        return sub_error(EXIT_USAGE, "--mac: \"%s\" is no MAC address (12 hexadecimal digits)",
                         value);
    if (strcmp(name, "ip") == 0 && inet_pton(AF_INET, value, &job->local) != 1)
        return sub_error(EXIT_USAGE, "--ip: \"%s\" is no IPv4 address", value);
    if (strcmp(name, "model") == 0 && !(job->model = device_model_find(value)))
        return sub_error(EXIT_USAGE, "--model: there is no model \"%s\" (see spafarm models)",
                         value);
    if (strcmp(name, "firmware") == 0)
        job->id.firmware = value;
    return EXIT_HOLDS;
}

static int take_dhcp(struct job *job, const char *head, const char *value)
{
    const size_t len = strlen(job->dhcp), left = sizeof(job->dhcp) - len;

    if (!*value)
        return sub_error(EXIT_USAGE, "--server: \"\" names no host");
    if ((size_t)snprintf(job->dhcp + len, left, "%s%s%s", len ? "\n" : "", head, value) >= left)
        return sub_error(EXIT_USAGE, "DHCP offers too much");
    return EXIT_HOLDS;
}

static int take_option(const char *name, const char *value, void *arg)
{
    struct job *job = arg;

    if (strcmp(name, "strict") == 0)
        job->strict = true;
    else if (strcmp(name, "json") == 0)
        job->json = true;
    else if (strcmp(name, "rule") == 0)
        job->rule = value;
    else if (strcmp(name, "server") == 0)
        return take_dhcp(job, "66=", value);
    else if (strcmp(name, "dhcp-option") == 0)
        return dhcp_option_valid(value)
                   ? take_dhcp(job, "", value)
                   : sub_error(EXIT_USAGE, "--dhcp-option: \"%s\" is no such N=VALUE", value);
    else if (strcmp(name, "key") == 0)
        job->key = value;
    else if (strcmp(name, "alias") == 0 && (*value < 'a' || *value > 'p' || value[1]))
        return sub_error(EXIT_USAGE, "--alias: \"%s\" is no letter from a to p", value);
    else if (strcmp(name, "alias") == 0)
        job->alias = value;
    else if (strcmp(name, "as") == 0)
        return take_kind(job, value);
    else if (strcmp(name, "cause") == 0)
        return take_cause(job, value);
    else if (strcmp(name, "set") == 0 && job->n_sets == SETS_MAX)
        return sub_error(EXIT_USAGE, "--set: more than %d", SETS_MAX);
    else if (strcmp(name, "set") == 0)
        job->sets[job->n_sets++] = value;
    else
        return take_identity(job, name, value);
    return EXIT_HOLDS;
}

static int read_options(struct job *job, int argc, char **argv)
{
    struct args a = {.argc = argc,
                     .argv = argv,
                     .next = 1,
                     .sub = "profile",
                     .tables = {own_options},
                     .n = {sizeof(own_options) / sizeof(own_options[0])}};

    return args_read_one(&a, &job->source, "one profile", take_option, job);
}

static int run(int argc, char **argv)
{
    struct job job = {.model = device_model_find("SPA504G"),
                      .as = "profile",
                      .id = {.mac = {0x00, 0x0e, 0x08, 0x00, 0x00, 0x01}}};

    const int code = read_options(&job, argc, argv);
    if (code)
        return code;
    if (!job.id.firmware)
        job.id.firmware = device_model_newest(job.model);
    if (!device_version_valid(job.model, job.id.firmware))
        return sub_error(EXIT_USAGE, "--firmware: \"%s\" is no firmware version of a %s",
                         job.id.firmware, job.model->name);
    device_serial(job.serial, job.model, job.id.mac);
    job.id.serial = job.serial;
    if (!job.source && !job.rule)
        return sub_error(EXIT_USAGE, "profile wants a FILE, a URL, - or --rule RULE");
    return answer(&job);
}

const struct sub sub_profile = {
    .name = "profile",
    .args = "[FILE|URL|-] [--rule RULE] [--model M]",
    .help = "what a phone would take from that profile, or how it reads that rule",
    .details =
        "  --model M      SPA504G without it\n"
        "  --firmware V   the model's newest without it\n"
        "  --mac MAC      for $MA and its like; --ip ADDR for $IP\n"
        "  --set N=V      a parameter as it stands on the phone, GPP_A for instance; repeatable\n"
        "  --key K        pass phrase of an encrypted profile\n"
        "  --alias L      the GPP (a to p) that maps elements to parameters\n"
        "  --rule RULE    explain a rule step by step: macros, each comparison and its outcome, "
        "the\n"
        "                 alternative taken, options, request. A FILE is taken before that\n"
        "  --as KIND      the rule is a profile (default), upgrade or report rule, or a trigger\n"
        "  --cause CAUSE  boot (default), explicit, periodic or retry: $PRVST\n"
        "  --server HOST  what DHCP would name in option 66: server of a rule without one\n"
        "  --dhcp-option N=V  what DHCP would say; repeatable, DHCP_Option_To_Use chooses\n"
        "  --strict       names the model does not know are errors\n"
        "  --json         machine-readable\n",
    .run = run,
};
