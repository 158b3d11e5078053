/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The provisioning parameters: one row each in params.def,
 *   XX(id, name, type, default, scope, since, spec, families)
 * scope PHONE has one value; LINE one per extension, its element name carries "%" where the number
 * goes ("Register_Expires_%_"); KEY one per line key; UNIT attendant keys ("Unit_%_Key_%"); SLOT
 * one per Wi-Fi or camera profile of the SPA525. families: which models know the name.
 */
#ifndef DEVICES_PARAMS_H
#define DEVICES_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

struct device_model;

enum param_type {
    PARAM_STR,
    PARAM_BOOL,
    PARAM_UINT,
    PARAM_PORT, /* 0 to 65535 (provisioning.md 5.1) */
    PARAM_DECIMAL /* seconds with fraction */,
    PARAM_SECRET
};
enum param_scope {
    PARAM_PHONE,
    PARAM_LINE,
    PARAM_KEY,
    PARAM_UNIT,
    PARAM_SIM, /* Sim_…, simulator only; index 0 */
    PARAM_SLOT,
};

enum {
    PARAM_UNITS = 2,      /* attendant consoles */
    PARAM_UNIT_KEYS = 32, /* keys of each */
    PARAM_SLOTS = 4,
};

enum param_id {
#define XX(id, name, type, def, scope, since, spec, families) P_##id,
#include "devices/params.def"
#undef XX
    PARAM_COUNT
};

struct param_def {
    const char *name;
    const char *def; /* factory default as text */
    enum param_type type;
    enum param_scope scope;
    const char *since; /* first firmware, "" = all */
    const char *spec;  /* reference section */
    uint8_t families;  /* bits 1 << enum device_family that know the name */
};

/** The row of an id. */
const struct param_def *param_def_get(enum param_id id);

/**
 * Resolve an element name for a model: "Register_Expires_2_" gives id and index 2 (from 1; 0 for
 * scope PHONE; UNIT: (unit-1)*32 + key). Case-sensitive (provisioning.md 5.1).
 * Returns false for names the model does not know, lines it does not have included.
 */
bool param_find(const struct device_model *m, const char *name, enum param_id *id, uint16_t *index);

/** Element name of (id, index), e.g. "Register_Expires_2_". Length as snprintf. */
int param_name_print(char *buf, unsigned size, enum param_id id, uint16_t index);

/** Factory default of (id, index) on this model: overrides of the model, per-line increments. */
const char *param_default(const struct device_model *m, enum param_id id, uint16_t index);

/** The same for a firmware, as some defaults have changed with it. */
const char *param_default_of(const struct device_model *m, const char *firmware, enum param_id id,
                             uint16_t index);

#endif
