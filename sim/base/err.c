/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/base/err.h"

#include <stdarg.h>
#include <stdio.h>

int parse_err_set(struct parse_err *pe, int err, int line, int col, const char *fmt, ...)
{
    if (pe) {
        va_list ap;
        pe->line = line;
        pe->col = col;
        va_start(ap, fmt);
        vsnprintf(pe->text, sizeof(pe->text), fmt, ap);
        va_end(ap);
    }
    return err;
}
