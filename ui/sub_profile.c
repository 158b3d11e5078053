/* SPDX-License-Identifier: BSD-3-Clause */
/* `spafarm profile`: what a phone takes from a profile, or how it reads a rule. */
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
#include "sim/dns/dns.h"
#include "sim/loop/loop.h"
#include "sim/net/fetch.h"
#include "sim/prov/params.h"
#include "sim/prov/profile.h"
#include "sim/prov/rule.h"
#include "ui/args.h"
#include "ui/sub.h"

enum { FILE_MAX = 64 << 20 };

struct job {
    const char *source, *rule, *server;
    const struct device_model *model;
    struct device_identity id;
    char serial[16], mac[20];
    bool strict, json;
};

struct taken { /* what came of a profile */
    struct param_set *params;
    struct profile_summary sum;
    json_t *unknown, *bad;
};

struct bytes {
    uint8_t *data;
    size_t len;
    int err;
    char text[256];
    struct loop *lp;
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

static int read_stream(struct bytes *b, FILE *f)
{
    size_t size = 0;

    for (;;) {
        if (b->len + 1 >= size) {
            size = size ? size * 2 : 65536;
            uint8_t *data = size <= FILE_MAX ? realloc(b->data, size) : NULL;
            if (!data)
                return E2BIG;
            b->data = data;
        }
        const size_t n = fread(b->data + b->len, 1, size - b->len - 1, f);
        if (!n)
            return ferror(f) ? EIO : 0;
        b->len += n;
    }
}

static void fetched_handler(int err, const struct fetch_reply *r, void *arg)
{
    struct bytes *b = arg;

    b->err = err;
    if (err) {
        snprintf(b->text, sizeof(b->text), "%s", r->error);
    } else if ((b->data = malloc(r->len + 1))) {
        memcpy(b->data, r->body, r->len);
        b->len = r->len;
    }
    loop_stop(b->lp, 0);
}

static int read_url(struct bytes *b, const struct job *job)
{
    const struct loop_config cfg = {.clock = CLOCK_REAL};
    struct resolver *dns = NULL;
    struct fetcher *fetcher = NULL;
    struct fetch *fetch = NULL;
    char agent[160];

    device_http_ua_print(agent, sizeof(agent), job->model, &job->id);
    const struct fetch_req req = {.url = job->source, .user_agent = agent};
    int err = loop_alloc(&b->lp, &cfg);
    if (!err)
        err = resolver_alloc(&dns, b->lp, NULL);
    if (!err)
        err = fetcher_alloc(&fetcher, b->lp, dns);
    if (!err)
        err = fetch_start(&fetch, fetcher, &req, fetched_handler, b);
    if (!err)
        loop_run(b->lp);
    mem_deref(fetch);
    mem_deref(fetcher);
    mem_deref(dns);
    mem_deref(b->lp);
    return err ? err : b->err;
}

static int read_source(struct bytes *b, const struct job *job)
{
    FILE *f;
    int err;

    if (strstr(job->source, "://")) {
        err = read_url(b, job);
        if (err && !b->text[0])
            snprintf(b->text, sizeof(b->text), "%s", strerror(err));
        return err;
    }
    f = strcmp(job->source, "-") == 0 ? stdin : fopen(job->source, "rb");
    err = f ? read_stream(b, f) : errno;
    if (f && f != stdin)
        fclose(f);
    if (err)
        snprintf(b->text, sizeof(b->text), "%s", strerror(err));
    return err;
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
        json_t *obj =
            json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:O, s:O, s:O}", "model", job->model->name,
                      "items", t->sum.n_items, "known", t->sum.n_known, "kept", t->sum.n_kept,
                      "unknown", t->sum.n_unknown, "bad_values", t->sum.n_bad_values, "values",
                      values, "unknown_names", t->unknown, "refused_values", t->bad);
        json_dumpf(obj, stdout, JSON_INDENT(2));
        printf("\n");
        json_decref(obj);
    } else {
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

static int take_profile(const struct job *job)
{
    struct taken t = {.unknown = json_array(), .bad = json_array()};
    struct bytes b = {.data = NULL};
    struct strpool *pool = NULL;
    struct parse_err pe = {.text = ""};
    int code = EXIT_HOLDS;

    int err = read_source(&b, job);
    if (err) {
        code = sub_error(EXIT_USAGE, "%s: %s", job->source, b.text);
        goto out;
    }
    err = strpool_alloc(&pool);
    if (!err)
        err = param_set_alloc(&t.params, job->model, pool);
    if (!err)
        err = profile_parse(b.data ? b.data : (const uint8_t *)"", b.len, item_handler, &t, &pe);
    if (err && pe.line)
        code = sub_error(EXIT_FAILS, "%s:%d:%d: %s; a phone refuses the whole profile", job->source,
                         pe.line, pe.col, pe.text);
    else if (err)
        code = sub_error(EXIT_FAILS, "%s: %s", job->source, pe.text[0] ? pe.text : strerror(err));
    else
        print_taken(job, &t);
    if (!code && (t.sum.n_bad_values || (job->strict && t.sum.n_unknown)))
        code = EXIT_FAILS;
out:
    mem_deref(t.params);
    mem_deref(pool);
    json_decref(t.unknown);
    json_decref(t.bad);
    free(b.data);
    return code;
}

static const char *macro_handler(const char *name, void *arg)
{
    struct job *job = arg;
    const uint8_t *m = job->id.mac;

    if (strcmp(name, "PN") == 0)
        return job->model->product;
    if (strcmp(name, "PSN") == 0)
        return job->model->psn;
    if (strcmp(name, "SN") == 0)
        return job->serial;
    if (strcmp(name, "SWVER") == 0)
        return job->id.firmware;
    if (strcmp(name, "MA") != 0 && strcmp(name, "MAU") != 0 && strcmp(name, "MAC") != 0)
        return NULL;
    snprintf(job->mac, sizeof(job->mac),
             name[2] == 'U' ? "%02X%02X%02X%02X%02X%02X"
             : name[2]      ? "%02x:%02x:%02x:%02x:%02x:%02x"
                            : "%02x%02x%02x%02x%02x%02x",
             m[0], m[1], m[2], m[3], m[4], m[5]);
    return job->mac;
}

static void rule_text(const char *rule, const char *expanded, const struct rule_request *req)
{
    printf("rule      %s\nexpanded  %s\n", rule, expanded);
    printf("request   %s%s\n",
           !req->url   ? "none: the rule is empty"
           : req->post ? "POST "
                       : "GET ",
           req->url ? req->url : "");
    if (req->uid)
        printf("login     %s\n", req->uid);
    if (req->key)
        printf("key       given\n");
}

static void rule_json(const char *rule, const char *expanded, const struct rule_request *req)
{
    json_t *obj =
        json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:b}", "rule", rule, "expanded", expanded, "method",
                  !req->url   ? NULL
                  : req->post ? "POST"
                              : "GET",
                  "url", req->url, "login", req->uid, "key", req->key != NULL);
    json_dumpf(obj, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(obj);
}

static int explain_rule(struct job *job)
{
    const struct rule_env env = {.macro = macro_handler, .arg = job, .default_server = job->server};
    struct rule_request req;
    struct parse_err pe = {.text = ""};
    char *text = NULL;

    int err = macro_expand(&text, job->rule, macro_handler, job);
    if (err)
        return sub_error(EXIT_FAILS, "the rule is too long");
    err = rule_eval(&req, job->rule, &env, &pe);
    if (err)
        sub_error(EXIT_FAILS, "rule:%d:%d: %s", pe.line, pe.col, pe.text);
    else if (job->json)
        rule_json(job->rule, text, &req);
    else
        rule_text(job->rule, text, &req);
    free(text);
    if (err)
        return EXIT_FAILS;
    rule_request_reset(&req);
    return EXIT_HOLDS;
}

static bool read_mac(struct device_identity *id, const char *text)
{
    unsigned n = 0;

    for (const char *p = text; *p; p++) {
        unsigned byte;
        if (*p == ':' || *p == '-')
            continue;
        if (n == 6 || sscanf(p, "%2x", &byte) != 1 || !p[1])
            return false;
        id->mac[n++] = (uint8_t)byte;
        p++;
    }
    return n == 6;
}

static const struct farm_option own_options[] = {
    {"model", "M", "SPA504G without it", false},
    {"firmware", "V", "the model's newest without it", false},
    {"mac", "MAC", "for $MA and its like", false},
    {"rule", "RULE", "explain a profile rule", false},
    {"server", "HOST", "what DHCP would name", false},
    {"key", "K", "comes later", false},
    {"strict", NULL, "names the model does not know are errors", false},
    {"json", NULL, "machine-readable", false},
};

static int take_option(struct job *job, const char *name, const char *value)
{
    if (strcmp(name, "strict") == 0)
        job->strict = true;
    else if (strcmp(name, "json") == 0)
        job->json = true;
    else if (strcmp(name, "rule") == 0)
        job->rule = value;
    else if (strcmp(name, "server") == 0)
        job->server = value;
    else if (strcmp(name, "firmware") == 0)
        job->id.firmware = value;
    else if (strcmp(name, "key") == 0)
        return sub_error(EXIT_USAGE, "--key %s: encrypted profiles come with a later release",
                         value);
    else if (strcmp(name, "mac") == 0 && !read_mac(&job->id, value))
        return sub_error(EXIT_USAGE, "--mac: \"%s\" is no MAC address (12 hexadecimal digits)",
                         value);
    else if (strcmp(name, "model") == 0 && !(job->model = device_model_find(value)))
        return sub_error(EXIT_USAGE, "--model: there is no model \"%s\" (see spafarm models)",
                         value);
    return EXIT_HOLDS;
}

static int read_options(struct job *job, int argc, char **argv)
{
    struct args a = {.argc = argc, .argv = argv, .next = 1, .sub = "profile"};
    enum args_result what;
    int code = EXIT_HOLDS;

    a.tables[0] = own_options;
    a.n[0] = sizeof(own_options) / sizeof(own_options[0]);
    while (!code && (what = args_next(&a)) != ARGS_END) {
        if (what == ARGS_ERROR)
            code = EXIT_USAGE;
        else if (what == ARGS_OPTION)
            code = take_option(job, a.found->name, a.value);
        else if (job->source)
            code = sub_error(EXIT_USAGE, "\"%s\": one profile is enough", a.value);
        else
            job->source = a.value;
    }
    return code;
}

static int run(int argc, char **argv)
{
    struct job job = {.model = device_model_find("SPA504G"),
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
    if (job.rule)
        return explain_rule(&job);
    if (!job.source)
        return sub_error(EXIT_USAGE, "profile wants a FILE, a URL, - or --rule RULE");
    return take_profile(&job);
}

const struct sub sub_profile = {
    .name = "profile",
    .args = "[FILE|URL|-] [--rule RULE] [--model M]",
    .help = "what a phone would take from that profile, or how it reads that rule",
    .details = "  --model M      SPA504G without it\n"
               "  --firmware V   the model's newest without it\n"
               "  --mac MAC      for $MA and its like\n"
               "  --rule RULE    explain a profile rule: expanded text and request\n"
               "  --server HOST  what DHCP would name as server of a rule without one\n"
               "  --strict       names the model does not know are errors\n"
               "  --json         machine-readable\n",
    .run = run,
};
