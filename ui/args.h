/* SPDX-License-Identifier: BSD-3-Clause */
/* Command-line words one by one: options of some tables, and what is none. */
#ifndef UI_ARGS_H
#define UI_ARGS_H

#include <stddef.h>

#include "sim/farm/options.h"

enum { ARGS_TABLES = 2 };

struct args {
    int argc;
    char **argv;
    int next;                                      /* set to 1: argv[0] is the subcommand */
    const struct farm_option *tables[ARGS_TABLES]; /* name, arg, help; arg "[X]" may be left out */
    size_t n[ARGS_TABLES];
    const char *sub;                 /* for messages */
    const struct farm_option *found; /* last option, NULL = a word */
    const char *value;               /* its value, NULL = none; or the word */
};

enum args_result { ARGS_END, ARGS_OPTION, ARGS_WORD, ARGS_ERROR /* told the user */ };

/** Take the next word. "--name value", "--name=value", "-v" for a one-letter name; all words behind
 *  "--" are no options. */
enum args_result args_next(struct args *a);

/** An option and its value; other than 0 (an exit code, told the user) ends the reading. */
typedef int(args_option_h)(const char *name, const char *value, void *arg);

/** Take all words: options, and one word at the most, which is what the subcommand is about ("one
 *  profile"). *word is set to it when there is one. Returns an exit code. */
int args_read_one(struct args *a, const char **word, const char *what, args_option_h *h, void *arg);

/** Print a table as --help shows it. */
void args_help(const struct farm_option *table, size_t n);

#endif
