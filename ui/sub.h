/* SPDX-License-Identifier: BSD-3-Clause */
/* Subcommands of the program: one file ui/sub_<name>.c each, one row in ui/main.c. */
#ifndef UI_SUB_H
#define UI_SUB_H

#include <stdbool.h>

/* exit codes, interface.md section 2 */
enum {
    EXIT_HOLDS = 0,
    EXIT_FAILS = 1,
    EXIT_USAGE = 2,
    EXIT_REFUSED = 3,
    EXIT_INVALID = 4,
};

struct sub {
    const char *name, *args, *help;  /* args as in the synopsis; help one line */
    const char *details;             /* options, for --help; may be NULL */
    void (*more)(void);              /* prints what --help shows behind the details; may be NULL */
    bool (*topic)(const char *word); /* help on one word of it, if it is one; may be NULL */
    int (*run)(int argc, char **argv); /* argv[0] = subcommand name */
};

extern const struct sub sub_run, sub_show, sub_test, sub_ctl, sub_lab, sub_profile, sub_report,
    sub_render, sub_models;

/** Look a subcommand up; NULL when there is none. */
const struct sub *sub_find(const char *name);

/** Print usage of one subcommand to stdout. */
void sub_help(const struct sub *s);

/** "spafarm: text" to stderr; returns code. */
int sub_error(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** Before a run whose result goes there: EXIT_HOLDS, or EXIT_USAGE with a line on stderr. */
int sub_check_writable(const char *path);

/** Prints the phone options, for `more`. */
void sub_phone_options(void);

/** "90", "90s", "5m", "2h", "1.5s" → seconds; <0 on bad text. */
double sub_duration(const char *text);

#endif
