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
    const struct farm_options *defaults; /* of farm.boot; copied */
    bool unsafe;
    const char *const *args; /* "NAME=VALUE", the script's table `args`; ended by NULL, or NULL */
};

/** Load and start a scenario; handlers run later. Errors: ENOENT, EBADMSG (err has file:line). */
int script_start(struct script **sp, const struct script_config *cfg, const char *path,
                 const struct script_handlers *h, void *arg, char *err, size_t err_size);

/** An option of a farm file that is none of phones; value NULL = true. ENOENT: nobody's. */
typedef int(script_option_h)(const char *name, const char *value, void *arg);

/** Read a farm file: a table or list of option tables. *opts malloc()ed array of n. h gets the
 * other options; NULL = there are none. Errors: ENOENT, EBADMSG …, those of h. */
int script_farm_file(const char *path, struct farm_options **opts, size_t *n, script_option_h *h,
                     void *arg, char *err, size_t err_size);

#endif
