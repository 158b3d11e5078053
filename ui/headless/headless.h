/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run shows without a window: progress, event lines, a log, the table at its end. */
#ifndef UI_HEADLESS_HEADLESS_H
#define UI_HEADLESS_HEADLESS_H

#include <stdbool.h>
#include <stdio.h>
#include <jansson.h>

struct farm;
struct progress;
struct events;

/** Progress on stderr: one moving line on a terminal, else a plain line now and then.
 *  mem_deref() wipes the line. Errors: ENOMEM. */
int progress_open(struct progress **pp, struct farm *f);
void progress_last(struct progress *p); /* print the state once more, as a plain line */

/** Every event as a JSON line to path ("-" = stdout). Errors: ENOMEM, those of fopen(). */
int events_open(struct events **ep, struct farm *f, const char *path);

/** Could everything be written so far? */
bool events_written(struct events *e);

/** Failures as they happen in words: to path, or stderr when NULL; with all also each
 *  registration and boot. The same object type. */
int log_open(struct events **ep, struct farm *f, const char *path, bool all);

/** Every SIP message to a capture file (pcapng). Errors: ENOMEM, EALREADY, those of fopen(). */
struct pcapng;
int pcapng_open(struct pcapng **pp, struct farm *f, const char *path);
bool pcapng_written(struct pcapng *p);

/** A CSV line for every second of the run, as it ends. Errors: ENOMEM, EALREADY, those of fopen().
 */
struct series_file;
int series_open(struct series_file **sp, struct farm *f, const char *path);
bool series_written(struct series_file *s);

/** A report as JSON text that people can read, too ("-" = stdout). Errors: ENOMEM, EIO, those of
 *  fopen(). */
int report_dump(FILE *out, const json_t *report);
int report_write(const char *path, const json_t *report);

/** The table of a report. */
void table_print(FILE *out, const json_t *report);

#endif
