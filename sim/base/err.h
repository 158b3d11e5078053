/* SPDX-License-Identifier: BSD-3-Clause */
/* Errors: functions return 0 or a positive errno; parsers also say where and why. */
#ifndef SIM_BASE_ERR_H
#define SIM_BASE_ERR_H

/* Filled by parsers on EBADMSG or EPROTO; line and col count from 1, 0 = unknown. */
struct parse_err {
    int line;
    int col;
    char text[160]; /* one clause without a full stop */
};

/** Fill pe (may be NULL) and return err. */
int parse_err_set(struct parse_err *pe, int err, int line, int col, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
