/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile rules, macros and DHCP values as an administrator may write them. */
#include <stdlib.h>
#include <string.h>

#include "sim/prov/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *macro_handler(const char *name, void *arg)
{
    return name[0] == 'A' ? arg : name[0] == 'M' ? "649ef3788e6a" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size), *expanded = NULL;
    const struct rule_env env = {
        .macro = macro_handler, .arg = text, .default_server = "192.0.2.1"};
    struct rule_request req;
    struct dhcp_hint hint;

    if (!macro_expand(&expanded, text, macro_handler, text) && !strchr(text, '$') &&
        strcmp(text, expanded) != 0)
        abort(); /* without a macro nothing changes */
    if (!rule_eval(&req, text, &env, NULL) && req.url && !strstr(req.url, "://"))
        abort();
    rule_request_reset(&req);
    (void)dhcp_hint_parse(&hint, text, "/spa$PSN.cfg");
    free(expanded);
    free(text);
    return 0;
}
