/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of `run`. */
#ifndef UI_RUN_OPTIONS_H
#define UI_RUN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/farm/farm.h"
#include "sim/farm/options.h"
#include "sim/phone/phone.h"

struct run_options { /* texts are borrowed from argv */
    const char *report, *events, *control, *log, *trace, *series;
    struct farm_pace pace; /* how phones are powered on */
    double for_s;          /* 0 = not given */
    double timeout_s;
    bool has_until, has_timeout, verbose;
    enum phone_cond until;
    bool lab;                    /* the embedded one is needed */
    struct farm_options *blocks; /* one, or those of FARM.lua */
    size_t n_blocks;
};

/** Parse; errors are told to the user. Returns an exit code, EXIT_HOLDS = go on. */
int run_options_parse(struct run_options *r, int argc, char **argv);
void run_options_reset(struct run_options *r);

/** The run's own options, for --help. */
const struct farm_option *run_option_table(size_t *n);

#endif
