/* SPDX-License-Identifier: BSD-3-Clause */
/* Profile rules, macros and DHCP values as an administrator may write them. */
#include <stdlib.h>
#include <string.h>

#include "sim/prov/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *macro_handler(const char *name, void *arg)
{
    (void)arg;
    return strcmp(name, "MA") == 0 ? "000e08000001" : strcmp(name, "A") == 0 ? "a $B c" : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rule_env env = {
        .macro = macro_handler, .default_server = "192.0.2.1", .default_scheme = "http"};
    struct rule_request req;
    struct dhcp_hint hint;
    struct parse_err pe = {.text = ""};
    char *text = malloc(size + 1), *expanded = NULL;

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    if (rule_eval(&req, text, &env, &pe) == 0) {
        if (req.url && !strstr(req.url, "://"))
            abort();
        rule_request_reset(&req);
    } else if (!pe.text[0]) {
        abort();
    }
    if (macro_expand(&expanded, text, macro_handler, NULL) == 0)
        free(expanded);
    (void)dhcp_hint_parse(&hint, text, "/spa$PSN.cfg");
    free(text);
    return 0;
}
