/* SPDX-License-Identifier: BSD-3-Clause */
/* What a farm runs on: loop, lab, the farm itself, its control socket, signals. */
#ifndef UI_HOST_H
#define UI_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct control;
struct farm;
struct farm_options;
struct lab;
struct loop;

struct host { /* zeroed = nothing open */
    struct loop *lp;
    struct lab *lab;
    struct farm *f;
    struct control *control;
    uv_signal_t sigint, sigterm;
    bool has_signals;
};

/** Loop, lab (where with_lab says so) and farm. Tells the user; returns an exit code. */
int host_open(struct host *h, const struct farm_options *blocks, size_t n, bool with_lab);

/** path NULL = the usual place, without which the farm runs all the same. */
int host_open_control(struct host *h, const char *path);

/** The first SIGINT or SIGTERM stops the loop. */
void host_catch_signals(struct host *h);

void host_close(struct host *h);

#endif
