/* SPDX-License-Identifier: BSD-3-Clause */
/* Rules with conditions and assignments, triggers, macros and DHCP values as an administrator may
 * write them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/prov/rule.h"
#include "sim/prov/version.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *macro_handler(const char *name, void *arg)
{
    return name[0] == 'A'   ? arg
           : name[0] == 'M' ? "649ef3788e6a"
           : name[0] == 'S' ? "7.4.9c"
                            : NULL;
}

static int assign_handler(const char *name, const char *value, void *arg)
{
    (void)arg;
    if (!*name || !value || strchr(value, '"'))
        abort();
    return *value == 'x' ? EINVAL : 0;
}

static void step_handler(const struct rule_step *step, void *arg)
{
    int order;

    (void)arg;
    if (step->kind == RULE_STEP_COMPARISON && step->why && step->holds)
        abort(); /* what cannot be compared is false */
    if (step->kind == RULE_STEP_COMPARISON && !version_cmp(&order, step->left, step->left) && order)
        abort();
}

static void eval(const char *text, const struct rule_env *env)
{
    struct rule_request req;

    if (!rule_eval(&req, text, env, NULL)) {
        struct rule_url_parts parts;
        if (req.url && !strstr(req.url, "://"))
            abort();
        if (req.url && !req.alternative)
            abort();
        if (req.url)
            (void)rule_url_split(&parts, req.url);
    }
    rule_request_reset(&req);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size), *expanded = NULL;
    struct rule_env env = {.macro = macro_handler,
                           .assign = assign_handler,
                           .step = step_handler,
                           .arg = text,
                           .default_server = "192.0.2.1"};
    struct dhcp_hint hint;
    char chosen[64];
    bool holds;

    if (!macro_expand(&expanded, text, macro_handler, text) && !strchr(text, '$') &&
        strcmp(text, expanded) != 0)
        abort(); /* without a macro nothing changes */
    for (env.kind = RULE_PROFILE; env.kind <= RULE_REPORT; env.kind++)
        eval(text, &env);
    if (rule_test(&holds, text, &env, NULL) && holds)
        abort();
    (void)dhcp_choose(chosen, sizeof(chosen), text, "66,160", NULL);
    (void)dhcp_hint_parse(&hint, text, "/spa$PSN.cfg");
    free(expanded);
    free(text);
    return 0;
}
