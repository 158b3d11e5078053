/* SPDX-License-Identifier: BSD-3-Clause */
/* A plan text, a line end, and keys: '0'-'9' '*' '#' are pressed, other bytes let time pass. */
#include <stdlib.h>
#include <string.h>
#include <re.h>

#include "sim/phone/dialplan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void dial(const struct dialplan *plan, const char *keys)
{
    static const struct dialplan_timers t = {10000, 3000, 5000};
    struct dialplan_input in;
    char number[64];
    uint32_t idle_ms = 0;

    dialplan_start(&in, plan, &t);
    for (unsigned n = 0; *keys && n < 200; keys++, n++) {
        if (strchr("0123456789*#", *keys)) {
            dialplan_key(&in, *keys, idle_ms);
            idle_ms = 0;
        } else {
            idle_ms += (uint32_t)(unsigned char)*keys * 100;
            dialplan_idle(&in, idle_ms);
        }
    }
    for (unsigned i = 0; in.timeout_ms != DIALPLAN_NEVER; i++) {
        if (i > 300 || in.result == DIALPLAN_MATCH || in.result == DIALPLAN_REJECT)
            abort(); /* waiting comes to an end */
        if (in.timeout_ms > idle_ms)
            idle_ms = in.timeout_ms;
        dialplan_idle(&in, idle_ms);
    }
    if (in.result != DIALPLAN_MATCH && in.result != DIALPLAN_REJECT)
        abort();
    if (dialplan_number(&in, number, sizeof(number)) == 0 && !number[0])
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codes[] = {"*69", "*017110"};
    const struct dialplan_options o = {codes, 2, size & 1};
    struct dialplan *plan = NULL;
    struct dialplan_target target;
    char number[256];
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    char *keys = strchr(text, '\n');
    if (keys)
        *keys++ = '\0';
    else
        keys = text + strlen(text);
    if (dialplan_alloc(&plan, text, &o, NULL) == 0) {
        dial(plan, keys);
        if (dialplan_apply(plan, keys, number, sizeof(number)) == 0)
            (void)dialplan_target_parse(&target, number);
        mem_deref(plan);
    }
    (void)dialplan_target_parse(&target, keys);
    free(text);
    return 0;
}
