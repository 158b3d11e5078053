/* SPDX-License-Identifier: BSD-3-Clause */
/* Is this file a firmware load for this phone, and which version is in it (provisioning.md 3.6)?
 * Pure. The format of loads is not documented: what is checked is ours [DEF]. */
#ifndef SIM_PROV_LOAD_H
#define SIM_PROV_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_model;

enum {
    LOAD_HEAD_BYTES = 4096, /* of the file are looked at */
    LOAD_MIN_BYTES = 4096,  /* it is longer than this */
    LOAD_VERSION_BYTES = 32,
};

struct load_facts { /* borrowed */
    const uint8_t *head;
    size_t head_len, total; /* total: of the whole file */
    const char *path;       /* of the URL: the version is in the name */
    const struct device_model *model;
    const char *running; /* version */
    const char *limit;   /* Downgrade_Rev_Limit, "" = none */
    const char *version; /* Sim_Upgrade_Version, "" = as the name says */
};

/** Version that a load's name carries ("spa50x-30x-7-5-5.bin" → "7.5.5"); false: none it could run.
 */
bool load_name_version(char version[LOAD_VERSION_BYTES], const char *path,
                       const struct device_model *m);

/** 0 and its version; EBADMSG it is no load for this phone, EACCES it is one it must not take; why
 *  has a sentence. */
int load_check(char version[LOAD_VERSION_BYTES], const struct load_facts *f, char *why,
               size_t why_size);

#endif
