/* SPDX-License-Identifier: BSD-3-Clause */
/* Lua 5.4 scenarios and farm files (interface.md section 6). Waiting suspends the script only. */
#ifndef SIM_SCRIPT_SCRIPT_H
#define SIM_SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct farm_options;
struct script;

struct script_case { /* result of one test; borrowed */
    const char *file, *name;
    bool ok;
    const char *message; /* "" when ok; may have many lines */
    double seconds;
};

struct script_handlers {
    void (*case_done)(const struct script_case *c, void *arg);
    void (*print)(const char *text, void *arg); /* print() of the script */
    void (*done)(int err, const char *error,
                 void *arg); /* err: 0, EBADMSG (syntax, file:line), ENOENT … */
};

struct script_config {
    struct loop *lp;
    const char *path;                    /* of the script; copied */
    const struct farm_options *defaults; /* of farm.boot; copied */
    bool unsafe;                         /* it may use files and other programs */
    const char *const *args; /* "NAME=VALUE", the script's table `args`; ended by NULL, or NULL */
};

/** Load and start a scenario; handlers run later. Errors: ENOENT, EBADMSG (err has file:line);
 *  ENOMEM. Owner: mem_deref() ends it, its farm and its lab. */
int script_start(struct script **sp, const struct script_config *cfg,
                 const struct script_handlers *h, void *arg, char *err, size_t err_size);

/** An option of a farm file that is none of phones; value NULL = true. ENOENT: nobody's. */
typedef int(script_option_h)(const char *name, const char *value, void *arg);

struct script_farm {           /* what a farm file says */
    struct farm_options *opts; /* malloc()ed, a group of phones each; farm_options_reset() them */
    size_t n;
    script_option_h *h; /* gets the options that are none of phones; NULL = there are no others */
    void *arg;
};

/** Read a farm file, a table or a list of tables of options, into opts and n; they are NULL and 0
 *  where it fails. Errors: ENOENT, EBADMSG …, those of h; err has a sentence. */
int script_farm_file(const char *path, struct script_farm *f, char *err, size_t err_size);

#endif
