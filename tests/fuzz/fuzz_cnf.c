/* SPDX-License-Identifier: BSD-3-Clause */
/* Boot files of the 79x0: all settings or none, each with a name; dial plans compile. */
#include <stdlib.h>
#include <string.h>
#include <re_types.h>
#include <re_mem.h>

#include "devices/model.h"
#include "sim/phone/dialplan.h"
#include "sim/prov/cnf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void item_handler(const struct profile_item *item, void *arg)
{
    ++*(unsigned *)arg;
    if (!*item->name || item->line < 0 || strpbrk(item->name, "\r\n"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct parse_err pe = {.text = ""};
    unsigned n = 0;
    char sync[16];

    const int err = cnf_parse(data, size, device_model_find("7960"), item_handler, &n, &pe);
    if (err && (n || !pe.text[0]))
        abort();
    if (!memchr(data, 0, size)) {
        static const struct dialplan_options none;
        struct dialplan *compiled = NULL;
        char *text = strndup((const char *)data, size), *plan = NULL;
        if (!cnf_dialplan(&plan, text, size, NULL, NULL, NULL) && plan[0] != '(')
            abort();
        if (plan)
            (void)dialplan_alloc(&compiled, plan, &none, NULL);
        mem_deref(compiled);
        free(plan);
        free(text);
    }
    (void)cnf_is(data, size);
    (void)cnf_sync(sync, sizeof(sync), data, size, "8-12", NULL);
    return 0;
}
